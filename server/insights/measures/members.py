"""A figure member by member, and members side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from server.auth.tables import person
from server.catalog.tables import item
from server.insights.measures.asking import costs_of, counted_by, targets_of
from server.insights.measures.behind import is_behind
from server.insights.measures.costs import Costs, made_of, priced
from server.insights.measures.figures import FIGURES, SCORES, Figure, Worth, worth
from server.insights.measures.parts import OF_WORK, Span, source
from server.insights.measures.reading import kept_of, readable, told
from server.insights.measures.rules import BOTH, both_of
from server.insights.measures.tables import measure, measured_order
from server.orders.tables import customer

MOST_MEMBERS = 200
MOST_CUSTOMERS = 50
CUSTOMER_DAYS = 31
"""Customers are told apart order by order: over so many days at most, the newest."""
_M, _O = measure.c, measured_order.c
Sums = dict[str, Counter[str]]


class Member(Struct, frozen=True):
    """`name`: where it has one besides."""

    member: str
    name: str
    worth: Worth


class Scores(Struct, frozen=True):
    member: str
    name: str
    scores: dict[str, Worth]


def told_over(conn: Any, span: Span, figure: Figure, of: str) -> Span:
    """The days over which members of the dimension `of` are told apart in that part of the site."""
    is_crossed = span.where and source(figure, span.dimensions | {of}) == "orders"
    return readable(conn, span) if is_crossed else span


def members(conn: Any, span: Span, figure: Figure, of: str) -> list[Member]:
    """Of the dimension `of`, over the days of `told_over`, those with the most to count first."""
    costs = costs_of(conn, span.site)
    made = made_of(figure.made_of, costs)
    sums = _sums(conn, span, figure, of, made)
    whole: Counter[str] = Counter()
    if of in figure.shared:
        whole = _whole(conn, span, figure, made)
    worths = {
        m: worth(figure, priced(c, costs), priced(whole or c, costs)) for m, c in sums.items()
    }
    most = sorted(worths.items(), key=lambda w: (-max(w[1].bottom, w[1].top), w[0]))
    if of in figure.shared:
        most = sorted(worths.items(), key=lambda w: (-w[1].top, w[0]))
    kept = [(m, w) for m, w in most if w.top or w.bottom][:MOST_MEMBERS]
    names = names_of(conn, of, [m for m, _ in kept])
    return [Member(m, names.get(m, ""), w) for m, w in kept]


def _sums(conn: Any, span: Span, figure: Figure, of: str, made: set[str]) -> Sums:
    if of == "customer" and not span.where:
        return _customers(conn, span, figure)
    if source(figure, span.dimensions | {of}) == "orders":
        return _read(conn, span, of)
    if span.where:
        return _of_both(conn, span, of, made)
    return counted_by(conn, span, of + figure.books, made)


def _whole(conn: Any, span: Span, figure: Figure, made: set[str]) -> Counter[str]:
    """What all members of a shared dimension stand against."""
    if not span.where:
        return counted_by(conn, span, figure.books, made)[""]
    found: Counter[str] = Counter()
    for kept in kept_of(conn, span):
        for _, what, n in told(span, kept):
            found[what] += n
    return found


def _read(conn: Any, span: Span, of: str) -> Sums:
    found: Sums = defaultdict(Counter)
    for kept in kept_of(conn, span):
        if of == "reason" and kept.state != "cancelled":
            continue
        member = getattr(kept, of) or ("none" if of == "reason" else "")
        if member:
            for _, what, n in told(span, kept):
                found[member][what] += n
    return found


def _of_both(conn: Any, span: Span, of: str, made: set[str]) -> Sums:
    """Persons of a zone, or zones of a person."""
    (other,) = OF_WORK - {of}
    given = span.member(other)
    known = choices(conn, span.site, of)
    both = {both_of(m, given) if of == "person" else both_of(given, m): m for m in known}
    sums = counted_by(conn, span, BOTH, made, both)
    return {both[name]: each for name, each in sums.items()}


def _customers(conn: Any, span: Span, figure: Figure) -> Sums:
    """Those with the most orders behind the figure; counted from the orders themselves."""
    newest = span.since(span.last - CUSTOMER_DAYS + 1)
    targets = targets_of(conn, span.site)
    bad = sa.func.count(sa.case((is_behind(figure.behind, targets), 1))).label("bad")
    these = sa.select(_O.customer).where(
        _O.site == span.site, _O.day.between(newest.first, newest.last)
    )
    ranked = these.where(_O.customer != "").group_by(_O.customer)
    top = ranked.order_by(bad.desc(), sa.func.count().desc(), _O.customer).limit(MOST_CUSTOMERS)
    found = {str(name): Counter[str]() for name in conn.execute(top).scalars()}
    for kept in kept_of(conn, newest, list(found)):
        for _, what, n in told(newest, kept):
            found[kept.customer][what] += n
    return found


def scores(conn: Any, span: Span, of: str) -> list[Scores]:
    """All members of a dimension side by side, those with the most deliveries first."""
    figures = [FIGURES[key] for key in SCORES]
    sums = counted_by(conn, span, of, made_of((w for f in figures for w in f.made_of), Costs()))
    most = sorted(sums, key=lambda m: (-sums[m]["delivered"], m))[:MOST_MEMBERS]
    names = names_of(conn, of, most)
    return [
        Scores(m, names.get(m, ""), {f.key: worth(f, sums[m], sums[m]) for f in figures})
        for m in most
    ]


def choices(conn: Any, site: str, dimension: str) -> list[str]:
    """All members that were ever counted, by their own order: from one to the next in the index,
    however many days there are of each."""
    here = (_M.site == site, _M.dimension == dimension)
    found: list[str] = []
    last = ""
    while len(found) < MOST_MEMBERS:
        after = sa.select(sa.func.min(_M.member)).where(*here, _M.member > last)
        last = conn.execute(after).scalar() or ""
        if not last:
            break
        found.append(last)
    return found


def names_of(conn: Any, dimension: str, ids: Iterable[str]) -> dict[str, str]:
    wanted = list(ids)
    named = {"person": (person.c.id, person.c.name), "customer": (customer.c.id, customer.c.name)}
    named["product"] = (item.c.sku, item.c.name)
    if dimension not in named or not wanted:
        return {}
    key, name = named[dimension]
    return {r[0]: r[1] for r in conn.execute(sa.select(key, name).where(key.in_(wanted)))}
