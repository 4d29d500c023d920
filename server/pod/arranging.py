"""Orders of calls made by hand-sized steps: put in, moved, and why not. Pure, exact by trying."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from server.pod.journeys import Van, Visit, Ways, fits

Rows = dict[str, list[str]]
"""By van the visits in order."""

NotWhy = Literal["weight", "parcels", "window", "shift", "full", "no_time"]
"""Why an order is left out: too heavy for any van, too many parcels, its window cannot be reached,
the way is longer than a shift, the vans are full, or there is no time left between the others."""


class Board:
    """What there is to arrange, by name."""

    def __init__(self, vans: Sequence[Van], visits: Sequence[Visit], ways: Ways) -> None:
        self.vans = {van.id: van for van in vans}
        self.visits = {visit.id: visit for visit in visits}
        self.ways = ways

    def fits(self, van: str, order: Sequence[str]) -> bool:
        return fits(self.vans[van], [self.visits[v] for v in order], self.ways)

    def metres(self, van: str, order: Sequence[str]) -> int:
        """A van that calls nowhere stays where it is, and a way home is only driven from a call."""
        if not order:
            return 0
        stops = [self.vans[van].start, *(self.visits[v].place for v in order), self.vans[van].end]
        return sum(self.ways.metres(a, b) for a, b in pairwise(stops))

    def all_metres(self, rows: Mapping[str, Sequence[str]]) -> int:
        return sum(self.metres(van, order) for van, order in rows.items())

    def is_good(self, rows: Mapping[str, Sequence[str]]) -> bool:
        return all(self.fits(van, order) for van, order in rows.items())


def cheapest_place(board: Board, rows: Rows, visit: str) -> tuple[int, str, int] | None:
    """Metres more, van and index where a visit costs least; None where it fits nowhere."""
    best: tuple[int, str, int] | None = None
    for van, order in rows.items():
        now = board.metres(van, order)
        for at in range(len(order) + 1):
            longer = [*order[:at], visit, *order[at:]]
            more = board.metres(van, longer) - now
            if (best is None or more < best[0]) and board.fits(van, longer):
                best = more, van, at
    return best


def with_all_that_fit(board: Board, rows: Rows, visits: Sequence[str]) -> Rows:
    """Each of `visits` where it costs least, the worthiest first; the others stay as they are."""
    made = {van: list(order) for van, order in rows.items()}
    for visit in sorted(visits, key=lambda v: (-board.visits[v].worth, v)):
        if place := cheapest_place(board, made, visit):
            _, van, at = place
            made[van].insert(at, visit)
    return made


def one_moved(rows: Rows) -> Iterator[Rows]:
    """Every arrangement in which one visit stands elsewhere."""
    for van, order in rows.items():
        for visit in order:
            without = {**rows, van: [v for v in order if v != visit]}
            for to, there in without.items():
                for at in range(len(there) + 1):
                    made = [*there[:at], visit, *there[at:]]
                    if to != van or made != order:
                        yield {**without, to: made}


def moved(before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]) -> list[str]:
    """Who has to stand elsewhere: all but the longest part that keeps its van and its order."""
    stay: set[str] = set()
    for van, order in before.items():
        stay |= _longest_kept(order, after.get(van, ()))
    known = {v for order in before.values() for v in order}
    return sorted({v for order in after.values() for v in order if v in known} - stay)


def _longest_kept(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The longest common subsequence: small lists, so by the book."""
    best = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            if before[i] == after[j]:
                best[i][j] = best[i + 1][j + 1] + 1
            else:
                best[i][j] = max(best[i + 1][j], best[i][j + 1])
    kept, i, j = set(), 0, 0
    while i < len(before) and j < len(after):
        if before[i] == after[j]:
            kept.add(before[i])
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return kept


def why_not(board: Board, rows: Mapping[str, Sequence[str]], visit: str) -> NotWhy:
    """The plainest reason why this one is left out of these rows."""
    it = board.visits[visit]
    vans = [van for van in board.vans.values() if it.aboard in ("", van.id)]
    if all(it.weight_g > van.weight_g for van in vans):
        return "weight"
    if all(it.parcels > van.parcels for van in vans):
        return "parcels"
    if all(_too_late(board, van, it) for van in vans):
        return "window"
    if not any(board.fits(van.id, [visit]) for van in vans):
        return "shift"
    return "full" if all(_is_full(board, rows, van, it) for van in vans) else "no_time"


def _too_late(board: Board, van: Van, it: Visit) -> bool:
    first = max(van.leaves + board.ways.seconds(van.start, it.place), it.opens)
    return first > it.closes or it.opens > van.back


def _is_full(board: Board, rows: Mapping[str, Sequence[str]], van: Van, it: Visit) -> bool:
    aboard = [board.visits[v] for v in rows.get(van.id, ())]
    return (
        sum(v.weight_g for v in aboard) + it.weight_g > van.weight_g
        or sum(v.parcels for v in aboard) + it.parcels > van.parcels
    )
