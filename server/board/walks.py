"""What pickers walked hour by hour, and what S-shape would have cost past the same shelves.

By the hour, so that each desk makes a day of them by its own clock; of two days, so that the board
stays short.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor.tables import task
from server.floor.tasks import TaskMoved
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.kernel.ops import OpContext
from server.store.tables import feed

HOUR_MS = 3_600_000
KEPT_HOURS = 48
_OVER = ("done", "cancelled")


@row("walk")
class WalkRow(Row):
    """Key: `hour`, when it began (ms). `tasks`: of picking, that were walked and ended in it."""

    hour: int
    tasks: int
    metres: float
    s_shape_metres: float


@reacts(TaskMoved)
def a_walk_is_over(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "pick" or event.after is not None:
        return
    found = sa.select(task.c.done_at).where(task.c.id == event.task, task.c.state.in_(_OVER))
    if ended := ctx.conn.execute(found).scalar():
        ctx.touch("walk", str(ended - ended % HOUR_MS))


@projects("walk")
def show_walks(sink: RowSink, keys: Iterable[str]) -> None:
    hours = [int(key) for key in keys]
    since = sink.now - KEPT_HOURS * HOUR_MS
    for hour in hours:
        if hour > since:
            sink.put(board_scope(sink.site), "walk", str(hour), _of_hour(sink, hour))
    for old in _shown(sink):
        if int(old) <= since:
            sink.drop(board_scope(sink.site), "walk", old)


def _of_hour(sink: RowSink, hour: int) -> WalkRow:
    found = sa.select(task.c.body).where(
        task.c.site == sink.site,
        task.c.done_at >= hour,
        task.c.done_at < hour + HOUR_MS,
        task.c.kind == "pick",
        task.c.state.in_(_OVER),
    )
    walks = [msgspec.json.decode(body, type=_Walk) for body in sink.conn.execute(found).scalars()]
    walked = [walk for walk in walks if walk.metres]
    return WalkRow(
        hour=hour,
        tasks=len(walked),
        metres=_tenths(walk.metres for walk in walked),
        s_shape_metres=_tenths(walk.s_shape_metres for walk in walked),
    )


class _Walk(msgspec.Struct):
    metres: float
    s_shape_metres: float


def _tenths(metres: Iterable[float]) -> float:
    """Summed in decimetres: tenths alone would gather dust in the last digits."""
    return sum(round(m * 10) for m in metres) / 10


def _shown(sink: RowSink) -> list[Any]:
    found = sa.select(feed.c.key).where(
        feed.c.site == sink.site,
        feed.c.scope == board_scope(sink.site),
        feed.c.kind == "walk",
        feed.c.body.is_not(None),
    )
    return list(sink.conn.execute(found).scalars())
