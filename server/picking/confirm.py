"""One line picked: location scanned, item scanned, quantity."""

from typing import Annotated

from msgspec import Meta

from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Pieces, Scan
from server.picking import booking
from server.picking.events import LinePicked
from server.picking.lines import (
    PICKERS,
    TASK_UNKNOWN,
    Lot,
    OpenLine,
    astray,
    close,
    doubt,
    fill,
    find,
    not_wanted,
    tote,
)
from server.picking.promises import renew

OVER_PICKED = code("over_picked")


class ConfirmPick(Op):
    """`code`: the item's code as scanned. Bin, SKU and quantity travel with the fact, so that it
    can be booked even where the task is unknown (made after a backup that was restored).
    `lot`: of what was taken, where it was scanned; `serials`: one of each piece that has one;
    `tote`: where it was put on a cart of several orders, as scanned."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    qty: Pieces
    lot: Lot = ""
    serials: Annotated[list[Code], Meta(max_length=1000)] = []
    code: Scan = ""
    tote: Scan = ""
    epoch: Epoch = 0


@operation("picking.confirm_pick.v1", kind=FACT, roles=PICKERS)
def confirm_pick(op: ConfirmPick, ctx: OpContext) -> None:
    is_plain = not op.lot and not op.serials
    line = (fill(ctx, op.task, op.line, op.qty) if is_plain else None) or _look_and_close(op, ctx)
    if line is None:
        return
    good = min(op.qty, line.qty)
    ctx.touch("order", line.order_id)
    _book(ctx, op, line, good)
    ctx.emit(
        LinePicked(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=op.sku,
            qty=good,
            bin=op.bin,
            code=op.code,
            lot=op.lot or line.lot,
            serials=list(op.serials),
        )
    )
    if op.qty > good:
        astray(ctx, op.sku, op.qty - good, op.bin, op.lot)
        ctx.divert(OVER_PICKED, task=op.task, line=op.line, sku=op.sku, over=op.qty - good)


def _look_and_close(op: ConfirmPick, ctx: OpContext) -> OpenLine | None:
    """None where what was taken is not the line's: then it is astray, and the fact is diverted."""
    line = find(ctx, op.task, op.line)
    if line is None:
        astray(ctx, op.sku, op.qty, op.bin, op.lot)
        ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.bin, sku=op.sku, qty=op.qty)
    elif why := not_wanted(line):
        astray(ctx, op.sku, op.qty, op.bin, op.lot)
        ctx.divert(why, task=op.task, line=op.line, order=line.order_id, sku=op.sku)
    elif bar := booking.bar(ctx, line, booking.Taken(op.task, op.line, op.sku, op.lot, op.serials)):
        astray(ctx, op.sku, op.qty, op.bin, op.lot or line.lot)
        ctx.divert(bar.code, task=op.task, line=op.line, sku=op.sku, bin=op.bin, **bar.told)
    else:
        good = min(op.qty, line.qty)
        state = "picked" if good == line.qty else "short"
        close(ctx, op.task, op.line, state, good, None)
        return line
    return None


def _book(ctx: OpContext, op: ConfirmPick, line: OpenLine, qty: int) -> None:
    # Goods that the books do not keep by lot are booked so, whatever their label says.
    lot = (op.lot or line.lot) if line.lot else ""
    is_as_asked = op.bin == line.bin and lot == line.lot
    missing = ledger.move(
        ctx,
        op.sku,
        qty,
        op.bin,
        tote(op.task, line.slot),
        "pick",
        lot=lot,
        ref=op.task,
        release=line.qty if is_as_asked else 0,
    )
    if not is_as_asked:
        ledger.allocate(ctx, op.sku, -line.qty, line.bin, line.lot)
    if missing or not is_as_asked:
        renew(ctx, op.bin, op.sku, lot)
    doubt(ctx, op.bin, op.sku, missing, order=line.order_id, task=op.task)
