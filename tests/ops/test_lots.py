"""Lots, expiry and serial numbers: which are promised, and which a pick may not book."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutItem, PutSetting
from server.inventory.ops import ReceiveStock
from server.inventory.reserve import Free, choose
from server.inventory.rules import DAY_MS, day_of
from server.orders.ops import CancelOrder
from server.picking.ops import ConfirmPick, FinishTask, ReportShort, UndoPick
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, release_wave, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, lines, pack_all, take
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        tea = PutItem(sku="TEA", name="Tea", tracks_lot=True, tracks_expiry=True)
        good(system(opened, "catalog.put_item.v1", tea))
        clock = PutItem(sku="CLOCK", name="Clock", tracks_serial=True)
        good(system(opened, "catalog.put_item.v1", clock))
        yield opened


def receive(store: Store, lot: str, days: int, qty: int = 10, bin_code: str = "A02-2-1") -> None:
    expiry = day_of(store.clock() + days * DAY_MS)
    got = ReceiveStock(bin=bin_code, sku="TEA", qty=qty, lot=lot, expiry=expiry)
    good(system(store, "inventory.receive_stock.v1", got))


def released(store: Store, ref: str, **asked: int) -> tuple[Handheld, str, list[dict[str, Any]]]:
    order(store, ref, **asked)
    good(release_wave(store))
    picker = Handheld(store, "picker", f"hand-{ref}")
    task = take(picker, "pick")
    return picker, task, lines(store, task)


def free(bin_code: str, qty: int, expiry: str = "", day: int = 0) -> Free:
    return Free(bin_code, "TEA", expiry, qty, expiry, day)


def bins(qty: int, *goods: Free, not_before: str = "") -> list[tuple[str, int]]:
    return [(a.bin, a.qty) for a in choose("TEA", qty, list(goods), not_before=not_before)]


def test_first_expired_goes_first_even_from_more_bins() -> None:
    assert bins(5, free("B", 9, "2026-09-01"), free("A", 3, "2026-08-01")) == [("A", 3), ("B", 2)]


def test_among_equals_the_fewest_bins_are_used() -> None:
    same = (free("A", 3, "2026-08-01"), free("B", 9, "2026-08-01"))
    assert bins(5, *same) == [("B", 5)]


def test_without_expiry_what_came_first_goes_first() -> None:
    assert bins(5, free("NEW", 9, day=20), free("OLD", 3, day=10)) == [("OLD", 3), ("NEW", 2)]


def test_too_short_a_life_for_the_customer_is_left() -> None:
    goods = (free("A", 9, "2026-08-01"), free("B", 9, "2026-10-01"))
    assert bins(5, *goods, not_before="2026-09-01") == [("B", 5)]


def test_an_order_gets_the_lot_that_expires_first_and_never_an_expired_one(store: Store) -> None:
    receive(store, "OLD", -1)
    receive(store, "LATE", 90)
    receive(store, "SOON", 30, bin_code="A01-2-1")
    _, _, found = released(store, "L-1", TEA=4)
    assert [(line["lot"], line["bin"]) for line in found] == [("SOON", "A01-2-1")]


def test_a_customer_gets_the_days_that_were_agreed(store: Store) -> None:
    receive(store, "SOON", 30)
    receive(store, "LATE", 90)
    agreed = PutSetting(key="min_remaining_days", value={"C1": 60})
    good(system(store, "catalog.put_setting.v1", agreed))
    _, _, found = released(store, "L-1", TEA=4)
    assert [line["lot"] for line in found] == ["LATE"]


def test_goods_keep_the_day_of_their_receipt_when_they_are_brought_elsewhere(
    store: Store,
) -> None:
    receive(store, "L1", 90)
    came = scalar(store, "SELECT received_at FROM stock WHERE lot = 'L1'")
    moved = {"from_bin": "A02-2-1", "to_bin": "A01-1-1", "qty": 2, "sku": "TEA", "lot": "L1"}
    assert Handheld(store, "picker").say("moving.transfer.v1", moved) == APPLIED
    kept = "SELECT received_at FROM stock WHERE lot = 'L1' AND bin = 'A01-1-1'"
    assert scalar(store, kept) == came


def confirm(line: dict[str, Any], **said: Any) -> ConfirmPick:
    same = {f: line[f] for f in ("task", "bin", "sku", "qty")}
    return ConfirmPick(line=line["no"], **{**same, **said})


def test_another_lot_is_kept_from_the_order_unless_the_site_allows_it(store: Store) -> None:
    receive(store, "SOON", 30)
    receive(store, "LATE", 90)
    picker, task, found = released(store, "L-1", TEA=4)
    late = confirm(found[0], lot="LATE")
    assert picker.say("picking.confirm_pick.v1", late) == ("diverted", "wrong_lot_picked")
    assert lines(store, task)[0]["state"] == "open"
    rule = PutSetting(key="lot_change", value="same_or_later_expiry")
    good(system(store, "catalog.put_setting.v1", rule))
    assert picker.say("picking.confirm_pick.v1", late) == APPLIED
    assert lines(store, task)[0]["lot"] == "LATE"
    promised = "SELECT SUM(allocated) FROM stock WHERE bin <> 'PUTBACK'"
    assert scalar(store, promised) == 0
    assert_stock_adds_up(store)


def short(line: dict[str, Any], found: int, **said: Any) -> ReportShort:
    same = {f: line[f] for f in ("task", "bin", "sku")}
    return ReportShort(line=line["no"], found=found, reason="missing", **same, **said)


def by_lot(store: Store, bin_code: str) -> dict[str, tuple[int, int]]:
    """lot -> (pieces, promised)."""
    found = table(store, "SELECT lot, qty, allocated FROM stock WHERE bin = :b", b=bin_code)
    return {r["lot"]: (int(r["qty"]), int(r["allocated"])) for r in found}


def test_a_short_pick_of_another_lot_is_kept_from_the_order_unless_the_site_allows_it(
    store: Store,
) -> None:
    receive(store, "SOON", 30)
    receive(store, "LATE", 90)
    picker, task, found = released(store, "L-1", TEA=4)
    late = short(found[0], 3, lot="LATE")
    assert picker.say("picking.report_short.v1", late) == ("diverted", "wrong_lot_picked")
    assert lines(store, task)[0]["state"] == "open"
    assert by_lot(store, "PUTBACK") == {"LATE": (3, 3)}
    assert_stock_adds_up(store)


def test_a_short_pick_books_the_lot_that_was_taken_and_its_undo_asks_for_the_first_one(
    store: Store,
) -> None:
    rule = PutSetting(key="lot_change", value="any")
    good(system(store, "catalog.put_setting.v1", rule))
    receive(store, "SOON", 30)
    receive(store, "LATE", 90)
    picker, task, found = released(store, "L-1", TEA=4)
    line = found[0]
    before = by_lot(store, line["bin"])
    assert picker.say("picking.report_short.v1", short(line, 3, lot="LATE")) == APPLIED
    assert lines(store, task)[0]["lot"] == "LATE"
    assert by_lot(store, f"TOTE/{task}") == {"LATE": (3, 0)}
    assert by_lot(store, line["bin"]) == {"LATE": (7, 0), "SOON": (9, 0)}
    assert_stock_adds_up(store)
    back = UndoPick(task=task, line=line["no"], bin=line["bin"], sku="TEA", qty=3)
    assert picker.say("picking.undo_pick.v1", back) == APPLIED
    assert lines(store, task)[0]["lot"] == "SOON"
    assert by_lot(store, line["bin"]) == before
    assert_stock_adds_up(store)


def test_a_short_pick_binds_the_numbers_of_what_was_found(store: Store) -> None:
    got = ReceiveStock(bin="A02-2-1", sku="CLOCK", qty=5)
    good(system(store, "inventory.receive_stock.v1", got))
    first, _, one = released(store, "S-1", CLOCK=2)
    found = short(one[0], 1, serials=["N1"])
    assert first.say("picking.report_short.v1", found) == APPLIED
    second, _, two = released(store, "S-2", CLOCK=1)
    taken = second.say("picking.confirm_pick.v1", confirm(two[0], serials=["N1"]))
    assert taken == ("diverted", "serial_taken")


def test_an_expired_lot_is_kept_from_the_order(store: Store) -> None:
    receive(store, "SOON", 1)
    picker, task, found = released(store, "L-1", TEA=4)
    said = picker.envelope("picking.confirm_pick.v1", confirm(found[0], lot="SOON"))
    gone = "UPDATE lot SET expiry = '2020-01-01'"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(gone))
    picker.push(said)
    assert kinds(store) == ["expired_picked"]
    assert lines(store, task)[0]["state"] == "open"
    assert_stock_adds_up(store)


def test_goods_of_a_lot_are_packed_and_add_up(store: Store) -> None:
    receive(store, "SOON", 30, qty=3)
    receive(store, "LATE", 90)
    picker, task, found = released(store, "L-1", TEA=4)
    for line in found:
        assert picker.say("picking.confirm_pick.v1", confirm(line)) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED
    packer = Handheld(store, "packer")
    pack_all(packer, take(packer, "pack"))
    staged = table(store, "SELECT lot, qty FROM stock WHERE bin = 'STAGE' ORDER BY lot")
    assert staged == [{"lot": "LATE", "qty": 1}, {"lot": "SOON", "qty": 3}]
    assert scalar(store, "SELECT COUNT(*) FROM stock WHERE bin = 'DISCREPANCY'") == 0


def test_a_numbered_piece_is_on_one_order_line_at_most(store: Store) -> None:
    got = ReceiveStock(bin="A02-2-1", sku="CLOCK", qty=5)
    good(system(store, "inventory.receive_stock.v1", got))
    first, _, one = released(store, "S-1", CLOCK=1)
    second, task, two = released(store, "S-2", CLOCK=1)
    assert first.say("picking.confirm_pick.v1", confirm(one[0], serials=["N1"])) == APPLIED
    taken = second.say("picking.confirm_pick.v1", confirm(two[0], serials=["N1"]))
    assert taken == ("diverted", "serial_taken")
    told = table(store, "SELECT body FROM discrepancy WHERE kind = 'serial_taken'")[0]["body"]
    assert '"by":"Picker"' in told
    assert lines(store, task)[0]["state"] == "open"
    assert second.say("picking.confirm_pick.v1", confirm(two[0], serials=["N2"])) == APPLIED
    assert_stock_adds_up(store)


def test_a_cancelled_order_gives_its_numbers_back(store: Store) -> None:
    got = ReceiveStock(bin="A02-2-1", sku="CLOCK", qty=5)
    good(system(store, "inventory.receive_stock.v1", got))
    picker, _, found = released(store, "S-1", CLOCK=1)
    assert picker.say("picking.confirm_pick.v1", confirm(found[0], serials=["N1"])) == APPLIED
    gone = CancelOrder(order=found[0]["order_id"], reason="changed their mind")
    assert Handheld(store, "supervisor").say("orders.cancel_order.v1", gone) == APPLIED
    assert scalar(store, "SELECT COUNT(*) FROM serial") == 0


def test_goods_kept_by_lot_that_come_without_one_are_booked_and_told(store: Store) -> None:
    picker = Handheld(store, "picker")
    got = ReceiveStock(bin="A02-2-1", sku="TEA", qty=5)
    assert picker.say("inventory.receive_stock.v1", got) == ("diverted", "lot_unknown")
    assert by_lot(store, "A02-2-1") == {"": (5, 0)}
    assert kinds(store) == ["lot_unknown"]
