"""The picker takes the own last step back while nothing depends on it (A14)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.orders.ops import CancelOrder
from server.picking.ops import ConfirmPick, PickElsewhere, UndoPick
from server.store.store import Store
from tests.floor_site import Handheld, build, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines, state
from tests.picking_work import finish, in_hand, line_of, pick, place, short, stock
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def undo(handheld: Handheld, line: dict[str, Any], qty: int) -> tuple[str, str | None]:
    return handheld.say("picking.undo_pick.v1", UndoPick(**place(line), qty=qty))


def test_an_undone_pick_lies_in_its_bin_again_and_may_be_picked_again(store: Store) -> None:
    picker, task, order = in_hand(store, "U-1", MUG=3)
    line = lines(store, task)[0]
    before = stock(store, line["bin"], "MUG")
    assert pick(picker, line) == APPLIED
    assert undo(picker, line, 3) == APPLIED
    again = line_of(store, task, 1)
    assert (again["state"], again["picked"], again["by_person"]) == ("open", 0, None)
    assert stock(store, line["bin"], "MUG") == before
    assert_stock_adds_up(store)
    assert pick(picker, line) == APPLIED
    assert finish(picker, task) == APPLIED
    assert state(store, order) == "picked"
    assert_stock_adds_up(store)


def test_an_undone_short_is_found_again_by_the_books(store: Store) -> None:
    picker, task, _ = in_hand(store, "U-2", MUG=3)
    line = lines(store, task)[0]
    before = stock(store, line["bin"], "MUG")
    assert short(picker, line, 1) == APPLIED
    assert stock(store, "DISCREPANCY", "MUG")[0] == 2
    assert undo(picker, line, 1) == APPLIED
    assert stock(store, line["bin"], "MUG") == before
    assert stock(store, "DISCREPANCY", "MUG")[0] == 0
    assert_stock_adds_up(store)


def test_an_undone_cure_takes_its_rest_with_it(store: Store) -> None:
    picker, task, _ = in_hand(store, "U-3", MUG=3)
    line = lines(store, task)[0]
    body = {**place(line), "found": 1, "reason": "missing", "qty": 2, "to_bin": "A02-2-1"}
    assert picker.say("picking.pick_elsewhere.v1", PickElsewhere(**body)) == APPLIED
    assert undo(picker, line, 1) == APPLIED
    assert [each["no"] for each in lines(store, task)] == [1]
    gone = "SELECT body FROM feed WHERE scope = 'u:picker' AND kind = 'line' AND key = :k"
    assert [r["body"] for r in table(store, gone, k=f"{task}/10001")] == [None]
    assert_stock_adds_up(store)


def test_a_step_whose_rest_was_fetched_cannot_be_undone_before_it(store: Store) -> None:
    picker, task, _ = in_hand(store, "U-4", MUG=3)
    line = lines(store, task)[0]
    body = {**place(line), "found": 1, "reason": "missing", "qty": 2, "to_bin": "A01-1-1"}
    assert picker.say("picking.pick_elsewhere.v1", PickElsewhere(**body)) == APPLIED
    assert pick(picker, line_of(store, task, 10_001)) == APPLIED
    assert undo(picker, line, 1) == ("diverted", "too_late_to_undo")
    assert undo(picker, line_of(store, task, 10_001), 2) == APPLIED
    assert undo(picker, line, 1) == APPLIED


def test_an_undo_after_the_end_or_a_second_time_changes_nothing_and_is_told(store: Store) -> None:
    picker, task, order = in_hand(store, "U-5", MUG=3, TEE=1)
    first, second = lines(store, task)
    assert pick(picker, first) == APPLIED
    assert undo(picker, first, first["qty"]) == APPLIED
    assert undo(picker, first, first["qty"]) == ("diverted", "too_late_to_undo")
    assert pick(picker, first) == APPLIED
    assert pick(picker, second) == APPLIED
    assert finish(picker, task) == APPLIED
    assert undo(picker, first, first["qty"]) == ("diverted", "too_late_to_undo")
    assert state(store, order) == "picked"
    assert kinds(store) == ["too_late_to_undo", "too_late_to_undo"]
    assert_stock_adds_up(store)


def test_an_undo_after_a_cancel_is_told_while_the_put_back_stands(store: Store) -> None:
    picker, task, order = in_hand(store, "U-6", MUG=3)
    line = lines(store, task)[0]
    assert pick(picker, line) == APPLIED
    gone = CancelOrder(order=order, reason="customer")
    assert Handheld(store, "supervisor").say("orders.cancel_order.v1", gone) == APPLIED
    assert undo(picker, line, 3) == ("diverted", "too_late_to_undo")
    home = table(store, "SELECT from_bin, qty, why FROM move_line")
    assert home == [{"from_bin": "PUTBACK", "qty": 3, "why": "cancelled"}]
    assert_stock_adds_up(store)


def test_nobody_undoes_what_another_has_done(store: Store) -> None:
    picker, task, _ = in_hand(store, "U-7", MUG=3, TEE=1)
    line = lines(store, task)[0]
    assert pick(picker, line) == APPLIED
    other = Handheld(store, "picker2")
    assert undo(other, line, line["qty"]) == ("diverted", "not_your_step")
    assert line_of(store, task, 1)["state"] == "picked"


def test_a_pick_and_its_undo_that_come_together_leave_the_line_open(store: Store) -> None:
    picker, task, _ = in_hand(store, "U-8", MUG=3)
    line = lines(store, task)[0]
    done = picker.envelope("picking.confirm_pick.v1", ConfirmPick(**place(line), qty=3))
    back = picker.envelope("picking.undo_pick.v1", UndoPick(**place(line), qty=3))
    picker.push(done, back)
    picker.push(done, back)  # the answer was lost
    assert line_of(store, task, 1)["state"] == "open"
    assert stock(store, line["bin"], "MUG") == (50, 3)
    assert_stock_adds_up(store)
