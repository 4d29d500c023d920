"""Putaway, replenishment, transfers and counts, each once: the other work of the recorded life."""

from typing import Any

from server.catalog.ops import PutItem
from server.counting.ops import FinishCount, PlanCounts, RecordCount
from server.floor.ops import TakeTask
from server.inventory.holds import FreeLot, HoldLot
from server.inventory.ops import PutBin, PutLevel, ReceiveStock
from server.moving.ops import ConfirmMove, FinishMove, ReportMove, Transfer
from server.moving.replenish import PlanReplenishment
from server.orders.priorities import Reprioritise
from server.orders.promises import LearnPromises
from server.picking.full_totes import FillTote
from server.picking.planner import plan_waiting
from server.picking.release import DropWave, ReleaseWave
from server.picking.totes import AssignTote, HandOver, SortLine
from server.picking.waves import PlanWave
from server.store.store import Store
from tests.floor_site import Handheld, good, order, release_wave, scalar, system, table
from tests.floor_work import APPLIED, lines


def other_work(store: Store) -> None:
    for code, kind in (("DOCK", "stage"), ("BULK-1", "bulk")):
        good(system(store, "inventory.put_bin.v1", PutBin(code=code, kind=kind)))
    first, second = Handheld(store, "picker", "hand-7"), Handheld(store, "picker2", "hand-8")
    _put_away(store, first)
    _replenish(store, second)
    moved = Transfer(from_bin="A01-1-1", to_bin="A02-2-1", qty=1, sku="MUG")
    assert first.say("moving.transfer.v1", moved) == APPLIED
    _count(store, first, second)
    _on_a_cart(store, first)
    _recall(store)


def _take(store: Store, handheld: Handheld, kind: str, ref: str) -> dict[str, Any]:
    wanted = "SELECT id, epoch FROM task WHERE kind = :k AND ref = :r AND state = 'open'"
    task = table(store, wanted, k=kind, r=ref)[0]
    taken = TakeTask(task=task["id"], expects=task["epoch"])
    assert handheld.say("floor.take_task.v1", taken) == APPLIED
    lines = table(store, "SELECT * FROM move_line WHERE task = :t", t=task["id"])
    return lines[0] if lines else task


def _put_away(store: Store, handheld: Handheld) -> None:
    received = ReceiveStock(bin="DOCK", sku="MUG", qty=6)
    assert handheld.say("inventory.receive_stock.v1", received) == APPLIED
    line = _take(store, handheld, "putaway", "DOCK")
    brought = ConfirmMove(
        task=line["task"], line=1, sku="MUG", qty=6, from_bin="DOCK", to_bin=line["to_bin"]
    )
    assert handheld.say("moving.confirm_move.v1", brought) == APPLIED
    assert handheld.say("moving.finish_move.v1", FinishMove(task=line["task"])) == APPLIED


def _replenish(store: Store, handheld: Handheld) -> None:
    bulk = ReceiveStock(bin="BULK-1", sku="TEE", qty=50)
    good(system(store, "inventory.receive_stock.v1", bulk))
    level = PutLevel(bin="A01-2-1", sku="TEE", least=45, most=60)
    good(system(store, "inventory.put_level.v1", level))
    good(system(store, "moving.plan_replenishment.v1", PlanReplenishment()))
    line = _take(store, handheld, "replenish", "BULK-1")
    gone = ReportMove(task=line["task"], line=1, bin="BULK-1", reason="missing")
    assert handheld.say("moving.report_move.v1", gone) == APPLIED
    assert handheld.say("moving.finish_move.v1", FinishMove(task=line["task"])) == APPLIED


def _count(store: Store, first: Handheld, second: Handheld) -> None:
    """The bulk bin is counted already (goods were missing); somebody else counts it again."""
    good(system(store, "counting.plan_counts.v1", PlanCounts(bins=["BULK-1"])))
    for counter, qty in ((first, 20), (second, 20)):
        task = _take(store, counter, "count", "BULK-1")["id"]
        said = RecordCount(task=task, line=1, bin="BULK-1", sku="TEE", qty=qty)
        assert counter.say("counting.record_count.v1", said) == APPLIED
        assert counter.say("counting.finish_count.v1", FinishCount(task=task)) == APPLIED


def _recall(store: Store) -> None:
    """A lot is put on hold while a task that nobody has taken counts on it, and let go again."""
    good(system(store, "catalog.put_item.v1", PutItem(sku="TEA", name="Tea", tracks_lot=True)))
    for lot, expiry in (("L1", "2090-01-01"), ("L2", "2091-01-01")):
        got = ReceiveStock(bin="A02-2-1", sku="TEA", qty=5, lot=lot, expiry=expiry)
        good(system(store, "inventory.receive_stock.v1", got))
    made = order(store, "V-10", TEA=2)
    good(release_wave(store))
    chief = Handheld(store, "supervisor", "desk-10")
    held = HoldLot(sku="TEA", lot="L1", reason="Recall 7")
    assert chief.say("inventory.hold_lot.v1", held) == APPLIED
    assert scalar(store, "SELECT lot FROM pick_line WHERE order_id = :o", o=made) == "L2"
    freed = FreeLot(sku="TEA", lot="L1")
    assert chief.say("inventory.free_lot.v1", freed) == APPLIED


def _on_a_cart(store: Store, handheld: Handheld) -> None:
    """Two orders on one cart, planned twice: the first wave is given up."""
    for ref in ("V-8", "V-9"):
        order(store, ref, LAMP=1)
    chief = Handheld(store, "supervisor", "desk-8")
    given_up = DropWave(wave=_proposed(store))
    assert chief.say("picking.drop_wave.v1", given_up) == APPLIED
    wave = _proposed(store)
    assert chief.say("picking.release_wave.v1", ReleaseWave(wave=wave)) == APPLIED
    good(system(store, "orders.reprioritise.v1", Reprioritise()))
    good(system(store, "orders.learn_promises.v1", LearnPromises()))
    task = _take(store, handheld, "pick", wave)["id"]
    line = lines(store, task)[0]
    put_on = AssignTote(task=task, slot=line["slot"], code="T1")
    assert handheld.say("picking.assign_tote.v1", put_on) == APPLIED
    full = FillTote(task=task, slot=line["slot"], to_slot=9, code="T9", line=line["no"], qty=0)
    assert handheld.say("picking.fill_tote.v1", full) == APPLIED
    put_in = SortLine(task=task, line=line["no"], tote="T9")
    assert handheld.say("picking.sort_line.v1", put_in) == APPLIED
    assert handheld.say("picking.hand_over.v1", HandOver(task=task, place="GATE")) == APPLIED


def _proposed(store: Store) -> str:
    good(system(store, "picking.plan_wave.v1", PlanWave(mode="cluster", release=False)))
    plan_waiting(store)
    return str(scalar(store, "SELECT id FROM wave WHERE state = 'proposed'"))
