"""A stop that was not delivered in full opens by itself what follows from it."""

import msgspec
import sqlalchemy as sa

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.packing.ops import STAGE
from server.packing.tables import shipment
from server.pod.deliveries import RETURNS, set_shipment
from server.pod.events import GoodsCameBack, StopClosed
from server.pod.tables import goods_back, proof, stop
from server.returns import authorise
from server.returns.events import Redelivered
from server.returns.rules import Lacking, follow_up
from server.returns.tables import rma

CORRECTED_AFTER_RECEIPT = code("corrected_after_receipt")


@reacts(StopClosed)
def follow(event: StopClosed, ctx: OpContext) -> None:
    if not event.stands:
        return
    if event.corrects:
        _withdraw(ctx, event.stop)
    if event.outcome == "failed" and event.discrepancy:
        reason = authorise.settings_of(ctx.conn, ctx.site).reason(event.reason)
        discrepancies.add(ctx, event.discrepancy, follow=reason.follow)
    if event.outcome not in ("partial", "refused"):
        return
    lacks = _lacking(ctx, event)
    wanted = follow_up(lacks, authorise.settings_of(ctx.conn, ctx.site))
    if wanted is not None:
        authorise.open_one(
            ctx,
            event.order,
            wanted,
            origin="delivery",
            stop=event.stop,
            proof=event.hash,
            discrepancy=event.discrepancy or None,
        )


def _lacking(ctx: OpContext, event: StopClosed) -> list[Lacking]:
    found = sa.select(proof.c.record).where(proof.c.id == event.proof)
    record = msgspec.json.decode(ctx.conn.execute(found).scalar() or "{}")
    told = {line["no"]: line for line in record.get("lines", [])}
    lacks = []
    for line in order_store.lines(ctx.conn, [event.order]):
        said = told.get(line.no, {})
        kept = min(said.get("delivered", 0), line.shipped)
        reason = said.get("reason") or event.reason
        lack = line.shipped - kept
        lacks.append(Lacking(no=line.no, sku=line.sku, qty=lack, reason=reason))
    return lacks


def _withdraw(ctx: OpContext, stop_id: str) -> None:
    found = sa.select(rma).where(rma.c.stop == stop_id, rma.c.state.in_(("opened", "received")))
    for r in ctx.conn.execute(found.order_by(rma.c.id)).all():
        if r.state == "opened":
            authorise.withdraw(ctx, r)
        else:
            details = {"rma": r.number}
            discrepancies.open_one(ctx, CORRECTED_AFTER_RECEIPT, order=r.order_id, details=details)


@reacts(GoodsCameBack)
def go_out_again(event: GoodsCameBack, ctx: OpContext) -> None:
    """A parcel that nobody took waits at the dock again, if its reason says so."""
    s = ctx.conn.execute(sa.select(stop).where(stop.c.id == event.stop)).one()
    reason = authorise.settings_of(ctx.conn, ctx.site).reason(s.reason or "")
    if not event.complete or s.outcome != "failed" or reason.follow != "redeliver":
        return
    back = sa.select(goods_back).where(goods_back.c.stop == s.id).order_by(goods_back.c.no)
    for line in ctx.conn.execute(back).all():
        ledger.move_any_lot(ctx, line.sku, line.qty, RETURNS, STAGE, "redeliver", ref=s.shipment)
    set_shipment(ctx, s.shipment, "packed")
    ctx.conn.execute(
        sa.update(shipment).where(shipment.c.id == s.shipment).values(outcome=None, reason=None)
    )
    order_store.move_if_legal(ctx, s.order_id, "packed")
    ctx.touch("shipment", s.shipment)
    ctx.emit(Redelivered(order=s.order_id, reason=s.reason or ""))
