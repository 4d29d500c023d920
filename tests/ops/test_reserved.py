"""What is reserved is what open lines ask for: never less than nothing, whatever comes twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.orders.ops import CancelOrder
from server.store.store import Store
from tests.floor_site import Handheld, build, table
from tests.floor_work import APPLIED, assert_stock_adds_up, lines
from tests.picking_work import in_hand, pick, place
from tests.stores import open_store

ELSEWHERE = "A02-2-1"
"""Where the books have no mugs."""


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def reserved(store: Store) -> dict[str, int]:
    found = table(store, "SELECT bin, SUM(allocated) AS n FROM stock GROUP BY bin")
    return {r["bin"]: int(r["n"]) for r in found if r["n"]}


def test_an_order_that_is_cancelled_twice_frees_its_goods_once(store: Store) -> None:
    _, _, first = in_hand(store, "D-1", MUG=3)
    chief = Handheld(store, "supervisor")
    assert reserved(store) == {"A01-1-1": 3}
    for _ in range(2):
        gone = CancelOrder(order=first, reason="customer")
        assert chief.say("orders.cancel_order.v1", gone) == APPLIED
        assert reserved(store) == {}


def test_goods_that_are_to_be_found_where_the_books_have_none_are_reserved_there(
    store: Store,
) -> None:
    picker, task, _ = in_hand(store, "D-2", MUG=3)
    line = lines(store, task)[0]
    body = {**place(line), "found": 1, "reason": "missing", "qty": 2, "to_bin": ELSEWHERE}
    assert picker.say("picking.pick_elsewhere.v1", body) == APPLIED
    assert reserved(store) == {ELSEWHERE: 2}
    (rest,) = (found for found in lines(store, task) if found["bin"] == ELSEWHERE)
    assert pick(picker, rest) == APPLIED
    assert reserved(store) == {}
    assert_stock_adds_up(store)
