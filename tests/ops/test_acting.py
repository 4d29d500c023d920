"""Two supervisors act on the floor: each says what they saw, and whoever saw an older task is
refused; an undo is a decision like any other."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.floor.abilities import SetAbilities
from server.floor.leases import HaltTask, LetTaskGo, PauseTask, PrioritiseTask, ResumeTask
from server.floor.ops import ReassignTask
from server.kernel.ops import Op
from server.orders.hold import HoldOrder, ResumeOrder
from server.picking.joining import JoinTasks
from server.picking.ops import SplitTask
from server.store.store import Store
from tests.floor_site import Handheld, build, scalar, table
from tests.floor_work import APPLIED, assert_stock_adds_up, lines
from tests.picking_work import finish, in_hand, on_the_floor, pick, row_of, take_it, tasks_of
from tests.stores import open_store

STALE = ("refused", "stale")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def as_seen(store: Store, task: str) -> dict[str, Any]:
    row = row_of(store, "b:main", "task", task)
    assert row is not None
    return {"task": task, "expects": row["epoch"], "seen": row["revision"]}


def board(store: Store, task: str) -> dict[str, Any]:
    row = row_of(store, "b:main", "task", task)
    assert row is not None
    return row


def refusal(handheld: Handheld) -> dict[str, Any]:
    row = row_of(handheld.store, f"d:{handheld.id}", "result", str(handheld.n))
    assert row is not None
    data: dict[str, Any] = row["data"]
    return data


def test_every_act_is_refused_to_whoever_saw_an_older_task(store: Store) -> None:
    _, task, _ = in_hand(store, "A-1", MUG=1, TEE=1)
    first, second = Handheld(store, "supervisor", "d1"), Handheld(store, "supervisor", "d2")
    seen = as_seen(store, task)
    assert first.say("floor.prioritise_task.v1", PrioritiseTask(**seen, priority=90)) == APPLIED
    acts = {
        "floor.reassign_task.v1": ReassignTask(**seen, person="picker2"),
        "floor.pause_task.v1": PauseTask(**seen, reason="Break"),
        "floor.resume_task.v1": ResumeTask(**seen),
        "floor.prioritise_task.v1": PrioritiseTask(**seen, priority=20),
        "floor.halt_task.v1": HaltTask(**seen, reason="Spill"),
        "floor.let_task_go.v1": LetTaskGo(**seen),
        "picking.split_task.v1": SplitTask(**seen),
    }
    for name, op in acts.items():
        assert second.say(name, op) == STALE, name
        assert refusal(second)["revision"] == seen["seen"] + 1
    assert board(store, task)["priority"] == 90
    again = PrioritiseTask(**as_seen(store, task), priority=20)
    assert second.say("floor.prioritise_task.v1", again) == APPLIED


def test_without_what_was_seen_the_later_word_would_win(store: Store) -> None:
    """Sabotage of the test before: it is the revision that refuses, not the lease."""
    _, task, _ = in_hand(store, "A-1", MUG=1, TEE=1)
    first, second = Handheld(store, "supervisor", "d1"), Handheld(store, "supervisor", "d2")
    seen = as_seen(store, task)
    assert first.say("floor.prioritise_task.v1", PrioritiseTask(**seen, priority=90)) == APPLIED
    blind = PrioritiseTask(task=task, expects=seen["expects"], priority=20)
    assert second.say("floor.prioritise_task.v1", blind) == APPLIED
    assert board(store, task)["priority"] == 20


def test_each_decision_moves_the_revision_by_one_and_work_does_not(store: Store) -> None:
    picker, task, _ = in_hand(store, "A-2", MUG=1, TEE=1, LAMP=1)
    chief = Handheld(store, "supervisor")
    before = board(store, task)["revision"]
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert board(store, task)["revision"] == before
    acts: list[tuple[str, Callable[[dict[str, Any]], Op]]] = [
        ("floor.pause_task.v1", lambda s: PauseTask(**s, reason="Break")),
        ("floor.resume_task.v1", lambda s: ResumeTask(**s)),
        ("floor.prioritise_task.v1", lambda s: PrioritiseTask(**s, priority=80)),
        ("floor.halt_task.v1", lambda s: HaltTask(**s, reason="Spill")),
        ("floor.let_task_go.v1", lambda s: LetTaskGo(**s)),
        ("picking.split_task.v1", lambda s: SplitTask(**s)),
        ("floor.reassign_task.v1", lambda s: ReassignTask(**s, person="picker2")),
    ]
    for at, (name, act) in enumerate(acts, 1):
        assert chief.say(name, act(as_seen(store, task))) == APPLIED, name
        assert board(store, task)["revision"] == before + at, name


def test_a_task_on_hold_stops_whoever_has_it_and_cannot_be_taken(store: Store) -> None:
    picker, task, _ = in_hand(store, "A-3", MUG=1)
    chief = Handheld(store, "supervisor")
    halt = HaltTask(**as_seen(store, task), reason="Spill in aisle 1")
    assert chief.say("floor.halt_task.v1", halt) == APPLIED
    row = row_of(store, "u:picker", "task", task)
    assert row is not None
    assert (row["stopped"], row["halted"]) == ("Spill in aisle 1", True)
    assert picker.say("floor.release_task.v1", {"task": task}) == APPLIED
    assert take_it(picker, task) == ("refused", "task_is_stopped")
    assert chief.say("floor.let_task_go.v1", LetTaskGo(**as_seen(store, task))) == APPLIED
    assert take_it(picker, task) == APPLIED


def test_the_end_of_an_orders_hold_does_not_end_the_one_on_its_task(store: Store) -> None:
    _, task, order = in_hand(store, "A-4", MUG=1)
    chief = Handheld(store, "supervisor")
    halt = HaltTask(**as_seen(store, task), reason="Spill")
    assert chief.say("floor.halt_task.v1", halt) == APPLIED
    held = HoldOrder(order=order, reason="Payment failed")
    assert chief.say("orders.hold_order.v1", held) == APPLIED
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=order)) == APPLIED
    assert board(store, task)["stopped"] == "Spill"
    assert chief.say("floor.let_task_go.v1", LetTaskGo(**as_seen(store, task))) == APPLIED
    assert board(store, task)["stopped"] == ""


def test_what_was_done_on_a_task_on_hold_counts(store: Store) -> None:
    picker, task, _ = in_hand(store, "A-5", MUG=1)
    chief = Handheld(store, "supervisor")
    halt = HaltTask(**as_seen(store, task), reason="Spill")
    assert chief.say("floor.halt_task.v1", halt) == APPLIED
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert finish(picker, task) == APPLIED
    assert_stock_adds_up(store)


def test_an_undo_gives_the_task_back_as_long_as_nobody_decided_anything_else(store: Store) -> None:
    _, task, _ = in_hand(store, "A-6", MUG=1)
    first, second = Handheld(store, "supervisor", "d1"), Handheld(store, "supervisor", "d2")
    seen = as_seen(store, task)
    undo = {"task": task, "expects": seen["expects"] + 1, "seen": seen["seen"] + 1, "done": 0}
    moved = ReassignTask(**seen, person="picker2")
    assert first.say("floor.reassign_task.v1", moved) == APPLIED
    assert first.say("floor.reassign_task.v1", ReassignTask(**undo, person="picker")) == APPLIED
    assert board(store, task)["assignee"] == "picker"
    seen = as_seen(store, task)
    moved = ReassignTask(**seen, person="picker2")
    assert first.say("floor.reassign_task.v1", moved) == APPLIED
    urgent = PrioritiseTask(**as_seen(store, task), priority=95)
    assert second.say("floor.prioritise_task.v1", urgent) == APPLIED
    undo = {"task": task, "expects": seen["expects"] + 1, "seen": seen["seen"] + 1, "done": 0}
    assert first.say("floor.reassign_task.v1", ReassignTask(**undo, person="picker")) == STALE
    assert board(store, task)["assignee"] == "picker2"


def test_an_undo_does_not_take_work_out_of_the_hands_of_whoever_began_on_it(store: Store) -> None:
    on_the_floor(store, "A-7", MUG=1, TEE=1)
    (task,) = tasks_of(store, "pick")
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    moved = ReassignTask(**as_seen(store, task["id"]), person="picker2")
    assert chief.say("floor.reassign_task.v1", moved) == APPLIED
    assert pick(other, lines(store, task["id"])[0]) == APPLIED
    undo = ReassignTask(**as_seen(store, task["id"]), person=None, done=0)
    assert chief.say("floor.reassign_task.v1", undo) == ("refused", "work_has_begun")
    assert refusal(chief) == {"task": task["id"], "by": "Picker2", "n": 1}
    assert board(store, task["id"])["assignee"] == "picker2"


def test_a_split_that_nobody_has_begun_on_is_undone(store: Store) -> None:
    picker, task, _ = in_hand(store, "A-8", MUG=1, TEE=1, LAMP=1)
    chief = Handheld(store, "supervisor")
    split = SplitTask(**as_seen(store, task), person="picker2")
    assert chief.say("picking.split_task.v1", split) == APPLIED
    assert chief.say("picking.join_tasks.v1", JoinTasks(**as_seen(store, task))) == APPLIED
    assert [line["no"] for line in lines(store, task)] == [1, 2, 3]
    assert [t["state"] for t in tasks_of(store, "pick") if t["id"] != task] == ["cancelled"]
    gone = "SELECT key FROM feed WHERE scope = 'u:picker2' AND kind = 'line' AND body IS NOT NULL"
    assert table(store, gone) == []
    for line in lines(store, task):
        assert pick(picker, line) == APPLIED
    assert finish(picker, task) == APPLIED
    assert_stock_adds_up(store)


def test_a_split_that_somebody_began_on_or_decided_about_stays(store: Store) -> None:
    _, task, _ = in_hand(store, "A-9", MUG=1, TEE=1, LAMP=1)
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    assert chief.say("picking.join_tasks.v1", JoinTasks(**as_seen(store, task))) == (
        "refused",
        "nothing_to_join",
    )
    split = SplitTask(**as_seen(store, task), person="picker2")
    assert chief.say("picking.split_task.v1", split) == APPLIED
    made = next(str(t["id"]) for t in tasks_of(store, "pick") if t["id"] != task)
    join = JoinTasks(**as_seen(store, task))
    urgent = PrioritiseTask(**as_seen(store, made), priority=95)
    assert chief.say("floor.prioritise_task.v1", urgent) == APPLIED
    assert chief.say("picking.join_tasks.v1", join) == STALE
    assert scalar(store, "SELECT lines FROM task WHERE id = :t", t=made) == 1
    assert pick(other, lines(store, made)[0]) == APPLIED
    assert chief.say("picking.join_tasks.v1", join)[0] == "refused"
    assert [line["no"] for line in lines(store, task)] == [1, 2]


def test_begun_work_is_not_joined(store: Store) -> None:
    _, task, _ = in_hand(store, "A-10", MUG=1, TEE=1, LAMP=1)
    chief, other = Handheld(store, "supervisor"), Handheld(store, "picker2")
    split = SplitTask(**as_seen(store, task), person="picker2")
    assert chief.say("picking.split_task.v1", split) == APPLIED
    made = next(str(t["id"]) for t in tasks_of(store, "pick") if t["id"] != task)
    assert pick(other, lines(store, made)[0]) == APPLIED
    join = JoinTasks(**as_seen(store, task))
    assert chief.say("picking.join_tasks.v1", join) == ("refused", "work_has_begun")


def test_a_run_that_a_driver_has_taken_is_not_put_on_hold(store: Store) -> None:
    _, task, _ = in_hand(store, "A-11", MUG=1)
    store.run_sync(lambda tx: tx.conn.exec_driver_sql("UPDATE task SET kind = 'drive'"))
    halt = HaltTask(**as_seen(store, task), reason="Spill")
    said = Handheld(store, "supervisor").say("floor.halt_task.v1", halt)
    assert said == ("refused", "run_is_taken")


def test_what_people_can_do_is_on_every_board_and_no_role_can_do_anothers_work(
    store: Store,
) -> None:
    chief = Handheld(store, "supervisor")
    can = SetAbilities(person="picker", skills=["count", "pick"], zones=["B", "A", "B"])
    assert chief.say("floor.set_abilities.v1", can) == APPLIED
    row = row_of(store, "b:main", "abilities", "picker")
    assert row == {"person": "picker", "skills": ["count", "pick"], "zones": ["A", "B"]}
    cannot = SetAbilities(person="packer", skills=["pick"])
    assert chief.say("floor.set_abilities.v1", cannot) == ("refused", "wrong_role_for_task")
    unknown = SetAbilities(person="nobody", skills=[])
    assert chief.say("floor.set_abilities.v1", unknown) == ("refused", "not_found")
    assert Handheld(store, "picker").say("floor.set_abilities.v1", can) == (
        "refused",
        "not_allowed",
    )
    assert chief.say("floor.set_abilities.v1", SetAbilities(person="picker")) == APPLIED
    row = row_of(store, "b:main", "abilities", "picker")
    assert row == {"person": "picker", "skills": [], "zones": []}
