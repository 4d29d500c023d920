"""P1 and P2 under `kill -9`: what was answered is there, once; nobody's hand is needed."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.forked import Forked
from tests.faults.load import Witness, all_work, hand_over_all, losses, witnesses
from tests.faults.sabotage import POINTS
from tests.floor_site import build
from tests.stores import open_store

pytestmark = pytest.mark.faults
CYCLES = 30
SOAK_CYCLES = 1_000
STARTED_WITH = 50


class Site:
    """A built site of which no process is open, its server and its witnesses."""

    def __init__(self, folder: Path, devices: int = 8, sabotage: str = "") -> None:
        self.folder = folder
        with open_store("sqlite", folder) as store:
            build(store)
            self.fleet: list[Witness] = witnesses(store, devices)
            self.server = Forked(store.url, folder, sabotage)

    def cycle(self, seed: int, point: str = "", count: int = 0) -> float:
        """Start, work, die, restart later; returns the seconds to the first answer."""
        chance = random.Random(seed)
        seconds = self.server.start(point, count)
        longest = 5.0 if point else chance.uniform(0.02, 0.4)
        asyncio.run(all_work(self.fleet, self.server, chance, longest))
        self.server.kill()
        return seconds

    def settle(self) -> None:
        self.server.start()
        asyncio.run(hand_over_all(self.fleet, self.server))

    def losses(self) -> list[str]:
        with open_store("sqlite", self.folder) as store:
            return losses(store, self.fleet, STARTED_WITH)

    @property
    def acknowledged(self) -> int:
        return sum(w.done for w in self.fleet)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.server.kill()


@pytest.mark.parametrize("part", range(2))
def test_killed_thirty_times_under_load_nothing_acknowledged_is_lost_or_doubled(
    site: Site, part: int
) -> None:
    for cycle in range(CYCLES):
        site.cycle(part * CYCLES + cycle)
    site.settle()
    assert site.losses() == []
    assert site.acknowledged >= 2_500


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_nothing_acknowledged_is_lost_or_doubled(
    site: Site, point: str
) -> None:
    for count in (1, 2, 7):
        site.cycle(count, point, count)
    site.settle()
    assert site.losses() == []


@pytest.mark.parametrize(
    ("sabotage", "point", "promise"),
    [("answer_before_commit", "before_commit", "P1"), ("no_dedupe", "after_commit", "P2")],
)
def test_without_the_protection_the_same_kill_is_noticed(
    tmp_path: Path, sabotage: str, point: str, promise: str
) -> None:
    site = Site(tmp_path, sabotage=sabotage)
    try:
        for count in (3, 4, 5):
            site.cycle(count, point, count)
        before = site.losses()
        site.settle()
        found = [*before, *site.losses()]
    finally:
        site.server.kill()
    assert {loss.split()[0] for loss in found} & {promise}


@pytest.mark.soak
def test_killed_a_thousand_times(site: Site) -> None:
    for cycle in range(SOAK_CYCLES):
        site.cycle(cycle)
    site.settle()
    assert site.losses() == []
