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
from server.moving.putaway import bring_home
from server.orders import store as order_store
from server.orders.events import OrderCancelled, OrderReprioritised
from server.orders.tables import orders
from server.picking.ops import PUTBACK, tote
from server.picking.rows import line_key
from server.picking.tables import pick_line, wave_line
from server.picking.waves import let_go

PUT_BACK = code("put_back")


@reacts(TaskTaken)
def start_picking(event: TaskTaken, ctx: OpContext) -> None:
    found = sa.select(pick_line.c.order_id).where(pick_line.c.task == event.task).distinct()
    for order_id in ctx.conn.execute(found.order_by(pick_line.c.order_id)).scalars().all():
        order_store.move_if_legal(ctx, order_id, "picking")


@reacts(OrderCancelled)
def stop_picking(event: OrderCancelled, ctx: OpContext) -> None:
    """Reservations are released; what lies in a tote already becomes a put-back."""
    promised = sa.select(wave_line).where(wave_line.c.order_id == event.order)
    let_go(ctx, ctx.conn.execute(promised).all())
    found = sa.select(pick_line).where(pick_line.c.order_id == event.order)
    names = sorted({line.task for line in ctx.conn.execute(found)})
    held = [task for name in names if (task := tasks.get(ctx, name)) is not None]
    # Read under the tasks' locks: a pick may have come.
    lines = ctx.conn.execute(found.order_by(pick_line.c.task, pick_line.c.no)).all()
    for line in lines:
        if line.state == "open":
            ledger.allocate(ctx, line.sku, -line.qty, line.bin, line.lot)
        elif line.picked:
            _bring_back(ctx, line)
    for task in held:
        if not task.is_over:
            _leave_out(ctx, task, event.order)
    release_serials(ctx, event.order)
    back = sum(line.picked for line in lines if line.state != "open")
    if back:
        discrepancies.open_one(ctx, PUT_BACK, order=event.order, details={"pieces": back})


@reacts(OrderReprioritised)
def move_up(event: OrderReprioritised, ctx: OpContext) -> None:
    """A task is as urgent as the most urgent of its orders."""
    mine = sa.select(pick_line.c.task).where(pick_line.c.order_id == event.order).distinct()
    for task in ctx.conn.execute(mine.order_by(pick_line.c.task)).scalars().all():
        highest = sa.select(sa.func.max(orders.c.priority)).where(
            orders.c.id.in_(sa.select(pick_line.c.order_id).where(pick_line.c.task == task))
        )
        tasks.set_priority(ctx, task, int(ctx.conn.execute(highest).scalar() or 0))


def _leave_out(ctx: OpContext, task: tasks.Task, order: str) -> None:
    """A task for this order alone is over; a cart with others goes on without it."""
    mine = sa.and_(pick_line.c.task == task.id, pick_line.c.order_id == order)
    others = sa.select(pick_line.c.no).where(
        pick_line.c.task == task.id, pick_line.c.order_id != order, pick_line.c.state != "cancelled"
    )
    if ctx.conn.execute(others.limit(1)).first() is None:
        return tasks.end(ctx, task, "cancelled")
    open_ones = sa.select(pick_line.c.no).where(mine, pick_line.c.state == "open")
    for no in ctx.conn.execute(open_ones).scalars().all():
        ctx.touch("pick_line", line_key(task.id, no))
    ctx.conn.execute(
        sa.update(pick_line).where(mine, pick_line.c.state == "open").values(state="cancelled")
    )
    ctx.touch("task", task.id)
    return None


def _bring_back(ctx: OpContext, line: Any) -> None:
    place = tote(line.task, line.slot)
    ledger.move(
        ctx, line.sku, line.picked, place, PUTBACK, "cancelled", lot=line.lot, ref=line.task
    )
    bring_home(
        ctx,
        "putback",
        line.sku,
        line.picked,
        PUTBACK,
        line.lot,
        order=line.order_id,
        why="cancelled",
    )
