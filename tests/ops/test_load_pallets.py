"""One scan of a pallet's number loads what stands on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.packing.ops import BuildPallet
from server.pod.load_pallets import Carton, LoadPallet
from server.pod.loading import Depart, LoadParcel, ReportLoad
from server.pod.ops import PlanRun
from server.store.replay import check_replay
from server.store.store import Store
from tests.carrier_work import packed
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, kinds, take
from tests.picking_work import row_of
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


class Dock:
    """Three orders on a run that a driver holds; two of them stand on a pallet."""

    def __init__(self, store: Store, *, early: bool = False) -> None:
        self.store = store
        self.orders = [order(store, f"R-{n}", MUG=n) for n in (1, 2, 3)]
        packed(store)
        self.numbers = [self.parcel(each) for each in self.orders]
        self.pallet = str(scalar(store, "SELECT MIN(number) FROM pallet"))
        self.packer = Handheld(store, "packer", "bench-1")
        if early:
            assert self.build(*self.numbers[:2]) == APPLIED
        good(system(store, "pod.plan_run.v1", PlanRun()))
        self.driver = Handheld(store, "driver")
        take(self.driver, "drive")
        self.run = str(scalar(store, "SELECT id FROM run"))

    def build(self, *parcels: str) -> Any:
        op = BuildPallet(pallet=self.pallet, parcels=list(parcels), built=True)
        return self.packer.say("packing.build_pallet.v1", op)

    def parcel(self, order_id: str) -> str:
        wanted = "SELECT number FROM parcel WHERE order_id = :o"
        return str(scalar(self.store, wanted, o=order_id))

    def stop(self, number: str) -> str:
        return str(scalar(self.store, "SELECT stop FROM load WHERE parcel = :p", p=number))

    def shown(self, number: str) -> dict[str, Any]:
        row = row_of(self.store, "u:driver", "stop", self.stop(number)) or {}
        return dict(row["parcels"][0])

    def load(self, *numbers: str) -> Any:
        cartons = [Carton(stop=self.stop(n), parcel=n) for n in numbers]
        said = LoadPallet(run=self.run, pallet=self.pallet, parcels=cartons)
        return self.driver.say("pod.load_pallet.v1", said)

    def states(self) -> list[str]:
        found = table(self.store, "SELECT parcel, state FROM load")
        by = {r["parcel"]: r["state"] for r in found}
        return [by[n] for n in self.numbers]


@pytest.mark.parametrize("early", [True, False], ids=["built before", "built after"])
def test_the_driver_s_list_says_what_stands_on_the_pallet(store: Store, early: bool) -> None:
    dock = Dock(store, early=early)
    if not early:
        assert dock.shown(dock.numbers[0])["pallet"] == ""
        assert dock.build(*dock.numbers[:2]) == APPLIED
    on = [dock.shown(n)["pallet"] for n in dock.numbers]
    assert on == [dock.pallet, dock.pallet, ""]


def test_all_cartons_of_a_pallet_are_loaded_by_one_scan(store: Store) -> None:
    dock = Dock(store, early=True)
    one, two, _ = dock.numbers
    assert dock.load(one, two) == dock.load(one, two) == APPLIED
    assert dock.states() == ["loaded", "loaded", "planned"]
    assert [dock.shown(n)["loaded"] for n in dock.numbers] == [True, True, False]
    assert scalar(store, "SELECT state FROM run") == "loading"
    assert scalar(store, "SELECT state FROM parcel WHERE number = :n", n=one) == "loaded"
    told = "SELECT COUNT(DISTINCT key) FROM event WHERE kind = 'pod.parcel_loaded'"
    assert scalar(store, told) == 2
    assert kinds(store) == []
    assert check_replay(store.url).differences == []


def test_a_carton_that_is_not_on_the_pallet_stays_out_with_its_reason(store: Store) -> None:
    dock = Dock(store, early=True)
    one, two, three = dock.numbers
    assert dock.load(one, two) == APPLIED
    lost = ReportLoad(
        run=dock.run, stop=dock.stop(two), parcel=two, what="missing", reason="not_on_pallet"
    )
    assert dock.driver.say("pod.report_load.v1", lost) == APPLIED
    assert dock.load(one) == APPLIED, "a scan of the pallet once more"
    assert dock.states() == ["loaded", "missing", "planned"]
    alone = LoadParcel(run=dock.run, stop=dock.stop(three), parcel=three)
    assert dock.driver.say("pod.load_parcel.v1", alone) == APPLIED
    assert dock.driver.say("pod.depart.v1", Depart(run=dock.run, vehicle="YK21 ABC")) == APPLIED
    wanted = "SELECT state FROM shipment WHERE order_id = :o"
    states = [scalar(store, wanted, o=o) for o in dock.orders]
    assert states == ["in_transit", "missing", "in_transit"]
    assert kinds(store) == ["load_missing"]


def test_a_carton_that_the_driver_s_list_did_not_know_of_yet_is_loaded_too(store: Store) -> None:
    dock = Dock(store, early=True)
    assert dock.load(dock.numbers[0]) == APPLIED
    assert dock.states() == ["loaded", "loaded", "planned"]


def test_a_carton_of_no_run_on_the_pallet_is_told_before_the_van_leaves(store: Store) -> None:
    dock = Dock(store)
    order(store, "R-9", TEE=1)
    packed(store, "-later")
    stray = str(
        scalar(store, "SELECT number FROM parcel WHERE number NOT IN (SELECT parcel FROM load)")
    )
    one, two, _ = dock.numbers
    assert dock.build(one, two, stray) == APPLIED
    assert dock.load(one, two) == ("diverted", "pallet_has_others")
    assert dock.states() == ["loaded", "loaded", "planned"], "the others are aboard all the same"
    assert kinds(store) == ["pallet_has_others"]
    body = str(scalar(store, "SELECT body FROM discrepancy"))
    assert f'"parcel":"{stray}"' in body, "it alone is named"
    along = ReportLoad(run=dock.run, parcel=stray, what="extra", reason="dispatch")
    assert dock.driver.say("pod.report_load.v1", along) == APPLIED
    assert dock.load(one, two) == APPLIED, "it is of this run by now"


def test_a_pallet_of_another_run_or_after_departure_is_kept_for_a_supervisor(store: Store) -> None:
    dock = Dock(store, early=True)
    one, two, _ = dock.numbers
    elsewhere = LoadPallet(run=dock.run, pallet="P-PL9", parcels=[Carton(stop="x", parcel="y")])
    told = dock.driver.say("pod.load_pallet.v1", elsewhere)
    assert told == ("diverted", "parcel_not_on_run")
    assert dock.load(one, two) == APPLIED
    assert dock.driver.say("pod.depart.v1", Depart(run=dock.run, vehicle="YK21 ABC")) == APPLIED
    assert dock.load(one, two) == ("diverted", "run_left_already")
