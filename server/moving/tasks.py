"""Opening a task that brings goods from bin to bin.

putaway     from where a delivery stands to its shelf
replenish   from bulk to the pick face
transfer    between two bins, because somebody wants it so
putback     home, after a cancelled order or a piece too many
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from server.floor import tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.kernel.ops import OpContext
from server.moving.tables import move_line

Kind = Literal["putaway", "replenish", "transfer", "putback"]
KINDS: tuple[Kind, ...] = ("putaway", "replenish", "transfer", "putback")
MOST_LINES = 20
_PREFIX = {"putaway": "PA", "replenish": "RP", "transfer": "TR", "putback": "PB"}
_PRIORITY = {"putaway": 30, "replenish": 35, "transfer": 25, "putback": 35}
"""Below an ordinary order, so that none of it takes pickers away from orders by itself."""
_SECONDS_PER_LINE = 45


@dataclass(frozen=True, slots=True)
class Move:
    """`to_bin` empty: the worker finds a place."""

    sku: str
    qty: int
    from_bin: str
    to_bin: str
    lot: str = ""


def open_move_task(
    ctx: OpContext, kind: Kind, lines: Sequence[Move], *, order: str | None = None, why: str = ""
) -> str:
    """Reserve the goods where they stand and put the task into its queue; returns its id.

    `why`: what asked for it, a word of `WHY` in the catalogues. Goods that lie together join the
    task of their kind that nobody has taken yet.
    """
    ref = order or lines[0].from_bin
    task, start = _joinable(ctx, kind, ref, len(lines)) or (None, 0)
    if task is None:
        task = _create(ctx, kind, ref, len(lines))
    else:
        grown = sa.update(task_table).where(task_table.c.id == task)
        ctx.conn.execute(grown.values(lines=start + len(lines)))
        ctx.touch("task", task)
    for no, line in enumerate(lines, start + 1):
        _add(ctx, task, no, line, order, why or kind)
    return task


def _create(ctx: OpContext, kind: Kind, ref: str, lines: int) -> str:
    number = ctx.next_number(f"task-{kind}")
    plan = tasks.Plan(
        kind=kind,
        title=f"{_PREFIX[kind]}-{number:05d}",
        ref=ref,
        lines=lines,
        priority=_PRIORITY[kind],
        expected_s=_SECONDS_PER_LINE * lines,
    )
    return tasks.create(ctx, plan)


def _joinable(ctx: OpContext, kind: Kind, ref: str, lines: int) -> tuple[str, int] | None:
    found = (
        sa.select(task_table.c.id, task_table.c.lines)
        .where(
            task_table.c.site == ctx.site,
            task_table.c.kind == kind,
            task_table.c.ref == ref,
            task_table.c.state == "open",
            task_table.c.lines <= MOST_LINES - lines,
        )
        .order_by(task_table.c.created_at, task_table.c.id)
        .limit(1)
        .with_for_update()
    )
    row = ctx.conn.execute(found).first()
    return (row.id, int(row.lines)) if row else None


def _add(ctx: OpContext, task: str, no: int, line: Move, order: str | None, why: str) -> None:
    ledger.allocate(ctx, line.sku, line.qty, line.from_bin, line.lot)
    ctx.conn.execute(
        sa.insert(move_line).values(
            task=task,
            no=no,
            site=ctx.site,
            order_id=order,
            sku=line.sku,
            lot=line.lot,
            from_bin=line.from_bin,
            to_bin=line.to_bin,
            qty=line.qty,
            state="open",
            why=why,
        )
    )
    ctx.touch("move_line", f"{task}/{no}")
