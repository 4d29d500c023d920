"""The route of one picking task: in which order to walk to its stops, and how far that is.

One function, ``route``, stands before every engine: the policies a picker knows by heart, the
exact programme and the local search. Same input, same route; ties are broken by order.
"""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Literal

import msgspec

from server.picking.exact import MOST_BLOCKS, blocks_between, shortest_length, shortest_order
from server.picking.geometry import Layout, Spot, distances, walk_length
from server.picking.local_search import Allowed, improve, tour_length
from server.picking.policies import nearest_walk, policy_walk
from server.picking.ranked import heavy_then_light

Policy = Literal["optimal", "s_shape", "return", "largest_gap", "combined", "nearest"]

_STARTS: tuple[Policy, ...] = ("s_shape", "return", "largest_gap", "combined", "nearest")
_KICKS = 300
_KICKS_BEFORE_PROOF = 30
_MOST_BLOCKS_IN_HALVES = 2  # with three, the joints of 30 stops take a quarter of a second


class Stop(msgspec.Struct, frozen=True):
    """Where to pick, and into what.

    Within one ``tote`` the stops of a lower ``rank`` come first (heavy 0, light 1); totes do
    not wait for each other. Give all stops one tote for the strict rule over the whole cart.
    """

    spot: Spot
    rank: int = 0
    tote: str = ""


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
    three blocks it is proven; with two ranks in one tote, in at most two blocks. ``start`` and
    ``end`` may be any points, inside an aisle too. Raises ``ValueError`` for a point that is not
    on the floor.
    """
    for spot in (start, end, *(stop.spot for stop in stops)):
        if not layout.contains(spot):
            raise ValueError(f"{spot} is not on the floor")
    task = _Task(layout, start, end, stops)
    s_shape = task.by_policy("s_shape")[1]
    if policy == "optimal":
        order, length, proven = task.shortest()
    else:
        (order, length), proven = task.by_policy(policy), not stops
    return Route(tuple(order), length, policy, proven, s_shape)


def cost(layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot]) -> float:
    """Metres of ``route`` past these points, and no more than that: for planning batches.

    About 1 ms for 30 stops in two blocks: ways to walk an aisle are kept by its profile. The
    points must be on the floor.
    """
    if blocks_between(layout, [start, end, *stops]) <= MOST_BLOCKS:
        return shortest_length(layout, start, end, stops) / 10
    return route(layout, start, end, [Stop(spot) for spot in stops]).length / 10


class _Task:
    def __init__(self, layout: Layout, start: Spot, end: Spot, stops: Sequence[Stop]) -> None:
        self.layout = layout
        self.start = start
        self.end = end
        self.stops = stops
        self.spots = [stop.spot for stop in stops]
        self.ranked = any(len({s.rank for s in group}) > 1 for group in _by_tote(stops))

    def by_policy(self, policy: Policy) -> tuple[list[int], int]:
        """Order and length of one policy, its walk taken by the word.

        A policy knows no ranks: where these forbid a stop, the walk goes past it and the
        policy's order is walked again for what is left.
        """
        walk = (
            nearest_walk(self.layout, self.start, self.spots)
            if policy == "nearest"
            else policy_walk(self.layout, self.start, self.spots, policy)
        )
        order = [point.stop for point in walk if point.stop is not None]
        if self.ranked:
            order = _in_rank(order, self.stops)
            passed = [self.spots[at] for at in order]
        else:
            passed = [point.spot for point in walk]
        return order, walk_length(self.layout, [self.start, *passed, self.end])

    def shortest(self) -> tuple[list[int], int, bool]:
        """Order and length by the best engine that fits, and whether these are proven."""
        points = [self.start, *self.spots, self.end]
        blocks = blocks_between(self.layout, points)
        if self.ranked:
            halves = self._halves() if blocks <= _MOST_BLOCKS_IN_HALVES else None
            order = self._searched(points, _KICKS_BEFORE_PROOF if halves else _KICKS)
            if halves:
                order = self._joined(halves, order)
            return order, self._length(order), halves is not None
        proven = blocks <= MOST_BLOCKS
        order = self._exact() if proven else self._searched(points, _KICKS)
        return order, self._length(order), proven

    def _length(self, order: Sequence[int]) -> int:
        spots = [self.spots[at] for at in order]
        return walk_length(self.layout, [self.start, *spots, self.end])

    def _exact(self) -> list[int]:
        known, bound = min(map(self.by_policy, _STARTS), key=itemgetter(1))
        order = shortest_order(self.layout, self.start, self.end, self.spots, bound)
        return known if order is None else order

    def _halves(self) -> tuple[list[int], list[int]] | None:
        """The stops of either rank, if there are just two and all stops share a tote."""
        ranks = sorted({stop.rank for stop in self.stops})
        if len(ranks) != 2 or len({stop.tote for stop in self.stops}) > 1:
            return None
        heavy, light = (
            [at for at, stop in enumerate(self.stops) if stop.rank == rank] for rank in ranks
        )
        return heavy, light

    def _joined(self, halves: tuple[list[int], list[int]], known: list[int]) -> list[int]:
        """The shortest order past one half and then the other."""
        heavy, light = ([self.spots[at] for at in half] for half in halves)
        ends = (self.start, self.end)
        found = heavy_then_light(self.layout, ends, heavy, light, self._length(known))
        if found is None:
            return known
        return [half[at] for half, order in zip(halves, found, strict=True) for at in order]

    def _searched(self, points: Sequence[Spot], kicks: int) -> list[int]:
        """The local search from the best policy; node 0 is the start, the last the end."""
        matrix = distances(self.layout, points)
        tours = [self._tour(policy) for policy in _STARTS]
        best = min(tours, key=lambda tour: tour_length(matrix, tour))
        tour = improve(matrix, best, kicks, self._allowed() if self.ranked else None)
        return [node - 1 for node in tour[1:-1]]

    def _tour(self, policy: Policy) -> list[int]:
        return [0, *(at + 1 for at in self.by_policy(policy)[0]), len(self.stops) + 1]

    def _allowed(self) -> Allowed:
        stops = self.stops

        def allowed(tour: Sequence[int]) -> bool:
            reached: dict[str, int] = {}
            for node in tour[1:-1]:
                stop = stops[node - 1]
                if stop.rank < reached.get(stop.tote, stop.rank):
                    return False
                reached[stop.tote] = stop.rank
            return True

        return allowed


def _by_tote(stops: Sequence[Stop]) -> list[list[Stop]]:
    totes: dict[str, list[Stop]] = defaultdict(list)
    for stop in stops:
        totes[stop.tote].append(stop)
    return list(totes.values())


def _in_rank(order: Sequence[int], stops: Sequence[Stop]) -> list[int]:
    """The same stops in as few repetitions of ``order`` as the ranks allow."""
    left, done = list(order), []
    while left:
        waiting: list[int] = []
        ranks: dict[str, list[int]] = defaultdict(list)
        for at in left:
            ranks[stops[at].tote].append(stops[at].rank)
        for at in left:
            stop = stops[at]
            if stop.rank == min(ranks[stop.tote]):
                ranks[stop.tote].remove(stop.rank)
                done.append(at)
            else:
                waiting.append(at)
        left = waiting
    return done
