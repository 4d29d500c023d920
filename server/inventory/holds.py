"""A lot that may not leave: a recall, a doubt about its quality. It stays where it lies, is
promised to nobody and stops at the scan, until somebody who may lets it go."""

from typing import Annotated, ClassVar

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.inventory.tables import bin_, lot, stock
from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Role

LOT_ON_HOLD = code("lot_on_hold")
Lot = Annotated[str, Meta(min_length=1, max_length=64)]
Why = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMIN})


class LotHeld(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "inventory.lot_held"
    sku: str
    lot: str
    reason: str


class LotFreed(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "inventory.lot_freed"
    sku: str
    lot: str


class HoldLot(Op):
    """`reason` is told wherever the lot is met."""

    sku: Code
    lot: Lot
    reason: Why


@operation("inventory.hold_lot.v1", kind=REQUEST, roles=KEEPERS)
def hold_lot(op: HoldLot, ctx: OpContext) -> None:
    if _held(ctx, op.sku, op.lot):
        raise Refusal("already_done", field="lot", value=op.lot)
    _say(ctx, op.sku, op.lot, op.reason)
    ctx.emit(LotHeld(sku=op.sku, lot=op.lot, reason=op.reason))
    if picked := _off_the_shelf(ctx, op.sku, op.lot):
        details = {"sku": op.sku, "lot": op.lot, "reason": op.reason, "pieces": picked}
        discrepancies.open_one(ctx, LOT_ON_HOLD, operation="inventory.hold_lot", details=details)


class FreeLot(Op):
    sku: Code
    lot: Lot


@operation("inventory.free_lot.v1", kind=REQUEST, roles=KEEPERS)
def free_lot(op: FreeLot, ctx: OpContext) -> None:
    if not _held(ctx, op.sku, op.lot):
        raise Refusal("already_done", field="lot", value=op.lot)
    _say(ctx, op.sku, op.lot, "")
    ctx.emit(LotFreed(sku=op.sku, lot=op.lot))


def _held(ctx: OpContext, sku: str, lot_code: str) -> str:
    found = sa.select(lot.c.held).where(
        lot.c.site == ctx.site, lot.c.sku == sku, lot.c.lot == lot_code
    )
    why = ctx.conn.execute(found.with_for_update()).scalar()
    if why is None:
        raise Refusal("not_found", field="lot", value=lot_code)
    return str(why)


def _say(ctx: OpContext, sku: str, lot_code: str, why: str) -> None:
    same = (lot.c.site == ctx.site, lot.c.sku == sku, lot.c.lot == lot_code)
    ctx.conn.execute(sa.update(lot).where(*same).values(held=why))


def _off_the_shelf(ctx: OpContext, sku: str, lot_code: str) -> int:
    """Pieces in totes, at the bench, at the dock, aboard: somebody has to look for them."""
    s = stock.c
    in_a_bin = sa.exists().where(bin_.c.site == s.site, bin_.c.code == s.bin)
    found = sa.select(sa.func.sum(s.qty)).where(
        s.site == ctx.site, s.sku == sku, s.lot == lot_code, s.qty > 0, ~in_a_bin
    )
    return int(ctx.conn.execute(found).scalar() or 0)
