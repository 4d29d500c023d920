"""Back at the depot: what was not delivered is scanned off the van, and what lacks is told.

shipment: returning -> returned; run: returning -> closed
"""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Id, LineNo, Qty
from server.packing.tables import parcel, shipment
from server.pod import deliveries
from server.pod.coming_back import to_come
from server.pod.events import GoodsCameBack, ReturnsFinished
from server.pod.loading import DRIVERS, NOT_ON_RUN, STOP_UNKNOWN
from server.pod.stops import stop_of, van
from server.pod.tables import goods_back, load, run, stop

RETURN_OVER = code("return_over")
RETURN_MISSING = code("return_missing")


class BackLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`back`: pieces of the line off the van now, all told (not so many more)."""

    no: LineNo
    sku: Code
    back: Qty


class ReturnParcel(Op):
    """A parcel, or loose goods of a stop, taken off the van. `lines`: what is really in it."""

    run: Id
    stop: Id
    lines: Annotated[list[BackLine], Meta(min_length=1, max_length=1000)]
    parcel: Annotated[str, Meta(max_length=64)] = ""


@operation("pod.return_parcel.v1", kind=FACT, roles=DRIVERS)
def return_parcel(op: ReturnParcel, ctx: OpContext) -> None:
    s = stop_of(ctx, op.stop)
    if s is None or s.run != op.run:
        return ctx.divert(STOP_UNKNOWN, stop=op.stop)
    pieces = sum(_scan_off(ctx, s, line) for line in op.lines)
    over, rest = _compare(ctx, s)
    if over:
        discrepancies.open_one(
            ctx,
            RETURN_OVER,
            operation="pod.return_parcel",
            order=s.order_id,
            details={"over": over},
        )
    if not rest:
        deliveries.set_shipment(ctx, s.shipment, "returned")
    ctx.emit(
        GoodsCameBack(
            order=s.order_id,
            run=s.run,
            stop=s.id,
            parcel=op.parcel,
            pieces=pieces,
            complete=not rest,
        )
    )
    ctx.touch("stop", s.id)
    if op.parcel and not _parcel_back(ctx, s, op.parcel):
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    return None


def _parcel_back(ctx: OpContext, s: Any, number: str) -> bool:
    there = sa.select(load.c.parcel).where(load.c.stop == s.id, load.c.parcel == number)
    if ctx.conn.execute(there).first() is None:
        return False
    back = sa.update(parcel).where(parcel.c.number == number).values(state="returned")
    ctx.conn.execute(back)
    return True


def _scan_off(ctx: OpContext, s: Any, line: BackLine) -> int:
    """Moves what has changed since the last count; how many pieces more."""
    here = sa.and_(goods_back.c.stop == s.id, goods_back.c.no == line.no)
    known = ctx.conn.execute(sa.select(goods_back.c.qty).where(here)).scalar()
    if known is None:
        ctx.conn.execute(
            sa.insert(goods_back).values(stop=s.id, no=line.no, sku=line.sku, qty=line.back)
        )
    else:
        ctx.conn.execute(sa.update(goods_back).where(here).values(qty=line.back))
    more = line.back - int(known or 0)
    places = (van(s.run), deliveries.RETURNS) if more > 0 else (deliveries.RETURNS, van(s.run))
    ledger.move_any_lot(ctx, line.sku, abs(more), *places, "return", ref=s.shipment)
    return more


def _compare(ctx: OpContext, s: Any) -> tuple[int, dict[str, int]]:
    """Pieces too many, and by SKU those that are still to come."""
    over, rest = 0, {}
    for line in to_come(ctx.conn, [s.id]).get(s.id, []):
        if line.qty > line.back:
            rest[line.sku] = line.qty - line.back
        over += max(0, line.back - line.qty)
    return over, rest


class FinishReturns(Op):
    """The van is empty: the run is over."""

    run: Id


@operation("pod.finish_returns.v1", kind=FACT, roles=DRIVERS)
def finish_returns(op: FinishReturns, ctx: OpContext) -> None:
    """What should have been on the van and was not leaves its books, and is told."""
    here = sa.select(run).where(run.c.id == op.run, run.c.site == ctx.site)
    found = ctx.conn.execute(here.with_for_update()).first()
    if found is None:
        return ctx.divert(STOP_UNKNOWN, run=op.run)
    stops = sa.select(stop).where(stop.c.run == op.run, stop.c.state == "closed")
    for s in ctx.conn.execute(stops.order_by(stop.c.seq)).all():
        _write_off(ctx, s)
    if found.state == "returning":
        deliveries.end_run(ctx, op.run, found.task)
    return None


def _write_off(ctx: OpContext, s: Any) -> None:
    state = sa.select(shipment.c.state).where(shipment.c.id == s.shipment)
    if s.left_behind or ctx.conn.execute(state).scalar() != "returning":
        return
    _, rest = _compare(ctx, s)
    for sku, qty in rest.items():
        ledger.move_any_lot(
            ctx, sku, qty, van(s.run), ledger.DISCREPANCY, "return_missing", ref=s.shipment
        )
    deliveries.set_shipment(ctx, s.shipment, "returned")
    missing = sum(rest.values())
    discrepancies.open_one(
        ctx,
        RETURN_MISSING,
        operation="pod.finish_returns",
        order=s.order_id,
        task=s.task,
        details={"missing": missing, "sku": ", ".join(sorted(rest))},
    )
    ctx.emit(ReturnsFinished(order=s.order_id, run=s.run, stop=s.id, missing=missing))
    ctx.touch("stop", s.id)
