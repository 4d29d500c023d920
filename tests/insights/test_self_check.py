"""The books check themselves in their time; what does not hold is on the desk, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.exceptions.findings import MOST, unchecked_sites
from server.insights.finding import Finding
from server.insights.self_check import SelfCheck, check, report
from server.store.store import Store
from tests.exception_work import settle
from tests.floor_site import SITE, Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED
from tests.run_work import HOUR, Clock
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        yield opened


def damage(store: Store) -> None:
    one = "UPDATE stock SET qty = qty + 1 WHERE bin = 'A01-1-1' AND sku = 'MUG'"
    store.run_sync(lambda tx: tx.conn.execute(sa.text(one)))


def due(store: Store, clock: Clock) -> list[str]:
    return store.run_sync(lambda tx: unchecked_sites(tx.conn, clock.at))


def on_desk(store: Store) -> list[str]:
    found = "SELECT body FROM discrepancy WHERE kind = 'books_not_sound' AND state = 'open'"
    return [r["body"] for r in table(store, found)]


async def test_what_does_not_hold_comes_onto_the_desk_from_a_process_of_its_own(
    store: Store, clock: Clock
) -> None:
    damage(store)
    worker = SelfCheck(store)
    try:
        assert await worker.check_once() == 1
        (body,) = on_desk(store)
        assert "stock_is_sum_of_movements" in body
        assert "A01-1-1" in body
        assert await worker.check_once() == 0
        clock.at += 24 * HOUR
        assert await worker.check_once() == 1
    finally:
        await worker.stop()
    assert len(on_desk(store)) == 1


async def test_sound_books_leave_the_desk_empty_and_the_check_is_written_down(
    store: Store, clock: Clock
) -> None:
    assert check(store.url) == []
    store.run_sync(lambda tx: report(tx, [SITE], []))
    assert on_desk(store) == []
    assert scalar(store, "SELECT at FROM self_check") == clock.at


def test_it_is_time_by_the_setting(store: Store, clock: Clock) -> None:
    assert due(store, clock) == [SITE]
    store.run_sync(lambda tx: report(tx, [SITE], []))
    clock.at += 24 * HOUR - 1
    assert due(store, clock) == []
    clock.at += 1
    assert due(store, clock) == [SITE]
    never = PutSetting(key="exceptions", value={"check_hours": 0})
    good(system(store, "catalog.put_setting.v1", never))
    assert due(store, clock) == []


def test_a_finding_that_was_settled_and_is_still_true_comes_back(store: Store) -> None:
    found = [Finding("moved_is_booked", "main/A1\x00/MUG", "1", "2")]
    for _ in range(2):
        store.run_sync(lambda tx: report(tx, [SITE], found))
    assert len(on_desk(store)) == 1
    case = table(store, "SELECT id FROM discrepancy")[0]["id"]
    assert settle(Handheld(store, "supervisor"), case) == APPLIED
    store.run_sync(lambda tx: report(tx, [SITE], found))
    assert len(on_desk(store)) == 1


def test_no_flood_reaches_the_desk(store: Store) -> None:
    many = [Finding("log_has_no_gap", f"dev-{n}", "1") for n in range(MOST + 20)]
    store.run_sync(lambda tx: report(tx, [SITE], many))
    assert len(on_desk(store)) == MOST
    assert scalar(store, "SELECT found FROM self_check") == MOST + 20
