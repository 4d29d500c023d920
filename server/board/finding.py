"""Writes down what each order may be found by, in the commit that brought it.

Nothing is ever taken off: whoever calls with the number of a voided waybill, or from the phone
that was corrected since, still means that order.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from server.board.rules import digits, fold, number_terms, parts, phone_parts
from server.kernel.events import Event, reacts
from server.kernel.feeds import RowSink, projects
from server.kernel.ops import OpContext
from server.orders.events import AddressChanged, OrderReceived
from server.orders.tables import customer, order_line, orders
from server.packing.events import CartonOpened, ParcelPacked
from server.packing.tables import parcel, shipment
from server.picking.events import OrderPicked
from server.pod.carriers.events import CarrierChosen
from server.pod.carriers.tables import waybill, waybill_of
from server.store.prepared import Prepared

Row = dict[str, Any]
_IDS: sa.BindParameter[str] = sa.bindparam("ids", expanding=True)
_ORDERS = (
    sa.select(orders, customer.c.phone.label("customer_phone"))
    .outerjoin(customer, customer.c.id == orders.c.customer)
    .where(orders.c.id.in_(_IDS))
    .order_by(orders.c.id)
)
_LINES = sa.select(order_line.c.order_id, order_line.c.sku, order_line.c.name).where(
    order_line.c.order_id.in_(_IDS)
)
_PARCELS = (
    sa.select(parcel.c.order_id, parcel.c.number, orders.c.placed_at)
    .join(orders, orders.c.id == parcel.c.order_id)
    .where(orders.c.id.in_(_IDS))
)
_WAYBILLS = (
    sa.select(shipment.c.order_id, waybill.c.number, orders.c.placed_at)
    .join(orders, orders.c.id == shipment.c.order_id)
    .join(waybill_of, waybill_of.c.shipment == shipment.c.id)
    .join(waybill, waybill.c.id == waybill_of.c.waybill)
    .where(orders.c.id.in_(_IDS))
)
PUT_TERM = Prepared(
    sa.text(
        "INSERT INTO find_term (site, kind, term, at, order_id)"
        " VALUES (:site, :kind, :term, :at, :order_id) ON CONFLICT DO NOTHING"
    )
)
PUT_PART = Prepared(
    sa.text(
        "INSERT INTO find_part (site, kind, part, term, last_at)"
        " VALUES (:site, :kind, :part, :term, :last_at)"
        " ON CONFLICT (site, kind, part, term) DO UPDATE SET last_at = excluded.last_at"
        " WHERE find_part.last_at < excluded.last_at"
    )
)


def write_order_down(event: Event, ctx: OpContext) -> None:
    ctx.touch("find_order", event.order)


for _told in (OrderReceived, AddressChanged):
    reacts(_told)(write_order_down)


def write_parcels_down(event: Event, ctx: OpContext) -> None:
    """A parcel has its number as soon as there is something to pack."""
    ctx.touch("find_parcel", event.order)


for _said in (OrderPicked, CartonOpened, ParcelPacked, CarrierChosen):
    reacts(_said)(write_parcels_down)


@projects("find_order")
def index_orders(sink: RowSink, ids: Iterable[str]) -> None:
    wanted = list(ids)
    lines: dict[str, list[tuple[str, str]]] = {}
    for order_id, sku, name in sink.conn.execute(_LINES, {"ids": wanted}):
        lines.setdefault(order_id, []).append((sku, name))
    known = KnownTerms(sink.site)
    for order in sink.conn.execute(_ORDERS, {"ids": wanted}).mappings():
        known.add(order, lines.get(order["id"], []))
    PUT_TERM.run_many(sink.conn, known.terms)
    PUT_PART.run_many(sink.conn, known.parts)


@projects("find_parcel")
def index_parcels(sink: RowSink, ids: Iterable[str]) -> None:
    wanted = list(ids)
    found = [
        {"site": sink.site, "kind": kind, "term": fold(number), "at": at, "order_id": order_id}
        for kind, statement in (("parcel", _PARCELS), ("waybill", _WAYBILLS))
        for order_id, number, at in sink.conn.execute(statement, {"ids": wanted})
    ]
    PUT_TERM.run_many(sink.conn, found)


class KnownTerms:
    """Rows of both tables for the orders of one site; each part once, with its newest order."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.terms: list[Row] = []
        self._newest: dict[tuple[str, str, str], int] = {}

    @property
    def parts(self) -> list[Row]:
        """In the order of their key: two commits must not wait for each other."""
        return [
            {"site": self.site, "kind": kind, "part": part, "term": term, "last_at": at}
            for (kind, part, term), at in sorted(self._newest.items())
        ]

    def add(self, order: Any, lines: Iterable[tuple[str, str]]) -> None:
        """`order`: a row of `orders` with `customer_phone`; `lines`: SKU and name of each."""
        at = order["placed_at"]
        for kind, term, pieces in _said_of(order, lines):
            if not term:
                continue
            row = {"site": self.site, "kind": kind, "term": term, "at": at}
            self.terms.append(row | {"order_id": order["id"]})
            for part in pieces:
                key = kind, part, term
                self._newest[key] = max(at, self._newest.get(key, at))


def _said_of(
    order: Any, lines: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Kind, term, and the parts under which the term itself is looked up."""
    for term in number_terms(order["number"]):
        yield "number", term, ()
    yield "ref", fold(order["ref"]), ()
    yield "customer", fold(order["customer"]), ()
    name = fold(order["customer_name"])
    yield "name", name, parts(name)
    ship_to = msgspec.json.decode(order["ship_to"])
    told = ship_to.get("name", ""), ship_to.get("phone", ""), order["customer_phone"] or ""
    if (receiver := fold(told[0])) not in ("", name):
        yield "name", receiver, parts(receiver)
    for phone in sorted({digits(told[1]), digits(told[2])} - {""}):
        yield "phone", phone, phone_parts(phone)
    for sku, called in sorted({(fold(sku), fold(called)) for sku, called in lines}):
        yield "item", sku, parts(called)
