"""Who calls where in which order: PyVRP's iterated local search, held to a number of iterations.

Never to wall time in the product: the same question has the same answer on a busy machine. First
all visits are asked for; where that cannot be driven, those that may wait are put a price on.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from pyvrp import (
    Client,
    Depot,
    Location,
    ProblemData,
    Route,
    Solution,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.search import PerturbationParams
from pyvrp.stop import MaxIterations, MultipleCriteria, NoImprovement, StoppingCriterion

from server.pod.arranging import Board, Rows, with_all_that_fit
from server.pod.journeys import FAR, Matrices, Van, Visit
from server.pod.offers import Effort

MANY_VANS = SolveParams()
ONE_VAN = SolveParams(perturbation=PerturbationParams(1, 40))
"""How many visits a step shakes loose at most: the library's 25, but a single van, which can swap
with nobody, gets stuck by that (10 % over a long search at worst after 1 s of processor) and is
within 0.5 % of it by 40. Smaller steps than 25 are worse on Solomon's hard instances."""
_NEVER = 10**8
"""Seconds to the door of another van's goods."""


def by_iterations(effort: Effort) -> Callable[[], StoppingCriterion]:
    """A fresh criterion for each search."""
    return lambda: MultipleCriteria([MaxIterations(effort.most), NoImprovement(effort.idle)])


def solved(
    vans: Sequence[Van],
    visits: Sequence[Visit],
    ways: Matrices,
    *,
    now: Rows,
    stop: Callable[[], StoppingCriterion],
    seed: int = 1,
) -> Rows:
    """By van the visits in order; who is in none was left out. `now`: the plan to start from."""
    if not visits or not vans:
        return {van.id: [] for van in vans}
    everybody = _search(_Problem(vans, visits, ways, now, prized=False), now, stop(), seed)
    if everybody is not None:
        return everybody
    begin = _as_many_as_fit(Board(vans, visits, ways), now)
    some = _search(_Problem(vans, visits, ways, begin, prized=True), begin, stop(), seed)
    return begin if some is None else some


def _search(problem: "_Problem", start: Rows, stop: StoppingCriterion, seed: int) -> Rows | None:
    """The best that can be driven, or None."""
    found = solve(
        problem.data,
        stop,
        seed=seed,
        collect_stats=False,
        params=ONE_VAN if len(problem.vans) == 1 else MANY_VANS,
        initial_solution=problem.start(start),
    ).best
    return problem.rows(found) if found.is_feasible() else None


def _as_many_as_fit(board: Board, now: Rows) -> Rows:
    """One by one where they cost least: never more than the vans can do."""
    empty: Rows = {van: [] for van in board.vans}
    rows = empty | now if board.is_good(now) else empty
    there = {v for order in rows.values() for v in order}
    return with_all_that_fit(board, rows, sorted(board.visits.keys() - there))


def _square(of: Sequence[Sequence[int]], places: Sequence[int]) -> "np.ndarray[Any, Any]":
    return np.array([[of[a][b] for b in places] for a in places], dtype=np.int64)


class _Problem:
    """The library's view: visits by number; vans that are alike are one type of vehicle."""

    def __init__(
        self,
        vans: Sequence[Van],
        visits: Sequence[Visit],
        ways: Matrices,
        now: Rows,
        *,
        prized: bool,
    ) -> None:
        self.vans, self.visits, self.now = vans, visits, now
        self.number = {visit.id: at for at, visit in enumerate(visits)}
        self.from_s = min(van.leaves for van in vans)
        self.depots = sorted({p for van in vans for p in (van.start, van.end)})
        places = sorted({*self.depots, *(visit.place for visit in visits)})
        self.row = {place: at for at, place in enumerate(places)}
        self.metres = _square(ways.m, places)
        self.seconds = _square(ways.s, places)
        self.worst = int(self.metres.max()) if places else 0
        self.profiles = self._profiles()
        self.types: dict[tuple[int, ...], list[Van]] = {}
        for van in vans:
            self.types.setdefault(self._kind(van), []).append(van)
        self.data = ProblemData(
            [Location(0, 0) for _ in places],
            [self._client(visit, prized=prized) for visit in visits],
            [Depot(self.row[place]) for place in self.depots],
            [self._vehicle(alike) for alike in self.types.values()],
            [self.metres for _ in self.profiles],
            [self._seconds_for(aboard) for aboard in self.profiles],
        )

    def _profiles(self) -> list[str]:
        """One for the vans that carry nothing yet, one for each that does."""
        return ["", *sorted({v.aboard for v in self.visits} - {""})]

    def _seconds_for(self, van: str) -> "np.ndarray[Any, Any]":
        """Goods aboard one van cannot be delivered by another: the way there takes for ever."""
        theirs = [self.row[v.place] for v in self.visits if v.aboard not in ("", van)]
        ours = {self.row[v.place] for v in self.visits if v.aboard in ("", van)}
        seconds = self.seconds.copy()
        seconds[:, [row for row in theirs if row not in ours]] = _NEVER
        np.fill_diagonal(seconds, 0)
        return seconds

    def _client(self, visit: Visit, *, prized: bool) -> Client:
        return Client(
            self.row[visit.place],
            delivery=[visit.weight_g, visit.parcels],
            service_duration=visit.service_s,
            tw_early=max(0, visit.opens - self.from_s),
            tw_late=max(0, min(visit.closes, FAR) - self.from_s),
            prize=self._prize(visit) if prized else 0,
            required=not prized,
        )

    def _prize(self, visit: Visit) -> int:
        """Above any detour, so that nobody who fits is left out for metres."""
        return 2 * max(1, self.worst) * (101 + visit.worth) // 100

    def _kind(self, van: Van) -> tuple[int, ...]:
        profile = self.profiles.index(van.id) if van.id in self.profiles else 0
        return (profile, van.start, van.end, van.leaves, van.back, van.weight_g, van.parcels)

    def _vehicle(self, alike: Sequence[Van]) -> VehicleType:
        van = alike[0]
        return VehicleType(
            len(alike),
            capacity=[van.weight_g, van.parcels],
            start_depot=self.depots.index(van.start),
            end_depot=self.depots.index(van.end),
            tw_early=van.leaves - self.from_s,
            tw_late=max(van.leaves, min(van.back, FAR)) - self.from_s,
            profile=self._kind(van)[0],
        )

    def start(self, now: Rows) -> Solution | None:
        """Today's order as the library's, where there is one."""
        routes = []
        for kind, alike in enumerate(self.types.values()):
            for van in alike:
                here = now.get(van.id, ())
                order = [self.number[v] for v in here if v in self.number]
                routes += [Route(self.data, order, kind)] if order else []
        return Solution(self.data, routes) if routes else None

    def rows(self, found: Solution) -> Rows:
        """Of vans that are alike each drives the order that is most like its own of today."""
        rows: Rows = {van.id: [] for van in self.vans}
        free = [list(alike) for alike in self.types.values()]
        for route in found.routes():
            order = [self.visits[a.idx].id for a in route.schedule() if a.is_client()]
            rows[_most_like(free[route.vehicle_type()], order, self.now).id] = order
        return rows


def _most_like(free: list[Van], order: Sequence[str], now: Rows) -> Van:
    """Takes it out of `free`."""
    same = [len(set(order) & set(now.get(van.id, ()))) for van in free]
    return free.pop(same.index(max(same)))
