"""A site on disk, its server in a process of its own, and the devices that watch it."""

import asyncio
import random
from pathlib import Path

from tests.faults.forked import Forked
from tests.faults.load import Witness, all_work, hand_over_all, losses, witnesses
from tests.floor_site import build
from tests.stores import open_store

STARTED_WITH = 50


class Site:
    """While the server runs, no other process has the database open."""

    def __init__(self, folder: Path, devices: int = 8, sabotage: str = "") -> None:
        self.folder = folder
        with open_store("sqlite", folder) as store:
            build(store)
            self.fleet: list[Witness] = witnesses(store, devices)
            self.server = Forked(store.url, folder, sabotage)

    def work(self, chance: random.Random, seconds: float) -> None:
        asyncio.run(all_work(self.fleet, self.server, chance, seconds))

    def cycle(self, seed: int, point: str = "", count: int = 0) -> float:
        """Start, work, die; returns the seconds until it took connections."""
        chance = random.Random(seed)
        seconds = self.server.start(point, count)
        self.work(chance, 5.0 if point else chance.uniform(0.02, 0.4))
        self.server.kill()
        return seconds

    def settle(self) -> None:
        """All that waits is handed over; a server that is dead is started again."""
        if self.server.is_dead:
            self.server.start()
        asyncio.run(hand_over_all(self.fleet, self.server))

    def losses(self) -> list[str]:
        with open_store("sqlite", self.folder) as store:
            return losses(store, self.fleet, STARTED_WITH)

    @property
    def acknowledged(self) -> int:
        return sum(w.done for w in self.fleet)

    @property
    def statuses(self) -> set[int]:
        return {status for w in self.fleet for status in w.statuses}
