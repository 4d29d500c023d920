"""The end of a picking task: every line accounted for; the order moves on."""

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
        _order_picked(ctx, op.task, order_id)
    return None


def _order_picked(ctx: OpContext, task: str, order_id: str) -> None:
    """The order moves on when all its tasks are done, also where several pickers shared it."""
    found = sa.select(pick_line.c.order_line, pick_line.c.picked, task_table.c.state)
    lines = ctx.conn.execute(
        found.join(task_table, task_table.c.id == pick_line.c.task).where(
            pick_line.c.order_id == order_id
        )
    ).all()
    ctx.touch("order", order_id)
    if any(line.state not in ("done", "cancelled") for line in lines):
        return
    picked: dict[int, int] = {}
    for line in lines:
        picked[line.order_line] = picked.get(line.order_line, 0) + line.picked
    for no, qty in picked.items():
        ctx.conn.execute(
            sa.update(order_line)
            .where(order_line.c.order_id == order_id, order_line.c.no == no)
            .values(picked=qty)
        )
    if sum(picked.values()) == 0:
        discrepancies.open_one(ctx, NOTHING_PICKED, order=order_id, task=task)
        order_store.move_if_legal(ctx, order_id, "picking", "hold")
        return
    order_store.move_if_legal(ctx, order_id, "picking", "picked")
    ctx.emit(OrderPicked(order=order_id, task=task))
