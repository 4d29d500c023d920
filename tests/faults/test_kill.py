"""P1 and P2 under `kill -9`: what was answered is there, once; nobody's hand is needed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.sabotage import POINTS
from tests.faults.site import Site

pytestmark = pytest.mark.faults
CYCLES = 30
ENOUGH = 2_500
MOST_CYCLES = 10 * CYCLES
SOAK_CYCLES = 1_000


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.server.kill()


@pytest.mark.parametrize("part", range(2))
def test_killed_thirty_times_under_load_nothing_acknowledged_is_lost_or_doubled(
    site: Site, part: int
) -> None:
    """A slow machine does less in a life: it is killed more often, until enough is proven."""
    cycles = 0
    while cycles < CYCLES or (site.acknowledged < ENOUGH and cycles < MOST_CYCLES):
        site.cycle(part * MOST_CYCLES + cycles)
        cycles += 1
    site.settle()
    assert site.losses() == []
    assert site.acknowledged >= ENOUGH


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
