"""Lots with their expiry, and the pieces that have a number of their own."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.inventory.tables import lot, serial
from server.kernel.ops import OpContext

_PUT_LOT = sa.text(
    "INSERT INTO lot (site, sku, lot, expiry, received_at)"
    " VALUES (:site, :sku, :lot, :expiry, :at)"
    " ON CONFLICT (site, sku, lot) DO UPDATE SET"
    " expiry = CASE WHEN excluded.expiry <> '' THEN excluded.expiry ELSE lot.expiry END"
)
_CLAIM = sa.text(
    "INSERT INTO serial (site, sku, serial, order_id, task, line, person, at)"
    " VALUES (:site, :sku, :serial, :order_id, :task, :line, :person, :at)"
    " ON CONFLICT (site, sku, serial) DO NOTHING"
)


def put_lot(ctx: OpContext, sku: str, lot_code: str, expiry: str) -> None:
    """Know the lot; an expiry that is said later stands."""
    values = {"site": ctx.site, "sku": sku, "lot": lot_code, "expiry": expiry, "at": ctx.at}
    ctx.conn.execute(_PUT_LOT, values)


@dataclass(frozen=True, slots=True)
class KnownLot:
    """`expiry`: ISO date, or nothing; `held`: why it may not leave, or nothing."""

    expiry: str = ""
    held: str = ""


def lot_of(conn: Any, site: str, sku: str, lot_code: str) -> KnownLot:
    """A lot that nobody knows has neither."""
    found = sa.select(lot.c.expiry, lot.c.held).where(
        lot.c.site == site, lot.c.sku == sku, lot.c.lot == lot_code
    )
    row = conn.execute(found).first()
    return KnownLot(*row) if row else KnownLot()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who took that very piece, when (ms), for which order."""

    serial: str
    order: str
    person: str | None
    at: int


def claim_serials(
    ctx: OpContext, sku: str, serials: list[str], *, order: str, task: str, line: int
) -> Holder | None:
    """Bind the pieces to one order line. Where one is another line's already nothing is bound,
    and its holder is returned."""
    if holder := _holder(ctx, sku, serials, order, task, line):
        return holder
    place = {"site": ctx.site, "sku": sku, "order_id": order, "task": task, "line": line}
    for number in sorted(set(serials)):
        values = {**place, "serial": number, "person": ctx.person, "at": ctx.at}
        ctx.conn.execute(_CLAIM, values)
    return None


def _holder(
    ctx: OpContext, sku: str, serials: list[str], order: str, task: str, line: int
) -> Holder | None:
    s = serial.c
    is_this_line = sa.and_(s.order_id == order, s.task == task, s.line == line)
    found = sa.select(s.serial, s.order_id, s.person, s.at).where(
        s.site == ctx.site, s.sku == sku, s.serial.in_(serials), sa.not_(is_this_line)
    )
    row = ctx.conn.execute(found.order_by(s.serial).limit(1)).first()
    return Holder(*row) if row else None


def release_serials(
    ctx: OpContext, order: str, task: str | None = None, line: int | None = None
) -> None:
    """The order, or only this line of it, does not get its pieces: they may be picked again."""
    s = serial.c
    freed = sa.delete(serial).where(s.site == ctx.site, s.order_id == order)
    if task is not None:
        freed = freed.where(s.task == task, s.line == line)
    ctx.conn.execute(freed)
