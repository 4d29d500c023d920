"""A pick line as the handheld holds it: all that is needed to walk, scan and confirm off-line."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import Item, items
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved, progress
from server.inventory.tables import bin_, lot
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import OpContext
from server.orders.tables import orders
from server.picking.offers import Cures, Wanted, cures_of
from server.picking.tables import pick_line
from server.store.prepared import Prepared


@row("line")
class LineRow(Row):
    """Key `task/no`. Lines are walked by `seq`. `state`: open, picked, short. `slot`: the tote of
    the cart that it goes into; 0 where the task has one tote. `tracks`: what must be scanned
    besides the item (`lot`, `expiry`, `serial`); `expiry`: ISO date of the lot, or nothing; `held`:
    why the lot may not leave, or nothing. `packs`: of the codes those of an outer pack, with the
    pieces in it.
    `instead_of`: the line whose rest it fetches; `waits`: for its bin to be filled up; `stopped`:
    the order is on hold. `sorted`: put into its order's tote
    after a batch was picked."""

    task: str
    no: int
    slot: int
    order: str
    order_number: str
    sku: str
    name: str
    codes: tuple[str, ...]
    packs: dict[str, int]
    weight_class: str
    lot: str
    expiry: str
    held: str
    tracks: tuple[str, ...]
    bin: str
    aisle: int
    block: int
    offset_dm: int
    side: str
    level: int
    qty: int
    picked: int
    state: str
    reason: str | None
    seq: int
    sorted: bool
    instead_of: int | None
    waits: bool
    stopped: bool
    cures: Cures


def line_key(task: str, no: int) -> str:
    return f"{task}/{no}"


def _split(key: str) -> tuple[str, int]:
    task, _, no = key.rpartition("/")
    return task, int(no)


_same_lot = (
    lot.c.site == pick_line.c.site,
    lot.c.sku == pick_line.c.sku,
    lot.c.lot == pick_line.c.lot,
)
_LINE = Prepared(
    sa.select(
        pick_line,
        task_table.c.assignee,
        task_table.c.state.label("task_state"),
        orders.c.number.label("order_number"),
        orders.c.customer,
        bin_.c.aisle,
        bin_.c.block,
        bin_.c.offset_dm,
        bin_.c.side,
        bin_.c.level,
        lot.c.expiry,
        lot.c.held,
    )
    .join(task_table, task_table.c.id == pick_line.c.task)
    .join(orders, orders.c.id == pick_line.c.order_id)
    .outerjoin(bin_, sa.and_(bin_.c.site == pick_line.c.site, bin_.c.code == pick_line.c.bin))
    .outerjoin(lot, sa.and_(*_same_lot))
    .where(
        pick_line.c.task.in_(sa.bindparam("tasks", expanding=True)),
        pick_line.c.no.in_(sa.bindparam("numbers", expanding=True)),
    )
)


@projects("pick_line")
def show_lines(sink: RowSink, keys: Iterable[str]) -> None:
    """Lines to whoever holds their task; nobody else needs them."""
    by_task: dict[str, set[int]] = {}
    for key in keys:
        task, no = _split(key)
        by_task.setdefault(task, set()).add(no)
    numbers = sorted(set().union(*by_task.values()))
    lines = _LINE.mappings(sink.conn, {"tasks": sorted(by_task), "numbers": numbers})
    records = [r for r in lines if r["no"] in by_task[r["task"]] and r["task_state"] == "held"]
    known = items(sink.conn, {r["sku"] for r in records})
    cures = cures_of(sink, [Wanted(**{f: r[f] for f in Wanted.FIELDS}) for r in records])
    for r, cure in zip(records, cures, strict=True):
        key = line_key(r["task"], r["no"])
        shown = _line_row(r, known.get(r["sku"]), cure)
        sink.put(person_scope(r["assignee"]), "line", key, shown)


def _line_row(r: Any, item: Item | None, cures: Cures) -> LineRow:
    same = {f: r[f] for f in LineRow.__struct_fields__ if f in r}
    for place in ("aisle", "block", "offset_dm", "level"):
        same[place] = same[place] or 0
    return LineRow(
        **{
            **same,
            "side": r["side"] or "L",
            "expiry": r["expiry"] or "",
            "held": r["held"] or "",
            "seq": r["seq"] or r["no"],
            "waits": bool(r["waits"]),
            "stopped": bool(r["stopped"]),
            "sorted": bool(r["sorted"]),
        },
        order=r["order_id"],
        name=item.name if item else r["sku"],
        codes=item.codes if item else (),
        packs=item.packs if item else {},
        tracks=item.tracks if item else (),
        weight_class=item.weight_class if item else "light",
        cures=cures,
    )


@reacts(TaskMoved)
def lines_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind != "pick":
        return
    found = sa.select(pick_line.c.no).where(pick_line.c.task == event.task)
    for no in ctx.conn.execute(found).scalars():
        if event.before:
            ctx.drop(person_scope(event.before), "line", line_key(event.task, no))
        if event.after:
            ctx.touch("pick_line", line_key(event.task, no))


progress("pick", pick_line.c.task, pick_line.c.state != "open")
