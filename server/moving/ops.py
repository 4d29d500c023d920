"""Bringing goods from bin to bin: source scanned, item scanned, quantity, destination scanned.

    line: open -> moved | short          task: held -> done when every line is accounted for

A line may be brought in several goes and to another bin than proposed: what was done is booked.
"""

from dataclasses import dataclass
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import find_sku
from server.counting.tasks import open_count
from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.inventory.tables import bin_, stock
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Pieces, Qty, Role, Scan, Text
from server.moving.events import MoveShort, StockMoved
from server.moving.tables import move_line
from server.moving.tasks import KINDS

ALREADY_MOVED = code("already_moved")
LINES_OPEN = code("lines_open")
MOVE_SHORT = code("move_short")
RESERVED_MOVED = code("reserved_moved")
STOCK_SHORTFALL = code("stock_shortfall")
TASK_UNKNOWN = code("task_unknown")
UNKNOWN_BIN = code("unknown_bin")
UNKNOWN_ITEM = code("unknown_item")
MOVERS = frozenset({Role.PICKER, Role.SUPERVISOR})
Lot = Annotated[str, Meta(max_length=64)]
Reason = Annotated[str, Meta(pattern="^(missing|damaged|wrong_item|blocked|no_room|other)$")]
_GOODS_ARE_GONE = frozenset({"missing", "wrong_item"})


@dataclass(frozen=True, slots=True)
class OpenLine:
    sku: str
    lot: str
    qty: int
    moved: int
    state: str
    from_bin: str
    task_state: str
    kind: str

    @property
    def is_wanted(self) -> bool:
        return self.state == "open" and self.task_state not in ("done", "cancelled")

    @property
    def left(self) -> int:
        return self.qty - self.moved


_FIND = (
    sa.select(
        *(move_line.c[f] for f in ("sku", "lot", "qty", "moved", "state", "from_bin")),
        task_table.c.state.label("task_state"),
        task_table.c.kind,
    )
    .join(task_table, task_table.c.id == move_line.c.task)
    .where(move_line.c.task == sa.bindparam("task"), move_line.c.no == sa.bindparam("no"))
    .with_for_update(of=[task_table, move_line])
)


class ConfirmMove(Op):
    """`qty` pieces now lie in `to_bin`. `before`: what had been brought of this line until then,
    as the worker's handheld knew it. `code`: the item's code as scanned."""

    task: Id
    line: LineNo
    sku: Code
    qty: Pieces
    from_bin: Id
    to_bin: Id
    lot: Lot = ""
    before: Qty = 0
    code: Scan = ""
    epoch: Epoch = 0


@operation("moving.confirm_move.v1", kind=FACT, roles=MOVERS)
def confirm_move(op: ConfirmMove, ctx: OpContext) -> None:
    line = _line(ctx, op.task, op.line)
    lot = op.lot or (line.lot if line else "")
    release = _release(ctx, line, op) if line and line.is_wanted else 0
    _book(ctx, Done(op.task, op.sku, lot, op.qty, op.from_bin, op.to_bin, release))
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.to_bin, sku=op.sku, qty=op.qty)
    if not line.is_wanted:
        return ctx.divert(ALREADY_MOVED, task=op.task, bin=op.to_bin, sku=op.sku, qty=op.qty)
    moved = line.moved + op.qty
    _set(ctx, op.task, op.line, "moved" if moved >= line.qty else "open", moved=moved)
    return None


def _release(ctx: OpContext, line: OpenLine, op: ConfirmMove) -> int:
    part = min(op.qty, line.left)
    if op.from_bin == line.from_bin and (op.lot or line.lot) == line.lot:
        return part
    ledger.allocate(ctx, line.sku, -part, line.from_bin, line.lot)
    return 0


class ReportMove(Op):
    """It cannot be brought as asked: `found` pieces may still be brought, besides those `before`.
    With none the line is closed."""

    task: Id
    line: LineNo
    bin: Id
    reason: Reason
    found: Qty = 0
    before: Qty = 0
    note: Text = ""
    epoch: Epoch = 0


@operation("moving.report_move.v1", kind=FACT, roles=MOVERS)
def report_move(op: ReportMove, ctx: OpContext) -> None:
    line = _line(ctx, op.task, op.line)
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.bin)
    if not line.is_wanted:
        return ctx.divert(ALREADY_MOVED, task=op.task, bin=op.bin, sku=line.sku)
    found = min(op.found, line.left)
    ledger.allocate(ctx, line.sku, found - line.left, line.from_bin, line.lot)
    state = "open" if found else "short"
    _set(ctx, op.task, op.line, state, qty=line.moved + found, reason=op.reason)
    _tell(ctx, op, line, found)
    if op.reason in _GOODS_ARE_GONE:
        open_count(ctx, line.from_bin, line.sku, why="short_move")
    return None


def _tell(ctx: OpContext, op: ReportMove, line: OpenLine, found: int) -> None:
    ctx.emit(
        MoveShort(
            task=op.task,
            sku=line.sku,
            bin=line.from_bin,
            asked=line.left,
            found=found,
            reason=op.reason,
        )
    )
    details = {
        "bin": op.bin,
        "sku": line.sku,
        "asked": line.left,
        "found": found,
        "reason": op.reason,
        "note": op.note,
    }
    discrepancies.open_one(
        ctx, MOVE_SHORT, operation="moving.report_move", task=op.task, details=details
    )


class FinishMove(Op):
    task: Id
    epoch: Epoch = 0


@operation("moving.finish_move.v1", kind=FACT, roles=MOVERS)
def finish_move(op: FinishMove, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None or task.kind not in KINDS:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        return None
    count = sa.select(sa.func.count()).where(
        move_line.c.task == op.task, move_line.c.state == "open"
    )
    if still_open := int(ctx.conn.execute(count).scalar_one()):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    return None


class Transfer(Op):
    """Somebody has brought goods to another bin unasked. `sku` empty: the server knows the item
    by the `code` that was scanned."""

    from_bin: Id
    to_bin: Id
    qty: Pieces
    sku: Annotated[str, Meta(max_length=64)] = ""
    lot: Lot = ""
    code: Scan = ""
    note: Text = ""


@operation("moving.transfer.v1", kind=FACT, roles=MOVERS)
def transfer(op: Transfer, ctx: OpContext) -> None:
    sku = find_sku(ctx.conn, op.sku or op.code)
    if sku is None:
        return ctx.divert(UNKNOWN_ITEM, bin=op.to_bin, value=op.sku or op.code[:64], qty=op.qty)
    _book(ctx, Done("", sku, op.lot, op.qty, op.from_bin, op.to_bin))
    return None


@dataclass(frozen=True, slots=True)
class Done:
    """A movement that has happened. `release`: how much of a reservation it uses up."""

    task: str
    sku: str
    lot: str
    qty: int
    from_bin: str
    to_bin: str
    release: int = 0


def _book(ctx: OpContext, done: Done) -> None:
    missing = ledger.move(
        ctx,
        done.sku,
        done.qty,
        done.from_bin,
        done.to_bin,
        "move",
        lot=done.lot,
        ref=done.task,
        release=done.release,
    )
    ctx.emit(
        StockMoved(
            task=done.task,
            sku=done.sku,
            lot=done.lot,
            qty=done.qty,
            from_bin=done.from_bin,
            to_bin=done.to_bin,
        )
    )
    if missing:
        _doubt(ctx, STOCK_SHORTFALL, done, missing=missing)
        open_count(ctx, done.from_bin, done.sku, why="shortfall")
    elif promised := _promised_too_much(ctx, done):
        _doubt(ctx, RESERVED_MOVED, done, missing=promised)
    if not _is_bin(ctx, done.to_bin):
        ctx.divert(UNKNOWN_BIN, field="to_bin", value=done.to_bin, sku=done.sku, qty=done.qty)


def _doubt(ctx: OpContext, kind: str, done: Done, missing: int) -> None:
    details = {"bin": done.from_bin, "sku": done.sku, "missing": missing, "to": done.to_bin}
    discrepancies.open_one(
        ctx, kind, operation="moving.confirm_move", task=done.task or None, details=details
    )


def _promised_too_much(ctx: OpContext, done: Done) -> int:
    """Pieces that somebody's task counts on and that are not in the bin any more."""
    left = ctx.conn.execute(
        sa.select(stock.c.allocated - stock.c.qty).where(
            stock.c.site == ctx.site,
            stock.c.bin == done.from_bin,
            stock.c.sku == done.sku,
            stock.c.lot == done.lot,
        )
    ).scalar()
    return max(0, int(left or 0))


def _is_bin(ctx: OpContext, code_: str) -> bool:
    found = sa.select(bin_.c.code).where(bin_.c.site == ctx.site, bin_.c.code == code_)
    return ctx.conn.execute(found).first() is not None


def _line(ctx: OpContext, task: str, no: int) -> OpenLine | None:
    row = ctx.conn.execute(_FIND, {"task": task, "no": no}).first()
    return OpenLine(*row) if row else None


def _set(ctx: OpContext, task: str, no: int, state: str, **values: object) -> None:
    ctx.conn.execute(
        sa.update(move_line)
        .where(move_line.c.task == task, move_line.c.no == no)
        .values(state=state, by_person=ctx.person, at=ctx.at, **values)
    )
    ctx.touch("move_line", f"{task}/{no}")
    ctx.touch("task", task)
