"""The first gate: every piece is scanned against the order, kind and quantity."""

from typing import Annotated

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies, tasks
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Id, LineNo, Qty, Scan
from server.packing.cartons import PACKERS, carton_of, first_carton, inside, line_of, put_pieces
from server.packing.events import CheckFailed, CountedBlind, ItemChecked
from server.packing.tables import pack_line, shipment
from server.picking.ops import TASK_UNKNOWN

OVER_PACKED = code("over_packed")
BLIND_COUNT_OFF = code("blind_count_off")
PACK_MISMATCH = code("pack_mismatch")


class CheckItem(Op):
    """`packed`: pieces of this line in the carton `parcel` now, all told (not one more); fewer than
    before: some were taken out again. No `parcel`: the first one. `blind`: the packer does not
    know how many there should be, so that too many are kept until the count is over."""

    task: Id
    line: LineNo
    sku: Code
    packed: Qty
    code: Scan = ""
    parcel: Annotated[str, Meta(max_length=64)] = ""
    blind: bool = False


@operation("packing.check_item.v1", kind=FACT, roles=PACKERS)
def check_item(op: CheckItem, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    line = line_of(ctx, op.task, op.line)
    if task is None or line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, sku=op.sku)
    number = op.parcel or first_carton(ctx, task)
    elsewhere = sum(qty for where, qty, _ in inside(ctx, line) if where != number)
    over = elsewhere + op.packed + line.flawed - line.qty
    if over > 0 and not op.blind:
        return ctx.divert(OVER_PACKED, task=op.task, sku=op.sku, over=over)
    box = carton_of(ctx, task, number)
    if box is None:
        return None
    put_pieces(ctx, line, box.number, op.packed)
    ctx.emit(
        ItemChecked(
            order=line.order_id,
            task=op.task,
            sku=op.sku,
            qty=op.packed,
            code=op.code,
            parcel=box.number,
        )
    )
    return None


class ReportMismatch(Op):
    """A piece on the bench that the order does not ask for."""

    task: Id
    code: Scan
    expected: Annotated[str, Meta(max_length=400)] = ""


@operation("packing.report_mismatch.v1", kind=FACT, roles=PACKERS)
def report_mismatch(op: ReportMismatch, ctx: OpContext) -> None:
    line = line_of(ctx, op.task, None)
    order = line.order_id if line else ""
    ctx.emit(CheckFailed(order=order, task=op.task, code=op.code[:120], expected=op.expected))
    discrepancies.open_one(
        ctx,
        PACK_MISMATCH,
        operation="packing.report_mismatch",
        order=order,
        task=op.task,
        details={"code": op.code[:120], "expected": op.expected},
    )


class Counted(msgspec.Struct, frozen=True):
    line: LineNo
    counted: Qty


class FinishCount(Op):
    """The packer has counted without knowing how many there should be; only now is it told."""

    task: Id
    lines: Annotated[list[Counted], Meta(max_length=500)]


@operation("packing.finish_count.v1", kind=FACT, roles=PACKERS)
def finish_count(op: FinishCount, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    known = {r.no: r for r in _lines(ctx, op.task)}
    if task is None or not known:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    change = sa.update(shipment).where(shipment.c.id == task.ref, shipment.c.counted_at.is_(None))
    ctx.conn.execute(change.values(counted_by=ctx.person, counted_at=ctx.at))
    said = {each.line: each.counted for each in op.lines}
    off = [r for r in known.values() if said.get(r.no, 0) != r.qty - r.flawed]
    order = next(iter(known.values())).order_id
    ctx.touch("pack_job", op.task)
    ctx.emit(CountedBlind(order=order, task=op.task, lines=len(known), off=len(off)))
    for r in off:
        discrepancies.open_one(
            ctx,
            BLIND_COUNT_OFF,
            operation="packing.finish_count",
            order=order,
            task=op.task,
            details={"sku": r.sku, "asked": r.qty - r.flawed, "counted": said.get(r.no, 0)},
        )
    return None


def _lines(ctx: OpContext, task: str) -> list[sa.Row[tuple[object, ...]]]:
    found = sa.select(pack_line).where(pack_line.c.task == task).order_by(pack_line.c.no)
    return list(ctx.conn.execute(found))
