"""What a van still has to bring back to the depot."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.orders.tables import order_line
from server.pod.tables import goods_back, stop


class ToCome(msgspec.Struct, frozen=True):
    """`qty`: pieces that were not delivered; `back`: of them scanned off the van."""

    no: int
    sku: str
    qty: int
    back: int


def to_come(conn: Any, stops: list[str]) -> dict[str, list[ToCome]]:
    """By closed stop, the lines that were not delivered in full."""
    o, g = order_line.c, goods_back.c
    found = (
        sa.select(
            stop.c.id, o.no, o.sku, (o.shipped - o.delivered).label("qty"), g.qty.label("back")
        )
        .join(order_line, o.order_id == stop.c.order_id)
        .outerjoin(goods_back, sa.and_(g.stop == stop.c.id, g.no == o.no))
        .where(stop.c.id.in_(stops), stop.c.state == "closed", ~stop.c.left_behind)
        .where(sa.or_(o.shipped > o.delivered, g.qty > 0))
    )
    made: dict[str, list[ToCome]] = {}
    for r in conn.execute(found.order_by(stop.c.id, o.no)):
        made.setdefault(r.id, []).append(ToCome(r.no, r.sku, int(r.qty), int(r.back or 0)))
    return made
