"""What one commit promises, on both databases."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.kernel.errors import Refusal
from server.kernel.feeds import PROJECTORS, Row, RowSink
from server.store import tables as t
from server.store.prepared import Prepared
from server.store.store import Store
from server.store.tx import FEED_ROWS_PER_VERSION, RowsNotMade, Tx
from server.store.writer import ONE_FATE
from tests.floor_site import table
from tests.stores import open_store


class Count(Row):
    n: int


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        yield opened


def test_two_commits_that_touch_the_same_thing_show_it_with_both_changes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(sink: RowSink, keys: Iterable[str]) -> None:
        n = sink.conn.execute(sa.select(sa.func.count()).select_from(t.counter)).scalar()
        time.sleep(0.2)
        for key in keys:
            sink.put("b:main", "count", key, Count(n))

    monkeypatch.setitem(PROJECTORS, "slow", slow)
    begun = threading.Event()

    def job(name: str, tx: Tx) -> None:
        tx.next_number("main", name)
        tx.touch("main", "slow", "all")
        begun.set()

    first = store.writer.run(lambda tx: job("a", tx))
    begun.wait(5)  # taken alone: a group would be one commit
    second = store.writer.run(lambda tx: job("b", tx))
    first.result(timeout=10)
    second.result(timeout=10)
    assert [r["body"] for r in table(store, "SELECT body FROM feed")] == ['{"n":2}']


def test_a_large_commit_is_spread_over_versions_and_done_comes_last(store: Store) -> None:
    def job(tx: Tx) -> None:
        tx.put("main", "d:k1", "done", "", 7)
        for i in range(2 * FEED_ROWS_PER_VERSION):
            tx.put("main", "b:main", "count", str(i), Count(i))

    store.run_sync(job)
    per_version = table(store, "SELECT ver, COUNT(*) AS n FROM feed GROUP BY ver ORDER BY ver")
    assert [r["n"] for r in per_version] == [FEED_ROWS_PER_VERSION, FEED_ROWS_PER_VERSION, 1]
    done = table(store, "SELECT ver FROM feed WHERE kind = 'done'")[0]["ver"]
    clock = table(store, "SELECT ver FROM site_clock")[0]["ver"]
    assert done == clock == 3


def test_a_job_that_fails_leaves_nothing_and_does_not_hurt_its_group(store: Store) -> None:
    def bad(tx: Tx) -> None:
        tx.next_number("main", "bad")
        tx.put("main", "b:main", "count", "bad", Count(1))
        raise Refusal("malformed")

    def fine(tx: Tx) -> int:
        tx.put("main", "b:main", "count", "fine", Count(1))
        return tx.next_number("main", "fine")

    failed, done = store.writer.run(bad), store.writer.run(fine)
    assert done.result(timeout=10) == 1
    with pytest.raises(Refusal):
        failed.result(timeout=10)
    assert [r["key"] for r in table(store, "SELECT key FROM feed")] == ["fine"]
    assert [r["name"] for r in table(store, "SELECT name FROM counter")] == ["fine"]


def test_rows_that_cannot_be_made_fail_only_the_job_that_touched_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(sink: RowSink, keys: Iterable[str]) -> None:
        raise ValueError(f"no rows for {list(keys)} of {sink.site}")

    monkeypatch.setitem(PROJECTORS, "broken", broken)
    gate = threading.Event()
    waiting = store.writer.run(lambda _tx: gate.wait(5))
    bad = store.writer.run(lambda tx: tx.touch("main", "broken", "x"))
    good = store.writer.run(lambda tx: tx.next_number("main", "good"))
    gate.set()
    waiting.result(timeout=10)
    assert good.result(timeout=10) == 1
    with pytest.raises(RowsNotMade, match="no rows"):
        bad.result(timeout=10)


class Held:
    """Everything that is handed in meanwhile goes into one commit."""

    def __init__(self, store: Store) -> None:
        self._gate, begun = threading.Event(), threading.Event()

        def hold(_tx: Tx) -> None:
            begun.set()
            self._gate.wait(5)

        self._holding = store.writer.run(hold)
        begun.wait(5)

    def let_go(self) -> None:
        self._gate.set()
        self._holding.result(timeout=10)


def test_who_shares_a_commit_with_a_job_that_fails_is_run_again_with_savepoints(
    store: Store,
) -> None:
    runs: list[str] = []

    def fine(name: str, tx: Tx) -> int:
        runs.append(name)
        tx.put("main", "b:main", "count", name, Count(1))
        tx.insert_later(t.reader, {"name": name, "site": "main", "ver": 0, "seq": 0})
        return tx.next_number("main", name)

    def bad(tx: Tx) -> None:
        fine("bad", tx)
        raise Refusal("malformed")

    held = Held(store)
    first = store.writer.run(lambda tx: fine("first", tx))
    failed = store.writer.run(bad)
    last = store.writer.run(lambda tx: fine("last", tx))
    held.let_go()
    assert (first.result(timeout=10), last.result(timeout=10)) == (1, 1)
    with pytest.raises(Refusal):
        failed.result(timeout=10)
    assert runs == ["first", "bad", "first", "bad", "last"]
    for found in ("SELECT key AS k FROM feed", "SELECT name AS k FROM reader"):
        assert sorted(r["k"] for r in table(store, found)) == ["first", "last"]
    assert len(table(store, "SELECT DISTINCT ver FROM feed")) == 1


def test_a_job_that_nobody_has_to_undo_needs_no_savepoint(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    points: list[str] = []
    original = Tx._savepoint

    def noted(tx: Tx, name: str) -> AbstractContextManager[None]:
        points.append(name)
        return original(tx, name)

    monkeypatch.setattr(Tx, "_savepoint", noted)
    held = Held(store)
    few = [store.writer.run(lambda tx, i=i: tx.next_number("main", str(i))) for i in range(3)]  # type: ignore[misc]
    held.let_go()
    assert [f.result(timeout=10) for f in few] == [1, 1, 1]
    assert points == []
    held = Held(store)
    many = [
        store.writer.run(lambda tx, i=i: tx.next_number("main", str(i)))  # type: ignore[misc]
        for i in range(ONE_FATE + 1)
    ]
    held.let_go()
    assert all(f.result(timeout=10) for f in many)
    assert points == ["job"] * (ONE_FATE + 1)


def test_a_prepared_statement_takes_lists_of_any_length(store: Store) -> None:
    asked = Prepared(
        sa.select(t.counter.c.name, t.counter.c.value)
        .where(
            t.counter.c.name.in_(sa.bindparam("names", expanding=True)),
            t.counter.c.site == sa.bindparam("site"),
        )
        .order_by(t.counter.c.value)
    )

    def job(tx: Tx) -> None:
        for i in range(5):
            tx.next_number("main", f"c{i}", by=i + 1)
        for length in (1, 2, 3, 4, 5, 900, 1_500):
            names = [f"c{i}" for i in range(length)]
            found = asked.mappings(tx.conn, {"names": names, "site": "main"})
            assert found == [{"name": f"c{i}", "value": i + 1} for i in range(min(5, length))]

    store.run_sync(job)
