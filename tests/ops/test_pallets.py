"""Cartons onto pallets; and what a site may say of its packing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.kernel.gs1_checks import has_check_digit
from server.packing.ops import BuildPallet
from server.store.store import Store
from tests.floor_site import table
from tests.floor_work import APPLIED
from tests.packing_work import CARTONS, Bench, furnish, put
from tests.picking_work import row_of
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        furnish(opened)
        yield opened


def ready(store: Store) -> list[str]:
    found = table(store, "SELECT number FROM pallet WHERE state = 'ready' ORDER BY number")
    return [r["number"] for r in found]


def pallet_of(bench: Bench, number: str, *parcels: str, built: bool = False) -> Any:
    op = BuildPallet(pallet=number, parcels=list(parcels), built=built)
    return bench.packer.say("packing.build_pallet.v1", op)


def test_cartons_stand_on_a_pallet_with_a_number_of_its_own(store: Store) -> None:
    bench = Bench(store, "P-20", MUG=2)
    first, second = bench.numbers[:2]
    assert bench.check("MUG", 1, first) == APPLIED
    assert bench.seal(first) == APPLIED
    assert bench.check("MUG", 1, second) == APPLIED
    assert bench.close(second) == APPLIED
    number, other = ready(store)
    assert has_check_digit(number)
    assert pallet_of(bench, number, first) == APPLIED
    assert pallet_of(bench, number, second) == APPLIED
    on = "SELECT number FROM parcel WHERE pallet = :p ORDER BY no"
    assert [r["number"] for r in table(store, on, p=number)] == [second]
    assert pallet_of(bench, number, first, second, built=True) == APPLIED
    assert [r["number"] for r in table(store, on, p=number)] == [first, second]
    assert row_of(store, "u:packer", "pallet", number) is None
    assert len(ready(store)) == 2
    assert pallet_of(bench, number, first) == ("diverted", "pallet_built")
    assert pallet_of(bench, other, "P-77") == ("diverted", "parcel_not_for_pallet")
    assert pallet_of(bench, "P-PL999999", first) == ("diverted", "pallet_unknown")


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("cartons", [{**CARTONS[0], "fill": 120}], "value[0].fill"),
        ("cartons", [{"code": "S"}], "value[0]"),
        ("gs1", {"prefix": "12a"}, "value.prefix"),
        ("packing", {"tolerance": 3}, "value"),
        ("packing_guide", [{"when": {"fragile": "yes"}}], "value[0].when.fragile"),
    ],
)
def test_a_setting_that_packing_cannot_read_is_refused_by_name(
    store: Store, key: str, value: Any, where: str
) -> None:
    said = put(store, key, value)
    assert (str(said.outcome), said.code) == ("refused", "malformed")
    assert (said.data["value"], said.data["field"]) == (key, where)
    assert said.data["mend"]
