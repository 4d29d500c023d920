"""Blind counts: one person's small difference is booked, a large one is counted by another."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.ops import PutSetting
from server.counting.ops import FinishCount, PlanCounts, RecordCount
from server.floor.ops import TakeTask
from server.inventory.ops import ReceiveStock
from server.moving.ops import Transfer
from server.store.store import Store
from tests.floor_site import Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        good(system(opened, "counting.plan_counts.v1", PlanCounts(bins=["A01-1-1"])))
        yield opened


def count_tasks(store: Store) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM task WHERE kind = 'count' ORDER BY title")


def take(handheld: Handheld, task: dict[str, Any]) -> tuple[str, str | None]:
    return handheld.say("floor.take_task.v1", TakeTask(task=task["id"], expects=task["epoch"]))


def counted(task: dict[str, Any], qty: int, sku: str = "MUG", line: int = 1) -> RecordCount:
    return RecordCount(task=task["id"], line=line, bin="A01-1-1", sku=sku, qty=qty)


def pieces(store: Store, sku: str = "MUG") -> int:
    found = "SELECT qty FROM stock WHERE bin = 'A01-1-1' AND sku = :s"
    return int(scalar(store, found, s=sku) or 0)


def test_the_handheld_never_gets_what_the_books_have(store: Store) -> None:
    picker, task = Handheld(store, "picker"), count_tasks(store)[0]
    assert take(picker, task) == APPLIED
    rows = table(store, "SELECT body FROM feed WHERE kind = 'count_line'")
    assert len(rows) == 1
    told = msgspec.json.decode(rows[0]["body"])
    assert pieces(store) == 50
    assert 50 not in told.values()
    assert "50" not in told.values()


def test_a_right_count_changes_nothing(store: Store) -> None:
    picker, task = Handheld(store, "picker"), count_tasks(store)[0]
    take(picker, task)
    assert picker.say("counting.record_count.v1", counted(task, 50)) == APPLIED
    assert picker.say("counting.finish_count.v1", FinishCount(task=task["id"])) == APPLIED
    assert (pieces(store), kinds(store)) == (50, [])


def test_a_small_difference_is_booked_from_the_place_of_discrepancies(store: Store) -> None:
    picker, task = Handheld(store, "picker"), count_tasks(store)[0]
    take(picker, task)
    assert picker.say("counting.record_count.v1", counted(task, 49)) == APPLIED
    assert pieces(store) == 49
    assert scalar(store, "SELECT qty FROM stock WHERE bin = 'DISCREPANCY'") == 1
    told = table(store, "SELECT kind, state FROM discrepancy")
    assert told == [{"kind": "count_difference", "state": "settled"}]
    assert_stock_adds_up(store)


def test_the_difference_of_a_count_is_what_was_counted_less_what_the_books_had(
    store: Store,
) -> None:
    picker, task = Handheld(store, "picker"), count_tasks(store)[0]
    take(picker, task)
    assert picker.say("counting.record_count.v1", counted(task, 51)) == APPLIED
    told = msgspec.json.decode(table(store, "SELECT body FROM discrepancy")[0]["body"])
    assert told["counted"] - told["book"] == 1
    moved = table(store, "SELECT from_bin, to_bin, qty FROM movement WHERE why <> 'received'")
    assert moved == [{"from_bin": "DISCREPANCY", "to_bin": "A01-1-1", "qty": 1}]
    assert pieces(store) == 51


def test_a_large_difference_is_counted_again_by_somebody_else(store: Store) -> None:
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    take(first, count_tasks(store)[0])
    assert first.say("counting.record_count.v1", counted(count_tasks(store)[0], 30)) == APPLIED
    assert pieces(store) == 50
    again = count_tasks(store)[1]
    assert take(first, again) == ("refused", "other_counter")
    assert take(second, again) == APPLIED
    own = first.say("counting.record_count.v1", counted(again, 30))
    assert own == ("diverted", "other_counter")
    assert second.say("counting.record_count.v1", counted(again, 30)) == APPLIED
    assert pieces(store) == 30
    settled = "SELECT COUNT(*) FROM discrepancy WHERE kind = 'count_difference'"
    assert scalar(store, f"{settled} AND state = 'settled'") == 1
    assert_stock_adds_up(store)


def test_two_different_counts_leave_the_matter_to_a_person(store: Store) -> None:
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    take(first, count_tasks(store)[0])
    first.say("counting.record_count.v1", counted(count_tasks(store)[0], 30))
    again = count_tasks(store)[1]
    take(second, again)
    assert second.say("counting.record_count.v1", counted(again, 33)) == APPLIED
    assert pieces(store) == 33
    assert scalar(store, "SELECT state FROM discrepancy") == "open"


def test_the_site_says_what_difference_needs_no_second_count(store: Store) -> None:
    generous = PutSetting(key="count_tolerance", value={"pieces": 25})
    good(system(store, "catalog.put_setting.v1", generous))
    picker = Handheld(store, "picker")
    take(picker, count_tasks(store)[0])
    picker.say("counting.record_count.v1", counted(count_tasks(store)[0], 30))
    assert pieces(store) == 30


def test_what_was_found_besides_comes_into_the_books(store: Store) -> None:
    picker, second = Handheld(store, "picker"), Handheld(store, "picker2")
    take(picker, count_tasks(store)[0])
    besides = counted(count_tasks(store)[0], 4, "LAMP", line=2)
    assert picker.say("counting.record_count.v1", besides) == APPLIED
    again = count_tasks(store)[1]
    take(second, again)
    assert second.say("counting.record_count.v1", counted(again, 4, "LAMP")) == APPLIED
    assert pieces(store, "LAMP") == 4
    assert_stock_adds_up(store)


def test_a_count_that_arrives_late_is_held_against_the_books_of_its_moment(store: Store) -> None:
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    task = count_tasks(store)[0]
    take(first, task)
    said = first.envelope("counting.record_count.v1", counted(task, 50))
    time.sleep(0.005)  # moments are whole milliseconds
    moved = Transfer(from_bin="A01-1-1", to_bin="A02-2-1", qty=20, sku="MUG")
    assert second.say("moving.transfer.v1", moved) == APPLIED
    first.push(said)
    assert pieces(store) == 30
    assert kinds(store) == []


def late(handheld: Handheld, op: Transfer) -> None:
    """It was done ten minutes ago, in a dead zone."""
    said = handheld.envelope("moving.transfer.v1", op)
    handheld.push(msgspec.structs.replace(said, at=said.at - 600_000))


@pytest.mark.parametrize(("from_bin", "to_bin"), [("A01-1-1", "A02-2-1"), ("A02-1-1", "A01-1-1")])
def test_what_happened_before_a_count_and_comes_after_it_does_not_change_the_count(
    store: Store, from_bin: str, to_bin: str
) -> None:
    more = ReceiveStock(bin="A02-1-1", sku="MUG", qty=5)
    good(system(store, "inventory.receive_stock.v1", more))
    picker, other, task = Handheld(store, "picker"), Handheld(store, "picker2"), count_tasks(store)
    take(picker, task[0])
    seen = 49 if from_bin == "A01-1-1" else 51
    assert picker.say("counting.record_count.v1", counted(task[0], seen)) == APPLIED
    late(other, Transfer(from_bin=from_bin, to_bin=to_bin, qty=1, sku="MUG"))
    assert pieces(store) == seen
    elsewhere = "SELECT SUM(qty) FROM stock WHERE sku = 'MUG' AND bin IN ('A02-2-1', 'A02-1-1')"
    assert scalar(store, elsewhere) == 55 - seen
    assert scalar(store, "SELECT SUM(qty) FROM stock WHERE bin = 'DISCREPANCY'") == 0
    assert_stock_adds_up(store)


def test_the_last_piece_that_was_taken_before_a_count_lacks_nobody(store: Store) -> None:
    picker, other, task = Handheld(store, "picker"), Handheld(store, "picker2"), count_tasks(store)
    allowed = PutSetting(key="count_tolerance", value={"pieces": 50})
    good(system(store, "catalog.put_setting.v1", allowed))
    take(picker, task[0])
    assert picker.say("counting.record_count.v1", counted(task[0], 0)) == APPLIED
    late(other, Transfer(from_bin="A01-1-1", to_bin="A02-2-1", qty=50, sku="MUG"))
    assert (pieces(store), "stock_shortfall" in kinds(store)) == (0, False)
    assert_stock_adds_up(store)


def test_a_bin_is_not_queued_twice_and_is_due_again_only_later(store: Store) -> None:
    twice = system(store, "counting.plan_counts.v1", PlanCounts(bins=["A01-1-1"]))
    assert twice.outcome == "applied"
    assert len(count_tasks(store)) == 1
    good(system(store, "counting.plan_counts.v1", PlanCounts()))
    assert sorted(t["ref"] for t in count_tasks(store)) == ["A01-1-1", "A01-2-1", "A02-1-1"]
