"""At the dock without a network: a parcel that nobody finds, a signature, and away."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.catalog.ops import PutSetting
from server.packing.ops import BuildPallet
from server.pod.ops import PlanRun
from tests.carrier_work import packed
from tests.e2e.conftest import Device, Site, installed, scan
from tests.e2e.fire import wait_until
from tests.e2e.test_driver import sign
from tests.floor_site import Handheld, good, order, scalar, system, table
from tests.floor_work import kinds, state

Devices = Callable[..., Device]
WANTS = {"signature": "must", "photo": "must", "plates": ["YK21 ABC", "YK21 XYZ"]}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "load.jpg"
    Image.effect_noise((800, 600), 60).convert("RGB").save(path)
    return path


def at_the_dock(site: Site, device: Device) -> tuple[Page, dict[str, str], dict[str, str]]:
    """Two orders on a run; the page where it is loaded, and orders and parcels by reference."""
    orders = {ref: order(site.store, ref, MUG=n) for n, ref in enumerate(("R-1", "R-2"), 1)}
    packed(site.store)
    good(system(site.store, "pod.plan_run.v1", PlanRun()))
    wants = PutSetting(key="loading", value=WANTS)
    good(system(site.store, "catalog.put_setting.v1", wants))
    parcels = {
        ref: str(scalar(site.store, "SELECT number FROM parcel WHERE order_id = :o", o=order_id))
        for ref, order_id in orders.items()
    }
    page = device.ready("driver")
    installed(page)
    page.get_by_test_id("take-next").click()
    page.get_by_test_id("load").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    return page, orders, parcels


def kept(site: Site) -> set[str]:
    found = table(site.store, "SELECT sha256 FROM blob WHERE state = 'complete'")
    return {f"sha256:{r['sha256']}" for r in found}


def test_a_missing_parcel_a_signature_and_a_photo_off_line_and_the_books_follow(
    site: Site, devices: Devices, photo: Path
) -> None:
    device = devices()
    page, orders, parcels = at_the_dock(site, device)
    expect(page.get_by_text("All sent")).to_be_visible()
    device.offline(True)

    scan(page, "P-99999999")
    expect(page.get_by_text("Not on this run")).to_be_visible()
    page.get_by_role("button", name="Back").last.click()
    scan(page, parcels["R-1"])
    expect(page.get_by_test_id(f"missing-{parcels['R-1']}")).to_be_hidden()
    page.get_by_test_id(f"missing-{parcels['R-2']}").click()
    expect(page.get_by_test_id("leave-out")).to_be_disabled()
    page.get_by_role("button", name="Not at the dock").click()
    page.get_by_test_id("leave-out").click()
    expect(page.get_by_test_id(f"short-{parcels['R-2']}")).to_be_visible()

    page.get_by_test_id("depart").click()
    page.get_by_test_id("depart-now").click()
    expect(page.get_by_test_id("lack-vehicle")).to_be_visible()
    page.get_by_role("button", name="YK21 XYZ").click()
    expect(page.get_by_test_id("lack-signature")).to_be_visible()
    sign(page)
    expect(page.get_by_test_id("lack-photo")).to_be_visible()
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".photo-strip img")).to_be_visible()
    page.reload()  # what was signed and photographed is on the disk
    expect(page.locator(".photo-strip img")).to_be_visible()
    expect(page.get_by_text("Signature recorded")).to_be_visible()
    page.get_by_test_id("depart-now").click()
    expect(page.get_by_test_id("next-stop")).to_be_visible()
    assert scalar(site.store, "SELECT COUNT(*) FROM departure") == 0

    device.offline(False)
    expect(page.get_by_text("All sent")).to_be_visible()
    assert state(site.store, orders["R-1"]) == "out_for_delivery"
    assert kinds(site.store) == ["load_missing"]
    left = table(site.store, "SELECT * FROM departure")[0]
    assert left["vehicle"] == "YK21 XYZ"
    named = {left["signature"], *json.loads(left["photos"])}
    wait_until(page, lambda: kept(site) == named, "signature and photo are here")
    lost = "SELECT state FROM shipment WHERE order_id = :o"
    assert scalar(site.store, lost, o=orders["R-2"]) == "missing"


def test_a_pallet_goes_aboard_by_one_scan_off_line_and_a_carton_that_is_not_on_it(
    site: Site, devices: Devices
) -> None:
    prefix = PutSetting(key="gs1", value={"prefix": "9521234"})
    good(system(site.store, "catalog.put_setting.v1", prefix))
    orders = {ref: order(site.store, ref, MUG=1) for ref in ("R-1", "R-2", "R-3")}
    packed(site.store)
    of = "SELECT number FROM parcel WHERE order_id = :o"
    numbers = {ref: str(scalar(site.store, of, o=each)) for ref, each in orders.items()}
    pallet = str(scalar(site.store, "SELECT MIN(number) FROM pallet"))
    built = BuildPallet(pallet=pallet, parcels=[numbers["R-1"], numbers["R-2"]], built=True)
    packer = Handheld(site.store, "packer", "bench-1")
    assert packer.say("packing.build_pallet.v1", built) == ("applied", None)
    good(system(site.store, "pod.plan_run.v1", PlanRun()))
    device = devices()
    page = device.ready("driver")
    installed(page)
    page.get_by_test_id("take-next").click()
    page.get_by_test_id("load").click()
    expect(page.get_by_test_id(f"missing-{numbers['R-3']}")).to_be_visible()
    expect(page.get_by_text("All sent")).to_be_visible()
    device.offline(True)
    scan(page, f"]C100{pallet}")
    expect(page.get_by_test_id("pallet-aboard")).to_contain_text("Pallet aboard: 2 cartons")
    expect(page.get_by_test_id(f"missing-{numbers['R-1']}")).to_be_hidden()
    page.get_by_test_id(f"pallet-{numbers['R-2']}").click()
    page.get_by_role("button", name="Not on its pallet").click()
    page.get_by_test_id("leave-out").click()
    expect(page.get_by_test_id(f"short-{numbers['R-2']}")).to_be_visible()
    expect(page.get_by_test_id("pallet-aboard")).to_contain_text("Pallet aboard: 1 carton")
    scan(page, f"]C100{numbers['R-3']}")
    expect(page.get_by_text("Every parcel is accounted for.")).to_be_visible()
    device.offline(False)
    expect(page.get_by_text("All sent")).to_be_visible()
    found = {r["parcel"]: r["state"] for r in table(site.store, "SELECT * FROM load")}
    wanted = {"R-1": "loaded", "R-2": "missing", "R-3": "loaded"}
    assert {ref: found[number] for ref, number in numbers.items()} == wanted
    reason = "SELECT reason FROM load WHERE parcel = :p"
    assert scalar(site.store, reason, p=numbers["R-2"]) == "not_on_pallet"
