"""Which part of the site is asked about, and from what it can be told. Pure.

Every figure is kept by each of its dimensions alone, and work by person and zone at once. Two
dimensions of orders are crossed by reading the orders themselves, some thousands at most.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from server.insights.measures.figures import Figure
from server.insights.measures.rules import BOTH, both_of

OF_WORK = frozenset({"person", "zone"})
AN_ORDER_HAS = frozenset({"carrier", "destination", "channel", "customer", "reason"})
COUNTED_ALONE = frozenset({"returns"})
"""Figures that no single order tells: these are counted on the day of something else."""
MOST_LOOKED_AT, MOST_READ = 40_000, 8_000
"""Orders that a crossed question goes past, and that it counts: some 200 ms."""
Where = tuple[tuple[str, str], ...]
Source = Literal["kept", "orders", ""]


class Span(Struct, frozen=True):
    """Days, both included. `where`: dimensions and their members, by name; none: all of it."""

    site: str
    first: int
    last: int
    where: Where = ()

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.where)

    def member(self, dimension: str) -> str:
        return dict(self.where)[dimension]

    def without(self, dimensions: Iterable[str]) -> "Span":
        rest = tuple((name, m) for name, m in self.where if name not in dimensions)
        return Span(self.site, self.first, self.last, rest)

    def since(self, day: int) -> "Span":
        return Span(self.site, max(day, self.first), self.last, self.where)


def kept_as(where: Where) -> tuple[str, str] | None:
    """Dimension and member under which just this is kept."""
    if not where:
        return "", ""
    if len(where) == 1 and where[0][0] != "customer":
        return where[0]
    if {name for name, _ in where} == OF_WORK:
        members = dict(where)
        return BOTH, both_of(members["person"], members["zone"])
    return None


def source(figure: Figure, dimensions: frozenset[str]) -> Source:
    """From what a figure is told of members of all these dimensions; empty: from nothing."""
    if not dimensions <= set(figure.by):
        return ""
    if dimensions == OF_WORK or len(dimensions - {"customer"}) == len(dimensions) < 2:
        return "kept"
    can_be_read = dimensions <= AN_ORDER_HAS and figure.key not in COUNTED_ALONE
    return "orders" if can_be_read else ""


def lacks(figure: Figure, dimensions: frozenset[str]) -> list[str]:
    """The dimensions because of which there is no such figure: those that it does not know, or
    all, where it only knows each alone."""
    if source(figure, dimensions):
        return []
    return sorted(dimensions - set(figure.by) or dimensions)


def since(whole: Mapping[int, int], parts: Iterable[Mapping[int, int]]) -> int | None:
    """The first day from which on the orders can be read, the newest one at least; None where
    all of them can. `whole`, `parts`: orders by day, of the site and of each member."""
    parts = list(parts)
    looked_at = read = 0
    for day in sorted(whole, reverse=True):
        looked_at += whole[day]
        read += min((part.get(day, 0) for part in parts), default=0)
        if looked_at > MOST_LOOKED_AT or read > MOST_READ:
            return min(day + 1, max(whole))
    return None
