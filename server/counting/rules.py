"""What a count means for the books, and which bins are due for one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

import msgspec

Verdict = Literal["match", "correct", "again", "decided"]
Class = Literal["A", "B", "C"]
DAY_MS = 86_400_000


class Tolerance(msgspec.Struct, frozen=True):
    """A difference up to the greater of both is booked after one count."""

    pieces: int = 0
    percent: float = 2.0


class Every(msgspec.Struct, frozen=True):
    """Days between two counts of a bin, by the class of what lies in it."""

    A: int = 30
    B: int = 90
    C: int = 365


def judge(book: int, counted: int, first: int | None, tolerance: Tolerance) -> Verdict:
    """`first`: what somebody else counted before, where this is the second count.

    match    the books are right
    correct  the books follow the count
    again    too far off: somebody else counts once more
    decided  two people counted, and differently: the books follow the second, a person looks
    """
    if first is not None:
        return "correct" if counted in (first, book) else "decided"
    if counted == book:
        return "match"
    allowed = max(tolerance.pieces, int(book * tolerance.percent / 100))
    return "correct" if abs(counted - book) <= allowed else "again"


def classes(pace: Mapping[str, int]) -> dict[str, Class]:
    """A: the fastest goods that make four fifths of all pieces picked; B: up to 95 %; C: the rest.

    The usual ABC split of cycle counting by movement.
    """
    ranked = sorted((s for s in pace if pace[s] > 0), key=lambda s: (-pace[s], s))
    total = sum(pace[s] for s in ranked)
    before = [0, *accumulate(pace[s] for s in ranked)]
    return {s: _class(b / total) for s, b in zip(ranked, before, strict=False)}


def _class(share_before: float) -> Class:
    if share_before < 0.8:
        return "A"
    return "B" if share_before < 0.95 else "C"


@dataclass(frozen=True, slots=True)
class Shelf:
    """`counted_at`: ms, 0 for never."""

    bin: str
    skus: frozenset[str]
    counted_at: int


def due(
    shelves: Iterable[Shelf], classed: Mapping[str, Class], every: Every, now: int, most: int
) -> list[str]:
    """Bins whose count is overdue, the most overdue first (by share of their interval)."""
    late: list[tuple[float, str]] = []
    for shelf in shelves:
        days = min((getattr(every, classed.get(s, "C")) for s in shelf.skus), default=every.C)
        overdue = (now - shelf.counted_at) / (days * DAY_MS)
        if overdue >= 1:
            late.append((-overdue, shelf.bin))
    return [bin_code for _, bin_code in sorted(late)[:most]]
