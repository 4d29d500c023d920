"""The shortest walks from one point past the same stops to each of many ends.

Two halves of the exact programme meet at the end in question: what the aisles up to there cost
without it, worked out from left to right, and what the rest then costs, from right to left.
"""

from collections.abc import Sequence

from server.picking.exact import (
    SCALE,
    Across,
    Choice,
    Floor,
    Lane,
    Stage,
    lane_choices,
    shortest_length,
)
from server.picking.geometry import Layout, Spot

_NEVER = 1 << 60

_Step = tuple[int, int]
"""A state and what it costs to come to it."""


def lengths_to(
    layout: Layout, start: Spot, stops: Sequence[Spot], ends: Sequence[Spot]
) -> dict[Spot, int]:
    """Decimetres of the shortest walk from ``start`` past all stops, for each of the ends.

    For at most ``exact.MOST_BLOCKS`` blocks between all points.
    """
    aisles = {spot.aisle for spot in (start, *stops)}
    alone = {end for end in ends if end == start or aisles == {end.aisle}}
    found = {end: shortest_length(layout, start, end, stops) for end in alone}
    if others := sorted(set(ends) - alone):
        halves = _Halves(layout, [start, *stops], others)
        found |= {end: halves.length(end) for end in others}
    return found


class _Halves:
    """``before[at]`` and ``rest[at]`` are what stands before and after decision ``at``."""

    def __init__(self, layout: Layout, points: Sequence[Spot], ends: Sequence[Spot]) -> None:
        self.floor = Floor(layout, points, {points[0]}, ends)
        self.last_aisle = max(spot.aisle for spot in points)
        self.before = [self.floor.begin()]
        for decision in self.floor.decisions:
            self.before.append(self.floor.step(self.before[-1], decision))
        self.place = {
            (lane.aisle, lane.block): at
            for at, lane in enumerate(self.floor.decisions)
            if isinstance(lane, Lane)
        }
        self.ended = {end: self._ended(end) for end in ends}
        self.rest = self._rest()

    def length(self, end: Spot) -> int:
        at, steps = self.ended[end]
        rest = self.rest[at]
        return min(cost + rest.get(state, _NEVER) for state, cost in steps) // SCALE

    def _ended(self, end: Spot) -> tuple[int, list[_Step]]:
        """The steps that make the walk end here, and how many decisions are made by then."""
        floor, steps = self.floor, []
        block = max((b for b, front in enumerate(floor.crosses) if front < end.y), default=0)
        if end.y in floor.crosses:
            at = self.place[end.aisle, 0]
            met = floor.states.touched(floor.crosses.index(end.y), odd=True)
            return at, [(met[state], cost) for state, cost in self.before[at].items()]
        at = self.place[end.aisle, block]
        for choice in self._choices(end, block):
            joined = floor.states.joined(block, choice.shape)
            stage = self.before[at].items()
            steps += [(joined[state], cost + choice.cost) for state, cost in stage]
        return at + 1, steps

    def _choices(self, end: Spot, block: int) -> Sequence[Choice]:
        front, *ys, back = self.floor.lane(end.aisle, block)
        odd = {spot.y for spot in self.floor.odd if spot.aisle == end.aisle} | {end.y}
        inside = sorted({*ys, end.y})
        turns = tuple(y - front for y in inside if y in odd)
        return lane_choices(back - front, tuple(y - front for y in inside), turns)

    def _rest(self) -> list[Stage]:
        """For each state that some end leads to, what the walk still costs from there."""
        decisions = self.floor.decisions
        reached: list[set[int]] = [set() for _ in self.before]
        for at, steps in self.ended.values():
            reached[at] |= {state for state, _ in steps}
        for at, decision in enumerate(decisions):
            reached[at + 1].update(self.floor.step(dict.fromkeys(reached[at], 0), decision))
        whole = self.floor.states.is_whole
        rest = [{state: 0 for state in reached[-1] if whole(state)}]
        for at in range(len(decisions) - 1, -1, -1):
            decision = decisions[at]
            if isinstance(decision, Lane):
                rest.append(self._before_lane(reached[at], decision, rest[-1]))
            else:
                rest.append(self._before_across(reached[at], decision, rest[-1]))
        return rest[::-1]

    def _before_lane(self, states: set[int], lane: Lane, after: Stage) -> Stage:
        before = dict.fromkeys(states, _NEVER)
        for choice in lane.choices:
            joined = self.floor.states.joined(lane.block, choice.shape)
            extra = choice.cost
            for state in states:
                cost = after.get(joined[state], _NEVER) + extra
                if cost < before[state]:
                    before[state] = cost
        return before

    def _before_across(self, states: set[int], across: Across, after: Stage) -> Stage:
        floor, width = self.floor, self.floor.width(across)
        met = {to: to for state in states for to, _, _ in floor.states.carried(state)}
        for meeting in floor.meetings(across.to):
            met = {to: meeting[state] for to, state in met.items()}
        before = {
            state: min(
                (after.get(met[to], _NEVER) + times * width
                 for to, _, times in floor.states.carried(state)),
                default=_NEVER,
            )
            for state in states
        }  # fmt: skip
        if across.aisle >= self.last_aisle:
            before |= {state: 0 for state in states if floor.states.is_whole(state)}
        return before
