"""Routing policies a picker can follow by heart, for any number of blocks.

Each turns stops into a walk: the points to pass, in order, with the stop picked at each (or
none, where the walk only turns a corner). All begin with the aisle nearest to the start that
has a stop, go up it to the farthest block with stops, and come back block by block.

Source: Roodbergen & de Koster, "Routing methods for warehouses with multiple cross aisles",
International Journal of Production Research 39(9), 2001; Hall, IIE Transactions 25(4), 1993.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from server.picking.geometry import Layout, Spot, distance


class Point(NamedTuple):
    """One point of a walk, with the index of the stop picked there, if any."""

    spot: Spot
    stop: int | None = None


class Lane(NamedTuple):
    """One aisle's part in one block, with its stops from front to back."""

    aisle: int
    front: int
    back: int
    stops: tuple[Point, ...]

    @property
    def front_end(self) -> Point:
        return Point(Spot(self.aisle, self.front))

    @property
    def back_end(self) -> Point:
        return Point(Spot(self.aisle, self.back))

    def up(self) -> list[Point]:
        return [self.front_end, *self.stops, self.back_end]

    def down(self) -> list[Point]:
        return self.up()[::-1]

    def from_front(self, stops: Sequence[Point]) -> list[Point]:
        """In from the front and out again; nothing when there is nothing to fetch."""
        return [self.front_end, *stops, self.front_end] if stops else []

    def from_back(self, stops: Sequence[Point]) -> list[Point]:
        return [self.back_end, *reversed(stops), self.back_end] if stops else []

    def at_largest_gap(self) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
        """Stops before and behind the longest stretch without any (the first such)."""
        ys = [point.spot.y for point in self.up()]
        gaps = [high - low for low, high in pairwise(ys)]
        cut = gaps.index(max(gaps))
        return self.stops[:cut], self.stops[cut:]


BlockWalk = Callable[[Sequence[Lane], bool], list[Point]]
"""Walks lanes in this order, from the front (True) or the back (False), and ends in front."""


def _s_shape(lanes: Sequence[Lane], in_front: bool) -> list[Point]:
    """Through every lane; the last one in and out if that is needed to end in front."""
    walk: list[Point] = []
    for lane in lanes[:-1]:
        walk += lane.up() if in_front else lane.down()
        in_front = not in_front
    last = lanes[-1]
    return walk + (last.from_front(last.stops) if in_front else last.down())


def _return(lanes: Sequence[Lane], in_front: bool) -> list[Point]:
    """Into every lane and out at the same end; the last one down, when the walk is behind."""
    if in_front:
        return [point for lane in lanes for point in lane.from_front(lane.stops)]
    walk = [point for lane in lanes[:-1] for point in lane.from_back(lane.stops)]
    return walk + lanes[-1].down()


def _largest_gap(lanes: Sequence[Lane], in_front: bool) -> list[Point]:
    """Round the block: every lane from both ends as far as its largest gap."""
    first, last = lanes[0], lanes[-1]
    if len(lanes) == 1:
        return first.from_front(first.stops) if in_front else first.down()
    walk = first.up() if in_front else []
    middle = lanes[in_front:-1]
    for lane in middle:
        walk += lane.from_back(lane.at_largest_gap()[1])
    walk += last.down()
    for lane in reversed(middle):
        walk += lane.from_front(lane.at_largest_gap()[0])
    return walk


def _combined(lanes: Sequence[Lane], in_front: bool) -> list[Point]:
    """Each lane through or in and out, whichever leaves the shortest walk: a small programme
    over "the walk is now in front" and "behind"."""
    front: tuple[int, list[Point]] | None = (0, []) if in_front else None
    back: tuple[int, list[Point]] | None = None if in_front else (0, [])
    for lane in lanes:
        ys = [point.spot.y for point in lane.stops]
        depth, height = 2 * (ys[-1] - lane.front), 2 * (lane.back - ys[0])
        through = lane.back - lane.front
        front, back = (
            _shorter(_then(front, depth, lane.from_front(lane.stops)),
                     _then(back, through, lane.down())),
            _shorter(_then(back, height, lane.from_back(lane.stops)),
                     _then(front, through, lane.up())),
        )  # fmt: skip
    return front[1] if front else []


_Part = tuple[int, list[Point]] | None


def _then(part: _Part, length: int, walk: list[Point]) -> _Part:
    return (part[0] + length, part[1] + walk) if part else None


def _shorter(one: _Part, other: _Part) -> _Part:
    """The shorter part; in and out of one lane rather than through it when they are equal."""
    if one is None or other is None:
        return one or other
    return one if one[0] <= other[0] else other


BLOCK_WALKS: Mapping[str, BlockWalk] = {
    "s_shape": _s_shape,
    "return": _return,
    "largest_gap": _largest_gap,
    "combined": _combined,
}


def policy_walk(layout: Layout, start: Spot, stops: Sequence[Spot], policy: str) -> list[Point]:
    """The walk of one of ``BLOCK_WALKS`` past every stop, without its start and end.

    From a start in the back half of the floor the same walk is made with front and back
    exchanged. A start inside the floor skips the way up.
    """
    height = layout.crosses[-1]
    if 2 * start.y <= height:
        return _walk(layout.crosses, start, stops, BLOCK_WALKS[policy])
    flipped = [Spot(stop.aisle, height - stop.y) for stop in stops]
    crosses = tuple(height - y for y in reversed(layout.crosses))
    walk = _walk(crosses, Spot(start.aisle, height - start.y), flipped, BLOCK_WALKS[policy])
    return [Point(Spot(spot.aisle, height - spot.y), stop) for spot, stop in walk]


def policy_order(layout: Layout, start: Spot, stops: Sequence[Spot], policy: str) -> list[int]:
    """Indices of the stops in the order of one of ``BLOCK_WALKS``, or of ``nearest``."""
    if policy == "nearest":
        walk = nearest_walk(layout, start, stops)
    else:
        walk = policy_walk(layout, start, stops, policy)
    return [point.stop for point in walk if point.stop is not None]


def nearest_walk(layout: Layout, start: Spot, stops: Sequence[Spot]) -> list[Point]:
    """Always to the nearest stop left; the first of the equally near."""
    crosses, gap = layout.crosses, layout.gap
    left = [Point(spot, at) for at, spot in enumerate(stops)]
    walk: list[Point] = []
    here = start
    while left:
        point = min(left, key=lambda to: distance(crosses, gap, here, to.spot))
        left.remove(point)
        walk.append(point)
        here = point.spot
    return walk


def _walk(
    crosses: Sequence[int], start: Spot, stops: Sequence[Spot], block_walk: BlockWalk
) -> list[Point]:
    blocks = _lanes(crosses, stops)
    if not blocks:
        return []
    walk: list[Point] = []
    farthest = max(blocks)
    if start.y == crosses[0]:
        walk = _way_up(blocks, _from_near(_aisles(blocks.values()), start.aisle)[0], farthest)
        walk.append(Point(Spot(walk[0].spot.aisle, crosses[farthest])))
    aisle, in_front = (walk[-1].spot.aisle if walk else start.aisle), True
    for block in range(farthest, -1, -1):
        lanes = blocks.get(block)
        if lanes:
            order = _from_near(sorted(lanes), aisle)
            walk += block_walk([lanes[at] for at in order], in_front)
        else:
            walk.append(Point(Spot(aisle, crosses[block])))
        aisle, in_front = walk[-1].spot.aisle, False
    return walk


_Blocks = dict[int, dict[int, Lane]]


def _lanes(crosses: Sequence[int], stops: Sequence[Spot]) -> _Blocks:
    """Lanes with stops by block and aisle; a stop in a cross aisle belongs to the block behind
    it, or to the last block."""
    found: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for at, spot in enumerate(stops):
        block = max(b for b in range(len(crosses) - 1) if b == 0 or crosses[b] <= spot.y)
        found[block, spot.aisle].append(Point(spot, at))
    blocks: _Blocks = defaultdict(dict)
    for (block, aisle), points in found.items():
        points.sort(key=lambda point: point.spot.y)
        blocks[block][aisle] = Lane(aisle, crosses[block], crosses[block + 1], tuple(points))
    return blocks


def _way_up(blocks: _Blocks, aisle: int, farthest: int) -> list[Point]:
    """Up one aisle to the front of the farthest block; its stops below are taken along."""
    walk = [Point(Spot(aisle, 0))]
    for block in range(farthest):
        lane = blocks.get(block, {}).pop(aisle, None)
        walk += lane.stops if lane else ()
    return walk


def _aisles(blocks: Iterable[Mapping[int, Lane]]) -> list[int]:
    return sorted({aisle for lanes in blocks for aisle in lanes})


def _from_near(aisles: Sequence[int], here: int) -> Sequence[int]:
    """These aisles from the end nearer to ``here``; from the left when both are equally near."""
    return aisles if abs(aisles[0] - here) <= abs(aisles[-1] - here) else aisles[::-1]
