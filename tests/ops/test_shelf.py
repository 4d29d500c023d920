"""What is wrong at the shelf, and what becomes of the rest of the line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.catalog.ops import PutItem, PutSetting
from server.catalog.substitutes import PutSubstitutes
from server.inventory.ops import PutBin, ReceiveStock
from server.inventory.rules import DAY_MS, day_of
from server.moving.ops import ConfirmMove, Transfer
from server.orders.ops import CancelOrder
from server.picking.ops import (
    AwaitStock,
    PickElsewhere,
    PickSubstitute,
    RequestLabel,
    SkipLine,
    ZeroCheck,
)
from server.store.store import Store
from tests.floor_site import Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines, pack_all, state, take
from tests.picking_work import (
    finish,
    in_hand,
    line_of,
    pick,
    place,
    row_of,
    short,
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


def receive(store: Store, bin_code: str, sku: str, qty: int, kind: str = "pick") -> None:
    good(system(store, "inventory.put_bin.v1", PutBin(code=bin_code, kind=kind, aisle=1)))
    got = ReceiveStock(bin=bin_code, sku=sku, qty=qty)
    good(system(store, "inventory.receive_stock.v1", got))


def elsewhere(picker: Handheld, line: dict[str, Any], to_bin: str, **more: Any) -> tuple[str, Any]:
    body = {"found": 1, "reason": "missing", "qty": 2, **place(line), "to_bin": to_bin, **more}
    return picker.say("picking.pick_elsewhere.v1", PickElsewhere(**body))


def test_a_line_carries_the_other_bins_with_free_stock_and_no_more_than_four(store: Store) -> None:
    for n in range(6):
        receive(store, f"B0{n}", "MUG", 3 + n)
    _, task, _ = in_hand(store, "E-0", MUG=40)
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    bins = row["cures"]["bins"]
    assert len(bins) == 4
    assert all(b["qty"] > 0 and b["bin"] != row["bin"] for b in bins)
    assert row["cures"]["empties"] is False


def test_the_rest_of_a_short_line_is_fetched_elsewhere_and_the_order_is_complete(
    store: Store,
) -> None:
    receive(store, "A02-2-1", "MUG", 20)
    picker, task, order = in_hand(store, "E-1", MUG=3, TEE=1)
    line = next(each for each in lines(store, task) if each["sku"] == "MUG")
    other = "A02-2-1" if line["bin"] != "A02-2-1" else "A01-1-1"
    assert elsewhere(picker, line, other, walk=[2, line["no"] + 10_000]) == APPLIED
    rest = line_of(store, task, line["no"] + 10_000)
    assert (rest["bin"], rest["qty"], rest["instead_of"]) == (other, 2, line["no"])
    assert stock(store, other, "MUG")[1] == 2
    held = row_of(store, "u:picker", "task", task)
    assert held is not None
    assert held["lines"] == 3
    for each in lines(store, task):
        if each["state"] == "open":
            assert pick(picker, each) == APPLIED
    assert finish(picker, task) == APPLIED
    assert state(store, order) == "picked"
    assert scalar(store, "SELECT picked FROM order_line WHERE sku = 'MUG'") == 3
    assert scalar(store, "SELECT SUM(allocated) FROM stock WHERE sku <> 'MUG'") == 0
    assert_stock_adds_up(store)


def test_the_walk_is_kept_as_the_handheld_made_it(store: Store) -> None:
    picker, task, _ = in_hand(store, "E-2", MUG=1, TEE=1, LAMP=1)
    skip = SkipLine(task=task, line=1, walk=[2, 3, 1])
    assert picker.say("picking.skip_line.v1", skip) == APPLIED
    seqs = {no: row_of(store, "u:picker", "line", f"{task}/{no}") for no in (1, 2, 3)}
    assert [row["seq"] for row in seqs.values() if row] == [3, 1, 2]


def test_what_was_fetched_elsewhere_after_a_cancel_is_put_back_once(store: Store) -> None:
    picker, task, order = in_hand(store, "E-3", MUG=3)
    chief = Handheld(store, "supervisor")
    gone = CancelOrder(order=order, reason="customer")
    assert chief.say("orders.cancel_order.v1", gone) == APPLIED
    line = lines(store, task)[0]
    assert elsewhere(picker, line, "A02-2-1")[0] == "diverted"
    assert stock(store, "PUTBACK", "MUG")[0] == 1
    assert len(tasks_of(store, "putback")) == 1
    assert_stock_adds_up(store)


def test_an_allowed_substitute_is_sent_and_the_order_line_says_so(store: Store) -> None:
    wanted = PutSubstitutes(sku="MUG", substitutes=["LAMP"])
    good(system(store, "catalog.put_substitutes.v1", wanted))
    picker, task, order = in_hand(store, "S-1", MUG=3)
    line = lines(store, task)[0]
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    offer = row["cures"]["substitutes"][0]
    assert (offer["sku"], offer["at"]["bin"], offer["at"]["qty"]) == ("LAMP", "A02-1-1", 30)
    body = {**place(line), "found": 1, "reason": "missing", "qty": 2}
    taken = PickSubstitute(**body, substitute="LAMP", to_bin=offer["at"]["bin"])
    assert picker.say("picking.pick_substitute.v1", taken) == APPLIED
    assert pick(picker, line_of(store, task, 10_001)) == APPLIED
    assert finish(picker, task) == APPLIED
    got = table(store, "SELECT picked, substitute, substituted FROM order_line")[0]
    assert got == {"picked": 3, "substitute": "LAMP", "substituted": 2}
    packer = Handheld(store, "packer")
    pack_all(packer, take(packer, "pack"))
    assert state(store, order) == "packed"
    assert_stock_adds_up(store)


def test_a_customer_who_takes_no_substitute_is_offered_none_and_gets_none(store: Store) -> None:
    wanted = PutSubstitutes(sku="MUG", substitutes=["LAMP"])
    good(system(store, "catalog.put_substitutes.v1", wanted))
    rule = PutSetting(key="substitutes", value={"allow": True, "customers": {"C1": False}})
    good(system(store, "catalog.put_setting.v1", rule))
    picker, task, _ = in_hand(store, "S-2", MUG=3)
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert row["cures"]["substitutes"] == []
    body = {**place(lines(store, task)[0]), "found": 0, "reason": "missing", "qty": 3}
    taken = PickSubstitute(**body, substitute="LAMP", to_bin="A02-1-1")
    said = picker.say("picking.pick_substitute.v1", taken)
    assert said == ("diverted", "not_a_substitute")
    assert len(lines(store, task)) == 1


def test_a_line_that_waits_opens_a_replenishment_and_is_free_when_the_goods_come(
    store: Store,
) -> None:
    receive(store, "BULK-1", "MUG", 50, kind="bulk")
    picker, task, _ = in_hand(store, "W-1", MUG=3)
    line = lines(store, task)[0]
    body = {**place(line), "found": 1, "reason": "missing"}
    assert picker.say("picking.await_stock.v1", AwaitStock(**body)) == APPLIED
    waiting = row_of(store, "u:picker", "line", f"{task}/10001")
    assert waiting is not None
    assert waiting["waits"] is True
    fill = tasks_of(store, "replenish")[0]
    runner = Handheld(store, "picker2")
    assert take_it(runner, fill["id"]) == APPLIED
    brought = ConfirmMove(
        task=fill["id"], line=1, sku="MUG", qty=2, from_bin="BULK-1", to_bin=line["bin"]
    )
    assert runner.say("moving.confirm_move.v1", brought) == APPLIED
    free = row_of(store, "u:picker", "line", f"{task}/10001")
    assert free is not None
    assert free["waits"] is False
    assert pick(picker, line_of(store, task, 10_001)) == APPLIED
    assert finish(picker, task) == APPLIED
    assert scalar(store, "SELECT picked FROM order_line") == 3
    assert_stock_adds_up(store)


def test_a_line_that_waits_for_what_bulk_does_not_have_is_told_to_the_desk(store: Store) -> None:
    picker, task, _ = in_hand(store, "W-2", MUG=3)
    body = {**place(lines(store, task)[0]), "found": 0, "reason": "missing"}
    assert picker.say("picking.await_stock.v1", AwaitStock(**body)) == APPLIED
    assert kinds(store) == ["no_bulk_stock", "short_pick"]


def test_damaged_goods_are_brought_to_quarantine_and_not_written_off(store: Store) -> None:
    good(system(store, "inventory.put_bin.v1", PutBin(code="QUAR", kind="quarantine")))
    picker, task, _ = in_hand(store, "D-1", MUG=3)
    line = lines(store, task)[0]
    assert short(picker, line, 1, reason="damaged") == APPLIED
    moves = table(store, "SELECT * FROM move_line WHERE why = 'damaged'")
    assert [(m["from_bin"], m["to_bin"], m["qty"]) for m in moves] == [(line["bin"], "QUAR", 2)]
    assert stock(store, line["bin"], "MUG") == (49, 2)
    assert stock(store, "DISCREPANCY", "MUG")[0] == 0
    assert len(tasks_of(store, "count")) == 1


def test_another_item_in_the_bin_has_both_counted(store: Store) -> None:
    picker, task, _ = in_hand(store, "D-2", MUG=3)
    line = lines(store, task)[0]
    assert short(picker, line, 1, reason="wrong_item", other="09506000134352") == APPLIED
    counted = table(store, "SELECT bin, sku FROM count_line ORDER BY sku")
    assert [(c["bin"], c["sku"]) for c in counted] == [(line["bin"], "MUG"), (line["bin"], "TEE")]


def test_goods_behind_a_blocked_way_stay_on_the_books(store: Store) -> None:
    picker, task, _ = in_hand(store, "D-3", MUG=3)
    line = lines(store, task)[0]
    assert short(picker, line, 0, reason="blocked") == APPLIED
    assert stock(store, line["bin"], "MUG") == (50, 0)


def test_an_important_customers_account_manager_is_told(store: Store) -> None:
    picker, task, order = in_hand(store, "V-1", MUG=3)
    store.run_sync(lambda tx: tx.conn.execute(sa.text("UPDATE customer SET vip = true")))
    assert short(picker, lines(store, task)[0], 1) == APPLIED
    told = table(
        store,
        "SELECT body FROM event WHERE kind = 'picking.account_manager_told' AND key = :o",
        o=order,
    )
    assert len(told) == 1
    assert '"missing":2' in told[0]["body"]
    board = table(store, "SELECT body FROM feed WHERE kind = 'discrepancy' AND scope = 'b:main'")
    assert any('"vip":"Corner Shop"' in each["body"] for each in board)


def test_a_bin_that_should_be_empty_and_is_not_is_counted(store: Store) -> None:
    picker, task, _ = in_hand(store, "Z-1", MUG=50)
    line = lines(store, task)[0]
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert row["cures"]["empties"] is True
    assert pick(picker, line) == APPLIED
    looked = ZeroCheck(**place(line), empty=True)
    assert picker.say("picking.zero_check.v1", looked) == APPLIED
    assert tasks_of(store, "count") == []
    looked = ZeroCheck(**place(line), empty=False, found=4)
    assert picker.say("picking.zero_check.v1", looked) == APPLIED
    assert [task["ref"] for task in tasks_of(store, "count")] == [line["bin"]]


def test_a_site_that_does_not_ask_for_empty_bins_gets_no_question(store: Store) -> None:
    off = PutSetting(key="zero_check", value={"ask": False})
    good(system(store, "catalog.put_setting.v1", off))
    _, task, _ = in_hand(store, "Z-2", MUG=50)
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert row["cures"]["empties"] is False


def test_no_bin_is_offered_whose_goods_expire_before_the_customer_takes_them(
    store: Store,
) -> None:
    good(system(store, "catalog.put_item.v1", PutItem(sku="TEA", name="Tea", tracks_lot=True)))
    agreed = PutSetting(key="min_remaining_days", value={"C1": 60})
    good(system(store, "catalog.put_setting.v1", agreed))
    for bin_code, lot, days in (("A01-1-1", "GOOD", 70), ("A01-2-1", "SOON", 30)):
        expiry = day_of(store.clock() + days * DAY_MS)
        got = ReceiveStock(bin=bin_code, sku="TEA", qty=5, lot=lot, expiry=expiry)
        good(system(store, "inventory.receive_stock.v1", got))
    later = day_of(store.clock() + 90 * DAY_MS)
    same_bin = ReceiveStock(bin="A01-1-1", sku="TEA", qty=5, lot="LATER", expiry=later)
    good(system(store, "inventory.receive_stock.v1", same_bin))
    _, task, _ = in_hand(store, "E-9", TEA=3)
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert [(b["bin"], b["lot"]) for b in row["cures"]["bins"]] == [("A01-1-1", "LATER")]


def test_a_label_that_cannot_be_read_is_asked_for_at_the_desk_and_the_line_stays(
    store: Store,
) -> None:
    picker, task, _ = in_hand(store, "L-1", MUG=2)
    line = lines(store, task)[0]
    asked = RequestLabel(**place(line), of="bin")
    assert picker.say("picking.request_label.v1", asked) == APPLIED
    assert kinds(store) == ["label_unreadable"]
    assert pick(picker, line) == APPLIED


def test_more_than_asked_goes_home_by_a_task(store: Store) -> None:
    picker, task, _ = in_hand(store, "O-1", MUG=2)
    assert pick(picker, lines(store, task)[0], qty=5) == ("diverted", "over_picked")
    home = table(store, "SELECT * FROM move_line")
    assert [(m["from_bin"], m["qty"], m["why"]) for m in home] == [("PUTBACK", 3, "astray")]
    assert_stock_adds_up(store)


def counts_of(store: Store, sku: str) -> list[str]:
    found = "SELECT bin FROM count_line WHERE sku = :s AND why = 'shortfall'"
    return [str(r["bin"]) for r in table(store, found, s=sku)]


def _empty_the_books(store: Store, line: dict[str, Any], left: int) -> None:
    """Somebody has carried it away, and on paper all but `left` pieces of it."""
    have = stock(store, line["bin"], line["sku"])[0]
    gone = Transfer(from_bin=line["bin"], to_bin="A02-2-1", sku=line["sku"], qty=have - left)
    mover = Handheld(store, "picker2", f"mover-{line['sku']}")
    assert mover.say("moving.transfer.v1", gone) == APPLIED


def test_a_bin_that_gave_more_than_the_books_had_is_told_and_counted(store: Store) -> None:
    picker, task, _ = in_hand(store, "S-1", LAMP=5)
    (line,) = lines(store, task)
    _empty_the_books(store, line, 2)
    assert pick(picker, line) == APPLIED
    assert "stock_shortfall" in kinds(store)
    assert counts_of(store, "LAMP") == [line["bin"]]
    assert stock(store, line["bin"], "LAMP")[0] == 0
    assert_stock_adds_up(store)


def test_so_is_one_from_which_a_short_line_or_a_piece_too_many_was_taken(store: Store) -> None:
    picker, task, _ = in_hand(store, "S-2", MUG=6, TEE=2)
    mug, tee = lines(store, task)
    _empty_the_books(store, mug, 1)
    assert short(picker, mug, 4, reason="blocked") == APPLIED
    assert counts_of(store, "MUG") == [mug["bin"]]
    _empty_the_books(store, tee, 2)
    assert pick(picker, tee, 3) == ("diverted", "over_picked")
    assert counts_of(store, "TEE") == [tee["bin"]]
    assert kinds(store).count("stock_shortfall") == 2
    assert_stock_adds_up(store)
