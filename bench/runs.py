"""Delivery runs against Solomon's 56 instances, and one driver's day against a long solve.

Each instance has `SECONDS` of the processor, and the distance is compared with the best known by
distance alone. On a machine that is shared they take longer (`PATIENCE` times as long at most):
what had been found after as much wall time is told beside it. One driver's day is cut from an
instance by a seed; its windows are widened until one van can make all calls, by putting one after
the other where it costs least. `DOCKHAND_BENCH_QUICK=1`: every seventh instance and two days.
"""

import json
import math
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec
from pyvrp.stop import MaxRuntime, StoppingCriterion

from bench.figure import Figure, at_most, told
from server.pod.arranging import Board, Rows, with_all_that_fit
from server.pod.journeys import Matrices, Van, Visit, drive, faults
from server.pod.keeping import Threshold, choose
from server.pod.offers import Effort
from server.pod.solving import by_iterations, solved

DATA = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data")) / "vrptw"
QUICK = os.environ.get("DOCKHAND_BENCH_QUICK") == "1"
SECONDS = 5.0
PATIENCE = 2.5
LONG_S, SHORT_S = 60.0, 1.0
DAYS = (15, 20, 25, 30, 35, 40, 45, 50, 55, 60)
"""Stops of one driver's days."""
SCALE = 1000
"""The literature reckons with fractions of a unit."""


class Watch:
    """Stops after so many seconds of the processor; remembers the best cost at so much wall time.
    It runs from its first call, for the library's set-up is not searching."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._cpu = self._wall = 0.0
        self.had = 0.0
        self.by_the_wall: int | None = None

    def __call__(self, best_cost: int) -> bool:
        if not self._wall:
            self._cpu, self._wall = time.process_time(), time.monotonic()
        self.had = time.process_time() - self._cpu
        waited = time.monotonic() - self._wall
        if waited <= self._seconds or self.by_the_wall is None:
            self.by_the_wall = best_cost
        return self.had >= self._seconds or waited >= PATIENCE * self._seconds


@dataclass(frozen=True)
class Instance:
    """Row 0 of the matrices is the depot, row n the customer n."""

    name: str
    vans: list[Van]
    visits: list[Visit]
    ways: Matrices

    def faults(self, rows: Rows) -> int:
        """By the checker that knows no solver; what is left out counts, too."""
        of = {visit.id: visit for visit in self.visits}
        made = [drive(v, [of[n] for n in rows[v.id]], self.ways) for v in self.vans if rows[v.id]]
        served = sum(len(order) for order in rows.values())
        return len(faults(self.vans, self.visits, made)) + abs(len(self.visits) - served)

    def metres(self, rows: Rows) -> int:
        return Board(self.vans, self.visits, self.ways).all_metres(rows)

    def solve(self, stop: StoppingCriterion, seed: int = 1) -> Rows:
        return solved(self.vans, self.visits, self.ways, now={}, stop=lambda: stop, seed=seed)


def load(path: Path) -> Instance:
    """Solomon's text format: vehicles and capacity in line 5, then the depot and the customers."""
    lines = path.read_text("ascii").splitlines()
    number, capacity = map(int, lines[4].split())
    table = [[float(field) for field in line.split()] for line in lines[8:] if line.strip()]
    spots = [(row[1], row[2]) for row in table]
    ways = [[round(SCALE * math.dist(a, b)) for b in spots] for a in spots]
    day = round(SCALE * table[0][5])
    vans = [
        Van(id=f"v{n}", start=0, end=0, back=day, weight_g=capacity) for n in range(1, number + 1)
    ]
    return Instance(path.stem, vans, [_visit(row) for row in table[1:]], Matrices(m=ways, s=ways))


def _visit(row: Sequence[float]) -> Visit:
    opens, closes, service = (round(SCALE * field) for field in row[4:7])
    return Visit(
        id=f"{row[0]:.0f}",
        place=int(row[0]),
        opens=opens,
        closes=closes,
        service_s=service,
        weight_g=int(row[3]),
    )


def day_of(instance: Instance, stops: int, seed: int) -> Instance:
    """One driver with so many of its customers: each window, and the shift, grows by a twentieth
    of the day at a time until all fit."""
    chosen = random.Random(seed).sample(instance.visits, stops)
    van = msgspec.structs.replace(instance.vans[0], weight_g=10**9)
    for wider in range(200):
        by = wider * van.back // 20
        long = msgspec.structs.replace(van, back=van.back + by)
        visits = [
            msgspec.structs.replace(
                v, opens=max(0, v.opens - by), closes=min(long.back, v.closes + by)
            )
            for v in chosen
        ]
        board = Board([long], visits, instance.ways)
        rows = with_all_that_fit(board, {long.id: []}, [v.id for v in visits])
        if len(rows[long.id]) == stops:
            name = f"{instance.name}/{stops}"
            return replace(instance, name=name, vans=[long], visits=visits)
    raise AssertionError(f"{instance.name}: no day of {stops} stops was found")


@cache
def days() -> tuple[Instance, ...]:
    names = sorted(path.stem for path in (DATA / "solomon_100").glob("*.txt"))
    wanted = DAYS[::5] if QUICK else DAYS
    return tuple(
        day_of(_load(names[(at * 11 + stops) % len(names)]), stops, seed=stops)
        for at, stops in enumerate(wanted)
    )


def _load(name: str) -> Instance:
    return load(DATA / "solomon_100" / f"{name}.txt")


def run() -> list[Figure]:
    if not (DATA / "best_known.json").exists():
        print("  shared/data/vrptw is missing")
        return []
    return [*_solomon(), *_one_driver(), *_replanned()]


def _solomon() -> list[Figure]:
    best: dict[str, dict[str, Any]] = json.loads((DATA / "best_known.json").read_text("utf-8"))
    paths = sorted((DATA / "solomon_100").glob("*.txt"))[:: 7 if QUICK else 1]
    over, by_the_wall, had, bad = [], [], [], 0
    for path in paths:
        instance, watch = load(path), Watch(SECONDS)
        rows = instance.solve(watch)
        known = SCALE * float(best[f"{instance.name}_distance"]["best_known_cost"])
        bad += instance.faults(rows) > 0
        over.append(100 * (instance.metres(rows) / known - 1))
        by_the_wall.append(100 * ((watch.by_the_wall or 0) / known - 1))
        had.append(watch.had)
        print(
            f"    {instance.name}: {over[-1]:.2f} % over in {had[-1]:.1f} CPU s,"
            f" {by_the_wall[-1]:.2f} % after 5 s",
            flush=True,
        )
    return [
        at_most(f"runs: Solomon in 5 CPU s, mean of {len(over)}", mean(over), "% over", 1),
        told("runs: Solomon in 5 CPU s, worst", max(over), "% over"),
        told("runs: Solomon in 5 s by the wall, mean", mean(by_the_wall), "% over"),
        told("runs: Solomon, CPU had, mean", mean(had), "s"),
        at_most("runs: Solomon, plans that cannot be driven", bad, "plans", 0),
    ]


def _one_driver() -> list[Figure]:
    over, product, had, bad = [], [], [], 0
    for day in days():
        watch = Watch(SHORT_S)
        rows = day.solve(watch)
        own = solved(day.vans, day.visits, day.ways, now={}, stop=by_iterations(Effort()))
        long_m = day.metres(day.solve(MaxRuntime(LONG_S), seed=2))
        short_m, own_m = day.metres(rows), day.metres(own)
        bad += (day.faults(rows) > 0) + (day.faults(own) > 0)
        best = min(long_m, short_m, own_m)
        over.append(100 * (short_m / best - 1))
        product.append(100 * (own_m / best - 1))
        had.append(watch.had)
        print(
            f"    {day.name}: {over[-1]:.2f} % over in {had[-1]:.1f} CPU s,"
            f" by iterations {product[-1]:.2f} %",
            flush=True,
        )
    return [
        at_most("runs: one driver in 1 CPU s, over 60 s at worst", max(over), "% over", 0.5),
        told("runs: one driver, CPU had, mean", mean(had), "s"),
        told("runs: one driver by the site's iterations, at worst", max(product), "% over"),
        at_most("runs: one driver, plans that cannot be driven", bad, "plans", 0),
    ]


def _replanned() -> list[Figure]:
    """A stop more on a day that is planned: how many stand elsewhere, and that it is repeatable."""
    found = [_a_stop_more(day) for day in days()]
    return [
        at_most("runs: changed from run to run", sum(not same for same, _ in found), "plans", 0),
        told("runs: a stop more moved others", sum(moved for _, moved in found), "days"),
    ]


def _a_stop_more(day: Instance) -> tuple[bool, bool]:
    """Whether two solves say the same, and whether the others change their order."""
    van, new = day.vans[0].id, day.visits[-1].id

    def solve(visits: list[Visit], now: Rows) -> Rows:
        return solved(day.vans, visits, day.ways, now=now, stop=by_iterations(Effort()))

    now = solve(day.visits[:-1], {})
    again = solve(day.visits, now)
    kept = choose(
        Board(day.vans, day.visits, day.ways), now, again, Threshold(percent=10, metres=0)
    )
    same = again == solve(day.visits, now)
    return same, [v for v in kept[van] if v != new] != now[van]
