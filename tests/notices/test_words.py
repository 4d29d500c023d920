"""What a notice says: in which language, in whose words, to whom; and nothing that a customer, an
order or a setting says becomes anything but words."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import pytest

from server.catalog.ops import PutSetting
from server.mailing.port import NotSent
from server.notices.channels.port import ConsoleChannel, Outgoing
from server.notices.channels.sms import SmsGateway
from server.notices.rules import (
    TO_SOFTWARE,
    WHATS,
    Channel,
    Target,
    after,
    chosen,
    masked,
    money,
    not_before,
)
from server.notices.settings import NoticeRules, Sms
from server.notices.templates import PLACES, as_html, check_template, filled
from server.notices.wishes import SetWishes, Wishes
from server.notices.words import WORDS
from server.store.store import Store
from server.web.languages import LANGUAGES
from tests.floor_site import Handheld, build, system
from tests.floor_work import APPLIED
from tests.notices.post import MAIL, ORIGIN, PHONE, Post, html_of, order_for, text_of
from tests.run_work import HOUR
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        yield opened


def wish(store: Store, customer: str = "C1", **wishes: Any) -> tuple[str, str | None]:
    said = SetWishes(customer=customer, wishes=Wishes(**wishes))
    return Handheld(store, "service", f"d{len(str(wishes))}").say("notices.set_wishes.v1", said)


async def test_every_notice_has_words_in_every_language_and_leaves_nothing_open() -> None:
    facts = dict.fromkeys(PLACES, "X")
    for lang in LANGUAGES:
        assert set(WORDS[lang]) == set(WHATS) - TO_SOFTWARE
        for words in WORDS[lang].values():
            for template in words:
                check_template(template)
                assert "{" not in filled(template, facts)
                assert filled(template, facts)
            assert "X" in filled(words.short, facts)


async def test_a_customer_is_told_in_their_language_by_their_way(store: Store) -> None:
    post = Post(store)
    order_for(store)
    assert wish(store, lang="zh-Hans", channels=["sms"]) == APPLIED
    order_for(store, "R-2")
    assert wish(store, lang="zh-Hant", mail="other@home.example") == APPLIED
    order_for(store, "R-3")
    await post.deliver()
    sent = {str(m["To"]): m for m in post.mail.sent}
    assert set(sent) == {MAIL, "other@home.example"}
    (sms,) = post.sms.sent
    assert (sms.to, sms.lang) == (PHONE, "zh-Hans")
    assert sms.short.startswith("已收到您的订单")
    assert f"{ORIGIN}/t/" in sms.short
    assert "感謝惠顧" in text_of(sent["other@home.example"])
    assert 'lang="zh-Hant"' in html_of(sent["other@home.example"])


async def test_what_a_customer_does_not_want_is_not_sent_and_written_down(store: Store) -> None:
    post = Post(store, on=False)
    order_for(store, "R-0")
    post.set()
    assert wish(store, off=["confirmed"]) == APPLIED
    order_for(store)
    assert wish(store, quiet=True, off=[]) == APPLIED
    order_for(store, "R-2")
    assert [(r["state"], r["why"]) for r in post.rows()] == [("dropped", "unwished")] * 2
    await post.deliver()
    assert not post.mail.sent


async def test_wishes_that_nobody_could_follow_are_refused(store: Store) -> None:
    order_for(store)
    assert wish(store, customer="nobody", quiet=True) == ("refused", "customer_unknown")
    for evil in ("a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "x"):
        assert wish(store, mail=evil) == ("refused", "malformed")
        assert wish(store, manager=evil) == ("refused", "malformed")


async def test_a_vip_gets_personal_words_and_the_manager_a_copy(store: Store) -> None:
    post = Post(store, vip={"manager": "chief@shop.example", "words": {"en": "Dear partner!"}})
    order_for(store, vip=True)
    assert len(post.rows()) == 2
    await post.deliver()
    (told,), (copy,) = post.mails("confirmed"), post.mails("confirmed", "manager")
    assert (told["To"], copy["To"]) == (MAIL, "chief@shop.example")
    assert "Dear partner!" in text_of(told)
    assert text_of(copy).startswith("Copy of what the customer was told:")
    assert text_of(told).strip() in text_of(copy)
    assert wish(store, words="Hello Mia, as ever", manager="anna@shop.example") == APPLIED
    order_for(store, "R-2", vip=True)
    await post.deliver()
    assert "Hello Mia, as ever" in text_of(post.mails("confirmed")[1])
    assert post.mails("confirmed", "manager")[1]["To"] == "anna@shop.example"


async def test_whoever_is_no_vip_gets_neither(store: Store) -> None:
    post = Post(store, vip={"manager": "chief@shop.example", "words": {"en": "Dear partner!"}})
    order_for(store)
    await post.deliver()
    assert [m["To"] for m in post.mail.sent] == [MAIL]
    assert "Dear partner" not in post.text("confirmed")


async def test_a_site_has_words_of_its_own_and_keeps_the_rest(store: Store) -> None:
    own = {"confirmed": {"en": {"subject": "Got it: {number}", "text": "Hi {name}\n{fee}\n{link}"}}}
    post = Post(store, texts=own)
    order_for(store)
    await post.deliver()
    (mail,) = post.mail.sent
    assert mail["Subject"].startswith("Got it: ")
    assert text_of(mail).splitlines()[0] == "Hi Mia Brown"
    assert "{fee}" not in text_of(mail)


EVIL = "<img src=x onerror=alert(1)> {link} {name.__class__} https://evil.example/ \u2028"


async def test_what_a_customer_is_called_stays_words(store: Store) -> None:
    post = Post(store)
    order_for(store, name=EVIL.strip())
    await post.deliver()
    (mail,) = post.mail.sent
    html, text = html_of(mail), text_of(mail)
    assert "<img" not in html
    assert "&lt;img" in html
    assert "{link} {name.__class__}" in text, "what was filled in is not looked at again"
    assert 'href="https://evil' not in html
    assert html.count("<a href=") == 1
    assert mail["To"] == MAIL


async def test_no_name_or_number_becomes_a_header(store: Store) -> None:
    post = Post(store, shop="Corner: Shop")
    own = {"confirmed": {"en": {"subject": "For {name}"}}}
    post.set(texts=own)
    order_for(store, name="Mia\nBcc: thief@evil.example")
    await post.deliver()
    (mail,) = post.mail.sent
    assert mail["Subject"] == "For Mia Bcc: thief@evil.example"
    assert mail["Bcc"] is None


async def test_a_link_in_html_is_ours_or_none() -> None:
    ours = "https://wms.example/t/a?b=1&c=2"
    html = as_html(f"see {ours}\nor https://evil.example/", "en", [ours])
    assert 'href="https://wms.example/t/a?b=1&amp;c=2"' in html
    assert "evil.example/</a>" not in html


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"texts": {"confirmed": {"en": {"text": "Hi {nmae}"}}}}, "{nmae} is no place"),
        ({"texts": {"confirmed": {"en": {"text": "Hi {name.x}"}}}}, "no place"),
        ({"texts": {"confirmed": {"en": {"text": "Hi {name"}}}}, "stands alone"),
        ({"texts": {"confirmed": {"fr": {"text": "Bonjour"}}}}, "Invalid enum value"),
        ({"texts": {"confirmed": {"en": {"subject": "a\nb"}}}}, "matching regex"),
        ({"whats": ["confirmd"]}, "Invalid enum value 'confirmd'"),
        ({"vip": {"manager": "nobody"}}, "no mail address"),
        ({"sms": {"url": "http://sms.example/send"}}, "https://"),
        ({"sms": {"url": "https://u:p@sms.example/send"}}, "DOCKHAND_SMS_TOKEN"),
        ({"sms": {"url": "https://sms.example", "fields": {"to": "{to}"}}}, "{to} and {text}"),
        ({"quiet_from": "9pm"}, "matching regex"),
        ({"day_before": "12:00"}, "unknown field"),
    ],
)
async def test_a_setting_that_cannot_work_is_refused_with_what_to_mend(
    store: Store, value: dict[str, Any], says: str
) -> None:
    verdict = system(store, "catalog.put_setting.v1", PutSetting(key="notices", value=value))
    assert verdict.code == "malformed"
    assert says in str(verdict.data), verdict.data


async def test_a_setting_that_was_spoilt_by_hand_sends_nothing(store: Store) -> None:
    from tests.carrier_work import spoil

    post = Post(store)
    spoil(store, "notices", '{"on": "yes please"}')
    order_for(store)
    assert post.rows() == []


async def test_sms_and_push_wait_for_the_morning(store: Store) -> None:
    post = Post(store, channels=["sms"], quiet_from="21:00", quiet_to="08:00")
    post.at_clock("23:30", days=1)
    order_for(store)
    await post.deliver()
    assert not post.sms.sent
    post.at_clock("08:00", days=1)
    await post.deliver()
    assert len(post.sms.sent) == 1
    post.set(quiet_from="21:00", quiet_to="08:00")
    post.at_clock("23:30")
    order_for(store, "R-2")
    await post.deliver()
    assert len(post.mail.sent) == 1, "a mail wakes nobody"


UTC = ZoneInfo("UTC")
MIDNIGHT = 1_790_640_000_000


@pytest.mark.parametrize(
    ("hour", "quiet", "then"),
    [
        (22, ("21:00", "08:00"), 32),
        (3, ("21:00", "08:00"), 8),
        (8, ("21:00", "08:00"), 8),
        (12, ("21:00", "08:00"), 12),
        (13, ("12:00", "15:00"), 15),
        (3, ("00:00", "00:00"), 3),
    ],
)
def test_quiet_hours(hour: int, quiet: tuple[str, str], then: int) -> None:
    assert MIDNIGHT % (24 * HOUR) == 0
    assert not_before(MIDNIGHT + hour * HOUR, UTC, quiet) == MIDNIGHT + then * HOUR


def test_the_first_way_that_leads_somewhere_is_taken_and_browsers_always() -> None:
    browser = Target("push", "s1", "en")
    both: dict[Channel, str] = {"mail": MAIL, "sms": PHONE}
    assert chosen(["mail", "sms"], both, []) == [Target("mail", MAIL)]
    assert chosen(["mail", "sms"], {"sms": PHONE}, [browser]) == [Target("sms", PHONE), browser]
    assert chosen(["push"], both, [browser]) == [browser]
    assert chosen(["sms"], {"mail": MAIL, "sms": ""}, []) == []
    assert chosen(["edi", "mail"], both | {"edi": ""}, []) == [Target("mail", MAIL)]
    assert chosen(["edi", "mail"], both | {"edi": "ACME"}, []) == [Target("edi", "ACME")]


def test_waits_double_and_end() -> None:
    waits = [after("no_answer", n, 0, again=True, tries=20, wait_s=60).at for n in range(1, 15)]
    assert waits[:4] == [60_000, 120_000, 240_000, 480_000]
    assert waits[-1] == 24 * HOUR
    assert after("no_answer", 20, 0, again=True, tries=20, wait_s=60).state == "failed"
    assert after("refused", 1, 0, again=False, tries=20, wait_s=60).state == "failed"


def test_money_and_masks() -> None:
    assert (money(1250, "GBP"), money(1250, "JPY"), money(5, "EUR")) == (
        "12.50 GBP",
        "1250 JPY",
        "0.05 EUR",
    )
    assert masked("mia@home.example") == "m…@home.example"
    assert masked(PHONE) == "…0991"


@contextmanager
def gateway(
    status: int = 200, answers: threading.Event | None = None
) -> Iterator[tuple[int, list[tuple[dict[str, str], bytes]]]]:
    """An SMS gateway on loopback: its port, and what it was sent. `answers`: not before that."""
    got: list[tuple[dict[str, str], bytes]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            got.append(({k.lower(): v for k, v in self.headers.items()}, self.rfile.read(size)))
            if answers is not None:
                answers.wait(30)
            self.send_response(status)
            if status in (301, 302):
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.server_address[1], got
        server.shutdown()


def sms(to: str = PHONE, short: str = "已发货 & more") -> Outgoing:
    return Outgoing("n-1", "shipped", to, "en", "s", "t", short, "", (), ORIGIN)


def rules(port: int, **more: Any) -> NoticeRules:
    return NoticeRules(sms=Sms(url=f"http://127.0.0.1:{port}/send", **more), timeout_s=2)


def test_a_gateway_gets_number_words_and_a_key_that_stays_the_same() -> None:
    with gateway() as (port, got):
        SmsGateway("the-token").send(sms(), rules(port))
        form = {"number": "{to}", "message": "{text}", "from": "Shop"}
        SmsGateway().send(sms(), rules(port, kind="form", fields=form))
        SmsGateway().send(sms(short="{to} {id}"), rules(port))
    (headers, body), (bare, said), (_, tricky) = got
    assert headers["authorization"] == "Bearer the-token"
    assert headers["idempotency-key"] == "n-1"
    assert json.loads(body) == {"to": "+442079460991", "text": "已发货 & more", "reference": "n-1"}
    assert "authorization" not in bare
    assert parse_qs(said.decode())["message"] == ["已发货 & more"]
    assert json.loads(tricky)["text"] == "{to} {id}"


@pytest.mark.parametrize(
    ("status", "why", "again"),
    [
        (500, "turned_away", True),
        (429, "turned_away", True),
        (401, "signed_out", True),
        (400, "refused", False),
        (302, "refused", False),
    ],
)
def test_what_the_gateway_answers_tells_whether_to_try_again(
    status: int, why: str, again: bool
) -> None:
    with gateway(status) as (port, got), pytest.raises(NotSent) as told:
        SmsGateway("the-token").send(sms(), rules(port))
    assert (told.value.why, told.value.again, len(got)) == (why, again, 1)
    assert "the-token" not in str(told.value)


def test_a_gateway_that_is_not_there_and_numbers_that_are_none() -> None:
    with gateway() as (port, got):
        for evil in ("", "call me", "123", "1" * 16):
            with pytest.raises(NotSent, match="bad_address"):
                SmsGateway().send(sms(evil), rules(port))
        assert got == []
    with pytest.raises(NotSent, match="no_answer"):
        SmsGateway().send(sms(), rules(port))
    with pytest.raises(NotSent, match="not_set_up"):
        SmsGateway().send(sms(), NoticeRules())


def test_the_console_twin_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleChannel("sms").send(sms(), NoticeRules())
    assert capsys.readouterr().out == f"--- sms to {PHONE}: 已发货 & more\n"
