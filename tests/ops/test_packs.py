"""Outer packs: a scan of a case stands for its pieces."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.catalog.ops import PutItem
from server.catalog.packs import PutPacks
from server.inventory.ops import ReceiveStock
from server.store.store import Store
from tests.floor_site import ITEMS, Handheld, build, good, scalar, system
from tests.floor_work import APPLIED, lines
from tests.picking_work import finish, in_hand, pick, row_of, short
from tests.stores import open_store

CASE, PALLET = "14006381333938", "24006381333935"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def packs(store: Store, sizes: dict[str, int], sku: str = "MUG") -> tuple[str, str | None]:
    verdict = system(store, "catalog.put_packs.v1", PutPacks(sku=sku, packs=sizes))
    return verdict.outcome.value, verdict.code


def test_a_line_carries_the_packs_of_its_item_and_their_sizes(store: Store) -> None:
    assert packs(store, {CASE: 24, PALLET: 480}) == APPLIED
    _, task, _ = in_hand(store, "K-1", MUG=26)
    row = row_of(store, "u:picker", "line", f"{task}/1")
    assert row is not None
    assert row["packs"] == {CASE: 24, PALLET: 480}
    assert set(row["codes"]) == {ITEMS["MUG"], CASE, PALLET}


def test_packs_are_exactly_those_said_last(store: Store) -> None:
    assert packs(store, {CASE: 24, PALLET: 480}) == APPLIED
    assert packs(store, {CASE: 12}) == APPLIED
    assert scalar(store, "SELECT pieces FROM item_code WHERE code = :c", c=CASE) == 12
    assert scalar(store, "SELECT COUNT(*) FROM item_code WHERE code = :c", c=PALLET) == 0
    assert scalar(store, "SELECT pieces FROM item_code WHERE code = :c", c=ITEMS["MUG"]) == 1


def test_a_pack_belongs_to_one_item_that_is_known(store: Store) -> None:
    assert packs(store, {CASE: 24}, sku="NONE") == ("refused", "unknown_item")
    assert packs(store, {ITEMS["TEE"]: 24}) == ("refused", "code_belongs_to_another_item")
    one = {"sku": "MUG", "packs": {CASE: 1}}
    chief = Handheld(store, "supervisor")
    assert chief.say("catalog.put_packs.v1", one) == ("refused", "malformed")


def test_an_item_that_is_put_again_keeps_its_packs(store: Store) -> None:
    assert packs(store, {CASE: 24}) == APPLIED
    again = PutItem(sku="MUG", name="Mug", codes=[ITEMS["MUG"]])
    good(system(store, "catalog.put_item.v1", again))
    assert scalar(store, "SELECT pieces FROM item_code WHERE code = :c", c=CASE) == 24


def test_of_ten_cases_half_picked_half_of_the_pieces_are_on_the_order(store: Store) -> None:
    assert packs(store, {CASE: 24}) == APPLIED
    more = ReceiveStock(bin="A01-1-1", qty=240, code=CASE)
    good(system(store, "inventory.receive_stock.v1", more))
    picker, task, _ = in_hand(store, "K-2", MUG=240)
    (line,) = lines(store, task)
    assert short(picker, line, 120) == APPLIED
    assert finish(picker, task) == APPLIED
    assert scalar(store, "SELECT picked FROM order_line") == 120
    assert scalar(store, "SELECT 100 * picked / qty FROM order_line") == 50
    picker, task, _ = in_hand(store, "K-3", TEE=1)
    assert pick(picker, lines(store, task)[0]) == APPLIED
