"""The shortest walk past all heavy stops and then all light ones.

Such a walk is two: from the start past the heavy stops to a joint, and on from there past the
light ones to the end. The joint is the last heavy stop, or just as well the first light one.
Trying each of the fewer kind, with both halves by the exact programme, proves the whole; on
larger floors the local search walks the halves.
"""

from collections.abc import Sequence

from server.picking.all_ends import lengths_to
from server.picking.exact import shortest_order
from server.picking.geometry import Layout, Spot, distances
from server.picking.local_search import improve, tour_length
from server.picking.policies import policy_order

_LOOKS, _KICKS = 5, 100
_PROMISING = 4

Halves = tuple[list[int], list[int]]


def heavy_then_light(
    layout: Layout, ends: tuple[Spot, Spot], heavy: Sequence[Spot], light: Sequence[Spot]
) -> Halves:
    """Orders of both halves of the shortest such walk, for at most ``exact.MOST_BLOCKS`` blocks.

    Both kinds must have stops.
    """
    joints = _joints(heavy, light)
    before = lengths_to(layout, ends[0], heavy, joints)
    behind = lengths_to(layout, ends[1], light, joints)
    joint = min(joints, key=lambda spot: before[spot] + behind[spot])
    first = shortest_order(layout, ends[0], joint, heavy, before[joint])
    second = shortest_order(layout, joint, ends[1], light, behind[joint])
    if first is None or second is None:
        raise AssertionError("a walk of the length found exists")
    return first, second


def short_heavy_then_light(
    layout: Layout, ends: tuple[Spot, Spot], heavy: Sequence[Spot], light: Sequence[Spot]
) -> Halves:
    """As ``heavy_then_light``, not proven, for any number of blocks.

    Every joint is looked at, and the most promising ones are searched in earnest.
    """
    walks = [
        (_Half(layout, ends[0], joint, heavy), _Half(layout, joint, ends[1], light))
        for joint in _joints(heavy, light)
    ]
    walks.sort(key=_length)
    for halves in walks[:_PROMISING]:
        for half in halves:
            half.improve(_KICKS)
    first, second = min(walks, key=_length)
    return first.order(), second.order()


def _joints(heavy: Sequence[Spot], light: Sequence[Spot]) -> list[Spot]:
    return sorted(set(heavy if len(heavy) <= len(light) else light))


class _Half:
    def __init__(self, layout: Layout, start: Spot, end: Spot, stops: Sequence[Spot]) -> None:
        self.matrix = distances(layout, [start, *stops, end])
        orders = [policy_order(layout, start, stops, policy) for policy in ("combined", "nearest")]
        tours = [[0, *(at + 1 for at in order), len(stops) + 1] for order in orders]
        self.tour = min(tours, key=lambda tour: tour_length(self.matrix, tour))
        self.improve(_LOOKS)

    def improve(self, kicks: int) -> None:
        self.tour = improve(self.matrix, self.tour, kicks)
        self.length = tour_length(self.matrix, self.tour)

    def order(self) -> list[int]:
        return [node - 1 for node in self.tour[1:-1]]


def _length(halves: tuple[_Half, _Half]) -> int:
    return halves[0].length + halves[1].length
