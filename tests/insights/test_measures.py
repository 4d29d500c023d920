"""Figures kept by day are those that the log tells, and the ones that people would count."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.demo.many.crew import push_together
from server.demo.many.lives import Clock, Lives, Shares
from server.demo.many.measuring import shares, summed
from server.demo.many.seeding import day_of
from server.demo.many.shapes import shapes_in
from server.insights.measures import following
from server.insights.measures.following import catch_up, read_to
from server.insights.measures.rebuilding import measure_findings
from server.store.store import Store
from tests.floor_site import SITE, scalar, table
from tests.stores import open_store

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
        clock.now += 86_400_000


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    clock = Clock(END)
    with open_store(request.param, tmp_path, clock) as opened:
        live(opened, clock)
        yield opened


def counted(store: Store, dimension: str = "") -> Counter[str]:
    found = "SELECT what, sum(n) AS n FROM measure WHERE dimension = :d GROUP BY what"
    return Counter({r["what"]: int(r["n"]) for r in table(store, found, d=dimension)})


def test_figures_are_those_that_the_rows_tell(store: Store) -> None:
    assert catch_up(store) > 1
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
    catch_up(store)
    each = store.run_sync(lambda tx: shares(tx.conn, SITE, read_to(tx.conn, SITE)))
    found = "SELECT dimension, member, day, what, n FROM measure WHERE n <> 0"
    kept = {(r["dimension"], r["member"], r["day"], r["what"]): r["n"] for r in table(store, found)}
    assert {place: n for place, n in summed(each.values()).items() if n} == kept
    one = next(o for o, share in each.items() if share.orders)
    del each[one]
    assert summed(each.values()) != kept


def test_made_again_from_the_log_they_are_equal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "AT_ONCE", 37)
    catch_up(store)
    monkeypatch.setattr(following, "AT_ONCE", 400)
    assert measure_findings(store.url) == []
