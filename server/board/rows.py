"""What supervisors and customer service watch: orders, people and devices, in short rows."""

from collections.abc import Iterable

import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders
from server.packing.tables import shipment
from server.picking.tables import pick_line, wave
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.expected import MOVING, expected
from server.store.prepared import Prepared


@row("order")
class OrderRow(Row):
    """`picked`: lines accounted for. `priority`: 0 to 100, the most urgent highest.
    `eta`: when it is expected, None while nobody can tell; `delayed`: far too late.
    `wave`: the number of the last that took it, 0 while none has; `carrier`: who brings it, by
    name, empty while nobody is chosen. `changed_at` moves with everything that happens to it."""

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
    eta: int | None
    delayed: bool
    wave: int
    carrier: str


_RECKONED = ("picked", "changed_at", "eta", "delayed", "wave", "carrier")
_picked = (
    sa.select(sa.func.count())
    .where(pick_line.c.order_id == orders.c.id, pick_line.c.state != "open")
    .scalar_subquery()
)
_wave = (
    sa.select(sa.func.coalesce(sa.func.max(wave.c.number), 0))
    .join(pick_line, pick_line.c.wave == wave.c.id)
    .where(pick_line.c.order_id == orders.c.id)
    .scalar_subquery()
)
_carrier = (
    sa.select(sa.func.coalesce(sa.func.max(waybill.c.carrier_name), ""))
    .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
    .join(shipment, shipment.c.id == waybill_of.c.shipment)
    .where(shipment.c.order_id == orders.c.id, waybill.c.state != "void")
    .scalar_subquery()
)
_ORDERS = Prepared(
    sa.select(
        *(orders.c[f] for f in OrderRow.__struct_fields__ if f not in _RECKONED),
        _picked.label("picked"),
        _wave.label("wave"),
        _carrier.label("carrier"),
    ).where(orders.c.id.in_(sa.bindparam("ids", expanding=True)))
)


@projects("order")
def show_orders(sink: RowSink, ids: Iterable[str]) -> None:
    wanted = list(ids)
    if not wanted:
        return
    rows = list(_ORDERS.mappings(sink.conn, {"ids": wanted}))
    moving = [r["id"] for r in rows if r["state"] in MOVING]
    coming = expected(sink.conn, moving, sink.now)
    for r in rows:
        known = coming.get(r["id"])
        shown = OrderRow(
            **r,
            changed_at=sink.now,
            eta=known.at if known else None,
            delayed=bool(known and known.delayed),
        )
        sink.put(board_scope(sink.site), "order", shown.id, shown)


@projects("shipment")
def show_shipments(sink: RowSink, ids: Iterable[str]) -> None:
    """A shipment shows through its order."""
    found = sa.select(shipment.c.order_id).where(shipment.c.id.in_(list(ids)))
    show_orders(sink, list(sink.conn.execute(found).scalars()))
