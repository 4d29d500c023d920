"""The orders behind a figure: those to look at, found only on days on which there is one."""

from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from server.insights.measures.figures import Figure, Targets, slow_places
from server.insights.measures.rules import CYCLE_HOURS, DELIVERED, LONGER, MINUTE_MS
from server.insights.measures.tables import measure, measured_order
from server.orders.tables import orders

_M, _O = measure.c, measured_order.c


class Span(Struct, frozen=True):
    """Days, both included; `dimension` and `member`: a part of the site, empty: all of it."""

    site: str
    first: int
    last: int
    dimension: str = ""
    member: str = ""


class Behind(Struct, frozen=True, kw_only=True):
    """An order behind a figure; ms."""

    id: str
    number: str
    customer_name: str
    state: str
    placed_at: int
    due_at: int
    ended_at: int
    destination: str
    carrier: str


class Orders(Struct, frozen=True):
    """`more`: where the next page begins, empty after the last."""

    orders: list[Behind]
    more: str


def of_span(span: Span) -> tuple[Any, ...]:
    here = (_M.site == span.site, _M.dimension == span.dimension)
    return (*here, _M.day.between(span.first, span.last))


def is_customers(customer: str) -> Any:
    return _O.order_id.in_(orders_of([customer]))


def orders_of(customers: list[str]) -> Any:
    return sa.select(orders.c.id).where(orders.c.customer.in_(customers))


def is_behind(name: str, targets: Targets) -> Any:
    """Whether an order is one of those that a figure calls `name`; every order is behind none."""
    came = _O.state.in_(sorted(DELIVERED))
    too_long = (int(targets.cycle * 60) + 1) * MINUTE_MS  # counted in whole minutes
    rules = {
        "": _O.state != "",
        "delivered": came,
        "slow": sa.and_(came, _O.placed_at > 0, _O.ended_at - _O.placed_at >= too_long),
        "incomplete": _O.state.not_in(("", "delivered")),
        "late": sa.and_(came, _O.due_at > 0, _O.ended_at > _O.due_at),
        "complaints": sa.and_(came, _O.complaints > 0),
        "faulty": sa.or_(_O.mistakes > 0, _O.complaints > 0),
        "sent_back": _O.returns > 0,
        "unhappy": sa.and_(came, _O.courtesy.between(1, 3)),
        "cancelled": _O.state == "cancelled",
    }
    return rules[name]


def behind(
    conn: Any, span: Span, figure: Figure, targets: Targets, after: str, limit: int
) -> Orders:
    """The newest first. `after`: what the page before said under `more`."""
    at, _, last = after.partition(":")
    newest = int(at) if at else span.last
    o, columns = orders.c, ("state", "placed_at", "due_at", "ended_at", "destination", "carrier")
    found = (
        sa.select(_O.order_id.label("id"), o.number, o.customer_name, _O.day)
        .add_columns(*(_O[c] for c in columns))
        .join(orders, o.id == _O.order_id)
        .where(
            _O.site == span.site,
            is_behind(figure.behind, targets),
            *_where(conn, span, figure, targets, newest, limit),
        )
        .order_by(_O.day.desc(), _O.order_id.desc())
        .limit(limit + 1)
    )
    if after:
        found = found.where(sa.or_(_O.day < newest, _O.order_id < last))
    rows = conn.execute(found).mappings().all()
    shown = [Behind(**{f: r[f] for f in Behind.__struct_fields__}) for r in rows[:limit]]
    more = f"{rows[limit - 1]['day']}:{shown[-1].id}" if len(rows) > limit else ""
    return Orders(shown, more)


def _where(
    conn: Any, span: Span, figure: Figure, targets: Targets, newest: int, limit: int
) -> list[Any]:
    if span.dimension == "customer":
        return [is_customers(span.member), _O.day.between(span.first, min(span.last, newest))]
    days = _days(conn, span, figure, targets, newest, limit)
    return [_O.day.in_(days), *([_O[span.dimension] == span.member] if span.dimension else [])]


def _days(
    conn: Any, span: Span, figure: Figure, targets: Targets, newest: int, limit: int
) -> list[int]:
    """The newest days that hold a page's orders: the day on which the page before ended, and as
    many before it as it takes."""
    slow = figure.behind == "slow"
    what = slow_places(targets.cycle) if slow else [figure.behind]
    sure = sa.func.sum(sa.case((_M.what.in_(_sure(targets)) if slow else sa.true(), _M.n), else_=0))
    counted = (
        sa.select(_M.day, sure)
        .where(*of_span(span), _M.member == span.member, _M.what.in_(what), _M.day <= newest)
        .group_by(_M.day)
        .order_by(_M.day.desc())
    )
    days: list[int] = []
    seen = 0
    for day, n in conn.execute(counted):
        days.append(int(day))
        seen += int(n) if day < newest else 0  # of the newest, some were on the page before
        if seen > limit:
            break
    return days


def _sure(targets: Targets) -> list[str]:
    """Places of the histogram in which every order took longer than the target."""
    ends = (0, *CYCLE_HOURS)
    return slow_places(min(h for h in (*ends, LONGER) if h >= targets.cycle))
