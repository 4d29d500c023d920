"""Which papers orders must have by the site's rules, and how each of them stands."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item
from server.orders.tables import order_line, orders
from server.pod.load_rules import LoadRules
from server.pod.paperwork.packed import stamps
from server.pod.paperwork.rules import BEFORE_PACKING, Paperwork, Sending, wanted
from server.pod.paperwork.tables import order_paper
from server.pod.tables import shipment_paper
from server.store import blobs
from server.store.tables import blob

SETTING = "paperwork"
shaped(SETTING, Paperwork)

LACKING, OLD, WAITING, READY = "lacking", "old", "waiting", "ready"
"""Nobody has made or attached it; something else was packed since; its bytes are on their way; it
is there."""


class Standing(NamedTuple):
    paper: str
    why: list[str]
    state: str


def paperwork_of(conn: Any, site: str) -> Paperwork:
    """A setting that cannot be read asks for nothing: nobody stands still at the dock for it."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), Paperwork)
    except msgspec.ValidationError:
        return Paperwork()


def standings(
    conn: Any, site: str, rules: LoadRules, order_ids: Iterable[str]
) -> dict[str, list[Standing]]:
    """Order -> the papers that it must have, in the order in which they are asked for."""
    ids = sorted(set(order_ids))
    table = paperwork_of(conn, site).rules
    if not ids or not (table or rules.papers):
        return {}
    sent = sendings(conn, site, ids)
    asked = {o: wanted(rules.papers, table, sending) for o, sending in sent.items()}
    there = _there(conn, site, [o for o in ids if asked.get(o)])
    return {
        o: [Standing(p, why, there.get((o, p), LACKING)) for p, why in papers.items()]
        for o, papers in asked.items()
        if papers
    }


def sendings(conn: Any, site: str, order_ids: list[str]) -> dict[str, Sending]:
    """Of orders of which something is picked only what is: the rest will not go along."""
    home = str(get_setting(conn, site, "shop", {}).get("country", "")).upper()
    found = sa.select(orders.c.id, orders.c.customer, orders.c.ship_to)
    goods = _goods(conn, order_ids)
    return {
        r.id: Sending(
            country=msgspec.json.decode(r.ship_to).get("country", "").strip().upper(),
            home=home,
            customer=r.customer,
            skus=frozenset(sku for line in goods.get(r.id, ()) for sku in _skus(line)),
            classes=frozenset(word for line in goods.get(r.id, ()) for word in _classes(line)),
        )
        for r in conn.execute(found.where(orders.c.id.in_(order_ids), orders.c.site == site))
    }


def _goods(conn: Any, order_ids: list[str]) -> dict[str, list[Any]]:
    sent = sa.func.coalesce(order_line.c.substitute, order_line.c.sku)
    found = (
        sa.select(
            *(order_line.c[f] for f in ("order_id", "sku", "substitute", "picked")),
            *(item.c[f] for f in ("weight_class", "temperature", "dangerous")),
        )
        .outerjoin(item, item.c.sku == sent)
        .where(order_line.c.order_id.in_(order_ids))
    )
    made: dict[str, list[Any]] = {}
    for r in conn.execute(found):
        made.setdefault(r.order_id, []).append(r)
    return {o: [r for r in lines if r.picked] or lines for o, lines in made.items()}


def _skus(line: Any) -> list[str]:
    return [sku for sku in (line.sku, line.substitute) if sku]


def _classes(line: Any) -> list[str]:
    words = (line.weight_class, line.temperature, "dangerous" if line.dangerous else "")
    return [word for word in words if word]


def _there(conn: Any, site: str, ids: list[str]) -> dict[tuple[str, str], str]:
    """The best that is known of each paper of each order."""
    ready = {(r.order_id, r.paper): READY for r in conn.execute(_SAID, {"ids": ids})}
    now, kept = stamps(conn, ids), conn.execute(_KEPT, {"ids": ids, "site": site}).all()
    arrived = _arrived(conn, site, [r.blob for r in kept if r.source == "attached"])
    for r in kept:
        state, key = _state(r, now.get(r.order_id, ""), arrived), (r.order_id, r.paper)
        if ready.get(key) != READY:
            ready[key] = state
    return ready


_SAID = sa.select(shipment_paper.c.order_id, shipment_paper.c.paper).where(
    shipment_paper.c.order_id.in_(sa.bindparam("ids", expanding=True))
)
_KEPT = (
    sa.select(order_paper)
    .where(
        order_paper.c.order_id.in_(sa.bindparam("ids", expanding=True)),
        order_paper.c.site == sa.bindparam("site"),
        order_paper.c.withdrawn.is_(False),
    )
    .order_by(order_paper.c.order_id, order_paper.c.paper, order_paper.c.version)
)


def _arrived(conn: Any, site: str, refs: list[str]) -> dict[str, str]:
    """What became of the bytes, by their hash."""
    named = sorted({blobs.sha256_of(ref) for ref in refs})
    found = sa.select(blob.c.sha256, blob.c.state)
    found = found.where(blob.c.site == site, blob.c.sha256.in_(named))
    return {r.sha256: r.state for r in conn.execute(found)}


def _state(kept: Any, now: str, arrived: dict[str, str]) -> str:
    if kept.source == "waived":
        return READY
    if kept.source == "issued":
        return READY if kept.paper in BEFORE_PACKING or kept.stamp == now else OLD
    state = arrived.get(blobs.sha256_of(kept.blob), blobs.MISSING)
    if state == blobs.REFUSED:
        return LACKING
    return READY if state == blobs.COMPLETE else WAITING
