"""A task is a lease: split, parked, stopped, ranked while somebody works on it. What is done on an
older epoch, off-line, counts; nothing is picked twice (C2)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.floor.leases import PauseTask, PrioritiseTask, ResumeTask
from server.floor.ops import ReassignTask, TakeTask
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.ops import CancelOrder
from server.picking.ops import SplitTask
from server.picking.planner import plan_waiting
from server.picking.waves import PlanWave
from server.store.store import Store
from tests.floor_site import (
    Handheld,
    build,
    good,
    order,
    release_wave,
    scalar,
    system,
    table,
)
from tests.floor_work import (
    APPLIED,
    assert_stock_adds_up,
    kinds,
    lines,
    pack_all,
    pick_all,
    state,
    take,
)
from tests.picking_work import (
    finish,
    in_hand,
    on_the_floor,
    pick,
    row_of,
    stock,
    take_it,
    tasks_of,
)
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def epoch(store: Store, task: str) -> int:
    return int(scalar(store, "SELECT epoch FROM task WHERE id = :t", t=task))


def split(chief: Handheld, task: str, **more: Any) -> str:
    """The new task's id."""
    op = SplitTask(task=task, expects=epoch(chief.store, task), **more)
    assert chief.say("picking.split_task.v1", op) == APPLIED
    return next(str(t["id"]) for t in tasks_of(chief.store, "pick") if t["id"] != task)


def test_half_of_the_open_lines_go_to_somebody_else(store: Store) -> None:
    picker, task, order = in_hand(store, "L-1", MUG=1, TEE=1, LAMP=1)
    all_lines = lines(store, task)
    assert pick(picker, all_lines[0]) == APPLIED
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    made = split(chief, task, person="picker2")
    assert [line["no"] for line in lines(store, task)] == [1, 2]
    assert row_of(store, "u:picker", "line", f"{task}/3") is None
    assert row_of(store, "u:picker2", "line", f"{made}/3") is not None
    for holder, its in ((picker, task), (other, made)):
        for line in lines(store, its):
            if line["state"] == "open":
                assert pick(holder, line) == APPLIED
        assert finish(holder, its) == APPLIED
    assert state(store, order) == "picked"
    assert_stock_adds_up(store)


def test_late_work_on_a_line_that_went_away_counts_and_the_line_comes_back(store: Store) -> None:
    picker, task, order = in_hand(store, "L-2", MUG=1, TEE=1)
    _, second = lines(store, task)
    made = split(Handheld(store, "supervisor"), task, person="picker2")
    assert pick(picker, second) == APPLIED  # off-line, on the older lease
    assert scalar(store, "SELECT state FROM task WHERE id = :t", t=made) == "cancelled"
    assert row_of(store, "u:picker2", "line", f"{made}/2") is None
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert finish(picker, task) == APPLIED
    assert state(store, order) == "picked"
    assert stock(store, f"TOTE/{task}", second["sku"])[0] == 1
    assert_stock_adds_up(store)


def test_a_line_picked_by_both_is_put_back_once(store: Store) -> None:
    picker, task, _ = in_hand(store, "L-3", MUG=1, TEE=1)
    _, second = lines(store, task)
    made = split(Handheld(store, "supervisor"), task, person="picker2")
    other = Handheld(store, "picker2")
    assert pick(other, {**second, "task": made}) == APPLIED
    assert pick(picker, second) == ("diverted", "already_picked")
    assert stock(store, "PUTBACK", second["sku"])[0] == 1
    assert len(tasks_of(store, "putback")) == 1
    assert_stock_adds_up(store)


def test_late_work_finds_its_line_through_two_splits(store: Store) -> None:
    picker, task, _ = in_hand(store, "L-4", MUG=1, TEE=1, LAMP=1)
    last = lines(store, task)[2]
    chief = Handheld(store, "supervisor")
    first = split(chief, task, lines=[2, 3])
    op = SplitTask(task=first, expects=epoch(store, first), lines=[3])
    assert chief.say("picking.split_task.v1", op) == APPLIED
    assert pick(picker, last) == APPLIED
    assert [line["no"] for line in lines(store, task)] == [1, 3]
    assert kinds(store) == []


def test_a_split_leaves_something_and_knows_the_lease(store: Store) -> None:
    _, task, _ = in_hand(store, "L-5", MUG=1)
    chief = Handheld(store, "supervisor")
    said = chief.say("picking.split_task.v1", SplitTask(task=task, expects=epoch(store, task)))
    assert said == ("refused", "nothing_to_split")
    said = chief.say("picking.split_task.v1", SplitTask(task=task, expects=99))
    assert said == ("refused", "stale")


def test_a_parked_task_stays_its_holders_and_says_why(store: Store) -> None:
    picker, task, _ = in_hand(store, "P-1", MUG=1)
    now = epoch(store, task)
    parked = PauseTask(task=task, expects=now, reason="Break")
    assert picker.say("floor.pause_task.v1", parked) == APPLIED
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert (row["state"], row["paused"], row["epoch"]) == ("held", "Break", now)
    other = Handheld(store, "picker2")
    assert other.say("floor.resume_task.v1", ResumeTask(task=task, expects=now))[0] == "refused"
    assert picker.say("floor.resume_task.v1", ResumeTask(task=task, expects=now)) == APPLIED
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert row["paused"] == ""


def test_work_on_a_task_parked_meanwhile_counts(store: Store) -> None:
    picker, task, _ = in_hand(store, "P-2", MUG=1)
    chief = Handheld(store, "supervisor")
    parked = PauseTask(task=task, expects=epoch(store, task), reason="Aisle closed")
    assert chief.say("floor.pause_task.v1", parked) == APPLIED
    assert pick(picker, lines(store, task)[0]) == APPLIED


def test_a_parked_task_that_is_given_to_somebody_else_is_parked_no_more(store: Store) -> None:
    picker, task, _ = in_hand(store, "P-3", MUG=1)
    parked = PauseTask(task=task, expects=epoch(store, task), reason="Break")
    assert picker.say("floor.pause_task.v1", parked) == APPLIED
    moved = ReassignTask(task=task, expects=epoch(store, task), person="picker2")
    assert Handheld(store, "supervisor").say("floor.reassign_task.v1", moved) == APPLIED
    row = row_of(store, "u:picker2", "task", task)
    assert row is not None
    assert row["paused"] == ""


def test_a_new_rank_is_seen_at_once_and_an_old_lease_cannot_give_it(store: Store) -> None:
    _, task, _ = in_hand(store, "R-1", MUG=1)
    chief = Handheld(store, "supervisor")
    stale = PrioritiseTask(task=task, expects=0, priority=90)
    assert chief.say("floor.prioritise_task.v1", stale) == ("refused", "stale")
    urgent = PrioritiseTask(task=task, expects=epoch(store, task), priority=90)
    assert chief.say("floor.prioritise_task.v1", urgent) == APPLIED
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert row["priority"] == 90


def hold(chief: Handheld, order_id: str, **more: Any) -> tuple[str, str | None]:
    op = HoldOrder(order=order_id, reason="Payment failed", **more)
    return chief.say("orders.hold_order.v1", op)


def test_a_hold_stops_an_order_at_the_shelf_with_words(store: Store) -> None:
    _, task, order = in_hand(store, "H-1", MUG=1, TEE=1)
    chief = Handheld(store, "supervisor")
    assert hold(chief, order, expects="confirmed") == ("refused", "stale")
    assert hold(chief, order, expects="picking") == APPLIED
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert row["stopped"] == "Payment failed"
    line = row_of(store, "u:picker", "line", f"{task}/1")
    assert line is not None
    assert line["stopped"] is True
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=order)) == APPLIED
    assert state(store, order) == "picking"
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert row["stopped"] == ""


def test_what_was_picked_while_the_hold_was_on_its_way_counts_and_goes_on_later(
    store: Store,
) -> None:
    picker, task, order = in_hand(store, "H-2", MUG=2)
    chief = Handheld(store, "supervisor")
    assert hold(chief, order) == APPLIED
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert finish(picker, task) == APPLIED
    assert state(store, order) == "hold"
    assert tasks_of(store, "pack") == []
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=order)) == APPLIED
    assert state(store, order) == "picked"
    assert len(tasks_of(store, "pack")) == 1
    assert_stock_adds_up(store)


def test_a_task_on_hold_cannot_be_taken(store: Store) -> None:
    picker, task, order = in_hand(store, "H-3", MUG=2)
    assert hold(Handheld(store, "supervisor"), order) == APPLIED
    assert picker.say("floor.release_task.v1", {"task": task}) == APPLIED
    assert take_it(Handheld(store, "picker2"), task) == ("refused", "task_is_stopped")


def test_a_cart_that_changes_hands_does_not_lift_the_hold_of_one_of_its_orders(
    store: Store,
) -> None:
    first, held = order(store, "H-5", MUG=1), order(store, "H-6", TEE=2)
    good(release_wave(store, mode="cluster"))
    (cart,) = tasks_of(store, "pick")
    chief = Handheld(store, "supervisor")
    assert take_it(Handheld(store, "picker"), cart["id"]) == APPLIED
    assert hold(chief, held) == APPLIED
    op = ReassignTask(task=cart["id"], expects=epoch(store, cart["id"]), person=None)
    assert chief.say("floor.reassign_task.v1", op) == APPLIED
    assert take_it(Handheld(store, "picker2"), cart["id"]) == APPLIED
    assert (state(store, first), state(store, held)) == ("picking", "hold")
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=held)) == APPLIED
    assert state(store, held) == "picking"
    assert [bool(line["stopped"]) for line in lines(store, cart["id"])] == [False, False]


def test_an_order_that_was_put_on_hold_while_its_wave_was_planned_waits_for_another(
    store: Store,
) -> None:
    kept, held = order(store, "H-7", MUG=1), order(store, "H-8", TEE=2)
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    chief = Handheld(store, "supervisor")
    assert hold(chief, held) == APPLIED
    assert plan_waiting(store) == 1
    assert (state(store, kept), state(store, held)) == ("released", "hold")
    assert stock(store, "A01-2-1", "TEE")[1] == 0
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=held)) == APPLIED
    assert state(store, held) == "confirmed"
    good(release_wave(store))
    assert state(store, held) == "released"


def test_a_parcel_that_was_closed_during_the_hold_is_packed_when_it_goes_on(store: Store) -> None:
    made = on_the_floor(store, "H-9", MUG=1)
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    pick_all(picker, take(picker, "pick"))
    bench = take(packer, "pack")
    chief = Handheld(store, "supervisor")
    assert hold(chief, made) == APPLIED
    pack_all(packer, bench)
    assert state(store, made) == "hold"
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=made)) == APPLIED
    assert state(store, made) == "packed"


def test_the_older_lease_is_told_and_its_work_counts(store: Store) -> None:
    picker, task, _ = in_hand(store, "E-1", MUG=2)
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    moved = ReassignTask(task=task, expects=epoch(store, task), person="picker2")
    assert chief.say("floor.reassign_task.v1", moved) == APPLIED
    line = lines(store, task)[0]
    assert pick(picker, line) == APPLIED
    assert pick(other, line) == ("diverted", "already_picked")
    gone = "SELECT body FROM feed WHERE scope = 'u:picker' AND kind = 'task' AND key = :t"
    assert table(store, gone, t=task) == [{"body": None}]
    assert stock(store, "PUTBACK", "MUG")[0] == 2
    assert_stock_adds_up(store)


def test_a_hold_stops_the_bench_too(store: Store) -> None:
    picker, task, order = in_hand(store, "H-4", MUG=2)
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert finish(picker, task) == APPLIED
    chief = Handheld(store, "supervisor")
    assert hold(chief, order) == APPLIED
    bench = tasks_of(store, "pack")[0]
    assert bench["stopped"] == "Payment failed"
    assert take_it(Handheld(store, "packer"), bench["id"]) == ("refused", "task_is_stopped")
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=order)) == APPLIED
    assert state(store, order) == "picked"
    assert take_it(Handheld(store, "packer", "bench-2"), bench["id"]) == APPLIED


def test_a_task_whose_order_was_cancelled_meanwhile_cannot_be_taken_and_says_so(
    store: Store,
) -> None:
    order = on_the_floor(store, "C-1", MUG=1)
    task = tasks_of(store, "pick")[0]
    gone = CancelOrder(order=order, reason="customer")
    assert Handheld(store, "supervisor").say("orders.cancel_order.v1", gone) == APPLIED
    picker = Handheld(store, "picker")
    asked = TakeTask(task=task["id"], expects=task["epoch"])
    assert picker.say("floor.take_task.v1", asked) == ("refused", "task_is_over")
    unknown = TakeTask(task="no-such-task", expects=0)
    assert picker.say("floor.take_task.v1", unknown) == ("refused", "not_found")


def test_lines_are_with_the_holder_of_their_task_and_with_nobody_else(store: Store) -> None:
    _, task, _ = in_hand(store, "C-2", MUG=1)
    second = Handheld(store, "picker2")
    asked = TakeTask(task=task, expects=0)
    assert second.say("floor.take_task.v1", asked) == ("refused", "stale")
    asked = TakeTask(task=task, expects=epoch(store, task))
    assert second.say("floor.take_task.v1", asked) == ("refused", "taken_by_other")
    assert row_of(store, "u:picker", "line", f"{task}/1") is not None
    held = table(store, "SELECT DISTINCT scope FROM feed WHERE kind = 'line' AND body IS NOT NULL")
    assert held == [{"scope": "u:picker"}]
    assert row_of(store, "q:main:pick", "task", task) is None


def test_of_ten_pickers_who_take_one_task_at_once_exactly_one_gets_it(store: Store) -> None:
    on_the_floor(store, "C-3", MUG=1)
    task = tasks_of(store, "pick")[0]
    asked = TakeTask(task=task["id"], expects=task["epoch"])
    devices = [Handheld(store, ("picker", "picker2")[n % 2], f"race-{n}") for n in range(10)]
    said = [d.envelope("floor.take_task.v1", asked) for d in devices]
    with ThreadPoolExecutor(10) as at_once:
        list(at_once.map(lambda n: devices[n].push(said[n]), range(10)))
    taken = table(store, "SELECT key FROM event WHERE kind = 'floor.task_taken'")
    assert len(taken) == 1
    assert epoch(store, task["id"]) == task["epoch"] + 1
    outcomes = {r["outcome"] for r in table(store, "SELECT outcome, code FROM op WHERE n = 1")}
    assert outcomes <= {"applied", "refused"}


def test_who_picked_each_line_and_who_finished_are_both_on_record(store: Store) -> None:
    first, task, order = in_hand(store, "C-4", MUG=1, TEE=1)
    one, two = lines(store, task)
    assert pick(first, one) == APPLIED
    chief, second = Handheld(store, "supervisor"), Handheld(store, "picker2")
    moved = ReassignTask(task=task, expects=epoch(store, task), person="picker2")
    assert chief.say("floor.reassign_task.v1", moved) == APPLIED
    assert pick(second, two) == APPLIED
    assert finish(second, task) == APPLIED
    assert [line["by_person"] for line in lines(store, task)] == ["picker", "picker2"]
    over = (
        "SELECT op.person FROM event JOIN op ON op.device = event.device AND op.n = event.n"
        " WHERE event.kind = 'picking.order_picked' AND event.key = :o"
    )
    assert [r["person"] for r in table(store, over, o=order)] == ["picker2"]
