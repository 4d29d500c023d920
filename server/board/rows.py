"""What supervisors and customer service watch: orders, people and devices, in short rows."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders
from server.packing.tables import shipment
from server.picking.tables import pick_line
from server.store.prepared import Prepared


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


_picked = (
    sa.select(sa.func.count())
    .where(pick_line.c.order_id == orders.c.id, pick_line.c.state != "open")
    .scalar_subquery()
)
_ORDERS = Prepared(
    sa.select(
        *(orders.c[f] for f in OrderRow.__struct_fields__ if f not in ("picked", "changed_at")),
        _picked.label("picked"),
    ).where(orders.c.id.in_(sa.bindparam("ids", expanding=True)))
)


@projects("order")
def show_orders(sink: RowSink, ids: Iterable[str]) -> None:
    if wanted := list(ids):
        for r in _ORDERS.mappings(sink.conn, {"ids": wanted}):
            shown = OrderRow(**r, changed_at=sink.now)
            sink.put(board_scope(sink.site), "order", shown.id, shown)


@projects("shipment")
def show_shipments(sink: RowSink, ids: Iterable[str]) -> None:
    """A shipment shows through its order."""
    found = sa.select(shipment.c.order_id).where(shipment.c.id.in_(list(ids)))
    show_orders(sink, list(sink.conn.execute(found).scalars()))
