"""Customer service types whatever the caller says: a number, a name, a phone, a parcel, an item.

Each way of finding reads beginnings in an index (`board/tables.py`) and stops at the page's end,
so what it costs does not grow with the orders of the site.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.board.looking import Hit, Way, ways
from server.board.rules import digits, fold
from server.kernel.errors import Refusal
from server.orders.tables import order_line, orders
from server.store.feed import version

DEEPEST = 1_000
"""Orders of one way that can be leafed through; whoever has seen so many types more of the name."""
_PLACE = re.compile(r"([a-z]{1,12}):([0-9]{1,4}):([0-9]{1,15}):([!-~]{1,64})")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """`why`: number, ref, parcel, waybill, phone, customer, name or item; `matched`: what of the
    order it was, as it is written there. Times in ms."""

    id: str
    number: str
    ref: str
    customer_name: str
    state: str
    placed_at: int
    due_at: int
    changed_at: int
    why: str
    matched: str


class FoundOrders(msgspec.Struct, frozen=True, kw_only=True):
    """`ver`: the site's version that was searched, or an older one. `more`: what to send as
    `after` for the next orders; empty: there are none."""

    ver: int
    orders: list[Found]
    more: str = ""


class Place(NamedTuple):
    """Where a page ended: in which way, after how many of its hits, behind which order."""

    why: str
    given: int
    at: int
    order_id: str

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Refuses `malformed`: a page's end is only ever taken from an answer."""
        if not (said := _PLACE.fullmatch(text)) or int(said[2]) > DEEPEST:
            mend = "send what `more` said, or leave it out"
            raise Refusal("malformed", field="after", value=text, mend=mend)
        return cls(said[1], int(said[2]), int(said[3]), said[4])

    def __str__(self) -> str:
        return ":".join(map(str, self))


def search(conn: sa.Connection, site: str, text: str, limit: int, after: str = "") -> FoundOrders:
    """At most `limit` orders, the surest way first, in each way those placed last first. What is
    found in two ways may come again on a later page."""
    seen = version(conn, site)
    hits: dict[str, tuple[Place, Hit]] = {}
    more = ""
    begin = end = Place.parse(after) if after else None
    for place, hit in _from(conn, ways(conn, site, text), limit, begin):
        if hit.order_id in hits:
            continue
        if len(hits) == limit:
            more = str(end) if end and end.given <= DEEPEST else ""
            break
        end = place
        hits[hit.order_id] = place, hit
    return FoundOrders(ver=seen, orders=_shown(conn, hits), more=more)


def _from(
    conn: sa.Connection, looking: list[Way], size: int, after: Place | None
) -> Iterator[tuple[Place, Hit]]:
    """All hits behind `after`, read in pages of `size`."""
    for way in looking:
        if after is not None and way.why != after.why:
            continue
        given, last = (after.given, (after.at, after.order_id)) if after else (0, None)
        after = None
        while page := way.page(conn, size + 1, given, last):
            for hit in page:
                given += 1
                last = hit.at, hit.order_id
                yield Place(way.why, given, *last), hit
            if len(page) <= size:
                break


_SHOWN = [orders.c[f] for f in Found.__struct_fields__ if f in orders.c]
_ORDERS = sa.select(*_SHOWN, orders.c.customer, orders.c.ship_to).where(
    orders.c.id.in_(sa.bindparam("ids", expanding=True))
)
_LINES = sa.select(order_line.c.order_id, order_line.c.sku, order_line.c.name).where(
    order_line.c.order_id.in_(sa.bindparam("ids", expanding=True))
)


def _shown(conn: sa.Connection, hits: dict[str, tuple[Place, Hit]]) -> list[Found]:
    rows = {r["id"]: r for r in conn.execute(_ORDERS, {"ids": list(hits)}).mappings()}
    items = [o for o, (place, _) in hits.items() if place.why == "item"]
    named = {
        (r.order_id, fold(r.sku)): f"{r.sku} · {r.name}"
        for r in (conn.execute(_LINES, {"ids": items}) if items else ())
    }
    found = []
    for order_id, (place, hit) in hits.items():
        if r := rows.get(order_id):
            same = {f: r[f] for f in Found.__struct_fields__ if f in r}
            matched = named.get((order_id, hit.term)) or _matched(place.why, hit.term, r)
            found.append(Found(**same, why=place.why, matched=matched))
    return found


def _matched(why: str, term: str, order: Any) -> str:
    """The term as it is written in the order."""
    if why in ("number", "ref", "customer"):
        return str(order[why])
    ship_to = msgspec.json.decode(order["ship_to"])
    if why == "name":
        other = str(ship_to.get("name", ""))
        return other if fold(other) == term else str(order["customer_name"])
    if why == "phone":
        phone = str(ship_to.get("phone", ""))
        return phone if digits(phone) == term else term
    return term.upper()
