"""What keeps a confirmed pick from its order: a lot that has expired, is on hold or may not stand
for the one asked for, a piece whose number is another order's. The handheld has refused it at the
scan; here is who comes with an older build, or off-line while somebody else took the piece."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.queries import get_setting
from server.inventory.lots import Holder, claim_serials, lot_of
from server.inventory.rules import Asked, Scanned, check_booking, day_of, lot_change
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.picking.lines import OpenLine
from server.picking.rows import line_key
from server.picking.tables import pick_line

HELD_LOT_PICKED = code("held_lot_picked")
EXPIRED_PICKED = code("expired_picked")
SERIAL_TAKEN = code("serial_taken")
WRONG_LOT_PICKED = code("wrong_lot_picked")
_HALF_DAY_MS = 43_200_000
"""The worker's day may be behind the server's: what is good where they stand is good."""


@dataclass(frozen=True, slots=True)
class Taken:
    task: str
    line: int
    sku: str
    lot: str
    serials: list[str]


@dataclass(frozen=True, slots=True)
class Bar:
    code: str
    told: dict[str, Any] = field(default_factory=dict)


def bar(ctx: OpContext, line: OpenLine, taken: Taken) -> Bar | None:
    """Why what was taken is not the order's, or None: then its numbers are bound to the line."""
    lot = taken.lot or line.lot
    if lot and (barred := _lot_bar(ctx, line, taken.sku, lot)):
        return barred
    if taken.serials and (barred := _serial_bar(ctx, line, taken)):
        return barred
    if line.lot and lot != line.lot:
        same = (pick_line.c.task == taken.task, pick_line.c.no == taken.line)
        ctx.conn.execute(sa.update(pick_line).where(*same).values(lot=lot, asked_lot=line.lot))
        ctx.touch("pick_line", line_key(taken.task, taken.line))
    return None


def _lot_bar(ctx: OpContext, line: OpenLine, sku: str, lot: str) -> Bar | None:
    known = lot_of(ctx.conn, ctx.site, sku, lot)
    if known.held:
        return Bar(HELD_LOT_PICKED, {"lot": lot, "reason": known.held})
    expiry = known.expiry
    if lot == line.lot and not expiry:
        return None
    wanted = lot_of(ctx.conn, ctx.site, sku, line.lot).expiry if lot != line.lot else expiry
    rule = lot_change(get_setting(ctx.conn, ctx.site, "lot_change", "never"))
    asked = Asked(lot=line.lot, expiry=wanted, lot_change=rule)
    scanned = Scanned(lot=lot, expiry=expiry)
    match check_booking(asked, scanned, day_of(ctx.at - _HALF_DAY_MS)):
        case "expired":
            return Bar(EXPIRED_PICKED, {"lot": lot, "expiry": expiry})
        case "wrong_lot":
            return Bar(WRONG_LOT_PICKED, {"lot": lot, "expected": line.lot})
    return None


def _serial_bar(ctx: OpContext, line: OpenLine, taken: Taken) -> Bar | None:
    holder = claim_serials(
        ctx, taken.sku, taken.serials, order=line.order_id, task=taken.task, line=taken.line
    )
    if holder is None:
        return None
    by = _name(ctx, holder)
    told = {"serial": holder.serial, "by": by, "since": holder.at, "held_by_order": holder.order}
    return Bar(SERIAL_TAKEN, told)


def _name(ctx: OpContext, holder: Holder) -> str:
    found = sa.select(person.c.name).where(person.c.id == holder.person)
    return str(ctx.conn.execute(found).scalar() or "")
