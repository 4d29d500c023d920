"""The survey over HTTP: who may answer, what an answer does, what guessing costs; and the figures
that it makes, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
import pytest

from server.orders import links
from server.survey.rules import SurveyRules, is_bad, open_until
from server.survey.words import WORDS
from server.track import api as track_api
from tests.asked import ORIGIN, Asked, asking
from tests.floor_site import build, order, scalar, table
from tests.floor_work import APPLIED, evidence, kinds, to_the_van
from tests.packing_work import put
from tests.stores import open_store

pytestmark = pytest.mark.anyio
GOOD = {"on_time": "yes", "complete": "yes", "courtesy": "5", "comment": ""}
HOUR = 3_600_000


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def site(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def delivered(site: Asked, ref: str = "R-1") -> str:
    """The path of the survey of an order that has been delivered."""
    made = order(site.store, ref, MUG=3)
    driver, stop = to_the_van(site.store, made, ref)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    return path(site, made)


def path(site: Asked, order_id: str) -> str:
    return links.survey_path_of(links.key_in(site.store.keys.folder), order_id)


async def say(site: Asked, where: str, origin: str = ORIGIN, **said: str) -> httpx.Response:
    form = urlencode(GOOD | said)
    headers = {"origin": origin, "content-type": "application/x-www-form-urlencoded"}
    return await site.http.post(where, content=form, headers=headers)


def answers(site: Asked) -> list[dict[str, Any]]:
    return table(site.store, "SELECT * FROM survey_answer ORDER BY at")


def later(site: Asked, ms: int) -> None:
    now = site.store.clock() + ms
    site.store.clock = lambda: now
    site.store.writer._clock = lambda: now


@pytest.mark.parametrize("lang", list(WORDS))
async def test_the_page_asks_without_script_in_each_language(site: Asked, lang: Any) -> None:
    page = await site.http.get(delivered(site), params={"lang": lang})
    assert page.status_code == 200
    for word in ("title", "on_time", "complete", "courtesy", "send"):
        assert WORDS[lang][word] in page.text
    assert f'<html lang="{lang}">' in page.text
    assert "<script" not in page.text
    assert "set-cookie" not in page.headers
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    for private in ("Mill Lane", "Corner Shop", "LS1"):
        assert private not in page.text


async def test_an_answer_is_kept_thanked_for_and_told_in_the_orders_story(site: Asked) -> None:
    where = delivered(site)
    done = await say(site, where, comment="Thanks <b>Jo</b> & co", lang="en")
    assert (done.status_code, done.headers["location"]) == (303, f"{where}?lang=en")
    page = await site.http.get(where)
    assert WORDS["en"]["thanks"] in page.text
    assert "&lt;b&gt;Jo&lt;/b&gt; &amp; co" in page.text
    assert "<b>Jo" not in page.text
    (row,) = answers(site)
    assert (row["courtesy"], row["driver"], row["carrier"]) == (5, "driver", "")
    assert (bool(row["on_time"]), bool(row["complete"])) == (True, True)
    assert row["comment"] == "Thanks <b>Jo</b> & co"
    assert scalar(site.store, "SELECT COUNT(*) FROM event WHERE kind = 'survey.answered'") == 1
    assert "survey_bad_answer" not in kinds(site.store)


async def test_one_link_has_one_answer_that_may_be_changed_for_a_while(site: Asked) -> None:
    put(site.store, "survey", {"change_h": 2})
    where = delivered(site)
    await say(site, where)
    await say(site, where)
    await say(site, where, courtesy="4")
    assert [row["courtesy"] for row in answers(site)] == [4]
    told = "SELECT COUNT(*) FROM event WHERE kind = 'survey.answered'"
    assert scalar(site.store, told) == 2, "the second press said nothing new"
    later(site, 2 * HOUR + 60_000)
    late = await say(site, where, courtesy="1")
    assert late.status_code == 409
    page = await site.http.get(where)
    assert WORDS["en"]["over"] in page.text
    assert "<form" not in page.text
    assert [row["courtesy"] for row in answers(site)] == [4]


async def test_a_bad_answer_is_put_on_the_desk_once_and_goes_with_second_thoughts(
    site: Asked,
) -> None:
    where = delivered(site)
    await say(site, where, courtesy="1", comment="rude")
    await say(site, where, courtesy="2", comment="rude, still")
    found = table(site.store, "SELECT * FROM discrepancy WHERE kind = 'survey_bad_answer'")
    assert [d["state"] for d in found] == ["open"]
    assert "rude, still" in found[0]["body"]
    await say(site, where, courtesy="5")
    found = table(site.store, "SELECT * FROM discrepancy WHERE kind = 'survey_bad_answer'")
    assert [d["state"] for d in found] == ["settled"]
    await say(site, where, complete="no")
    assert kinds(site.store).count("survey_bad_answer") == 2, "another one, for another reason"


@pytest.mark.parametrize(
    "said",
    [
        *({"courtesy": evil} for evil in ("", "0", "6", "5 ", "-1", "\uff19", "x")),
        *({"on_time": evil} for evil in ("", "true", "YES")),
        {"complete": "maybe"},
    ],
)
async def test_half_an_answer_is_asked_for_again_and_keeps_what_was_written(
    site: Asked, said: dict[str, str]
) -> None:
    again = await say(site, delivered(site), comment="kept", **said)
    if said == {"courtesy": "5 "}:
        assert again.status_code == 303, "what a browser pads is cut"
        return
    assert again.status_code == 409
    assert WORDS["en"]["lacks"] in again.text
    assert "kept" in again.text
    assert answers(site) == []


async def test_what_is_no_form_of_ours_changes_nothing(site: Asked) -> None:
    where = delivered(site)
    assert (await say(site, where, origin="https://evil.example")).status_code == 403
    assert (await say(site, where, comment="x" * 20_000)).status_code == 413
    headers = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    for body in (b"\xff\xfe", b"&" * 1_000, b"", b"on_time=%00"):
        assert (await site.http.post(where, content=body, headers=headers)).status_code == 409
    assert answers(site) == []
    controls = await say(site, where, comment="a\x00b\x1bc\r\nd")
    assert controls.status_code == 303
    assert answers(site)[0]["comment"] == "a b c\nd"


async def test_no_link_leads_to_another_page_or_another_order(site: Asked) -> None:
    first, second = delivered(site), delivered(site, "R-2")
    assert first != second
    track = links.path_of(links.key_in(site.store.keys.folder), answers_of(site, "R-1"))
    for wrong in (f"/s/{track[3:]}", f"/t/{first[3:]}", f"{first}A", first[:-1], "/s/x", "/s/%00"):
        assert (await site.http.get(wrong)).status_code == 404, wrong
    open_order = order(site.store, "R-3", MUG=1)
    gone = await site.http.get(path(site, open_order))
    assert (gone.status_code, gone.text) == (404, (await site.http.get("/s/" + "A" * 80)).text)
    assert (await say(site, path(site, open_order))).status_code == 404


def answers_of(site: Asked, ref: str) -> str:
    return str(scalar(site.store, "SELECT id FROM orders WHERE ref = :r", r=ref))


async def test_guesses_run_out_and_the_right_link_goes_on_working_for_others(site: Asked) -> None:
    for _ in range(track_api.MISSES):
        assert (await site.http.get("/s/" + "B" * 80)).status_code == 404
    assert (await site.http.get("/s/" + "B" * 80)).status_code == 429
    assert (await site.http.get("/t/" + "B" * 80)).status_code == 429, "one budget for both"
    where = delivered(site)
    assert (await site.http.get(where)).status_code == 429
    other = httpx.ASGITransport(site.app, client=("192.0.2.7", 4711))
    async with httpx.AsyncClient(transport=other, base_url=ORIGIN) as elsewhere:
        assert (await elsewhere.get(where)).status_code == 200


async def test_a_link_can_be_pressed_only_so_often(site: Asked) -> None:
    where = delivered(site)
    for at in range(track_api.ANSWERS):
        assert (await say(site, where, comment=f"{at}")).status_code == 303
    often = await say(site, where, comment="once more")
    assert often.status_code == 429
    assert WORDS["en"]["often"] in often.text


async def test_a_survey_ends_some_weeks_after_the_delivery(site: Asked) -> None:
    put(site.store, "survey", {"open_days": 1})
    where = delivered(site)
    later(site, 25 * HOUR)
    assert (await site.http.get(where)).status_code == 404
    assert (await say(site, where)).status_code == 404


async def test_the_tracking_page_leads_to_the_survey_once_delivered(site: Asked) -> None:
    where = delivered(site)
    track = links.path_of(links.key_in(site.store.keys.folder), answers_of(site, "R-1"))
    assert f'href="{where}?lang=en"' in (await site.http.get(track)).text
    other = order(site.store, "R-2", MUG=1)
    track = links.path_of(links.key_in(site.store.keys.folder), other)
    assert "/s/" not in (await site.http.get(track)).text


async def test_the_desk_sees_means_with_counts_by_driver_and_their_words(site: Asked) -> None:
    first, second = delivered(site), delivered(site, "R-2")
    await say(site, first, courtesy="4", comment="kind")
    await say(site, second, courtesy="1", on_time="no", comment="<script>alert(1)</script>")
    told = await site.browser("supervisor").ask("GET", "/api/survey?days=7")
    found = msgspec.json.decode(told.content)
    assert found["all"] == {"n": 2, "on_time": 1, "complete": 2, "courtesy": 5}
    assert [(d["name"], d["n"]) for d in found["drivers"]] == [("Driver", 2)]
    assert found["carriers"] == []
    assert sum(b["n"] for b in found["over_time"]) == 2
    assert not found["by_week"]
    assert {c["comment"] for c in found["comments"]} == {"kind", "<script>alert(1)</script>"}
    weeks = await site.browser("supervisor").ask("GET", "/api/survey?days=365")
    (week,) = msgspec.json.decode(weeks.content)["over_time"]
    assert week["start"] % (7 * 24 * HOUR) == 4 * 24 * HOUR, "a Monday"
    for role in ("picker", "packer", "driver"):
        assert (await site.browser(role).ask("GET", "/api/survey")).status_code == 403
    assert (await site.browser("service").ask("GET", "/api/survey?days=0")).status_code == 400
    other = await site.browser("supervisor", site="other").ask("GET", "/api/survey")
    assert msgspec.json.decode(other.content)["all"]["n"] == 0


async def test_the_notices_of_an_order_are_shown_to_its_own_desks(site: Asked) -> None:
    put(site.store, "notices", {"on": True})
    made = order(site.store, "R-1", MUG=1)
    told = await site.browser("service").ask("GET", f"/api/notices/{made}")
    found = msgspec.json.decode(told.content)
    assert [(n["what"], n["why"]) for n in found["notices"]] == [("confirmed", "no_address")]
    assert (found["on"], found["customer"]) == (True, "C1")
    assert (await site.browser("picker").ask("GET", f"/api/notices/{made}")).status_code == 403
    other = site.browser("service", site="other")
    assert (await other.ask("GET", f"/api/notices/{made}")).status_code == 404


def test_what_is_bad_and_how_long_it_is_open() -> None:
    rules = SurveyRules()
    assert not is_bad(on_time=False, complete=True, courtesy=3, rules=rules)
    assert is_bad(on_time=True, complete=True, courtesy=2, rules=rules)
    assert is_bad(on_time=True, complete=False, courtesy=5, rules=rules)
    strict = SurveyRules(if_late=True, if_incomplete=False, low=0)
    assert is_bad(on_time=False, complete=True, courtesy=5, rules=strict)
    assert not is_bad(on_time=True, complete=False, courtesy=1, rules=strict)
    assert open_until(0, None, SurveyRules(open_days=2)) == 48 * HOUR
    assert open_until(0, 5, SurveyRules(change_h=1)) == HOUR + 5


def test_every_language_says_the_same_things() -> None:
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
