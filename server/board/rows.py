"""What supervisors and customer service watch: orders, people and devices, in short rows."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders
from server.packing.tables import shipment
from server.picking.tables import pick_line


@row("order")
class OrderRow(Row):
    """`picked`: lines accounted for. `priority`: 0 to 100, the most urgent highest.
    `changed_at` moves with everything that happens to it."""

    id: str
    number: str
    ref: str
    customer: str
    customer_name: str
    state: str
    type: str
    transport: str
    priority: int
    lines: int
    pieces: int
    picked: int
    due_at: int
    placed_at: int
    changed_at: int


_ORDERS = sa.select(orders).where(orders.c.id.in_(sa.bindparam("ids", expanding=True)))
_PICKED = (
    sa.select(pick_line.c.order_id, sa.func.count())
    .where(
        pick_line.c.order_id.in_(sa.bindparam("ids", expanding=True)), pick_line.c.state != "open"
    )
    .group_by(pick_line.c.order_id)
)


@projects("order")
def show_orders(sink: RowSink, ids: Iterable[str]) -> None:
    wanted = list(ids)
    done = _picked(sink.conn, wanted)
    for r in sink.conn.execute(_ORDERS, {"ids": wanted}).mappings():
        same = {f: r[f] for f in OrderRow.__struct_fields__ if f in r}
        shown = OrderRow(**{**same, "changed_at": sink.now}, picked=done.get(r["id"], 0))
        sink.put(board_scope(sink.site), "order", shown.id, shown)


def _picked(conn: Any, ids: list[str]) -> dict[str, int]:
    return {order_id: int(n) for order_id, n in conn.execute(_PICKED, {"ids": ids})}


@projects("shipment")
def show_shipments(sink: RowSink, ids: Iterable[str]) -> None:
    """A shipment shows through its order."""
    found = sa.select(shipment.c.order_id).where(shipment.c.id.in_(list(ids)))
    show_orders(sink, list(sink.conn.execute(found).scalars()))
