"""What may be done to a lease besides taking and giving it: park it, take it up, rank it, put it
on hold. `expects`: the epoch, `seen`: the revision that the asker saw."""

from typing import Annotated, ClassVar

from msgspec import Meta

from server.floor import tasks
from server.floor.ops import TAKEN, expect, live, name_of
from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import FLOOR, Epoch, Id, Role, Text

NOT_HELD = code("task_is_not_held")
ON_THE_ROAD = code("run_is_taken")
Why = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
LEADS = frozenset({Role.SUPERVISOR, Role.ADMIN})
Priority = Annotated[int, Meta(ge=0, le=100)]


class TaskParked(Event, frozen=True, kw_only=True):
    """An empty `reason`: it was taken up again."""

    kind: ClassVar[str] = "floor.task_parked"
    task: str
    reason: str


class TaskHalted(Event, frozen=True, kw_only=True):
    """An empty `reason`: it may go on."""

    kind: ClassVar[str] = "floor.task_halted"
    task: str
    reason: str


class TaskRanked(Event, frozen=True, kw_only=True):
    kind: ClassVar[str] = "floor.task_ranked"
    task: str
    priority: int


class PauseTask(Op):
    """The holder keeps it, parked, and says why."""

    task: Id
    expects: Epoch
    reason: Why
    seen: Epoch | None = None


@operation("floor.pause_task.v1", kind=REQUEST, roles=FLOOR)
def pause_task(op: PauseTask, ctx: OpContext) -> None:
    task = _own(ctx, op)
    tasks.park(ctx, task, op.reason)
    ctx.emit(TaskParked(task=task.id, reason=op.reason))


class ResumeTask(Op):
    task: Id
    expects: Epoch
    seen: Epoch | None = None


@operation("floor.resume_task.v1", kind=REQUEST, roles=FLOOR)
def resume_task(op: ResumeTask, ctx: OpContext) -> None:
    task = _own(ctx, op)
    if task.paused:
        tasks.park(ctx, task, "")
        ctx.emit(TaskParked(task=task.id, reason=""))


class PrioritiseTask(Op):
    """`priority`: 0 to 100, the most urgent highest; it moves in every list at once."""

    task: Id
    expects: Epoch
    priority: Priority
    note: Text = ""
    seen: Epoch | None = None


@operation("floor.prioritise_task.v1", kind=REQUEST, roles=LEADS)
def prioritise_task(op: PrioritiseTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    tasks.rank(ctx, task, op.priority)
    ctx.emit(TaskRanked(task=task.id, priority=op.priority))


class HaltTask(Op):
    """Nobody may take it or go on with it; whoever works on it is stopped and reads `reason`. A
    driver who has taken a run is not: stops are moved to other runs."""

    task: Id
    expects: Epoch
    reason: Why
    seen: Epoch | None = None


@operation("floor.halt_task.v1", kind=REQUEST, roles=LEADS)
def halt_task(op: HaltTask, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    if task.kind == "drive" and task.assignee is not None:
        raise Refusal(ON_THE_ROAD, task=task.id, by=name_of(ctx, task.assignee))
    tasks.halt(ctx, task, op.reason)
    ctx.emit(TaskHalted(task=task.id, reason=op.reason))


class LetTaskGo(Op):
    """Ends the hold on the task; one on its order stays."""

    task: Id
    expects: Epoch
    seen: Epoch | None = None


@operation("floor.let_task_go.v1", kind=REQUEST, roles=LEADS)
def let_task_go(op: LetTaskGo, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    if task.halted:
        tasks.halt(ctx, task, "")
        ctx.emit(TaskHalted(task=task.id, reason=""))


def _own(ctx: OpContext, op: PauseTask | ResumeTask) -> tasks.Task:
    """The task, if it is in hand and the asker holds it or leads the floor."""
    task = live(ctx, op.task)
    expect(ctx, task, op.expects, op.seen)
    if task.assignee is None:
        raise Refusal(NOT_HELD, task=task.id)
    if task.assignee != ctx.person and ctx.role is not Role.SUPERVISOR:
        raise Refusal(TAKEN, task=task.id, by=name_of(ctx, task.assignee))
    return task
