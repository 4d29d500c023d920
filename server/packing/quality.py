"""The second gate: each item is looked at. What is flawed leaves the parcel, with a reason and a
photo; what is not there at all is said here, too. The order ships what is left."""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Id, LineNo, Pieces, Text
from server.moving.putaway import set_aside
from server.orders.tables import order_line
from server.packing import rules
from server.packing.cartons import (
    CARTON_SEALED,
    PACKERS,
    UNSEALED,
    inside,
    line_of,
    put_pieces,
)
from server.packing.events import FlawFound, QualityChecked
from server.packing.seal import ALREADY_PACKED
from server.packing.tables import pack_line
from server.picking.ops import ORDER_CANCELLED, TASK_UNKNOWN, tote
from server.picking.tables import pick_line

FLAWED_ITEM = code("flawed_item")
FLAWED = "FLAWED"
"""Where flawed pieces lie at the bench until they are brought to quarantine."""
MISSING = "missing"
FlawReason = Annotated[
    str, Meta(pattern="^(damaged|dirty|expired|incomplete|wrong_item|missing|other)$")
]


class CheckQuality(Op):
    """These lines were looked at and are without a flaw."""

    task: Id
    lines: Annotated[list[LineNo], Meta(max_length=500)]


@operation("packing.check_quality.v1", kind=FACT, roles=PACKERS)
def check_quality(op: CheckQuality, ctx: OpContext) -> None:
    line = line_of(ctx, op.task, None)
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    looked = sa.update(pack_line).where(
        pack_line.c.task == op.task, pack_line.c.no.in_(op.lines), pack_line.c.looked_at.is_(None)
    )
    ctx.conn.execute(looked.values(looked_by=ctx.person, looked_at=ctx.at))
    for no in op.lines:
        ctx.touch("pack_line", f"{op.task}/{no}")
    ctx.emit(QualityChecked(order=line.order_id, task=op.task, lines=len(op.lines)))
    return None


class ReportFlaw(Op):
    """`flawed`: pieces of this line that do not go out, all told. Those that were in a carton leave
    it, the last carton first."""

    task: Id
    line: LineNo
    sku: Code
    flawed: Pieces
    reason: FlawReason
    note: Text = ""
    photos: Annotated[list[BlobRef], Meta(max_length=8)] = []


@operation("packing.report_flaw.v1", kind=FACT, roles=PACKERS)
def report_flaw(op: ReportFlaw, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    line = line_of(ctx, op.task, op.line)
    if task is None or line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, sku=op.sku)
    if task.is_over:
        why = ORDER_CANCELLED if task.state == "cancelled" else ALREADY_PACKED
        return ctx.divert(why, task=op.task, sku=op.sku, qty=op.flawed)
    flawed = min(op.flawed, line.qty)
    if flawed <= line.flawed:
        return None
    open_ones = [(no, qty) for no, qty, state in inside(ctx, line) if state in UNSEALED]
    excess = max(0, line.packed + flawed - line.qty)
    if excess > sum(qty for _, qty in open_ones):
        return ctx.divert(CARTON_SEALED, task=op.task, sku=op.sku, qty=flawed - line.flawed)
    for number, stays in rules.take_out(open_ones, excess):
        put_pieces(ctx, line, number, stays)
    _write_down(ctx, line, flawed)
    _book(ctx, line, flawed - line.flawed, op.reason)
    _tell(ctx, op, line, flawed)
    return None


def _write_down(ctx: OpContext, line: Any, flawed: int) -> None:
    """A line of which nothing goes out has been looked at."""
    looked = {"looked_by": ctx.person, "looked_at": ctx.at} if flawed == line.qty else {}
    here = sa.update(pack_line).where(pack_line.c.task == line.task, pack_line.c.no == line.no)
    ctx.conn.execute(here.values(flawed=flawed, **looked))
    ctx.touch("pack_line", f"{line.task}/{line.no}")
    ctx.touch("task", line.task)


def _book(ctx: OpContext, line: Any, more: int, reason: str) -> None:
    """Out of the tote, lot by lot, and off what was picked for the order."""
    p = pick_line.c
    same = (p.task == line.pick_task, p.slot == line.pick_slot, p.sku == line.sku)
    found = sa.select(pick_line).where(*same, p.order_id == line.order_id, p.picked > 0)
    place = tote(line.pick_task, line.pick_slot)
    for pick in ctx.conn.execute(found.order_by(p.no.desc())).all():
        part = min(pick.picked, more)
        if part == 0:
            break
        more -= part
        to = ledger.DISCREPANCY if reason == MISSING else FLAWED
        ledger.move(ctx, line.sku, part, place, to, "flaw", lot=pick.lot, ref=line.task)
        if to == FLAWED:
            set_aside(ctx, line.sku, part, FLAWED, pick.lot, why="damaged")
        _reduce(ctx, pick, part)


def _reduce(ctx: OpContext, pick: Any, by: int) -> None:
    p, o = pick_line.c, order_line.c
    fewer = sa.update(pick_line).where(p.task == pick.task, p.no == pick.no)
    ctx.conn.execute(fewer.values(picked=p.picked - by))
    ordered = sa.update(order_line).where(o.order_id == pick.order_id, o.no == pick.order_line)
    ctx.conn.execute(ordered.values(picked=o.picked - by))
    instead = ordered.where(o.substitute == pick.sku)
    ctx.conn.execute(instead.values(substituted=o.substituted - by))


def _tell(ctx: OpContext, op: ReportFlaw, line: Any, flawed: int) -> None:
    ctx.emit(
        FlawFound(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=op.sku,
            flawed=flawed,
            reason=op.reason,
            note=op.note,
            photos=list(op.photos),
        )
    )
    details = {
        "sku": op.sku,
        "flawed": flawed,
        "reason": op.reason,
        "note": op.note,
        "photos": list(op.photos),
    }
    discrepancies.open_one(
        ctx,
        FLAWED_ITEM,
        operation="packing.report_flaw",
        order=line.order_id,
        task=op.task,
        details=details,
    )
