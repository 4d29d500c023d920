"""Onto the vehicle against the run: what differs has a reason, and books and shipments follow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.ops import PutSetting
from server.pod import links
from server.pod.loading import Depart, LoadParcel, ReadyPapers, ReportLoad, UnloadParcel
from server.pod.ops import PlanRun
from server.store.store import Store
from tests.carrier_work import packed, spoil
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, evidence, kinds, state, take
from tests.packing_work import Bench, furnish
from tests.picking_work import row_of
from tests.stores import open_store

SIGNATURE = "sha256:" + "3" * 64
PHOTO = "sha256:" + "4" * 64


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


class Dock:
    """Two orders on one run that a driver holds."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.mugs = order(store, "R-1", MUG=3)
        self.tees = order(store, "R-2", TEE=1)
        packed(store)
        good(system(store, "pod.plan_run.v1", PlanRun()))
        self.driver = Handheld(store, "driver")
        take(self.driver, "drive")

    def stop(self, order_id: str) -> dict[str, Any]:
        wanted = "SELECT s.*, l.parcel FROM stop s JOIN load l ON l.stop = s.id"
        return table(self.store, f"{wanted} WHERE s.order_id = :o", o=order_id)[-1]

    def _of(self, order_id: str) -> dict[str, str]:
        stop = self.stop(order_id)
        return {"run": stop["run"], "stop": stop["id"], "parcel": stop["parcel"]}

    def load(self, order_id: str) -> tuple[str, str | None]:
        return self.driver.say("pod.load_parcel.v1", LoadParcel(**self._of(order_id)))

    def unload(self, order_id: str) -> tuple[str, str | None]:
        return self.driver.say("pod.unload_parcel.v1", UnloadParcel(**self._of(order_id)))

    def report(self, order_id: str, what: str, reason: str = "not_found") -> tuple[str, str | None]:
        said = {**self._of(order_id), "what": what, "reason": reason}
        return self.driver.say("pod.report_load.v1", msgspec.convert(said, ReportLoad))

    def depart(self, **said: Any) -> tuple[str, str | None]:
        run = self.stop(self.mugs)["run"]
        return self.driver.say("pod.depart.v1", Depart(run=run, vehicle="YK21 ABC", **said))

    def shipment(self, order_id: str) -> str:
        wanted = "SELECT state FROM shipment WHERE order_id = :o"
        return str(scalar(self.store, wanted, o=order_id))


@pytest.fixture
def dock(store: Store) -> Dock:
    return Dock(store)


def setting(store: Store, **value: Any) -> None:
    good(system(store, "catalog.put_setting.v1", PutSetting(key="loading", value=value)))


def on_hand(store: Store, sku: str) -> dict[str, int]:
    found = table(store, "SELECT bin, qty FROM stock WHERE sku = :s AND qty <> 0", s=sku)
    return {"VAN" if r["bin"].startswith("VAN/") else r["bin"]: r["qty"] for r in found}


def test_with_all_aboard_the_orders_are_shipped_with_their_tracking_numbers(dock: Dock) -> None:
    assert dock.load(dock.mugs) == dock.load(dock.tees) == APPLIED
    assert dock.depart(signature=SIGNATURE, photos=[PHOTO]) == APPLIED
    assert state(dock.store, dock.mugs) == "out_for_delivery"
    left = table(dock.store, "SELECT * FROM departure")[0]
    assert (left["vehicle"], left["person"]) == ("YK21 ABC", "driver")
    assert (left["signature"], msgspec.json.decode(left["photos"])) == (SIGNATURE, [PHOTO])
    wanted = "SELECT body FROM event WHERE kind = 'pod.departed' AND key = :o"
    told = msgspec.json.decode(scalar(dock.store, wanted, o=dock.mugs))
    assert told["tracking"] == dock.stop(dock.mugs)["parcel"]
    assert told["signature"] == SIGNATURE
    assert kinds(dock.store) == []


def test_a_missing_parcel_with_a_reason_comes_off_shipment_books_and_invoice(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.report(dock.mugs, "missing") == APPLIED
    assert dock.depart() == APPLIED
    assert (dock.shipment(dock.mugs), dock.shipment(dock.tees)) == ("missing", "in_transit")
    assert state(dock.store, dock.mugs) == "packed"
    assert on_hand(dock.store, "MUG") == {"A01-1-1": 47, "DISCREPANCY": 3}
    shipped = "SELECT shipped FROM order_line WHERE order_id = :o"
    assert scalar(dock.store, shipped, o=dock.mugs) == 0
    assert scalar(dock.store, shipped, o=dock.tees) == 1
    stop = dock.stop(dock.mugs)
    assert (stop["state"], stop["outcome"], stop["reason"]) == ("closed", "failed", "missing")
    assert kinds(dock.store) == ["load_missing"]
    assert_stock_adds_up(dock.store)


def test_a_damaged_parcel_is_looked_at_where_returns_are(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.report(dock.mugs, "damaged", "crushed") == APPLIED
    assert dock.depart() == APPLIED
    assert dock.shipment(dock.mugs) == "damaged"
    assert on_hand(dock.store, "MUG") == {"A01-1-1": 47, "RETURNS": 3}
    assert kinds(dock.store) == ["load_damaged"]
    assert_stock_adds_up(dock.store)


def test_without_a_reason_it_stays_at_the_dock_and_the_supervisor_is_told(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.depart() == APPLIED
    assert dock.shipment(dock.mugs) == "on_run"
    assert on_hand(dock.store, "MUG") == {"A01-1-1": 47, "STAGE": 3}
    assert kinds(dock.store) == ["not_all_loaded"]


def test_what_was_said_last_before_departure_counts(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.report(dock.mugs, "missing") == APPLIED
    assert dock.load(dock.mugs) == dock.load(dock.mugs) == APPLIED
    assert dock.unload(dock.tees) == dock.unload(dock.tees) == APPLIED
    assert dock.depart() == APPLIED
    assert (dock.shipment(dock.mugs), dock.shipment(dock.tees)) == ("in_transit", "on_run")


def test_nothing_is_loaded_taken_off_or_missed_once_the_van_has_left(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.depart() == APPLIED
    late = ("diverted", "run_left_already")
    assert dock.load(dock.mugs) == dock.unload(dock.tees) == late
    assert dock.report(dock.mugs, "missing") == dock.depart() == late
    assert dock.shipment(dock.tees) == "in_transit"
    assert scalar(dock.store, "SELECT COUNT(*) FROM movement WHERE why = 'ship'") == 1


def test_a_run_with_nothing_aboard_is_over(dock: Dock) -> None:
    assert dock.report(dock.mugs, "missing") == APPLIED
    assert dock.report(dock.tees, "damaged") == APPLIED
    assert dock.depart() == APPLIED
    assert scalar(dock.store, "SELECT state FROM run") == "closed"
    assert scalar(dock.store, "SELECT state FROM task WHERE kind = 'drive'") == "done"


def test_a_parcel_that_is_not_of_the_run_goes_along_for_a_reason(dock: Dock) -> None:
    lamps = order(dock.store, "R-3", LAMP=2)
    packed(dock.store, "-late")
    number = scalar(dock.store, "SELECT number FROM parcel WHERE order_id = :o", o=lamps)
    run = dock.stop(dock.mugs)["run"]
    extra = ReportLoad(run=run, parcel=number, what="extra", reason="late_packed")
    assert dock.load(dock.mugs) == dock.load(dock.tees) == APPLIED
    for _ in range(2):
        assert dock.driver.say("pod.report_load.v1", extra) == APPLIED
    assert dock.stop(lamps)["seq"] == 3
    assert dock.depart() == APPLIED
    assert state(dock.store, lamps) == "out_for_delivery"
    assert on_hand(dock.store, "LAMP") == {"A02-1-1": 28, "VAN": 2}
    unknown = msgspec.structs.replace(extra, parcel="P-99999999")
    assert dock.driver.say("pod.report_load.v1", unknown) == ("diverted", "parcel_not_on_run")
    assert_stock_adds_up(dock.store)


def test_a_missing_parcel_that_turns_up_goes_along_on_another_run_and_the_books_close(
    dock: Dock,
) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert dock.report(dock.mugs, "missing") == APPLIED
    assert dock.depart() == APPLIED
    number = dock.stop(dock.mugs)["parcel"]
    order(dock.store, "R-4", LAMP=1)
    packed(dock.store, "-next")
    good(system(dock.store, "pod.plan_run.v1", PlanRun()))
    run = scalar(dock.store, "SELECT id FROM run WHERE state = 'planned'")
    found = ReportLoad(run=run, parcel=number, what="extra", reason="found")
    assert dock.driver.say("pod.report_load.v1", found) == APPLIED
    assert dock.driver.say("pod.depart.v1", Depart(run=run, vehicle="V2")) == APPLIED
    assert on_hand(dock.store, "MUG") == {"A01-1-1": 47, "VAN": 3}
    stop = dock.stop(dock.mugs)
    assert dock.driver.say("pod.deliver.v1", evidence(dock.driver, stop, "full")) == APPLIED
    assert state(dock.store, dock.mugs) == "delivered"
    assert_stock_adds_up(dock.store)


def test_a_parcel_of_another_run_stays_with_it(dock: Dock) -> None:
    lamps = order(dock.store, "R-5", LAMP=1)
    packed(dock.store, "-other")
    good(system(dock.store, "pod.plan_run.v1", PlanRun()))
    number = dock.stop(lamps)["parcel"]
    run = dock.stop(dock.mugs)["run"]
    extra = ReportLoad(run=run, parcel=number, what="extra", reason="other")
    verdict = dock.driver.say("pod.report_load.v1", extra)
    assert verdict == ("diverted", "parcel_on_other_run")
    assert dock.stop(lamps)["run"] != run


def test_loading_without_the_papers_is_told_and_nothing_is_asked_by_default(dock: Dock) -> None:
    assert dock.load(dock.tees) == APPLIED
    assert kinds(dock.store) == []
    setting(dock.store, papers=["packing_list", "delivery_note"])
    assert dock.load(dock.mugs) == APPLIED
    assert kinds(dock.store) == ["papers_incomplete"]
    assert dock.load(dock.mugs) == APPLIED  # once is enough
    assert kinds(dock.store) == ["papers_incomplete"]


def test_the_driver_s_list_says_which_papers_are_missing_until_they_are_ready(dock: Dock) -> None:
    setting(dock.store, papers=["packing_list", "delivery_note"])

    def shown() -> list[str]:
        wanted = "SELECT body FROM feed WHERE kind = 'stop' AND key = :k"
        body = scalar(dock.store, wanted, k=dock.stop(dock.mugs)["id"])
        return list(msgspec.json.decode(body)["papers"])

    packer = Handheld(dock.store, "packer", "bench-9")
    first = ReadyPapers(order=dock.mugs, papers=["packing_list"])
    assert packer.say("pod.ready_papers.v1", first) == APPLIED
    assert shown() == ["delivery_note"]
    both = ReadyPapers(order=dock.mugs, papers=["packing_list", "delivery_note"])
    assert packer.say("pod.ready_papers.v1", both) == APPLIED
    assert shown() == []
    assert dock.load(dock.mugs) == APPLIED
    assert kinds(dock.store) == []


def test_a_departure_without_the_signature_that_the_site_wants_is_told_and_goes(
    dock: Dock,
) -> None:
    setting(dock.store, signature="must", photo="must")
    assert dock.load(dock.mugs) == dock.load(dock.tees) == APPLIED
    assert dock.depart(photos=[PHOTO]) == APPLIED
    assert state(dock.store, dock.mugs) == "out_for_delivery"
    assert kinds(dock.store) == ["load_unproven"]
    body = scalar(dock.store, "SELECT body FROM discrepancy WHERE kind = 'load_unproven'")
    assert msgspec.json.decode(body)["lack"] == "signature"


def test_a_setting_that_cannot_be_read_holds_nobody_up(dock: Dock) -> None:
    setting(dock.store, signature="must")
    spoil(dock.store, "loading", '{"signature": "perhaps"}')
    assert dock.load(dock.mugs) == dock.load(dock.tees) == APPLIED
    assert dock.depart() == APPLIED
    assert kinds(dock.store) == []


def half_aboard(store: Store) -> tuple[Handheld, dict[str, Any]]:
    """Two mugs in the van; the parcel with a mug and a shirt was not found at the dock."""
    furnish(store)
    bench = Bench(store, "R-9", MUG=3, TEE=1)
    first, second = bench.numbers[:2]
    assert bench.check("MUG", 2, first) == APPLIED
    assert bench.seal(first) == APPLIED
    assert bench.check("MUG", 1, second) == bench.check("TEE", 1, second) == APPLIED
    assert bench.close(second) == APPLIED
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver")
    take(driver, "drive")
    stop = table(store, "SELECT * FROM stop")[0]
    at = {"run": stop["run"], "stop": stop["id"]}
    assert driver.say("pod.load_parcel.v1", LoadParcel(**at, parcel=first)) == APPLIED
    lacks = ReportLoad(**at, parcel=second, what="missing", reason="not_found")
    assert driver.say("pod.report_load.v1", lacks) == APPLIED
    assert driver.say("pod.depart.v1", Depart(run=stop["run"])) == APPLIED
    return driver, stop


def test_what_is_missing_of_a_shipment_is_neither_delivered_nor_brought_back(
    tmp_path: Path,
) -> None:
    with open_store("sqlite", tmp_path) as store:
        driver, stop = half_aboard(store)
        row = row_of(store, "u:driver", "stop", stop["id"])
        assert row is not None
        assert [(line["sku"], line["qty"]) for line in row["lines"]] == [("MUG", 2)]
        told = evidence(driver, stop, "full")
        assert driver.say("pod.deliver.v2", told) == APPLIED
        lines = "SELECT sku, shipped, delivered FROM order_line ORDER BY sku"
        assert [tuple(r.values()) for r in table(store, lines)] == [("MUG", 2, 2), ("TEE", 0, 0)]
        assert "VAN" not in on_hand(store, "MUG")
        assert "RETURNS" not in on_hand(store, "MUG") | on_hand(store, "TEE")
        assert_stock_adds_up(store)


def test_a_refusal_authorises_only_what_was_aboard(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        driver, stop = half_aboard(store)
        told = evidence(driver, stop, "refused")
        assert driver.say("pod.deliver.v2", told) == APPLIED
        lines = table(store, "SELECT sku, qty FROM rma_line ORDER BY no")
        assert [tuple(r.values()) for r in lines] == [("MUG", 2)]


def test_the_receiver_s_own_phone_shows_only_what_was_aboard(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        driver, stop = half_aboard(store)
        told = {2: 5}
        token, _ = store.run_sync(
            lambda tx: links.make(tx, "main", driver.id, driver.who, stop["id"], told)
        )
        shown = store.run_sync(lambda tx: links.look(tx.conn, token, tx.now)).body
        assert shown.parcels == 1
        assert [(line.qty, line.delivered) for line in shown.lines] == [(2, 2)]
