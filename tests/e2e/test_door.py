"""At the customers' doors without a network, and what stands at the server afterwards (B5-B8)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.catalog.ops import PutSetting
from server.pod.evidence import blob_refs
from server.store.blobs import sha256_of
from tests.e2e.conftest import CHROMIUM, FLAGS, Device, Site, scan
from tests.e2e.door import (
    UPRIGHT,
    arrive,
    delivered_in_part,
    delivered_with_a_rotated_phone,
    finish,
    go_on,
    has_pin,
    nobody_home,
    open_again,
    records,
    refused_without_a_camera,
    say_pin,
    take_photo,
    verdicts,
)
from tests.e2e.fire import all_sent, disk, wait_until
from tests.e2e.test_driver import FINE, on_the_road, proofs, sign
from tests.floor_site import good, scalar, system, table
from tests.floor_work import state
from tests.pod_work import issued_pin

Devices = Callable[..., Device]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "door.jpg"
    Image.effect_noise((800, 600), 60).convert("RGB").save(path)
    return path


def after_a_dead_battery(device: Device, site: Site) -> Page:
    device.kill()
    page = open_again(device)
    wait_until(page, lambda: len(proofs(site)) == 4, "all proofs are at the server", seconds=60)
    return page


def bring_back(page: Page, site: Site) -> None:
    """By the labels of two parcels, and by hand what is loose."""
    page.get_by_test_id("continue").click()
    expect(page.get_by_test_id("returns-done")).to_be_visible()
    labels = "SELECT l.parcel FROM stop s JOIN load l ON l.stop = s.id WHERE outcome = :o"
    for outcome in ("refused", "failed"):
        scan(page, str(scalar(site.store, labels, o=outcome)))
    scan(page, str(scalar(site.store, labels, o="full")))
    expect(page.get_by_role("alertdialog")).to_contain_text("Not among what comes back")
    page.get_by_role("alertdialog").get_by_role("button", name="Back").click()
    expect(page.get_by_text("All of it is off")).to_have_count(2)
    page.get_by_test_id("returns-done").click()
    expect(page.get_by_text("1 piece is missing")).to_be_visible()
    page.get_by_role("button", name="Back", exact=True).last.click()
    page.get_by_test_id("more-MUG").first.click()
    expect(page.get_by_text("All of it is off")).to_have_count(3)
    page.get_by_test_id("returns-done").click()
    expect(page.get_by_text("Run finished").first).to_be_visible()


def test_a_run_without_a_network_and_without_a_place_leaves_its_states_and_all_that_follows(
    site: Site, devices: Devices, photo: Path
) -> None:
    device = devices()
    device.located = False
    page, order_ids = on_the_road(site, device, 4)
    all_sent(page)
    device.offline(True)
    delivered_with_a_rotated_phone(page)
    finish(page)
    delivered_in_part(page, photo)
    finish(page)
    refused_without_a_camera(page)
    finish(page)
    nobody_home(page, photo)
    finish(page)
    assert proofs(site) == []

    page = after_a_dead_battery(device, site)
    states = [state(site.store, order_id) for order_id in order_ids]
    assert states == ["delivered", "part_delivered", "refused", "out_for_delivery"]
    check_records(site)
    check_follow_ups(site, order_ids)
    bring_back(page, site)
    all_sent(page)
    wait_until(
        page, lambda: scalar(site.store, "SELECT state FROM run") == "closed", "the run is over"
    )
    back = table(site.store, "SELECT bin, sku, qty FROM stock WHERE bin = 'RETURNS' AND qty > 0")
    assert {r["sku"]: r["qty"] for r in back} == {"MUG": 3, "TEE": 1, "LAMP": 1}
    assert state(site.store, order_ids[3]) == "packed", "the parcel goes out again"
    named = {sha256_of(ref) for record in records(site) for ref in blob_refs(record)}
    assert len(named) >= 3
    wait_until(page, lambda: complete(site) == named, "every signature and photo has come")


def complete(site: Site) -> set[str]:
    found = table(site.store, "SELECT sha256 FROM blob WHERE state = 'complete'")
    return {r["sha256"] for r in found}


def check_records(site: Site) -> None:
    full, part, refused, failed = records(site)
    for found, policy in zip(verdicts(site), ("ok", "ok", "relaxed", "ok"), strict=True):
        expected = {k: v for k, v in FINE.items() if k in found} | {"policy": policy}
        assert found == expected | {"place": "denied"}
    assert (full["position"], full["no_position"]) == (None, "denied")
    assert (full["signed_on"], refused["signed_on"], failed["signed_on"]) == ("driver", "", "")
    line = part["lines"][0]
    assert (line["delivered"], line["outcome"], line["reason"]) == (1, "partial", "damaged")
    assert len(line["photos"]) == 1
    assert refused["relaxed"] == [{"method": "one_of", "reason": "no_camera"}]
    assert (failed["reason"], len(failed["photos"])) == ("nobody_home", 1)


def check_follow_ups(site: Site, order_ids: list[str]) -> None:
    found = table(site.store, "SELECT order_id, party, reason, reship FROM rma ORDER BY number")
    assert [(r["order_id"], r["party"], r["reason"]) for r in found] == [
        (order_ids[1], "carrier", "damaged"),
        (order_ids[2], "customer", "changed_mind"),
    ]
    again = table(site.store, "SELECT id, type FROM orders WHERE replaces = :o", o=order_ids[1])
    assert again == [{"id": found[0]["reship"], "type": "urgent"}]
    told = table(site.store, "SELECT kind FROM discrepancy WHERE state = 'open'")
    assert {"part_delivered", "delivery_refused", "delivery_failed"} <= {r["kind"] for r in told}


def test_the_receiver_signs_on_a_phone_of_their_own(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    rules = {"rules": [{"ask": {"signature": "mandatory", "pin": "mandatory"}}]}
    good(system(site.store, "catalog.put_setting.v1", PutSetting(key="pod", value=rules)))
    device = devices()
    page, (order_id, _) = on_the_road(site, device)
    pin = issued_pin(site.store, order_id)
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_test_id("own-phone").click()
    shown = page.get_by_test_id("sign-link")
    expect(shown).to_be_visible()
    url = shown.get_attribute("data-url")
    assert url is not None
    theirs = open_elsewhere(device, url, tmp_path)
    expect(theirs.get_by_text("2 of 2")).to_be_visible()
    assert "#" not in theirs.url
    theirs.get_by_label("Your name").fill("Ann Corner")
    theirs.get_by_label("PIN").fill("000000" if pin != "000000" else "111111")
    theirs.locator("canvas").click()
    theirs.get_by_test_id("sign").click()
    expect(theirs.get_by_test_id("lack-sign")).to_be_visible()
    sign(theirs)
    theirs.get_by_test_id("sign").click()
    expect(theirs.get_by_test_id("sign-problem")).to_contain_text("This is not the PIN")
    theirs.get_by_label("PIN").fill(pin)
    theirs.get_by_test_id("sign").click()
    expect(theirs.get_by_test_id("sign-done")).to_be_visible()
    expect(page.get_by_test_id("signed-there")).to_contain_text("Ann Corner")
    go_on(page)
    expect(page.get_by_test_id("pin-ok")).to_be_visible()
    go_on(page)
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_contain_text("Sent with all evidence")
    (record,) = records(site)
    assert (record["signed_on"], record["receiver"], record["pin"]) == (
        "receiver",
        "Ann Corner",
        "ok",
    )
    assert verdicts(site) == [FINE]
    theirs.goto(url)
    theirs.reload()
    expect(theirs.get_by_test_id("sign-gone")).to_be_visible()
    theirs.context.close()


def open_elsewhere(device: Device, url: str, folder: Path) -> Page:
    """A phone that has never seen this site."""
    context = device.playwright.chromium.launch_persistent_context(
        str(folder / "their-phone"),
        executable_path=CHROMIUM,
        args=FLAGS,
        viewport=UPRIGHT,  # type: ignore[arg-type]
        has_touch=True,
        locale="en-GB",
    )
    page = context.pages[0]
    page.goto(url)
    return page


def test_a_pin_is_checked_without_a_network(site: Site, devices: Devices) -> None:
    rules = {"rules": [{"ask": {"pin": "mandatory"}}]}
    good(system(site.store, "catalog.put_setting.v1", PutSetting(key="pod", value=rules)))
    device = devices()
    page, (order_id, _) = on_the_road(site, device)
    pin = issued_pin(site.store, order_id)
    salt = str(scalar(site.store, "SELECT salt FROM order_pin WHERE order_id = :o", o=order_id))
    wait_until(page, lambda: has_pin(page, salt), "what the PIN is checked against is here")
    device.offline(True)
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    go_on(page)
    expect(page.get_by_test_id("lack-pin")).to_be_visible()
    for said in (pin[::-1] + "7", pin):
        say_pin(page, said)
        if said != pin:
            expect(page.get_by_text("That is not the PIN")).to_be_visible()
    expect(page.get_by_test_id("pin-ok")).to_be_visible()
    go_on(page)
    finish(page)
    assert pin not in json.dumps(disk(page).ops)
    device.offline(False)
    wait_until(page, lambda: len(proofs(site)) == 1, "the proof is at the server")
    (record,) = records(site)
    assert (record["pin"], record["pin_tries"]) == ("ok", 2)


def test_a_tap_too_soon_is_corrected_off_line(site: Site, devices: Devices, photo: Path) -> None:
    device = devices()
    page, (order_id, _) = on_the_road(site, device)
    all_sent(page)
    device.offline(True)
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_label("Receiver's name").fill("Ann Corner")
    sign(page)
    go_on(page)
    finish(page)
    page.get_by_test_id("correct").click()
    page.get_by_test_id("outcome-refused").click()
    page.get_by_role("button", name="Too late").click()
    go_on(page)
    take_photo(page, photo)
    go_on(page)
    go_on(page)
    expect(page.get_by_role("heading", name="Check the correction")).to_be_visible()
    finish(page)
    expect(page.get_by_text("Refused").first).to_be_visible()
    device.offline(False)
    all_sent(page)
    assert state(site.store, order_id) == "refused"
    first, second = proofs(site)
    assert second["corrects"] == first["hash"]
    assert first["superseded"] == second["hash"]
    assert [v["policy"] for v in verdicts(site)] == ["ok", "ok"]
    assert len(table(site.store, "SELECT id FROM rma")) == 1


def test_a_paper_slip_is_entered_at_a_desk_and_stands_in_the_story(
    site: Site, devices: Devices, photo: Path
) -> None:
    device = devices()
    _, (order_id, _) = on_the_road(site, device)
    desk = devices(handheld=False)
    page = desk.ready("service")
    page.goto(f"{desk.url}/#/orders/{order_id}")
    page.get_by_test_id("enter-proof").click()
    page.get_by_test_id("save-proof").click()
    expect(page.get_by_text("Enter when it was signed")).to_be_visible()
    page.get_by_label("When it was signed").fill("2026-01-05T10:30")
    page.get_by_label("Receiver's name").fill("Ann Corner")
    page.get_by_role("button", name="Delivered in part").click()
    page.get_by_test_id("less-MUG").click()
    page.get_by_role("combobox").select_option("damaged")
    take_photo(page, photo)
    page.get_by_test_id("save-proof").click()
    expect(page.get_by_text("Part delivered").first).to_be_visible()
    expect(page.get_by_test_id("rma-RMA-000001")).to_contain_text("the carrier")
    expect(page.get_by_text("Entered at a desk")).to_be_visible()
    (record,) = records(site)
    assert record["desk"]["type"] == "paper_slip"
    assert len(record["slip"]) == 1
    assert verdicts(site)[0]["policy"] == "ok"
