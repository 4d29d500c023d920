"""The board's word on the time to come, from the tasks that the site has finished."""

from typing import Any

import pytest
import sqlalchemy as sa

from server.floor.tables import task
from server.store.store import Store
from server.store.tx import Tx
from tests.board.conftest import HOUR, MINUTE, Clock, on_board, swept
from tests.floor_site import SITE, order, release_wave, scalar, table
from tests.floor_work import APPLIED, lines
from tests.picking_work import in_hand, pick


def worked(store: Store, kind: str, minutes: int, lines_done: int) -> None:
    """A task of that kind, just finished."""

    def job(tx: Tx) -> None:
        made: dict[str, Any] = {
            "id": f"{kind}-{minutes}-{tx.now}",
            "site": SITE,
            "kind": kind,
            "state": "done",
            "epoch": 2,
            "title": "",
            "ref": "",
            "zone": "",
            "priority": 40,
            "due_at": 0,
            "expected_s": 0,
            "lines": lines_done,
            "body": '{"metres":0,"s_shape_metres":0,"policy":"","stands":""}',
            "created_at": tx.now,
            "taken_at": tx.now - minutes * MINUTE,
            "done_at": tx.now,
        }
        tx.conn.execute(sa.insert(task).values(**made))

    store.run_sync(job)


def test_before_anything_was_done_too_little_is_known(site: Store) -> None:
    order(site, "R-1", MUG=1, TEE=1)
    swept(site)
    assert on_board(site, "forecast") == {}
    row = on_board(site, "pace")["pick"]
    assert (row["per_min"], row["left"], row["at"]) == (None, 2, None)


def test_an_order_is_finished_by_the_pace_of_picking_and_of_packing(
    site: Store, time: Clock
) -> None:
    worked(site, "pick", 60, 60)
    worked(site, "pack", 60, 120)
    made = order(site, "R-1", MUG=1, TEE=1, LAMP=1)
    swept(site)
    assert on_board(site, "forecast")[made]["at"] == time.now + 3 * MINUTE + 90_000
    pace = on_board(site, "pace")["pick"]
    assert (pace["per_min"], pace["left"], pace["at"]) == (1.0, 3, time.now + 3 * MINUTE)


def test_orders_wait_for_those_before_them(site: Store) -> None:
    worked(site, "pick", 60, 60)
    worked(site, "pack", 60, 600)
    first, second = order(site, "R-1", MUG=1, TEE=1), order(site, "R-2", MUG=1, TEE=1)
    statement = "UPDATE orders SET priority = 90 WHERE id = :o"
    site.run_sync(lambda tx: tx.conn.execute(sa.text(statement), {"o": second}))
    swept(site)
    at = {key: row["at"] for key, row in on_board(site, "forecast").items()}
    assert at[second] < at[first]
    assert at[first] - at[second] == 2 * MINUTE


def test_the_forecast_ends_where_the_order_leaves_the_floor(site: Store) -> None:
    worked(site, "pick", 60, 60)
    worked(site, "pack", 60, 60)
    made = order(site, "R-1", MUG=1)
    swept(site)
    assert made in on_board(site, "forecast")
    statement = "UPDATE orders SET state = 'packed' WHERE id = :o"
    site.run_sync(lambda tx: tx.conn.execute(sa.text(statement), {"o": made}))
    swept(site)
    assert on_board(site, "forecast") == {}


def test_a_wave_says_how_far_it_is_and_when_its_last_line_is_picked(
    site: Store, time: Clock
) -> None:
    worked(site, "pick", 60, 60)
    picker, work, _ = in_hand(site, "R-1", MUG=1, TEE=1)
    swept(site)
    (progress,) = on_board(site, "progress").values()
    assert (progress["lines"], progress["done"]) == (2, 0)
    assert progress["at"] == time.now + 2 * MINUTE
    assert pick(picker, lines(site, work)[0]) == APPLIED
    swept(site)
    (progress,) = on_board(site, "progress").values()
    assert progress["done"] == 1


def test_a_quiet_site_writes_nothing_and_a_line_picked_moves_no_other_order(
    site: Store, time: Clock
) -> None:
    worked(site, "pick", 60, 60)
    worked(site, "pack", 60, 60)
    picker, work, _ = in_hand(site, "R-1", MUG=1, TEE=1)
    other = order(site, "R-2", LAMP=1)
    swept(site)
    swept(site)
    before = rows(site)
    time.now += MINUTE
    swept(site)
    assert rows(site) == before
    assert pick(picker, lines(site, work)[0]) == APPLIED
    swept(site)
    changed = {key for key, ver in rows(site).items() if before.get(key) != ver}
    assert ("forecast", other) not in changed


def rows(store: Store) -> dict[tuple[str, str], int]:
    found = table(store, "SELECT kind, key, ver FROM feed WHERE kind IN ('forecast', 'pace')")
    return {(r["kind"], r["key"]): r["ver"] for r in found}


def test_a_night_and_a_task_that_slept_through_it_do_not_slow_the_site(site: Store) -> None:
    worked(site, "pick", 14 * 60, 120)
    order(site, "R-1", MUG=1)
    swept(site)
    assert on_board(site, "pace")["pick"]["per_min"] == pytest.approx(1.0)


def test_work_of_longer_ago_than_the_history_is_forgotten(site: Store, time: Clock) -> None:
    worked(site, "pick", 60, 60)
    order(site, "R-1", MUG=1)
    time.now += 8 * 24 * HOUR
    swept(site)
    assert on_board(site, "pace")["pick"]["per_min"] is None


def test_an_order_knows_its_wave(site: Store) -> None:
    made = order(site, "R-1", MUG=1)
    assert on_board(site, "order")[made]["wave"] == 0
    release_wave(site)
    number = scalar(site, "SELECT number FROM wave")
    assert on_board(site, "order")[made]["wave"] == number


def test_on_a_weekday_on_which_nobody_ever_works_nothing_is_expected(
    site: Store, time: Clock
) -> None:
    """Three weeks of five days with one hour each, and then the fifth day of the fourth: after
    its hour the next one is three days later."""
    begin = time.now
    for day in range(21 + 5):
        time.now = begin + day * 24 * HOUR
        if day % 7 < 5:
            for kind in ("pick", "pack"):
                worked(site, kind, 30, 30)
    time.now = begin + 25 * 24 * HOUR + HOUR
    made = order(site, "R-1", MUG=1, TEE=1)
    swept(site)
    hour = begin + 28 * 24 * HOUR
    hour -= hour % HOUR
    assert on_board(site, "forecast")[made]["at"] == hour + 4 * MINUTE
