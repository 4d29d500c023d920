"""Starting the demo again, and orders that arrive while it runs."""

import asyncio
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from server.auth.tables import person
from server.demo import trickle
from server.demo.opening import NotADemo, open_site, open_store
from server.demo.seed import Seeded
from server.demo.terminal import welcome
from server.insights.integrity import findings
from server.inventory.tables import stock
from server.orders.tables import order_line, orders
from server.store.store import Store

Opened = tuple[Store, Seeded]


def count(store: Store) -> int:
    found = sa.select(sa.func.count()).select_from(orders)
    return store.run_sync(lambda tx: int(tx.conn.execute(found).scalar_one()))


def test_a_second_start_keeps_the_site_and_makes_new_pins(opened: Opened) -> None:
    store, first = opened
    second = open_site(store)
    assert count(store) == 42
    assert {p.badge for p in second.people} == {p.badge for p in first.people}
    hashes = store.run_sync(
        lambda tx: {
            r.id: r.pin_hash for r in tx.conn.execute(sa.select(person.c.id, person.c.pin_hash))
        }
    )
    for someone in second.people:
        assert PasswordHasher().verify(hashes[someone.id], someone.pin)
    assert [p.pin for p in sorted(first.people, key=lambda p: p.id)] != [
        p.pin for p in sorted(second.people, key=lambda p: p.id)
    ]


def test_fresh_begins_anew_and_touches_only_a_demos_folder(tmp_path: Path) -> None:
    store = open_store(tmp_path / "demo", fresh=False)
    open_site(store)
    store.close()
    store = open_store(tmp_path / "demo", fresh=True)
    assert count(store) == 0
    store.close()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("keep")
    with pytest.raises(NotADemo, match="other files"):
        open_store(mine, fresh=True)
    assert (mine / "letter.txt").read_text() == "keep"


def test_the_terminal_is_told_every_pin_badge_and_code(opened: Opened) -> None:
    text = welcome(opened[1], "http://localhost:8000")
    for someone in opened[1].people:
        assert someone.pin in text
        assert someone.badge in text
    assert text.count("/#enrol=") == 4


def test_orders_keep_arriving_with_goods_for_them(opened: Opened) -> None:
    store, _ = opened
    chance = Random(3)
    for _ in range(60):
        assert store.run_sync(lambda tx: trickle.one_more(tx, "main", chance))
    assert count(store) == 102
    ordered = sa.select(order_line.c.sku, sa.func.sum(order_line.c.qty)).group_by(order_line.c.sku)
    lies = sa.select(stock.c.sku, sa.func.sum(stock.c.qty)).group_by(stock.c.sku)
    have = dict(store.run_sync(lambda tx: [tuple(r) for r in tx.conn.execute(lies)]))
    wanted = store.run_sync(lambda tx: [tuple(r) for r in tx.conn.execute(ordered)])
    assert all(have[sku] >= qty for sku, qty in wanted)
    assert findings(store) == []


def test_a_demo_left_alone_takes_no_more_than_it_can_hold(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trickle, "WAITING_AT_MOST", 20)
    chance = Random(3)
    taken = [opened[0].run_sync(lambda tx: trickle.one_more(tx, "main", chance)) for _ in range(5)]
    assert taken == [True, True, False, False, False]


def test_the_trickle_runs_until_it_is_cancelled(opened: Opened) -> None:
    store, _ = opened

    async def run() -> None:
        arriving = asyncio.create_task(trickle.trickle(store, "main", 6000, Random(1)))
        while count(store) < 45:  # noqa: ASYNC110  the commit tells nobody here
            await asyncio.sleep(0.01)
        arriving.cancel()

    asyncio.run(asyncio.wait_for(run(), 20))
