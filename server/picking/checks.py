"""The second check: somebody else counts what was picked, without knowing how many it should be.

    pick tasks done -> check task (open -> held -> done) -> the order goes on to packing

What lacks is written off and, where the shelf has more, picked again; what is too many goes home.
The order goes on when everything that was picked has been counted.
"""

from typing import Any

import sqlalchemy as sa

from server.floor import tasks
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Qty, Role, Scan
from server.picking.check_differences import correct
from server.picking.events import OrderChecked
from server.picking.finish import LINES_OPEN, order_picked
from server.picking.lines import TASK_UNKNOWN
from server.picking.tables import check_line, pick_line

ALREADY_CHECKED = code("already_checked")
OWN_PICK = code("own_pick")
CHECKERS = frozenset({Role.PICKER, Role.PACKER, Role.SUPERVISOR})


class CheckPicked(Op):
    """`counted`: pieces of the item in the tote, all told."""

    task: Id
    line: LineNo
    sku: Code
    counted: Qty
    code: Scan = ""
    epoch: Epoch = 0


@operation("picking.check_picked.v1", kind=FACT, roles=CHECKERS)
def check_picked(op: CheckPicked, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    line = _line(ctx, op.task, op.line)
    if task is None or line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, sku=op.sku)
    if task.is_over:
        return ctx.divert(ALREADY_CHECKED, task=op.task, sku=op.sku, qty=op.counted)
    if _has_picked(ctx, op.task):
        return ctx.divert(OWN_PICK, task=op.task, sku=op.sku)
    c = check_line.c
    counted = sa.update(check_line).where(c.task == op.task, c.no == op.line)
    ctx.conn.execute(counted.values(counted=op.counted, by_person=ctx.person, at=ctx.at))
    ctx.touch("check_line", f"{op.task}/{op.line}")
    ctx.touch("task", op.task)
    return None


class FinishCheck(Op):
    """Everything in the totes is counted."""

    task: Id
    epoch: Epoch = 0


@operation("picking.finish_check.v1", kind=FACT, roles=CHECKERS)
def finish_check(op: FinishCheck, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None or task.kind != "check":
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        return None
    c = check_line.c
    lines = list(ctx.conn.execute(sa.select(check_line).where(c.task == op.task).order_by(c.no)))
    if still_open := sum(1 for line in lines if line.counted is None):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    wrong = [line for line in lines if line.counted != line.expected]
    ctx.emit(OrderChecked(order=task.ref, task=op.task, lines=len(lines), wrong=len(wrong)))
    for line in wrong:
        correct(ctx, line)
    order_picked(ctx, op.task, task.ref)
    return None


def _line(ctx: OpContext, task: str, no: int) -> Any:
    c = check_line.c
    found = sa.select(check_line).where(c.task == task, c.no == no)
    return ctx.conn.execute(found.with_for_update()).first()


def _has_picked(ctx: OpContext, check_task: str) -> bool:
    p, c = pick_line.c, check_line.c
    of = sa.select(c.pick_task).where(c.task == check_task)
    found = sa.select(p.no).where(p.task.in_(of), p.by_person == ctx.person, p.picked > 0)
    return ctx.conn.execute(found.limit(1)).first() is not None


def _may_take(ctx: OpContext, task: tasks.Task) -> str | None:
    return OWN_PICK if _has_picked(ctx, task.id) else None


tasks.BARRED["check"] = _may_take
