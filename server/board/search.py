"""Customer service types whatever the caller says: a number, a name, a phone, a parcel, an item."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.tables import item_code
from server.kernel.scan import ScanSettings, resolve
from server.orders.tables import customer, order_line, orders
from server.packing.tables import parcel
from server.store.tables import site_clock

LEAST_DIGITS = 5
"""Fewer digits than that are found in every phone number."""
_PHONE_MARKS = " -()./+"
_ANY_YEAR = ScanSettings(year=2000)
"""Only the item of a scan is looked at, never its dates."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: number, ref, parcel, phone, customer, name or item. Times in ms."""

    id: str
    number: str
    ref: str
    customer_name: str
    state: str
    due_at: int
    changed_at: int
    why: str


class FoundOrders(msgspec.Struct, frozen=True, kw_only=True):
    """`ver`: the site's version that was searched, or an older one."""

    ver: int
    orders: list[Found]


def version(conn: sa.Connection, site: str) -> int:
    found = sa.select(site_clock.c.ver).where(site_clock.c.site == site)
    return int(conn.execute(found).scalar() or 0)


def search(conn: sa.Connection, site: str, text: str, limit: int) -> FoundOrders:
    """At most `limit` orders, the surest match first, then what changed last."""
    seen = version(conn, site)
    found: dict[str, Found] = {}
    for why, matches in _ways(site, text):
        if len(found) < limit:
            for row in conn.execute(_statement(site, matches, limit)).mappings():
                found.setdefault(row["id"], Found(**row, why=why))
    return FoundOrders(ver=seen, orders=list(found.values())[:limit])


def _statement(site: str, matches: Any, limit: int) -> sa.Select[Any]:
    columns = [orders.c[f] for f in Found.__struct_fields__ if f != "why"]
    newest = orders.c.changed_at.desc(), orders.c.id
    return sa.select(*columns).where(orders.c.site == site, matches).order_by(*newest).limit(limit)


def _same(column: Any, text: str) -> Any:
    return column.in_(sorted({text, text.upper(), text.lower()}))


def _contains(column: Any, text: str) -> Any:
    return sa.func.lower(column).contains(text.lower(), autoescape=True)


def _ways(site: str, text: str) -> list[tuple[str, Any]]:
    """Why an order may be meant, and the condition that says so; the surest first."""
    parcels = sa.select(parcel.c.order_id).where(
        parcel.c.site == site, _same(parcel.c.number, _parcel(text))
    )
    skus = sa.select(item_code.c.sku).where(item_code.c.code.in_(_codes(text)))
    item = sa.or_(_same(order_line.c.sku, text), order_line.c.sku.in_(skus))
    ways: list[tuple[str, Any]] = [
        ("number", _contains(orders.c.number, text)),
        ("ref", _same(orders.c.ref, text)),
        ("parcel", orders.c.id.in_(parcels)),
        ("customer", _same(orders.c.customer, text)),
        ("name", _contains(orders.c.customer_name, text)),
        ("item", orders.c.id.in_(sa.select(order_line.c.order_id).where(item))),
    ]
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= LEAST_DIGITS and not text.strip("0123456789" + _PHONE_MARKS):
        ways.insert(3, ("phone", orders.c.id.in_(_by_phone(site, digits))))
    return ways


def _parcel(text: str) -> str:
    """Its number, from a label's bars, however they were read, or from a tracking link."""
    return resolve(text, _ANY_YEAR).sscc or text.partition("?")[0].rpartition("/")[2]


def _codes(text: str) -> list[str]:
    """The codes that a scan may be known under: as read, and its GTIN in all lengths."""
    scan = resolve(text, _ANY_YEAR)
    gtin = scan.gtin or ""
    short = {gtin[14 - n :] for n in (8, 12, 13, 14) if gtin and not gtin[: 14 - n].strip("0")}
    return sorted({text, scan.text, *short} - {""})


def _by_phone(site: str, digits: str) -> Any:
    """Written with any marks, with or without the country's number in front."""
    ends = digits.lstrip("0")
    in_address = _plain(orders.c.ship_to).like(f'%"phone":"%{ends}%')
    return (
        sa.select(orders.c.id)
        .outerjoin(customer, customer.c.id == orders.c.customer)
        .where(orders.c.site == site)
        .where(sa.or_(_plain(customer.c.phone).contains(ends), in_address))
    )


def _plain(column: Any) -> Any:
    for mark in _PHONE_MARKS:
        column = sa.func.replace(column, mark, "")
    return column
