"""Less than asked is there, or it is not as it should be: why, how many were taken, what it
looks like; and what follows for the books."""

from typing import Annotated

from msgspec import Meta

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Epoch, Id, LineNo, Qty, Text
from server.picking.events import LineShort
from server.picking.lines import (
    PICKERS,
    TASK_UNKNOWN,
    OpenLine,
    Reason,
    astray,
    close,
    find,
    not_wanted,
    tote,
)

SHORT_PICK = code("short_pick")


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
    line = find(ctx, op.task, op.line)
    if line is None or (why := not_wanted(line)):
        astray(ctx, op.sku, op.found, op.bin, "")
        reason = TASK_UNKNOWN if line is None else why
        return ctx.divert(str(reason), task=op.task, line=op.line, sku=op.sku)
    found = min(op.found, line.qty)
    ctx.touch("order", line.order_id)
    close(ctx, op.task, op.line, "short", found, op.reason)
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
