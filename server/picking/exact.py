"""The shortest walk through a floor of few blocks, proven, by dynamic programming.

A walk from start to end uses each piece of an aisle or cross aisle never, once or twice. Such a
choice is a walk exactly if it holds together, touches every stop, and meets every point an even
number of times, start and end (where they differ) an odd number. The programme goes through the
aisles from left to right and keeps, of all choices so far, the cheapest for each state of the
present aisle's crossings (``states``). For one block these are the states of Ratliff &
Rosenthal, "Order-picking in a rectangular warehouse", Operations Research 31(3), 1983; for more
those of Cambazard & Catusse, "Fixed-parameter algorithms for rectilinear Steiner tree and
rectilinear traveling salesman problem in the plane", European Journal of Operational Research
270(2), 2018. Aisles without a point are passed by: a walk in one could as well be shifted to
the next aisle on one side or the other.

Every cost is the length in decimetres times ``SCALE``, plus the trouble of the walk: of the
equally short walks the one with the fewest U-turns, then with the fewest visits of aisles.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from server.picking.geometry import Layout, Spot, walk_length
from server.picking.states import Shape, States, states
from server.picking.trouble import Trouble, trouble

MOST_BLOCKS = 3
"""More blocks have thousands of states: seconds instead of milliseconds. Only those count that
lie between the frontmost and the hindmost point of a task."""

SCALE = 1 << 20
"""One decimetre as a cost."""
_U_TURN = 1 << 10
_VISIT = 1


class Choice(NamedTuple):
    """How often each piece of an aisle's part is walked, from front to back."""

    shape: Shape
    cost: int
    passes: tuple[int, ...]


class Lane(NamedTuple):
    """One decision: how to walk an aisle's part in a block."""

    aisle: int
    block: int
    choices: tuple[Choice, ...]


class Across(NamedTuple):
    """One decision: which cross aisles to walk from this aisle to another, and how often."""

    aisle: int
    to: int


Stage = dict[int, int]
"""The cheapest cost of each state reached."""


def blocks_between(layout: Layout, points: Sequence[Spot]) -> int:
    """How many blocks a task past these points, start and end among them, has to do with."""
    return len(crosses_between(layout, points)) - 1


def shortest_length(layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot]) -> int:
    """Decimetres of the shortest walk from ``start`` past all stops to ``end``.

    For at most ``MOST_BLOCKS`` blocks between the points.
    """
    points = [start, *stops, end]
    if len({spot.aisle for spot in points}) == 1:
        order = _along_one_aisle(start, end, stops)
        return walk_length(layout, [start, *(stops[at] for at in order), end])
    floor = Floor(layout, points, {start} ^ {end})
    stage = floor.begin()
    for decision in floor.decisions:
        stage = floor.step(stage, decision)
    whole = floor.cheapest_end(stage)
    if whole is None:
        raise AssertionError("every task has a walk")
    return stage[whole] // SCALE


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
    floor = Floor(layout, points, {start} ^ {end})
    stages = _stages(floor, (bound + 1) * SCALE - 1)
    whole = floor.cheapest_end(stages[-1])
    if whole is None:
        return None
    tour = _walk(_links(floor, stages, whole), start, end)
    return min(
        _orders(tour, stops), key=lambda order: _trouble_of(layout, start, end, stops, order)
    )


def _orders(tour: Sequence[Spot], stops: Sequence[Spot]) -> Iterator[list[int]]:
    """Each stop where the tour first comes to it, or last; and a closed tour the other way."""
    for way in (tour, tour[::-1]) if tour[0] == tour[-1] else (tour,):
        last = {spot: at for at, spot in enumerate(way)}
        first = {spot: at for at, spot in reversed(list(enumerate(way)))}
        for met in (first, last):
            yield sorted(range(len(stops)), key=lambda stop: (met[stops[stop]], stop))


def _trouble_of(
    layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot], order: Sequence[int]
) -> Trouble:
    return trouble(layout, [start, *(stops[at] for at in order), end])


def _along_one_aisle(start: Spot, end: Spot, stops: Sequence[Spot]) -> list[int]:
    """Away from the end as far as any stop, then past it, then back to it."""
    up = start.y <= end.y
    first = [at for at, stop in enumerate(stops) if (stop.y < start.y) == up and stop != start]
    rest = [at for at in range(len(stops)) if at not in first]
    first.sort(key=lambda at: stops[at].y, reverse=up)
    rest.sort(key=lambda at: stops[at].y, reverse=not up)
    return first + rest


def crosses_between(layout: Layout, points: Sequence[Spot]) -> tuple[int, ...]:
    """The cross aisles worth walking: none lies beyond one that lies beyond all points."""
    crosses = layout.crosses
    ys = [point.y for point in points]
    return crosses[bisect_right(crosses, min(ys)) - 1 : bisect_left(crosses, max(ys)) + 1]


class Floor:
    """The points to touch, by aisle, and which of them are met an odd number of times.

    The points ``beside`` need not be touched, but their aisles are not passed by.
    """

    def __init__(
        self, layout: Layout, points: Sequence[Spot], odd: Set[Spot], beside: Sequence[Spot] = ()
    ) -> None:
        self.crosses = crosses_between(layout, [*points, *beside])
        self.gap = layout.gap
        self.odd = odd
        self.states: States = states(len(self.crosses))
        self.ys: dict[int, list[int]] = {}
        for aisle in sorted({spot.aisle for spot in (*points, *beside)}):
            self.ys[aisle] = sorted({spot.y for spot in points if spot.aisle == aisle})
        self.decisions = list(self._decisions())

    def _decisions(self) -> Iterator[Lane | Across]:
        before: int | None = None
        for aisle in self.ys:
            if before is not None:
                yield Across(before, aisle)
            for block in range(len(self.crosses) - 1):
                yield Lane(aisle, block, self._choices(aisle, block))
            before = aisle

    def _choices(self, aisle: int, block: int) -> tuple[Choice, ...]:
        front, *ys, back = self.lane(aisle, block)
        turns = tuple(y - front for y in ys if Spot(aisle, y) in self.odd)
        return lane_choices(back - front, tuple(y - front for y in ys), turns)

    def lane(self, aisle: int, block: int) -> list[int]:
        """The ends of an aisle's part in a block and the points between them."""
        front, back = self.crosses[block], self.crosses[block + 1]
        ys = self.ys[aisle]
        inside = ys[bisect_left(ys, front + 1) : bisect_left(ys, back)]
        return [front, *inside, back]

    def begin(self) -> Stage:
        return {self.meet(next(iter(self.ys)), 0): 0}

    def step(self, stage: Stage, decision: Lane | Across, most: int | None = None) -> Stage:
        """The stage after this decision; what costs more than ``most`` is dropped."""
        if isinstance(decision, Lane):
            after = self._along(stage, decision)
        else:
            after = self._across(stage, decision)
        if most is None:
            return after
        return {state: cost for state, cost in after.items() if cost <= most}

    def _along(self, stage: Stage, lane: Lane) -> Stage:
        after: Stage = {}
        known = after.get
        items = list(stage.items())
        for shape, cost, _ in lane.choices:
            joined = self.states.joined(lane.block, shape)
            for state, so_far in items:
                total = so_far + cost
                to = joined[state]
                best = known(to)
                if best is None or total < best:
                    after[to] = total
        return after

    def _across(self, stage: Stage, across: Across) -> Stage:
        """To another aisle, whose crossings may have to be touched."""
        after: Stage = {}
        known = after.get
        width = self.width(across)
        meets = self.meetings(across.to)
        for state, so_far in stage.items():
            for carried, _, times in self.states.carried(state):
                total = so_far + times * width
                to = carried
                for meet in meets:
                    to = meet[to]
                best = known(to)
                if best is None or total < best:
                    after[to] = total
        return after

    def width(self, across: Across) -> int:
        """The cost of one pass."""
        return (across.to - across.aisle) * self.gap * SCALE

    def meetings(self, aisle: int) -> list[dict[int, int]]:
        ys = self.ys[aisle]
        return [
            self.states.touched(cross, odd=Spot(aisle, y) in self.odd)
            for cross, y in enumerate(self.crosses)
            if y in ys
        ]

    def meet(self, aisle: int, state: int) -> int:
        for meet in self.meetings(aisle):
            state = meet[state]
        return state

    def least(self, decision: Lane | Across) -> int:
        """What this decision costs at least: whoever crosses over comes back, but for the end."""
        if isinstance(decision, Lane):
            return min(choice.cost for choice in decision.choices)
        ends_left = sum(spot.aisle <= decision.aisle for spot in self.odd)
        return self.width(decision) * (1 if ends_left == 1 else 2)

    def cheapest_end(self, stage: Stage) -> int | None:
        """Of the states that are a walk the cheapest."""
        whole = [state for state in stage if self.states.is_whole(state)]
        return min(whole, key=lambda state: stage[state], default=None)

    def pieces(self, decision: Lane | Across) -> list[tuple[Spot, Spot]]:
        """The pieces of floor that this decision is about, as their two ends."""
        aisle = decision.aisle
        if isinstance(decision, Lane):
            return list(pairwise(Spot(aisle, y) for y in self.lane(aisle, decision.block)))
        return [(Spot(aisle, y), Spot(decision.to, y)) for y in self.crosses]

    def back(self, before: Stage, decision: Lane | Across, to: int, cost: int) -> "_Step":
        """A step of this decision that leads to the state at this cost."""
        if isinstance(decision, Lane):
            for shape, extra, passes in decision.choices:
                joined = self.states.joined(decision.block, shape)
                for state, so_far in before.items():
                    if so_far + extra == cost and joined[state] == to:
                        return _Step(state, passes)
        else:
            width = self.width(decision)
            for state, so_far in before.items():
                for carry in self.states.carried(state):
                    met = self.meet(decision.to, carry.to)
                    if met == to and so_far + carry.times * width == cost:
                        return _Step(state, carry.passes)
        raise AssertionError("every state is reached from one before")


class _Step(NamedTuple):
    before: int
    passes: tuple[int, ...]


@lru_cache(maxsize=1 << 16)
def lane_choices(length: int, ys: tuple[int, ...], turns: tuple[int, ...]) -> tuple[Choice, ...]:
    """The cheapest way to touch the points ``ys`` of an aisle's part, for each shape.

    At ``turns`` the walk begins or ends. Kept by profile: carts of one wave share most of them.
    """
    lengths = [high - low for low, high in pairwise((0, *ys, length))]
    best: dict[Shape, Choice] = {}
    for passes in _passes([y in turns for y in ys]):
        walked = sum(times * piece for times, piece in zip(passes, lengths, strict=True))
        cost = walked * SCALE + _trouble(passes)
        shape = Shape(passes[0], passes[-1], 0 not in passes)
        if shape not in best or cost < best[shape].cost:
            best[shape] = Choice(shape, cost, passes)
    return tuple(best.values())


def _trouble(passes: Sequence[int]) -> int:
    """What walking an aisle's part so costs beyond its length: one turns round where a piece
    walked there and back meets one left out, and visits what is walked on either side of it."""
    turns = sum({one, other} == {0, 2} for one, other in pairwise(passes))
    visits = (passes[0] > 0) + (passes[-1] > 0) if 0 in passes else 1
    return turns * _U_TURN + visits * _VISIT


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


def _stages(floor: Floor, bound: int) -> list[Stage]:
    """The cheapest cost of each state after each decision.

    A state is dropped when even the least that is still to walk makes it dearer than ``bound``.
    """
    stages: list[Stage] = [floor.begin()]
    rest = sum(map(floor.least, floor.decisions))
    for decision in floor.decisions:
        rest -= floor.least(decision)
        stages.append(floor.step(stages[-1], decision, bound - rest))
    return stages


Links = dict[Spot, list[Spot]]


def _links(floor: Floor, stages: Sequence[Stage], state: int) -> Links:
    """The pieces of the walk that ends in this state, each as often as it is walked, from both
    its ends."""
    links: Links = defaultdict(list)
    for at in range(len(floor.decisions) - 1, -1, -1):
        decision = floor.decisions[at]
        step = floor.back(stages[at], decision, state, stages[at + 1][state])
        for (one, other), times in zip(floor.pieces(decision), step.passes, strict=True):
            _link(links, one, other, times)
        state = step.before
    return links


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
