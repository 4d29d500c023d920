"""A van's day as a list of calls, and whether it can be driven. Pure.

Times are whole seconds (since 1970 where it is a real day), ways whole metres. A plan is shown to
nobody before `faults` has found nothing: it knows no solver and shares no line with one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from msgspec import Struct

FAR = 4_102_444_800
"""The year 2100: a window that never closes."""

Why = Literal[
    "twice", "unknown", "other_van", "early", "window", "shift", "weight", "parcels", "legs"
]
"""What is wrong with a call: made twice, asked by nobody, aboard another van, begun before the
window opens or after it closes, home after the shift, too heavy, too many, times that do not add
up."""


class Visit(Struct, frozen=True, kw_only=True):
    """One door. `opens`, `closes`: when handing over may begin. `place`: its row in the matrices.

    `worth`: who is left out last where not all fit. `aboard`: the van that has its goods already.
    """

    id: str
    place: int
    opens: int = 0
    closes: int = FAR
    service_s: int = 0
    weight_g: int = 0
    parcels: int = 1
    worth: int = 0
    aboard: str = ""


class Van(Struct, frozen=True, kw_only=True):
    """`leaves`: not before this it starts at `start`; by `back` it is at `end`, which is both the
    end of the driver's shift."""

    id: str
    start: int
    end: int
    leaves: int = 0
    back: int = FAR
    weight_g: int = 10**9
    parcels: int = 10**6


class Call(Struct, frozen=True, kw_only=True):
    """One stop of a journey and the way to it; it waits where it `arrives` before it `begins`."""

    visit: str
    leg_m: int
    leg_s: int
    arrives: int
    begins: int
    leaves: int


class Journey(Struct, frozen=True, kw_only=True):
    """`home_m`, `home_s`: the way back; `back`: when it ends."""

    van: str
    calls: tuple[Call, ...]
    home_m: int
    home_s: int
    back: int

    @property
    def metres(self) -> int:
        return self.home_m + sum(call.leg_m for call in self.calls)

    @property
    def order(self) -> list[str]:
        return [call.visit for call in self.calls]


class Ways(Protocol):
    """The way between two places, by their rows."""

    def metres(self, a: int, b: int) -> int: ...
    def seconds(self, a: int, b: int) -> int: ...


class Matrices(Struct, frozen=True, kw_only=True):
    """From each place (row) to each: metres and seconds."""

    m: list[list[int]]
    s: list[list[int]]

    def metres(self, a: int, b: int) -> int:
        return self.m[a][b]

    def seconds(self, a: int, b: int) -> int:
        return self.s[a][b]


@dataclass(frozen=True, slots=True)
class Fault:
    van: str
    visit: str
    why: Why


def drive(van: Van, visits: Sequence[Visit], ways: Ways) -> Journey:
    """The journey that calls at `visits` in this order, as early as windows let it."""
    at, now = van.start, van.leaves
    calls = []
    for visit in visits:
        leg_s = ways.seconds(at, visit.place)
        arrives = now + leg_s
        begins = max(arrives, visit.opens)
        now = begins + visit.service_s
        calls.append(
            Call(
                visit=visit.id,
                leg_m=ways.metres(at, visit.place),
                leg_s=leg_s,
                arrives=arrives,
                begins=begins,
                leaves=now,
            )
        )
        at = visit.place
    home_s = ways.seconds(at, van.end)
    home_m = ways.metres(at, van.end)
    return Journey(van=van.id, calls=tuple(calls), home_m=home_m, home_s=home_s, back=now + home_s)


def fits(van: Van, visits: Sequence[Visit], ways: Ways) -> bool:
    """Whether this van can make these calls in this order. As `faults`, but quick: for searches."""
    if not _has_room(van, visits):
        return False
    at, now = van.start, van.leaves
    for visit in visits:
        now = max(now + ways.seconds(at, visit.place), visit.opens)
        if now > visit.closes or visit.aboard not in ("", van.id):
            return False
        now += visit.service_s
        at = visit.place
    return now + ways.seconds(at, van.end) <= van.back or not visits


def _has_room(van: Van, visits: Sequence[Visit]) -> bool:
    return (
        sum(v.weight_g for v in visits) <= van.weight_g
        and sum(v.parcels for v in visits) <= van.parcels
    )


def faults(
    vans: Iterable[Van], visits: Iterable[Visit], journeys: Iterable[Journey]
) -> list[Fault]:
    """All that is wrong with the journeys; empty: they can be driven as they are written."""
    van_of = {van.id: van for van in vans}
    visit_of = {visit.id: visit for visit in visits}
    made: set[str] = set()
    found: list[Fault] = []
    for journey in journeys:
        van = van_of.get(journey.van)
        if van is None:
            found.append(Fault(journey.van, "", "unknown"))
            continue
        found += _of_list(journey, visit_of, made)
        found += _of_times(van, journey, visit_of)
        found += _of_load(van, journey, visit_of)
        made.update(journey.order)
    return found


def _of_list(journey: Journey, visit_of: Mapping[str, Visit], made: set[str]) -> list[Fault]:
    seen = set(made)
    found = []
    for name in journey.order:
        if name not in visit_of:
            found.append(Fault(journey.van, name, "unknown"))
        elif name in seen:
            found.append(Fault(journey.van, name, "twice"))
        elif visit_of[name].aboard not in ("", journey.van):
            found.append(Fault(journey.van, name, "other_van"))
        seen.add(name)
    return found


def _of_times(van: Van, journey: Journey, visit_of: Mapping[str, Visit]) -> list[Fault]:
    found: list[Fault] = []
    now = van.leaves
    for call in journey.calls:
        visit = visit_of.get(call.visit)
        if visit is None:
            continue
        if call.arrives < now + call.leg_s or call.leaves < call.begins + visit.service_s:
            found.append(Fault(van.id, call.visit, "legs"))
        if call.begins < max(call.arrives, visit.opens):
            found.append(Fault(van.id, call.visit, "early"))
        if call.begins > visit.closes:
            found.append(Fault(van.id, call.visit, "window"))
        now = call.leaves
    if journey.back < now + journey.home_s:
        found.append(Fault(van.id, "", "legs"))
    if journey.calls and journey.back > van.back:
        found.append(Fault(van.id, "", "shift"))
    return found


def _of_load(van: Van, journey: Journey, visit_of: Mapping[str, Visit]) -> list[Fault]:
    aboard = [visit_of[name] for name in journey.order if name in visit_of]
    found = []
    if sum(v.weight_g for v in aboard) > van.weight_g:
        found.append(Fault(van.id, "", "weight"))
    if sum(v.parcels for v in aboard) > van.parcels:
        found.append(Fault(van.id, "", "parcels"))
    return found
