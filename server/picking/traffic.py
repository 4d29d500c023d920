"""Ways on a floor with traffic rules: one-way aisles, and aisles where a cart cannot turn.

Cross aisles are open both ways and there one may turn. Whoever is in a ruled aisle's part
between two cross aisles goes on to the one that they head for. So the shortest way depends on
the heading at either end of it: up (1, front to back), down (-1), or 0 where one may turn.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from server.picking.geometry import Layout, Spot

Heading = Literal[-1, 0, 1]

NO_WAY = 10**9
"""Decimetres where no way leads: longer than any walk."""


_BOTH_WAYS: tuple[Heading, ...] = (0,)


class Pose(NamedTuple):
    """A point and which way the cart points there."""

    spot: Spot
    heading: Heading


class _End(NamedTuple):
    """A cross aisle that one can leave a part of an aisle for, or come in from."""

    cross: int
    length: int


class Traffic:
    """The ways of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.crosses = layout.crosses
        self.directions = layout.aisle_direction or _BOTH_WAYS * layout.aisles
        self.no_turn = frozenset(layout.no_turn)

    def headings(self, spot: Spot) -> tuple[Heading, ...]:
        """Which ways a cart may point here."""
        if spot.y in self.crosses:
            return (0,)
        if direction := self.directions[spot.aisle]:
            return (direction,)
        return (1, -1) if spot.aisle in self.no_turn else (0,)

    def poses(self, spot: Spot) -> list[Pose]:
        return [Pose(spot, heading) for heading in self.headings(spot)]

    def block(self, spot: Spot) -> int:
        """The block a point lies in; of a cross aisle the one behind it, or the last."""
        return min(bisect_right(self.crosses, spot.y), len(self.crosses) - 1) - 1

    def distance(self, one: Pose, other: Pose) -> int:
        """Decimetres of the shortest way that keeps the rules, or ``NO_WAY``."""
        by_cross_aisles = min(
            out.length + self._between(one.spot.aisle, out.cross, other.spot.aisle, into.cross)
            + into.length
            for out in self._ends(one.spot, one.heading, leaving=True)
            for into in self._ends(other.spot, other.heading, leaving=False)
        )  # fmt: skip
        return min(self._straight(one, other), by_cross_aisles)

    def walk_length(self, spots: Sequence[Spot]) -> int:
        """Decimetres of the shortest walk that meets these points in this order."""
        return self._best(spots)[0]

    def headed(self, spots: Sequence[Spot]) -> list[Pose]:
        """The same points with the headings of that walk."""
        return self._best(spots)[1]

    def _best(self, spots: Sequence[Spot]) -> tuple[int, list[Pose]]:
        best = {pose: (0, [pose]) for pose in self.poses(spots[0])}
        for spot in spots[1:]:
            best = {
                pose: min(
                    (length + self.distance(before, pose), [*walk, pose])
                    for before, (length, walk) in best.items()
                )
                for pose in self.poses(spot)
            }
        return min(best.values())

    def _straight(self, one: Pose, other: Pose) -> int:
        """Along the aisle without leaving its part."""
        if one.spot.aisle != other.spot.aisle or one.heading * other.heading < 0:
            return NO_WAY
        ahead = other.spot.y - one.spot.y
        if ahead and not self._one_part(one.spot, other.spot):
            return NO_WAY
        way = self.directions[one.spot.aisle] or one.heading or other.heading
        return abs(ahead) if ahead * way >= 0 else NO_WAY

    def _one_part(self, one: Spot, other: Spot) -> bool:
        low, high = sorted((one.y, other.y))
        return any(front <= low and high <= back for front, back in pairwise(self.crosses))

    def _ends(self, spot: Spot, heading: Heading, *, leaving: bool) -> list[_End]:
        """The cross aisles that one with this heading leaves for, or comes from."""
        if spot.y in self.crosses:
            return [_End(self.crosses.index(spot.y), 0)]
        block = self.block(spot)
        front = _End(block, spot.y - self.crosses[block])
        back = _End(block + 1, self.crosses[block + 1] - spot.y)
        if not heading:
            return [front, back]
        return [back if (heading == 1) == leaving else front]

    def _between(self, aisle: int, cross: int, to: int, to_cross: int) -> int:
        """Decimetres from one crossing to another: sideways, and up or down one aisle."""
        across = abs(aisle - to)
        if cross != to_cross:
            detour = self._detour(aisle, to, 1 if to_cross > cross else -1)
            if detour is None:
                return NO_WAY
            across += detour
        return across * self.layout.gap + abs(self.crosses[cross] - self.crosses[to_cross])

    def _detour(self, aisle: int, to: int, way: int) -> int | None:
        """Aisles to walk sideways and back for one that leads this way."""
        open_ones = self._up if way == 1 else self._down
        low, high = min(aisle, to), max(aisle, to)
        at = bisect_left(open_ones, low)
        if at < len(open_ones) and open_ones[at] <= high:
            return 0
        left = [low - open_ones[at - 1]] if at else []
        right = [open_ones[at] - high] if at < len(open_ones) else []
        return 2 * min(left + right) if left or right else None

    @cached_property
    def _up(self) -> list[int]:
        return list(self._open(1))

    @cached_property
    def _down(self) -> list[int]:
        return list(self._open(-1))

    def _open(self, way: int) -> Iterator[int]:
        return (aisle for aisle, is_way in enumerate(self.directions) if is_way in (0, way))
