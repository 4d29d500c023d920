"""A task is a lease with an epoch: who holds it, since when; reassigning bumps the epoch.

waiting -> open -> held -> done          cancelled from waiting, open and held
             ^______|  (released, reassigned)

A task that comes `after` another waits until that one is done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.floor.rows import TaskRow
from server.floor.tables import task as task_table
from server.kernel.events import Event
from server.kernel.feeds import RowSink, board_scope, person_scope, projects, queue_scope
from server.kernel.ops import OpContext
from server.store.prepared import Prepared

_PROGRESS: dict[str, sa.ScalarSelect[int]] = {}
BARRED: dict[str, "Callable[[OpContext, Task], str | None]"] = {}
"""Per kind of task: the code that keeps this person from taking it, if any. Filled likewise."""


class TaskMoved(Event, frozen=True, kw_only=True):
    """The task changed hands; whoever keeps its lines moves them to the new holder's scope.
    `ended`: done or cancelled, where it left them for good."""

    kind: ClassVar[str] = "floor.task_moved"
    task: str
    task_kind: str
    before: str | None
    after: str | None
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    site: str
    kind: str
    state: str
    assignee: str | None
    epoch: int
    title: str
    ref: str
    paused: str
    stopped: str
    halted: str
    revision: int

    @property
    def why_stopped(self) -> str:
        """Why nobody may go on with it: the hold on itself, or else the one on its order."""
        return self.halted or self.stopped

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "cancelled")


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a domain says of a new task. `metres`: planned walk."""

    kind: str
    title: str
    ref: str
    lines: int
    zone: str = ""
    priority: int = 40
    due_at: int = 0
    expected_s: int = 0
    metres: float = 0
    s_shape_metres: float = 0
    policy: str = ""
    mode: str = ""
    orders: int = 1
    after: str | None = None


_DECIDED = task_table.c.revision + 1
_COLUMNS = [task_table.c[f] for f in Task.__slots__]


def get(ctx: OpContext, task_id: str) -> Task | None:
    found = sa.select(*_COLUMNS).where(task_table.c.id == task_id, task_table.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).first()
    return Task(*row) if row else None


def create(ctx: OpContext, plan: Plan, task_id: str | None = None) -> str:
    made = task_id or ctx.new_id()
    body = {
        "metres": plan.metres,
        "s_shape_metres": plan.s_shape_metres,
        "policy": plan.policy,
        "stands": "",
    }
    ctx.conn.execute(
        sa.insert(task_table).values(
            id=made,
            site=ctx.site,
            kind=plan.kind,
            state="waiting" if plan.after else "open",
            epoch=0,
            title=plan.title,
            ref=plan.ref,
            zone=plan.zone,
            priority=plan.priority,
            due_at=plan.due_at,
            expected_s=plan.expected_s,
            lines=plan.lines,
            mode=plan.mode,
            orders=plan.orders,
            after=plan.after,
            body=msgspec.json.encode(body).decode(),
            created_at=ctx.now,
        )
    )
    ctx.touch("task", made)
    return made


def move(ctx: OpContext, task: Task, to: str | None) -> None:
    """Give the task to `to`, or back to the queue with None; a new epoch either way."""
    ctx.conn.execute(
        sa.update(task_table)
        .where(task_table.c.id == task.id)
        .values(
            assignee=to,
            paused="",
            state="held" if to else "open",
            epoch=task.epoch + 1,
            revision=_DECIDED,
            taken_at=ctx.at if to else None,
        )
    )
    _leave(ctx, task)
    ctx.touch("task", task.id)
    ctx.emit(TaskMoved(task=task.id, task_kind=task.kind, before=task.assignee, after=to))


def end(ctx: OpContext, task: Task, state: str) -> None:
    """`done` or `cancelled`: off every handheld; the board keeps it."""
    ctx.conn.execute(
        sa.update(task_table)
        .where(task_table.c.id == task.id)
        .values(state=state, done_at=ctx.at, epoch=task.epoch + 1, revision=_DECIDED)
    )
    _leave(ctx, task)
    ctx.touch("task", task.id)
    ctx.emit(
        TaskMoved(task=task.id, task_kind=task.kind, before=task.assignee, after=None, ended=state)
    )
    _open_next(ctx, task)


def set_priority(ctx: OpContext, task_id: str, priority: int) -> None:
    """Of a task that is not over yet."""
    change = sa.update(task_table).where(
        task_table.c.id == task_id,
        task_table.c.state.in_(("waiting", "open", "held")),
        task_table.c.priority != priority,
    )
    if ctx.conn.execute(change.values(priority=priority)).rowcount:
        ctx.touch("task", task_id)


def set_lines(ctx: OpContext, task_id: str, lines: int) -> None:
    """How much there is to do, where that has changed."""
    change = sa.update(task_table).where(task_table.c.id == task_id, task_table.c.lines != lines)
    if ctx.conn.execute(change.values(lines=lines)).rowcount:
        ctx.touch("task", task_id)


def _open_next(ctx: OpContext, over: Task) -> None:
    """What waited for this task may be taken, and knows where it left the tote; what waited for
    one that never began waits for the one before it."""
    row = ctx.conn.execute(
        sa.select(task_table.c.after, task_table.c.body).where(task_table.c.id == over.id)
    ).one()
    waiting = sa.select(task_table.c.id, task_table.c.body).where(
        task_table.c.after == over.id, task_table.c.state == "waiting"
    )
    for following in ctx.conn.execute(waiting).all():
        values: dict[str, Any] = {"after": row.after}
        if over.state != "waiting":
            stands = msgspec.json.decode(row.body).get("stands", "")
            body = {**msgspec.json.decode(following.body), "stands": stands}
            values = {"state": "open", "body": msgspec.json.encode(body).decode()}
        change = sa.update(task_table).where(task_table.c.id == following.id)
        ctx.conn.execute(change.values(**values))
        ctx.touch("task", following.id)


def park(ctx: OpContext, task: Task, why: str) -> None:
    """Its holder keeps it and works on something else; an empty `why` takes it up again."""
    _say(ctx, task, paused=why)


def stop(ctx: OpContext, task: Task, why: str) -> None:
    """Its order is on hold: nobody may take it or go on with it; an empty `why` lets them. What
    was done counts."""
    _say(ctx, task, stopped=why)


def halt(ctx: OpContext, task: Task, why: str) -> None:
    """As `stop`, of the task itself: whatever becomes of its orders, the one who halted it lets it
    go again."""
    _say(ctx, task, halted=why)


def rank(ctx: OpContext, task: Task, priority: int) -> None:
    """0 to 100, the most urgent highest."""
    _say(ctx, task, priority=priority)


def decided(ctx: OpContext, task: Task) -> None:
    """Something about the task was settled in other rows than its own."""
    _say(ctx, task)


def _say(ctx: OpContext, task: Task, **values: str | int) -> None:
    changed = sa.update(task_table).where(task_table.c.id == task.id)
    ctx.conn.execute(changed.values(**values, revision=_DECIDED))
    ctx.touch("task", task.id)


def done_lines(ctx: OpContext, task: Task) -> int:
    """How many of its lines are accounted for."""
    if task.kind not in _PROGRESS:
        return 0
    done = sa.select(_PROGRESS[task.kind]).where(task_table.c.id == task.id)
    return int(ctx.conn.execute(done).scalar() or 0)


def _leave(ctx: OpContext, task: Task) -> None:
    if task.assignee:
        ctx.drop(person_scope(task.assignee), "task", task.id)
    else:
        ctx.drop(queue_scope(ctx.site, task.kind), "task", task.id)


def progress(kind: str, of: sa.Column[Any], is_done: sa.ColumnElement[bool]) -> None:
    """Say how tasks of this kind get on: of the lines whose task is `of`, which are done."""
    done = sa.select(sa.func.count()).where(of == task_table.c.id, is_done)
    _PROGRESS[kind] = done.scalar_subquery()


def _with_progress() -> sa.Select[Any]:
    """Asked first when all domains have said how their tasks get on."""
    done = sa.case(_PROGRESS, value=task_table.c.kind, else_=0) if _PROGRESS else sa.literal(0)
    return sa.select(
        task_table, person_table.c.name.label("assignee_name"), done.label("done")
    ).outerjoin(person_table, person_table.c.id == task_table.c.assignee)


@cache
def _shown() -> Prepared:
    some = task_table.c.id.in_(sa.bindparam("ids", expanding=True))
    return Prepared(_with_progress().where(some))


def in_hand(conn: Any, site: str, people: list[str]) -> list[TaskRow]:
    """What these people hold now."""
    t = task_table.c
    theirs = _with_progress().where(t.site == site, t.state == "held", t.assignee.in_(people))
    rows = conn.execute(theirs.order_by(t.id)).mappings().all()
    return [task_row(r, int(r["done"])) for r in rows]


@projects("task")
def show_tasks(sink: RowSink, ids: Iterable[str]) -> None:
    """Each task to its holder or its queue, and to the board."""
    for r in _shown().mappings(sink.conn, {"ids": list(ids)}):
        shown = task_row(r, int(r["done"]))
        sink.put(board_scope(sink.site), "task", shown.id, shown)
        if r["state"] in ("done", "cancelled", "waiting"):
            continue
        scope = person_scope(r["assignee"]) if r["assignee"] else queue_scope(sink.site, r["kind"])
        sink.put(scope, "task", shown.id, shown)


def task_row(r: Any, done: int) -> TaskRow:
    body = msgspec.json.decode(r["body"])
    made = {
        **body,
        "done": done,
        "stopped": r["halted"] or r["stopped"],
        "halted": r["halted"] != "",
    }
    same = {f: r[f] for f in TaskRow.__struct_fields__ if f in r and f not in made}
    return TaskRow(**same, **made)
