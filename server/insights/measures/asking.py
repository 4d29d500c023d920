"""What a dashboard asks of the figures that are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.insights.measures.costs import Costs, priced
from server.insights.measures.figures import FIGURES, Figure, Targets, Worth, within, worth
from server.insights.measures.parts import Span, kept_as, lacks, source
from server.insights.measures.periods import By, start, starts
from server.insights.measures.reading import kept_of, readable, told
from server.insights.measures.rules import MONEY
from server.insights.measures.tables import measure

TARGETS, COSTS = "targets", "costs"
shaped(TARGETS, Targets)
shaped(COSTS, Costs)
NOTHING = Worth(None, 0, 0)
_M = measure.c
Periods = dict[int, Counter[str]]


class Shown(Struct, frozen=True, kw_only=True):
    """A figure over the whole time and by its periods. `median`, `most`: hours within which half
    and nine tenths of the orders were delivered, of the cycle time only. `lacks`: the dimensions
    because of which there is nothing to tell."""

    key: str
    whole: Worth
    series: list[Worth]
    target: float | None
    median: float | None = None
    most: float | None = None
    lacks: list[str] = []


def targets_of(conn: Any, site: str) -> Targets:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, TARGETS, {}), Targets)
    except msgspec.ValidationError:
        return Targets()


def costs_of(conn: Any, site: str) -> Costs:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, COSTS, {}), Costs)
    except msgspec.ValidationError:
        return Costs()


def narrowed(conn: Any, span: Span) -> Span:
    """The days over which some figure can be told of it."""
    of = {source(f, span.dimensions) for f in FIGURES.values()}
    return readable(conn, span) if "orders" in of else span


def shown(
    conn: Any, span: Span, by: By, figures: Iterable[Figure]
) -> tuple[list[int], list[Shown]]:
    """The first days of the periods, and every figure."""
    asked = _Asked(conn, by, starts(span.first, span.last, by), costs_of(conn, span.site))
    targets = targets_of(conn, span.site)
    return asked.begins, [asked.shown(f, span, getattr(targets, f.key, None)) for f in figures]


@dataclass
class _Asked:
    """What figures share is asked for once."""

    conn: Any
    by: By
    begins: list[int]
    costs: Costs
    known: dict[Span, Periods] = field(default_factory=dict)

    def shown(self, f: Figure, span: Span, target: float | None) -> Shown:
        if without := lacks(f, span.dimensions):
            nothing = [NOTHING] * len(self.begins)
            return Shown(key=f.key, whole=NOTHING, series=nothing, target=target, lacks=without)
        tops, bottoms = self._sums(span), self._sums(span.without(f.shared))
        whole, total = _total(tops), _total(bottoms)
        is_cycle = f.key == "cycle"
        return Shown(
            key=f.key,
            whole=self._worth(f, whole, total),
            series=[self._worth(f, tops[day], bottoms[day]) for day in self.begins],
            target=target,
            median=within(whole, 0.5) if is_cycle else None,
            most=within(whole, 0.9) if is_cycle else None,
        )

    def _worth(self, f: Figure, top: Counter[str], bottom: Counter[str]) -> Worth:
        return worth(f, priced(top, self.costs), priced(bottom, self.costs))

    def _sums(self, span: Span) -> Periods:
        if span not in self.known:
            found: Periods = {day: Counter() for day in self.begins}
            for begin, what, n in _by_period(self.conn, span, self.by):
                found[begin][what] += n
            self.known[span] = found
        return self.known[span]


def _total(periods: Periods) -> Counter[str]:
    total: Counter[str] = Counter()
    for told_then in periods.values():
        total.update(told_then)
    return total


def _by_period(conn: Any, span: Span, by: By) -> Iterator[tuple[int, str, int]]:
    kept = kept_as(span.where)
    if kept is None:
        for order in kept_of(conn, span):
            for day, what, n in told(span, order):
                yield start(day, by), what, n
        return
    dimension, member = kept
    begins = _begins(span, by).label("begins")
    summed = sa.select(begins, _M.what, sa.func.sum(_M.n)).where(
        _M.site == span.site,
        _M.dimension.in_((dimension, dimension + MONEY)),
        _M.member == member,
        _M.day.between(span.first, span.last),
    )
    for begin, what, n in conn.execute(summed.group_by(sa.text("begins"), _M.what)):
        yield begin, what, int(n)


def _begins(span: Span, by: By) -> Any:
    """The first day of the period that a row's day is in, told by the database."""
    if by == "day":
        return _M.day
    if by == "week":
        return _M.day - (_M.day + 3) % 7  # 1970 began on a Thursday
    begins = starts(span.first, span.last, by)
    until = [(_M.day < after, sa.literal(at)) for at, after in pairwise(begins)]
    return sa.case(*until, else_=sa.literal(begins[-1])) if until else sa.literal(begins[-1])


def counted_by(
    conn: Any,
    span: Span,
    dimension: str,
    made_of: Iterable[str],
    members: Iterable[str] | None = None,
) -> dict[str, Counter[str]]:
    """By member what is kept of it over the days of `span`, whatever part that is of; of
    `members`: those alone."""
    summed = sa.select(_M.member, _M.what, sa.func.sum(_M.n).label("n")).where(
        _M.site == span.site,
        _M.dimension == dimension,
        _M.day.between(span.first, span.last),
        _M.what.in_(sorted(made_of)),
    )
    if members is not None:
        summed = summed.where(_M.member.in_(sorted(members)))
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for r in conn.execute(summed.group_by(_M.member, _M.what)):
        found[r.member][r.what] = int(r.n)
    return found
