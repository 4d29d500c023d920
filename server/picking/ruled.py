"""Routes on a floor with traffic rules (``traffic``), by local search.

Whoever comes into a ruled part of an aisle walks it to its end, so all its stops are picked in
one pass: the search orders passes, not stops. Where weight classes rule as well each stop is a
pass of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from server.picking.directed_search import improve_directed
from server.picking.geometry import Spot
from server.picking.ranks import Order, Rule
from server.picking.traffic import Pose, Traffic

_KICKS = 100
_MUST_NOT = 10**7
"""Decimetres added to a step that no allowed walk has."""


class Pass(NamedTuple):
    """Stops picked in one go, in this order, and the poses at its ends."""

    stops: tuple[int, ...]
    first: Pose
    last: Pose


def ruled_order(
    traffic: Traffic,
    ends: tuple[Spot, Spot],
    spots: Sequence[Spot],
    known: Order,
    rule: Rule | None = None,
) -> list[int]:
    """Indices of ``spots`` in the order of a short walk that keeps the traffic rules.

    ``known`` is such an order to begin with. No order is returned that ``rule`` refuses.
    """
    groups = [[at] for at in known] if rule else _groups(traffic, ends, spots, known)
    places = [_passes(traffic, spots, group) for group in groups]
    found = [
        _searched(traffic, [[Pass((), one, one)], *places, [Pass((), other, other)]], rule)
        for one, other in product(traffic.poses(ends[0]), traffic.poses(ends[1]))
    ]
    return min(found)[1]


def _groups(
    traffic: Traffic, ends: tuple[Spot, Spot], spots: Sequence[Spot], known: Order
) -> list[list[int]]:
    """Stops that one pass picks, in the order in which ``known`` first comes to them.

    Where the walk begins or ends inside a part it may pick what is ahead, and come back for
    the rest.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    for at in known:
        spot = spots[at]
        if traffic.headings(spot) == (0,):
            groups[at].append(at)
        else:
            sides = tuple(end.aisle == spot.aisle and end.y <= spot.y for end in ends)
            groups[spot.aisle, traffic.block(spot), sides].append(at)
    return list(groups.values())


def _passes(traffic: Traffic, spots: Sequence[Spot], group: list[int]) -> list[Pass]:
    """The one or two ways to pick a group."""
    by_y = sorted(group, key=lambda at: (spots[at].y, at))
    passes = []
    for heading in traffic.headings(spots[group[0]]):
        stops = by_y[::-1] if heading < 0 else by_y
        first, last = (Pose(spots[at], heading) for at in (stops[0], stops[-1]))
        passes.append(Pass(tuple(stops), first, last))
    return passes


def _searched(
    traffic: Traffic, places: Sequence[Sequence[Pass]], rule: Rule | None
) -> tuple[int, list[int]]:
    """Length and order of the best walk found past these places, from the first to the last."""
    states = [way for place in places for way in place]
    twins = list(_twins(places))
    matrix = [[traffic.distance(one.last, other.first) for other in states] for one in states]
    if rule:
        _forbid_steps(matrix, states, rule)

    def order(tour: Order) -> list[int]:
        return [at for state in tour for at in states[state].stops]

    def allowed(tour: Order) -> bool:
        return rule is None or rule(order(tour))

    tour = [0, *(state for state in range(1, len(states)) if twins[state] >= state)]
    best = improve_directed(matrix, twins, tour, _KICKS, allowed if rule else None)
    return sum(matrix[a][b] for a, b in pairwise(best)), order(best)


def _twins(places: Sequence[Sequence[Pass]]) -> Iterator[int]:
    state = 0
    for place in places:
        yield from reversed(range(state, state + len(place)))
        state += len(place)


def _forbid_steps(matrix: list[list[int]], states: Sequence[Pass], rule: Rule) -> None:
    """What may not follow alone may not follow at all: the search need not try it."""
    for one, other in product(range(len(states)), repeat=2):
        if not rule([*states[one].stops, *states[other].stops]):
            matrix[one][other] += _MUST_NOT
