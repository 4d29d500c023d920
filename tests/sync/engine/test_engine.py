"""The real exchange under a bad network, on SQLite and on two nodes over one PostgreSQL."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from server.store import feed, tx
from server.store.replay import check_replay
from server.store.store import Store
from server.sync import exchange
from tests.faults.sabotage import no_dedupe
from tests.floor_site import table
from tests.stores import open_store
from tests.sync.engine.books import assert_all_holds
from tests.sync.engine.fleet import Fleet

SEEDS = range(4)
STEPS = 25


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages and versions so small that nearly every answer takes several of them."""
    monkeypatch.setattr(feed, "PAGE_ROWS", 12)
    monkeypatch.setattr(tx, "FEED_ROWS_PER_VERSION", 10)
    feed._page_statement.cache_clear()
    yield
    feed._page_statement.cache_clear()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def nodes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Store]]:
    with ExitStack() as stack:
        first = stack.enter_context(open_store(request.param, tmp_path))
        opened = [first]
        if request.param == "postgres":
            second = Store(first.url, tmp_path / "blobs")
            stack.callback(second.close)
            opened.append(second)
        yield opened


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_floor_under_a_bad_network_comes_to_rest_with_all_invariants(
    nodes: list[Store], seed: int
) -> None:
    fleet = Fleet(nodes, random.Random(seed))
    fleet.open(devices=4)
    asyncio.run(fleet.shift(STEPS))
    assert_all_holds(fleet)
    assert_something_happened(fleet)
    assert check_replay(nodes[0].url).differences == []


def test_without_dedupe_the_same_shift_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "push", exchange.push)  # put back afterwards
    no_dedupe()
    # Ids made of (device, n) are the second barrier: they collide before the books are wrong. On a
    # slow machine a shift may happen to send nothing twice; hardly five of them.
    with pytest.raises((AssertionError, IntegrityError)):
        _shifts_and_checks(tmp_path, 5)


def _shifts_and_checks(tmp_path: Path, count: int) -> None:
    for seed in range(1, count + 1):
        folder = tmp_path / str(seed)
        folder.mkdir()
        with open_store("sqlite", folder) as store:
            fleet = Fleet([store], random.Random(seed))
            fleet.open(devices=4)
            _shift_and_check(fleet)


def _shift_and_check(fleet: Fleet) -> None:
    asyncio.run(asyncio.wait_for(fleet.shift(STEPS), 30))
    assert_all_holds(fleet)


def assert_something_happened(fleet: Fleet) -> None:
    seen = table(fleet.store, "SELECT DISTINCT kind, outcome, code FROM op")
    assert len({r["kind"] for r in seen}) >= 8
    assert {"applied", "diverted"} <= {r["outcome"] for r in seen}


@pytest.mark.postgres
@pytest.mark.faults
def test_connections_cut_by_the_database_lose_and_double_nothing(tmp_path: Path) -> None:
    """`pg_terminate_backend` on whoever is there, at any moment: 503, and the same again."""
    with open_store("postgres", tmp_path) as store:
        fleet = Fleet([store], random.Random(7))
        fleet.open(devices=4)
        cut = asyncio.run(_shift_with_cuts(fleet))
        assert cut > 0
        assert_all_holds(fleet)


async def _shift_with_cuts(fleet: Fleet) -> int:
    working = asyncio.create_task(fleet.work_on(STEPS))
    cut = 0
    while not working.done():
        await asyncio.sleep(0.05)
        cut += await asyncio.to_thread(_cut_connections, fleet.store.url)
    await working
    await fleet.settle()
    return cut


def _cut_connections(url: str) -> int:
    statement = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as conn:
        return len(conn.execute(statement).fetchall())
