"""Datasets of the goods' path: orders, their lines, parcels, deliveries, problems, stock."""

from typing import Any

import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.tables import item
from server.floor.tables import discrepancy
from server.insights.reports.expressions import JsonText
from server.insights.reports.fields import (
    Dataset,
    Field,
    flag,
    moment,
    money,
    named,
    number,
    since,
    text,
    whole,
)
from server.inventory.tables import bin_, bin_level, stock
from server.orders.lifecycle import OVER
from server.orders.tables import customer, order_line, orders
from server.packing.tables import parcel
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.tables import run, stop

NOW: Any = sa.bindparam("now", type_=sa.BigInteger)
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
o = orders.c
_COUNTRY = JsonText(o.ship_to, sa.literal_column("'country'"))
_AREA = sa.func.substr(JsonText(o.ship_to, sa.literal_column("'postcode'")), 1, 2)


def _of_order() -> list[Field]:
    """What every dataset that knows its order can say of it."""
    return [
        text("number", o.number),
        text("channel", o.channel),
        text("order_type", o.type, words="type"),
        text("customer", o.customer_name),
        text("country", _COUNTRY),
        text("area", _AREA),
    ]


ORDERS = Dataset(
    name="orders",
    rows=orders.outerjoin(customer, customer.c.id == o.customer),
    site=o.site,
    time="placed_at",
    currency="currency",
    fields=named(
        *_of_order(),
        text("state", o.state, words="state"),
        text("phone", customer.c.phone, sees="contact"),
        text("email", customer.c.email, sees="contact"),
        flag("vip", customer.c.vip),
        whole("priority", o.priority),
        text("currency", o.currency),
        money("total", o.total, o.currency),
        whole("lines", o.lines),
        whole("pieces", o.pieces, "pieces"),
        moment("placed_at", o.placed_at),
        moment("due_at", o.due_at),
        moment("delivered_at", o.delivered_at),
        number("hours", since(o.placed_at, o.delivered_at, HOUR_MS), "h"),
        flag("open", o.state.not_in(sorted({*OVER, "refused"}))),
        flag(
            "late",
            sa.or_(
                o.delivered_at > o.due_at,
                sa.and_(o.due_at < NOW, o.state.not_in(sorted({*OVER, "refused"}))),
            ),
        ),
    ),
)

ln = order_line.c
LINES = Dataset(
    name="lines",
    rows=order_line.join(orders, o.id == ln.order_id).outerjoin(item, item.c.sku == ln.sku),
    site=o.site,
    time="placed_at",
    currency="currency",
    fields=named(
        *_of_order(),
        text("state", o.state, words="state"),
        text("sku", ln.sku),
        text("item", ln.name),
        whole("ordered", ln.qty, "pieces"),
        whole("picked", ln.picked, "pieces"),
        whole("shipped", ln.shipped, "pieces"),
        whole("delivered", ln.delivered, "pieces"),
        text("currency", o.currency),
        money("price", ln.price, o.currency),
        money("amount", ln.price * ln.qty, o.currency),
        moment("placed_at", o.placed_at),
    ),
)

w, p = waybill.c, parcel.c
PARCELS = Dataset(
    name="parcels",
    rows=parcel.join(orders, o.id == p.order_id)
    .outerjoin(waybill_of, waybill_of.c.shipment == p.shipment)
    .outerjoin(waybill, sa.and_(w.id == waybill_of.c.waybill, w.state != "void"))
    .outerjoin(person, person.c.id == p.packed_by),
    site=p.site,
    time="packed_at",
    fields=named(
        *_of_order(),
        text("parcel", p.number),
        text("state", p.state, words="parcel"),
        text("carrier", w.carrier_name),
        text("service", w.service_name),
        text("waybill", w.number),
        whole("weight", p.weight_g, "g"),
        text("packed_by", person.c.name, sees="staff"),
        moment("packed_at", p.packed_at),
        moment("delivered_at", sa.func.coalesce(w.delivered_at, o.delivered_at)),
        flag("late", sa.func.coalesce(w.delivered_at, o.delivered_at, NOW) > o.due_at),
    ),
)

s = stop.c
_CAME = s.outcome.in_(("full", "partial"))
_BY = sa.case((o.deliver_to > 0, o.deliver_to), else_=o.due_at)
DELIVERIES = Dataset(
    name="deliveries",
    rows=stop.join(orders, o.id == s.order_id)
    .join(run, run.c.id == s.run),
    site=s.site,
    time="closed_at",
    fields=named(
        *_of_order(),
        whole("run", run.c.number),
        text("vehicle", run.c.vehicle),
        text("state", s.state, words="stop"),
        text("outcome", s.outcome, words="outcome"),
        text("reason", s.reason, words="why"),
        moment("arrived_at", s.arrived_at),
        moment("closed_at", s.closed_at),
        number("minutes", since(s.arrived_at, s.closed_at, MINUTE_MS), "min"),
        flag("came", _CAME),
        flag("on_time", sa.and_(_CAME, s.closed_at <= _BY)),
        number("metres", s.leg_m, "m"),
    ),
)  # fmt: skip

d = discrepancy.c
_SETTLER = person.alias("settler")
EXCEPTIONS = Dataset(
    name="exceptions",
    rows=discrepancy.outerjoin(orders, o.id == d.order_id)
    .outerjoin(person, person.c.id == d.person)
    .outerjoin(_SETTLER, _SETTLER.c.id == d.settled_by),
    site=d.site,
    time="at",
    fields=named(
        *_of_order(),
        text("problem", d.kind, words="problem"),
        text("state", d.state, words="case"),
        text("operation", d.operation, words="operation"),
        text("outcome", d.outcome, words="became"),
        text("person", person.c.name, sees="staff"),
        text("settled_by", _SETTLER.c.name, sees="staff"),
        moment("at", d.at),
        moment("settled_at", d.settled_at),
        number("hours", since(d.at, sa.func.coalesce(d.settled_at, NOW), HOUR_MS), "h"),
        flag("open", d.state == "open"),
    ),
)

k = stock.c
STOCK = Dataset(
    name="stock",
    rows=stock.outerjoin(item, item.c.sku == k.sku).outerjoin(
        bin_, sa.and_(bin_.c.site == k.site, bin_.c.code == k.bin)
    ),
    site=k.site,
    fields=named(
        text("sku", k.sku),
        text("item", item.c.name),
        text("bin", k.bin),
        text("bin_kind", bin_.c.kind, words="bin"),
        text("zone", bin_.c.zone),
        text("lot", k.lot),
        whole("on_hand", k.qty, "pieces"),
        whole("promised", k.allocated, "pieces"),
        whole("free", k.qty - k.allocated, "pieces"),
        number("days", since(k.received_at, NOW, 24 * HOUR_MS), "d"),
    ),
)

v = bin_level.c
_THERE = (
    sa.select(sa.func.coalesce(sa.func.sum(k.qty), 0))
    .where(k.site == v.site, k.bin == v.bin, k.sku == v.sku)
    .correlate(bin_level)
    .scalar_subquery()
)
LEVELS = Dataset(
    name="levels",
    rows=bin_level.outerjoin(item, item.c.sku == v.sku),
    site=v.site,
    fields=named(
        text("sku", v.sku),
        text("item", item.c.name),
        text("bin", v.bin),
        whole("least", v.least, "pieces"),
        whole("most", v.most, "pieces"),
        whole("on_hand", _THERE, "pieces"),
        whole("lacking", sa.case((v.least > _THERE, v.least - _THERE), else_=0), "pieces"),
        flag("below", v.least > _THERE),
    ),
)
