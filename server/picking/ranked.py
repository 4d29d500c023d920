"""The shortest walk past all heavy stops and then all light ones, proven.

Such a walk is two: from the start past the heavy stops to a joint, and on from there past the
light ones to the end. The joint is the last heavy stop, or just as well the first light one.
Trying each of the fewer kind, with both halves by the exact programme, proves the whole.
"""

from collections.abc import Sequence

from server.picking.exact import shortest_order
from server.picking.geometry import Layout, Spot, walk_length


def heavy_then_light(
    layout: Layout,
    ends: tuple[Spot, Spot],
    heavy: Sequence[Spot],
    light: Sequence[Spot],
    bound: int,
) -> tuple[list[int], list[int]] | None:
    """Orders of both halves of the shortest such walk; None if none is below ``bound``.

    Both kinds must have stops.
    """
    first = _Half(layout, ends[0], heavy, to_joint=True)
    second = _Half(layout, ends[1], light, to_joint=False)
    left = set(heavy if len(heavy) <= len(light) else light)
    best: tuple[list[int], list[int]] | None = None
    while left:
        joint = min(left, key=lambda spot: (first.least(spot) + second.least(spot), spot))
        if first.least(joint) + second.least(joint) >= bound:
            break
        left.remove(joint)
        before = first.order(joint, bound - 1 - second.least(joint))
        if before is None:
            continue
        behind = second.order(joint, bound - 1 - first.lengths[joint])
        if behind is None:
            continue
        best, bound = (before, behind), first.lengths[joint] + second.lengths[joint]
    return best


class _Half:
    """Walks between one end and any joint past the same stops.

    ``lengths`` holds those found. Two joints' walks differ in length by no more than the way
    between the joints, which bounds those not yet looked for.
    """

    def __init__(self, layout: Layout, end: Spot, stops: Sequence[Spot], *, to_joint: bool) -> None:
        self.layout = layout
        self.end = end
        self.stops = stops
        self.to_joint = to_joint
        self.lengths: dict[Spot, int] = {}

    def least(self, joint: Spot) -> int:
        """No walk to or from this joint is shorter."""
        way = self.layout.distance
        found = [length - way(other, joint) for other, length in self.lengths.items()]
        return max([way(self.end, joint), *found])

    def order(self, joint: Spot, bound: int) -> list[int] | None:
        """The order of a shortest walk, if one is as short as ``bound``."""
        start, end = (self.end, joint) if self.to_joint else (joint, self.end)
        order = shortest_order(self.layout, start, end, self.stops, bound)
        if order is not None:
            walk = [start, *(self.stops[at] for at in order), end]
            self.lengths[joint] = walk_length(self.layout, walk)
        return order
