"""An order's dossier out of the site's rows."""

import textwrap
from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.tables import item
from server.documents.papers import address_language, order_row
from server.documents.trade.shapes import (
    Asked,
    Box,
    Carriage,
    Dossier,
    Known,
    Party,
    Walk,
)
from server.orders.tables import order_line
from server.packing.tables import parcel
from server.picking.tables import pick_line
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.paperwork.packed import goes_along, pieces, stamps
from server.pod.paperwork.rules import Paperwork
from server.pod.paperwork.state import paperwork_of
from server.pod.tables import run, stop

_WIDEST = 80
_SAME = ("number", "ref", "state", "type", "transport", "currency", "placed_at", "due_at")


def dossier_of(conn: sa.Connection, site: str, order_id: str) -> Dossier:
    """Refuses `not_found`."""
    order = order_row(conn, site, order_id)
    asked = _asked(conn, order_id)
    boxes = _boxes(conn, order_id)
    walks = _walks(conn, order_id)
    skus = {a.sku for a in asked} | {a.substitute for a in asked if a.substitute}
    skus |= {sku for box in boxes for sku, _ in box.goods} | {walk.sku for walk in walks}
    items, paperwork = _items(conn, skus), paperwork_of(conn, site)
    return Dossier(
        order=order_id,
        **{field: order[field] for field in _SAME},
        customer=order["customer"],
        seller=_seller(conn, site, paperwork),
        ship_to=_ship_to(order),
        asked=asked,
        items=items,
        boxes=boxes,
        walks=[_named(walk, items) for walk in walks],
        carriage=_carriage(conn, order_id),
        incoterm=paperwork.incoterm,
        declaration=paperwork.declaration,
        stamp=stamps(conn, [order_id]).get(order_id, ""),
        timezone=paperwork.timezone,
    )


def _asked(conn: sa.Connection, order_id: str) -> list[Asked]:
    found = sa.select(order_line).where(order_line.c.order_id == order_id)
    return [
        Asked(
            no=r.no,
            sku=r.sku,
            name=r.name or r.sku,
            qty=int(r.qty),
            price=int(r.price),
            picked=int(r.picked),
            substitute=r.substitute or "",
            substituted=int(r.substituted),
        )
        for r in conn.execute(found.order_by(order_line.c.no))
    ]


def _items(conn: sa.Connection, skus: set[str]) -> dict[str, Known]:
    wanted = sa.select(item.c.sku, *(item.c[f] for f in Known.__struct_fields__))
    found = conn.execute(wanted.where(item.c.sku.in_(sorted(skus))))
    return {r.sku: Known(*(getattr(r, f) for f in Known.__struct_fields__)) for r in found}


def _boxes(conn: sa.Connection, order_id: str) -> list[Box]:
    goods: dict[str, list[tuple[str, int]]] = {}
    for piece in pieces(conn, [order_id]):
        goods.setdefault(piece.parcel, []).append((piece.sku, piece.qty))
    found = sa.select(parcel).where(parcel.c.order_id == order_id, goes_along())
    return [
        Box(r.number, goods[r.number], r.carton, r.weight_g, r.pallet or "")
        for r in conn.execute(found.order_by(parcel.c.shipment, parcel.c.no))
        if r.number in goods
    ]


def _walks(conn: sa.Connection, order_id: str) -> list[Walk]:
    """In the order in which they are walked."""
    found = sa.select(pick_line).where(pick_line.c.order_id == order_id)
    found = found.order_by(pick_line.c.task, pick_line.c.seq, pick_line.c.no)
    return [
        Walk(r.bin, r.sku, r.sku, int(r.qty), int(r.picked), r.state, r.lot or "")
        for r in conn.execute(found)
    ]


def _named(walk: Walk, items: Mapping[str, Known]) -> Walk:
    name = items[walk.sku].name if walk.sku in items else walk.sku
    return msgspec.structs.replace(walk, name=name)


def _carriage(conn: sa.Connection, order_id: str) -> Carriage:
    by = (
        sa.select(waybill.c.carrier_name, waybill.c.service_name, waybill.c.number)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .join(parcel, parcel.c.shipment == waybill_of.c.shipment)
        .where(parcel.c.order_id == order_id, waybill.c.state != "void")
        .order_by(waybill.c.created_at.desc())
    )
    chosen = conn.execute(by.limit(1)).first()
    on = (
        sa.select(run.c.number, run.c.vehicle)
        .join(stop, stop.c.run == run.c.id)
        .where(stop.c.order_id == order_id, stop.c.left_behind.is_(False))
        .order_by(run.c.number.desc())
    )
    van = conn.execute(on.limit(1)).first()
    carrier, service, number = chosen or ("", "", "")
    return Carriage(carrier, service, number, van.vehicle if van else "", _run(van))


def _run(van: Any) -> str:
    return f"#{van.number}" if van else ""


def _seller(conn: sa.Connection, site: str, paperwork: Paperwork) -> Party:
    shop = get_setting(conn, site, "shop", {})
    said = {f: str(shop.get(f, "")) for f in ("name", "city", "country")}
    town = " ".join(filter(None, (paperwork.postcode, said["city"])))
    return Party(
        name=said["name"] or site,
        address=_lines(paperwork.street, town, said["country"]),
        phone=paperwork.phone,
        tax_id=paperwork.tax_id,
        country=said["country"],
        language=address_language({"country": said["country"]}),
    )


def _ship_to(order: sa.RowMapping) -> Party:
    to = msgspec.json.decode(order["ship_to"])
    town = " ".join(filter(None, (to.get("postcode"), to.get("city"))))
    return Party(
        name=to.get("name") or str(order["customer_name"]),
        address=_lines(to.get("street", ""), town, to.get("province", ""), to.get("country", "")),
        phone=to.get("phone", ""),
        email=to.get("email", ""),
        country=to.get("country", ""),
        language=address_language(to),
    )


def _lines(*said: str) -> list[str]:
    return [part for line in said if line for part in textwrap.wrap(line, _WIDEST)]
