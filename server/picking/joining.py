"""A split is undone: the lines that went to a task of their own come back, while nobody has begun
on them or decided anything about them."""

import sqlalchemy as sa

from server.floor import tasks
from server.floor.ops import WORK_BEGAN, expect, live, name_of
from server.floor.tables import task as task_table
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Epoch, Id, Role
from server.picking.events import TasksJoined
from server.picking.lines import send
from server.picking.tables import pick_forward, pick_line, pick_tote

NOTHING_TO_JOIN = code("nothing_to_join")
_AS_MADE = 1
"""The revision of a task that was made for somebody; 0 where it was made for the queue."""


class JoinTasks(Op):
    """Of `task` the last split. `expects`: its epoch, `seen`: its revision since the split."""

    task: Id
    expects: Epoch
    seen: Epoch


@operation("picking.join_tasks.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def join_tasks(op: JoinTasks, ctx: OpContext) -> None:
    first = live(ctx, op.task)
    expect(ctx, first, op.expects, op.seen)
    made = live(ctx, _last_split_off(ctx, first.id))
    if made.revision > _AS_MADE:
        expect(ctx, made, made.epoch, _AS_MADE)
    back = _lines(ctx, made, first.id)
    for no in back:
        send(ctx, no, made.id, first.id)
    tasks.decided(ctx, first)
    tasks.end(ctx, made, "cancelled")
    ctx.emit(TasksJoined(task=first.id, from_task=made.id, lines=len(back)))


def _last_split_off(ctx: OpContext, task: str) -> str:
    t = task_table.c
    found = (
        sa.select(t.id)
        .join(pick_forward, pick_forward.c.to_task == t.id)
        .where(pick_forward.c.task == task)
        .order_by(t.created_at.desc(), t.id)
    )
    made = ctx.conn.execute(found.limit(1)).scalar()
    if made is None:
        raise Refusal(NOTHING_TO_JOIN, task=task)
    return str(made)


def _lines(ctx: OpContext, made: tasks.Task, into: str) -> list[int]:
    """All lines of the split-off task, in order; none of them may be begun or from elsewhere."""
    p, forward = pick_line.c, pick_forward.c
    theirs = sa.select(p.no, p.state).where(p.task == made.id).order_by(p.no)
    found = ctx.conn.execute(theirs).all()
    came = sa.select(forward.no).where(forward.task == into, forward.to_task == made.id)
    if not found or {no for no, _ in found} - set(ctx.conn.execute(came).scalars()):
        raise Refusal(NOTHING_TO_JOIN, task=into)
    begun = sum(state != "open" for _, state in found)
    if begun or _on_the_cart(ctx, made.id):
        raise Refusal(WORK_BEGAN, task=made.id, by=name_of(ctx, made.assignee), n=begun)
    return [no for no, _ in found]


def _on_the_cart(ctx: OpContext, task: str) -> bool:
    """Whether a tote stands on its cart already."""
    t = pick_tote.c
    found = sa.select(t.slot).where(t.task == task, t.code.is_not(None))
    return ctx.conn.execute(found.limit(1)).first() is not None
