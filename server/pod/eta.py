"""When the van will be at each door, as far as can be told. Pure; times in ms, ways in s.

What was planned, times the pace: how much longer than planned driving and handing over really take.
The pace is what this run has shown itself, held to what the site has learned by a weight of planned
minutes, so that one long red light foretells no late evening.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PER_MILLE = 1000
SLOWEST, FASTEST = 4000, 250
"""A pace outside of this is a break or a wrong clock, and foretells nothing."""


@dataclass(frozen=True, slots=True)
class Took:
    """What was planned and what it took, in s."""

    planned_s: int
    took_s: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """A door that is still to come. `opens`, `closes` in ms; `closes` 0: never.
    `arrived`: the van is there already, since then."""

    id: str
    leg_s: int
    service_s: int
    opens: int = 0
    closes: int = 0
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Per mille of the plan: 1200 is a fifth slower."""

    drive: int = PER_MILLE
    serve: int = PER_MILLE


@dataclass(frozen=True, slots=True)
class Arrival:
    """`at`: when it comes; `begins`: when the door is open, too; `missed`: it will have closed."""

    id: str
    at: int
    begins: int
    missed: bool


def pace(shown: Iterable[Took], prior: int, weight_s: int) -> int:
    """Per mille of what was planned: `prior` counts like `weight_s` planned seconds."""
    planned, took = weight_s, weight_s * prior / PER_MILLE
    for one in shown:
        if one.planned_s > 0 and _is_likely(one):
            planned += one.planned_s
            took += one.took_s
    return max(FASTEST, min(SLOWEST, round(PER_MILLE * took / planned))) if planned else prior


def _is_likely(one: Took) -> bool:
    return FASTEST * one.planned_s <= PER_MILLE * one.took_s <= SLOWEST * one.planned_s


def arrivals(free_at: int, now: int, how_fast: Pace, ahead: Sequence[Ahead]) -> list[Arrival]:
    """In the order of the drive. `free_at`: since when the van has been on its way to the first;
    nothing that has not happened by `now` happens before it."""
    made = []
    at = free_at
    for door in ahead:
        at = max(at + door.leg_s * how_fast.drive, now) if door.arrived is None else door.arrived
        begins = max(at, door.opens)
        made.append(Arrival(door.id, at, begins, bool(door.closes) and begins > door.closes))
        at = begins + door.service_s * how_fast.serve
        if door.arrived is not None:
            at = max(at, now)
    return made


def is_delayed(eta: int, promised: int, delay_h: int) -> bool:
    """So late that customer service calls before the customer does."""
    return bool(promised) and eta - promised > delay_h * 3_600_000


def nearly_same(before: int | None, after: int | None, step_min: int) -> bool:
    """Too little of a change to tell a phone and a board of."""
    if before is None or after is None:
        return before is after
    return abs(after - before) < step_min * 60_000
