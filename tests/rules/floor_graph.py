"""A floor as a graph that knows nothing of the rules' code: a node for every point and heading, an
edge only for a step that is allowed."""

import heapq
import itertools
from collections import defaultdict

from server.picking.geometry import Layout, Spot

Node = tuple[Spot, int]
Graph = dict[Node, list[tuple[Node, int]]]
NEVER = 10**9


def graph_of(layout: Layout, points: list[Spot]) -> Graph:
    edges: Graph = defaultdict(list)
    crosses = layout.crosses
    for aisle in range(layout.aisles):
        way = layout.aisle_direction[aisle] if layout.aisle_direction else 0
        ys = sorted({*crosses, *(spot.y for spot in points if spot.aisle == aisle)})
        for low, high in itertools.pairwise(ys):
            for heading in (1, -1):
                if way != -heading:
                    one, other = (low, high) if heading == 1 else (high, low)
                    ruled = bool(way) or aisle in layout.no_turn
                    ends = [
                        (Spot(aisle, y), heading if ruled and y not in crosses else 0)
                        for y in (one, other)
                    ]
                    edges[ends[0]].append((ends[1], high - low))
        for beside in (aisle - 1, aisle + 1):
            if 0 <= beside < layout.aisles:
                for y in crosses:
                    edges[Spot(aisle, y), 0].append(((Spot(beside, y), 0), layout.gap))
    return edges


def _from(graph: Graph, begin: dict[Node, int]) -> dict[Node, int]:
    found: dict[Node, int] = {}
    heap = [(length, node) for node, length in begin.items()]
    heapq.heapify(heap)
    while heap:
        length, node = heapq.heappop(heap)
        if node not in found:
            found[node] = length
            for to, more in graph[node]:
                heapq.heappush(heap, (length + more, to))
    return found


def walked(graph: Graph, walk: list[Spot]) -> int:
    reached = {(walk[0], heading): 0 for heading in (-1, 0, 1)}
    for spot in walk[1:]:
        found = _from(graph, reached)
        reached = {node: length for node, length in found.items() if node[0] == spot}
    return min(reached.values(), default=NEVER)
