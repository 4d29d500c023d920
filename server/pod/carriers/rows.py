"""What waits for a carrier or is with one, as the supervisor's desk holds it."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders
from server.packing.tables import parcel, shipment
from server.pod.carriers.consigning import door_of
from server.pod.carriers.tables import pickup, waybill, waybill_of
from server.store.prepared import Prepared

_SHOWN = ("packed", "on_run", "in_transit", "out_for_delivery", "returning")


@row("consignment")
class ConsignmentRow(Row):
    """Key: shipment. `door`: alike for those that may go together. `told`: where its carrier says
    it is; `open` before that. `total` in minor units; nothing of it without a carrier."""

    id: str
    order: str
    order_number: str
    state: str
    door: str
    parcels: int
    packed_at: int
    carrier: str
    carrier_name: str
    service_name: str
    number: str
    total: int
    currency: str
    arrives_by: int
    told: str
    pickup_at: int


@projects("order")
def show_consignments(sink: RowSink, order_ids: Iterable[str]) -> None:
    """Whatever happens to a shipment is told with its order."""
    wanted = list(order_ids)
    records = _FOUND.mappings(sink.conn, {"orders": wanted}) if wanted else []
    shown = [r["id"] for r in records if r["state"] in _SHOWN]
    boxes = _boxes(sink.conn, shown) if shown else {}
    for r in records:
        if r["state"] in _SHOWN:
            sink.put(board_scope(sink.site), "consignment", r["id"], _row(r, boxes))
        else:
            sink.drop(board_scope(sink.site), "consignment", r["id"])


_FOUND = Prepared(
    sa.select(
        shipment.c.id,
        shipment.c.state,
        shipment.c.order_id.label("order"),
        orders.c.number.label("order_number"),
        orders.c.customer,
        orders.c.ship_to,
        *(waybill.c[f] for f in ("carrier", "carrier_name", "service_name", "total", "currency")),
        waybill.c.arrives_by,
        waybill.c.number,
        waybill.c.state.label("told"),
        pickup.c.opens_at.label("pickup_at"),
    )
    .join(orders, orders.c.id == shipment.c.order_id)
    .outerjoin(waybill_of, waybill_of.c.shipment == shipment.c.id)
    .outerjoin(waybill, waybill.c.id == waybill_of.c.waybill)
    .outerjoin(pickup, pickup.c.id == waybill.c.pickup)
    .where(
        shipment.c.order_id.in_(sa.bindparam("orders", expanding=True)),
        shipment.c.state != "planned",
    )
)
_NUMBERS = frozenset({"total", "arrives_by", "pickup_at"})


def _row(r: Any, boxes: dict[str, tuple[int, int]]) -> ConsignmentRow:
    known = [f for f in ConsignmentRow.__struct_fields__ if f in r]
    same: dict[str, Any] = {
        f: (0 if f in _NUMBERS else "") if r[f] is None else r[f] for f in known
    }
    parcels, packed_at = boxes.get(r["id"], (0, 0))
    where = door_of(r["customer"], r["ship_to"])
    return ConsignmentRow(**same, door=where, parcels=parcels, packed_at=packed_at)


def _boxes(conn: Any, shipments: list[str]) -> dict[str, tuple[int, int]]:
    """How many parcels, and when the last was sealed."""
    found = (
        sa.select(parcel.c.shipment, sa.func.count(), sa.func.max(parcel.c.packed_at))
        .where(parcel.c.shipment.in_(shipments), parcel.c.state != "void")
        .group_by(parcel.c.shipment)
    )
    return {s: (int(n), int(at or 0)) for s, n, at in conn.execute(found)}
