"""What a closed stop does to proof, stock, order and run."""

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.orders.tables import order_line, orders
from server.packing.tables import shipment
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.countersign import countersign
from server.pod.events import StopClosed
from server.pod.evidence import Evidence, verdicts
from server.pod.tables import proof, run, stop
from server.store.tables import device

RETURNS = "RETURNS"
"""Where refused and undelivered goods wait for inspection."""
PART_DELIVERED = code("part_delivered")
DELIVERY_REFUSED = code("delivery_refused")
DELIVERY_FAILED = code("delivery_failed")
EVIDENCE_DOUBTFUL = code("evidence_doubtful")
CHAIN_START = "0" * 64
_FOLLOW_UP = {
    "partial": PART_DELIVERED,
    "refused": DELIVERY_REFUSED,
    "failed": DELIVERY_FAILED,
}
_ORDER_STATE = {"full": "delivered", "partial": "part_delivered", "refused": "refused"}


def packed_shipments(ctx: OpContext, order_ids: list[str]) -> list[Any]:
    """Those that wait for one of the house's own vans."""
    found = (
        sa.select(shipment.c.id, shipment.c.order_id, orders.c.ship_to)
        .join(orders, orders.c.id == shipment.c.order_id)
        .outerjoin(waybill_of, waybill_of.c.shipment == shipment.c.id)
        .outerjoin(waybill, waybill.c.id == waybill_of.c.waybill)
        .where(shipment.c.site == ctx.site, shipment.c.state == "packed")
        .where(sa.or_(waybill.c.carrier.is_(None), waybill.c.carrier == OWN))
        .order_by(shipment.c.changed_at, shipment.c.id)
    )
    if order_ids:
        found = found.where(shipment.c.order_id.in_(order_ids))
    return sorted(ctx.conn.execute(found).all(), key=_by_place)


def _by_place(s: Any) -> tuple[str, str, str, str]:
    to = msgspec.json.decode(s.ship_to)
    return to.get("country", ""), to.get("postcode", ""), to.get("street", ""), s.id


def goods(ctx: OpContext, order_id: str) -> list[tuple[str, int]]:
    """What the order's parcels hold: SKU and pieces."""
    lines = order_store.lines(ctx.conn, [order_id])
    return [(line.sku, line.picked) for line in lines if line.picked]


def mark_shipped(ctx: OpContext, order_id: str, left: Mapping[str, int] | None = None) -> None:
    """What was picked, less what is `left` at the dock (SKU -> pieces): what is invoiced."""
    less = dict(left or {})
    for line in order_store.lines(ctx.conn, [order_id]):
        short = min(line.picked, less.get(line.sku, 0))
        less[line.sku] = less.get(line.sku, 0) - short
        ctx.conn.execute(
            sa.update(order_line)
            .where(order_line.c.order_id == order_id, order_line.c.no == line.no)
            .values(shipped=line.picked - short)
        )


def mark_delivered(ctx: OpContext, order_id: str) -> None:
    """All that was shipped is the customer's."""
    ctx.conn.execute(
        sa.update(order_line)
        .where(order_line.c.order_id == order_id)
        .values(delivered=order_line.c.shipped)
    )


def keep_proof(
    ctx: OpContext, record: dict[str, Any], claimed: str, signature: str
) -> tuple[str, dict[str, str]]:
    """Always recorded, whatever is wrong with it; the verdicts say what."""
    made = ctx.new_id()
    jwk = ctx.conn.execute(sa.select(device.c.public_key).where(device.c.id == ctx.device)).scalar()
    found = verdicts(record, claimed, signature, jwk, ctx.at, _head(ctx))
    ctx.conn.execute(
        sa.insert(proof).values(
            id=made,
            site=ctx.site,
            stop=record["stop"],
            order_id=record["order"],
            device=ctx.device,
            n=ctx.n,
            record=msgspec.json.encode(record).decode(),
            hash=claimed,
            prev=record["prev"],
            signature=signature,
            verdicts=msgspec.json.encode(found).decode(),
            recv_at=ctx.now,
        )
    )
    countersign(ctx, made, record, claimed, found)
    return made, found


def _head(ctx: OpContext) -> str:
    last = sa.select(proof.c.hash).where(proof.c.device == ctx.device).order_by(proof.c.n.desc())
    return str(ctx.conn.execute(last.limit(1)).scalar() or CHAIN_START)


def tell(
    ctx: OpContext, s: Any, e: Evidence, proof_id: str, claimed: str, found: dict[str, str]
) -> None:
    at = e.position
    ctx.emit(
        StopClosed(
            order=s.order_id,
            run=s.run,
            stop=s.id,
            outcome=e.outcome,
            reason=e.reason,
            receiver=e.receiver,
            proof=proof_id,
            hash=claimed,
            signature=e.signature or "",
            photos=list(e.photos),
            lat_e7=at.lat_e7 if at else None,
            lon_e7=at.lon_e7 if at else None,
            acc_cm=at.acc_cm if at else None,
            delivered=sum(line.delivered for line in e.lines),
            ordered=sum(line.qty for line in e.lines),
            verdicts=found,
        )
    )
    if bad := {k: v for k, v in found.items() if k in ("hash", "signature", "chain") and v != "ok"}:
        discrepancies.open_one(
            ctx, EVIDENCE_DOUBTFUL, operation="pod.deliver", order=s.order_id, details=bad
        )


def is_aboard(ctx: OpContext, shipment_id: str) -> bool:
    """Whether the van has left with all of it, by the books."""
    state = ctx.conn.execute(sa.select(shipment.c.state).where(shipment.c.id == shipment_id))
    return str(state.scalar()) != "on_run"


def leave_at_dock(ctx: OpContext, s: Any, e: Evidence) -> None:
    """A failed stop whose goods never left: nothing moves, and the next run may take them."""
    _close_stop(ctx, s, e)
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == s.shipment)
        .values(state="packed", changed_at=ctx.at)
    )
    _finish(ctx, s)


def close(ctx: OpContext, s: Any, e: Evidence, van: str) -> None:
    """Delivered goods leave the books, the rest comes back with the van."""
    _close_stop(ctx, s, e)
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == s.shipment)
        .values(
            state="closed" if e.outcome == "full" else "returning",
            outcome=e.outcome,
            reason=e.reason,
            changed_at=ctx.at,
        )
    )
    _move_goods(ctx, s, e, van)
    if e.outcome in _ORDER_STATE:
        order_store.move_if_legal(ctx, s.order_id, _ORDER_STATE[e.outcome])
    if e.outcome in _FOLLOW_UP:
        discrepancies.open_one(
            ctx,
            _FOLLOW_UP[e.outcome],
            operation="pod.deliver",
            order=s.order_id,
            task=s.task,
            details={"reason": e.reason, "receiver": e.receiver, "stop": s.id},
        )
    _finish(ctx, s)


def _close_stop(ctx: OpContext, s: Any, e: Evidence) -> None:
    ctx.conn.execute(
        sa.update(stop)
        .where(stop.c.id == s.id)
        .values(state="closed", outcome=e.outcome, reason=e.reason, closed_at=ctx.at)
    )


def _finish(ctx: OpContext, s: Any) -> None:
    for name, key in (("stop", s.id), ("run", s.run), ("task", s.task), ("order", s.order_id)):
        ctx.touch(name, key)
    _close_run(ctx, s)


def _move_goods(ctx: OpContext, s: Any, e: Evidence, van: str) -> None:
    told = {line.no: line.delivered for line in e.lines}
    for line in order_store.lines(ctx.conn, [s.order_id]):
        delivered = min(told.get(line.no, 0), line.picked) if e.outcome != "failed" else 0
        ledger.move_any_lot(ctx, line.sku, delivered, van, ledger.WORLD, "deliver", ref=s.shipment)
        back = line.picked - delivered
        ledger.move_any_lot(ctx, line.sku, back, van, RETURNS, "return", ref=s.shipment)
        ctx.conn.execute(
            sa.update(order_line)
            .where(order_line.c.order_id == s.order_id, order_line.c.no == line.no)
            .values(delivered=delivered)
        )


def _close_run(ctx: OpContext, s: Any) -> None:
    still = sa.select(stop.c.id).where(stop.c.run == s.run, stop.c.state != "closed")
    if ctx.conn.execute(still).first() is not None:
        return
    ctx.conn.execute(sa.update(run).where(run.c.id == s.run).values(state="closed"))
    task = tasks.get(ctx, s.task)
    if task is not None and not task.is_over:
        tasks.end(ctx, task, "done")
