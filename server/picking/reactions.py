"""What picking does when something earlier happens: work begins, an order is cancelled."""

from typing import Any

import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.floor.ops import TaskTaken
from server.inventory import ledger
from server.inventory.lots import release_serials
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.orders.events import OrderCancelled
from server.picking.ops import PUTBACK, tote
from server.picking.tables import pick_line

PUT_BACK = code("put_back")


@reacts(TaskTaken)
def start_picking(event: TaskTaken, ctx: OpContext) -> None:
    found = sa.select(pick_line.c.order_id).where(pick_line.c.task == event.task).distinct()
    for order_id in ctx.conn.execute(found).scalars().all():
        order_store.move_if_legal(ctx, order_id, "picking")


@reacts(OrderCancelled)
def stop_picking(event: OrderCancelled, ctx: OpContext) -> None:
    """Reservations are released; what lies in a tote already becomes a put-back."""
    found = sa.select(pick_line).where(pick_line.c.order_id == event.order)
    names = sorted({line.task for line in ctx.conn.execute(found)})
    held = [task for name in names if (task := tasks.get(ctx, name)) is not None]
    lines = ctx.conn.execute(found).all()  # read under the tasks' locks: a pick may have come
    for line in lines:
        if line.state == "open":
            ledger.allocate(ctx, line.sku, -line.qty, line.bin, line.lot)
        elif line.picked:
            _bring_back(ctx, line)
    for task in held:
        if not task.is_over:
            tasks.end(ctx, task, "cancelled")
    release_serials(ctx, event.order)
    back = sum(line.picked for line in lines if line.state != "open")
    if back:
        discrepancies.open_one(ctx, PUT_BACK, order=event.order, details={"pieces": back})


def _bring_back(ctx: OpContext, line: Any) -> None:
    place = tote(line.task, line.slot)
    ledger.move(
        ctx, line.sku, line.picked, place, PUTBACK, "cancelled", lot=line.lot, ref=line.task
    )
