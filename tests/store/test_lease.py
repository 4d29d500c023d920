"""Of the nodes on one store one is at something, and none for ever."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.store import lease
from server.store import tables as t
from server.store.store import Store
from tests.floor_site import table
from tests.stores import open_store

MS = 60_000
START = 1_000_000


class Clock:
    at = START

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """Another node on the same store."""
    node = Store(store.url, store.blobs, store.clock)
    yield node
    node.close()


def claims(store: Store, node: str, key: str = "w1", kind: str = "wave") -> bool:
    return store.run_sync(lambda tx: lease.claim(tx, kind, key, node, MS))


def gives_back(store: Store, node: str, key: str = "w1") -> None:
    store.run_sync(lambda tx: lease.give_back(tx, "wave", key, node))


def held(store: Store) -> list[tuple[str, str, str]]:
    rows = table(store, "SELECT * FROM lease ORDER BY kind, key")
    return [(r["kind"], r["key"], r["node"]) for r in rows]


def is_free(store: Store, key: str = "w1") -> bool:
    def look(conn: sa.Connection) -> bool:
        asked = sa.select(lease.free("wave", sa.literal(key), "now"))
        return bool(conn.execute(asked, {"now": store.clock()}).scalar())

    return store.run_sync(lambda tx: look(tx.conn))


def test_what_one_node_is_at_is_free_for_nobody_not_for_itself_either(store: Store) -> None:
    assert is_free(store)
    assert claims(store, "one")
    assert not is_free(store)
    assert not claims(store, "two")
    assert not claims(store, "one")


def test_each_kind_and_key_is_leased_by_itself(store: Store) -> None:
    assert claims(store, "one")
    assert is_free(store, "w2")
    assert claims(store, "two", "w2")
    assert claims(store, "two", kind="run plan")


def test_one_that_ran_out_may_be_claimed_by_another_and_not_a_moment_sooner(
    store: Store, clock: Clock
) -> None:
    assert claims(store, "one")
    clock.at = START + MS - 1
    assert (is_free(store), claims(store, "two")) == (False, False)
    clock.at = START + MS
    assert (is_free(store), claims(store, "two")) == (True, True)
    assert held(store) == [("wave", "w1", "two")]
    clock.at += MS - 1
    assert not claims(store, "one"), "the second has its whole time"


def test_given_back_it_is_free_at_once(store: Store) -> None:
    assert claims(store, "one")
    gives_back(store, "one")
    assert is_free(store)
    assert claims(store, "two")


def test_who_was_too_slow_does_not_give_back_what_is_anothers_by_now(
    store: Store, clock: Clock
) -> None:
    assert claims(store, "one")
    clock.at += MS
    assert claims(store, "two")
    gives_back(store, "one")
    assert held(store) == [("wave", "w1", "two")]


def test_what_the_dead_left_behind_goes_and_nothing_else(store: Store, clock: Clock) -> None:
    assert claims(store, "dead", "w1")
    clock.at += MS
    assert claims(store, "one", "w2")
    assert claims(store, "one", "w3")
    gives_back(store, "one", "w3")
    assert held(store) == [("wave", "w2", "one")]


def raced(store: Store, other: Store) -> int:
    """How many of two nodes get it that claim the same in the same moment, fifty times."""
    got: list[str] = []

    def claim_all(node: Store, name: str) -> None:
        together.wait()
        got.extend(key for key in keys if claims(node, name, key))

    keys = [f"k{n}" for n in range(50)]
    together = threading.Barrier(2)
    nodes = [threading.Thread(target=claim_all, args=a) for a in ((store, "one"), (other, "two"))]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join()
    return len(got)


def test_of_two_nodes_that_claim_the_same_one_gets_it(store: Store, other: Store) -> None:
    assert raced(store, other) == 50
    assert len(held(store)) == 50


def test_sabotaged_without_its_condition_both_get_it(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    unconditional = lease._CLAIM.text.partition(" WHERE")[0]
    monkeypatch.setattr(lease, "_CLAIM", sa.text(unconditional))
    assert raced(store, other) == 100


def test_rows_of_a_table_are_free_or_not_one_by_one(store: Store) -> None:
    """As the workers ask: of many rows that wait, those that nobody is at."""
    add = sa.insert(t.meta)
    rows = [{"name": f"w{n}", "value": "waits"} for n in range(3)]
    store.run_sync(lambda tx: tx.conn.execute(add, rows))
    assert claims(store, "one", "w1")
    waiting = sa.select(t.meta.c.name).where(t.meta.c.value == "waits")
    waiting = waiting.where(lease.free("wave", t.meta.c.name, store.clock()))
    found = store.run_sync(lambda tx: list(tx.conn.execute(waiting).scalars()))
    assert sorted(found) == ["w0", "w2"]
