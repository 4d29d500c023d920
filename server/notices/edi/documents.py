"""A document for a partner, out of the books, in the transaction of what it tells of."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import items
from server.kernel.gs1_checks import has_check_digit
from server.kernel.ops import OpContext
from server.kernel.sscc import is_sscc
from server.notices.edi.messages import Carton, Document, Line
from server.notices.edi.partners import KIND_OF, Partner
from server.notices.tracking import tracking_of
from server.orders.tables import order_line
from server.packing.tables import pack_line, pack_piece, parcel
from server.pod.expected import expected
from server.pod.run_rules import readable_rules

_LEFT = frozenset({"shipped", "out_for_delivery"})
_GTINS = frozenset({8, 12, 13, 14})


def control_reference(ctx: OpContext, partner: str) -> str:
    """Of the next interchange to a partner: the day and a number, 14 digits. Given in the
    transaction that writes the notice, so it is given once; by its day it differs from those of a
    site that was brought back from yesterday's backup."""
    day = f"{readable_rules(ctx.conn, ctx.site).day(ctx.now):%y%m%d}"
    return f"{day}{ctx.next_number(f'edi:{partner}') % 10**8:08d}"


def document(
    ctx: OpContext, what: str, order: Mapping[str, Any], partner: Partner, said: Mapping[str, str]
) -> Document:
    """`order`: its row; `said`: what the words of the same notice need."""
    known = expected(ctx.conn, [order["id"]], ctx.now).get(order["id"])
    on_way = KIND_OF[what] != "ORDRSP"
    carrier, tracking = tracking_of(ctx.conn, order["id"]) if on_way else ("", "")
    by_carrier = known is not None and known.by == "carrier"
    return Document(
        partner=partner,
        what=what,
        number=order["number"],
        ref=order["ref"],
        customer=order["customer"],
        currency=order["currency"],
        zone=readable_rules(ctx.conn, ctx.site).zone.key,
        at=ctx.at,
        placed_at=order["placed_at"],
        due_at=order["due_at"],
        # A carrier's day ends at its midnight.
        expected_at=known.at - by_carrier if known else 0,
        fee=int(said.get("fee_minor", "0")),
        left=order["state"] in _LEFT,
        carrier=carrier,
        tracking=tracking,
        lines=_lines(ctx.conn, order["id"]),
        cartons=_cartons(ctx.conn, order["id"]) if what == "shipped" else [],
    )


def _lines(conn: Any, order_id: str) -> list[Line]:
    found = sa.select(order_line).where(order_line.c.order_id == order_id)
    rows = conn.execute(found.order_by(order_line.c.no)).all()
    gtins = {sku: _gtin(item.codes, item.packs) for sku, item in _known(conn, rows).items()}
    return [
        Line(no=r.no, sku=r.sku, gtin=gtins.get(r.sku, ""), qty=r.qty, price=r.price) for r in rows
    ]


def _known(conn: Any, rows: Any) -> dict[str, Any]:
    return items(conn, [r.sku for r in rows])


def _gtin(codes: tuple[str, ...], packs: Mapping[str, int]) -> str:
    """Of a single piece; empty where the item has none. 13 digits are written as 13."""
    found = next((c for c in codes if c not in packs and _is_gtin(c)), "")
    return found[1:] if len(found) == 14 and found[0] == "0" else found


def _is_gtin(code: str) -> bool:
    digits = code.isascii() and code.isdigit() and len(code) in _GTINS
    return digits and has_check_digit(code)


def _cartons(conn: Any, order_id: str) -> list[Carton]:
    boxes = sa.select(parcel).where(parcel.c.order_id == order_id, parcel.c.state != "void")
    pieces = (
        sa.select(pack_piece.c.parcel, pack_line.c.sku, sa.func.sum(pack_piece.c.qty).label("qty"))
        .join(
            pack_line, (pack_line.c.task == pack_piece.c.task) & (pack_line.c.no == pack_piece.c.no)
        )
        .where(pack_line.c.order_id == order_id, pack_piece.c.qty > 0)
        .group_by(pack_piece.c.parcel, pack_line.c.sku)
        .order_by(pack_piece.c.parcel, pack_line.c.sku)
    )
    holds: dict[str, dict[str, int]] = {}
    for r in conn.execute(pieces):
        holds.setdefault(r.parcel, {})[r.sku] = int(r.qty)
    return [
        Carton(
            number=r.number,
            sscc=is_sscc(r.number),
            weight_g=r.weight_g,
            holds=holds.get(r.number, {}),
        )
        for r in conn.execute(boxes.order_by(parcel.c.number))
    ]
