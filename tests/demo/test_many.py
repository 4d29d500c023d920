"""A site seeded for its size: by the same operations as any other, faster but not otherwise."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.board.search import search
from server.board.story import tell
from server.board.tables import find_part, find_term
from server.cli import main
from server.demo.many.crew import Pushing, push_one_by_one, push_together
from server.demo.many.lives import Clock, Lives, Shares
from server.demo.many.seeding import NotEmpty, Wish, day_of, seed
from server.demo.many.shapes import shapes_in
from server.insights.measures.following import catch_up
from server.orders.tables import order_line, orders
from server.packing.tables import parcel, shipment
from server.pod.tables import stop
from server.store.replay import check_replay, compare
from server.store.store import Store
from server.store.tables import feed
from tests.data import data
from tests.floor_site import SITE, scalar, table
from tests.floor_work import assert_stock_adds_up
from tests.stores import Postgres, sqlite_url

END = day_of("2026-03-01")
OFTEN = Shares(cancelled=0.1, short=0.5, late=0.2, refused=0.1, returned=0.2)
"""So often that a few orders have everything."""


def lived(kind: str, folder: Path, days: list[int], pushing: Pushing, chance: int = 7) -> Store:
    folder.mkdir()
    url = f"sqlite:///{folder / 'site.db'}" if kind == "sqlite" else Postgres.fresh_database()
    clock = Clock(END - len(days) * 86_400_000)
    keys = folder.parent / "keys"  # a site's own signatures are of its key, which chance made
    store = Store(url, folder / "blobs", clock, keys)
    shapes = shapes_in(data("orders_olist").parent)
    lives = Lives(
        store, clock, shapes, site=SITE, seed=chance, people=60, shares=OFTEN, pushing=pushing
    )
    for count in days:
        lives.day(count)
        clock.now += 86_400_000
    return store


def rows_of_feed(store: Store) -> Counter[Any]:
    """Without their versions, which count commits."""
    columns = [c for c in feed.c if c.name != "ver"]
    found = store.run_sync(lambda tx: list(tx.conn.execute(sa.select(*columns))))
    return Counter(tuple(r) for r in found)


def differences(one: Store, other: Store) -> list[Any]:
    with one.write_engine.connect() as books, other.write_engine.connect() as log:
        told = compare(books, log)
    seen, wanted = rows_of_feed(one), rows_of_feed(other)
    return [*told, *(seen - wanted).elements(), *(wanted - seen).elements()]


@pytest.mark.data
@pytest.mark.parametrize(("kind", "days"), [("sqlite", [40, 40]), ("postgres", [15])])
def test_orders_seeded_together_are_row_by_row_those_pushed_one_by_one(
    kind: str, days: list[int], tmp_path: Path
) -> None:
    together = lived(kind, tmp_path / "together", days, push_together)
    alone = lived(kind, tmp_path / "alone", days, push_one_by_one)
    try:
        assert differences(together, alone) == []
        assert scalar(together, "SELECT count(*) FROM orders") == sum(days)
        commits = [scalar(s, "SELECT ver FROM site_clock") for s in (together, alone)]
        assert commits[0] * 10 < commits[1], "together is many operations in a commit"
        alone.run_sync(lambda tx: tx.conn.execute(sa.text("UPDATE parcel SET weight_g = 1")))
        assert differences(together, alone), "and whatever differs is seen"
    finally:
        together.close()
        alone.close()


@pytest.mark.data
def test_a_lived_site_has_everything_and_follows_from_its_log(tmp_path: Path) -> None:
    store = lived("sqlite", tmp_path / "a", [60], push_together)
    again = lived("sqlite", tmp_path / "b", [60], push_together)
    other = lived("sqlite", tmp_path / "c", [60], push_together, chance=8)
    try:
        assert check_replay(store.url).differences == []
        assert differences(store, again) == []
        assert differences(store, other)
        assert_stock_adds_up(store)
        states = {r["state"] for r in table(store, "SELECT state FROM orders")}
        assert states == {"delivered", "refused", "cancelled"}
        kinds = {r["kind"] for r in table(store, "SELECT kind FROM discrepancy")}
        assert kinds == {"delivery_refused", "return_asked", "short_pick"}
        late = "SELECT count(*) FROM stop s JOIN orders o ON o.id = s.order_id"
        assert 0 < scalar(store, f"{late} WHERE s.closed_at > o.due_at") < 60
        assert {r["state"] for r in table(store, "SELECT state FROM rma")} == {"received"}
        outcomes = table(store, "SELECT DISTINCT outcome FROM op")
        assert [r["outcome"] for r in outcomes] == ["applied"]
    finally:
        for each in (store, again, other):
            each.close()


@pytest.fixture(params=["sqlite", "postgres"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Store]:
    """20 orders lived, 230 told again."""
    url = sqlite_url(tmp_path) if request.param == "sqlite" else Postgres.fresh_database()
    wish = Wish(orders=250, lived=20, end=END)
    seed(url, tmp_path / "blobs", wish, report=lambda _: None)
    return lambda: Store(url, tmp_path / "blobs")


def test_lives_told_again_are_whole_and_found_like_all_others(told: Callable[[], Store]) -> None:
    store = told()
    try:
        assert scalar(store, "SELECT count(*) FROM orders") == 250
        assert scalar(store, "SELECT count(DISTINCT number) FROM orders") == 250
        known = sa.select(orders.c.id)
        for child in (order_line, shipment, parcel, stop):
            lost = sa.select(child.c.order_id).where(child.c.order_id.not_in(known))
            assert store.run_sync(lambda tx, q=lost: tx.conn.execute(q).all()) == []  # type: ignore[misc]
        gaps = "SELECT count(*) - max(n) FROM op GROUP BY device"
        assert {r[0] for r in store.run_sync(lambda tx: tx.conn.execute(sa.text(gaps)).all())} == {
            0
        }
        spread = "SELECT max(placed_at) - min(placed_at) FROM orders"
        assert scalar(store, spread) > 700 * 86_400_000
        oldest = table(store, "SELECT * FROM orders ORDER BY placed_at")[0]
        shown = store.run_sync(lambda tx: tell(tx.conn, store.blobs, SITE, oldest["id"]))
        assert shown.story[0].kind == "orders.received"
        assert all(0 <= m.at - oldest["placed_at"] < 2 * 86_400_000 for m in shown.story)
        for said in (oldest["number"], oldest["ref"], oldest["customer_name"]):
            found = store.run_sync(lambda tx, q=said: search(tx.conn, SITE, q, 50))  # type: ignore[misc]
            assert oldest["id"] in [o.id for o in found.orders], said
    finally:
        store.close()


def test_the_index_of_lives_told_again_is_the_one_that_the_projector_writes(
    told: Callable[[], Store],
) -> None:
    store = told()

    def index() -> list[Counter[Any]]:
        both = "SELECT * FROM find_term", "SELECT * FROM find_part"
        return [Counter(tuple(r.values()) for r in table(store, each)) for each in both]

    try:
        before = index()
        ids = [r["id"] for r in table(store, "SELECT id FROM orders")]
        for t in (find_term, find_part):
            store.run_sync(lambda tx, t=t: tx.conn.execute(sa.delete(t)))  # type: ignore[misc]
        for name in ("find_order", "find_parcel"):
            store.run_sync(lambda tx, n=name: [tx.touch(SITE, n, i) for i in ids])  # type: ignore[misc]
        assert index() == before
        assert len(before[0]) > 250
    finally:
        store.close()


def test_a_site_that_works_is_not_seeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(tmp_path / "blobs"))
    url = f"sqlite:///{tmp_path / 'site.db'}"
    command = ["seed", "--db", url, "--orders", "3", "--until", "2026-03-01"]
    assert main(command) == 0
    assert "3 orders lived" in capsys.readouterr().out
    assert main(command) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["seed", "--db", url, "--until", "soon"]) == 2
    assert main(["seed", "--db", url, "--orders", "0"]) == 2
    with pytest.raises(NotEmpty):
        seed(url, tmp_path / "blobs", Wish(orders=1))


def test_lives_told_again_count_in_the_figures_as_their_rows_say(
    told: Callable[[], Store],
) -> None:
    store = told()
    whole = "SELECT coalesce(sum(n), 0) FROM measure WHERE dimension = '' AND what = :what"
    try:
        before = table(store, "SELECT * FROM measure")
        for what, rows in {
            "received": "SELECT count(*) FROM orders",
            "delivered": "SELECT count(*) FROM orders WHERE state = 'delivered'",
            "cancelled": "SELECT count(*) FROM orders WHERE state = 'cancelled'",
            "late": "SELECT count(*) FROM stop s JOIN orders o ON o.id = s.order_id"
            " WHERE o.state = 'delivered' AND s.closed_at > o.due_at",
            "returns": "SELECT count(*) FROM rma",
        }.items():
            assert scalar(store, whole, what=what) == scalar(store, rows), what
        assert scalar(store, whole, what="delivered") > 200
        assert scalar(store, whole, what="pick_ms") > 250 * 8_000
        same = "SELECT count(*) FROM orders o JOIN measured_order m ON m.order_id = o.id"
        same += " AND m.customer = o.customer AND m.placed_at = o.placed_at"
        same += " AND m.due_at = o.due_at AND m.state = o.state"
        assert scalar(store, same) == 250
        assert catch_up(store) == 0, "nothing of it is counted a second time"
        assert table(store, "SELECT * FROM measure") == before
    finally:
        store.close()
