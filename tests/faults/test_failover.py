"""P1 on PostgreSQL: the primary dies, its standby takes over, and nothing acknowledged is lost.

Operations that nobody lost are sent again from where the device was told `done`; an operation that
was told and lost would leave a gap in the log for ever, so one look at the end sees them all."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from server.store.store import Store
from tests.faults.cluster import Cluster, cluster
from tests.faults.forked import Forked
from tests.faults.load import Witness, all_work, hand_over_all, losses, witnesses
from tests.faults.site import STARTED_WITH
from tests.floor_site import build

pytestmark = [pytest.mark.faults, pytest.mark.postgres]

DEVICES = 8
BEFORE_S, FROZEN_S, BACK_WITHIN_S = 1.5, 1.0, 10.0


@dataclass
class Site:
    """Served by one process that knows both databases; nobody tells it of the failover."""

    both: Cluster
    folder: Path
    fleet: list[Witness]
    server: Forked

    @property
    def acknowledged(self) -> int:
        return sum(w.done for w in self.fleet)

    @property
    def statuses(self) -> set[int]:
        return {status for w in self.fleet for status in w.statuses}

    def health(self) -> tuple[int, str]:
        got = httpx.get(f"{self.server.base}/health", timeout=20)
        return got.status_code, got.json()["store"]

    def losses(self) -> list[str]:
        store = Store(self.both.url, self.folder / "blobs")
        try:
            return losses(store, self.fleet, STARTED_WITH)
        finally:
            store.close()

    async def work_through_a_failover(self, after_s: float) -> float | None:
        """Seconds from the promotion to the next acknowledgement; None when there was none."""
        working = asyncio.create_task(all_work(self.fleet, self.server, random.Random(1), 60))
        await asyncio.sleep(BEFORE_S)
        await asyncio.to_thread(self.both.fail_over, FROZEN_S)
        clock = asyncio.get_running_loop().time
        promoted, before, back = clock(), self.acknowledged, None
        while back is None and clock() < promoted + after_s:
            await asyncio.sleep(0.02)
            back = clock() - promoted if self.acknowledged > before else None
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        return back


@contextmanager
def replicated_site(folder: Path, *, synchronous: bool) -> Iterator[Site]:
    with cluster(synchronous=synchronous) as both:
        store = Store(both.url, folder / "blobs")
        build(store)
        fleet = witnesses(store, DEVICES)
        store.close()
        server = Forked(both.url, folder)
        server.start()
        try:
            yield Site(both, folder, fleet, server)
        finally:
            server.kill()


def test_a_primary_that_dies_takes_nothing_acknowledged_with_it(tmp_path: Path) -> None:
    with replicated_site(tmp_path, synchronous=True) as site:
        back = asyncio.run(site.work_through_a_failover(BACK_WITHIN_S))
        assert back is not None
        assert back <= BACK_WITHIN_S
        asyncio.run(hand_over_all(site.fleet, site.server))
        assert all(w.done == len(w.ops) for w in site.fleet)
        assert site.losses() == []
        assert site.statuses == {200, 503}  # who got no answer was told to wait, and sent again
        assert site.acknowledged >= 300


def test_without_the_synchronous_standby_the_loss_is_noticed(tmp_path: Path) -> None:
    with replicated_site(tmp_path, synchronous=False) as site:
        asyncio.run(site.work_through_a_failover(1.0))
        assert "P1" in {loss.split()[0] for loss in site.losses()}
        assert 409 in site.statuses  # devices that know more than the new primary say so
        assert site.health() == (503, "rewound")


def test_while_the_standby_hears_nothing_no_commit_is_answered_and_health_is_red(
    tmp_path: Path,
) -> None:
    with replicated_site(tmp_path, synchronous=True) as site:
        assert site.health() == (200, "ok")
        receiver = site.both.standby.receiver()
        receiver.suspend()
        time.sleep(1.1)  # what was found a moment ago is not looked for again
        assert site.health() == (503, "cannot_write")
        receiver.resume()
        time.sleep(1.1)
        assert site.health() == (200, "ok")
