"""An order that is put on hold stops at the shelf, and goes on from there."""

import sqlalchemy as sa

from server.floor import tasks
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.events import OrderHeld, OrderResumed
from server.picking.finish import order_picked
from server.picking.rows import line_key
from server.picking.tables import pick_line


@reacts(OrderHeld)
def stop_at_the_shelf(event: OrderHeld, ctx: OpContext) -> None:
    """A task that carries other orders too goes on with those."""
    for task in _tasks_of(ctx, event.order):
        _mark(ctx, task.id, event.order, stopped=True)
        if not _has_work(ctx, task.id):
            tasks.stop(ctx, task, event.reason)


@reacts(OrderResumed)
def go_on(event: OrderResumed, ctx: OpContext) -> None:
    mine = _tasks_of(ctx, event.order)
    for task in mine:
        _mark(ctx, task.id, event.order, stopped=False)
        if task.stopped:
            tasks.stop(ctx, task, "")
    if event.after == "picking" and not mine:
        found = sa.select(pick_line.c.task).where(pick_line.c.order_id == event.order).limit(1)
        if last := ctx.conn.execute(found).scalar():
            order_picked(ctx, last, event.order)  # its task was finished meanwhile


def _tasks_of(ctx: OpContext, order_id: str) -> list[tasks.Task]:
    found = sa.select(pick_line.c.task).where(pick_line.c.order_id == order_id).distinct()
    names = ctx.conn.execute(found.order_by(pick_line.c.task)).scalars().all()
    known = (tasks.get(ctx, name) for name in names)
    return [task for task in known if task is not None and not task.is_over]


def _mark(ctx: OpContext, task: str, order_id: str, *, stopped: bool) -> None:
    p = pick_line.c
    lines = (p.task == task, p.order_id == order_id, p.state == "open")
    for no in ctx.conn.execute(sa.select(p.no).where(*lines)).scalars().all():
        ctx.touch("pick_line", line_key(task, no))
    ctx.conn.execute(sa.update(pick_line).where(*lines).values(stopped=stopped))


def _has_work(ctx: OpContext, task: str) -> bool:
    p = pick_line.c
    found = sa.select(p.no).where(p.task == task, p.state == "open", sa.not_(p.stopped))
    return ctx.conn.execute(found.limit(1)).first() is not None
