"""A line of a second check as the handheld holds it. It never says how many were picked."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.catalog.queries import items
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext
from server.picking.tables import check_line, pick_tote


@row("check_line")
class CheckLineRow(Row):
    """Key `task/no`. `tote`: its code, where it has one; `counted`: None while nobody has."""

    task: str
    no: int
    order: str
    tote: str
    sku: str
    name: str
    codes: tuple[str, ...]
    counted: int | None


@projects("check_line")
def show_lines(sink: RowSink, keys: Iterable[str]) -> None:
    wanted = set(keys)
    c = check_line.c
    same_tote = sa.and_(pick_tote.c.task == c.pick_task, pick_tote.c.slot == c.slot)
    found = (
        sa.select(check_line, task_table.c.assignee, pick_tote.c.code)
        .join(task_table, task_table.c.id == c.task)
        .outerjoin(pick_tote, same_tote)
        .where(c.task.in_(sorted({key.rpartition("/")[0] for key in wanted})))
        .where(task_table.c.state == "held")
    )
    records = [r for r in sink.conn.execute(found).mappings() if f"{r['task']}/{r['no']}" in wanted]
    known = items(sink.conn, {r["sku"] for r in records})
    for r in records:
        item = known.get(r["sku"])
        shown = CheckLineRow(
            task=r["task"],
            no=r["no"],
            order=r["order_id"],
            tote=r["code"] or "",
            sku=r["sku"],
            name=item.name if item else r["sku"],
            codes=item.codes if item else (),
            counted=r["counted"],
        )
        sink.put(person_scope(r["assignee"]), "check_line", f"{r['task']}/{r['no']}", shown)


@reacts(TaskMoved)
def lines_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "check":
        return
    found = sa.select(check_line.c.no).where(check_line.c.task == event.task)
    for no in ctx.conn.execute(found).scalars():
        if event.before:
            ctx.drop(person_scope(event.before), "check_line", f"{event.task}/{no}")
        if event.after:
            ctx.touch("check_line", f"{event.task}/{no}")


progress("check", check_line.c.task, check_line.c.counted.is_not(None))
