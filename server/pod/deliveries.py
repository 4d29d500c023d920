"""What a closed stop does to stock, order and run."""

from collections.abc import Iterable, Mapping
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
from server.pod.evidence import AnyEvidence
from server.pod.tables import run, stop

RETURNS = "RETURNS"
"""Where refused and undelivered goods wait for inspection."""
PART_DELIVERED = code("part_delivered")
DELIVERY_REFUSED = code("delivery_refused")
DELIVERY_FAILED = code("delivery_failed")
_FOLLOW_UP = {
    "partial": PART_DELIVERED,
    "refused": DELIVERY_REFUSED,
    "failed": DELIVERY_FAILED,
}
FOLLOW_UPS = tuple(_FOLLOW_UP.values())
GOODS_OUT = code("goods_still_out")
ORDER_STATE = {"full": "delivered", "partial": "part_delivered", "refused": "refused"}


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


def aboard(lines: Iterable[Any]) -> dict[tuple[str, int], int]:
    """Pieces by order and line: what left the dock, or shall leave while nothing has yet."""
    rows = list(lines)
    left = {r.order_id for r in rows if r.shipped}
    return {(r.order_id, r.no): r.shipped if r.order_id in left else r.picked for r in rows}


def is_aboard(ctx: OpContext, shipment_id: str) -> bool:
    """Whether the van has left with all of it, by the books."""
    state = ctx.conn.execute(sa.select(shipment.c.state).where(shipment.c.id == shipment_id))
    return str(state.scalar()) != "on_run"


def leave_at_dock(ctx: OpContext, s: Any, e: AnyEvidence) -> None:
    """A failed stop whose goods never left: nothing moves, and the next run may take them."""
    close_stop(ctx, s, e)
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(left_behind=True))
    set_shipment(ctx, s.shipment, "packed")
    finish(ctx, s)


def close(ctx: OpContext, s: Any, e: AnyEvidence, van: str) -> str:
    """Delivered goods leave the books; the rest stays on the van until it is scanned off at the
    depot. Returns the discrepancy for customer service, or nothing."""
    close_stop(ctx, s, e)
    told = {line.no: line.delivered for line in e.lines}
    for line in order_store.lines(ctx.conn, [s.order_id]):
        delivered = min(told.get(line.no, 0), line.shipped) if e.outcome != "failed" else 0
        ledger.move_any_lot(ctx, line.sku, delivered, van, ledger.WORLD, "deliver", ref=s.shipment)
        set_delivered(ctx, s.order_id, line.no, delivered)
    state = "closed" if e.outcome == "full" else "returning"
    set_shipment(ctx, s.shipment, state, outcome=e.outcome, reason=e.reason)
    if e.outcome in ORDER_STATE:
        order_store.move_if_legal(ctx, s.order_id, ORDER_STATE[e.outcome])
    finish(ctx, s)
    return tell_service(ctx, s, e)


def tell_service(ctx: OpContext, s: Any, e: AnyEvidence) -> str:
    if e.outcome not in _FOLLOW_UP:
        return ""
    return discrepancies.open_one(
        ctx,
        _FOLLOW_UP[e.outcome],
        operation="pod.deliver",
        order=s.order_id,
        task=s.task,
        details={"reason": e.reason, "receiver": e.receiver, "stop": s.id},
    )


def set_shipment(ctx: OpContext, shipment_id: str, state: str, **values: str) -> None:
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == shipment_id)
        .values(state=state, changed_at=ctx.at, **values)
    )


def set_delivered(ctx: OpContext, order_id: str, no: int, delivered: int) -> None:
    ctx.conn.execute(
        sa.update(order_line)
        .where(order_line.c.order_id == order_id, order_line.c.no == no)
        .values(delivered=delivered)
    )


def close_stop(ctx: OpContext, s: Any, e: AnyEvidence) -> None:
    ctx.conn.execute(
        sa.update(stop)
        .where(stop.c.id == s.id)
        .values(state="closed", outcome=e.outcome, reason=e.reason, closed_at=ctx.at)
    )


def finish(ctx: OpContext, s: Any) -> None:
    """Everybody looks again; the run ends, or goes back to the depot with what was not taken."""
    for name, key in (("stop", s.id), ("run", s.run), ("task", s.task), ("order", s.order_id)):
        ctx.touch(name, key)
    still = sa.select(stop.c.id).where(stop.c.run == s.run, stop.c.state != "closed")
    if ctx.conn.execute(still).first() is not None:
        return
    if brings_back(ctx, s.run):
        _run_state(ctx, s.run, "returning")
    else:
        end_run(ctx, s.run, s.task)


def brings_back(ctx: OpContext, run_id: str) -> bool:
    """Whether a closed stop of the run still has goods on the van."""
    found = (
        sa.select(stop.c.id)
        .join(shipment, shipment.c.id == stop.c.shipment)
        .where(stop.c.run == run_id, ~stop.c.left_behind, shipment.c.state == "returning")
    )
    return ctx.conn.execute(found.limit(1)).first() is not None


def end_run(ctx: OpContext, run_id: str, task_id: str) -> None:
    _run_state(ctx, run_id, "closed")
    task = tasks.get(ctx, task_id)
    if task is not None and not task.is_over:
        tasks.end(ctx, task, "done")


def _run_state(ctx: OpContext, run_id: str, state: str) -> None:
    ctx.conn.execute(sa.update(run).where(run.c.id == run_id).values(state=state))
    ctx.touch("run", run_id)
