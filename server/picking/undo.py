"""The picker takes the own last step back while nothing depends on it: the pieces lie where they
were taken from, and the line is open again."""

import sqlalchemy as sa

from server.inventory import ledger
from server.inventory.lots import release_serials
from server.kernel.errors import code
from server.kernel.feeds import person_scope
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Qty
from server.picking.cures import REST
from server.picking.events import PickUndone
from server.picking.lines import PICKERS, TASK_UNKNOWN, Lot, OpenLine, find, recount, tote
from server.picking.rows import line_key
from server.picking.shorts import STAYS
from server.picking.tables import pick_line

TOO_LATE = code("too_late_to_undo")
NOT_YOURS = code("not_your_step")


class UndoPick(Op):
    """`qty` pieces lie in `bin` again, as before the step that closed the line: it asks for the
    lot that it asked for then."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    qty: Qty
    lot: Lot = ""
    epoch: Epoch = 0


@operation("picking.undo_pick.v1", kind=FACT, roles=PICKERS)
def undo_pick(op: UndoPick, ctx: OpContext) -> None:
    line = find(ctx, op.task, op.line)
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.bin, sku=op.sku, qty=op.qty)
    if why := _why_not(ctx, op, line):
        return ctx.divert(why, task=op.task, line=op.line, bin=op.bin, sku=op.sku, qty=op.qty)
    _drop_rest(ctx, op)
    _put_back(ctx, op, line)
    release_serials(ctx, line.order_id, op.task, op.line)
    _open_again(ctx, op, line)
    ctx.touch("order", line.order_id)
    ctx.emit(
        PickUndone(order=line.order_id, task=op.task, line=op.line, sku=op.sku, qty=line.picked)
    )
    return None


def _why_not(ctx: OpContext, op: UndoPick, line: OpenLine) -> str | None:
    if line.state not in ("picked", "short") or line.task_state in ("done", "cancelled"):
        return TOO_LATE
    if line.by_person != ctx.person:
        return NOT_YOURS
    rest = find(ctx, op.task, op.line + REST) if op.line + REST <= 100_000 else None
    if rest is None:
        return None
    # What was parted between two totes is one pick of two lines: neither stands without the other.
    return TOO_LATE if rest.state != "open" or line.state == "picked" else None


def _drop_rest(ctx: OpContext, op: UndoPick) -> None:
    """What was to be fetched elsewhere instead is not wanted any more."""
    p = pick_line.c
    same = (p.task == op.task, p.no == op.line + REST)
    rest = ctx.conn.execute(sa.select(p.sku, p.qty, p.bin, p.lot).where(*same)).first()
    if rest is None:
        return
    ledger.allocate(ctx, rest.sku, -rest.qty, rest.bin, rest.lot)
    ctx.conn.execute(sa.delete(pick_line).where(*same))
    ctx.drop(person_scope(ctx.person or ""), "line", line_key(op.task, op.line + REST))
    recount(ctx, op.task, -1)


def _put_back(ctx: OpContext, op: UndoPick, line: OpenLine) -> None:
    place, asked = tote(op.task, line.slot), line.asked_lot or line.lot
    ledger.move(ctx, line.sku, line.picked, place, op.bin, "undo", lot=line.lot, ref=op.task)
    if line.reason is not None and line.reason not in STAYS:
        missing = line.qty - line.picked
        ledger.move(
            ctx, line.sku, missing, ledger.DISCREPANCY, op.bin, "undo", lot=asked, ref=op.task
        )
    ledger.allocate(ctx, line.sku, line.qty, line.bin, asked)


def _open_again(ctx: OpContext, op: UndoPick, line: OpenLine) -> None:
    p = pick_line.c
    opened = sa.update(pick_line).where(p.task == op.task, p.no == op.line)
    asks = {"lot": line.asked_lot or line.lot, "asked_lot": ""}
    before = {"state": "open", "picked": 0, "reason": None, "by_person": None, "at": None}
    ctx.conn.execute(opened.values(**before, **asks))
    ctx.touch("pick_line", line_key(op.task, op.line))
    ctx.touch("task", op.task)
