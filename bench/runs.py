"""Delivery runs against Solomon's 56 instances, and one driver's day against a long solve.

Each instance is solved in `SECONDS` of wall time and the distance compared with the best known by
distance alone; the processor's time that was had is told beside it, for the machine may be shared.
One driver's day is cut from an instance by a seed; its windows are widened until one van makes all
calls. `DOCKHAND_BENCH_QUICK=1`: every seventh instance and two days.
"""

import json
import math
import os
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import msgspec
from pyvrp.stop import MaxRuntime

from bench.figure import Figure, at_most, told
from server.pod.arranging import Board, Rows
from server.pod.journeys import Matrices, Van, Visit, drive, faults
from server.pod.keeping import Threshold, choose
from server.pod.offers import Effort
from server.pod.solving import by_iterations, solved

DATA = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data")) / "vrptw"
QUICK = os.environ.get("DOCKHAND_BENCH_QUICK") == "1"
SECONDS = 5.0
LONG_S, SHORT_S = 60.0, 1.0
DAYS = (15, 20, 25, 30, 35, 40, 45, 50, 55, 60)
"""Stops of one driver's days."""
SCALE = 1000
"""The literature reckons with fractions of a unit."""


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

    def solve(self, seconds: float, seed: int = 1) -> tuple[Rows, float]:
        """The rows, and the processor's seconds for them."""
        began = time.process_time()
        found = solved(
            self.vans, self.visits, self.ways, now={}, stop=lambda: MaxRuntime(seconds), seed=seed
        )
        return found, time.process_time() - began


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
    """One driver with so many of its customers: each window grows by a tenth of the day at a time,
    and the shift with it, until the product's own short solve serves all."""
    chosen = random.Random(seed).sample(instance.visits, stops)
    van = msgspec.structs.replace(instance.vans[0], weight_g=10**9)
    step = van.back // 10
    for wider in range(40):
        day = van.back + wider * step
        visits = [
            msgspec.structs.replace(
                v, opens=max(0, v.opens - wider * step), closes=min(day, v.closes + wider * step)
            )
            for v in chosen
        ]
        made = replace(
            instance,
            name=f"{instance.name}/{stops}",
            vans=[msgspec.structs.replace(van, back=day)],
            visits=visits,
        )
        rows = solved(
            made.vans, visits, made.ways, now={}, stop=by_iterations(Effort(most=2_000, idle=2_000))
        )
        if not made.faults(rows):
            return made
    raise AssertionError(f"{instance.name}: no day of {stops} stops was found")


def days() -> Iterator[Instance]:
    names = sorted(path.stem for path in (DATA / "solomon_100").glob("*.txt"))
    wanted = DAYS[::5] if QUICK else DAYS
    for at, stops in enumerate(wanted):
        name = names[(at * 11 + stops) % len(names)]
        yield day_of(load(DATA / "solomon_100" / f"{name}.txt"), stops, seed=stops)


def run() -> list[Figure]:
    if not (DATA / "best_known.json").exists():
        print("  shared/data/vrptw is missing")
        return []
    return [*_solomon(), *_one_driver(), *_replanned()]


def _solomon() -> list[Figure]:
    best: dict[str, dict[str, Any]] = json.loads((DATA / "best_known.json").read_text("utf-8"))
    paths = sorted((DATA / "solomon_100").glob("*.txt"))[:: 7 if QUICK else 1]
    over, cpu, bad = [], [], 0
    for path in paths:
        instance = load(path)
        rows, had = instance.solve(SECONDS)
        known = SCALE * float(best[f"{instance.name}_distance"]["best_known_cost"])
        bad += instance.faults(rows) > 0
        over.append(100 * (instance.metres(rows) / known - 1))
        cpu.append(had)
        print(f"    {instance.name}: {over[-1]:.2f} % over, {had:.1f} CPU s", flush=True)
    return [
        at_most(f"runs: Solomon in 5 s, mean of {len(over)}", mean(over), "% over", 1),
        told("runs: Solomon in 5 s, worst", max(over), "% over"),
        told("runs: Solomon in 5 s, CPU had", mean(cpu), "s"),
        at_most("runs: Solomon, plans that cannot be driven", bad, "plans", 0),
    ]


def _one_driver() -> list[Figure]:
    over, product, cpu, bad = [], [], [], 0
    for day in days():
        long_m = day.metres(day.solve(LONG_S, seed=2)[0])
        rows, had = day.solve(SHORT_S)
        short_m = day.metres(rows)
        own = solved(day.vans, day.visits, day.ways, now={}, stop=by_iterations(Effort()))
        bad += (day.faults(rows) > 0) + (day.faults(own) > 0)
        best = min(long_m, short_m)
        over.append(100 * (short_m / best - 1))
        product.append(100 * (day.metres(own) / best - 1))
        cpu.append(had)
        print(f"    {day.name}: {over[-1]:.2f} % over, product {product[-1]:.2f} %", flush=True)
    return [
        at_most("runs: one driver in 1 s, over 60 s at worst", max(over), "% over", 0.5),
        told("runs: one driver in 1 s, CPU had", mean(cpu), "s"),
        told("runs: one driver, by iterations, at worst", max(product), "% over"),
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
