"""Batches of waves against the best known, and against carts filled as orders came."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

from bench.figure import Figure, at_least, at_most
from server.picking.batching import BatchOrder, Capacity, batch
from server.picking.geometry import Crossing, Layout
from server.picking.routes import cost

DATA = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data")) / "routing"
CPU_S = 10.0
OVER_BEST = {50: 2.0, 100: 3.0}
"""Percent, by the number of orders."""


class Wave:
    """One instance and what was made of it. `cpu_s`: of the batching alone."""

    def __init__(self, instance: dict[str, Any]) -> None:
        house = instance["warehouse"]
        self.layout = Layout(
            house["aisles"],
            house["aisle_gap"],
            tuple(house["block_lengths"]),
            Crossing(**house["depot"]),
        )
        self.id: str = instance["id"]
        self.reference: dict[str, Any] = instance["reference"]
        self.orders = [self._order(order) for order in instance["orders"]]
        cart = instance["cart"]
        self.capacity = Capacity(totes=cart["orders"], weight_g=cart["weight_g"])
        began = time.process_time()
        self.carts = self.batch()
        self.cpu_s = time.process_time() - began

    def batch(self) -> list[list[str]]:
        return batch(self.layout, self.layout.start, self.orders, self.capacity)

    def _order(self, order: dict[str, Any]) -> BatchOrder:
        at = self.layout.at
        spots = tuple(at(p["aisle"], p["block"], p["offset"]) for p in order["lines"])
        return BatchOrder(id=str(order["id"]), spots=spots, weight_g=order["weight_g"])

    @property
    def dm(self) -> int:
        """Priced cart by cart, not by the batching itself."""
        spots, start = {o.id: o.spots for o in self.orders}, self.layout.start
        tours = ([s for order in cart for s in spots[order]] for cart in self.carts)
        return sum(round(10 * cost(self.layout, start, start, tour)) for tour in tours)

    @property
    def over(self) -> float:
        """Percent over the best known."""
        best = self.reference.get("optimal") or self.reference["best"]
        return 100 * (self.dm / int(best) - 1)

    @property
    def under_arrival(self) -> float:
        """Percent under carts filled as orders came, walked by S-shape."""
        return 100 * (1 - self.dm / int(self.reference["fcfs_s_shape"]))


def run() -> list[Figure]:
    if not (DATA / "wave_small_exact.json").exists():
        print("  shared/data/routing is missing")
        return []
    small = list(_waves("wave_small_exact.json"))
    large = {n: list(_waves(f"wave_a*_n{n}_*.json")) for n in OVER_BEST}
    both = [wave for waves in large.values() for wave in waves]
    optimal = 100 * sum(wave.dm == wave.reference["optimal"] for wave in small) / len(small)
    changed = sum(wave.batch() != wave.carts for wave in small)
    return [
        *(figure for n, waves in large.items() for figure in _over(n, waves)),
        at_most("waves: slowest, CPU", max(wave.cpu_s for wave in both), "s", CPU_S),
        at_least("waves: small ones optimal", optimal, "%", 90),
        at_least("waves: under arrival order", mean(w.under_arrival for w in both), "%", 40),
        at_most("waves: changed from run to run", changed, "waves", 0),
    ]


def _over(orders: int, waves: list[Wave]) -> Iterator[Figure]:
    most = OVER_BEST[orders]
    yield at_most(f"waves: {orders} orders, over the best", mean(w.over for w in waves), "%", most)
    worst = max(w.over for w in waves)
    yield at_most(f"waves: {orders} orders, over at worst", worst, "%", most)


def _waves(pattern: str) -> Iterator[Wave]:
    for path in sorted(DATA.glob(pattern)):
        for instance in json.loads(path.read_text("utf-8"))["instances"]:
            wave = Wave(instance)
            print(f"    {wave.id}: {wave.over:.2f} % over, {wave.cpu_s:.1f} CPU s", flush=True)
            yield wave
