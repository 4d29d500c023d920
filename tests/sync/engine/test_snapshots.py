"""For every kind of operation: an old snapshot and the rows since are a fresh snapshot, and both
are what the tables say. And the log alone makes the same books again (I12)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.kernel.ops import REGISTRY
from server.packing.tables import pack_line
from server.store import tables as t
from server.store.replay import check_replay, replay_commits
from server.store.store import Store
from server.store.tx import Tx
from tests.floor_site import Handheld
from tests.stores import open_store
from tests.sync.engine.projection import rows_out_of_step
from tests.sync.engine.recorded import WATCHERS, live
from tests.sync.engine.twin import Twin, fresh


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store("sqlite", tmp_path_factory.mktemp("site")) as opened:
        live(opened)
        for who in WATCHERS:
            Handheld(opened, who, f"watch-{who}")
        yield opened


def watcher(store: Store, who: str) -> Twin:
    """A device that was enrolled elsewhere: it is copied into the store that is replayed."""
    handheld = object.__new__(Handheld)
    handheld.__dict__ |= {"store": store, "who": who, "id": f"watch-{who}", "n": 0, "sent": []}
    return Twin(handheld)


async def caught_up(twin: Twin, store: Store) -> Twin:
    while await twin.ask(store):
        pass
    return twin


def test_after_every_operation_the_rows_since_make_a_fresh_snapshot(
    site: Store, tmp_path: Path
) -> None:
    seen: set[str] = set()
    with open_store("sqlite", tmp_path) as again, site.write_engine.connect() as books:
        twins: list[Twin] = []
        for kinds in replay_commits(books, again.write_engine):
            twins = twins or [watcher(again, who) for who in WATCHERS]
            seen.update(kinds)
            for twin in twins:
                asyncio.run(caught_up(twin, again))
                other = asyncio.run(caught_up(fresh(twin), again))
                assert twin.rows == other.rows, (kinds, twin.id)
            assert rows_out_of_step(again) == [], kinds
    assert {name for name, _ in REGISTRY} - seen == set()


def test_the_log_alone_makes_the_same_books(site: Store) -> None:
    report = check_replay(site.url)
    assert report.operations > 40
    assert report.differences == []


def test_what_hangs_on_an_order_that_no_database_promises_is_noticed(
    site: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = sa.Select.order_by

    def order_by(self: sa.Select[Any], *by: Any) -> sa.Select[Any]:
        return self if any(c is pack_line.c.no for c in by) else ordered(self, *by)

    monkeypatch.setattr(sa.Select, "order_by", order_by)
    assert {d.table for d in check_replay(site.url).differences} == {"movement"}


def test_books_that_were_changed_behind_the_log_are_noticed(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        live(store)
        _change_behind_the_log(store)
        found = check_replay(store.url).differences
    assert [(d.table, d.side) for d in found] == [("stock", "books"), ("stock", "log")]


def _change_behind_the_log(store: Store) -> None:
    def job(tx: Tx) -> None:
        one = "UPDATE stock SET qty = qty + 1 WHERE bin = 'A01-1-1' AND sku = 'MUG'"
        tx.conn.execute(sa.text(one))

    store.run_sync(job)


def test_a_row_that_nobody_renewed_is_noticed(site: Store) -> None:
    def forget(tx: Tx) -> None:
        order_rows = sa.update(t.feed).where(t.feed.c.kind == "order")
        tx.conn.execute(order_rows.values(body='{"state":"of yesterday"}'))

    assert rows_out_of_step(site) == []
    before = site.run_sync(lambda tx: tx.conn.execute(sa.select(t.feed)).mappings().all())
    site.run_sync(forget)
    assert rows_out_of_step(site) != []
    site.run_sync(lambda tx: tx.conn.execute(sa.delete(t.feed)))
    site.run_sync(lambda tx: tx.conn.execute(sa.insert(t.feed), [dict(r) for r in before]))
