"""`dockhand check` and `export`: sound books say so, and each kind of damage is named."""

import contextlib
import csv
import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from server.demo.seed import seed
from server.insights.exports import COLUMNS, export_orders
from server.insights.integrity import findings
from server.inventory.ops import ReceiveStock
from server.store.store import Store
from tests.floor_site import Handheld, build, scalar
from tests.stores import open_store


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store("sqlite", tmp_path_factory.mktemp("books")) as store:
        seed(store)
        yield store


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as store:
        seed(store, orders=4, wave=2)
        yield store


def test_a_seeded_site_agrees_with_itself(pristine: Store) -> None:
    assert findings(pristine) == []


def test_who_names_a_grant_of_somebody_else_damages_nothing(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
        said = picker.envelope(
            "inventory.receive_stock.v1", ReceiveStock(bin="A01-1-1", sku="MUG", qty=1)
        )
        picker.push(msgspec.structs.replace(said, sid=f"sid-{packer.id}"))
        assert picker.n == 1
        assert findings(store) == []


def test_a_check_waits_for_no_writer_and_keeps_none_waiting(damaged: Store) -> None:
    with contextlib.closing(sqlite3.connect(damaged.url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        assert findings(damaged) == []


ILLEGAL_MOVE = """
UPDATE event SET body = replace(body, '"after":"released"', '"after":"shipped"')
WHERE kind = 'orders.moved'
"""


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("UPDATE stock SET qty = qty + 1 WHERE bin = 'A03-01-1'", "stock_is_sum_of_movements"),
        ("DELETE FROM stock WHERE bin = 'A03-01-1'", "stock_is_sum_of_movements"),
        ("UPDATE orders SET state = 'lost' WHERE state = 'confirmed'", "order_state_is_known"),
        ("UPDATE orders SET state = 'hold' WHERE state <> 'hold'", "order_stands_where_it_moved"),
        (ILLEGAL_MOVE, "order_moves_legally"),
        ("DELETE FROM op WHERE n = 7", "log_has_no_gap"),
        ("UPDATE device SET last_n = last_n + 1", "log_ends_where_the_device_does"),
        ("UPDATE op SET body = '{}' WHERE n = 7", "log_is_what_came"),
        ("UPDATE op SET hash = 'x' WHERE n = 7", "log_is_what_came"),
    ],
)
def test_damage_is_named_by_the_rule_it_breaks(damaged: Store, damage: str, rule: str) -> None:
    changed = damaged.run_sync(lambda tx: int(tx.conn.execute(sa.text(damage)).rowcount))
    assert changed > 0
    assert rule in {f.rule for f in findings(damaged)}


def test_an_export_holds_every_order_once_and_calculates_nothing(damaged: Store) -> None:
    formula = sa.text("UPDATE orders SET customer_name = '=1+1' WHERE number LIKE '%000001'")
    damaged.run_sync(lambda tx: tx.conn.execute(formula))
    out = io.StringIO()
    every = scalar(damaged, "SELECT count(*) FROM orders")
    assert export_orders(damaged, "main", out) == every > 4
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert len({row["number"] for row in rows}) == every
    assert rows[0]["customer_name"] == "'=1+1"
    assert rows[0]["placed_at"].endswith("Z")


def test_an_export_of_many_pages_loses_none(
    pristine: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.insights.exports.PAGE", 7)
    every = scalar(pristine, "SELECT count(*) FROM orders")
    assert export_orders(pristine, "main", io.StringIO()) == every > 28
