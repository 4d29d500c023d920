"""Arrivals are told again with whatever is known of the van; a day's delay is told once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.exceptions.ops import SettleCase
from server.pod.ops import Arrive, Depart
from server.pod.run_planner import by_the_clock
from server.store.store import Store
from tests.floor_site import build, scalar, table
from tests.floor_work import APPLIED, evidence, kinds
from tests.run_work import (
    DOORS,
    HOUR,
    MIN,
    MORNING,
    Clock,
    accept,
    hand,
    load_all,
    order_at,
    pack_everything,
    packed_at,
    planned,
    refs,
    rules,
    runs,
    stop_of,
)
from tests.stores import open_store

UP = {ref: DOORS[ref] for ref in ("N1", "N2", "N3")}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        rules(opened, pace_min=30)
        yield opened


def on_the_road(store: Store, clock: Clock, at: int) -> tuple[str, list[str]]:
    """A run that left at `at`; its id and its references in the order of the drive."""
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    run = runs(store)[0]["id"]
    load_all(store, run)
    clock.at = at
    gone = Depart(run=run, vehicle="V")
    assert hand(store, "driver").say("pod.depart.v1", gone) == APPLIED
    return run, refs(store, run)


def etas(store: Store, names: list[str]) -> list[int]:
    return [stop_of(store, ref)["eta"] for ref in names]


def test_a_van_that_leaves_late_comes_late_everywhere(store: Store, clock: Clock) -> None:
    packed_at(store, UP)
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    names = refs(store, runs(store)[0]["id"])
    before = etas(store, names)
    load_all(store, runs(store)[0]["id"])
    clock.at = MORNING + 2 * HOUR
    gone = Depart(run=runs(store)[0]["id"], vehicle="V")
    assert hand(store, "driver").say("pod.depart.v1", gone) == APPLIED
    assert etas(store, names) == [eta + HOUR for eta in before]


def test_an_arrival_that_took_longer_slows_the_rest_of_the_run(store: Store, clock: Clock) -> None:
    packed_at(store, UP)
    _, names = on_the_road(store, clock, MORNING + HOUR)
    planned_eta = etas(store, names)
    late = 2 * (planned_eta[0] - clock.at)
    clock.at += late
    first = stop_of(store, names[0])["id"]
    assert hand(store, "driver").say("pod.arrive.v1", Arrive(stop=first)) == APPLIED
    after = etas(store, names)
    assert after[0] == clock.at
    shift = after[0] - planned_eta[0]
    assert after[2] - planned_eta[2] > shift, "it drives slower than planned, not only later"


def test_nothing_heard_moves_the_next_arrival_with_the_clock(store: Store, clock: Clock) -> None:
    packed_at(store, UP)
    _, names = on_the_road(store, clock, MORNING + HOUR)
    clock.at = etas(store, names)[0] + 20 * MIN
    assert store.run_sync(by_the_clock) == 1
    told = etas(store, names)
    assert told[0] == clock.at
    assert told == sorted(told)
    assert store.run_sync(by_the_clock) == 0, "told once, not every half minute"


def test_a_closed_stop_teaches_where_the_address_is(store: Store, clock: Clock) -> None:
    packed_at(store, UP)
    _, names = on_the_road(store, clock, MORNING + HOUR)
    driver = hand(store, "driver")
    record = evidence(driver, stop_of(store, names[0]), "full")
    assert driver.say("pod.deliver.v1", record) == APPLIED
    known = table(store, "SELECT * FROM known_place")
    assert [(k["lat_e7"], k["lon_e7"]) for k in known] == [(525200080, 134049540)]
    seen = table(store, "SELECT lat_e7, seen_at FROM run")[0]
    assert seen == {"lat_e7": 525200080, "seen_at": clock.at}
    packed_at_again(store, names[0])
    plan = planned(store, "VAN-1")
    again = plan["runs"][0]["stops"][0]
    assert (again["placed_by"], again["lat_e7"]) == ("address", 525200080)


def packed_at_again(store: Store, ref: str) -> None:
    """The same address a second time, now without a position."""
    order_at(store, f"{ref}-b", spot=None, street=f"{ref} Street 1", postcode=ref)
    pack_everything(store)


def test_a_delay_of_more_than_a_day_is_told_once_and_clears_by_itself(
    store: Store, clock: Clock
) -> None:
    packed_at(store, UP, due_at=MORNING - 20 * HOUR)
    _, names = on_the_road(store, clock, MORNING + 90 * MIN)
    assert kinds(store).count("delivery_delayed") == 0
    clock.at = MORNING + 5 * HOUR
    store.run_sync(by_the_clock)
    assert told(store) == {"open": 3}
    store.run_sync(by_the_clock)
    clock.at += 10 * MIN
    store.run_sync(by_the_clock)
    assert told(store) == {"open": 3}, "once"
    store.run_sync(_promise_more)
    clock.at += 10 * MIN
    store.run_sync(by_the_clock)
    assert told(store) == {"settled": 3}
    assert names


def _promise_more(tx: Any) -> None:
    tx.conn.execute(sa.text("UPDATE orders SET due_at = :d"), {"d": MORNING})


def test_what_a_person_has_settled_stays_settled_while_it_is_true(
    store: Store, clock: Clock
) -> None:
    packed_at(store, {"N1": DOORS["N1"]}, due_at=MORNING - 24 * HOUR)
    on_the_road(store, clock, MORNING + HOUR)
    assert told(store) == {"open": 1}
    found = scalar(store, "SELECT id FROM discrepancy WHERE kind = 'delivery_delayed'")
    settled = SettleCase(case=found, expects=0, note="called", cause="process")
    assert hand(store, "supervisor").say("exceptions.settle_case.v1", settled) == APPLIED
    clock.at += HOUR
    store.run_sync(by_the_clock)
    assert told(store) == {"settled": 1}


def told(store: Store) -> dict[str, int]:
    found = table(
        store,
        "SELECT state, count(*) AS n FROM discrepancy WHERE kind = 'delivery_delayed'"
        " GROUP BY state",
    )
    return {r["state"]: r["n"] for r in found}


def test_the_site_learns_its_pace(store: Store, clock: Clock) -> None:
    """Twice as slow today: tomorrow's van starts with more than the plan."""
    packed_at(store, UP)
    _, names = on_the_road(store, clock, MORNING + HOUR)
    driver = hand(store, "driver")
    for ref in names:
        leg = stop_of(store, ref)["leg_s"]
        clock.at += 2 * leg * 1000
        assert driver.say("pod.arrive.v1", Arrive(stop=stop_of(store, ref)["id"])) == APPLIED
        clock.at += 10 * MIN
        record = evidence(driver, stop_of(store, ref), "full")
        assert driver.say("pod.deliver.v1", record)[0] == "applied"
    took = table(store, "SELECT leg_s, drove_s, service_s, served_s FROM stop ORDER BY seq")
    assert took[0]["drove_s"] == 2 * took[0]["leg_s"]
    assert took[0]["served_s"] == 600
    packed_at(store, {"S1": DOORS["S1"]})
    assert accept(store, planned(store, "VAN-2")["id"]) == APPLIED
    second = runs(store)[1]["id"]
    load_all(store, second)
    assert driver.say("pod.depart.v1", Depart(run=second, vehicle="V")) == APPLIED
    learned = table(store, "SELECT drive_pm, serve_pm FROM run WHERE id = :r", r=second)[0]
    assert 1000 < learned["drive_pm"] < 2000
    assert 1000 < learned["serve_pm"] < 2000
