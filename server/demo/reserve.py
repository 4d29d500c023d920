"""What stands behind the pick faces: bulk bins, a dock with a delivery, lots that expire."""

from collections.abc import Iterator

from server.catalog.ops import PutItem, PutSetting
from server.counting.ops import PlanCounts
from server.demo.site import AISLES, zone
from server.inventory.ops import PutBin, PutLevel, ReceiveStock
from server.inventory.rules import DAY_MS, day_of
from server.kernel.ops import Op
from server.moving.replenish import PlanReplenishment

DOCK = "DOCK-1"
LOTS = {"PN-0401": (("H-2511", 45, 40), ("H-2604", 200, 60))}
"""SKU -> lots: code, days until expiry, pieces. The first in its own bin, the second in bulk."""
_BULK = {"heavy": ("KT-0301", 60), "light": ("PN-0101", 240), "fragile": ("KT-0201", 120)}
_DELIVERY = (("ST-0101", 36), ("KT-0101", 24), ("HM-0301", 18))
_COUNTS = ("A03-01-1", "A07-01-1")

Step = tuple[str, Op]


def bulk_bin(weight_class: str) -> str:
    return f"R-{weight_class.upper()}-1"


def reserve_bins() -> Iterator[Step]:
    """One bulk bin at the back of each zone, and the dock."""
    yield "inventory.put_bin.v1", PutBin(code=DOCK, kind="stage")
    for weight_class in _BULK:
        last = max(aisle for aisle in range(AISLES) if zone(aisle) == weight_class)
        place = PutBin(
            code=bulk_bin(weight_class),
            kind="bulk",
            zone=weight_class,
            aisle=last,
            block=1,
            offset_dm=115,
            side="R",
            level=3,
        )
        yield "inventory.put_bin.v1", place


def keeps_lots(op: PutItem) -> PutItem:
    """The same item, kept by lot and expiry where the demo has lots of it."""
    if op.sku in LOTS:
        op.tracks_lot = op.tracks_expiry = True
    return op


def reserve_stock(faces: dict[str, str], now: int) -> Iterator[Step]:
    """`faces`: SKU -> the bin it is picked from. The faces are low enough for a first task."""
    yield "catalog.put_setting.v1", PutSetting(key="lot_change", value="same_or_later_expiry")
    for weight_class, (sku, pieces) in _BULK.items():
        bulk = ReceiveStock(bin=bulk_bin(weight_class), sku=sku, qty=pieces)
        yield "inventory.receive_stock.v1", bulk
        level = PutLevel(bin=faces[sku], sku=sku, least=120, most=160)
        yield "inventory.put_level.v1", level
    for sku, lots in LOTS.items():
        for (lot, days, pieces), place in zip(lots, (faces[sku], bulk_bin("fragile")), strict=True):
            expiry = day_of(now + days * DAY_MS)
            got = ReceiveStock(bin=place, sku=sku, qty=pieces, lot=lot, expiry=expiry)
            yield "inventory.receive_stock.v1", got
    for sku, pieces in _DELIVERY:
        yield "inventory.receive_stock.v1", ReceiveStock(bin=DOCK, sku=sku, qty=pieces)


def reserve_work() -> Iterator[Step]:
    yield "moving.plan_replenishment.v1", PlanReplenishment(most=2)
    yield "counting.plan_counts.v1", PlanCounts(bins=list(_COUNTS))
