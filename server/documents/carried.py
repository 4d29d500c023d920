"""The carrier's own number on a parcel's label, as its scanners want it."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.documents import papers
from server.documents.labels import ParcelLabel
from server.documents.words import Language
from server.packing.tables import parcel
from server.pod.carriers.tables import waybill, waybill_of

_SERVICE = 40
_BY_PARCEL = (
    sa.select(waybill.c.number, waybill.c.barcode, waybill.c.carrier_name, waybill.c.service_name)
    .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
    .join(parcel, parcel.c.shipment == waybill_of.c.shipment)
)


def carried_label(conn: sa.Connection, site: str, number: str, language: Language) -> ParcelLabel:
    """The parcel's label with what its carrier wants on it. Raises what `papers.label_of` does."""
    label = papers.label_of(conn, site, number, language)
    of = waybill_on(conn, site, number)
    if of is None or of.barcode == "none":
        return label
    service = f"{of.carrier_name} · {of.service_name}"[:_SERVICE]
    return msgspec.structs.replace(
        label, service=service, waybill=of.number, waybill_code=of.barcode
    )


def waybill_on(conn: sa.Connection, site: str, number: str) -> Any:
    """Number, barcode, carrier's and service's name; None where no carrier was chosen."""
    return conn.execute(_BY_PARCEL.where(parcel.c.number == number, parcel.c.site == site)).first()
