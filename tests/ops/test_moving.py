"""Putaway, replenishment, transfers: what was brought is booked, whatever had been proposed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.floor.ops import TakeTask
from server.inventory.ops import PutBin, PutLevel, ReceiveStock
from server.kernel.ops import Op
from server.moving.ops import ConfirmMove, FinishMove, ReportMove, Transfer
from server.moving.replenish import PlanReplenishment
from server.picking.ops import ConfirmPick, ReportShort
from server.store.store import Store
from server.store.submit import submit
from tests.floor_site import (
    ITEMS,
    Handheld,
    build,
    good,
    order,
    release_wave,
    scalar,
    system,
    table,
)
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines
from tests.floor_work import take as take_pick
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        for code, kind in (("DOCK", "stage"), ("BULK-1", "bulk"), ("BULK-2", "bulk")):
            good(system(opened, "inventory.put_bin.v1", PutBin(code=code, kind=kind, aisle=1)))
        yield opened


def receive(store: Store, sku: str, qty: int, bin_code: str = "DOCK") -> None:
    good(system(store, "inventory.receive_stock.v1", ReceiveStock(bin=bin_code, sku=sku, qty=qty)))


def move_lines(store: Store, kind: str) -> list[dict[str, Any]]:
    wanted = (
        "SELECT l.*, t.epoch FROM move_line l JOIN task t ON t.id = l.task"
        " WHERE t.kind = :k ORDER BY t.title, l.no"
    )
    return table(store, wanted, k=kind)


def take(handheld: Handheld, line: dict[str, Any]) -> None:
    taken = TakeTask(task=line["task"], expects=line["epoch"])
    assert handheld.say("floor.take_task.v1", taken) == APPLIED


def confirm(line: dict[str, Any], **changed: Any) -> ConfirmMove:
    asked = {f: line[f] for f in ("task", "sku", "qty", "from_bin", "to_bin", "lot")}
    return ConfirmMove(**{**asked, "line": line["no"], **changed})


def at(store: Store, bin_code: str, sku: str) -> int:
    found = "SELECT COALESCE(SUM(qty), 0) FROM stock WHERE bin = :b AND sku = :s"
    return int(scalar(store, found, b=bin_code, s=sku))


def test_goods_at_the_dock_are_put_where_their_kind_lies(store: Store) -> None:
    receive(store, "MUG", 12)
    line = move_lines(store, "putaway")[0]
    assert (line["from_bin"], line["to_bin"], line["qty"]) == ("DOCK", "A01-1-1", 12)
    picker = Handheld(store, "picker")
    take(picker, line)
    assert picker.say("moving.confirm_move.v1", confirm(line)) == APPLIED
    assert picker.say("moving.finish_move.v1", FinishMove(task=line["task"])) == APPLIED
    assert (at(store, "DOCK", "MUG"), at(store, "A01-1-1", "MUG")) == (0, 62)
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert_stock_adds_up(store)


def test_a_delivery_that_nobody_has_taken_yet_is_one_task(store: Store) -> None:
    for sku in ITEMS:
        receive(store, sku, 4)
    lines = move_lines(store, "putaway")
    assert [line["no"] for line in lines] == [1, 2, 3]
    assert len({line["task"] for line in lines}) == 1
    assert scalar(store, "SELECT lines FROM task WHERE kind = 'putaway'") == 3


def test_another_bin_than_proposed_is_booked_and_a_line_may_go_to_several(store: Store) -> None:
    receive(store, "MUG", 12)
    line = move_lines(store, "putaway")[0]
    picker = Handheld(store, "picker")
    take(picker, line)
    part = confirm(line, qty=5, to_bin="A02-2-1")
    assert picker.say("moving.confirm_move.v1", part) == APPLIED
    early = picker.say("moving.finish_move.v1", FinishMove(task=line["task"]))
    assert early == ("diverted", "lines_open")
    rest = confirm(line, qty=7, before=5)
    assert picker.say("moving.confirm_move.v1", rest) == APPLIED
    assert (at(store, "A02-2-1", "MUG"), at(store, "A01-1-1", "MUG")) == (5, 57)
    assert move_lines(store, "putaway")[0]["state"] == "moved"
    assert_stock_adds_up(store)


def test_what_two_people_brought_is_booked_twice_and_told(store: Store) -> None:
    receive(store, "MUG", 12)
    line = move_lines(store, "putaway")[0]
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    take(first, line)
    assert first.say("moving.confirm_move.v1", confirm(line)) == APPLIED
    late = second.say("moving.confirm_move.v1", confirm(line))
    assert late == ("diverted", "already_moved")
    assert at(store, "A01-1-1", "MUG") == 74
    assert set(kinds(store)) == {"already_moved", "stock_shortfall"}
    assert scalar(store, "SELECT COUNT(*) FROM task WHERE kind = 'count'") == 1
    assert_stock_adds_up(store)


def test_goods_brought_to_a_place_nobody_knows_are_booked_and_shown(store: Store) -> None:
    moved = Transfer(from_bin="A01-1-1", to_bin="NOWHERE-9", qty=3, code=ITEMS["MUG"])
    assert Handheld(store, "picker").say("moving.transfer.v1", moved) == (
        "diverted",
        "unknown_bin",
    )
    assert at(store, "NOWHERE-9", "MUG") == 3
    assert_stock_adds_up(store)


def test_a_transfer_names_the_item_by_its_scan(store: Store) -> None:
    picker = Handheld(store, "picker")
    moved = Transfer(from_bin="A01-1-1", to_bin="A02-2-1", qty=3, code=ITEMS["MUG"])
    assert picker.say("moving.transfer.v1", moved) == APPLIED
    assert at(store, "A02-2-1", "MUG") == 3
    unknown = Transfer(from_bin="A01-1-1", to_bin="A02-2-1", qty=3, code="12345")
    assert picker.say("moving.transfer.v1", unknown) == ("diverted", "unknown_item")
    assert_stock_adds_up(store)


def test_a_move_of_a_task_nobody_knows_is_booked(store: Store) -> None:
    lost = ConfirmMove(
        task="t-lost", line=1, sku="MUG", qty=2, from_bin="A01-1-1", to_bin="A02-2-1"
    )
    said = Handheld(store, "picker").say("moving.confirm_move.v1", lost)
    assert said == ("diverted", "task_unknown")
    assert at(store, "A02-2-1", "MUG") == 2
    assert_stock_adds_up(store)


def test_a_low_pick_face_is_filled_from_bulk_once(store: Store) -> None:
    receive(store, "MUG", 30, "BULK-1")
    receive(store, "MUG", 100, "BULK-2")
    level = PutLevel(bin="A01-1-1", sku="MUG", least=60, most=120)
    good(system(store, "inventory.put_level.v1", level))
    good(system(store, "moving.plan_replenishment.v1", PlanReplenishment()))
    lines = move_lines(store, "replenish")
    assert [(line["from_bin"], line["qty"]) for line in lines] == [("BULK-2", 70)]
    again = system(store, "moving.plan_replenishment.v1", PlanReplenishment())
    assert (again.outcome, again.code) == ("refused", "nothing_to_replenish")


def test_missing_goods_end_the_line_free_the_rest_and_ask_for_a_count(store: Store) -> None:
    receive(store, "MUG", 100, "BULK-1")
    level = PutLevel(bin="A01-1-1", sku="MUG", least=60, most=120)
    good(system(store, "inventory.put_level.v1", level))
    good(system(store, "moving.plan_replenishment.v1", PlanReplenishment()))
    line = move_lines(store, "replenish")[0]
    picker = Handheld(store, "picker")
    take(picker, line)
    less = ReportMove(task=line["task"], line=1, bin="BULK-1", reason="missing", found=20)
    assert picker.say("moving.report_move.v1", less) == APPLIED
    assert scalar(store, "SELECT allocated FROM stock WHERE bin = 'BULK-1'") == 20
    assert picker.say("moving.confirm_move.v1", confirm(line, qty=20)) == APPLIED
    assert picker.say("moving.finish_move.v1", FinishMove(task=line["task"])) == APPLIED
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert kinds(store) == ["move_short"]
    assert scalar(store, "SELECT ref FROM task WHERE kind = 'count'") == "BULK-1"


def test_moving_goods_that_a_picker_counts_on_is_shown(store: Store) -> None:
    receive(store, "MUG", 5)
    moved = Transfer(from_bin="DOCK", to_bin="A02-2-1", qty=5, sku="MUG")
    assert Handheld(store, "picker").say("moving.transfer.v1", moved) == APPLIED
    assert kinds(store) == ["reserved_moved"]


def picked_line(store: Store, picker: Handheld, ref: str, qty: int) -> dict[str, Any]:
    order(store, ref, MUG=qty)
    good(release_wave(store))
    return lines(store, take_pick(picker, "pick"))[0]


def test_a_pick_that_leaves_too_little_has_the_face_filled(store: Store) -> None:
    receive(store, "MUG", 100, "BULK-1")
    level = PutLevel(bin="A01-1-1", sku="MUG", least=48, most=60)
    good(system(store, "inventory.put_level.v1", level))
    picker = Handheld(store, "picker")
    line = picked_line(store, picker, "R-1", 3)
    pick = ConfirmPick(task=line["task"], line=1, bin="A01-1-1", sku="MUG", qty=3)
    assert picker.say("picking.confirm_pick.v1", pick) == APPLIED
    assert [(m["qty"], m["why"]) for m in move_lines(store, "replenish")] == [(13, "level")]


def test_a_short_pick_has_the_bin_counted(store: Store) -> None:
    picker = Handheld(store, "picker")
    line = picked_line(store, picker, "R-1", 3)
    short = ReportShort(
        task=line["task"], line=1, bin="A01-1-1", sku="MUG", found=1, reason="missing"
    )
    assert picker.say("picking.report_short.v1", short) == APPLIED
    assert scalar(store, "SELECT ref FROM task WHERE kind = 'count'") == "A01-1-1"
    assert scalar(store, "SELECT why FROM count_line") == "short_pick"


def test_the_same_bin_code_at_another_site_is_another_bin(store: Store) -> None:
    def there(operation: str, op: Op) -> None:
        good(store.run_sync(lambda tx: submit(tx, "other", "test", operation, op)))

    there("inventory.put_bin.v1", PutBin(code="DOCK", kind="stage"))
    there("inventory.receive_stock.v1", ReceiveStock(bin="DOCK", sku="MUG", qty=4))
    assert table(store, "SELECT site, qty FROM stock WHERE bin = 'DOCK'") == [
        {"site": "other", "qty": 4}
    ]
    moved = Transfer(from_bin="DOCK", to_bin="A01-1-1", qty=4, sku="MUG")
    assert Handheld(store, "picker").say("moving.transfer.v1", moved) == APPLIED
    assert "stock_shortfall" in kinds(store)
    there_still = "SELECT qty FROM stock WHERE site = 'other' AND bin = 'DOCK'"
    assert scalar(store, there_still) == 4
