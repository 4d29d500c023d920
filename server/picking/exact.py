"""The shortest walk through a floor of few blocks, proven, by dynamic programming.

A walk from start to end uses each piece of an aisle or cross aisle never, once or twice. Such a
choice is a walk exactly if it holds together, touches every stop, and meets every point an even
number of times, start and end (where they differ) an odd number. The programme goes through the
aisles from left to right and keeps, of all choices so far, the cheapest for each state: which
crossings of the present aisle are touched, how often (even or odd), and which of them already
hang together. For one block these are the states of Ratliff & Rosenthal, "Order-picking in a
rectangular warehouse", Operations Research 31(3), 1983; for more those of Cambazard & Catusse,
"Fixed-parameter algorithms for rectilinear Steiner tree and rectilinear traveling salesman
problem in the plane", European Journal of Operational Research 270(2), 2018.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

from server.picking.geometry import Layout, Spot, walk_length

MOST_BLOCKS = 3
"""More blocks have thousands of states: seconds instead of milliseconds. Only those count that
lie between the frontmost and the hindmost point of a task."""

State = tuple[int, ...]
"""One number for each crossing of the aisle, front first: 0 where the walk is not, otherwise
twice the number of its connected part (1, 2, … in order of appearance), plus 1 if it has met
the crossing an odd number of times."""


class Shape(NamedTuple):
    """How an aisle's part in one block looks from outside: passes at its front end, at its back
    end, and whether these hang together inside."""

    front: int
    back: int
    linked: bool


class Choice(NamedTuple):
    """How often each piece of an aisle's part is walked, from front to back."""

    shape: Shape
    length: int
    passes: tuple[int, ...]


class Lane(NamedTuple):
    """One decision: how to walk an aisle's part in a block."""

    aisle: int
    block: int
    choices: list[Choice]


class Across(NamedTuple):
    """One decision: which cross aisles to walk from this aisle to the next, and how often."""

    aisle: int


class Step(NamedTuple):
    """The cheapest way into a state: from which, walking these pieces how often."""

    length: int
    before: State
    passes: tuple[int, ...]


Stage = dict[State, Step]


def blocks_between(layout: Layout, points: Sequence[Spot]) -> int:
    """How many blocks a task past these points, start and end among them, has to do with."""
    return len(_crosses_between(layout, points)) - 1


def shortest_order(
    layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot], bound: int
) -> list[int] | None:
    """Indices of ``stops`` in the order of a shortest walk from ``start`` past all to ``end``.

    None: every walk is longer than ``bound`` decimetres. The tighter that is, the sooner the
    programme ends. With more than ``MOST_BLOCKS`` it would take seconds.
    """
    points = [start, *stops, end]
    if len({spot.aisle for spot in points}) == 1:
        order = _along_one_aisle(start, end, stops)
        walk = [start, *(stops[at] for at in order), end]
        return order if walk_length(layout, walk) <= bound else None
    floor = _Floor(_crosses_between(layout, points), layout.gap, points)
    stages = _stages(floor, bound)
    whole = _cheapest_end(stages[-1])
    if whole is None:
        return None
    tour = _walk(_links(floor, stages, whole), start, end)
    first = {spot: at for at, spot in reversed(list(enumerate(tour)))}
    return sorted(range(len(stops)), key=lambda stop: (first[stops[stop]], stop))


def _along_one_aisle(start: Spot, end: Spot, stops: Sequence[Spot]) -> list[int]:
    """Away from the end as far as any stop, then past it, then back to it."""
    up = start.y <= end.y
    first = [at for at, stop in enumerate(stops) if (stop.y < start.y) == up and stop != start]
    rest = [at for at in range(len(stops)) if at not in first]
    first.sort(key=lambda at: stops[at].y, reverse=up)
    rest.sort(key=lambda at: stops[at].y, reverse=not up)
    return first + rest


def _crosses_between(layout: Layout, points: Sequence[Spot]) -> tuple[int, ...]:
    """The cross aisles worth walking: none lies beyond one that lies beyond all points."""
    crosses = layout.crosses
    low, high = min(point.y for point in points), max(point.y for point in points)
    return crosses[bisect_right(crosses, low) - 1 : bisect_left(crosses, high) + 1]


class _Floor:
    """The points to touch, by aisle, and which of them are met an odd number of times."""

    def __init__(self, crosses: Sequence[int], gap: int, points: Sequence[Spot]) -> None:
        self.crosses = crosses
        self.gap = gap
        self.odd = {points[0]} ^ {points[-1]}
        self.ys: dict[int, list[int]] = defaultdict(list)
        for aisle, y in sorted(set(points)):
            self.ys[aisle].append(y)
        self.decisions = list(self._decisions())

    def _decisions(self) -> Iterator[Lane | Across]:
        first, last = min(self.ys), max(self.ys)
        for aisle in range(first, last + 1):
            if aisle > first:
                yield Across(aisle - 1)
            for block in range(len(self.crosses) - 1):
                yield Lane(aisle, block, self.choices(aisle, block))

    def least(self, decision: Lane | Across) -> int:
        """What this decision costs at least: whoever crosses over comes back, but for the end."""
        if isinstance(decision, Lane):
            return min(choice.length for choice in decision.choices)
        ends_left = sum(spot.aisle <= decision.aisle for spot in self.odd)
        return self.gap * (1 if ends_left == 1 else 2)

    def lane(self, aisle: int, block: int) -> list[int]:
        """The ends of an aisle's part in a block and the points between them."""
        front, back = self.crosses[block], self.crosses[block + 1]
        ys = self.ys.get(aisle, [])
        inside = ys[bisect_left(ys, front + 1) : bisect_left(ys, back)]
        return [front, *inside, back]

    def choices(self, aisle: int, block: int) -> list[Choice]:
        """The cheapest way to touch the points of an aisle's part, for each shape."""
        ys = self.lane(aisle, block)
        lengths = [high - low for low, high in pairwise(ys)]
        turns = [Spot(aisle, y) in self.odd for y in ys[1:-1]]
        best: dict[Shape, Choice] = {}
        for passes in _passes(turns):
            length = sum(times * piece for times, piece in zip(passes, lengths, strict=True))
            shape = Shape(passes[0], passes[-1], 0 not in passes)
            if shape not in best or length < best[shape].length:
                best[shape] = Choice(shape, length, passes)
        return list(best.values())

    def pieces(self, decision: Lane | Across) -> list[tuple[Spot, Spot]]:
        """The pieces of floor that this decision is about, as their two ends."""
        aisle = decision.aisle
        if isinstance(decision, Lane):
            return list(pairwise(Spot(aisle, y) for y in self.lane(aisle, decision.block)))
        return [(Spot(aisle, y), Spot(aisle + 1, y)) for y in self.crosses]

    def touched(self, aisle: int, state: State) -> State:
        """The state with the crossings of this aisle that the walk must meet."""
        for cross, y in enumerate(self.crosses):
            if y in self.ys.get(aisle, ()):
                state = _touched(state, cross, Spot(aisle, y) in self.odd)
        return state


def _passes(turns: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """How often to walk each piece between an aisle's ends and points: a point where the walk
    starts or ends changes even into odd; at most one even piece is left out, or the points
    between two such would hang on nothing."""
    for odd in (False, True):
        passes = [1 if odd else 2]
        for turn in turns:
            passes.append(3 - passes[-1] if turn else passes[-1])
        yield tuple(passes)
        for at, times in enumerate(passes):
            if times == 2:
                yield (*passes[:at], 0, *passes[at + 1 :])


def _stages(floor: _Floor, bound: int) -> list[Stage]:
    """The cheapest step into each state after each decision.

    A state is dropped when even the least that is still to walk makes it longer than ``bound``.
    """
    first = floor.touched(min(floor.ys), (0,) * len(floor.crosses))
    stages: list[Stage] = [{first: Step(0, first, ())}]
    rest = sum(map(floor.least, floor.decisions))
    for decision in floor.decisions:
        rest -= floor.least(decision)
        if isinstance(decision, Lane):
            stages.append(_along(stages[-1], decision, bound - rest))
        else:
            stages.append(_across(stages[-1], floor, decision.aisle + 1, bound - rest))
    return stages


def _along(stage: Stage, lane: Lane, bound: int) -> Stage:
    after: Stage = {}
    for shape, length, passes in lane.choices:
        joined = _joined_by(lane.block, shape)
        for state, step in stage.items():
            total = step.length + length
            if total > bound:
                continue
            to = joined.get(state) or joined.setdefault(state, _joined(state, lane.block, shape))
            if to not in after or total < after[to].length:
                after[to] = Step(total, state, passes)
    return after


def _across(stage: Stage, floor: _Floor, aisle: int, bound: int) -> Stage:
    """As ``_along``, to this next aisle, whose crossings may have to be touched."""
    after: Stage = {}
    for state, step in stage.items():
        for carried, passes, count in _carried(state):
            total = step.length + count * floor.gap
            if total > bound:
                continue
            to = floor.touched(aisle, carried)
            if to not in after or total < after[to].length:
                after[to] = Step(total, state, passes)
    return after


@cache
def _joined_by(_block: int, _shape: Shape) -> dict[State, State]:
    """What ``_joined`` has worked out so far; there are few thousand states in all."""
    return {}


def _joined(state: State, block: int, shape: Shape) -> State:
    """The state after walking an aisle's part in this block."""
    if shape.front:
        state = _touched(state, block, shape.front == 1)
    if shape.back:
        state = _touched(state, block + 1, shape.back == 1)
    if not shape.linked:
        return state
    keep, gone = state[block] // 2, state[block + 1] // 2
    return _numbered([2 * keep + mark % 2 if mark // 2 == gone else mark for mark in state])


@cache
def _touched(state: State, cross: int, odd: bool) -> State:
    marks = list(state)
    marks[cross] = (marks[cross] or 2 * (len(state) + 1)) ^ odd
    return _numbered(marks)


@cache
def _carried(state: State) -> list[tuple[State, tuple[int, ...], int]]:
    """Every way to cross to the next aisle that leaves this one's crossings even and no part of
    the walk behind: the state there, passes in each cross aisle, and their sum."""
    ways = []
    for passes in product(*[(1,) if mark % 2 else (0, 2) if mark else (0,) for mark in state]):
        marks = [
            (mark & ~1) + times % 2 if times else 0
            for mark, times in zip(state, passes, strict=True)
        ]
        if {mark // 2 for mark in marks if mark} == {mark // 2 for mark in state if mark}:
            ways.append((_numbered(marks), passes, sum(passes)))
    return ways


def _numbered(marks: Sequence[int]) -> State:
    """The same state with its parts numbered in order of appearance."""
    numbers: dict[int, int] = {}
    return tuple(
        2 * numbers.setdefault(mark // 2, len(numbers) + 1) + mark % 2 if mark else 0
        for mark in marks
    )


Links = dict[Spot, list[Spot]]


def _links(floor: _Floor, stages: Sequence[Stage], state: State) -> Links:
    """The pieces of the walk that ends in this state, each as often as it is walked, from both
    its ends."""
    links: Links = defaultdict(list)
    for decision, stage in zip(reversed(floor.decisions), reversed(stages), strict=False):
        step = stage[state]
        for (one, other), times in zip(floor.pieces(decision), step.passes, strict=True):
            _link(links, one, other, times)
        state = step.before
    return links


def _cheapest_end(stage: Stage) -> State | None:
    """Of the states that are a walk (all in one part, every crossing even) the cheapest."""
    whole = [state for state in stage if set(state) <= {0, 2}]
    return min(whole, key=lambda state: stage[state].length, default=None)


def _link(links: Links, one: Spot, other: Spot, times: int) -> None:
    links[one] += [other] * times
    links[other] += [one] * times


def _walk(links: Links, start: Spot, end: Spot) -> list[Spot]:
    """Every piece once, in one go from ``start`` to ``end`` (Hierholzer)."""
    for spots in links.values():
        spots.sort(reverse=True)
    trail, walk = [end], []
    while trail:
        here = trail[-1]
        if links[here]:
            to = links[here].pop()
            links[to].remove(here)
            trail.append(to)
        else:
            walk.append(trail.pop())
    if walk[0] != start:
        raise AssertionError("the walk does not begin at its start")
    return walk
