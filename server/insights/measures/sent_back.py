"""The orders behind the returns: those of which something was sent back in these days, the latest
first. A return counts on the day on which it was opened, whenever its order was delivered."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from server.insights.measures.behind import Behind, Orders
from server.insights.measures.parts import Span
from server.insights.measures.periods import date
from server.insights.measures.tables import measured_order
from server.orders.tables import orders
from server.returns.tables import rma, rma_line

_R, _O = rma.c, measured_order.c


def sent_back(conn: Any, span: Span, clock: ZoneInfo, after: str, limit: int) -> Orders:
    """`after`: what the page before said under `more`. `clock`: by which the site's days begin."""
    back = _returned(span, clock)
    found = (
        sa.select(orders.c.id, orders.c.number, orders.c.customer_name, orders.c.state.label("now"))
        .add_columns(*(_O[c] for c in _OF_ORDER), back.c.at)
        .join(back, back.c.order_id == orders.c.id)
        .join(measured_order, _O.order_id == orders.c.id)
        .where(*(_O[d] == m for d, m in span.where if d not in ("reason", "product")))
        .order_by(back.c.at.desc(), orders.c.id.desc())
        .limit(limit + 1)
    )
    if after:
        at, _, last = after.partition(":")
        earlier = sa.and_(back.c.at == int(at), orders.c.id < last)
        found = found.where(sa.or_(back.c.at < int(at), earlier))
    rows = conn.execute(found).mappings().all()
    page = [_behind(r) for r in rows[:limit]]
    more = f"{rows[limit - 1]['at']}:{page[-1].id}" if len(rows) > limit else ""
    return Orders(page, more)


_OF_ORDER = ("state", "placed_at", "due_at", "ended_at", "destination", "carrier")


def _behind(r: Any) -> Behind:
    told = {f: r[f] for f in ("id", "number", "customer_name", *_OF_ORDER)}
    return Behind(**told | {"state": r["state"] or r["now"]})


def _returned(span: Span, clock: ZoneInfo) -> sa.Subquery:
    """Orders, and when the last of their returns was opened that is asked about."""
    first, end = _begin(span.first, clock), _begin(span.last + 1, clock)
    found = sa.select(_R.order_id, sa.func.max(_R.opened_at).label("at")).where(
        _R.site == span.site,
        _R.opened_at >= first,
        _R.opened_at < end,
        _R.state != "withdrawn",
    )
    where = dict(span.where)
    if reason := where.get("reason"):
        found = found.where(_R.reason == reason)
    if sku := where.get("product"):
        of = sa.select(rma_line.c.rma).where(rma_line.c.sku == sku, rma_line.c.rma == _R.id)
        found = found.where(of.exists())
    return found.group_by(_R.order_id).subquery()


def _begin(day: int, clock: ZoneInfo) -> int:
    return int(dt.datetime.combine(date(day), dt.time(), clock).timestamp() * 1000)
