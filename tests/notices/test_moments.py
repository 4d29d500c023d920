"""Each notice at its moment, exactly once, whatever happens twice; on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from server.kernel import events
from server.notices import making, reactions
from server.orders.events import OrderReceived
from server.orders.hold import HoldOrder
from server.orders.ops import CancelOrder
from server.pod.carriers.ops import ChooseCarrier
from server.pod.events import DelayForeseen
from server.pod.ops import Depart
from server.pod.run_planner import by_the_clock
from server.returns.ops import CameLine, ReceiveReturn, StartReturn, WantedLine
from server.store.replay import check_replay
from server.store.store import Store
from tests.carrier_work import bill, packed, set_carriers, told
from tests.floor_site import ANYBODY_CANCELS, Handheld, build, good, order_of, scalar, system, table
from tests.floor_work import APPLIED, evidence, to_the_van
from tests.notices.post import MAIL, ORIGIN, Post, order_for, text_of
from tests.packing_work import put
from tests.run_work import (
    DOORS,
    HOUR,
    MORNING,
    Clock,
    accept,
    hand,
    load_all,
    packed_at,
    planned,
    rules,
    runs,
)
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


@pytest.fixture
def post(store: Store) -> Post:
    return Post(store)


def delivered(store: Store, order_id: str) -> None:
    driver, stop = to_the_van(store, order_id)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED


async def test_an_order_tells_its_customer_once_at_each_step(store: Store, post: Post) -> None:
    made = order_for(store)
    assert post.whats() == ["confirmed"]
    delivered(store, made)
    assert post.whats() == ["confirmed", "shipped", "delivered", "survey"]
    await post.deliver()
    assert len(post.mail.sent) == 3
    (confirmed,) = post.mails("confirmed")
    number = scalar(store, "SELECT number FROM orders")
    parcel = scalar(store, "SELECT number FROM parcel")
    assert confirmed["To"] == MAIL
    assert confirmed["Subject"] == f"We have your order {number}"
    text = post.text("confirmed")
    assert "Hello Mia Brown," in text
    assert "Pieces: 3" in text
    assert f"{ORIGIN}/t/" in text
    assert text.rstrip().endswith("Corner Shop")
    assert "{" not in text
    assert f"Tracking number: {parcel}" in post.text("shipped")
    assert "Carrier:" not in post.text("shipped"), "there is none, so the line is left out"
    assert "handed over" in post.text("delivered")
    await post.deliver()
    assert len(post.mail.sent) == 3
    story = "SELECT COUNT(*) FROM event WHERE kind = 'notices.sent' AND key = :o"
    assert scalar(store, story, o=made) == 3
    post.later(25 * HOUR)
    await post.deliver()
    assert f"{ORIGIN}/s/" in post.text("survey")
    assert {r["state"] for r in post.rows()} == {"sent"}
    assert len({m["Message-ID"] for m in post.mail.sent}) == 4
    assert check_replay(store.url).differences == []


async def test_without_the_setting_nobody_is_told(store: Store, post: Post) -> None:
    post.set(on=False)
    delivered(store, order_for(store))
    assert post.rows() == []
    post.set(whats=["shipped"])
    order_for(store, "R-2")
    assert post.rows() == []


async def test_a_cancelled_order_says_what_it_costs(store: Store, post: Post) -> None:
    desk = Handheld(store, "service")
    early, held = order_for(store), order_for(store, "R-2")
    cancel = CancelOrder(order=early, reason="asked")
    assert desk.say("orders.cancel_order.v1", cancel) == APPLIED
    assert desk.say("orders.cancel_order.v1", cancel) == APPLIED
    hold = HoldOrder(order=held, reason="asked")
    assert desk.say("orders.hold_order.v1", hold) == APPLIED
    good(put(store, "cancelling", {"may": ANYBODY_CANCELS, "fee": {"confirmed": 0}}))
    cancel = CancelOrder(order=held, reason="asked")
    assert desk.say("orders.cancel_order.v1", cancel) == APPLIED
    assert post.whats().count("cancelled") == 2
    await post.deliver()
    fees = sorted("Fee: 0.15 GBP" in text_of(mail) for mail in post.mails("cancelled"))
    assert fees == [False, True], "2 % of 7.50, and none"


async def test_a_return_is_told_when_it_is_issued_and_when_it_is_here(
    store: Store, post: Post
) -> None:
    made = order_for(store)
    delivered(store, made)
    wanted = StartReturn(order=made, reason="damaged", lines=[WantedLine(no=1, qty=2)])
    good(system(store, "returns.start_return.v1", wanted))
    (rma,) = table(store, "SELECT * FROM rma")
    came = ReceiveReturn(rma=rma["id"], lines=[CameLine(no=1, sku="MUG", qty=2)])
    dock = Handheld(store, "picker", "dev-dock")
    assert dock.say("returns.receive_return.v1", came) == APPLIED
    dock.say("returns.receive_return.v1", came)
    assert [w for w in post.whats() if w.startswith("r")] == ["rma_issued", "return_done"]
    await post.deliver()
    assert rma["number"] in post.text("rma_issued")
    assert rma["number"] in post.text("return_done")


async def test_a_proof_that_was_wrong_takes_its_survey_back(store: Store, post: Post) -> None:
    made = order_for(store)
    delivered(store, made)
    from server.orders.events import OrderMoved

    store.run_sync(
        lambda tx: reactions.moved(
            OrderMoved(order=made, before="delivered", after="refused"), _context(tx)
        )
    )
    assert [r["state"] for r in post.rows("survey")] == ["dropped"]


def _context(tx: Any) -> Any:
    from server.kernel.ops import OpContext

    return OpContext(tx=tx, site="main", device="sys:main:test", n=999, at=tx.now)


async def test_a_carriers_parcel_is_told_with_carrier_and_number_and_when_it_is_late(
    store: Store, post: Post
) -> None:
    set_carriers(store)
    order_for(store)
    (shipment,) = packed(store)
    good(
        system(
            store,
            "pod.choose_carrier.v1",
            ChooseCarrier(shipments=[shipment], carrier="swift", service="eco"),
        )
    )
    number = bill(store, shipment)["number"]
    good(told(store, number, "Collected", happened_at=store.clock(), ref="1"))
    assert post.whats() == ["confirmed", "shipped"]
    await post.deliver()
    assert f"Tracking number: {number}" in post.text("shipped")
    assert "Carrier: " in post.text("shipped")
    due = bill(store, shipment)["arrives_by"]
    post.at(due - 30 * HOUR)
    post.at_clock("14:59")
    post.look_ahead()
    assert post.rows("day_before") == []
    post.at_clock("15:01")
    post.look_ahead()
    post.look_ahead()
    assert len(post.rows("day_before")) == 1
    post.at(due + 1)
    post.look_ahead()
    post.look_ahead()
    assert len(post.rows("delayed")) == 1
    await post.deliver()
    assert "later than we promised" in post.text("delayed")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def road(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        rules(opened)
        yield opened


async def test_a_delay_is_told_at_once_and_once_a_day(road: Store, clock: Clock) -> None:
    post = Post(road)
    packed_at(road, {"N1": DOORS["N1"]}, due_at=MORNING - 20 * HOUR)
    assert accept(road, planned(road, "VAN-1")["id"]) == APPLIED
    run = runs(road)[0]["id"]
    load_all(road, run)
    clock.at = MORNING + HOUR
    assert hand(road, "driver").say("pod.depart.v1", Depart(run=run, vehicle="V")) == APPLIED
    assert post.rows("delayed") == []
    clock.at = MORNING + 5 * HOUR
    road.run_sync(by_the_clock)
    road.run_sync(by_the_clock)
    assert len(post.rows("delayed")) == 1
    foreseen = DelayForeseen(order=post.rows()[0]["order_id"], stop="s", eta=clock.at, promised=1)
    road.run_sync(lambda tx: reactions.delayed(foreseen, _context(tx)))
    assert len(post.rows("delayed")) == 1, "it comes and goes, the same day"
    clock.at += 24 * HOUR
    road.run_sync(lambda tx: reactions.delayed(foreseen, _context(tx)))
    assert len(post.rows("delayed")) == 2


async def test_the_day_before_its_van_comes_the_customer_is_told_once(
    road: Store, clock: Clock
) -> None:
    post = Post(road)
    packed_at(road, {"N1": DOORS["N1"]}, due_at=MORNING + 48 * HOUR)
    tomorrow = planned(road, "VAN-1", leaves_at=MORNING + 25 * HOUR)
    assert accept(road, tomorrow["id"]) == APPLIED
    clock.at = MORNING + 8 * HOUR
    post.look_ahead()
    assert post.rows("day_before") == [], "its hour has not struck"
    clock.at = MORNING + 9 * HOUR
    post.look_ahead()
    post.look_ahead()
    (row,) = post.rows("day_before")
    assert '"day":"2026-09-30, ' in row["facts"]
    clock.at = MORNING + 25 * HOUR
    post.look_ahead()
    assert len(post.rows("day_before")) == 1


def test_a_notice_and_its_cause_are_there_together_or_not_at_all(store: Store, post: Post) -> None:
    """The sabotaged twin below shows what this would see."""
    made = order_of("R-9", MUG=3)

    def fails_later(tx: Any) -> None:
        from server.store.submit import submit

        submit(tx, "main", "test", "orders.import_order.v1", made)
        raise RuntimeError("before the commit")

    with pytest.raises(RuntimeError):
        store.run_sync(fails_later)
    assert (scalar(store, "SELECT COUNT(*) FROM orders"), post.rows()) == (0, [])


def test_a_reaction_that_runs_twice_makes_no_second_notice(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = [*events._REACTIONS[OrderReceived], reactions.confirmed]
    monkeypatch.setitem(cast("dict[Any, Any]", events._REACTIONS), OrderReceived, twice)
    order_for(store)
    assert post.whats() == ["confirmed"]


def test_sabotaged_without_its_mark_the_second_notice_is_seen(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = [*events._REACTIONS[OrderReceived], reactions.confirmed]
    monkeypatch.setitem(cast("dict[Any, Any]", events._REACTIONS), OrderReceived, twice)
    put, count = making.put, iter(range(100))

    def careless(ctx: Any, row: Any, target: Any, at: int = 0, **more: Any) -> bool:
        return put(ctx, row, target, at, mark=str(next(count)), **more)

    monkeypatch.setattr(making, "put", careless)
    order_for(store)
    assert post.whats() == ["confirmed", "confirmed"]
