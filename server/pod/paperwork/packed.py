"""What is in the sealed cartons of orders and goes along."""

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.orders.tables import orders
from server.packing.tables import pack_line, pack_piece, parcel
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.load_rules import SHORT
from server.pod.tables import load, run, stop

_GONE = ("void", *SHORT)
_UNSEALED = ("planned", "open")
_AT_THE_DOCK = ("planned", "loading")


class Piece(NamedTuple):
    """`qty` pieces of an item in one parcel."""

    order: str
    parcel: str
    sku: str
    qty: int


def pieces(conn: Any, order_ids: Iterable[str]) -> list[Piece]:
    """Sealed, not void, and not found missing or damaged at the dock."""
    in_line = sa.and_(pack_line.c.task == pack_piece.c.task, pack_line.c.no == pack_piece.c.no)
    found = (
        sa.select(
            parcel.c.order_id, parcel.c.number, pack_line.c.sku, sa.func.sum(pack_piece.c.qty)
        )
        .join(pack_piece, pack_piece.c.parcel == parcel.c.number)
        .join(pack_line, in_line)
        .where(parcel.c.order_id.in_(list(order_ids)), goes_along())
        .group_by(parcel.c.order_id, parcel.c.number, pack_line.c.sku)
        .order_by(parcel.c.order_id, parcel.c.number, pack_line.c.sku)
    )
    return [Piece(o, number, sku, int(qty)) for o, number, sku, qty in conn.execute(found)]


def goes_along() -> sa.ColumnElement[bool]:
    """Of a row of `parcel`."""
    missed = (
        sa.select(load.c.parcel)
        .join(stop, stop.c.id == load.c.stop)
        .join(run, run.c.id == stop.c.run)
        .where(load.c.state.in_(SHORT), run.c.state.in_(_AT_THE_DOCK), stop.c.state != "closed")
    )
    return sa.and_(parcel.c.state.not_in((*_GONE, *_UNSEALED)), parcel.c.number.not_in(missed))


def stamps(conn: Any, order_ids: Iterable[str]) -> dict[str, str]:
    """Order -> a hash of what was packed, of who carries it and where: papers of another stamp are
    old. Nothing packed: an empty one."""
    wanted = sorted(set(order_ids))
    said: dict[str, list[Any]] = {}
    for piece in pieces(conn, wanted):
        said.setdefault(piece.order, []).append(piece[1:])
    carried = (
        sa.select(parcel.c.order_id, waybill.c.carrier, waybill.c.number)
        .join(waybill_of, waybill_of.c.shipment == parcel.c.shipment)
        .join(waybill, waybill.c.id == waybill_of.c.waybill)
        .where(parcel.c.order_id.in_(wanted), waybill.c.state != "void")
        .distinct()
        .order_by(parcel.c.order_id, waybill.c.number)
    )
    for order, carrier, number in conn.execute(carried):
        if order in said:
            said[order].append((carrier, number))
    goes = sa.select(orders.c.id, orders.c.ship_to).where(orders.c.id.in_(list(said)))
    for order, address in conn.execute(goes):
        said[order].append(address)
    return {
        order: hashlib.sha256(msgspec.json.encode(what)).hexdigest() for order, what in said.items()
    }
