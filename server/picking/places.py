"""What the picker says of a place besides the pick: that it is empty, that its label is gone."""

from typing import Annotated

from msgspec import Meta

from server.counting.tasks import open_count
from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Epoch, Id, LineNo, Qty, Text
from server.picking.events import BinChecked
from server.picking.lines import PICKERS, find

LABEL_UNREADABLE = code("label_unreadable")


class ZeroCheck(Op):
    """The picker was asked whether the bin is empty now. `found`: pieces still there."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    empty: bool
    found: Qty = 0
    epoch: Epoch = 0


@operation("picking.zero_check.v1", kind=FACT, roles=PICKERS)
def zero_check(op: ZeroCheck, ctx: OpContext) -> None:
    line = find(ctx, op.task, op.line)
    ctx.emit(
        BinChecked(
            order=line.order_id if line else "",
            task=op.task,
            bin=op.bin,
            sku=op.sku,
            empty=op.empty,
            found=op.found,
        )
    )
    if not op.empty:
        open_count(ctx, op.bin, op.sku, why="zero_check")


class RequestLabel(Op):
    """The label of a place or of an item cannot be read; the desk prints another one."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    of: Annotated[str, Meta(pattern="^(bin|item)$")]
    note: Text = ""
    photos: Annotated[list[BlobRef], Meta(max_length=8)] = []
    epoch: Epoch = 0


@operation("picking.request_label.v1", kind=FACT, roles=PICKERS)
def request_label(op: RequestLabel, ctx: OpContext) -> None:
    details = {
        "bin": op.bin,
        "sku": op.sku,
        "of": op.of,
        "note": op.note,
        "photos": list(op.photos),
    }
    discrepancies.open_one(
        ctx,
        LABEL_UNREADABLE,
        operation="picking.request_label",
        task=op.task,
        details=details,
    )
