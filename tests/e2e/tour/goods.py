"""Goods that ask for more than a scan (lots that expire, numbers, packs, the last pieces of a bin,
another item instead), and orders of them that the tour's people pick and pack."""

from collections.abc import Iterator
from uuid import uuid4

from server.catalog.ops import PutItem
from server.catalog.packs import PutPacks
from server.catalog.substitutes import PutSubstitutes
from server.counting.ops import PlanCounts
from server.demo.reserve import bulk_bin
from server.floor.ops import TakeTask
from server.imports.gtin import gtin14, own_ean13
from server.inventory.ops import ReceiveStock
from server.inventory.rules import DAY_MS, day_of
from server.kernel.ops import Op
from server.orders.ops import CancelOrder
from server.picking.ops import ConfirmPick, FinishTask
from server.picking.planner import plan_waiting
from server.picking.totes import AssignTote, HandOver
from server.picking.waves import PlanWave
from server.store.store import Store
from tests.floor_site import Handheld, good, order, scalar, system
from tests.floor_work import APPLIED, lines

MATCHA, TIMER, WAX, CANDLE, LANTERN, OIL, TAG, ROPE = (
    "PN-9001",
    "KT-9002",
    "ST-9003",
    "HM-9004",
    "HM-9005",
    "HM-9006",
    "ST-9007",
    "GD-9008",
)
CASE, CASE_OF = gtin14(own_ean13("PN-9001-CASE")), 12
LOT, LATER, EARLIER = "M-2601", "M-2609", "M-2511"
"""The one that is asked for, one that may stand in for it, one that may not."""
NAMES = {
    MATCHA: "Matcha 抹茶, 40 g",
    TIMER: "Kitchen timer, numbered",
    WAX: "Sealing wax, red",
    CANDLE: "Beeswax candle, tall",
    LANTERN: "Beeswax candle, short",
    OIL: "Lamp oil, 0.5 l",
    TAG: "Luggage tag, brass",
    ROPE: "Hemp rope, 10 m",
}
PLACES = {
    TIMER: ("A01-02-1", 20),
    WAX: ("A01-02-2", 2),
    CANDLE: ("A01-03-1", 6),
    LANTERN: ("A01-03-2", 30),
    OIL: ("A01-05-1", 30),
    TAG: ("A01-05-2", 90),
}
TO_PICK = {
    "lots": {MATCHA: 14},
    "held_lot": {MATCHA: 2},
    "numbers": {TIMER: 3},
    "last": {WAX: 2},
    "instead": {CANDLE: 4},
    "short": {TAG: 1},
    "stopped": {TAG: 1},
    "moved": {TAG: 1},
    "queued": {TAG: 1},
    "cancelled": {TAG: 2},
}
TO_PACK = {
    "odd": {MATCHA: 2, OIL: 1},
    "several": {TAG: 3},
    "blind": {TAG: 2, OIL: 1},
    "halted": {TAG: 1},
    "nothing": {TAG: 1},
}
UNWANTED = {"unwanted": {TAG: 2}, "unwanted_lot": {MATCHA: 1}}
"""Cancelled after they were picked."""
LANE, EMPTY = "LANE-2", "A01-07-1"
FREE_IN_NEXT_ZONE = """SELECT code FROM bin WHERE zone = 'light' AND kind = 'pick'
  AND code NOT IN (SELECT bin FROM stock WHERE qty > 0) ORDER BY code LIMIT 1"""
BROUGHT_BACK = """SELECT m.task FROM move_line m JOIN task t ON t.id = m.task
  WHERE t.kind = 'putback' AND m.sku = :s"""
DAYS = {LOT: 120, LATER: 300, EARLIER: 60}


def code(sku: str) -> str:
    return gtin14(own_ean13(sku))


def expiry(store: Store, lot: str) -> str:
    """ISO date."""
    return day_of(store.clock() + DAYS[lot] * DAY_MS)


def _steps(store: Store) -> Iterator[tuple[str, Op]]:
    tracked = {
        MATCHA: {"tracks_lot": True, "tracks_expiry": True, "apart": "food"},
        TIMER: {"tracks_serial": True},
        OIL: {"apart": "oil"},
    }
    for sku, name in NAMES.items():
        item = PutItem(sku=sku, name=name, codes=[code(sku)], **tracked.get(sku, {}))  # type: ignore[arg-type]
        yield "catalog.put_item.v1", item
    yield "catalog.put_packs.v1", PutPacks(sku=MATCHA, packs={CASE: CASE_OF})
    yield "catalog.put_substitutes.v1", PutSubstitutes(sku=CANDLE, substitutes=[LANTERN])
    for place, lot in (("A01-01-3", LOT), ("A01-03-3", LATER)):
        got = ReceiveStock(bin=place, sku=MATCHA, qty=40, lot=lot, expiry=expiry(store, lot))
        yield "inventory.receive_stock.v1", got
    for sku, (place, qty) in PLACES.items():
        yield "inventory.receive_stock.v1", ReceiveStock(bin=place, sku=sku, qty=qty)
    for place in (bulk_bin("light"), "A01-04-1"):
        yield "inventory.receive_stock.v1", ReceiveStock(bin=place, sku=CANDLE, qty=8)


def put_goods(store: Store, found: dict[str, str]) -> None:
    """`found` gets the id of each order by its key, and of tasks of other work."""
    for operation, op in _steps(store):
        good(system(store, operation, op))
    picker = Handheld(store, "picker", "dev-picker-before")
    for key, wanted in TO_PACK.items():
        _picked(picker, _released(store, key, wanted, found))
    for key, wanted in UNWANTED.items():
        _picked(picker, _released(store, key, wanted, found))
        cancel = CancelOrder(order=found[key], reason="changed mind")
        assert head(store).say("orders.cancel_order.v1", cancel) == APPLIED
    for key, wanted in TO_PICK.items():
        _released(store, key, wanted, found)
    _first_zone(store)
    good(system(store, "counting.plan_counts.v1", PlanCounts(bins=[EMPTY])))
    found["lot_back"] = str(scalar(store, BROUGHT_BACK, s=MATCHA))
    found["empty"] = str(scalar(store, "SELECT id FROM task WHERE ref = :b", b=EMPTY))


def _released(store: Store, key: str, wanted: dict[str, int], found: dict[str, str]) -> str:
    """An order alone in its wave; its task."""
    found[key] = order(store, f"TOUR-{key}", **wanted)
    good(system(store, "picking.plan_wave.v1", PlanWave(orders=[found[key]], mode="single")))
    plan_waiting(store)
    task = "SELECT task FROM pick_line WHERE order_id = :o"
    return str(scalar(store, task, o=found[key]))


def _first_zone(store: Store) -> None:
    """A colleague has brought a cart half the way: it waits in a lane for the next zone."""
    place = str(scalar(store, FREE_IN_NEXT_ZONE))
    moved = ReceiveStock(bin=place, sku=ROPE, qty=30)
    good(system(store, "inventory.receive_stock.v1", moved))
    both = [order(store, f"TOUR-zones-{n}", **{TAG: 1, ROPE: 1}) for n in (1, 2)]
    good(system(store, "picking.plan_wave.v1", PlanWave(orders=both, mode="zone")))
    plan_waiting(store)
    first = "SELECT after FROM task WHERE after <> '' ORDER BY created_at DESC LIMIT 1"
    task = str(scalar(store, first))
    colleague = Handheld(store, "picker2", "dev-picker2-before")
    take(colleague, task)
    for slot in (1, 2):
        put_on = AssignTote(task=task, slot=slot, code=f"4{slot}")
        assert colleague.say("picking.assign_tote.v1", put_on) == APPLIED
    _confirm(colleague, task)
    handed = HandOver(task=task, place=LANE)
    assert colleague.say("picking.hand_over.v1", handed) == APPLIED
    assert colleague.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED


def _picked(picker: Handheld, task: str) -> None:
    take(picker, task)
    _confirm(picker, task)
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED


def _confirm(picker: Handheld, task: str) -> None:
    for line in lines(picker.store, task):
        asked = {each: line[each] for each in ("bin", "sku", "qty", "lot")}
        picked = ConfirmPick(task=task, line=line["no"], **asked)
        assert picker.say("picking.confirm_pick.v1", picked) == APPLIED


def take(handheld: Handheld, task_id: str) -> None:
    epoch = scalar(handheld.store, "SELECT epoch FROM task WHERE id = :t", t=task_id)
    said = handheld.say("floor.take_task.v1", TakeTask(task=task_id, expects=epoch))
    assert said == APPLIED, said


def supervisor(store: Store) -> Handheld:
    """One who acts on what somebody else is doing."""
    return Handheld(store, "supervisor", f"dev-desk-{uuid4()}")


def head(store: Store) -> Handheld:
    """One who may cancel what has been begun."""
    return Handheld(store, "admin", f"dev-desk-{uuid4()}")
