"""Runs that are planned, moved by hand, planned again and taken back: of the recorded life."""

from server.pod.arrivals import ReckonArrivals
from server.pod.moving_stops import MoveStop
from server.pod.ops import Arrive, Depart
from server.pod.run_planner import plan_waiting
from server.pod.run_plans import (
    AcceptRunPlan,
    DropRunPlan,
    PlanRuns,
    RefreshRunPlan,
    ReplanRuns,
    UndoRunPlan,
)
from server.store.store import Store
from tests.floor_site import Handheld, good, system, table
from tests.floor_work import APPLIED, evidence
from tests.run_work import (
    DOORS,
    hand,
    load_all,
    newest_plan,
    packed_at,
    refs,
    rules,
    shift_to_come,
    stop_of,
)


def run_life(store: Store, chief: Handheld) -> None:
    vans = [{"name": name, **shift_to_come()} for name in ("VAN-1", "VAN-2")]
    rules(store, vehicles=vans, hours={"opens": "00:00", "closes": "00:00"})
    packed_at(store, {ref: DOORS[ref] for ref in ("N1", "N2", "N3", "S1", "S2")})
    good(system(store, "pod.plan_runs.v1", PlanRuns()))
    plan_waiting(store)
    plan = newest_plan(store)["id"]
    good(system(store, "pod.refresh_run_plan.v1", RefreshRunPlan(plan=plan)))
    plan_waiting(store)
    assert chief.say("pod.accept_run_plan.v1", AcceptRunPlan(plan=plan)) == APPLIED
    full, other = sorted(_runs(store), key=lambda run: -len(refs(store, run)))
    driver = hand(store, "driver")
    load_all(store, other)
    _by_hand(store, chief, full)
    _again(store, chief, full)
    assert driver.say("pod.depart.v1", Depart(run=other, vehicle="V")) == APPLIED
    good(system(store, "pod.reckon_arrivals.v1", ReckonArrivals(run=other)))
    for ref, outcome in zip(refs(store, other), ("refused", "full"), strict=False):
        there = stop_of(store, ref)
        assert driver.say("pod.arrive.v1", Arrive(stop=there["id"])) == APPLIED
        assert driver.say("pod.deliver.v1", evidence(driver, there, outcome)) == APPLIED
    plan_waiting(store)


def _runs(store: Store) -> list[str]:
    """Those that were planned here."""
    found = table(store, "SELECT id FROM run WHERE leaves_at > 0 ORDER BY number")
    return [r["id"] for r in found]


def _by_hand(store: Store, chief: Handheld, run: str) -> None:
    first, *_, last = refs(store, run)
    before = stop_of(store, first)["id"]
    move = MoveStop(stop=stop_of(store, last)["id"], run=run, before=before)
    assert chief.say("pod.move_stop.v1", move) == APPLIED
    undo = UndoRunPlan(plan=newest_plan(store)["id"])
    assert chief.say("pod.undo_run_plan.v1", undo) == APPLIED


def _again(store: Store, chief: Handheld, run: str) -> None:
    packed_at(store, {"S3": DOORS["S3"]})
    again = ReplanRuns(runs=[run], add=True)
    for kept in (False, True):
        assert chief.say("pod.replan_runs.v1", again) == APPLIED
        plan_waiting(store)
        plan = newest_plan(store)["id"]
        if kept:
            assert chief.say("pod.accept_run_plan.v1", AcceptRunPlan(plan=plan)) == APPLIED
        else:
            assert chief.say("pod.drop_run_plan.v1", DropRunPlan(plan=plan)) == APPLIED
    undo = UndoRunPlan(plan=newest_plan(store)["id"])
    assert chief.say("pod.undo_run_plan.v1", undo) == APPLIED
