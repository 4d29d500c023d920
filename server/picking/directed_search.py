"""Iterated local search where the way there is not as long as the way back.

Each place to visit is one of one or two states (which way one comes through), and the matrix
holds the way from state to state. Moves: a segment of 1 to 3 elsewhere, and any stretch the
other way round, turned segments in their twin states; then random exchanges of neighbouring
segments, kept when the walk grows no longer. The budget is a number of kicks and the seed is
fixed: one input always gives one walk.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from random import Random

Matrix = Sequence[Sequence[int]]
Allowed = Callable[[Sequence[int]], bool]

_SEGMENT = 3
_KICK_SPAN = 16
_SEED = 20


def improve_directed(
    matrix: Matrix,
    twins: Sequence[int],
    tour: Sequence[int],
    kicks: int,
    allowed: Allowed | None = None,
) -> list[int]:
    """A walk at most as long as ``tour``, whose first and last state stay where they are.

    ``twins[state]`` is the same place the other way round, or the state itself. ``allowed``
    judges a whole walk: one that it refuses is never taken, and ``tour`` must pass it.
    """
    search = _Search(matrix, twins, list(tour), allowed)
    search.settle(range(1, len(tour) - 1))
    if len(tour) < 5:
        return search.tour
    random = Random(_SEED)  # noqa: S311 - a search, not a secret
    best, best_length = search.tour, search.length()
    for _ in range(kicks):
        search.renew(best)
        touched = search.kick(random)
        search.settle(touched)
        length = search.length()
        if length <= best_length:
            best, best_length = search.tour, length
    return best


class _Search:
    """``there[at]`` is the length of the walk up to a place, ``back[at]`` that of the same
    stretch walked the other way."""

    def __init__(
        self, matrix: Matrix, twins: Sequence[int], tour: list[int], allowed: Allowed | None
    ) -> None:
        self.matrix = matrix
        self.twins = twins
        self.allowed = allowed
        self.renew(tour)

    def take(self, tour: list[int]) -> bool:
        if self.allowed and not self.allowed(tour):
            return False
        self.renew(tour)
        return True

    def renew(self, tour: list[int]) -> None:
        matrix, twins = self.matrix, self.twins
        self.tour = tour
        self.there = list(accumulate((matrix[a][b] for a, b in pairwise(tour)), initial=0))
        turned = (matrix[twins[b]][twins[a]] for a, b in pairwise(tour))
        self.back = list(accumulate(turned, initial=0))

    def length(self) -> int:
        return self.there[-1]

    def kick(self, random: Random) -> range:
        """Exchange two neighbouring segments at random; the places that changed."""
        tour, size = self.tour, len(self.tour)
        first = random.randrange(1, max(2, size - _KICK_SPAN))
        span = range(first, min(size, first + _KICK_SPAN))
        one, two, three = sorted(random.sample(span, 3))
        if self.take(tour[:one] + tour[two:three] + tour[one:two] + tour[three:]):
            return range(one - 1, three + 1)
        return range(0)

    def settle(self, touched: Sequence[int]) -> None:
        """Improve until no place on the work list gains by any move."""
        work = deque(self.tour[at] for at in touched if 0 < at < len(self.tour) - 1)
        while work:
            state = work.popleft()
            at = self._find(state)
            moved = self._move(at) or self._turn(at)
            if moved:
                work.extend(other for other in moved if other not in work)
                work.append(self.tour[self._find(state)])

    def _find(self, state: int) -> int:
        tour = self.tour
        return tour.index(state) if state in tour else tour.index(self.twins[state])

    def _turn(self, at: int) -> list[int] | None:
        """Walk a stretch that begins or ends here the other way round."""
        last = len(self.tour) - 1
        stretches = [(at, end) for end in range(at + 1, last + 1)]
        stretches += [(first, at + 1) for first in range(1, at)]
        tour, matrix, twins, there, back = self.tour, self.matrix, self.twins, self.there, self.back
        for first, end in stretches:
            before, behind = tour[first - 1], tour[end]
            then = (
                matrix[before][twins[tour[end - 1]]]
                + back[end - 1] - back[first]
                + matrix[twins[tour[first]]][behind]
            )  # fmt: skip
            if then < there[end] - there[first - 1] and self.take(
                tour[:first] + self._turned(first, end) + tour[end:]
            ):
                return self._inner([before, *(self.tour[x] for x in {first, end - 1}), behind])
        return None

    def _turned(self, first: int, end: int) -> list[int]:
        return [self.twins[state] for state in reversed(self.tour[first:end])]

    def _move(self, at: int) -> list[int] | None:
        """Put a segment that begins or ends here to its best other place."""
        last = len(self.tour) - 1
        for length in range(1, _SEGMENT + 1):
            for first in (at, at - length + 1) if length > 1 else (at,):
                if first >= 1 and first + length <= last:
                    moved = self._move_segment(first, first + length)
                    if moved:
                        return moved
        return None

    def _move_segment(self, first: int, end: int) -> list[int] | None:
        tour, matrix, twins = self.tour, self.matrix, self.twins
        rest = tour[:first] + tour[end:]
        head, tail = tour[first], tour[end - 1]
        turned_head, turned_tail = twins[tail], twins[head]
        turned = self.back[end - 1] - self.back[first] - self.there[end - 1] + self.there[first]
        from_tail, from_turned = matrix[tail], matrix[turned_tail]
        saved = self.there[end] - self.there[first - 1] - matrix[tour[first - 1]][tour[end]]
        saved -= self.there[end - 1] - self.there[first]
        gains: list[tuple[int, int, bool]] = []
        has_turn = head != turned_head
        before = rest[0]
        for gap in range(1, len(rest)):
            row, behind = matrix[before], rest[gap]
            before = behind
            most = saved + row[behind]
            added = row[head] + from_tail[behind]
            if added < most:
                gains.append((added - most, gap, False))
            if has_turn:
                added = row[turned_head] + from_turned[behind] + turned
                if added < most:
                    gains.append((added - most, gap, True))
        for _, gap, turn in sorted(gains):
            segment = self._turned(first, end) if turn else tour[first:end]
            if self.take(rest[:gap] + segment + rest[gap:]):
                touched = [tour[first - 1], tour[end], rest[gap - 1], rest[gap], head, tail]
                return self._inner(touched)
        return None

    def _inner(self, states: Sequence[int]) -> list[int]:
        """Without the ends of the walk, which stay."""
        ends = (self.tour[0], self.tour[-1])
        return [state for state in states if state not in ends]
