"""Part of a task's open lines goes to a task of its own, for somebody else."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.floor import tasks
from server.floor.ops import TaskTaken, check_can_do, expect, live
from server.floor.tables import task as task_table
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Epoch, Id, LineNo, Role
from server.picking.events import TaskSplit
from server.picking.lines import send
from server.picking.tables import pick_line, pick_tote

NOTHING_TO_SPLIT = code("nothing_to_split")


class SplitTask(Op):
    """`lines`: which of the open ones; none named: the second half of the walk. `person` None:
    to the queue. `expects`: the epoch, `seen`: the revision that the asker saw."""

    task: Id
    expects: Epoch
    person: Id | None = None
    lines: Annotated[list[LineNo], Meta(max_length=200)] = []
    seen: Epoch | None = None


@operation("picking.split_task.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def split_task(op: SplitTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    if task.kind != "pick":
        raise Refusal(NOTHING_TO_SPLIT, task=task.id)
    if op.person is not None:
        check_can_do(ctx, op.person, task)
    leaving = _leaving(ctx, op)
    made = _twin(ctx, task)
    for no in leaving:
        send(ctx, no, task.id, made)
    _totes(ctx, task.id, made)
    tasks.decided(ctx, task)
    ctx.emit(TaskSplit(task=task.id, to_task=made, lines=len(leaving)))
    twin = tasks.get(ctx, made)
    if op.person is not None and twin is not None:
        tasks.move(ctx, twin, op.person)
        ctx.emit(TaskTaken(task=made, person=op.person))


def _leaving(ctx: OpContext, op: SplitTask) -> list[int]:
    """Lines that go; at least one stays, or it would be a reassignment."""
    p = pick_line.c
    walked = sa.case((p.seq > 0, p.seq), else_=p.no)
    found = sa.select(p.no).where(p.task == op.task, p.state == "open").order_by(walked, p.no)
    there = list(ctx.conn.execute(found).scalars())
    named = [no for no in there if no in op.lines]
    leaving = named if op.lines else there[(len(there) + 1) // 2 :]
    if not leaving or len(leaving) == len(there):
        raise Refusal(NOTHING_TO_SPLIT, task=op.task, open=len(there))
    return leaving


def _twin(ctx: OpContext, task: tasks.Task) -> str:
    """As urgent, for the same orders; its walk is a part of the first one's."""
    found = sa.select(task_table).where(task_table.c.id == task.id)
    was = ctx.conn.execute(found).one()
    return tasks.create(
        ctx,
        tasks.Plan(
            kind=task.kind,
            title=was.title,
            ref=was.ref,
            lines=0,
            zone=was.zone,
            priority=was.priority,
            due_at=was.due_at,
            expected_s=was.expected_s // 2,
            mode=was.mode,
            orders=was.orders,
        ),
    )


def _totes(ctx: OpContext, task: str, made: str) -> None:
    """The new cart has a tote for each slot, with no code yet."""
    found = sa.select(pick_tote.c.slot, pick_tote.c.order_id).where(pick_tote.c.task == task)
    rows = [
        {"task": made, "slot": slot, "site": ctx.site, "order_id": order}
        for slot, order in ctx.conn.execute(found)
    ]
    if rows:
        ctx.conn.execute(sa.insert(pick_tote), rows)
