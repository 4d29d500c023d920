"""What the bench does when an order is cancelled, stopped, or goes on."""

import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.events import OrderCancelled, OrderHeld, OrderResumed
from server.packing.seal import STAGE
from server.packing.tables import pack_line, parcel, shipment
from server.picking.ops import tote
from server.picking.tables import pick_line

UNPACK = code("unpack")
AT_THE_DOCK = ("packed", "on_run")
"""States of a shipment whose goods stand at the stage, out of their totes."""


@reacts(OrderCancelled)
def stop_packing(event: OrderCancelled, ctx: OpContext) -> None:
    """Everything picked for a cancelled order goes back; its labels are void."""
    for task in _tasks_of(ctx, event.order):
        tasks.end(ctx, task, "cancelled")
    _unpack(ctx, event.order)
    for table in (parcel, shipment):
        ctx.conn.execute(
            sa.update(table).where(table.c.order_id == event.order).values(state="void")
        )


def _unpack(ctx: OpContext, order: str) -> None:
    """Sealed cartons are to be opened. Their goods are in the totes' books again, from where
    picking, which hears of the cancellation next, has them brought home."""
    boxes = sa.select(parcel.c.number).where(
        parcel.c.order_id == order, parcel.c.state.in_(("packed", "loaded"))
    )
    sealed = list(ctx.conn.execute(boxes.order_by(parcel.c.number)).scalars())
    if not sealed:
        return
    at_dock = sa.select(shipment.c.id).where(
        shipment.c.order_id == order, shipment.c.state.in_(AT_THE_DOCK)
    )
    if ctx.conn.execute(at_dock.limit(1)).first() is not None:
        picks = sa.select(pick_line).where(pick_line.c.order_id == order, pick_line.c.picked > 0)
        for pick in ctx.conn.execute(picks.order_by(pick_line.c.task, pick_line.c.no)).all():
            place = tote(pick.task, pick.slot)
            ledger.move(ctx, pick.sku, pick.picked, STAGE, place, "unpack", lot=pick.lot)
    details = {"parcel": ", ".join(sealed)}
    discrepancies.open_one(ctx, UNPACK, order=order, details=details)


@reacts(OrderHeld)
def hold_at_the_bench(event: OrderHeld, ctx: OpContext) -> None:
    for task in _tasks_of(ctx, event.order):
        tasks.stop(ctx, task, event.reason)


@reacts(OrderResumed)
def go_on_packing(event: OrderResumed, ctx: OpContext) -> None:
    for task in _tasks_of(ctx, event.order):
        tasks.stop(ctx, task, "")


def _tasks_of(ctx: OpContext, order_id: str) -> list[tasks.Task]:
    """Those that are not over."""
    found = sa.select(pack_line.c.task).where(pack_line.c.order_id == order_id).distinct()
    names = ctx.conn.execute(found.order_by(pack_line.c.task)).scalars().all()
    known = (tasks.get(ctx, name) for name in names)
    return [task for task in known if task is not None and not task.is_over]
