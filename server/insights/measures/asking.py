"""What a dashboard asks of the figures that are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from server.auth.tables import person
from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item
from server.insights.measures.behind import Span, is_behind, of_span, orders_of
from server.insights.measures.figures import (
    FIGURES,
    SCORES,
    Figure,
    Targets,
    Worth,
    within,
    worth,
)
from server.insights.measures.periods import By, start, starts
from server.insights.measures.rules import Kept, counted
from server.insights.measures.tables import measure, measured_order
from server.orders.tables import customer

SETTING = "targets"
MOST_MEMBERS = 200
MOST_CUSTOMERS = 50
CUSTOMER_DAYS = 31
"""Customers are told apart order by order: over so many days at most, the newest."""
shaped(SETTING, Targets)
_M, _O = measure.c, measured_order.c


class Shown(Struct, frozen=True, kw_only=True):
    """A figure over the whole time and by its periods. `median`, `most`: hours within which half
    and nine tenths of the orders were delivered, of the cycle time only."""

    key: str
    whole: Worth
    series: list[Worth]
    target: float | None
    median: float | None = None
    most: float | None = None


class Member(Struct, frozen=True):
    """`name`: where it has one besides."""

    member: str
    name: str
    worth: Worth


class Scores(Struct, frozen=True):
    member: str
    name: str
    scores: dict[str, Worth]


def targets_of(conn: Any, site: str) -> Targets:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), Targets)
    except msgspec.ValidationError:
        return Targets()


def shown(conn: Any, span: Span, by: By) -> tuple[list[int], list[Shown]]:
    """The first days of the periods, and every figure."""
    begins = starts(span.first, span.last, by)
    periods: dict[int, Counter[str]] = {day: Counter() for day in begins}
    whole: Counter[str] = Counter()
    for begin, told in _by_period(conn, span, by).items():
        periods[begin].update(told)
        whole.update(told)
    targets = targets_of(conn, span.site)
    return begins, [_shown(f, whole, list(periods.values()), targets) for f in FIGURES.values()]


def _shown(f: Figure, whole: Counter[str], parts: list[Counter[str]], targets: Targets) -> Shown:
    is_cycle = f.key == "cycle"
    return Shown(
        key=f.key,
        whole=worth(f, whole, whole),
        series=[worth(f, part, part) for part in parts],
        target=getattr(targets, f.key, None),
        median=within(whole, 0.5) if is_cycle else None,
        most=within(whole, 0.9) if is_cycle else None,
    )


def _by_period(conn: Any, span: Span, by: By) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    if span.dimension == "customer":
        for kept in _kept_of(conn, span, [span.member]):
            for day, what, n in counted(kept):
                if span.first <= day <= span.last:
                    found[start(day, by)][what] += n
        return found
    begins = _begins(span, by).label("begins")
    summed = sa.select(begins, _M.what, sa.func.sum(_M.n)).where(
        *of_span(span), _M.member == span.member
    )
    for begin, what, n in conn.execute(summed.group_by(sa.text("begins"), _M.what)):
        found[begin][what] = int(n)
    return found


def _begins(span: Span, by: By) -> Any:
    """The first day of the period that a row's day is in, told by the database."""
    if by == "day":
        return _M.day
    if by == "week":
        return _M.day - (_M.day + 3) % 7  # 1970 began on a Thursday
    begins = starts(span.first, span.last, by)
    until = [(_M.day < after, sa.literal(at)) for at, after in pairwise(begins)]
    return sa.case(*until, else_=sa.literal(begins[-1])) if until else sa.literal(begins[-1])


def _kept_of(conn: Any, span: Span, customers: list[str]) -> Iterable[Kept]:
    """Their orders that are counted on one of the days."""
    columns = [_O[name] for name in Kept.__struct_fields__]
    days = (_O.day.between(span.first, span.last), _O.placed_day.between(span.first, span.last))
    found = sa.select(*columns).where(_O.order_id.in_(orders_of(customers)), sa.or_(*days))
    return (Kept(**r) for r in conn.execute(found.where(_O.site == span.site)).mappings())


def members(conn: Any, span: Span, figure: Figure) -> list[Member]:
    """Of `span.dimension`, those with the most to count first."""
    if span.dimension == "customer":
        told = _customers(conn, span, figure)
    else:
        told = _counted(conn, span, figure.made_of)
    whole: Counter[str] = Counter()
    if span.dimension in figure.shared:
        whole = _counted(conn, Span(span.site, span.first, span.last), figure.made_of)[""]
    worths = {m: worth(figure, c, whole or c) for m, c in told.items()}
    most = sorted(worths.items(), key=lambda w: (-max(w[1].bottom, w[1].top), w[0]))
    if span.dimension in figure.shared:
        most = sorted(worths.items(), key=lambda w: (-w[1].top, w[0]))
    kept = [(m, w) for m, w in most if w.top or w.bottom][:MOST_MEMBERS]
    names = _names(conn, span.dimension, [m for m, _ in kept])
    return [Member(m, names.get(m, ""), w) for m, w in kept]


def scores(conn: Any, span: Span) -> list[Scores]:
    """All members of a dimension side by side, those with the most deliveries first."""
    figures = [FIGURES[key] for key in SCORES]
    told = _counted(conn, span, {what for f in figures for what in f.made_of})
    most = sorted(told, key=lambda m: (-told[m]["delivered"], m))[:MOST_MEMBERS]
    names = _names(conn, span.dimension, most)
    return [
        Scores(m, names.get(m, ""), {f.key: worth(f, told[m], told[m]) for f in figures})
        for m in most
    ]


def _counted(conn: Any, span: Span, made_of: Iterable[str]) -> dict[str, Counter[str]]:
    summed = sa.select(_M.member, _M.what, sa.func.sum(_M.n).label("n"))
    wanted = summed.where(*of_span(span), _M.what.in_(sorted(made_of)))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for r in conn.execute(wanted.group_by(_M.member, _M.what)):
        found[r.member][r.what] = int(r.n)
    return found


def _customers(conn: Any, span: Span, figure: Figure) -> dict[str, Counter[str]]:
    """Those with the most orders behind the figure; counted from the orders themselves."""
    first = max(span.first, span.last - CUSTOMER_DAYS + 1)
    targets = targets_of(conn, span.site)
    bad = sa.func.count(sa.case((is_behind(figure.behind, targets), 1))).label("bad")
    these = sa.select(_O.customer).where(_O.site == span.site, _O.day.between(first, span.last))
    ranked = these.where(_O.customer != "").group_by(_O.customer)
    top = ranked.order_by(bad.desc(), sa.func.count().desc(), _O.customer).limit(MOST_CUSTOMERS)
    found = {str(name): Counter[str]() for name in conn.execute(top).scalars()}
    newest = Span(span.site, first, span.last)
    for kept in _kept_of(conn, newest, list(found)):
        for day, what, n in counted(kept):
            if first <= day <= span.last:
                found[kept.customer][what] += n
    return found


def _names(conn: Any, dimension: str, ids: list[str]) -> dict[str, str]:
    named = {"person": (person.c.id, person.c.name), "customer": (customer.c.id, customer.c.name)}
    named["product"] = (item.c.sku, item.c.name)
    if dimension not in named or not ids:
        return {}
    key, name = named[dimension]
    return {r[0]: r[1] for r in conn.execute(sa.select(key, name).where(key.in_(ids)))}
