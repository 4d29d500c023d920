"""A tote on the cart is full before its order is: another one takes the rest.

slot   of the full tote keeps what is in it; the order's open lines go on into `to_slot`
line   what went in is picked; its rest, a line of its own, goes into the other tote
"""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Qty, Scan
from server.picking import booking
from server.picking.cures import HIGHEST, REST
from server.picking.events import LinePicked, ToteFilled
from server.picking.lines import (
    PICKERS,
    TASK_UNKNOWN,
    Lot,
    OpenLine,
    astray,
    close,
    find,
    not_wanted,
    recount,
    tote,
)
from server.picking.rows import line_key
from server.picking.tables import pick_line, pick_tote
from server.picking.totes import SLOT_UNKNOWN, TOTE_IN_USE, Slot, holder, tote_key

SLOT_TAKEN = code("slot_taken")


class FillTote(Op):
    """The tote in `slot` is full. `qty` pieces of `line` went into it, 0 for none; the others, and
    `lines`, which were to go there, go into the tote `code` in the new slot `to_slot`. `lot`,
    `serials`, `item`: of the `qty` pieces, as for a pick."""

    task: Id
    slot: Slot
    to_slot: Slot
    code: Code
    line: LineNo
    qty: Qty
    lines: Annotated[list[LineNo], Meta(max_length=200)] = []
    lot: Lot = ""
    serials: Annotated[list[Code], Meta(max_length=1000)] = []
    item: Scan = ""
    epoch: Epoch = 0


@operation("picking.fill_tote.v1", kind=FACT, roles=PICKERS)
def fill_tote(op: FillTote, ctx: OpContext) -> None:
    t = pick_tote.c
    here = (t.task == op.task, t.slot.in_((op.slot, op.to_slot)))
    totes = {r.slot: r for r in ctx.conn.execute(sa.select(pick_tote).where(*here))}
    if op.slot not in totes:
        return ctx.divert(SLOT_UNKNOWN, task=op.task, slot=op.slot)
    if op.to_slot in totes:
        return ctx.divert(SLOT_TAKEN, task=op.task, slot=op.to_slot)
    order = totes[op.slot].order_id
    other = holder(ctx, op.code, order)
    _put_on(ctx, op, order, None if other else op.code)
    if op.qty:
        _put_in(ctx, op)
    _go_on(ctx, op)
    ctx.emit(ToteFilled(order=order, task=op.task, slot=op.slot, to_slot=op.to_slot, code=op.code))
    if other:
        ctx.divert(TOTE_IN_USE, task=op.task, slot=op.to_slot, tote=op.code, held_by_order=other)
    return None


def _put_on(ctx: OpContext, op: FillTote, order: str, code_: str | None) -> None:
    ctx.conn.execute(
        sa.insert(pick_tote).values(
            task=op.task, slot=op.to_slot, site=ctx.site, order_id=order, code=code_
        )
    )
    ctx.touch("tote", tote_key(op.task, op.to_slot))


def _put_in(ctx: OpContext, op: FillTote) -> None:
    """What went into the full tote is picked, as one line; what did not is another."""
    line = find(ctx, op.task, op.line)
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, line=op.line)
    if why := not_wanted(line):
        astray(ctx, line.sku, op.qty, line.bin, op.lot or line.lot)
        return ctx.divert(why, task=op.task, line=op.line, order=line.order_id, sku=line.sku)
    part = min(op.qty, line.qty)
    taken = booking.Taken(op.task, op.line, line.sku, op.lot, op.serials)
    if bar := booking.bar(ctx, line, taken):
        astray(ctx, line.sku, part, line.bin, op.lot or line.lot)
        return ctx.divert(bar.code, task=op.task, line=op.line, sku=line.sku, **bar.told)
    if part < line.qty and op.line + REST <= HIGHEST:
        _split(ctx, op, part)
    close(ctx, op.task, op.line, "picked", part, None)
    _book(ctx, op, line, part)
    return None


def _split(ctx: OpContext, op: FillTote, part: int) -> None:
    """The rest keeps its place, its promise and its turn."""
    p = pick_line.c
    same = (p.task == op.task, p.no == op.line)
    row: dict[str, Any] = dict(ctx.conn.execute(sa.select(pick_line).where(*same)).mappings().one())
    ctx.conn.execute(sa.update(pick_line).where(*same).values(qty=part))
    no, turn = op.line + REST, row["seq"] or op.line
    rest = {"no": no, "qty": row["qty"] - part, "seq": turn, "instead_of": None, "asked_lot": ""}
    asked = {"lot": row["asked_lot"] or row["lot"]}
    ctx.conn.execute(sa.insert(pick_line).values({**row, **rest, **asked}))
    ctx.touch("pick_line", line_key(op.task, no))
    recount(ctx, op.task, 1)


def _book(ctx: OpContext, op: FillTote, line: OpenLine, part: int) -> None:
    lot = (op.lot or line.lot) if line.lot else ""
    is_as_asked = lot == line.lot
    place, release = tote(op.task, op.slot), part if is_as_asked else 0
    ledger.move(ctx, line.sku, part, line.bin, place, "pick", lot=lot, ref=op.task, release=release)
    if not is_as_asked:
        ledger.allocate(ctx, line.sku, -part, line.bin, line.lot)
    ctx.touch("order", line.order_id)
    ctx.emit(
        LinePicked(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=line.sku,
            qty=part,
            bin=line.bin,
            code=op.item,
            lot=lot,
            serials=list(op.serials),
        )
    )


def _go_on(ctx: OpContext, op: FillTote) -> None:
    """The order's open lines of this cart go into the other tote from now on."""
    p = pick_line.c
    wanted = [*op.lines, op.line, op.line + REST]
    still = (p.task == op.task, p.slot == op.slot, p.state == "open", p.no.in_(wanted))
    for no in ctx.conn.execute(sa.select(p.no).where(*still)).scalars().all():
        ctx.touch("pick_line", line_key(op.task, no))
    ctx.conn.execute(sa.update(pick_line).where(*still).values(slot=op.to_slot))
