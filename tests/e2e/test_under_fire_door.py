"""At a door without a network: the battery dies, the phone is turned, the camera writes into its
photos, nobody may know the place. Each must be seen to fail without what guards against it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.pod.evidence import blob_refs
from server.store.blobs import sha256_of
from tests.e2e import sabotage
from tests.e2e.conftest import Device, Site
from tests.e2e.door import (
    HOME,
    arrive,
    delivered,
    finish,
    go_on,
    make_photo,
    open_again,
    records,
    refused,
    sign_on_a_rotating_phone,
    verdicts,
)
from tests.e2e.fire import all_sent, disk, red, serve_without, twin, wait_until
from tests.e2e.test_driver import FINE, on_the_road, proofs, sign
from tests.floor_site import table
from tests.floor_work import state

pytestmark = pytest.mark.faults
Devices = Callable[..., Device]


def on_the_way(site: Site, device: Device) -> tuple[Page, str]:
    """With one order aboard, all sent, and no network from here on; the page and the order."""
    page, (order_id,) = on_the_road(site, device, 1)
    all_sent(page)
    device.offline(True)
    return page, order_id


def at_the_same_door(device: Device) -> Page:
    """Where the driver was when the battery died, still without a network."""
    page = open_again(device, offline=True)
    page.get_by_test_id("continue").click()
    page.get_by_test_id("next-stop").click()
    return page


def arrives(site: Site, device: Device, page: Page) -> None:
    assert proofs(site) == []
    device.offline(False)
    expect(page.get_by_test_id("proof-state")).to_contain_text("Sent with all evidence")
    found = {k: v for k, v in FINE.items() if k in verdicts(site)[0]}
    assert verdicts(site) == [found]


def signed_on_a_turned_phone(site: Site, device: Device) -> None:
    page, _ = on_the_way(site, device)
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_label("Receiver's name").fill("Ann Corner")
    sign_on_a_rotating_phone(page)
    go_on(page)
    finish(page)
    arrives(site, device, page)
    (record,) = records(site)
    name = f"{sha256_of(record['signature'])}.bin"
    (kept,) = site.store.blobs.rglob(name)
    assert len(json.loads(kept.read_bytes())["strokes"]) == 2


def test_a_phone_that_is_turned_keeps_every_stroke(site: Site, devices: Devices) -> None:
    signed_on_a_turned_phone(site, devices())


@twin
def test_a_pad_that_turning_wipes_loses_the_signature(site: Site, devices: Devices) -> None:
    device = devices()
    device.take_out(sabotage.WIPED_BY_ROTATION)
    with red("Signature recorded|stroke is drawn again|strokes are drawn"):
        signed_on_a_turned_phone(site, device)


def dies_while_the_receiver_signs(site: Site, device: Device) -> None:
    page, order_id = on_the_way(site, device)
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_label("Receiver's name").fill("Ann Corner")
    sign(page)
    expect(page.get_by_text("Signature recorded")).to_be_visible()
    page.wait_for_timeout(300)  # what is on the disk is not on the screen
    device.kill()
    page = at_the_same_door(device)
    expect(page.get_by_label("Receiver's name")).to_have_value("Ann Corner")
    expect(page.get_by_text("Signature recorded")).to_be_visible()
    go_on(page)
    finish(page)
    arrives(site, device, page)
    assert state(site.store, order_id) == "delivered"


def test_the_battery_dies_while_the_receiver_signs_and_nothing_is_lost(
    site: Site, devices: Devices
) -> None:
    dies_while_the_receiver_signs(site, devices())


@twin
def test_what_is_kept_when_it_is_done_is_lost_until_then(site: Site, devices: Devices) -> None:
    device = devices()
    device.take_out(sabotage.DRAFTS_IN_MEMORY)
    with red("Receiver's name"):
        dies_while_the_receiver_signs(site, device)


def dies_before_the_last_tap(site: Site, device: Device, folder: Path) -> None:
    page, order_id = on_the_way(site, device)
    refused(page, "Damaged", make_photo(folder))
    expect(page.get_by_test_id("finish")).to_be_visible()
    page.wait_for_timeout(300)  # as above
    device.kill()
    page = at_the_same_door(device)
    expect(page.get_by_role("definition").filter(has_text="Damaged")).to_be_visible()
    photos = page.locator("dt", has_text="Photos").locator("xpath=following-sibling::dd[1]")
    expect(photos).to_have_text("1")
    finish(page)
    arrives(site, device, page)
    assert state(site.store, order_id) == "refused"


def test_a_photo_outlives_the_battery(site: Site, devices: Devices, tmp_path: Path) -> None:
    dies_before_the_last_tap(site, devices(), tmp_path)


@twin
def test_photos_that_only_the_page_has_die_with_it(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    device = devices()
    device.take_out(sabotage.PHOTOS_IN_MEMORY)
    with red("Photos"):
        dies_before_the_last_tap(site, device, tmp_path)


def dies_once_it_says_recorded(site: Site, device: Device) -> None:
    page, order_id = on_the_way(site, device)
    delivered(page)
    finish(page)
    device.kill()
    page = open_again(device, offline=True)
    expect(page.get_by_test_id("done-here")).to_contain_text("Recorded on this device")
    assert sum(op["k"] == "pod.deliver" for op in disk(page).ops) == 1
    device.offline(False)
    wait_until(page, lambda: len(proofs(site)) == 1, "the proof is at the server")
    all_sent(page)
    assert state(site.store, order_id) == "delivered"
    assert len(proofs(site)) == 1


def test_what_is_said_to_be_recorded_outlives_the_battery(site: Site, devices: Devices) -> None:
    dies_once_it_says_recorded(site, devices())


@twin
def test_what_is_said_to_be_recorded_before_the_disk_has_it_is_lost(
    site: Site, devices: Devices
) -> None:
    device = devices()
    device.take_out(sabotage.DONE_BEFORE_THE_DISK)
    with red("done-here"):
        dies_once_it_says_recorded(site, device)


def delivered_where_it_says(site: Site, device: Device) -> None:
    page, _ = on_the_way(site, device)
    assert device.context is not None
    there = {"latitude": 52.531, "longitude": 13.4, "accuracy": 25}
    device.context.set_geolocation(there)  # type: ignore[arg-type]
    delivered(page)
    finish(page)
    arrives(site, device, page)
    place = records(site)[0]["position"]
    assert (place["lat_e7"], place["lon_e7"], place["acc_cm"]) == (525310000, 134000000, 2500)


def test_a_proof_says_where_it_was_made(site: Site, devices: Devices) -> None:
    delivered_where_it_says(site, devices())


@twin
def test_a_position_that_is_swallowed_is_missed(site: Site, devices: Devices) -> None:
    device = devices()
    device.take_out(sabotage.POSITION_SWALLOWED)
    with red("place"):
        delivered_where_it_says(site, device)


def delivered_without_a_place(site: Site, device: Device) -> None:
    device.located = False
    page, order_id = on_the_way(site, device)
    delivered(page)
    finish(page)
    device.offline(False)
    expect(page.get_by_test_id("proof-state")).to_contain_text("Sent with all evidence")
    assert [r["no_position"] for r in records(site)] == ["denied"]
    assert [v["place"] for v in verdicts(site)] == ["denied"]
    assert state(site.store, order_id) == "delivered"


def test_a_place_that_nobody_may_know_is_a_recorded_reason(site: Site, devices: Devices) -> None:
    delivered_without_a_place(site, devices())


@twin
def test_a_refusal_that_is_not_told_leaves_the_driver_waiting(site: Site, devices: Devices) -> None:
    device = devices()
    device.take_out(sabotage.REFUSAL_UNTOLD)
    with red("place"):
        delivered_without_a_place(site, device)


def photographed(site: Site, device: Device, folder: Path) -> None:
    page, _ = on_the_way(site, device)
    refused(page, "Damaged", make_photo(folder))
    finish(page)
    arrives(site, device, page)
    named = {sha256_of(ref) for ref in blob_refs(records(site)[0])}
    complete = table(site.store, "SELECT sha256 FROM blob WHERE state = 'complete'")
    assert {r["sha256"] for r in complete} == named
    kept = [path.read_bytes() for path in site.store.blobs.rglob("*") if path.is_file()]
    assert not any(HOME in data for data in kept), "what the camera wrote is kept"


def test_what_the_camera_writes_into_a_photo_goes_nowhere(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    photographed(site, devices(), tmp_path)


@twin
def test_a_photo_as_the_camera_made_it_is_not_taken(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    device = devices()
    device.take_out(sabotage.AS_THE_CAMERA_MADE_IT)
    with red("Sent with all evidence"):
        photographed(site, device, tmp_path)


@twin
def test_a_photo_that_nobody_looks_into_tells_where_the_driver_lives(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    serve_without(site, "picture_checks")
    device = devices()
    device.take_out(sabotage.AS_THE_CAMERA_MADE_IT)
    with red("what the camera wrote is kept"):
        photographed(site, device, tmp_path)
