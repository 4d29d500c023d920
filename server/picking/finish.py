"""The end of a picking task: every line accounted for; the order moves on."""

from collections.abc import Callable

import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Epoch, Id
from server.orders import store as order_store
from server.orders.tables import order_line
from server.picking.events import OrderPicked
from server.picking.lines import ORDER_CANCELLED, PICKERS, TASK_UNKNOWN
from server.picking.tables import pick_line

LINES_OPEN = code("lines_open")
NOTHING_PICKED = code("nothing_picked")
BEFORE_PACKING: list[Callable[[OpContext, str], bool]] = []
"""What an order still has to go through once it is picked; True: it waits for that."""


class FinishTask(Op):
    """The final check: every line is picked or short with a reason; the order moves on."""

    task: Id
    epoch: Epoch = 0


@operation("picking.finish_task.v1", kind=FACT, roles=PICKERS)
def finish_task(op: FinishTask, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        if task.state == "cancelled":
            ctx.divert(ORDER_CANCELLED, task=op.task)
        return None
    found = sa.select(pick_line.c.order_id, pick_line.c.state).where(pick_line.c.task == op.task)
    lines = ctx.conn.execute(found).all()
    if still_open := sum(1 for line in lines if line.state == "open"):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    for order_id in sorted({line.order_id for line in lines}):
        order_picked(ctx, op.task, order_id)
    return None


def order_picked(ctx: OpContext, task: str, order_id: str) -> None:
    """The order moves on when all its tasks are done, also where several pickers shared it."""
    p = pick_line.c
    found = (
        sa.select(p.order_line, p.sku, p.picked, task_table.c.state)
        .join(task_table, task_table.c.id == p.task)
        .where(p.order_id == order_id)
    )
    lines = ctx.conn.execute(found.order_by(p.task, p.no)).all()
    ctx.touch("order", order_id)
    if any(line.state not in ("done", "cancelled") for line in lines):
        return
    order = order_store.get(ctx, order_id)
    if order is None or order.state == "cancelled":  # its cart went on for others
        return
    _write_down(ctx, order_id, [(line.order_line, line.sku, line.picked) for line in lines])
    order = order_store.get(ctx, order_id)
    if order is None or order.state == "hold":
        return  # its goods wait in the tote until somebody lets it go on
    if not any(line.picked for line in lines):
        discrepancies.open_one(ctx, NOTHING_PICKED, order=order_id, task=task)
        order_store.move_if_legal(ctx, order_id, "picking", "hold")
        return
    if any(open_check(ctx, order_id) for open_check in BEFORE_PACKING):
        return
    order_store.move_if_legal(ctx, order_id, "picking", "picked")
    ctx.emit(OrderPicked(order=order_id, task=task))


def _write_down(ctx: OpContext, order_id: str, picks: list[tuple[int, str, int]]) -> None:
    """What the order's lines got, and how much of it is another item than was ordered."""
    wanted = {line.no: line.sku for line in order_store.lines(ctx.conn, [order_id])}
    for no, sku in wanted.items():
        mine = [(s, qty) for order_no, s, qty in picks if order_no == no]
        others = [(s, qty) for s, qty in mine if s != sku and qty]
        ctx.conn.execute(
            sa.update(order_line)
            .where(order_line.c.order_id == order_id, order_line.c.no == no)
            .values(
                picked=sum(qty for _, qty in mine),
                substitute=others[0][0] if others else None,
                substituted=sum(qty for _, qty in others),
            )
        )
