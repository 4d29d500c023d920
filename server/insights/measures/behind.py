"""The orders behind a figure: those to look at, found only on days on which there is one."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from server.insights.measures.asking import costs_of, targets_of
from server.insights.measures.costs import Costs, made_of, priced
from server.insights.measures.figures import Figure, Targets, slow_places, worth
from server.insights.measures.parts import Span, kept_as
from server.insights.measures.reading import is_of, readable
from server.insights.measures.rules import (
    CYCLE_HOURS,
    DELIVERED,
    LONGER,
    MINUTE_MS,
    Kept,
    costed,
)
from server.insights.measures.tables import measure, measured_order
from server.orders.tables import orders

_M, _O = measure.c, measured_order.c
_KEPT = Kept.__struct_fields__
_MEANS = {"placed": "received"}
"""What is counted of the orders that a figure calls so, where that has another name."""


class Behind(Struct, frozen=True, kw_only=True):
    """An order behind a figure; ms. `worth`: what the figure is of this order alone, where it is
    one of work or money."""

    id: str
    number: str
    customer_name: str
    state: str
    placed_at: int
    due_at: int
    ended_at: int
    destination: str
    carrier: str
    worth: float | None = None


class Orders(Struct, frozen=True):
    """`more`: where the next page begins, empty after the last."""

    orders: list[Behind]
    more: str


def is_behind(name: str, targets: Targets) -> Any:
    """Whether an order is one of those that a figure calls `name`; every order is behind none."""
    came = _O.state.in_(sorted(DELIVERED))
    too_long = (int(targets.cycle * 60) + 1) * MINUTE_MS  # counted in whole minutes
    rules = {
        "": _O.state != "",
        "placed": sa.true(),
        "delivered": came,
        "slow": sa.and_(came, _O.placed_at > 0, _O.ended_at - _O.placed_at >= too_long),
        "incomplete": _O.state.not_in(("", "delivered")),
        "late": sa.and_(came, _O.due_at > 0, _O.ended_at > _O.due_at),
        "complaints": sa.and_(came, _O.complaints > 0),
        "faulty": sa.or_(_O.mistakes > 0, _O.complaints > 0),
        "unhappy": sa.and_(came, _O.courtesy.between(1, 3)),
        "cancelled": _O.state == "cancelled",
        "worked": sa.and_(_O.state != "", _O.work_ms > 0),
        "brought": came,
        "valued": sa.and_(_O.state == "delivered", _O.currency != ""),
    }
    return rules[name]


def behind(conn: Any, span: Span, figure: Figure, after: str, limit: int) -> Orders:
    """The newest first. `after`: what the page before said under `more`."""
    at, _, last = after.partition(":")
    newest = int(at) if at else span.last
    counts_on = _O.placed_day if figure.behind == "placed" else _O.day
    targets, costs = targets_of(conn, span.site), costs_of(conn, span.site)
    o = orders.c
    found = (
        sa.select(o.id, o.number, o.customer_name, counts_on.label("on"), o.state.label("now"))
        .add_columns(*(_O[c] for c in _KEPT))
        .join(orders, o.id == _O.order_id)
        .where(
            _O.site == span.site,
            is_behind(figure.behind, targets),
            *is_of(span),
            _days(conn, span, figure, targets, costs, counts_on, newest, limit),
        )
        .order_by(counts_on.desc(), _O.order_id.desc())
        .limit(limit + 1)
    )
    if after:
        found = found.where(sa.or_(counts_on < newest, _O.order_id < last))
    rows = conn.execute(found).mappings().all()
    page = [_behind(r, figure, costs) for r in rows[:limit]]
    more = f"{rows[limit - 1]['on']}:{page[-1].id}" if len(rows) > limit else ""
    return Orders(page, more)


def _behind(r: Any, figure: Figure, costs: Costs) -> Behind:
    kept = Kept(**{name: r[name] for name in _KEPT})
    told = {f: r[f] for f in Behind.__struct_fields__ if f != "worth"}
    told["state"] = kept.state or r["now"]
    return Behind(**told, worth=_worth(kept, figure, costs) if figure.books else None)


def _worth(kept: Kept, figure: Figure, costs: Costs) -> float | None:
    counts: Counter[str] = Counter()
    for what, n in costed(kept):
        counts[what] += n
    told = priced(counts, costs)
    return worth(figure, told, told).value


def _days(
    conn: Any,
    span: Span,
    figure: Figure,
    targets: Targets,
    costs: Costs,
    counts_on: Any,
    newest: int,
    limit: int,
) -> Any:
    """Where nothing is kept of that part of the site, the days that its figure is counted over."""
    kept = kept_as(span.where)
    if kept is None:
        first = readable(conn, span).first
        return counts_on.between(first, min(span.last, newest))
    return counts_on.in_(_kept_days(conn, span, kept, figure, targets, costs, newest, limit))


def _kept_days(
    conn: Any,
    span: Span,
    kept: tuple[str, str],
    figure: Figure,
    targets: Targets,
    costs: Costs,
    newest: int,
    limit: int,
) -> list[int]:
    """The newest days that hold a page's orders: the day on which the page before ended, and as
    many before it as it takes."""
    slow = figure.behind == "slow"
    named = _MEANS.get(figure.behind, figure.behind)
    what = slow_places(targets.cycle) if slow else sorted(made_of([named], costs))
    sure = sa.func.sum(sa.case((_M.what.in_(_sure(targets)) if slow else sa.true(), _M.n), else_=0))
    counted = (
        sa.select(_M.day, sure)
        .where(
            _M.site == span.site,
            _M.dimension == kept[0] + figure.books,
            _M.member == kept[1],
            _M.what.in_(what),
            _M.day.between(span.first, newest),
        )
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
