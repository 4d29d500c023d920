"""Lots on hold, and promises that are made anew where they can no longer be kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutItem, PutSetting
from server.inventory.holds import FreeLot, HoldLot
from server.inventory.ops import PutBin, ReceiveStock
from server.inventory.rules import DAY_MS, day_of
from server.picking.modes import plan
from server.picking.ops import ConfirmPick, PickElsewhere
from server.picking.planner import put, snapshot
from server.picking.waves import PlanWave
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines, state, take
from tests.picking_work import finish, in_hand, on_the_floor, pick, place, row_of, short
from tests.stores import open_store

SOON, LATE = "A02-2-1", "A01-1-1"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        tea = PutItem(sku="TEA", name="Tea", tracks_lot=True)
        good(system(opened, "catalog.put_item.v1", tea))
        receive(opened, "SOON", 30, SOON)
        receive(opened, "LATE", 90, LATE)
        yield opened


def receive(store: Store, lot: str, days: int, bin_code: str, qty: int = 10) -> None:
    expiry = day_of(store.clock() + days * DAY_MS)
    got = ReceiveStock(bin=bin_code, sku="TEA", qty=qty, lot=lot, expiry=expiry)
    good(system(store, "inventory.receive_stock.v1", got))


def hold(store: Store, lot: str = "SOON", who: str = "supervisor") -> tuple[str, str | None]:
    chief = Handheld(store, who, f"hold-{who}-{lot}")
    return chief.say("inventory.hold_lot.v1", HoldLot(sku="TEA", lot=lot, reason="Recall 7"))


def free(store: Store, lot: str = "SOON") -> tuple[str, str | None]:
    chief = Handheld(store, "supervisor", f"free-{lot}")
    return chief.say("inventory.free_lot.v1", FreeLot(sku="TEA", lot=lot))


def lots_change(store: Store) -> None:
    rule = PutSetting(key="lot_change", value="any")
    good(system(store, "catalog.put_setting.v1", rule))


def two_lots_in_one_bin(store: Store) -> None:
    lots_change(store)
    receive(store, "NEXT", 60, SOON)


def tea(store: Store) -> dict[tuple[str, str], tuple[int, int]]:
    """(bin, lot) -> (pieces, promised), of what lies in bins."""
    found = table(store, "SELECT * FROM stock WHERE sku = 'TEA' AND bin LIKE 'A%'")
    return {(r["bin"], r["lot"]): (int(r["qty"]), int(r["allocated"])) for r in found}


def of(store: Store, order_id: str) -> list[dict[str, Any]]:
    """The lines of an order, as its task has them."""
    found = "SELECT * FROM pick_line WHERE order_id = :o ORDER BY no"
    return table(store, found, o=order_id)


def took(line: dict[str, Any], lot: str, qty: int) -> ConfirmPick:
    return ConfirmPick(**place(line), qty=qty, lot=lot)


def test_a_lot_on_hold_is_promised_to_nobody_until_it_is_let_go(store: Store) -> None:
    assert hold(store) == APPLIED
    first = on_the_floor(store, "H-1", TEA=4)
    assert [line["lot"] for line in of(store, first)] == ["LATE"]
    assert free(store) == APPLIED
    second = on_the_floor(store, "H-2", TEA=4)
    assert [line["lot"] for line in of(store, second)] == ["SOON"]


def test_only_who_may_puts_a_lot_on_hold_and_lets_it_go(store: Store) -> None:
    assert hold(store, who="picker") == ("refused", "not_allowed")
    assert free(store) == ("refused", "already_done")
    assert hold(store) == APPLIED
    picker = Handheld(store, "picker")
    back = FreeLot(sku="TEA", lot="SOON")
    assert picker.say("inventory.free_lot.v1", back) == ("refused", "not_allowed")
    assert scalar(store, "SELECT held FROM lot WHERE lot = 'SOON'") == "Recall 7"
    assert hold(store, lot="NONE") == ("refused", "not_found")


def test_a_line_that_nobody_walks_yet_leaves_a_lot_on_hold(store: Store) -> None:
    waiting = on_the_floor(store, "H-3", TEA=4)
    assert hold(store) == APPLIED
    (line,) = of(store, waiting)
    assert (line["lot"], line["bin"], line["qty"]) == ("LATE", LATE, 4)
    assert tea(store) == {(SOON, "SOON"): (10, 0), (LATE, "LATE"): (10, 4)}
    picker = Handheld(store, "picker")
    assert pick(picker, lines(store, take(picker, "pick"))[0]) == APPLIED
    assert_stock_adds_up(store)


def test_a_line_in_hand_says_that_its_lot_is_on_hold_and_is_fetched_elsewhere(
    store: Store,
) -> None:
    picker, task, made = in_hand(store, "H-4", TEA=4)
    assert hold(store) == APPLIED
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert (row["held"], row["lot"]) == ("Recall 7", "SOON")
    assert [(b["bin"], b["lot"]) for b in row["cures"]["bins"]] == [(LATE, "LATE")]
    (line,) = lines(store, task)
    assert pick(picker, line) == ("diverted", "held_lot_picked")
    assert lines(store, task)[0]["state"] == "open"
    body = {**place(line), "found": 0, "reason": "held", "qty": 4}
    other = PickElsewhere(**body, to_bin=LATE, to_lot="LATE")
    assert picker.say("picking.pick_elsewhere.v1", other) == APPLIED
    rest = next(each for each in lines(store, task) if each["state"] == "open")
    assert pick(picker, rest) == APPLIED
    assert finish(picker, task) == APPLIED
    assert state(store, made) == "picked"
    assert tea(store)[SOON, "SOON"] == (6, 0)
    assert scalar(store, "SELECT SUM(qty) FROM stock WHERE bin = 'DISCREPANCY'") is None
    assert scalar(store, "SELECT COUNT(*) FROM task WHERE kind = 'count'") == 0
    assert_stock_adds_up(store)


def test_a_lot_that_is_let_go_is_picked_where_it_lies(store: Store) -> None:
    picker, task, _ = in_hand(store, "H-5", TEA=4)
    assert hold(store) == APPLIED
    assert free(store) == APPLIED
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert row["held"] == ""
    assert pick(picker, lines(store, task)[0]) == APPLIED


def test_a_lot_that_is_held_while_a_wave_is_planned_leaves_its_order_waiting(
    store: Store,
) -> None:
    made = order(store, "H-6", TEA=4)
    good(system(store, "picking.plan_wave.v1", PlanWave(mode="single")))
    wave = str(scalar(store, "SELECT id FROM wave"))
    planned = plan(store.run_sync(lambda tx: snapshot(tx.conn, wave)))
    assert hold(store) == APPLIED
    store.run_sync(lambda tx: put(tx, wave, planned, "here"))
    assert state(store, made) == "confirmed"
    assert tea(store)[SOON, "SOON"] == (10, 0)
    assert kinds(store) == ["not_enough_stock"]


def test_pieces_of_a_lot_on_hold_that_have_left_the_shelf_are_told(store: Store) -> None:
    picker, task, _ = in_hand(store, "H-7", TEA=4)
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert hold(store) == APPLIED
    (told,) = table(store, "SELECT kind, body FROM discrepancy")
    assert told["kind"] == "lot_on_hold"
    assert '"pieces":4' in told["body"]


def test_a_lot_taken_from_a_line_that_nobody_walks_is_made_up_from_elsewhere(
    store: Store,
) -> None:
    two_lots_in_one_bin(store)
    first, task, _ = in_hand(store, "P-1", TEA=10)
    waiting = on_the_floor(store, "P-2", TEA=8)
    assert [line["lot"] for line in of(store, waiting)] == ["NEXT"]
    (line,) = lines(store, task)
    assert first.say("picking.confirm_pick.v1", took(line, "NEXT", 10)) == APPLIED
    after = of(store, waiting)
    assert [(ln["lot"], ln["bin"], ln["qty"]) for ln in after] == [("SOON", SOON, 8)]
    assert tea(store)[SOON, "SOON"] == (10, 8)
    assert sum(promised for _, promised in tea(store).values()) == 8
    assert_stock_adds_up(store)


def test_a_promise_that_no_place_can_keep_alone_is_kept_by_two(store: Store) -> None:
    lots_change(store)
    receive(store, "MORE", 95, "A01-2-1", qty=6)
    waiting = on_the_floor(store, "P-3", TEA=14)
    assert [(ln["lot"], ln["qty"]) for ln in of(store, waiting)] == [("SOON", 10), ("LATE", 4)]
    assert hold(store) == APPLIED
    made = of(store, waiting)
    assert sorted((ln["lot"], ln["qty"]) for ln in made) == [("LATE", 4), ("LATE", 6), ("MORE", 4)]
    task = table(store, "SELECT id, lines FROM task WHERE kind = 'pick'")[0]
    assert task["lines"] == 3
    picker = Handheld(store, "picker")
    for line in lines(store, take(picker, "pick")):
        assert pick(picker, line) == APPLIED
    assert finish(picker, task["id"]) == APPLIED
    assert scalar(store, "SELECT picked FROM order_line") == 14
    assert_stock_adds_up(store)


def test_a_line_in_somebodys_hands_keeps_its_place_and_the_desk_is_told(store: Store) -> None:
    two_lots_in_one_bin(store)
    first, one, _ = in_hand(store, "P-4", TEA=10)
    _, two, _ = in_hand(store, "P-5", who="picker2", TEA=8)
    (line,) = lines(store, one)
    before = lines(store, two)
    assert first.say("picking.confirm_pick.v1", took(line, "NEXT", 10)) == APPLIED
    assert lines(store, two) == before
    assert kinds(store) == ["reserved_moved"]


def test_what_is_picked_already_is_in_nobody_elses_reach(store: Store) -> None:
    two_lots_in_one_bin(store)
    first, one, _ = in_hand(store, "P-6", TEA=10)
    second, two, _ = in_hand(store, "P-7", who="picker2", TEA=8)
    assert pick(second, lines(store, two)[0]) == APPLIED
    (line,) = lines(store, one)
    assert first.say("picking.confirm_pick.v1", took(line, "NEXT", 5)) == APPLIED
    assert lines(store, two)[0]["state"] == "picked"
    in_tote = "SELECT qty FROM stock WHERE bin = :b AND lot = 'NEXT'"
    assert scalar(store, in_tote, b=f"TOTE/{two}") == 8
    assert kinds(store) == ["stock_shortfall"]
    assert scalar(store, "SELECT qty FROM stock WHERE bin = 'DISCREPANCY'") == -3
    assert_stock_adds_up(store)


def test_a_lot_that_the_books_have_elsewhere_is_booked_told_and_counted(store: Store) -> None:
    lots_change(store)
    picker, task, _ = in_hand(store, "P-8", TEA=4)
    (line,) = lines(store, task)
    assert line["bin"] == SOON
    assert picker.say("picking.confirm_pick.v1", took(line, "LATE", 4)) == APPLIED
    assert tea(store)[LATE, "LATE"] == (10, 0)
    assert kinds(store) == ["stock_shortfall"]
    counted = table(store, "SELECT DISTINCT bin, why FROM count_line")
    assert counted == [{"bin": SOON, "why": "shortfall"}]
    assert_stock_adds_up(store)


def test_a_shortage_changes_no_promise_of_another_task_or_lot(store: Store) -> None:
    good(system(store, "inventory.put_bin.v1", PutBin(code="A02-2-1", aisle=1, offset_dm=90)))
    first, one, _ = in_hand(store, "S-1", TEA=4)
    _, two, _ = in_hand(store, "S-2", who="picker2", TEA=3)
    third = on_the_floor(store, "S-3", TEA=6)
    others = (lines(store, two), of(store, third))
    assert {ln["lot"] for ln in others[0]} == {"SOON"}
    assert {ln["lot"] for ln in others[1]} == {"SOON", "LATE"}
    promised = tea(store)
    assert short(first, lines(store, one)[0], 1, lot="SOON") == APPLIED
    assert (lines(store, two), of(store, third)) == others
    after = tea(store)
    assert after[LATE, "LATE"] == promised[LATE, "LATE"]
    assert after[SOON, "SOON"][1] == promised[SOON, "SOON"][1] - 4
    assert_stock_adds_up(store)


def test_a_shortage_of_the_rest_leaves_what_was_found_first(store: Store) -> None:
    picker, task, _ = in_hand(store, "S-4", TEA=4)
    (line,) = lines(store, task)
    body = {**place(line), "found": 1, "reason": "missing", "qty": 3}
    other = PickElsewhere(**body, to_bin=LATE, to_lot="LATE")
    assert picker.say("picking.pick_elsewhere.v1", other) == APPLIED
    rest = next(each for each in lines(store, task) if each["state"] == "open")
    assert short(picker, rest, 1) == APPLIED
    assert [(ln["state"], ln["picked"]) for ln in lines(store, task)] == [
        ("short", 1),
        ("short", 1),
    ]
    assert finish(picker, task) == APPLIED
    assert scalar(store, "SELECT picked FROM order_line") == 2
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert_stock_adds_up(store)
