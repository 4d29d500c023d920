"""Less than asked is there, or it is not as it should be: why, how many were taken, what it
looks like; and what follows for the books and for the people."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import find_sku
from server.counting.tasks import open_count
from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Code, Epoch, Id, LineNo, Qty, Scan, Text
from server.moving.putaway import set_aside
from server.orders.tables import customer, orders
from server.picking import booking
from server.picking.events import AccountManagerTold, LineShort
from server.picking.lines import (
    PICKERS,
    TASK_UNKNOWN,
    Lot,
    OpenLine,
    Reason,
    astray,
    close,
    doubt,
    find,
    not_wanted,
    tote,
)
from server.picking.promises import renew

SHORT_PICK = code("short_pick")
STAYS = frozenset({"blocked", "unreadable", "damaged", "held"})
"""What is missing of the line lies where the books say; only this order does not get it."""


class Shortage(Op):
    """What was found at the shelf: `found` good pieces were taken. Photos may follow later.
    `other`: the code of the wrong item that lay there, as scanned. `lot`, `serials`, `tote`: of
    the pieces found, as for a whole pick."""

    task: Id
    line: LineNo
    bin: Id
    sku: Code
    found: Qty
    reason: Reason
    note: Text = ""
    photos: Annotated[list[BlobRef], Meta(max_length=8)] = []
    other: Scan = ""
    lot: Lot = ""
    serials: Annotated[list[Code], Meta(max_length=1000)] = []
    tote: Scan = ""
    epoch: Epoch = 0


class ReportShort(Shortage):
    """There is no cure: the order gets what there is."""


@operation("picking.report_short.v1", kind=FACT, roles=PICKERS)
def report_short(op: ReportShort, ctx: OpContext) -> None:
    close_short(ctx, op, "none")


def close_short(ctx: OpContext, op: Shortage, cure: str) -> OpenLine | None:
    """Close the line with what was found; the line as it was, or None where the fact was
    diverted. `cure`: none, elsewhere, substitute, replenish."""
    line = find(ctx, op.task, op.line)
    if line is None or (why := not_wanted(line)):
        astray(ctx, op.sku, op.found, op.bin, op.lot or (line.lot if line else ""))
        reason = TASK_UNKNOWN if line is None else why
        ctx.divert(str(reason), task=op.task, line=op.line, sku=op.sku)
        return None
    found = min(op.found, line.qty)
    if found and (bar := booking.bar(ctx, line, _taken(op))):
        astray(ctx, op.sku, found, op.bin, op.lot or line.lot)
        ctx.divert(bar.code, task=op.task, line=op.line, sku=op.sku, bin=op.bin, **bar.told)
        return None
    ctx.touch("order", line.order_id)
    close(ctx, op.task, op.line, "short", found, op.reason)
    _book_found(ctx, op, line, found)
    _settle_missing(ctx, op, line, line.qty - found)
    _tell(ctx, op, line, found, cure)
    return line


def _taken(op: Shortage) -> booking.Taken:
    return booking.Taken(op.task, op.line, op.sku, op.lot, op.serials)


def _book_found(ctx: OpContext, op: Shortage, line: OpenLine, found: int) -> None:
    """Of another lot than asked, where the site allows it, they use up the asked one's promise."""
    lot = (op.lot or line.lot) if line.lot else ""
    is_as_asked = lot == line.lot
    release = found if is_as_asked else 0
    place = tote(op.task, line.slot)
    missing = ledger.move(
        ctx, op.sku, found, op.bin, place, "pick", lot=lot, ref=op.task, release=release
    )
    if not is_as_asked:
        ledger.allocate(ctx, op.sku, -found, line.bin, line.lot)
    if missing or not is_as_asked:
        renew(ctx, op.bin, op.sku, lot)
    doubt(ctx, op.bin, op.sku, missing, order=line.order_id, task=op.task)


def _settle_missing(ctx: OpContext, op: Shortage, line: OpenLine, missing: int) -> None:
    """What the picker did not find must not be promised again before somebody has counted."""
    if missing == 0 or op.reason in STAYS:
        ledger.allocate(ctx, op.sku, -missing, line.bin, line.lot)
    else:
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
    if op.reason == "damaged" and missing:
        # Damaged goods are reserved where they lie.
        set_aside(ctx, op.sku, missing, op.bin, line.lot, why="damaged")
    if op.reason == "wrong_item" and (other := find_sku(ctx.conn, op.other) if op.other else None):
        open_count(ctx, op.bin, other, why="short_pick")


def _tell(ctx: OpContext, op: Shortage, line: OpenLine, found: int, cure: str) -> None:
    """The supervisor and customer service see it at once, a VIP's account manager by name."""
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
            lot=op.lot or line.lot,
            serials=list(op.serials),
        )
    )
    details = {
        "bin": op.bin,
        "sku": op.sku,
        "asked": line.qty,
        "found": found,
        "reason": op.reason,
        "note": op.note,
        "photos": list(op.photos),
        "cure": cure,
    }
    if important := _important_customer(ctx, line.order_id):
        details["vip"] = important
        missing = line.qty - found
        ctx.emit(
            AccountManagerTold(
                order=line.order_id, customer=important, sku=op.sku, missing=missing, cure=cure
            )
        )
    discrepancies.open_one(
        ctx,
        SHORT_PICK,
        operation="picking.report_short",
        order=line.order_id,
        task=op.task,
        details=details,
    )


def _important_customer(ctx: OpContext, order_id: str) -> str | None:
    found = (
        sa.select(customer.c.name)
        .join(orders, orders.c.customer == customer.c.id)
        .where(orders.c.id == order_id, customer.c.vip)
    )
    name = ctx.conn.execute(found).scalar()
    return str(name) if name else None
