"""The route of one picking task: in which order to walk to its stops, and how far that is.

One function, ``route``, stands before every engine: the policies a picker knows by heart, the
exact programme and the local searches. Same input, same route. Of equally short walks the one
with fewer U-turns is taken, then the one with fewer changes of aisle.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from server.picking.exact import MOST_BLOCKS, blocks_between, shortest_length, shortest_order
from server.picking.geometry import Layout, Spot, distances, walk_length
from server.picking.local_search import improve, tour_length
from server.picking.policies import nearest_walk, policy_walk
from server.picking.ranked import heavy_then_light, short_heavy_then_light
from server.picking.ranks import Order, Rule, Stop, in_rank, is_ranked, rank_rule, two_halves
from server.picking.ruled import ruled_order
from server.picking.traffic import Traffic
from server.picking.trouble import trouble

__all__ = [
    "POLICIES",
    "Policy",
    "Route",
    "Stop",
    "cost",
    "is_exact",
    "keeps_ranks",
    "route",
    "route_anywhere",
    "route_from",
    "route_to_nearest",
    "walk_dm",
]

Policy = Literal["optimal", "s_shape", "return", "largest_gap", "combined", "nearest"]
POLICIES: tuple[Policy, ...] = get_args(Policy)

_BY_HEART = tuple(policy for policy in POLICIES if policy != "optimal")
_KICKS = 300


class Route(msgspec.Struct, frozen=True):
    """``order`` holds indices into the stops; ``length`` and ``s_shape`` are decimetres.

    ``s_shape`` is what the same stops cost by the S-shape policy. ``proven``: no shorter walk
    exists.
    """

    order: tuple[int, ...]
    length: int
    policy: Policy
    proven: bool
    s_shape: int


def route(
    layout: Layout, start: Spot, end: Spot, stops: Sequence[Stop], policy: Policy = "optimal"
) -> Route:
    """The walk from ``start`` past every stop to ``end`` by this policy.

    ``optimal`` is never longer than the shortest of the others. Where the stops lie in at most
    three blocks, floor and totes without rules, it is proven; so it is with two ranks in one
    tote. ``start`` and ``end`` may be any points, inside an aisle too. On a floor with one-way
    aisles or aisles where carts cannot turn, a policy gives the order and the walk keeps the
    rules. Raises ``ValueError`` for a point that is not on the floor.
    """
    for spot in (start, end, *(stop.spot for stop in stops)):
        if not layout.contains(spot):
            raise ValueError(f"{spot} is not on the floor")
    task = _Task(layout, start, end, stops)
    s_shape = task.by_policy("s_shape")[1]
    if policy == "optimal":
        order, proven = task.shortest()
        length = task.length(order)
    else:
        (order, length), proven = task.by_policy(policy), not stops
    return Route(tuple(order), length, policy, proven, s_shape)


def route_to_nearest(
    layout: Layout,
    start: Spot,
    ends: Sequence[Spot],
    stops: Sequence[Stop],
    policy: Policy = "optimal",
) -> tuple[Spot, Route]:
    """The shortest of the routes to several drop-off points, and which of them it leads to.

    Raises ``ValueError`` if there is no end.
    """
    routes = ((end, route(layout, start, end, stops, policy)) for end in ends)
    return min(routes, key=lambda found: found[1].length)


def route_anywhere(layout: Layout, stops: Sequence[Stop], policy: Policy = "optimal") -> Route:
    """The shortest of the routes from any depot of the floor to any of its drop-off points."""
    return route_from(layout, layout.starts, layout.ends, stops, policy)


def route_from(
    layout: Layout,
    starts: Sequence[Spot],
    ends: Sequence[Spot],
    stops: Sequence[Stop],
    policy: Policy = "optimal",
) -> Route:
    """The shortest of the routes from any of these starts to any of these ends."""
    routes = (route_to_nearest(layout, start, ends, stops, policy) for start in starts)
    return min((found for _, found in routes), key=lambda found: found.length)


def keeps_ranks(stops: Sequence[Stop]) -> bool:
    """Does no stop, in this order, come before one that it has to wait for?"""
    return rank_rule(stops)(range(len(stops)))


def walk_dm(layout: Layout, spots: Sequence[Spot]) -> int:
    """Decimetres of the shortest walk past these points in this order, whatever rules the floor
    has."""
    return walk_length(layout, spots) if layout.is_free else Traffic(layout).walk_length(spots)


def cost(layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot]) -> float:
    """Metres of ``route`` past these points: for planning batches.

    About 0.5 ms for 30 stops in two blocks: ways to walk an aisle are kept by its profile. The
    points must be on the floor.
    """
    if is_exact(layout, [start, end, *stops]):
        return shortest_length(layout, start, end, stops) / 10
    return route(layout, start, end, [Stop(spot) for spot in stops]).length / 10


def is_exact(layout: Layout, points: Sequence[Spot]) -> bool:
    """Does the exact programme know the shortest walk past these points?"""
    return layout.is_free and blocks_between(layout, points) <= MOST_BLOCKS


class _Task:
    def __init__(self, layout: Layout, start: Spot, end: Spot, stops: Sequence[Stop]) -> None:
        self.layout = layout
        self.start = start
        self.end = end
        self.stops = stops
        self.spots = [stop.spot for stop in stops]
        self.ranked = is_ranked(stops)
        self.traffic = None if layout.is_free else Traffic(layout)
        self.blocks = blocks_between(layout, [start, *self.spots, end])

    def length(self, order: Order) -> int:
        """Decimetres of the shortest walk in this order."""
        walk = self._walk(order)
        return self.traffic.walk_length(walk) if self.traffic else walk_length(self.layout, walk)

    def _walk(self, order: Order) -> list[Spot]:
        return [self.start, *(self.spots[at] for at in order), self.end]

    def by_policy(self, policy: Policy) -> tuple[list[int], int]:
        """Order and length of one policy, its walk taken by the word.

        A policy knows no rules: where ranks forbid a stop, the walk goes past it and the
        policy's order is walked again for what is left; on a ruled floor its order is kept.
        """
        walk = (
            nearest_walk(self.layout, self.start, self.spots)
            if policy == "nearest"
            else policy_walk(self.layout, self.start, self.spots, policy)
        )
        order = [point.stop for point in walk if point.stop is not None]
        if self.ranked:
            order = in_rank(order, self.stops)
        if self.ranked or self.traffic:
            return order, self.length(order)
        spots = [self.start, *(point.spot for point in walk), self.end]
        return order, walk_length(self.layout, spots)

    def shortest(self) -> tuple[list[int], bool]:
        """The best order of the engine that fits and all policies, and whether it is proven."""
        orders = [self.by_policy(policy)[0] for policy in _BY_HEART]
        orders.sort(key=self.length)
        found, proven = self._engine(orders)
        return min([found, *orders], key=self._badness), proven

    def _badness(self, order: Order) -> tuple[int, ...]:
        effort = () if self.traffic else trouble(self.layout, self._walk(order))
        return self.length(order), *effort

    def _engine(self, orders: Sequence[list[int]]) -> tuple[list[int], bool]:
        """``orders`` to begin with, the shortest first."""
        known = orders[0]
        ends = (self.start, self.end)
        halves = two_halves(self.stops) if self.ranked else None
        few = self.blocks <= MOST_BLOCKS
        if self.traffic:
            rule = rank_rule(self.stops) if self.ranked else None
            return ruled_order(self.traffic, ends, self.spots, known, rule), not self.stops
        if halves:
            heavy, light = ([self.spots[at] for at in half] for half in halves)
            by = heavy_then_light if few else short_heavy_then_light
            both = by(self.layout, ends, heavy, light)
            return [half[at] for half, o in zip(halves, both, strict=True) for at in o], few
        if self.ranked:
            return self._searched(orders, rank_rule(self.stops)), False
        if not few:
            return self._searched(orders[:1]), False
        best = shortest_order(self.layout, *ends, self.spots, self.length(known))
        return known if best is None else best, True

    def _searched(self, orders: Sequence[Order], keeps: Rule | None = None) -> list[int]:
        """The local search from each of these orders; node 0 is the start, the last the end.

        Where stops wait for each other most ways out of a poor order are barred: begin with many.
        """
        last = len(self.stops) + 1
        matrix = distances(self.layout, self._walk(range(len(self.stops))))

        def allowed(tour: Order) -> bool:
            return keeps is None or keeps([node - 1 for node in tour[1:-1]])

        tours = [
            improve(
                matrix,
                [0, *(at + 1 for at in order), last],
                _KICKS // len(orders),
                allowed if keeps else None,
            )
            for order in orders
        ]
        best = min(tours, key=lambda tour: tour_length(matrix, tour))
        return [node - 1 for node in best[1:-1]]
