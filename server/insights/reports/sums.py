"""Where sub-totals stand among the rows that they add up. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.insights.reports.table import Sum

Row = list[Any]
Found = Mapping[int, Sequence[Row]]
"""By how many groups, the rows of a grouping by them."""


def placed(rows: Sequence[Row], found: Found) -> list[Sum]:
    """After the last row of each group, from the innermost out. A group whose last rows were left
    out has its own all the same: it adds up those too."""
    if not rows:
        return []
    of = {(depth, *row[:depth]): row for depth, some in found.items() for row in some}
    return [
        Sum(at, depth, of[key])
        for at, row in enumerate(rows)
        for depth in _ending(row, rows[at + 1] if at + 1 < len(rows) else None, found)
        if (key := (depth, *row[:depth])) in of
    ]


def _ending(row: Row, following: Row | None, found: Found) -> Iterator[int]:
    """Which groups end with this row."""
    for depth in sorted(found, reverse=True):
        if following is None or row[:depth] != following[:depth]:
            yield depth
