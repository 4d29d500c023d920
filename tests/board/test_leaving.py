"""What is over leaves the board and is found by search; what happens to it later brings it back."""

import asyncio

import pytest
import sqlalchemy as sa

from server.board import leaving
from server.board.search import search
from server.catalog.ops import PutSetting
from server.kernel.feeds import board_scope
from server.orders.ops import CancelOrder
from server.pod.ops import Arrive
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx
from tests.board.conftest import HOUR, Clock, on_board, swept
from tests.floor_site import SITE, Handheld, good, order, scalar, system, table
from tests.floor_work import APPLIED, evidence, to_the_van
from tests.sync.engine.twin import Twin, fresh


def cancelled(store: Store, ref: str) -> str:
    made = order(store, ref, MUG=1)
    gone = CancelOrder(order=made, reason="changed their mind")
    chief = Handheld(store, "supervisor", f"desk-{ref}")
    assert chief.say("orders.cancel_order.v1", gone) == APPLIED
    return made


def delivered(store: Store, ref: str) -> str:
    made = order(store, ref, MUG=1)
    driver, stop = to_the_van(store, made)
    assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    return made


def caught_up(twin: Twin, store: Store) -> Twin:
    async def ask() -> None:
        while await twin.ask(store):
            pass

    asyncio.run(ask())
    return twin


def test_a_closed_order_leaves_after_its_hours_and_an_open_one_stays(
    site: Store, time: Clock
) -> None:
    over, waiting = cancelled(site, "R-1"), order(site, "R-2", MUG=1)
    time.now += 12 * HOUR
    swept(site)
    assert on_board(site, "order").keys() == {over, waiting}
    time.now += 1
    swept(site)
    assert on_board(site, "order").keys() == {waiting}


def test_the_hours_are_a_setting(site: Store, time: Clock) -> None:
    over = cancelled(site, "R-1")
    short = PutSetting(key="board", value={"keep_closed_hours": 1})
    good(system(site, "catalog.put_setting.v1", short))
    time.now += 2 * HOUR
    swept(site)
    assert over not in on_board(site, "order")


def test_a_setting_that_no_board_can_read_is_refused(site: Store) -> None:
    wrong = PutSetting(key="board", value={"keep_closed_hours": "long"})
    assert system(site, "catalog.put_setting.v1", wrong).code == "malformed"


def test_customer_service_still_finds_it(site: Store, time: Clock) -> None:
    over = cancelled(site, "R-1")
    time.now += 13 * HOUR
    swept(site)
    assert over not in on_board(site, "order")
    found = site.run_sync(lambda tx: search(tx.conn, SITE, "R-1", 20, ""))
    assert [o.id for o in found.orders] == [over]


def test_what_a_delivery_leaves_behind_leaves_with_it(site: Store, time: Clock) -> None:
    """Tasks, the run with its stops, the wave: the board is as before the order came."""
    before = {r["kind"] for r in table(site, "SELECT kind FROM feed WHERE scope = 'b:main'")}
    delivered(site, "R-1")
    kinds = ("order", "task", "run", "stop_state", "wave")
    assert all(on_board(site, kind) for kind in kinds)
    time.now += 13 * HOUR
    swept(site)
    site.run_sync(lambda tx: tx.conn.execute(sa.text("UPDATE run SET state = 'closed'")))
    swept(site)
    left = {kind for kind in kinds if on_board(site, kind)}
    assert left - before == set()


def test_a_run_on_the_road_stays_with_its_closed_stops(site: Store, time: Clock) -> None:
    delivered(site, "R-1")
    site.run_sync(lambda tx: tx.conn.execute(sa.text("UPDATE run SET state = 'departed'")))
    time.now += 13 * HOUR
    swept(site)
    assert on_board(site, "run")
    assert on_board(site, "stop_state")


def test_what_happens_to_a_closed_order_brings_it_back_for_as_long(
    site: Store, time: Clock
) -> None:
    over = cancelled(site, "R-1")
    time.now += 13 * HOUR
    swept(site)
    site.run_sync(lambda tx: tx.touch(SITE, "order", over))
    time.now += 11 * HOUR
    swept(site)
    assert over in on_board(site, "order")
    time.now += 2 * HOUR
    swept(site)
    assert over not in on_board(site, "order")


def test_a_board_that_watches_loses_the_row_and_a_new_one_never_sees_it(
    site: Store, time: Clock
) -> None:
    over = cancelled(site, "R-1")
    twin = caught_up(Twin(Handheld(site, "supervisor", "wall")), site)
    key = (board_scope(SITE), "order", over)
    assert key in twin.rows
    time.now += 13 * HOUR
    swept(site)
    assert key not in caught_up(twin, site).rows
    assert key not in caught_up(fresh(twin), site).rows


def test_a_sweep_of_many_goes_in_commits_that_a_page_can_hold(
    site: Store, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "AT_ONCE", 2)
    for n in range(5):
        cancelled(site, f"R-{n}")
    time.now += 13 * HOUR
    before = version(site)
    swept(site)
    assert on_board(site, "order") == {}
    assert version(site) - before >= 3


def version(store: Store) -> int:
    return int(scalar(store, "SELECT ver FROM site_clock WHERE site = :s", s=SITE))


def test_old_tombstones_are_forgotten_and_who_was_away_longer_begins_anew(
    site: Store, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "TOMBSTONES", 1)
    monkeypatch.setattr(leaving, "AT_ONCE", 1)
    twin = caught_up(Twin(Handheld(site, "supervisor", "wall")), site)
    for n in range(4):
        cancelled(site, f"R-{n}")
    away = caught_up(fresh(twin), site)
    time.now += 13 * HOUR
    swept(site)
    assert tombstones(site) == 1
    assert {key for key in caught_up(away, site).rows if key[1] == "order"} == set()
    assert caught_up(away, site).rows == caught_up(fresh(twin), site).rows


def test_forgetting_them_unsaid_would_leave_a_board_with_orders_that_are_gone(
    site: Store, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin of the test above."""
    monkeypatch.setattr(leaving, "TOMBSTONES", 1)
    monkeypatch.setattr(leaving, "_RAISE_FLOOR", sa.text("SELECT :site, :scope, :ver"))
    for n in range(4):
        cancelled(site, f"R-{n}")
    away = caught_up(Twin(Handheld(site, "supervisor", "wall")), site)
    time.now += 13 * HOUR
    swept(site)
    assert {key for key in caught_up(away, site).rows if key[1] == "order"} != set()


def tombstones(store: Store) -> int:
    def count(tx: Tx) -> int:
        dead = sa.select(sa.func.count()).where(
            t.feed.c.scope == board_scope(SITE), t.feed.c.body.is_(None)
        )
        return int(tx.conn.execute(dead).scalar_one())

    return store.run_sync(count)
