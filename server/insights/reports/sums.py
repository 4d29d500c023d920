"""Where sub-totals stand among the rows that they add up. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.insights.reports.table import Sum

Row = list[Any]
Found = Mapping[int, Sequence[Row]]
"""By how many groups, the rows of a grouping by them."""


def placed(rows: Sequence[Row], found: Found) -> list[Sum]:
    """After the last row of each group, from the innermost out; a group of one row needs none. One
    whose last rows were left out has its own all the same: it adds up those too."""
    if not rows:
        return []
    of = {(depth, *row[:depth]): row for depth, some in found.items() for row in some}
    return [
        Sum(at, depth, of[key])
        for at, row in enumerate(rows)
        for depth in _ending(rows, at, found)
        if (key := (depth, *row[:depth])) in of
    ]


def _ending(rows: Sequence[Row], at: int, found: Found) -> Iterator[int]:
    """Which groups of several rows end with this one; everything with the last."""
    last = at + 1 == len(rows)
    for depth in sorted(found, reverse=True):
        here = rows[at][:depth]
        several = at > 0 and rows[at - 1][:depth] == here
        if (last or rows[at + 1][:depth] != here) and (several or depth == 0):
            yield depth
