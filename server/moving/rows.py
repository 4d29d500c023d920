"""A line of a moving task as the handheld holds it: enough to walk, scan and confirm off-line."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import Item, items
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.inventory.tables import lot
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext
from server.moving.tables import move_line
from server.moving.tasks import KINDS


@row("move_line")
class MoveLineRow(Row):
    """Key `task/no`. `to_bin` is a proposal, empty where the worker finds a place. `moved` of
    `qty` pieces are there already. `state`: open, moved, short. `expiry`: ISO date or nothing.
    `packs`: of the codes those of an outer pack, with the pieces in it."""

    task: str
    no: int
    sku: str
    name: str
    codes: tuple[str, ...]
    packs: dict[str, int]
    weight_class: str
    lot: str
    expiry: str
    from_bin: str
    to_bin: str
    qty: int
    moved: int
    state: str
    reason: str | None
    why: str


@projects("move_line")
def show_lines(sink: RowSink, keys: Iterable[str]) -> None:
    """Lines to whoever holds their task."""
    wanted = set(keys)
    tasks = sorted({key.rpartition("/")[0] for key in wanted})
    at_lot = (lot.c.site == move_line.c.site, lot.c.sku == move_line.c.sku)
    found = (
        sa.select(move_line, task_table.c.assignee, lot.c.expiry)
        .join(task_table, task_table.c.id == move_line.c.task)
        .outerjoin(lot, sa.and_(*at_lot, lot.c.lot == move_line.c.lot))
        .where(move_line.c.task.in_(tasks), task_table.c.state == "held")
    )
    records = [r for r in sink.conn.execute(found).mappings() if f"{r['task']}/{r['no']}" in wanted]
    known = items(sink.conn, {r["sku"] for r in records})
    for r in records:
        key = f"{r['task']}/{r['no']}"
        sink.put(person_scope(r["assignee"]), "move_line", key, _row(r, known.get(r["sku"])))


def _row(r: Any, item: Item | None) -> MoveLineRow:
    same = {f: r[f] for f in MoveLineRow.__struct_fields__ if f in r}
    return MoveLineRow(
        **{**same, "expiry": r["expiry"] or ""},
        name=item.name if item else r["sku"],
        codes=item.codes if item else (),
        packs=item.packs if item else {},
        weight_class=item.weight_class if item else "light",
    )


@reacts(TaskMoved)
def lines_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind not in KINDS:
        return
    found = sa.select(move_line.c.no).where(move_line.c.task == event.task)
    for no in ctx.conn.execute(found).scalars():
        if event.before:
            ctx.drop(person_scope(event.before), "move_line", f"{event.task}/{no}")
        if event.after:
            ctx.touch("move_line", f"{event.task}/{no}")


for _kind in KINDS:
    progress(_kind, move_line.c.task, move_line.c.state != "open")
