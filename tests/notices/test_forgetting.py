"""A customer who is forgotten: nothing in the outbox names them, and nothing waits for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.notices.edi.partners import Partner
from server.notices.forgetting import ForgetCustomer
from server.notices.ops import ResendNotice, Subscribe
from server.notices.sender import claim, tell
from server.notices.tables import notice, notice_wishes, push_subscription
from server.orders.ops import CancelOrder
from server.store.replay import check_replay
from server.store.store import Store
from tests.exception_work import add_admin
from tests.floor_site import Handheld, build, good, system, table
from tests.floor_work import APPLIED
from tests.notices.post import MAIL, Post, order_for
from tests.notices.test_words import wish
from tests.stores import open_store

pytestmark = pytest.mark.anyio
NAMES = (MAIL, "Mia", "new@home.example", "m.anager@shop.example", "push.example", "ACME")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        add_admin(opened)
        yield opened


def held(store: Store) -> str:
    """All that the tables of notices hold, as text."""

    def look(tx: Any) -> str:
        tables = (notice, notice_wishes, push_subscription)
        return "\n".join(str(r) for t in tables for r in tx.conn.execute(sa.select(t)).all())

    return store.run_sync(look)


def told_of(store: Store) -> str:
    """One notice sent, one that waits, a copy, a browser and wishes; its order."""
    made = order_for(store, vip=True)
    wishes = {"mail": "new@home.example", "manager": "m.anager@shop.example"}
    assert wish(store, channels=["edi", "mail"], edi=Partner(id="ACME"), **wishes) == APPLIED
    browser = Subscribe(
        id="s1",
        order=made,
        endpoint="https://push.example/1",
        p256dh="B" * 87,
        auth="a" * 22,
        lang="en",
    )
    good(system(store, "notices.subscribe.v1", browser))
    order_for(store, "R-2")
    return made


async def test_nothing_of_a_forgotten_customer_is_left_or_sent(store: Store) -> None:
    post = Post(store)
    made = told_of(store)
    await post.deliver()
    desk = Handheld(store, "service")
    gone = CancelOrder(order=made, reason="asked")
    assert desk.say("orders.cancel_order.v1", gone) == APPLIED
    assert [r["state"] for r in post.rows("cancelled")].count("queued") >= 2
    before = held(store)
    assert [name for name in NAMES if name not in before] == []
    forget = ForgetCustomer(customer="C1")
    assert desk.say("notices.forget_customer.v1", forget)[0] == "refused", "not service's to do"
    head = Handheld(store, "admin")
    assert head.say("notices.forget_customer.v1", forget) == APPLIED
    assert head.say("notices.forget_customer.v1", forget) == APPLIED
    after = held(store)
    assert [name for name in NAMES if name in after] == []
    sent = len(post.mail.sent), len(post.push.sent), len(post.edi.sent)
    await post.deliver()
    assert (len(post.mail.sent), len(post.push.sent), len(post.edi.sent)) == sent
    assert {r["why"] for r in post.rows("cancelled")} == {"forgotten"}
    assert check_replay(store.url).differences == []


async def test_what_happens_later_is_not_written_down_for_them(store: Store) -> None:
    post = Post(store)
    order_for(store)
    good(system(store, "notices.forget_customer.v1", ForgetCustomer(customer="C1")))
    count = len(post.rows())
    order_for(store, "R-2")
    assert len(post.rows()) == count
    again = ResendNotice(notice=post.rows()[0]["id"])
    said = Handheld(store, "service").say("notices.resend_notice.v1", again)
    assert said == ("refused", "notice_forgotten")
    assert wish(store, quiet=False) == APPLIED
    order_for(store, "R-3")
    assert len(post.rows()) == count + 1, "they came back"


async def test_one_that_is_on_its_way_leaves_no_trace_of_whom_it_was_for(store: Store) -> None:
    """Taken by the worker before, told of after."""
    post = Post(store)
    order_for(store)
    (row,) = post.rows()
    assert store.run_sync(lambda tx: claim(tx, row["id"], "here"))
    good(system(store, "notices.forget_customer.v1", ForgetCustomer(customer="C1")))
    store.run_sync(lambda tx: tell(tx, row, None, "here"))
    assert [r["state"] for r in post.rows()] == ["dropped"]
    assert table(store, "SELECT * FROM event WHERE kind = 'notices.sent'") == []


async def test_a_customer_that_nobody_knows_cannot_be_forgotten(store: Store) -> None:
    head = Handheld(store, "admin")
    said = head.say("notices.forget_customer.v1", ForgetCustomer(customer="NOBODY"))
    assert said == ("refused", "customer_unknown")
