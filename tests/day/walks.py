"""How far a cart went from shelf to shelf, reckoned without the server's own planner: the shortest
way between two shelves is along the aisle, or by one of the cross aisles."""

from itertools import pairwise
from typing import Any

import msgspec

from server.demo import site as demo_site
from server.store.store import Store
from tests.floor_site import table

Row = dict[str, Any]
Spot = tuple[int, int]
"""Aisle, and decimetres from the front."""


class Floor(msgspec.Struct, frozen=True):
    """`bins`: where each stands. `crosses`: cross aisles, in decimetres from the front."""

    bins: dict[str, Spot]
    crosses: tuple[int, ...]
    gap: int
    start: Spot
    end: Spot

    @classmethod
    def of(cls, store: Store) -> "Floor":
        layout = demo_site.layout()
        crosses = [sum(layout.block_lengths[:n]) for n in range(len(layout.block_lengths) + 1)]
        found = table(store, "SELECT code, aisle, block, offset_dm FROM bin")
        bins = {b["code"]: (b["aisle"], crosses[b["block"]] + b["offset_dm"]) for b in found}
        end = layout.dropoff or layout.depot
        ends = [(c.aisle, crosses[c.cross]) for c in (layout.depot, end)]
        return cls(bins, tuple(crosses), layout.gap, *ends)

    def dm(self, one: Spot, other: Spot) -> int:
        if one[0] == other[0]:
            return abs(one[1] - other[1])
        across = abs(one[0] - other[0]) * self.gap
        return across + min(abs(one[1] - c) + abs(other[1] - c) for c in self.crosses)


def metres_of(floor: Floor, task: Row, lines: list[Row]) -> float:
    """From shelf to shelf in the order in which the lines were closed."""
    closed = [n for n in lines if n["at"] is not None and n["bin"] in floor.bins]
    closed.sort(key=lambda n: (n["at"], n["seq"] or n["no"], n["no"]))
    way = [floor.bins[n["bin"]] for n in closed]
    if not way:
        return 0.0
    front = (min(aisle for aisle, _ in way), floor.start[1]) if task["zone"] else None
    stops = [front or floor.start, *way, front or floor.end]
    return sum(floor.dm(a, b) for a, b in pairwise(stops)) / 10
