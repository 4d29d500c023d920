"""Taking and giving work."""

from dataclasses import replace
from typing import Annotated, ClassVar

import sqlalchemy as sa
from msgspec import Meta

from server.auth.tables import person as person_table
from server.floor import tasks
from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.feeds import QUEUES, device_scope
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import DESK, FLOOR, Epoch, Id, Role

TAKEN = code("taken_by_other")
OVER = code("task_is_over")
WRONG_ROLE = code("wrong_role_for_task")
STOPPED = code("task_is_stopped")
WORK_BEGAN = code("work_has_begun")


class TaskTaken(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "floor.task_taken"
    task: str
    person: str | None


class TakeTask(Op):
    """`expects`: the epoch the asker saw; another one means somebody was faster."""

    task: Id
    expects: Epoch


@operation("floor.take_task.v1", kind=REQUEST, roles=FLOOR)
def take_task(op: TakeTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    if task.assignee == ctx.person:
        return
    expect(ctx, task, op.expects)
    if task.assignee is not None:
        raise Refusal(TAKEN, task=task.id, by=name_of(ctx, task.assignee))
    if task.why_stopped:
        raise Refusal(STOPPED, task=task.id, reason=task.why_stopped)
    if ctx.role is not Role.SUPERVISOR and task.kind not in QUEUES.get(ctx.role or Role.SYSTEM, ()):
        raise Refusal(WRONG_ROLE, task=task.id, kind=task.kind)
    if task.kind in tasks.BARRED and (why := tasks.BARRED[task.kind](ctx, task)):
        raise Refusal(why, task=task.id)
    tasks.move(ctx, task, ctx.person)
    ctx.emit(TaskTaken(task=task.id, person=ctx.person))


class ReleaseTask(Op):
    """Back to the queue; what is done on it counts."""

    task: Id


@operation("floor.release_task.v1", kind=REQUEST, roles=FLOOR)
def release_task(op: ReleaseTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    if task.assignee != ctx.person and ctx.role is not Role.SUPERVISOR:
        raise Refusal(TAKEN, task=task.id, by=name_of(ctx, task.assignee))
    if task.assignee is not None:
        tasks.move(ctx, task, None)


class ReassignTask(Op):
    """`person` None: back to the queue. `expects`: the epoch, `seen`: the revision that the asker
    saw. `done`: of an undo, how many lines were done; refused once there are more, for then it is
    somebody's work already."""

    task: Id
    expects: Epoch
    person: Id | None = None
    seen: Epoch | None = None
    done: Annotated[int, Meta(ge=0, le=100_000)] | None = None


@operation("floor.reassign_task.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.ADMIN})
def reassign_task(op: ReassignTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    if op.done is not None and (done := tasks.done_lines(ctx, task)) > op.done:
        raise Refusal(WORK_BEGAN, task=task.id, by=name_of(ctx, task.assignee), n=done - op.done)
    if op.person is not None:
        check_can_do(ctx, op.person, task)
    if op.person != task.assignee:
        tasks.move(ctx, task, op.person)


class Acknowledge(Op):
    """The worker has read what became of operation `n` of this device."""

    n: int


@operation("floor.acknowledge.v1", kind=FACT, roles=FLOOR | DESK)
def acknowledge(op: Acknowledge, ctx: OpContext) -> None:
    ctx.drop(device_scope(ctx.device), "result", str(op.n))


def live(ctx: OpContext, task_id: str) -> tasks.Task:
    task = tasks.get(ctx, task_id)
    if task is None:
        raise Refusal("not_found", field="task", value=task_id)
    if task.is_over:
        raise Refusal(OVER, task=task_id)
    return task


def expect(ctx: OpContext, task: tasks.Task, epoch: int, seen: int | None = None) -> None:
    """Refuses `stale` where the lease is another one, or where something was decided about the
    task since the revision `seen`."""
    if task.epoch == epoch and seen in (None, task.revision):
        return
    raise Refusal(
        "stale",
        task=task.id,
        by=name_of(ctx, task.assignee),
        epoch=task.epoch,
        revision=task.revision,
    )


def check_can_do(ctx: OpContext, person: str, task: tasks.Task) -> None:
    found = sa.select(person_table.c.role).where(person_table.c.id == person)
    role = ctx.conn.execute(found).scalar()
    if role is None:
        raise Refusal("not_found", field="person", value=person)
    if role != Role.SUPERVISOR and task.kind not in QUEUES.get(Role(role), ()):
        raise Refusal(WRONG_ROLE, task=task.id, kind=task.kind)
    barred = tasks.BARRED.get(task.kind)
    if barred and (why := barred(replace(ctx, person=person), task)):
        raise Refusal(why, task=task.id)


def name_of(ctx: OpContext, person: str | None) -> str:
    if person is None:
        return ""
    return str(
        ctx.conn.execute(sa.select(person_table.c.name).where(person_table.c.id == person)).scalar()
        or ""
    )
