"""By which number an order's goods can be followed on their way."""

from typing import Any

import sqlalchemy as sa

from server.packing.tables import parcel, shipment
from server.pod.carriers.tables import waybill, waybill_of


def tracking_of(conn: Any, order_id: str) -> tuple[str, str]:
    """The carrier's name and its number; of our own van the first parcel's."""
    found = (
        sa.select(waybill.c.carrier_name, waybill.c.number)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .join(shipment, shipment.c.id == waybill_of.c.shipment)
        .where(shipment.c.order_id == order_id, waybill.c.state != "void")
        .order_by(waybill.c.created_at.desc())
    )
    bill = conn.execute(found.limit(1)).first()
    if bill is not None:
        return str(bill.carrier_name), str(bill.number)
    boxes = sa.select(sa.func.min(parcel.c.number)).where(
        parcel.c.order_id == order_id, parcel.c.state != "void"
    )
    return "", str(conn.execute(boxes).scalar() or "")
