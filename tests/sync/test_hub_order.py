"""The version of a row is the order of its commit, so a reader by cursor never skips one. Two
things see to it: one writer at a time, and a clock that is bumped last (docs/adr/0007)."""

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.kernel.feeds import Row
from server.store import engines
from server.store.store import Store
from server.store.tx import Tx
from server.sync.tail import read_on
from tests.stores import open_store

pytestmark = pytest.mark.postgres
COMMITS = 150


class Count(Row):
    n: int


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    with open_store("postgres", tmp_path) as first:
        second = Store(first.url, tmp_path / "second")
        try:
            yield first, second
        finally:
            second.close()


class Job:
    """Writes one row, and holds its transaction open for a while."""

    def __init__(self, key: str, seconds: float) -> None:
        self.key, self.seconds = key, seconds
        self.begun = threading.Event()

    def __call__(self, tx: Tx) -> None:
        tx.conn.execute(sa.select(1))
        self.begun.set()
        time.sleep(self.seconds)
        tx.put("main", "b:main", "count", self.key, Count(1))


@pytest.fixture
def many_writers(nodes: tuple[Store, Store]) -> None:
    """Without the lock: what the clock alone is good for."""
    for node in nodes:
        sa.event.remove(node.write_engine, "begin", engines._one_writer)


@pytest.mark.usefixtures("many_writers")
def test_a_commit_that_was_held_open_comes_after_those_that_overtook_it(
    nodes: tuple[Store, Store],
) -> None:
    first, second = nodes
    slow = Job("slow", 1.0)
    held = first.writer.run(slow)
    slow.begun.wait(5)
    second.run_sync(Job("quick", 0))
    assert not held.done()
    seen, at = asyncio.run(read_on(second, "main", 0))
    assert [r.key for r in seen] == ["quick"]
    held.result(timeout=10)
    later, _ = asyncio.run(read_on(second, "main", at))
    assert [r.key for r in later] == ["slow"]


def race(nodes: tuple[Store, Store]) -> tuple[set[str], set[str]]:
    """Keys that were committed on two nodes at once, and those that a reader by cursor saw."""
    chance = random.Random(16)
    futures = [
        node.writer.run(Job(f"{name}{i}", chance.choice((0, 0.001, 0.02))))
        for i in range(COMMITS)
        for name, node in zip("ab", nodes, strict=True)
    ]

    async def read() -> set[str]:
        seen: set[str] = set()
        at, last = 0, False
        while True:
            rows, at = await read_on(nodes[1], "main", at)
            seen.update(r.key for r in rows)
            if last:
                return seen
            last = all(f.done() for f in futures)

    seen = asyncio.run(read())
    for future in futures:
        future.result(timeout=10)
    return {f"{name}{i}" for i in range(COMMITS) for name in "ab"}, seen


@pytest.fixture
def one_job_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.writer.GROUP", 1)


@pytest.mark.usefixtures("one_job_a_commit")
def test_a_reader_by_cursor_sees_every_row_of_two_nodes(nodes: tuple[Store, Store]) -> None:
    committed, seen = race(nodes)
    assert seen == committed


@pytest.mark.usefixtures("one_job_a_commit", "many_writers")
def test_a_reader_by_cursor_sees_every_row_although_commits_race(
    nodes: tuple[Store, Store],
) -> None:
    committed, seen = race(nodes)
    assert seen == committed


@pytest.mark.usefixtures("one_job_a_commit", "many_writers")
def test_versions_from_a_sequence_would_lose_rows(
    nodes: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual way: a number at the beginning, without a lock that lasts until the commit."""
    nodes[0].run_sync(lambda tx: tx.conn.execute(sa.text("CREATE SEQUENCE loose")))
    begin = Tx.__init__

    def numbered(tx: Tx, conn: sa.Connection, *more: Any) -> None:
        begin(tx, conn, *more)
        tx.number = conn.execute(sa.text("SELECT nextval('loose')")).scalar_one()  # type: ignore[attr-defined]

    def loose(tx: Tx, site: str, _by: int) -> int:
        clock = "INSERT INTO site_clock (site, ver) VALUES (:site, :ver) ON CONFLICT (site) DO"
        clock += " UPDATE SET ver = GREATEST(site_clock.ver, excluded.ver)"
        ver = int(tx.number)  # type: ignore[attr-defined]
        tx.conn.execute(sa.text(clock), {"site": site, "ver": ver})
        return ver

    monkeypatch.setattr(Tx, "__init__", numbered)
    monkeypatch.setattr(Tx, "_bump", loose)
    committed, seen = race(nodes)
    assert committed - seen
