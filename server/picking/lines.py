"""A line of a picking task as the operations find, close and book it."""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.counting.tasks import open_count
from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.feeds import person_scope
from server.kernel.ops import OpContext
from server.kernel.values import Role
from server.moving.putaway import bring_home
from server.picking.events import LineReturned
from server.picking.rows import line_key
from server.picking.tables import pick_forward, pick_line
from server.store.prepared import Prepared

ALREADY_PICKED = code("already_picked")
ORDER_CANCELLED = code("order_cancelled")
STOCK_SHORTFALL = code("stock_shortfall")
TASK_UNKNOWN = code("task_unknown")
PUTBACK = "PUTBACK"
"""Where goods lie that were picked but belong to nobody; a put-back brings them home."""
PICKERS = frozenset({Role.PICKER, Role.SUPERVISOR})
_MOST_SPLITS = 50
Lot = Annotated[str, Meta(max_length=64)]
Reason = Annotated[
    str, Meta(pattern="^(missing|damaged|wrong_item|blocked|unreadable|held|other)$")
]


@dataclass(frozen=True, slots=True)
class OpenLine:
    qty: int
    state: str
    order_id: str
    by_person: str | None
    lot: str
    bin: str
    task_state: str
    slot: int
    picked: int
    order_line: int
    sku: str
    reason: str | None
    asked_lot: str
    """What `lot` was until another one was taken; empty where none was."""


_FOUND = tuple(
    task_table.c.state if name == "task_state" else pick_line.c[name] for name in OpenLine.__slots__
)
_FIND = Prepared(
    sa.select(*_FOUND)
    .join(task_table, task_table.c.id == pick_line.c.task)
    .where(pick_line.c.task == sa.bindparam("task"), pick_line.c.no == sa.bindparam("no"))
    .with_for_update(of=[task_table, pick_line])  # the task too: it may be cancelled meanwhile
)
_CLOSE = Prepared(
    sa.update(pick_line)
    .where(
        pick_line.c.task == sa.bindparam("in_task"),
        pick_line.c.no == sa.bindparam("in_no"),
        pick_line.c.state == "open",
    )
    .values(
        state=sa.bindparam("new_state"),
        picked=sa.bindparam("new_picked"),
        reason=sa.bindparam("new_reason"),
        by_person=sa.bindparam("new_person"),
        at=sa.bindparam("new_at"),
        waits=sa.false(),
    )
)


_is_all = pick_line.c.qty <= sa.bindparam("took", type_=sa.BigInteger)
_FILL = Prepared(
    sa.update(pick_line)
    .where(
        pick_line.c.task == sa.bindparam("in_task"),
        pick_line.c.no == sa.bindparam("in_no"),
        pick_line.c.state == "open",
        pick_line.c.lot == "",
        sa.exists().where(
            task_table.c.id == sa.bindparam("in_task"), task_table.c.state != "cancelled"
        ),
    )
    .values(
        state=sa.case((_is_all, "picked"), else_="short"),
        picked=sa.case((_is_all, pick_line.c.qty), else_=sa.bindparam("took", type_=sa.BigInteger)),
        reason=sa.null(),
        by_person=sa.bindparam("new_person"),
        at=sa.bindparam("new_at"),
        waits=sa.false(),
    )
    .returning(
        *(sa.literal("", sa.String).label(c.name) if c is task_table.c.state else c for c in _FOUND)
    )
)


def tote(task: str, slot: int = 0) -> str:
    """The place of goods between shelf and bench. Slot 0 is the only tote of a single order;
    slots from 1 are the totes of a cart that carries several orders."""
    return f"TOTE/{task}/{slot}" if slot else f"TOTE/{task}"


def find(ctx: OpContext, task: str, no: int) -> OpenLine | None:
    """The line, locked with its task until the commit; None where nobody knows it."""
    row = _FIND.first(ctx.conn, {"task": task, "no": no})
    if row is None and (at := moved_to(ctx, task, no)):
        row = _FIND.first(ctx.conn, {"task": at, "no": no})
        if row is not None and not_wanted(OpenLine(*row)) is None:
            _call_back(ctx, at, task, no)
    return OpenLine(*row) if row else None


def moved_to(ctx: OpContext, task: str, no: int) -> str | None:
    """The task that has the line since this one was split."""
    forward, at = pick_forward.c, task
    for _ in range(_MOST_SPLITS):
        found = sa.select(forward.to_task).where(forward.task == at, forward.no == no)
        to = ctx.conn.execute(found).scalar()
        if to is None:
            break
        at = to
    return at if at != task else None


def send(ctx: OpContext, line_no: int, from_task: str, to_task: str) -> None:
    """Move a line to another task, and leave word of it for late work."""
    no = line_no
    line = (pick_line.c.task == from_task, pick_line.c.no == no)
    ctx.conn.execute(sa.update(pick_line).where(*line).values(task=to_task))
    arrived = (pick_forward.c.task == to_task, pick_forward.c.no == no)
    ctx.conn.execute(sa.delete(pick_forward).where(*arrived))
    ctx.conn.execute(sa.insert(pick_forward).values(task=from_task, no=no, to_task=to_task))
    holder = sa.select(task_table.c.assignee).where(task_table.c.id == from_task)
    if person := ctx.conn.execute(holder).scalar():
        ctx.drop(person_scope(person), "line", line_key(from_task, no))
    ctx.touch("pick_line", line_key(to_task, no))
    recount(ctx, from_task, -1)
    recount(ctx, to_task, 1)


def recount(ctx: OpContext, task: str, by: int) -> None:
    """The task has so many lines more, or fewer."""
    changed = sa.update(task_table).where(task_table.c.id == task)
    ctx.conn.execute(changed.values(lines=task_table.c.lines + by))
    ctx.touch("task", task)


def _call_back(ctx: OpContext, at: str, task: str, no: int) -> None:
    """Late work counts: its goods lie in this task's tote, so the line is this task's again."""
    send(ctx, no, at, task)
    ctx.emit(LineReturned(task=task, from_task=at, line=no))
    left = sa.select(pick_line.c.no).where(pick_line.c.task == at).limit(1)
    emptied = tasks.get(ctx, at)
    if emptied and not emptied.is_over and ctx.conn.execute(left).first() is None:
        tasks.end(ctx, emptied, "cancelled")


def not_wanted(line: OpenLine) -> str | None:
    """Why what was picked for this line belongs to nobody; None while the line asks for it."""
    if line.task_state == "cancelled" or line.state == "cancelled":
        return ORDER_CANCELLED
    return ALREADY_PICKED if line.state != "open" else None


def close(ctx: OpContext, task: str, no: int, state: str, picked: int, reason: str | None) -> None:
    _CLOSE.run(
        ctx.conn,
        {
            "in_task": task,
            "in_no": no,
            "new_state": state,
            "new_picked": picked,
            "new_reason": reason,
            "new_person": ctx.person,
            "new_at": ctx.at,
        },
    )
    ctx.touch("pick_line", line_key(task, no))
    ctx.touch("task", task)


def fill(ctx: OpContext, task: str, no: int, took: int) -> OpenLine | None:
    """Close a line with what was taken for it, all in one statement, where nothing has to be looked
    at before: it is open, and the books do not keep its goods by lot. Otherwise None, and nothing
    is done. Returns the line as it is now."""
    values = {"in_task": task, "in_no": no, "took": took}
    row = _FILL.first(ctx.conn, {**values, "new_person": ctx.person, "new_at": ctx.at})
    if row is None:
        return None
    ctx.touch("pick_line", line_key(task, no))
    ctx.touch("task", task)
    return OpenLine(*row)


def astray(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str) -> None:
    """Goods in somebody's hand that no line asks for: booked to where they are now, and a task
    brings them home."""
    if qty:
        missing = ledger.move(ctx, sku, qty, bin_code, PUTBACK, "astray", lot=lot)
        doubt(ctx, bin_code, sku, missing)
        bring_home(ctx, "putback", sku, qty, PUTBACK, lot, why="astray")


def doubt(
    ctx: OpContext,
    bin_code: str,
    sku: str,
    missing: int,
    *,
    order: str | None = None,
    task: str | None = None,
) -> None:
    """Somebody took `missing` pieces more than the books had there: told, and counted."""
    if missing:
        details = {"bin": bin_code, "sku": sku, "missing": missing}
        discrepancies.open_one(
            ctx,
            STOCK_SHORTFALL,
            operation="picking.confirm_pick",
            order=order,
            task=task,
            details=details,
        )
        open_count(ctx, bin_code, sku, why="shortfall")
