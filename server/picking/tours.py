"""The lengths of many carts' tours at once, for those who build batches.

The programme of ``exact``, for closed tours from the depot, done in step for a whole row of
carts: in each aisle one table of what may follow from what, applied to all of them together.
Of a thousand carts each takes a microsecond, a hundredth of what one alone does.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.picking.exact import MOST_BLOCKS
from server.picking.geometry import Layout, Spot
from server.picking.point_sets import Needs, Orders, Points, PointSets
from server.picking.routes import Stop, route
from server.picking.states import Shape, States, states

_SHAPES = (
    Shape(0, 0, linked=False),
    Shape(1, 1, linked=True),
    Shape(2, 2, linked=True),
    Shape(2, 0, linked=False),
    Shape(0, 2, linked=False),
    Shape(2, 2, linked=False),
)
"""The ways to walk an aisle's part on a closed tour."""
_NEVER = np.inf
_MOST_CARTS = 4000
"""At once: their states still fit into the processor's cache."""

_ONE_BY_ONE = 500_000
_EXACT_IN_FLOAT32 = 1 << 24

Lengths = NDArray[np.float64]
"""Whole decimetres."""
_Floats = NDArray[np.floating[Any]]
_FREE = np.zeros((1, 1), np.float32)


class Tours:
    """How far carts walk. ``orders``: the points of each order. What carts have to touch is an
    array of numbers, ``nothing`` to begin with and ``with_orders`` for each order put on them.

    On a floor of more than ``MOST_BLOCKS`` blocks, where the shortest tour takes too long for
    thousands of carts, it is the length by the policy `combined`.
    """

    def __init__(self, layout: Layout, depot: Spot, orders: Sequence[Sequence[Spot]]) -> None:
        fits = len(layout.block_lengths) <= MOST_BLOCKS and depot.y in layout.crosses
        walk = _Table(layout, depot, orders) if fits else _OneByOne(layout, depot, orders)
        self._walk: _Table | _OneByOne = walk
        self.work = walk.work
        """What lengths cost, whatever the number of carts, in ways between states."""
        self._sets = walk.sets
        self.nobody = walk.sets.nobody
        """The order that asks for nothing."""
        self.with_orders = walk.sets.with_orders
        self.passage = sum(layout.block_lengths) / len(layout.block_lengths)
        """Decimetres of an aisle's part in one block."""

    def nothing(self, carts: int) -> Needs:
        return np.tile(self._sets.nothing, (carts, 1))

    def needs(self, carts: Sequence[Sequence[int]]) -> Needs:
        """What these carts have to touch, given by their orders."""
        needs = self.nothing(len(carts))
        for seat in range(max(map(len, carts), default=0)):
            row = [cart[seat] if seat < len(cart) else self.nobody for cart in carts]
            needs = self.with_orders(needs, np.array(row, np.intp))
        return needs

    def lengths(self, needs: Needs) -> Lengths:
        """Decimetres of each cart's shortest tour from the depot back to it."""
        shares = np.array_split(needs, max(1, -(-len(needs) // _MOST_CARTS)))
        return np.concatenate([self._walk.lengths(share) for share in shares]).astype(np.float64)


class _OneByOne:
    """The floor as one lane, and each order a point of it."""

    def __init__(self, layout: Layout, depot: Spot, orders: Sequence[Sequence[Spot]]) -> None:
        self.layout = layout
        self.depot = depot
        self.orders = orders
        self.sets = PointSets(1, [{0: (order,)} for order in range(len(orders))])
        self._known: list[int] = []
        self.work = _ONE_BY_ONE

    def lengths(self, needs: Needs) -> Lengths:
        for _, cart in self.sets.known[len(self._known) :]:
            self._known.append(self._length(cart))
        return np.array(self._known, np.float64)[needs[:, 0]]

    def _length(self, cart: Points) -> int:
        stops = [Stop(s) for s in sorted({s for order in cart for s in self.orders[order]})]
        return route(self.layout, self.depot, self.depot, stops, "combined").length


class _Table:
    """The floor's lanes (an aisle's part in a block) and what each order has to touch there."""

    def __init__(self, layout: Layout, depot: Spot, orders: Sequence[Sequence[Spot]]) -> None:
        self.crosses = layout.crosses
        self.blocks = len(layout.block_lengths)
        self.steps = _steps(self.blocks + 1)
        aisles = sorted({spot.aisle for order in orders for spot in order} | {depot.aisle})
        self.column = {aisle: at for at, aisle in enumerate(aisles)}
        self.gaps = [(b - a) * layout.gap for a, b in pairwise(aisles)]
        self.depot = self.column[depot.aisle]
        self.meet = self.steps.touched[self.crosses.index(depot.y)]
        whole = 2 * len(aisles) * self.crosses[-1] + 2 * len(self.crosses) * sum(self.gaps)
        self.type = np.float32 if whole < _EXACT_IN_FLOAT32 else np.float64
        self.sets = PointSets(len(aisles) * self.blocks, [self._points(o) for o in orders])
        self._costs = np.zeros((len(_SHAPES), 0), self.type)
        self.work = len(aisles) * self.steps.work

    def _points(self, order: Sequence[Spot]) -> dict[int, Points]:
        """By lane the points that the order has there, from the lane's front end."""
        points: dict[int, Points] = {}
        for spot in sorted(set(order)):
            block = next(b for b in range(self.blocks) if spot.y <= self.crosses[b + 1])
            lane = self.column[spot.aisle] * self.blocks + block
            points[lane] = (*points.get(lane, ()), spot.y - self.crosses[block])
        return points

    def lengths(self, needs: Needs) -> _Floats:
        self._learn()
        steps, aisles = self.steps, len(self.column)
        last = self._last(needs)
        found: _Floats = np.zeros(len(needs), self.type)
        now: _Floats = np.full((steps.count, len(needs)), _NEVER, self.type)
        now[0] = 0
        lanes = needs.T.copy()
        for at in range(aisles):
            if at:
                now = steps.carry(now, self.gaps[at - 1])
            if at == self.depot:
                now = self.meet.after(now, _FREE)
            for block in range(self.blocks):
                costs = self._costs.take(lanes[at * self.blocks + block], axis=1)
                now = steps.walks[block].after(now, costs)
            ends = np.flatnonzero(last == at)
            if len(ends):
                found[ends] = now[steps.whole].take(ends, axis=1).min(axis=0)
        return found

    def _last(self, needs: Needs) -> Orders:
        """The last aisle, as a column, that each tour has to come to."""
        touched = needs != self.sets.nothing
        last = touched.shape[1] - 1 - np.argmax(touched[:, ::-1], axis=1)
        return np.where(
            touched.any(axis=1), np.maximum(last // self.blocks, self.depot), self.depot
        )

    def _learn(self) -> None:
        """What each shape costs past each set of points that is new."""
        new = self.sets.known[self._costs.shape[1] :]
        if new:
            found = [self._shape_costs(lane, points) for lane, points in new]
            self._costs = np.concatenate([self._costs, np.array(found, self.type).T], axis=1)

    def _shape_costs(self, lane: int, points: Points) -> tuple[float, ...]:
        block = lane % self.blocks
        return _shape_costs(self.crosses[block + 1] - self.crosses[block], points)


def _shape_costs(length: int, ys: Sequence[int]) -> tuple[float, ...]:
    """Decimetres of each of ``_SHAPES`` in a lane so long, past these points (Ratliff & Rosenthal):
    not at all, through, through and back, from either end as far as the last point, from both
    ends but for the widest gap."""
    if not ys:
        return 0, length, 2 * length, 0, 0, _NEVER
    gap = max((b - a for a, b in pairwise(ys)), default=None)
    from_both = _NEVER if gap is None else 2 * (length - gap)
    return _NEVER, length, 2 * length, 2 * ys[-1], 2 * (length - ys[0]), from_both


class _Follow:
    """The states after a step: for each the ways to it, as rows of [extra, state before]."""

    def __init__(self, ways: Sequence[tuple[int, int, int]], count: int) -> None:
        """``ways``: state after, state before, number of the extra; ``count``: of states."""
        rows: list[set[int]] = [set() for _ in range(count)]
        for to, source, extra in ways:
            rows[to].add(extra * count + source)
        self.rows = [(to, sorted(row)) for to, row in enumerate(rows) if row]

    def after(self, now: _Floats, extra: _Floats) -> _Floats:
        """``extra``: the cost of each, [extra, cart] or [extra, 1].

        Row by row: so it runs in the processor's vectors, which a look-up of all rows does not.
        """
        ways = list((now + extra[:, None]).reshape(len(extra) * len(now), -1))
        after = np.full_like(now, _NEVER)
        for to, (first, *others) in self.rows:
            least = ways[first]
            for other in others:
                least = np.minimum(least, ways[other], out=after[to])
            after[to] = least
        return after


class _Steps:
    """Every step between the states of so many crossings, as tables."""

    def __init__(self, crossings: int) -> None:
        all_states = states(crossings)
        numbers = _reached(all_states, crossings)
        self.count = len(numbers)
        self.whole = np.array([at for s, at in numbers.items() if all_states.is_whole(s)])
        self.walks = [
            self._follow(
                (numbers[all_states.joined(block, shape)[s]], at, shape_at)
                for shape_at, shape in enumerate(_SHAPES)
                for s, at in numbers.items()
            )
            for block in range(crossings - 1)
        ]
        self.touched = [
            self._follow(
                (numbers[all_states.touched(c, odd=False)[s]], at, 0) for s, at in numbers.items()
            )
            for c in range(crossings)
        ]
        carries = [
            (numbers[way.to], at, way.times)
            for s, at in numbers.items()
            for way in all_states.carried(s)
        ]
        self.passes = np.arange(1 + max(times for _, _, times in carries), dtype=np.float32)[
            :, None
        ]
        self.carries = self._follow(carries)
        self.work = sum(len(row) for step in (*self.walks, self.carries) for _, row in step.rows)
        """Of one aisle."""

    def _follow(self, ways: Iterable[tuple[int, int, int]]) -> _Follow:
        return _Follow(list(ways), self.count)

    def carry(self, now: _Floats, gap: int) -> _Floats:
        return self.carries.after(now, self.passes * gap)


def _reached(all_states: States, crossings: int) -> dict[int, int]:
    """The states that closed tours come by, numbered from 0, the walk not yet begun."""
    numbers, todo = {0: 0}, [0]
    while todo:
        state = todo.pop()
        after = [
            all_states.joined(b, shape)[state] for b in range(crossings - 1) for shape in _SHAPES
        ]
        after += [all_states.touched(c, odd=False)[state] for c in range(crossings)]
        after += [way.to for way in all_states.carried(state)]
        for to in after:
            if to not in numbers:
                numbers[to] = len(numbers)
                todo.append(to)
    return numbers


@cache
def _steps(crossings: int) -> _Steps:
    return _Steps(crossings)
