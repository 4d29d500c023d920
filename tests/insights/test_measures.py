"""Figures kept by day are those that the log tells, and the ones that people would count."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.cli import main
from server.demo.many.crew import push_together
from server.demo.many.lives import Clock, Lives, Shares
from server.demo.many.measuring import shares, summed
from server.demo.many.seeding import day_of
from server.demo.many.shapes import shapes_in
from server.insights.measures import following
from server.insights.measures.following import catch_up, next_step, read_to, take_step, write
from server.insights.measures.rebuilding import measure_findings
from server.insights.measures.rules import DAY_MS
from server.store.replay import replay_commits
from server.store.store import Store
from server.store.tables import reader
from tests.floor_site import SITE, good, order_of, scalar, system, table
from tests.stores import open_store
from tests.sync.engine.recorded import live as record

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
END = day_of("2026-03-01")
OFTEN = Shares(cancelled=0.1, short=0.5, late=0.2, refused=0.1, returned=0.2)


def live(store: Store, clock: Clock, days: int = 2, each: int = 40) -> None:
    lives = Lives(
        store,
        clock,
        shapes_in(None),
        site=SITE,
        seed=7,
        people=30,
        shares=OFTEN,
        pushing=push_together,
    )
    for _ in range(days):
        lives.day(each)
        clock.now += DAY_MS


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """Two days, counted some events at a time. Its tests only read."""
    clock = Clock(END)
    with open_store(request.param, tmp_path_factory.mktemp("days"), clock) as opened:
        live(opened, clock)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(following, "AT_ONCE", 37)
            assert catch_up(opened) > 10
        yield opened


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a site where a few orders have lived and nothing is counted."""
    folder, clock = tmp_path_factory.mktemp("morning"), Clock(END)
    with open_store("sqlite", folder, clock) as opened:
        live(opened, clock, days=1, each=6)
    return folder / "site.db"


@pytest.fixture
def small(morning: Path, tmp_path: Path) -> Iterator[Store]:
    """A site of its own, like that."""
    shutil.copy(morning, tmp_path)
    with open_store("sqlite", tmp_path, Clock(END + 10 * 3_600_000)) as opened:
        yield opened


def counted(store: Store, dimension: str = "") -> Counter[str]:
    found = "SELECT what, sum(n) AS n FROM measure WHERE dimension = :d GROUP BY what"
    return Counter({r["what"]: int(r["n"]) for r in table(store, found, d=dimension)})


def test_figures_are_those_that_the_rows_tell(store: Store) -> None:
    got = counted(store)
    states = Counter(r["state"] for r in table(store, "SELECT state FROM orders"))
    assert got["received"] == sum(states.values()) == 80
    assert got["delivered"] == states["delivered"] > 50
    assert got["cancelled"] == states["cancelled"] > 0
    late = "SELECT count(*) FROM orders WHERE state = 'delivered' AND delivered_at > due_at"
    assert got["late"] == scalar(store, late) > 0
    cycle = "SELECT sum((delivered_at - placed_at) / 60000) FROM orders WHERE state = 'delivered'"
    assert got["cycle_min"] == scalar(store, cycle) > 0
    assert got["problems"] == scalar(store, "SELECT count(*) FROM discrepancy") > 0
    assert got["returns"] == scalar(store, "SELECT count(*) FROM rma") > 0
    assert got["pieces"] == scalar(store, "SELECT sum(picked) FROM pick_line") > got["lines"] > 80
    assert got["pick_ms"] > 0
    assert got["walked_dm"] > 0
    of_people = counted(store, "person")
    assert of_people["lines"] == got["lines"]
    assert counted(store, "destination")["delivered"] == got["delivered"]


def test_what_each_life_counts_for_adds_up_to_the_site(store: Store) -> None:
    """The bulk seeder tells lives again by their shares."""
    each = store.run_sync(lambda tx: shares(tx.conn, SITE, read_to(tx.conn, SITE)))
    found = "SELECT dimension, member, day, what, n FROM measure WHERE n <> 0"
    kept = {(r["dimension"], r["member"], r["day"], r["what"]): r["n"] for r in table(store, found)}
    assert {place: n for place, n in summed(each.values()).items() if n} == kept
    one = next(o for o, share in each.items() if share.orders)
    del each[one]
    assert summed(each.values()) != kept


def test_made_again_from_the_log_they_are_equal(store: Store) -> None:
    assert measure_findings(store.url) == []


@pytest.fixture(scope="module")
def whole_life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every operation there is, counted."""
    with open_store("sqlite", tmp_path_factory.mktemp("life")) as opened:
        record(opened)
        catch_up(opened)
        yield opened


def rows(store: Store) -> list[Counter[Any]]:
    asked = (
        "SELECT * FROM measure WHERE n <> 0",
        "SELECT * FROM measured_order",
        "SELECT * FROM measured_task",
    )
    return [Counter(tuple(r.values()) for r in table(store, each)) for each in asked]


def test_of_every_operation_there_is_the_figures_follow_from_the_log(whole_life: Store) -> None:
    assert measure_findings(whole_life.url) == []
    assert {"complaints", "faulty", "returned"} <= set(counted(whole_life, "destination")) | set(
        counted(whole_life, "product")
    )


def test_however_late_the_log_is_read_the_figures_are_the_same(
    whole_life: Store, tmp_path: Path
) -> None:
    """Once at the end of it all, and again after each single commit."""
    once = rows(whole_life)
    assert all(once[:2])
    with open_store("sqlite", tmp_path) as again:
        with whole_life.write_engine.connect() as books:
            for at, _ in enumerate(replay_commits(books, again.write_engine)):
                if at == 0:  # places in the log are copied: this one is to be read from its start
                    again.run_sync(lambda tx: tx.conn.execute(sa.delete(reader)))
                catch_up(again)
        assert rows(again) == once


@pytest.mark.parametrize(
    ("by_hand", "named"),
    [
        ("UPDATE measure SET n = n + 1 WHERE what = 'delivered' AND dimension = ''", "measure "),
        (
            "DELETE FROM measure WHERE what = 'lines' AND dimension = 'person'",
            "measure main/person/",
        ),
        ("UPDATE measured_order SET due_at = due_at + 1", "measured_order "),
        ("INSERT INTO measured_task VALUES ('t', 'main', 'p', 1, 1, '')", "measured_task t"),
        ("DELETE FROM event WHERE kind = 'picking.line_picked'", "measure"),
        ("UPDATE measured_order SET work_ms = work_ms + 1", "measured_order "),
        ("UPDATE measure SET n = n + 1 WHERE what = 'cartons' AND dimension = '$'", "measure "),
    ],
)
def test_what_was_changed_by_hand_is_named(small: Store, by_hand: str, named: str) -> None:
    catch_up(small)
    assert measure_findings(small.url) == []
    changed = small.run_sync(lambda tx: tx.conn.execute(sa.text(by_hand)).rowcount)
    assert changed > 0
    found = measure_findings(small.url)
    assert found
    assert all(f.what.startswith(named) for f in found)


def test_a_step_that_is_taken_twice_counts_once(small: Store) -> None:
    """As when two nodes have read the same part of the log."""
    store = small
    step = store.run_sync(lambda tx: next_step(tx.conn, tx.conn, SITE))
    assert step
    assert store.run_sync(lambda tx: take_step(tx, step))
    once = rows(store)
    assert not store.run_sync(lambda tx: take_step(tx, step))
    assert rows(store) == once
    catch_up(store)
    assert measure_findings(store.url) == []
    store.run_sync(lambda tx: write(tx.conn, SITE, step.counted))
    assert measure_findings(store.url), "and a follower that forgets its place is found out"


def test_days_begin_by_the_sites_clock_from_when_it_is_set(small: Store) -> None:
    catch_up(small)
    before = table(small, "SELECT DISTINCT day FROM measure WHERE what = 'ended'")
    assert [r["day"] for r in before] == [END // DAY_MS]
    setting = PutSetting(key="promises", value={"timezone": "Pacific/Kiritimati"})
    good(system(small, "catalog.put_setting.v1", setting))
    evening = END + 12 * 3_600_000
    sku = scalar(small, "SELECT min(sku) FROM item")
    late = msgspec.structs.replace(order_of("LATE", **{sku: 1}), placed_at=evening)
    small.writer._clock = Clock(evening)
    good(system(small, "orders.import_order.v1", late))
    catch_up(small)
    placed = "SELECT max(day) AS day FROM measure WHERE what = 'received'"
    assert scalar(small, placed) == END // DAY_MS + 1, "it is fourteen hours ahead"
    assert measure_findings(small.url) == []


def test_the_command_says_whether_the_figures_follow_from_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(tmp_path / "blobs"))
    url = f"sqlite:///{tmp_path / 'site.db'}"
    assert main(["seed", "--db", url, "--orders", "5", "--until", "2026-03-01"]) == 0
    assert main(["check", "measures", "--db", url]) == 0
    assert "the figures follow from the log" in capsys.readouterr().out
    with sqlite3.connect(tmp_path / "site.db") as books:
        books.execute("UPDATE measure SET n = 7 WHERE what = 'delivered' AND dimension = ''")
    assert main(["check", "measures", "--db", url]) == 1
    assert "measures_follow_from_the_log: measure main//" in capsys.readouterr().out
