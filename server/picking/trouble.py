"""What a walk asks of the cart beyond its length: U-turns, then changes of aisle."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from server.picking.geometry import Layout, Spot


class Trouble(NamedTuple):
    """Fewer U-turns are better, then fewer changes of aisle."""

    u_turns: int
    aisle_changes: int


def trouble(layout: Layout, spots: Sequence[Spot]) -> Trouble:
    """Of the shortest walk that meets these points in this order, on a free floor.

    A U-turn is made between two cross aisles: one leaves a point for where one came from.
    Where the front and the back are equally near the walk takes the one with less trouble.
    """
    crosses = layout.crosses
    best = {0: Trouble(0, 0)}
    for one, other in pairwise(spots):
        if one == other:
            continue
        after: dict[int, Trouble] = {}
        for leaving, coming in _headings(crosses, one, other):
            for came, (turns, changes) in best.items():
                turned = came * leaving < 0 and one.y not in crosses
                so_far = Trouble(turns + turned, changes + (one.aisle != other.aisle))
                after[coming] = min(so_far, after.get(coming, so_far))
        best = after
    return min(best.values())


def _headings(crosses: Sequence[int], one: Spot, other: Spot) -> list[tuple[int, int]]:
    """Up (1) or down (-1) when leaving the one and when coming to the other; 0 neither."""
    if one.aisle != other.aisle:
        for front, back in pairwise(crosses):
            if front < min(one.y, other.y) and max(one.y, other.y) < back:
                by_front, by_back = one.y + other.y - 2 * front, 2 * back - one.y - other.y
                front_ways = [(-1, 1)] if by_front <= by_back else []
                return front_ways + ([(1, -1)] if by_back <= by_front else [])
    ahead = (other.y > one.y) - (other.y < one.y)
    return [(ahead, ahead)]
