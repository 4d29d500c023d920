"""The floor as a picker walks it: a rectangle of parallel aisles between cross aisles.

Every length is a whole number of decimetres. Aisle ``a`` lies at x = a × gap; block ``b`` lies
between the cross aisles ``b`` and ``b`` + 1, and cross aisle 0 is the front. One walks on centre
lines: the side of a shelf, its level and a turn cost nothing.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Annotated, Literal, NamedTuple

import msgspec

Decimetres = Annotated[int, msgspec.Meta(ge=0, le=100_000)]
Index = Annotated[int, msgspec.Meta(ge=0, le=999)]


class Spot(NamedTuple):
    """A point on the centre line of an aisle: ``y`` decimetres behind the front cross aisle."""

    aisle: int
    y: int


class Crossing(msgspec.Struct, frozen=True):
    """Where an aisle meets a cross aisle: a depot, a drop-off; `name` as the floor calls it."""

    aisle: Index
    cross: Index
    name: Annotated[str, msgspec.Meta(max_length=39)] = ""


class Bin(msgspec.Struct, frozen=True):
    """A bin at the shelf: ``offset`` from the front end of its block, ``capacity`` in pieces
    (0: any number)."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=39)]
    aisle: Index
    block: Index
    offset: Decimetres
    side: Literal["L", "R"] = "L"
    level: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    zone: Annotated[str, msgspec.Meta(max_length=39)] = ""
    kind: Literal["pick", "bulk", "stage", "quarantine"] = "pick"
    capacity: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class Layout(msgspec.Struct, frozen=True):
    """One site's floor, as its layout file holds it.

    ``aisle_direction`` has one number for each aisle, or none at all: 1 only front to back, -1
    only back to front, 0 both ways. In the aisles of ``no_turn`` a cart that is in must go on to
    the next cross aisle. A walk starts at ``depot`` or one of ``depots``, and ends at ``dropoff``
    or one of ``dropoffs``, whichever is nearest; without any it ends where a walk may start.
    """

    aisles: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    gap: Decimetres
    block_lengths: Annotated[tuple[Decimetres, ...], msgspec.Meta(min_length=1, max_length=20)]
    depot: Crossing
    dropoff: Crossing | None = None
    bins: tuple[Bin, ...] = ()
    aisle_direction: tuple[Literal[-1, 0, 1], ...] = ()
    no_turn: tuple[Index, ...] = ()
    depots: tuple[Crossing, ...] = ()
    dropoffs: tuple[Crossing, ...] = ()

    @property
    def crosses(self) -> tuple[int, ...]:
        """The y of every cross aisle, front first."""
        return tuple(accumulate(self.block_lengths, initial=0))

    def at(self, aisle: int, block: int, offset: int) -> Spot:
        """The point ``offset`` behind the front end of a block."""
        return Spot(aisle, self.crosses[block] + offset)

    def crossing(self, where: Crossing) -> Spot:
        return Spot(where.aisle, self.crosses[where.cross])

    def bin_spot(self, shelf: Bin) -> Spot:
        return self.at(shelf.aisle, shelf.block, shelf.offset)

    def contains(self, spot: Spot) -> bool:
        return 0 <= spot.aisle < self.aisles and 0 <= spot.y <= sum(self.block_lengths)

    @property
    def start(self) -> Spot:
        return self.crossing(self.depot)

    @property
    def end(self) -> Spot:
        """Where picked goods are handed over: the drop-off, or the depot if there is none."""
        return self.crossing(self.dropoff or self.depot)

    @property
    def starts(self) -> tuple[Spot, ...]:
        """Every place where empty carts stand, the usual one first."""
        return tuple(self.crossing(where) for where in (self.depot, *self.depots))

    @property
    def ends(self) -> tuple[Spot, ...]:
        """Every place where picked goods are handed over, the usual one first."""
        named = (*([self.dropoff] if self.dropoff else ()), *self.dropoffs)
        return tuple(self.crossing(where) for where in named) or self.starts

    @property
    def is_free(self) -> bool:
        """May one walk and turn everywhere? Otherwise ``traffic`` knows the ways."""
        return not self.no_turn and not any(self.aisle_direction)

    def distance(self, one: Spot, other: Spot) -> int:
        """Decimetres of the shortest walk between two points on a free floor."""
        return distance(self.crosses, self.gap, one, other)


class LayoutProblem(NamedTuple):
    """What is wrong in a layout file: the field, its value, and what would mend it."""

    code: str
    field: str
    value: object
    mend: str


def distance(crosses: Sequence[int], gap: int, one: Spot, other: Spot) -> int:
    """As ``Layout.distance``, for callers that hold the cross aisles already.

    Between two aisles of one block the walk goes by whichever cross aisle is nearer to both.
    """
    low, high = (one.y, other.y) if one.y <= other.y else (other.y, one.y)
    if one.aisle == other.aisle:
        return high - low
    across = abs(one.aisle - other.aisle) * gap
    for front, back in pairwise(crosses):
        if front < low and high < back:
            return across + min(low + high - 2 * front, 2 * back - low - high)
    return across + high - low


def distances(layout: Layout, spots: Sequence[Spot]) -> list[list[int]]:
    """Decimetres between any two of these points."""
    crosses, gap = layout.crosses, layout.gap
    rows = [[0] * len(spots) for _ in spots]
    for at, one in enumerate(spots):
        for to in range(at):
            rows[at][to] = rows[to][at] = distance(crosses, gap, one, spots[to])
    return rows


def walk_length(layout: Layout, spots: Sequence[Spot]) -> int:
    """Decimetres of the walk that meets these points in this order."""
    crosses, gap = layout.crosses, layout.gap
    return sum(distance(crosses, gap, one, other) for one, other in pairwise(spots))


def layout_problems(layout: Layout) -> list[LayoutProblem]:
    """Everything in a layout that no picker could walk to; empty when it is sound."""
    return [*_crossing_problems(layout), *_traffic_problems(layout), *_bin_problems(layout)]


def _crossing_problems(layout: Layout) -> Iterator[LayoutProblem]:
    ends = {"depot": layout.depot, "dropoff": layout.dropoff}
    ends |= {f"depots[{at}]": where for at, where in enumerate(layout.depots)}
    ends |= {f"dropoffs[{at}]": where for at, where in enumerate(layout.dropoffs)}
    for name, where in ends.items():
        if where and where.aisle >= layout.aisles:
            yield _out_of_range(f"{name}.aisle", where.aisle, layout.aisles - 1)
        if where and where.cross > len(layout.block_lengths):
            yield _out_of_range(f"{name}.cross", where.cross, len(layout.block_lengths))
    if layout.aisles > 1 and not layout.gap:
        mend = "give the decimetres from the middle of one aisle to the middle of the next"
        yield LayoutProblem("layout.no_gap", "gap", layout.gap, mend)
    for at, length in enumerate(layout.block_lengths):
        if not length:
            mend = "give the block a length in decimetres, or leave it out"
            yield LayoutProblem("layout.empty_block", f"block_lengths[{at}]", length, mend)


def _traffic_problems(layout: Layout) -> Iterator[LayoutProblem]:
    directions = layout.aisle_direction
    if directions and len(directions) != layout.aisles:
        mend = f"give one direction for each of the {layout.aisles} aisles, or none at all"
        yield LayoutProblem(
            "layout.directions", "aisle_direction", f"{len(directions)} directions", mend
        )
    elif set(directions) in ({1}, {-1}):
        mend = "let at least one aisle lead back: the other way, or both ways (0)"
        yield LayoutProblem("layout.no_way_back", "aisle_direction", directions[0], mend)
    for at, aisle in enumerate(layout.no_turn):
        if aisle >= layout.aisles:
            yield _out_of_range(f"no_turn[{at}]", aisle, layout.aisles - 1)


def _bin_problems(layout: Layout) -> Iterator[LayoutProblem]:
    seen: set[str] = set()
    for at, shelf in enumerate(layout.bins):
        field = f"bins[{at}]"
        if shelf.code in seen:
            yield LayoutProblem(
                "layout.code_twice", f"{field}.code", shelf.code, "give each bin its own code"
            )
        seen.add(shelf.code)
        if shelf.aisle >= layout.aisles:
            yield _out_of_range(f"{field}.aisle", shelf.aisle, layout.aisles - 1)
        if shelf.block >= len(layout.block_lengths):
            yield _out_of_range(f"{field}.block", shelf.block, len(layout.block_lengths) - 1)
        elif shelf.offset > layout.block_lengths[shelf.block]:
            longest = layout.block_lengths[shelf.block]
            yield _out_of_range(f"{field}.offset", shelf.offset, longest)


def _out_of_range(field: str, value: int, largest: int) -> LayoutProblem:
    return LayoutProblem("layout.out_of_range", field, value, f"use 0 to {largest}")
