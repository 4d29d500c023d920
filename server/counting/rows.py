"""A line of a count as the handheld holds it. It never carries what the books have."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import items
from server.counting.tables import count_line
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext


@row("count_line")
class CountLineRow(Row):
    """Key `task/no`. `counted`: what this count said; None while open. `state`: open, counted,
    recount."""

    task: str
    no: int
    bin: str
    sku: str
    name: str
    codes: tuple[str, ...]
    lot: str
    state: str
    counted: int | None
    why: str


@projects("count_line")
def show_lines(sink: RowSink, keys: Iterable[str]) -> None:
    wanted = set(keys)
    tasks = sorted({key.rpartition("/")[0] for key in wanted})
    found = (
        sa.select(count_line, task_table.c.assignee)
        .join(task_table, task_table.c.id == count_line.c.task)
        .where(count_line.c.task.in_(tasks), task_table.c.state == "held")
    )
    records = [r for r in sink.conn.execute(found).mappings() if f"{r['task']}/{r['no']}" in wanted]
    known = items(sink.conn, {r["sku"] for r in records})
    for r in records:
        item = known.get(r["sku"])
        same: dict[str, Any] = {f: r[f] for f in CountLineRow.__struct_fields__ if f in r}
        shown = CountLineRow(
            **same, name=item.name if item else r["sku"], codes=item.codes if item else ()
        )
        sink.put(person_scope(r["assignee"]), "count_line", f"{r['task']}/{r['no']}", shown)


@reacts(TaskMoved)
def lines_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "count":
        return
    found = sa.select(count_line.c.no).where(count_line.c.task == event.task)
    for no in ctx.conn.execute(found).scalars():
        if event.before:
            ctx.drop(person_scope(event.before), "count_line", f"{event.task}/{no}")
        if event.after:
            ctx.touch("count_line", f"{event.task}/{no}")


progress("count", count_line.c.task, count_line.c.state != "open")
