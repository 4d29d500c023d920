"""A plan of runs from the asking to the van: proposed, accepted, worked out again, taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.orders.address import ChangeAddress
from server.orders.hold import HoldOrder
from server.orders.ops import CancelOrder
from server.orders.validation import ShipTo
from server.pod.moving_stops import MoveStop
from server.pod.offers import Offer
from server.pod.ops import Arrive, Depart
from server.pod.run_planner import by_the_clock, claim, plan_waiting, snapshot, work
from server.pod.run_plans import DropRunPlan, PlanRuns, PutRunPlan, ReplanRuns, UndoRunPlan
from server.store.replay import check_replay
from server.store.store import Store
from tests.carrier_work import spoil
from tests.floor_site import build, good, scalar, system, table
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
    newest_plan,
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

UP = ["N1", "N2", "N3"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        rules(opened)
        yield opened


def up(store: Store, **more: Any) -> dict[str, Any]:
    """Three doors up the road on one accepted run; its row."""
    packed_at(store, {ref: DOORS[ref] for ref in UP}, **more)
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    return runs(store)[0]


def replanned(store: Store, run: str, **more: Any) -> dict[str, Any]:
    good(system(store, "pod.replan_runs.v1", ReplanRuns(runs=[run], **more)))
    plan_waiting(store)
    return newest_plan(store)


def test_packed_orders_are_proposed_and_become_runs_when_accepted(store: Store) -> None:
    packed_at(store, DOORS)
    rules(store, vehicles=[{"name": n, "starts": "07:00", "parcels": 3} for n in ("A", "B")])
    plan = planned(store, "A", "B")
    assert plan["state"] == "proposed"
    assert runs(store) == [], "nothing happens before the supervisor says so"
    assert accept(store, plan["id"]) == APPLIED
    lists = sorted(refs(store, r["id"]) for r in runs(store))
    assert [sorted(names) for names in lists] == [UP, ["S1", "S2", "S3"]]
    assert [r["leaves_at"] for r in runs(store)] == [MORNING + HOUR] * 2
    times = table(store, "SELECT eta FROM stop ORDER BY run, seq")
    assert all(t["eta"] > MORNING + HOUR for t in times)
    assert {r["lines"] for r in table(store, "SELECT lines FROM task WHERE kind = 'drive'")} == {3}


def test_a_plan_that_would_drive_to_a_former_address_is_made_anew(store: Store) -> None:
    packed_at(store, {"N1": DOORS["N1"], "N2": DOORS["N2"]})
    plan = planned(store, "VAN-1")
    kept = scalar(store, "SELECT ship_to FROM orders WHERE ref = 'N1'")
    seen = msgspec.json.decode(kept, type=ShipTo)
    lat, lon = DOORS["S3"]
    to = msgspec.structs.replace(seen, street="S3 Street", lat=str(lat), lon=str(lon))
    order_id = str(scalar(store, "SELECT id FROM orders WHERE ref = 'N1'"))
    moved = ChangeAddress(order=order_id, seen=seen, ship_to=to, reason="Moved")
    assert hand(store, "service").say("orders.change_address.v1", moved) == APPLIED
    assert accept(store, plan["id"]) == ("refused", "run_plan_not_proposed")
    plan_waiting(store)
    assert accept(store, newest_plan(store)["id"]) == APPLIED
    spots = table(store, "SELECT lat_e7 FROM stop WHERE order_id = :o", o=order_id)
    assert spots == [{"lat_e7": round(lat * 1e7)}]


def test_who_does_not_fit_is_left_out_and_told_why(store: Store) -> None:
    packed_at(store, {"N1": DOORS["N1"]}, deliver_to=MORNING + HOUR + MIN)
    packed_at(store, {"N2": DOORS["N2"], "N3": DOORS["N3"]})
    rules(store, vehicles=[{"name": "A", "starts": "07:00", "parcels": 1}])
    plan = planned(store, "A")
    shown = {one["order_number"]: one["why"] for one in plan["left_out"]}
    served = [stop["order_number"] for run in plan["runs"] for stop in run["stops"]]
    assert len(served) == 1
    assert sorted(shown.values()) == ["full", "window"]
    assert accept(store, plan["id"]) == APPLIED
    assert sorted(r["state"] for r in table(store, "SELECT state FROM shipment")) == [
        "on_run",
        "packed",
        "packed",
    ]


@pytest.mark.parametrize("spoil", ["late", "twice", "heavy"])
def test_a_plan_that_cannot_be_driven_is_shown_to_nobody(store: Store, spoil: str) -> None:
    packed_at(store, {ref: DOORS[ref] for ref in UP})
    good(system(store, "pod.plan_runs.v1", PlanRuns(vehicles=["VAN-1"])))
    plan = store.run_sync(lambda tx: claim(tx, "here"))
    assert plan is not None
    made = work(store.run_sync(lambda tx: snapshot(tx.conn, plan, tx.now)))
    good(system(store, "pod.put_run_plan.v1", PutRunPlan(plan=plan, offer=spoilt(made, spoil))))
    shown = newest_plan(store)
    assert (shown["state"], shown["runs"]) == ("failed", [])
    assert accept(store, plan) == ("refused", "run_plan_not_proposed")


@pytest.mark.parametrize("spoil", ["late", "twice", "heavy"])
def test_without_the_checker_it_would_be_shown(
    store: Store, spoil: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the test above holds by the checker alone."""
    monkeypatch.setattr(Offer, "faults", ())
    with pytest.raises(AssertionError):
        test_a_plan_that_cannot_be_driven_is_shown_to_nobody(store, spoil)


def spoilt(made: Offer, how: str) -> Offer:
    replace = msgspec.structs.replace
    journey = made.journeys[0]
    if how == "late":
        visits = [replace(v, closes=made.vans[0].leaves) for v in made.visits]
        return replace(made, visits=visits)
    if how == "heavy":
        return replace(made, vans=[replace(van, weight_g=1) for van in made.vans])
    calls = (*journey.calls[:2], journey.calls[1])
    return replace(made, journeys=[replace(journey, calls=calls)])


def test_an_order_on_hold_is_put_on_no_van(store: Store) -> None:
    packed_at(store, {ref: DOORS[ref] for ref in UP})
    held = scalar(store, "SELECT id FROM orders WHERE ref = 'N2'")
    hold = HoldOrder(order=held, reason="credit")
    assert hand(store, "supervisor").say("orders.hold_order.v1", hold) == APPLIED
    plan = planned(store, "VAN-1")
    assert [len(run["stops"]) for run in plan["runs"]] == [2]
    assert held not in {stop["order"] for run in plan["runs"] for stop in run["stops"]}


def test_asking_says_what_is_wrong(store: Store) -> None:
    chief = hand(store, "supervisor")
    nothing = chief.say("pod.plan_runs.v1", PlanRuns(vehicles=["VAN-1"]))
    assert nothing == ("refused", "nothing_to_ship")
    strange = chief.say("pod.plan_runs.v1", PlanRuns(vehicles=["LORRY"]))
    assert strange == ("refused", "vehicle_unknown")
    spoil(store, "runs", '{"timezone": "Nowhere/At-All"}')
    unreadable = chief.say("pod.plan_runs.v1", PlanRuns(vehicles=["VAN-1"]))
    assert unreadable == ("refused", "setting_unreadable")
    driver = hand(store, "driver")
    assert driver.say("pod.plan_runs.v1", PlanRuns(vehicles=["VAN-1"]))[0] != "applied"


def test_a_stop_more_is_put_between_and_nobody_else_is_moved(store: Store) -> None:
    run = up(store)
    before = refs(store, run["id"])
    order_at(store, "M", spot=(52.53, 13.40))
    pack_everything(store)
    plan = replanned(store, run["id"], add=True)
    assert (plan["state"], plan["moved"]) == ("proposed", 0)
    assert accept(store, plan["id"]) == APPLIED
    after = refs(store, run["id"])
    assert [ref for ref in after if ref != "M"] == before
    assert after.index("M") in (1, 2) or after.index("M") == before.index("N1") + 1


def test_a_plan_is_stale_once_goods_were_loaded_or_it_waited_too_long(
    store: Store, clock: Clock
) -> None:
    run = up(store)
    plan = replanned(store, run["id"])
    load_all(store, run["id"])
    assert accept(store, plan["id"]) == ("refused", "run_plan_stale")
    clock.at += 20 * HOUR
    assert store.run_sync(by_the_clock) >= 1
    assert newest_plan(store)["state"] == "planning"


def test_nothing_can_be_planned_twice_at_once(store: Store) -> None:
    run = up(store)
    again = ReplanRuns(runs=[run["id"]])
    chief = hand(store, "supervisor")
    assert chief.say("pod.replan_runs.v1", again) == APPLIED
    assert chief.say("pod.replan_runs.v1", again) == ("refused", "run_being_planned")
    plan_waiting(store)
    dropped = DropRunPlan(plan=newest_plan(store)["id"])
    assert chief.say("pod.drop_run_plan.v1", dropped) == APPLIED
    assert chief.say("pod.replan_runs.v1", again) == APPLIED


def test_an_accepted_plan_is_taken_back(store: Store) -> None:
    run = up(store)
    before = refs(store, run["id"])
    order_at(store, "S", spot=DOORS["S1"])
    pack_everything(store)
    plan = replanned(store, run["id"], add=True)
    assert accept(store, plan["id"]) == APPLIED
    assert len(refs(store, run["id"])) == 4
    undo = UndoRunPlan(plan=plan["id"])
    assert hand(store, "supervisor").say("pod.undo_run_plan.v1", undo) == APPLIED
    assert refs(store, run["id"]) == before
    assert scalar(store, "SELECT count(*) FROM shipment WHERE state = 'packed'") == 1
    assert hand(store, "supervisor").say("pod.undo_run_plan.v1", undo)[0] == "refused"


def test_new_runs_that_are_taken_back_are_over_and_their_orders_wait(store: Store) -> None:
    run = up(store)
    undo = UndoRunPlan(plan=newest_plan(store)["id"])
    assert hand(store, "supervisor").say("pod.undo_run_plan.v1", undo) == APPLIED
    assert scalar(store, "SELECT state FROM run WHERE id = :r", r=run["id"]) == "closed"
    assert scalar(store, "SELECT state FROM task WHERE kind = 'drive'") == "cancelled"
    assert scalar(store, "SELECT count(*) FROM shipment WHERE state = 'packed'") == 3
    assert scalar(store, "SELECT count(*) FROM stop") == 0


def test_a_stop_is_moved_by_hand_and_back(store: Store) -> None:
    run = up(store)
    first, *_, last = refs(store, run["id"])
    chief = hand(store, "supervisor")
    move = MoveStop(
        stop=stop_of(store, last)["id"], run=run["id"], before=stop_of(store, first)["id"]
    )
    assert chief.say("pod.move_stop.v1", move) == APPLIED
    assert refs(store, run["id"])[:2] == [last, first]
    legs = table(store, "SELECT leg_m, eta FROM stop ORDER BY seq")
    assert legs[0]["leg_m"] > 0
    assert [leg["eta"] for leg in legs] == sorted(leg["eta"] for leg in legs)
    undo = UndoRunPlan(plan=newest_plan(store)["id"])
    assert chief.say("pod.undo_run_plan.v1", undo) == APPLIED
    assert refs(store, run["id"]) == [first, *refs(store, run["id"])[1:-1], last]


def test_a_stop_goes_to_another_van_only_while_it_is_not_loaded(store: Store) -> None:
    first = up(store)
    packed_at(store, {"S1": DOORS["S1"]})
    assert accept(store, planned(store, "VAN-2")["id"]) == APPLIED
    second = runs(store)[1]
    chief = hand(store, "supervisor")
    over = MoveStop(stop=stop_of(store, "N1")["id"], run=second["id"])
    assert chief.say("pod.move_stop.v1", over) == APPLIED
    assert refs(store, second["id"]) == ["S1", "N1"]
    load_all(store, first["id"])
    loaded = MoveStop(stop=stop_of(store, "N2")["id"], run=second["id"])
    assert chief.say("pod.move_stop.v1", loaded) == ("refused", "stop_is_loaded")


def test_a_hand_may_not_break_a_window(store: Store) -> None:
    packed_at(store, {"N1": DOORS["N1"]}, deliver_to=MORNING + HOUR + 10 * MIN)
    packed_at(store, {"N2": DOORS["N2"], "N3": DOORS["N3"]})
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    run = runs(store)[0]
    assert refs(store, run["id"])[0] == "N1"
    late = MoveStop(stop=stop_of(store, "N1")["id"], run=run["id"])
    said = hand(store, "supervisor").say("pod.move_stop.v1", late)
    assert said == ("refused", "move_breaks_plan")
    assert refs(store, run["id"])[0] == "N1"


def test_a_cancelled_order_is_off_the_list_while_it_is_at_the_dock(store: Store) -> None:
    run = up(store)
    order = stop_of(store, "N2")["order_id"]
    cancelled = CancelOrder(order=order, reason="changed mind")
    assert hand(store, "supervisor").say("orders.cancel_order.v1", cancelled) == APPLIED
    assert sorted(refs(store, run["id"])) == ["N1", "N3"]


def test_a_driver_who_is_late_has_the_rest_planned_again(store: Store, clock: Clock) -> None:
    """The window of the last door cannot be met in today's order any more: it goes first."""
    packed_at(store, {"N1": DOORS["N1"], "N2": DOORS["N2"]})
    packed_at(store, {"S1": DOORS["S1"]}, deliver_to=MORNING + 3 * HOUR)
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    run = runs(store)[0]
    chief = hand(store, "supervisor")
    if refs(store, run["id"])[-1] != "S1":
        move = MoveStop(stop=stop_of(store, "S1")["id"], run=run["id"])
        assert chief.say("pod.move_stop.v1", move) == APPLIED
    load_all(store, run["id"])
    clock.at = MORNING + 2 * HOUR + 35 * MIN
    driver = hand(store, "driver")
    assert driver.say("pod.depart.v1", Depart(run=run["id"], vehicle="V")) == APPLIED
    plan_waiting(store)
    plan = newest_plan(store)
    assert (plan["state"], plan["why"]) == ("proposed", "late")
    assert accept(store, plan["id"]) == APPLIED
    assert refs(store, run["id"])[0] == "S1"


def test_goods_aboard_that_no_plan_can_bring_in_time_ride_last_and_are_told(
    store: Store, clock: Clock
) -> None:
    packed_at(store, {"N1": DOORS["N1"], "N2": DOORS["N2"]})
    packed_at(store, {"S1": DOORS["S1"]}, deliver_to=MORNING + 2 * HOUR)
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    run = runs(store)[0]
    load_all(store, run["id"])
    clock.at = MORNING + 3 * HOUR
    hand(store, "driver").say("pod.depart.v1", Depart(run=run["id"], vehicle="V"))
    plan_waiting(store)
    plan = newest_plan(store)
    assert [one["why"] for one in plan["left_out"]] == ["window"]
    assert accept(store, plan["id"]) == APPLIED
    assert refs(store, run["id"])[-1] == "S1"
    assert stop_of(store, "S1")["eta"] is None
    assert kinds(store).count("stop_left_out") == 1


def test_a_refused_stop_changes_the_rest_only_for_a_saving(store: Store) -> None:
    """Worked out by itself; what would move nobody is shown to nobody."""
    run = up(store)
    load_all(store, run["id"])
    driver = hand(store, "driver")
    assert driver.say("pod.depart.v1", Depart(run=run["id"], vehicle="V")) == APPLIED
    first = stop_of(store, refs(store, run["id"])[0])
    assert driver.say("pod.deliver.v1", evidence(driver, first, "refused")) == APPLIED
    assert newest_plan(store)["state"] == "planning"
    plan_waiting(store)
    assert newest_plan(store)["state"] == "dropped"


def test_a_day_of_plans_is_the_same_in_a_replay(tmp_path: Path, clock: Clock) -> None:
    with open_store("sqlite", tmp_path, clock) as store:
        build(store)
        rules(store)
        run = up(store)["id"]
        chief, driver = hand(store, "supervisor"), hand(store, "driver")
        first, *_, last = refs(store, run)
        ahead = stop_of(store, first)["id"]
        move = MoveStop(stop=stop_of(store, last)["id"], run=run, before=ahead)
        assert chief.say("pod.move_stop.v1", move) == APPLIED
        undo = UndoRunPlan(plan=newest_plan(store)["id"])
        assert chief.say("pod.undo_run_plan.v1", undo) == APPLIED
        packed_at(store, {"S1": DOORS["S1"]})
        assert accept(store, replanned(store, run, add=True)["id"]) == APPLIED
        load_all(store, run)
        clock.at += HOUR
        assert driver.say("pod.depart.v1", Depart(run=run, vehicle="V")) == APPLIED
        there = stop_of(store, refs(store, run)[0])
        clock.at += 30 * MIN
        assert driver.say("pod.arrive.v1", Arrive(stop=there["id"])) == APPLIED
        assert driver.say("pod.deliver.v1", evidence(driver, there, "refused")) == APPLIED
        plan_waiting(store)
        clock.at += HOUR
        assert store.run_sync(by_the_clock) == 1
        assert check_replay(store.url).differences == []
