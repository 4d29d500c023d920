"""A line of a picking task as the operations find, close and book it."""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.floor.tables import task as task_table
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.kernel.values import Role
from server.picking.rows import line_key
from server.picking.tables import pick_line
from server.store.prepared import Prepared

ALREADY_PICKED = code("already_picked")
ORDER_CANCELLED = code("order_cancelled")
TASK_UNKNOWN = code("task_unknown")
PUTBACK = "PUTBACK"
"""Where goods lie that were picked but belong to nobody; a put-back brings them home."""
PICKERS = frozenset({Role.PICKER, Role.SUPERVISOR})
Lot = Annotated[str, Meta(max_length=64)]
Reason = Annotated[str, Meta(pattern="^(missing|damaged|wrong_item|blocked|unreadable|other)$")]


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


_FIND = Prepared(
    sa.select(
        pick_line.c.qty,
        pick_line.c.state,
        pick_line.c.order_id,
        pick_line.c.by_person,
        pick_line.c.lot,
        pick_line.c.bin,
        task_table.c.state,
        pick_line.c.slot,
    )
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
    )
)


def tote(task: str, slot: int = 0) -> str:
    """The place of goods between shelf and bench. Slot 0 is the only tote of a single order;
    slots from 1 are the totes of a cart that carries several orders."""
    return f"TOTE/{task}/{slot}" if slot else f"TOTE/{task}"


def find(ctx: OpContext, task: str, no: int) -> OpenLine | None:
    """The line, locked with its task until the commit."""
    row = _FIND.first(ctx.conn, {"task": task, "no": no})
    return OpenLine(*row) if row else None


def not_wanted(line: OpenLine) -> str | None:
    """Why what was picked for this line belongs to nobody; None while the line asks for it."""
    if line.task_state == "cancelled":
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


def astray(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str) -> None:
    """Goods in somebody's hand that no line asks for: booked to where they are now."""
    ledger.move(ctx, sku, qty, bin_code, PUTBACK, "astray", lot=lot)
