"""The orders that a figure is counted from, one by one, where nothing is kept of what is asked: of
a customer, and of two dimensions at once."""

from collections import Counter
from collections.abc import Iterator
from itertools import starmap
from typing import Any

import sqlalchemy as sa

from server.insights.measures.parts import Span, since
from server.insights.measures.rules import Kept, costed, counted
from server.insights.measures.tables import measure, measured_order
from server.orders.tables import orders

_M, _O = measure.c, measured_order.c
_COLUMNS = [_O[name] for name in Kept.__struct_fields__]


def orders_of(customers: list[str]) -> Any:
    return sa.select(orders.c.id).where(orders.c.customer.in_(customers))


def is_of(span: Span) -> list[Any]:
    """Whether an order is of that part of the site."""
    rules: list[Any] = []
    for dimension, member in span.where:
        if dimension == "customer":
            rules.append(_O.order_id.in_(orders_of([member])))
        elif dimension == "reason":
            rules += [_O.state == "cancelled", _O.reason == ("" if member == "none" else member)]
        else:
            rules.append(_O[dimension] == member)
    return rules


def kept_of(conn: Any, span: Span, customers: list[str] | None = None) -> Iterator[Kept]:
    """The orders that are counted on one of the days; of these customers, if any are named."""
    days = (_O.day.between(span.first, span.last), _O.placed_day.between(span.first, span.last))
    found = sa.select(*_COLUMNS).where(_O.site == span.site, sa.or_(*days), *is_of(span))
    if customers is not None:
        found = found.where(_O.order_id.in_(orders_of(customers)))
    return starmap(Kept, conn.execute(found))


def told(span: Span, kept: Kept) -> Iterator[tuple[int, str, int]]:
    """Day, what and how much of it, on the days that are asked for."""
    for day, what, n in counted(kept):
        if span.first <= day <= span.last:
            yield day, what, n
    if span.first <= kept.day <= span.last:
        for what, n in costed(kept):
            yield kept.day, what, n


def readable(conn: Any, span: Span) -> Span:
    """So many of its newest days as can be read at once."""
    if "customer" in span.dimensions:
        return span
    whole = _by_day(conn, span, "", "")
    parts = [_by_day(conn, span, *of) for of in span.where if of[0] != "reason"]
    first = since(whole, parts)
    return span if first is None else span.since(first)


def _by_day(conn: Any, span: Span, dimension: str, member: str) -> Counter[int]:
    found = (
        sa.select(_M.day, sa.func.sum(_M.n))
        .where(_M.site == span.site, _M.dimension == dimension, _M.member == member)
        .where(_M.what.in_(("received", "ended")), _M.day.between(span.first, span.last))
        .group_by(_M.day)
    )
    return Counter({int(day): int(n) for day, n in conn.execute(found)})
