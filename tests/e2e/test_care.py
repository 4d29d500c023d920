"""What service does from an order's story, and how the audit log tells of it afterwards."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from server.orders.address import ChangeAddress
from server.orders.validation import ShipTo
from server.pod.ops import Arrive
from tests.e2e.conftest import Device, Site
from tests.floor_site import SITE, Handheld, order, scalar
from tests.floor_work import APPLIED, evidence, to_the_van
from tests.serving import WireDevice, cookie_for

OLD = ShipTo(country="GB", city="Leeds", street="1 Mill Lane", postcode="LS1")
PICTURES = os.environ.get("PICTURES", "")


def look_at(page: Page, path: str) -> None:
    page.evaluate("path => { location.hash = path; }", path)


def picture(page: Page, name: str) -> None:
    """Kept where somebody wants to look at it."""
    if not PICTURES:
        return
    for width, height in ((1280, 800), (360, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(PICTURES, f"{name}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def test_an_address_is_changed_a_note_is_kept_and_the_audit_log_tells_both(
    site: Site, devices: Callable[..., Device]
) -> None:
    made = order(site.store, "R-1", MUG=1)
    number = str(scalar(site.store, "SELECT number FROM orders WHERE id = :o", o=made))
    site.store.run_sync(lambda tx: tx.touch(SITE, "person", "service"))
    desk = devices(handheld=False).ready("service")
    look_at(desk, f"/service/order/{made}")
    desk.get_by_test_id("change-address").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Street and number").fill("9 High Street")
    dialog.get_by_label("Reason").fill("Moved house")
    picture(desk, "change-address")

    chief = Handheld(site.store, "supervisor", "dev-chief")
    theirs = ShipTo(country="GB", city="Leeds", street="2 Mill Lane", postcode="LS1")
    first = ChangeAddress(order=made, seen=OLD, ship_to=theirs, reason="Typing error")
    assert chief.say("orders.change_address.v1", first) == APPLIED
    expect(dialog.get_by_test_id("newer-address")).to_contain_text("2 Mill Lane")
    expect(dialog.get_by_test_id("save-address")).to_be_disabled()
    dialog.get_by_role("button", name="Begin with that one").click()
    expect(dialog.get_by_label("Street and number")).to_have_value("2 Mill Lane")
    dialog.get_by_label("Street and number").fill("9 High Street")
    dialog.get_by_test_id("save-address").click()
    expect(desk.get_by_text("Goes elsewhere: Moved house")).to_be_visible()
    expect(desk.get_by_text("Now: 9 High Street, LS1 Leeds, GB")).to_be_visible()
    expect(dialog).to_have_count(0)

    desk.get_by_label("Add a note").fill("Rings twice")
    desk.get_by_test_id("add-note").click()
    expect(desk.get_by_text("Note, for us alone")).to_be_visible()
    expect(desk.get_by_text("Rings twice")).to_be_visible()
    expect(desk.get_by_label("Add a note")).to_have_value("")
    picture(desk, "story")

    auditor = devices(handheld=False).ready("supervisor")
    auditor.get_by_role("link", name="Audit log").click()
    auditor.get_by_role("searchbox", name="Order").fill(number)
    entries = auditor.get_by_role("list", name="Audit log").get_by_role("button")
    expect(entries).to_have_count(4)
    expect(entries.first).to_contain_text("Add note")
    expect(entries.first).to_contain_text("Service")
    expect(entries.first).to_contain_text("Rings twice")
    picture(auditor, "audit")
    auditor.get_by_label("Person", exact=True).select_option("service")
    expect(entries).to_have_count(2)
    assert "person=service" in auditor.url, "what is looked for stands in the address"
    auditor.get_by_label("Action", exact=True).select_option("orders.change_address")
    expect(entries).to_have_count(1)
    entries.first.press("Enter")
    expect(auditor.get_by_role("heading", name="What was said")).to_be_visible()
    expect(auditor.get_by_text("Ship to · City")).to_be_visible()
    expect(auditor.get_by_text("9 High Street")).to_have_count(0)
    expect(auditor.get_by_text("Hidden: for administrators").first).to_be_visible()
    expect(auditor.get_by_test_id("seal")).to_have_text("As it was sealed")
    picture(auditor, "audit-entry")
    auditor.go_back()
    expect(entries).to_have_count(1)


def test_goods_that_have_left_cannot_be_sent_elsewhere(
    site: Site, devices: Callable[..., Device]
) -> None:
    made = order(site.store, "R-1", MUG=2)
    to_the_van(site.store, made)
    desk = devices(handheld=False).ready("service")
    look_at(desk, f"/service/order/{made}")
    expect(desk.get_by_label("Add a note")).to_be_visible()
    expect(desk.get_by_test_id("change-address")).to_have_count(0)


def test_a_return_is_opened_for_the_caller_and_stands_in_the_story(
    site: Site, devices: Callable[..., Device]
) -> None:
    made = order(site.store, "R-1", MUG=3)
    driver, stop = to_the_van(site.store, made)
    online = WireDevice(site.server, driver, cookie_for(site.store, driver.id))
    online.sync(driver.envelope("pod.arrive.v1", Arrive(stop=stop["id"])))
    online.sync(driver.envelope("pod.deliver.v1", evidence(driver, stop, "full")))
    desk = devices(handheld=False).ready("service")
    look_at(desk, f"/service/order/{made}")
    desk.get_by_test_id("open-return").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_test_id("save-return")).to_be_disabled()
    dialog.get_by_test_id("more-MUG").click()
    dialog.get_by_test_id("more-MUG").click()
    dialog.get_by_label("Reason").select_option("damaged")
    picture(desk, "open-return")
    dialog.get_by_test_id("save-return").click()
    expect(desk.get_by_text("Return RMA-000001 opened: 2 pieces")).to_be_visible()
    expect(desk.get_by_test_id("rma-RMA-000001")).to_be_visible()
    expect(desk.get_by_test_id("open-return")).to_have_count(0)
