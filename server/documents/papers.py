"""What the site's rows say, put into the words of a label and a receipt."""

import datetime as dt
import textwrap
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.documents.checked import checked
from server.documents.labels import ParcelLabel
from server.documents.pallet_label import PalletLabel
from server.documents.receipt import DeliveryReceipt, Point, Position, ReceiptLine
from server.documents.sheets import MOST_CODES, DemoSheet, Location
from server.documents.words import WORDS, Language, said
from server.inventory.tables import bin_
from server.kernel.errors import ProtocolError, Refusal, code
from server.orders.tables import order_line, orders
from server.packing.tables import pallet, parcel
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.fences import door_of
from server.pod.policies import policy_of
from server.pod.tables import proof, proof_receipt, run, stop
from server.store.strokes import read_strokes

VOID = code("parcel_void")
_ADDRESS_LANGUAGES = {
    "CN": "zh-Hans",
    "SG": "zh-Hans",
    "TW": "zh-Hant",
    "HK": "zh-Hant",
    "MO": "zh-Hant",
    "JP": "ja",
    "KR": "ko",
}
MOST_PHOTOS = 6
"""On one receipt; all of them are in the evidence."""
_LABEL_LINE, _RECEIPT_LINE, _SIGNED_TEXT = 100, 160, 1000
_SERVICE = 40


def label_of(conn: sa.Connection, site: str, number: str, language: Language) -> ParcelLabel:
    """Refuses `not_found`; raises ProtocolError `parcel_void` (409) when the order is cancelled."""
    found = sa.select(parcel).where(parcel.c.number == number, parcel.c.site == site)
    box = _one(conn, found, "parcel")
    if box["state"] == "void":
        raise ProtocolError(VOID, 409, field="parcel", mend="unpack it: its order is cancelled")
    order = order_row(conn, site, box["order_id"])
    to = msgspec.json.decode(order["ship_to"])
    same = sa.select(parcel.c.number).where(parcel.c.shipment == box["shipment"])
    numbers = list(conn.execute(same.order_by(parcel.c.no)).scalars())
    return ParcelLabel(
        parcel_number=number,
        order_number=order["number"],
        name=_name(order, to)[:_LABEL_LINE],
        address=_address(to, _LABEL_LINE) or [order["customer"]],
        parcel_index=numbers.index(number) + 1,
        parcel_count=len(numbers),
        weight_g=box["weight_g"] or None,
        service=_carried_by(conn, box["shipment"]) or order["type"].title(),
        phone=to.get("phone", "")[:40],
        sender=_sender(conn, site),
        language=language,
        address_language=address_language(to),
    )


def pallet_of(conn: sa.Connection, site: str, number: str, language: Language) -> PalletLabel:
    """Refuses `not_found`."""
    _one(conn, sa.select(pallet).where(pallet.c.number == number, pallet.c.site == site), "pallet")
    on = (
        sa.select(parcel.c.weight_g, orders)
        .join(orders, orders.c.id == parcel.c.order_id)
        .where(parcel.c.pallet == number, parcel.c.state != "void")
        .order_by(orders.c.number)
    )
    boxes = list(conn.execute(on).mappings())
    weights = [box["weight_g"] for box in boxes]
    to = {box["ship_to"]: box for box in boxes}
    return PalletLabel(
        number=number,
        cartons=len(boxes),
        orders=list(dict.fromkeys(box["number"] for box in boxes)),
        # A carton that nobody weighed would make the sum a lie.
        weight_g=sum(weights) if all(weights) else 0,
        to=_only_address(to) if len(to) == 1 else [],
        sender=_sender(conn, site),
        language=language,
    )


def _only_address(to: Mapping[str, sa.RowMapping]) -> list[str]:
    written, order = next(iter(to.items()))
    address = msgspec.json.decode(written)
    return [_name(order, address)[:_LABEL_LINE], *_address(address, _LABEL_LINE)]


def _carried_by(conn: sa.Connection, shipment: str) -> str:
    """Carrier and waybill number, where one was chosen; the own vans' number is on the parcel."""
    found = (
        sa.select(waybill.c.carrier, waybill.c.carrier_name, waybill.c.number)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .where(waybill_of.c.shipment == shipment)
    )
    of = conn.execute(found).first()
    if of is None:
        return ""
    room = _SERVICE - len(of.number) - 3
    is_own = of.carrier == OWN
    return str(of.carrier_name) if is_own else f"{of.carrier_name[:room]} · {of.number}"


def places_of(
    conn: sa.Connection, site: str, aisle: int, block: int | None, language: Language
) -> DemoSheet:
    """Labels of an aisle's bins. Refuses `not_found` where there are none."""
    found = sa.select(bin_.c.code, bin_.c.zone).where(bin_.c.site == site, bin_.c.aisle == aisle)
    if block is not None:
        found = found.where(bin_.c.block == block)
    rows = conn.execute(found.order_by(bin_.c.code).limit(MOST_CODES + 1)).all()
    if not rows:
        raise Refusal("not_found", field="aisle", value=aisle, mend="import the layout first")
    places = [Location(f"L-{r.code}", r.zone) for r in rows]
    title = WORDS[language]["locations"]
    return DemoSheet(title=f"{title} {aisle + 1}", locations=places, language=language)


def proof_record(conn: sa.Connection, site: str, proof_id: str) -> Mapping[str, Any]:
    """The proof's row with its record read; `server_key`: what the server signed for it with.
    Refuses `not_found`."""
    found = (
        sa.select(proof, proof_receipt.c.key.label("server_key"))
        .outerjoin(proof_receipt, proof_receipt.c.proof == proof.c.id)
        .where(proof.c.id == proof_id, proof.c.site == site)
    )
    row = _one(conn, found, "proof")
    return {**row, "record": msgspec.json.decode(row["record"])}


def verify_url(origin: str, row: Mapping[str, Any]) -> str:
    """Where the answers about a record stand: the order's story, for who may see it."""
    return f"{origin}/#/orders/{row['order_id']}?proof={row['hash']}"


def receipt_of(
    conn: sa.Connection,
    site: str,
    kept: Mapping[str, Any],
    language: Language,
    verify_url: str,
    server_key: str,
) -> DeliveryReceipt:
    """The receipt of a proof, yet without its signature and photos. `server_key`: fingerprint of
    the site's key, for a proof that no key has signed for."""
    record = kept["record"]
    order = order_row(conn, site, kept["order_id"])
    to = msgspec.json.decode(order["ship_to"])
    place = sa.select(run.c.number, stop.c.seq, stop.c.placed_by, stop.c.lat_e7, stop.c.lon_e7)
    place = place.join(run, run.c.id == stop.c.run)
    here = conn.execute(place.where(stop.c.id == kept["stop"])).first()
    at = record["position"]
    return DeliveryReceipt(
        order_number=order["number"],
        stop=str(here.seq) if here else "",
        run=f"#{here.number}" if here else "",
        outcome=record["outcome"],
        reason=said(language, "why", record["reason"]),
        lines=_delivered(conn, kept["order_id"], record, language),
        device_time=_when(record["at"]),
        server_time=_when(kept["recv_at"]),
        record_hash=kept["hash"],
        server_key=kept["server_key"] or server_key,
        verify_url=verify_url,
        name=_name(order, to)[:_RECEIPT_LINE],
        address=_address(to, _RECEIPT_LINE),
        receiver=record["receiver"][:_RECEIPT_LINE],
        position=Position(at["lat_e7"], at["lon_e7"], at["acc_cm"]) if at else None,
        planned=_door(here),
        position_missing=said(language, "place", record["no_position"]),
        standing=_standing(kept),
        checked=checked(record, policy_of(conn, site, record.get("policy", "")), language),
        signed_text=kept["shown"][:_SIGNED_TEXT],
        language=language,
    )


def _door(here: Any) -> Position | None:
    door = door_of(here)
    return Position(door.lat_e7, door.lon_e7) if door else None


def _standing(kept: Mapping[str, Any]) -> Literal["counts", "superseded", "kept"]:
    if not kept["stands"]:
        return "kept"
    return "superseded" if kept["superseded"] else "counts"


def with_evidence(
    receipt: DeliveryReceipt, signature: bytes, photos: list[bytes]
) -> DeliveryReceipt:
    """`signature`: the strokes as they were sent, or nothing; `photos`: JPEG."""
    receipt = msgspec.structs.replace(receipt, photos=photos)
    if not signature:
        return receipt
    drawn = read_strokes(signature)
    return msgspec.structs.replace(
        receipt,
        strokes=[[Point(x, y, t) for x, y, t in stroke] for stroke in drawn.shares()],
        signature_aspect=drawn.aspect,
    )


def _delivered(
    conn: sa.Connection, order_id: str, record: dict[str, Any], language: Language
) -> list[ReceiptLine]:
    names = {line["no"]: line["name"] for line in _lines(conn, order_id)}
    return [
        ReceiptLine(
            sku=told["sku"],
            name=names.get(told["no"], "")[:_RECEIPT_LINE],
            ordered=told["qty"],
            delivered=told["delivered"],
            reason=said(language, "why", told["reason"]),
        )
        for told in record["lines"]
    ]


def _one(conn: sa.Connection, statement: sa.Select[Any], what: str) -> sa.RowMapping:
    row = conn.execute(statement).mappings().first()
    if row is None:
        raise Refusal("not_found", field=what)
    return row


def order_row(conn: sa.Connection, site: str, order_id: str) -> sa.RowMapping:
    found = sa.select(orders).where(orders.c.id == order_id, orders.c.site == site)
    return _one(conn, found, "order")


def _lines(conn: sa.Connection, order_id: str) -> list[sa.RowMapping]:
    found = sa.select(order_line).where(order_line.c.order_id == order_id)
    return list(conn.execute(found.order_by(order_line.c.no)).mappings())


def _name(order: sa.RowMapping, to: Mapping[str, str]) -> str:
    return to.get("name") or str(order["customer_name"])


def _address(to: Mapping[str, str], longest: int) -> list[str]:
    """At most six lines of at most `longest` letters, long ones broken."""
    town = " ".join(filter(None, (to.get("postcode"), to.get("city"))))
    written = (to.get("street"), town, to.get("province"), to.get("country"))
    return [part for line in written if line for part in textwrap.wrap(line, longest)]


def address_language(to: Mapping[str, str]) -> str:
    return _ADDRESS_LANGUAGES.get(to.get("country", "").upper(), "")


def _sender(conn: sa.Connection, site: str) -> str:
    shop = get_setting(conn, site, "shop", {})
    named = [str(shop.get(f, "")) for f in ("name", "city", "country")]
    return ", ".join(filter(None, named))[:120]


def _when(at: int) -> str:
    """RFC 3339 in UTC, to the second."""
    moment = dt.datetime.fromtimestamp(at / 1000, dt.UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
