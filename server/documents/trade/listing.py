"""The papers of an order as its screens show them, and the orders that lack any."""

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.documents.papers import order_row
from server.orders.tables import orders
from server.pod.papers import rules_of
from server.pod.paperwork.packed import stamps
from server.pod.paperwork.rules import ATTACHED, BEFORE_PACKING, MARKS
from server.pod.paperwork.state import READY, Standing, standings
from server.pod.paperwork.tables import order_paper
from server.store import blobs
from server.store.tables import blob

WAITING_STATES = ("released", "picking", "picked", "packing", "packed")
"""Of orders that have not left: for those that have it is too late to be asked."""
MOST_ORDERS = 500


class Wanted(msgspec.Struct, frozen=True):
    """A paper that must be there. `state`: lacking, old (something else was packed since), waiting
    (its bytes are on their way), ready."""

    paper: str
    why: list[str]
    state: str


class Kept(msgspec.Struct, frozen=True):
    """`mime` and `bytes` (missing, partial, complete, refused) of what is behind it; `counts`:
    issued and of what is packed now, or attached and not withdrawn."""

    id: str
    paper: str
    source: str
    number: str
    version: int
    lang: str
    note: str
    by: str
    at: int
    mime: str
    bytes: str
    sha256: str
    counts: bool


class OrderPapers(msgspec.Struct, frozen=True):
    """`makes`: papers that are made here; `takes`: usual ones that others make."""

    id: str
    number: str
    state: str
    customer_name: str
    wanted: list[Wanted]
    papers: list[Kept]
    makes: list[str]
    takes: list[str]


class Lacking(msgspec.Struct, frozen=True):
    id: str
    number: str
    customer_name: str
    country: str
    state: str
    due_at: int
    papers: list[str]


class LackingOrders(msgspec.Struct, frozen=True):
    """Those that are due first come first; `more`: there are others."""

    orders: list[Lacking]
    more: bool


def papers_of(conn: sa.Connection, site: str, order_id: str) -> OrderPapers:
    """Refuses `not_found`."""
    order = order_row(conn, site, order_id)
    known = standings(conn, site, rules_of(conn, site), [order_id])
    return OrderPapers(
        id=order_id,
        number=order["number"],
        state=order["state"],
        customer_name=order["customer_name"],
        wanted=[_wanted(each) for each in known.get(order_id, [])],
        papers=_kept(conn, site, order_id),
        makes=list(MARKS),
        takes=list(ATTACHED),
    )


def _wanted(each: Standing) -> Wanted:
    return Wanted(each.paper, each.why, each.state)


def _kept(conn: sa.Connection, site: str, order_id: str) -> list[Kept]:
    """The newest first."""
    found = (
        sa.select(order_paper, person.c.name.label("by"))
        .outerjoin(person, person.c.id == order_paper.c.by_person)
        .where(order_paper.c.order_id == order_id, order_paper.c.site == site)
        .order_by(order_paper.c.at.desc(), order_paper.c.version.desc(), order_paper.c.id)
    )
    rows = conn.execute(found).mappings().all()
    there, now = _bytes(conn, site, rows), stamps(conn, [order_id]).get(order_id, "")
    return [_one(r, there.get(blobs.sha256_of(r["blob"])), now) for r in rows]


def _bytes(
    conn: sa.Connection, site: str, rows: Sequence[sa.RowMapping]
) -> dict[str, tuple[str, str]]:
    named = sorted({blobs.sha256_of(r["blob"]) for r in rows if r["blob"]})
    found = sa.select(blob.c.sha256, blob.c.mime, blob.c.state)
    found = found.where(blob.c.site == site, blob.c.sha256.in_(named))
    return {sha256: (mime, state) for sha256, mime, state in conn.execute(found)}


def _one(r: sa.RowMapping, there: tuple[str, str] | None, now: str) -> Kept:
    mime, state = there or ("", blobs.MISSING)
    issued = r["source"] == "issued"
    fits = not issued or r["paper"] in BEFORE_PACKING or r["stamp"] == now
    same: dict[str, Any] = {f: r[f] for f in Kept.__struct_fields__ if f in r}
    return Kept(
        **{**same, "by": r["by"] or ""},
        mime=mime,
        bytes=state,
        sha256=blobs.sha256_of(r["blob"]),
        counts=fits and not r["withdrawn"],
    )


def lacking_orders(conn: sa.Connection, site: str) -> LackingOrders:
    waiting = (
        sa.select(orders)
        .where(orders.c.site == site, orders.c.state.in_(WAITING_STATES))
        .order_by(orders.c.due_at, orders.c.id)
        .limit(MOST_ORDERS + 1)
    )
    rows = conn.execute(waiting).mappings().all()
    shown = rows[:MOST_ORDERS]
    known = standings(conn, site, rules_of(conn, site), [r["id"] for r in shown])
    made = [_lacking(r, known.get(r["id"], [])) for r in shown]
    return LackingOrders([each for each in made if each.papers], len(rows) > MOST_ORDERS)


def _lacking(r: sa.RowMapping, known: list[Standing]) -> Lacking:
    same = {f: r[f] for f in ("id", "number", "customer_name", "state", "due_at")}
    country = msgspec.json.decode(r["ship_to"]).get("country", "")
    papers = [each.paper for each in known if each.state != READY]
    return Lacking(**same, country=country, papers=papers)
