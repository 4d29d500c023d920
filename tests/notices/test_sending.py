"""The worker: tries again, waits longer each time, gives up; twice at most where it was killed; and
nobody who works waits for it."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.mailing.port import NotSent
from server.notices import sender as sending
from server.notices.channels.port import Gone
from server.notices.sender import AT_ONCE, LEASE_MS, claim, tell
from server.notices.tables import notice
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED
from tests.notices.post import MAIL, PHONE, Post, order_for, text_of
from tests.stores import open_store

pytestmark = pytest.mark.anyio
MIN = 60_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


async def test_a_busy_server_is_tried_again_later_and_later(store: Store) -> None:
    post = Post(store, wait_s=60, tries=4)
    post.at(store.clock())
    order_for(store)
    post.mail.faults.extend(["turned_away", "no_answer"])
    for waited, tried in ((0, 1), (1, 2), (2, 3)):
        post.later(waited * MIN - 1 if waited else 0)
        assert await post.sender.send_due() == (0 if waited else 1)
        if waited:
            post.later(1)
            assert await post.sender.send_due() == 1
        assert post.rows()[0]["tried"] == tried
    assert [r["state"] for r in post.rows()] == ["sent"]
    assert len(post.mail.sent) == 1


async def test_after_so_many_tries_it_is_given_up_and_told(store: Store) -> None:
    post = Post(store, wait_s=1, tries=2)
    made = order_for(store)
    post.mail.faults.extend(["no_answer"] * 5)
    for _ in range(4):
        await post.deliver()
        post.later(10 * MIN)
    (row,) = post.rows()
    assert (row["state"], row["tried"], row["why"]) == ("failed", 2, "no_answer")
    told = "SELECT body FROM event WHERE kind = 'notices.not_sent' AND key = :o"
    (event,) = table(store, told, o=made)
    assert '"to":"m…@home.example"' in event["body"]
    assert MAIL not in event["body"]


async def test_what_nobody_can_mend_is_not_tried_again(store: Store) -> None:
    post = Post(store)
    order_for(store)
    post.mail.faults.append("refused")
    await post.deliver()
    assert [(r["state"], r["tried"]) for r in post.rows()] == [("failed", 1)]


async def killed_before_telling(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail is out; the node dies before it writes that down."""

    def dies(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(sending, "tell", dies)
        await post.sender.send_due()
    assert len(post.mail.sent) == 1


async def test_killed_between_sending_and_telling_it_goes_once_more_under_the_same_id(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(store)
    post.at(store.clock())
    order_for(store)
    await killed_before_telling(post, monkeypatch)
    other = post.another("there")
    assert await other.send_due() == 0, "it is the dead node's for a while"
    post.later(LEASE_MS + 1)
    assert await other.send_due() == 1
    post.later(LEASE_MS + 1)
    assert await other.send_due() == 0
    first, second = post.mail.sent
    assert first["Message-ID"] == second["Message-ID"]
    assert [r["state"] for r in post.rows()] == ["sent"]
    assert scalar(store, "SELECT COUNT(*) FROM event WHERE kind = 'notices.sent'") == 1


async def test_two_nodes_send_one_notice_once(store: Store) -> None:
    post = Post(store)
    for at in range(6):
        order_for(store, f"R-{at}")
    await asyncio.gather(post.sender.send_due(), post.another("there").send_due())
    assert len(post.mail.sent) == 6


async def test_what_a_dead_node_was_at_keeps_nobody_from_the_queue(store: Store) -> None:
    post = Post(store)
    for at in range(AT_ONCE + 1):
        order_for(store, f"R-{at}")
    for row in sorted(post.rows(), key=lambda r: (r["next_at"], r["id"]))[:AT_ONCE]:
        assert store.run_sync(lambda tx, key=row["id"]: claim(tx, key, "dead"))  # type: ignore[misc]
    assert await post.sender.send_due() == 1
    assert len(post.mail.sent) == 1


async def test_sabotaged_without_a_lease_two_nodes_send_it_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(store)
    order_for(store)
    monkeypatch.setattr(sending, "claim", lambda *_: True)
    await asyncio.gather(post.sender.send_due(), post.another("there").send_due())
    assert len(post.mail.sent) == 2


async def test_told_twice_it_is_written_down_once(store: Store) -> None:
    post = Post(store)
    order_for(store)
    await post.deliver()
    (row,) = post.rows()
    store.run_sync(lambda tx: tell(tx, row, NotSent("refused"), "here"))
    assert [r["state"] for r in post.rows()] == ["sent"]
    assert not store.run_sync(lambda tx: claim(tx, row["id"], "here"))


async def test_a_server_that_hangs_holds_up_nobody_who_works(store: Store) -> None:
    post = Post(store)
    order_for(store)
    took = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Hangs:
        def send(self, *_: Any) -> None:
            loop.call_soon_threadsafe(took.set)
            time.sleep(1.5)

    post.channels["mail"] = Hangs()
    sends = asyncio.create_task(post.sender.send_due())
    await took.wait()
    before = time.monotonic()
    await asyncio.to_thread(order, store, "R-2", MUG=1)
    assert time.monotonic() - before < 1.0
    assert not sends.done()
    await sends
    assert [r["state"] for r in post.rows()] == ["sent", "failed"] or len(post.rows()) == 2


async def test_a_browser_that_is_gone_is_forgotten(store: Store) -> None:
    from server.notices.ops import Subscribe

    post = Post(store, channels=[])
    made = order_for(store)
    browser = Subscribe(
        id="s1",
        order=made,
        endpoint="https://push.example/1",
        p256dh="B" * 87,
        auth="a" * 22,
        lang="zh-Hant",
    )
    good(system(store, "notices.subscribe.v1", browser))
    from server.orders.ops import CancelOrder

    Handheld(store, "service").say("orders.cancel_order.v1", CancelOrder(order=made, reason="x"))
    post.push.faults.append(Gone())
    await post.deliver()
    (row,) = post.rows("cancelled")
    assert (row["state"], row["lang"]) == ("failed", "zh-Hant")
    assert table(store, "SELECT * FROM push_subscription") == []


async def test_service_sends_a_notice_again_to_where_the_customer_is_now(store: Store) -> None:
    from server.notices.ops import ResendNotice
    from server.notices.wishes import SetWishes, Wishes

    post = Post(store)
    made = order_for(store)
    desk, picker = Handheld(store, "service"), Handheld(store, "picker")
    (row,) = post.rows()
    again = ResendNotice(notice=row["id"])
    assert picker.say("notices.resend_notice.v1", again)[0] == "refused"
    assert desk.say("notices.resend_notice.v1", again) == ("refused", "notice_still_queued")
    await post.deliver()
    moved = SetWishes(customer="C1", wishes=Wishes(mail="new@home.example"))
    assert desk.say("notices.set_wishes.v1", moved) == APPLIED
    assert desk.say("notices.resend_notice.v1", again) == APPLIED
    await post.deliver()
    assert [m["To"] for m in post.mail.sent] == [MAIL, "new@home.example"]
    first, second = post.mail.sent
    assert text_of(first) == text_of(second)
    told = "SELECT kind FROM event WHERE key = :o AND kind LIKE 'notices.%' ORDER BY ver, seq"
    assert [r["kind"].partition(".")[2] for r in table(store, told, o=made)] == [
        "sent",
        "asked_again",
        "sent",
    ]
    post.set(on=False)
    assert desk.say("notices.resend_notice.v1", again) == ("refused", "notices_off")
    nobody = ResendNotice(notice="no-such")
    assert desk.say("notices.resend_notice.v1", nobody) == ("refused", "not_found")


async def test_without_an_address_it_is_written_down_why(store: Store) -> None:
    post = Post(store)
    order_for(store, email="", phone="")
    order_for(store, "R-2", email="no mail address", phone=PHONE)
    assert sorted((r["channel"], r["why"]) for r in post.rows()) == [
        ("none", "no_address"),
        ("sms", ""),
    ]
    await post.deliver()
    assert [out.to for out in post.sms.sent] == [PHONE]
    assert notice.name == "notice"
