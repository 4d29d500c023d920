"""The lengths of many carts' tours at once, for those who build batches.

The programme of ``exact``, for closed tours from the depot, done in step for a whole row of
carts: in each aisle one table of what may follow from what, applied to all of them together.
That is some thirty times as fast a cart as one after the other.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from server.picking.exact import MOST_BLOCKS
from server.picking.geometry import Layout, Spot
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
_NEVER = 1 << 28
_WORD = 60
"""Points whose bits go into one number."""

Ints = NDArray[np.int32]
Places = NDArray[np.intp]


class Tours:
    """``lengths`` gives, for each cart, the decimetres of the shortest tour past all points of
    its orders, from ``depot`` back to it. ``orders``: the points of each order.

    On a floor of more than ``MOST_BLOCKS`` blocks, where the shortest takes too long for thousands
    of carts, it is the length by the policy `combined`."""

    def __init__(self, layout: Layout, depot: Spot, orders: Sequence[Sequence[Spot]]) -> None:
        self.layout = layout
        self.depot = depot
        self.orders = orders
        self._known: dict[frozenset[int], int] = {}
        fits = len(layout.block_lengths) <= MOST_BLOCKS and depot.y in layout.crosses
        self._table = _Table(layout, depot, orders) if fits else None

    def lengths(self, carts: Sequence[frozenset[int]]) -> list[int]:
        known = self._known
        with suppress(KeyError):
            return [known[cart] for cart in carts]
        new = list(dict.fromkeys(cart for cart in carts if cart not in known))
        if new:
            found = self._table.lengths(new) if self._table else [self._one(c) for c in new]
            known.update(zip(new, found, strict=True))
        return [known[cart] for cart in carts]

    def length(self, cart: frozenset[int]) -> int:
        known = self._known.get(cart)
        return self.lengths([cart])[0] if known is None else known

    def _one(self, cart: frozenset[int]) -> int:
        stops = [Stop(s) for s in sorted({s for order in cart for s in self.orders[order]})]
        return route(self.layout, self.depot, self.depot, stops, "combined").length


class _Table:
    """The floor's lanes (an aisle's part in a block) and what each order has to touch there."""

    def __init__(self, layout: Layout, depot: Spot, orders: Sequence[Sequence[Spot]]) -> None:
        self.crosses = layout.crosses
        self.blocks = len(layout.block_lengths)
        self.steps = _steps(self.blocks + 1)
        spots = {spot for order in orders for spot in order}
        self.aisles = sorted({spot.aisle for spot in spots} | {depot.aisle})
        self.column = {aisle: at for at, aisle in enumerate(self.aisles)}
        self.gaps = [
            (b - a) * layout.gap for a, b in zip(self.aisles, self.aisles[1:], strict=False)
        ]
        self.depot = self.column[depot.aisle]
        self.meet = self.steps.touched[self.crosses.index(depot.y)]
        self.ys = self._ys(spots)
        masks = [self._masks(order) for order in orders]
        lasts = [max((lane // self.blocks for lane in w), default=0) for w in masks]
        self.lasts = np.array([*lasts, 0], np.intp)
        self.wants = self._words(masks)
        lengths = [y - self.crosses[at] for at, y in enumerate(self.crosses[1:])]
        self.profiles = _Profiles(lengths, self.ys)

    @property
    def lanes(self) -> int:
        return len(self.aisles) * self.blocks

    def _lane(self, spot: Spot) -> int:
        block = next(b for b in range(self.blocks) if spot.y <= self.crosses[b + 1])
        return self.column[spot.aisle] * self.blocks + block

    def _ys(self, spots: set[Spot]) -> list[list[int]]:
        """By lane the points anybody asks for, from its front end, in order."""
        ys: list[list[int]] = [[] for _ in range(self.lanes)]
        for spot in sorted(spots):
            lane = self._lane(spot)
            ys[lane].append(spot.y - self.crosses[lane % self.blocks])
        return ys

    def _masks(self, order: Sequence[Spot]) -> dict[int, int]:
        """By lane one bit for each point that the order has there."""
        masks: dict[int, int] = {}
        for spot in order:
            lane = self._lane(spot)
            bit = self.ys[lane].index(spot.y - self.crosses[lane % self.blocks])
            masks[lane] = masks.get(lane, 0) | 1 << bit
        return masks

    def _words(self, masks: Sequence[dict[int, int]]) -> NDArray[np.int64]:
        """The masks as [order, lane, word], and last an order that asks for nothing."""
        words = 1 + max(map(len, self.ys), default=0) // _WORD
        wants = np.zeros((len(masks) + 1, self.lanes, words), np.int64)
        for order, by_lane in enumerate(masks):
            for lane, mask in by_lane.items():
                for word in range(words):
                    wants[order, lane, word] = mask >> word * _WORD & ((1 << _WORD) - 1)
        return wants

    def lengths(self, carts: Sequence[frozenset[int]]) -> list[int]:
        nothing = (len(self.wants) - 1,)
        orders = [order for cart in carts for order in cart or nothing]
        begins = np.cumsum([0, *(len(cart) or 1 for cart in carts[:-1])])
        lanes = self._lane_costs(orders, begins)
        last = np.maximum(np.maximum.reduceat(self.lasts[orders], begins), self.depot)
        steps, found = self.steps, np.zeros(len(carts), np.int32)
        now = np.full((steps.count, len(carts)), _NEVER, np.int32)
        now[0] = 0
        for at in range(len(self.aisles)):
            if at:
                now = steps.carry(now, self.gaps[at - 1])
            if at == self.depot:
                now = steps.meet(now, self.meet)
            for block in range(self.blocks):
                now = steps.walk(now, block, lanes[at * self.blocks + block])
            ends = last == at
            found[ends] = now[steps.whole][:, ends].min(axis=0)
        return [int(length) for length in found]

    def _lane_costs(self, orders: Sequence[int], begins: Places) -> Ints:
        """[lane, shape, cart]. ``orders`` of one cart after another, each from ``begins`` on."""
        masks = np.bitwise_or.reduceat(self.wants[orders], begins, axis=0)
        columns = self.profiles.columns(masks)
        return self.profiles.costs[:, columns].transpose(2, 0, 1)


class _Profiles:
    """What each shape costs in a lane, one column for each set of points met so far."""

    def __init__(self, lengths: Sequence[int], ys: Sequence[Sequence[int]]) -> None:
        self.costs = np.full((len(_SHAPES), 256), _NEVER, np.int32)
        self._by_points: dict[tuple[int, tuple[int, ...]], int] = {}
        self._lanes = [_Lane(self, lengths[lane % len(lengths)], y) for lane, y in enumerate(ys)]

    def columns(self, masks: NDArray[np.int64]) -> Places:
        """[cart, lane], of masks [cart, lane, word]."""
        lanes = self._lanes
        whole: list[list[int]] = masks[:, :, 0].tolist()
        for word in range(1, masks.shape[2]):
            more: list[list[int]] = masks[:, :, word].tolist()
            whole = [
                [one | other << word * _WORD for one, other in zip(*rows, strict=True)]
                for rows in zip(whole, more, strict=True)
            ]
        found = [[lane[mask] for lane, mask in zip(lanes, row, strict=True)] for row in whole]
        return np.array(found, np.intp)

    def column(self, length: int, points: tuple[int, ...]) -> int:
        known = self._by_points
        at = known.setdefault((length, points), len(known))
        if at == self.costs.shape[1]:
            self.costs = np.concatenate([self.costs, np.full_like(self.costs, _NEVER)], axis=1)
        self.costs[:, at] = _shape_costs(length, points)
        return at


class _Lane(dict[int, int]):
    """The column of each mask of one lane; `ys`: the points that its bits stand for."""

    def __init__(self, profiles: _Profiles, length: int, ys: Sequence[int]) -> None:
        super().__init__()
        self.profiles = profiles
        self.length = length
        self.ys = ys

    def __missing__(self, mask: int) -> int:
        points = tuple(y for bit, y in enumerate(self.ys) if mask >> bit & 1)
        self[mask] = at = self.profiles.column(self.length, points)
        return at


def _shape_costs(length: int, ys: Sequence[int]) -> tuple[int, ...]:
    """Decimetres of each of ``_SHAPES`` in a lane so long, past these points (Ratliff & Rosenthal):
    not at all, through, through and back, from either end as far as the last point, from both
    ends but for the widest gap."""
    if not ys:
        return 0, length, 2 * length, 0, 0, _NEVER
    gap = max((b - a for a, b in pairwise(ys)), default=None)
    from_both = _NEVER if gap is None else 2 * (length - gap)
    return _NEVER, length, 2 * length, 2 * ys[-1], 2 * (length - ys[0]), from_both


class _Follow:
    """The states after a step, from those before: ``to`` the states reached, ``first`` where
    each one's ways begin in ``source`` (the state before) and ``extra`` (shape or passes)."""

    def __init__(self, ways: Sequence[tuple[int, int, int]]) -> None:
        ordered = sorted(ways)
        to = [way[0] for way in ordered]
        self.to: Places = np.array(sorted(set(to)), np.intp)
        self.first: Places = np.array([to.index(state) for state in sorted(set(to))], np.intp)
        self.source: Places = np.array([way[1] for way in ordered], np.intp)
        self.extra: Places = np.array([way[2] for way in ordered], np.intp)

    def after(self, now: Ints, extra: Ints) -> Ints:
        """``extra``: cost of each way, [way, cart] or [way, 1]."""
        after = np.full_like(now, _NEVER)
        after[self.to] = np.minimum.reduceat(now[self.source] + extra, self.first, axis=0)
        return np.minimum(after, _NEVER, out=after)


class _Steps:
    """Every step between the states of so many crossings, as tables."""

    def __init__(self, crossings: int) -> None:
        all_states = states(crossings)
        numbers = _reached(all_states, crossings)
        self.count = len(numbers)
        self.whole = np.array([at for s, at in numbers.items() if all_states.is_whole(s)])
        self.walks = [
            _Follow(
                [
                    (numbers[all_states.joined(block, shape)[s]], at, shape_at)
                    for shape_at, shape in enumerate(_SHAPES)
                    for s, at in numbers.items()
                ]
            )
            for block in range(crossings - 1)
        ]
        self.touched = [
            _Follow(
                [(numbers[all_states.touched(c, odd=False)[s]], at, 0) for s, at in numbers.items()]
            )
            for c in range(crossings)
        ]
        self.carries = _Follow(
            [
                (numbers[w.to], at, w.times)
                for s, at in numbers.items()
                for w in all_states.carried(s)
            ]
        )

    def walk(self, now: Ints, block: int, costs: Ints) -> Ints:
        follow = self.walks[block]
        return follow.after(now, costs[follow.extra])

    def carry(self, now: Ints, gap: int) -> Ints:
        passes = self.carries.extra[:, None].astype(np.int32)
        return self.carries.after(now, passes * gap)

    def meet(self, now: Ints, touched: _Follow) -> Ints:
        return touched.after(now, touched.extra[:, None].astype(np.int32))


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
