"""Iterated local search for the shortest walk from a start past stops to an end.

2-opt and Or-opt (segments of 1 to 3, either way round) with neighbour lists and a work list,
then random double bridges of short segments, kept when the walk grows no longer. The budget is
a number of kicks and the seed is fixed, so that one input always gives one route, however busy
the machine. Sources: Bentley, "Fast algorithms for geometric traveling salesman problems", ORSA
J. Computing 4(4), 1992; Martin, Otto & Felten, Complex Systems 5(3), 1991.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

Matrix = Sequence[Sequence[int]]
Allowed = Callable[[Sequence[int]], bool]

_NEIGHBOURS = 10
_SEGMENT = 3
_KICK_SPAN = 30
_KICK_TRIES = 8
_SEED = 20


def tour_length(matrix: Matrix, tour: Sequence[int]) -> int:
    return sum(matrix[one][other] for one, other in pairwise(tour))


def improve(
    matrix: Matrix, tour: Sequence[int], kicks: int, allowed: Allowed | None = None
) -> list[int]:
    """A walk at most as long as ``tour``, whose first and last node stay where they are.

    ``matrix`` is symmetric, its indices are the nodes of ``tour``. ``allowed`` judges a whole
    walk: one that it refuses is never taken, and ``tour`` must pass it.
    """
    search = _Search(matrix, list(tour), allowed)
    search.settle(tour)
    if len(tour) < 6:
        return search.tour
    random = Random(_SEED)  # noqa: S311 - a search, not a secret
    best, best_length = search.tour, tour_length(matrix, search.tour)
    for _ in range(kicks):
        search.restore(best)
        search.settle(search.kick(random))
        length = tour_length(matrix, search.tour)
        if length <= best_length:
            best, best_length = search.tour, length
    return best


class _Search:
    """A walk under improvement. ``place[node]`` is where in ``tour`` a node stands."""

    def __init__(self, matrix: Matrix, tour: list[int], allowed: Allowed | None) -> None:
        self.matrix = matrix
        self.allowed = allowed
        self.near = [_nearest(row, node, tour) for node, row in enumerate(matrix)]
        self.place = [0] * len(matrix)
        self.tour = tour
        self.restore(tour)

    def restore(self, tour: list[int]) -> None:
        self.tour = tour
        for at, node in enumerate(tour):
            self.place[node] = at

    def kick(self, random: Random) -> list[int]:
        """Exchange two neighbouring segments at random; the nodes whose neighbours changed."""
        tour, size = self.tour, len(self.tour)
        first = random.randrange(1, max(2, size - _KICK_SPAN))
        span = range(first, min(size, first + _KICK_SPAN))
        for _ in range(_KICK_TRIES):
            one, two, three = sorted(random.sample(span, 3))
            if self._take(tour[:one] + tour[two:three] + tour[one:two] + tour[three:]):
                return [tour[at] for at in (one - 1, one, two - 1, two, three - 1, three)]
        return []

    def settle(self, touched: Sequence[int]) -> None:
        """Improve until no node on the work list gains by any move."""
        work, waiting = deque(touched), set(touched)
        while work:
            node = work.popleft()
            waiting.discard(node)
            while moved := self._two_opt(node) or self._or_opt(node):
                for other in moved:
                    if other not in waiting:
                        waiting.add(other)
                        work.append(other)

    def _take(self, tour: list[int]) -> bool:
        if self.allowed and not self.allowed(tour):
            return False
        self.restore(tour)
        return True

    def _two_opt(self, node: int) -> list[int] | None:
        """Reverse the stretch that replaces an edge of ``node`` by one to a near node."""
        tour, place, matrix = self.tour, self.place, self.matrix
        row, last = matrix[node], len(tour) - 1
        for step in (1, -1):
            at = place[node]
            if not 0 <= at + step <= last:
                continue
            beside = tour[at + step]
            for near in self.near[node]:
                gain = row[beside] - row[near]
                if gain <= 0:
                    break
                to = place[near]
                if not 0 <= to + step <= last:
                    continue
                other = tour[to + step]
                if gain + matrix[near][other] - matrix[beside][other] <= 0:
                    continue
                low, high = sorted((at, to))
                low, high = (low + 1, high) if step == 1 else (low, high - 1)
                if self._take(tour[:low] + tour[low : high + 1][::-1] + tour[high + 1 :]):
                    return [node, beside, near, other]
        return None

    def _or_opt(self, node: int) -> list[int] | None:
        """Move a segment that begins or ends with ``node`` beside one of its near nodes."""
        at, last = self.place[node], len(self.tour) - 1
        for length in range(1, _SEGMENT + 1):
            for first in {at, at - length + 1}:
                if (
                    first >= 1
                    and first + length <= last
                    and (moved := self._move(node, first, first + length))
                ):
                    return moved
        return None

    def _move(self, node: int, first: int, end: int) -> list[int] | None:
        """Move ``tour[first:end]`` so that ``node``, one end of it, stands beside a near node."""
        tour, place, matrix = self.tour, self.place, self.matrix
        before, behind = tour[first - 1], tour[end]
        tail = tour[end - 1] if tour[first] == node else tour[first]
        saved = matrix[before][tour[first]] + matrix[tour[end - 1]][behind] - matrix[before][behind]
        for near in self.near[node]:
            if saved <= matrix[node][near]:
                break
            to = place[near]
            if first <= to < end:
                continue
            for other_at in (to - 1, to + 1):
                if not 0 <= other_at < len(tour):
                    continue
                other = tour[other_at]
                if first <= other_at < end:
                    continue
                added = matrix[node][near] + matrix[tail][other] - matrix[near][other]
                if added < saved and self._put(node, first, end, to, other_at):
                    return [before, behind, node, tail, near, other]
        return None

    def _put(self, node: int, first: int, end: int, near_at: int, other_at: int) -> bool:
        """Put the segment between two neighbours, with ``node`` at the near one's side."""
        tour = self.tour
        segment = tour[first:end]
        if (segment[0] == node) != (near_at < other_at):
            segment.reverse()
        gap = max(near_at, other_at)
        if gap <= first:
            return self._take(tour[:gap] + segment + tour[gap:first] + tour[end:])
        return self._take(tour[:first] + tour[end:gap] + segment + tour[gap:])


def _nearest(row: Sequence[int], node: int, tour: Sequence[int]) -> list[int]:
    """The nodes nearest to ``node``, the lower number first where two are equally near."""
    return sorted((to for to in tour if to != node), key=lambda to: (row[to], to))[:_NEIGHBOURS]
