"""The return authorisations of an order, as its story shows them."""

import sqlalchemy as sa

from server.board.shapes import Return, ReturnedLine
from server.orders.tables import orders
from server.returns.tables import rma, rma_line


def returns_of(conn: sa.Connection, order_id: str) -> list[Return]:
    """Oldest first."""
    again = orders.alias("again")
    found = (
        sa.select(rma, again.c.number.label("reship_number"))
        .outerjoin(again, again.c.id == rma.c.reship)
        .where(rma.c.order_id == order_id)
        .order_by(rma.c.number)
    )
    fields = set(Return.__struct_fields__) - {"lines"}
    return [
        Return(**{f: r[f] for f in fields}, lines=_lines(conn, r["id"]))
        for r in conn.execute(found).mappings()
    ]


def _lines(conn: sa.Connection, rma_id: str) -> list[ReturnedLine]:
    found = sa.select(rma_line).where(rma_line.c.rma == rma_id).order_by(rma_line.c.no)
    return [
        ReturnedLine(**{f: r[f] for f in ReturnedLine.__struct_fields__})
        for r in conn.execute(found).mappings()
    ]
