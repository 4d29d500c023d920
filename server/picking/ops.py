"""The picker's walk: location scanned, item scanned, quantity: one operation a line.

    line: open -> picked | short          task: held -> done when every line is accounted for

The device has matched the scans before it says anything; what arrives here has happened, so it is
never refused: it is applied, or kept and turned into the follow-up that the books need.
"""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Epoch, Id, LineNo, Pieces, Qty, Role, Scan, Text
from server.orders import store as order_store
from server.orders.tables import order_line
from server.picking.events import LinePicked, LineShort, OrderPicked
from server.picking.rows import line_key
from server.picking.tables import pick_line
from server.store.prepared import Prepared

ALREADY_PICKED = code("already_picked")
ORDER_CANCELLED = code("order_cancelled")
OVER_PICKED = code("over_picked")
TASK_UNKNOWN = code("task_unknown")
LINES_OPEN = code("lines_open")
SHORT_PICK = code("short_pick")
STOCK_SHORTFALL = code("stock_shortfall")
NOTHING_PICKED = code("nothing_picked")
PUTBACK = "PUTBACK"
"""Where goods lie that were picked but belong to nobody; a put-back brings them home."""
PICKERS = frozenset({Role.PICKER, Role.SUPERVISOR})
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


class ConfirmPick(Op):
    """`code`: the item's code as scanned. Bin, SKU and quantity travel with the fact, so that it
    can be booked even where the task is unknown (made after a backup that was restored)."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    qty: Pieces
    lot: Annotated[str, Meta(max_length=64)] = ""
    code: Scan = ""
    epoch: Epoch = 0


@operation("picking.confirm_pick.v1", kind=FACT, roles=PICKERS)
def confirm_pick(op: ConfirmPick, ctx: OpContext) -> None:
    line = _line(ctx, op.task, op.line)
    if line is None:
        _astray(ctx, op.sku, op.qty, op.bin, op.lot)
        return ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.bin, sku=op.sku, qty=op.qty)
    if why := _not_wanted(line):
        _astray(ctx, op.sku, op.qty, op.bin, op.lot)
        return ctx.divert(why, task=op.task, line=op.line, order=line.order_id, sku=op.sku)
    good = min(op.qty, line.qty)
    ctx.touch("order", line.order_id)
    state = "picked" if good == line.qty else "short"
    _close(ctx, op.task, op.line, state, good, None)
    release = line.qty if op.bin == line.bin else 0
    _book(ctx, op, line, good, release)
    ctx.emit(
        LinePicked(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=op.sku,
            qty=good,
            bin=op.bin,
            code=op.code,
        )
    )
    if op.qty > good:
        _astray(ctx, op.sku, op.qty - good, op.bin, op.lot)
        ctx.divert(OVER_PICKED, task=op.task, line=op.line, sku=op.sku, over=op.qty - good)
    return None


def _book(ctx: OpContext, op: ConfirmPick, line: OpenLine, qty: int, release: int) -> None:
    lot = op.lot or line.lot
    missing = ledger.move(
        ctx,
        op.sku,
        qty,
        op.bin,
        tote(op.task, line.slot),
        "pick",
        lot=lot,
        ref=op.task,
        release=release,
    )
    if op.bin != line.bin:
        ledger.allocate(ctx, op.sku, -line.qty, line.bin, line.lot)
    if missing:
        details = {"bin": op.bin, "sku": op.sku, "missing": missing}
        discrepancies.open_one(
            ctx,
            STOCK_SHORTFALL,
            operation="picking.confirm_pick",
            order=line.order_id,
            task=op.task,
            details=details,
        )


class ReportShort(Op):
    """Less than asked is there: `found` pieces were taken. Photos may follow later."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    found: Qty
    reason: Reason
    note: Text = ""
    photos: Annotated[list[BlobRef], Meta(max_length=8)] = []
    epoch: Epoch = 0


@operation("picking.report_short.v1", kind=FACT, roles=PICKERS)
def report_short(op: ReportShort, ctx: OpContext) -> None:
    line = _line(ctx, op.task, op.line)
    if line is None or (why := _not_wanted(line)):
        _astray(ctx, op.sku, op.found, op.bin, "")
        reason = TASK_UNKNOWN if line is None else why
        return ctx.divert(str(reason), task=op.task, line=op.line, sku=op.sku)
    found = min(op.found, line.qty)
    ctx.touch("order", line.order_id)
    _close(ctx, op.task, op.line, "short", found, op.reason)
    ledger.move(
        ctx,
        op.sku,
        found,
        op.bin,
        tote(op.task, line.slot),
        "pick",
        lot=line.lot,
        ref=op.task,
        release=found,
    )
    _write_off_missing(ctx, op, line, line.qty - found)
    ctx.emit(
        LineShort(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=op.sku,
            bin=op.bin,
            asked=line.qty,
            found=found,
            reason=op.reason,
            note=op.note,
            photos=list(op.photos),
        )
    )
    discrepancies.open_one(
        ctx,
        SHORT_PICK,
        operation="picking.report_short",
        order=line.order_id,
        task=op.task,
        details={
            "bin": op.bin,
            "sku": op.sku,
            "asked": line.qty,
            "found": found,
            "reason": op.reason,
            "note": op.note,
            "photos": list(op.photos),
        },
    )
    return None


def _write_off_missing(ctx: OpContext, op: ReportShort, line: OpenLine, missing: int) -> None:
    """What the picker did not find must not be promised again before somebody has counted."""
    if op.reason == "blocked" or missing == 0:
        ledger.allocate(ctx, op.sku, -missing, line.bin, line.lot)
        return
    ledger.move(
        ctx,
        op.sku,
        missing,
        op.bin,
        ledger.DISCREPANCY,
        "short",
        lot=line.lot,
        ref=op.task,
        release=missing,
    )


class FinishTask(Op):
    """The final check: every line is picked or short with a reason; the order moves on."""

    task: Id
    epoch: Epoch = 0


@operation("picking.finish_task.v1", kind=FACT, roles=PICKERS)
def finish_task(op: FinishTask, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        if task.state == "cancelled":
            ctx.divert(ORDER_CANCELLED, task=op.task)
        return None
    found = sa.select(pick_line.c.order_id, pick_line.c.state).where(pick_line.c.task == op.task)
    lines = ctx.conn.execute(found).all()
    if still_open := sum(1 for line in lines if line.state == "open"):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    for order_id in sorted({line.order_id for line in lines}):
        _order_picked(ctx, op.task, order_id)
    return None


def _order_picked(ctx: OpContext, task: str, order_id: str) -> None:
    """The order moves on when all its tasks are done, also where several pickers shared it."""
    found = sa.select(pick_line.c.order_line, pick_line.c.picked, task_table.c.state)
    lines = ctx.conn.execute(
        found.join(task_table, task_table.c.id == pick_line.c.task).where(
            pick_line.c.order_id == order_id
        )
    ).all()
    ctx.touch("order", order_id)
    if any(line.state not in ("done", "cancelled") for line in lines):
        return
    picked: dict[int, int] = {}
    for line in lines:
        picked[line.order_line] = picked.get(line.order_line, 0) + line.picked
    for no, qty in picked.items():
        ctx.conn.execute(
            sa.update(order_line)
            .where(order_line.c.order_id == order_id, order_line.c.no == no)
            .values(picked=qty)
        )
    if sum(picked.values()) == 0:
        discrepancies.open_one(ctx, NOTHING_PICKED, order=order_id, task=task)
        order_store.move_if_legal(ctx, order_id, "picking", "hold")
        return
    order_store.move_if_legal(ctx, order_id, "picking", "picked")
    ctx.emit(OrderPicked(order=order_id, task=task))


def _line(ctx: OpContext, task: str, no: int) -> OpenLine | None:
    row = _FIND.first(ctx.conn, {"task": task, "no": no})
    return OpenLine(*row) if row else None


def _not_wanted(line: OpenLine) -> str | None:
    if line.task_state == "cancelled":
        return ORDER_CANCELLED
    return ALREADY_PICKED if line.state != "open" else None


def _close(ctx: OpContext, task: str, no: int, state: str, picked: int, reason: str | None) -> None:
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


def _astray(ctx: OpContext, sku: str, qty: int, bin_code: str, lot: str) -> None:
    """Goods in somebody's hand that no line asks for: booked to where they are now."""
    ledger.move(ctx, sku, qty, bin_code, PUTBACK, "astray", lot=lot)
