"""The picker's and the packer's screens: what a wrong scan, a wrong number, a changed mind do."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from server.orders.ops import CancelOrder
from tests.e2e.conftest import Device, Site, scan
from tests.floor_site import ITEMS, Handheld, scalar, table
from tests.floor_work import APPLIED, pick_all, take

Devices = Callable[..., Device]
MUG, TEE, LAMP = (ITEMS[sku][1:] for sku in ("MUG", "TEE", "LAMP"))


def take_next(page: Page) -> None:
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("take-next")).to_be_hidden()


def type_digits(page: Page, digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name=digit, exact=True).click()
    page.locator(".keypad button[type=submit]").click()


def facts(site: Site, kind: str) -> list[dict[str, Any]]:
    return table(site.store, "SELECT outcome, body FROM op WHERE kind = :k ORDER BY n", k=kind)


def test_only_the_right_place_and_item_book_a_line_and_more_than_asked_is_refused(
    site: Site, devices: Devices
) -> None:
    site.orders(1, lines=1)
    page = devices().ready("picker")
    take_next(page)
    scan(page, MUG)
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "location_first")
    scan(page, "L-A01-1-1")
    expect(page.get_by_test_id("stop")).to_be_hidden()
    expect(page.get_by_test_id("what")).to_be_visible()
    scan(page, TEE)
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "item")
    scan(page, f"01{ITEMS['MUG']}10ABC12321XYZ")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "doubtful")
    page.get_by_test_id("label-right").click()
    expect(page.get_by_test_id("quantity")).to_contain_text("1 / 2")
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "3")
    expect(page.get_by_test_id("too-many")).to_be_visible()
    assert facts(site, "picking.confirm_pick") == []
    page.get_by_role("button", name="Delete last digit").click()
    type_digits(page, "2")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("finish")).to_be_hidden()
    expect(page.get_by_text("All sent")).to_be_visible()
    assert [f["outcome"] for f in facts(site, "picking.confirm_pick")] == ["applied"]
    assert scalar(site.store, "SELECT picked FROM pick_line") == 2
    assert scalar(site.store, "SELECT state FROM orders") == "picked"


def test_a_task_is_given_back_and_another_picker_can_take_it(site: Site, devices: Devices) -> None:
    site.orders(1)
    page = devices().ready("picker")
    take_next(page)
    page.get_by_role("button", name="Back").click()
    page.get_by_role("button", name="Give", exact=False).click()
    page.get_by_test_id("give-back-yes").click()
    expect(page.get_by_test_id("take-next")).to_be_visible()
    assert scalar(site.store, "SELECT state FROM task WHERE kind = 'pick'") == "open"


def test_off_line_work_on_a_cancelled_order_is_told_until_understood(
    site: Site, devices: Devices
) -> None:
    (made,) = site.orders(1, lines=1)
    device = devices()
    page = device.ready("picker")
    take_next(page)
    device.offline(True)
    scan(page, "L-A01-1-1")
    scan(page, MUG)
    expect(page.get_by_test_id("quantity")).to_be_visible()
    cancel = CancelOrder(order=made, reason="customer asked")
    desk = Handheld(site.store, "supervisor")
    assert desk.say("orders.cancel_order.v1", cancel) == APPLIED
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "2")
    expect(page.get_by_test_id("finish")).to_be_visible()
    device.offline(False)
    expect(page.get_by_test_id("gone")).to_be_visible()
    expect(page.get_by_test_id("tray")).to_contain_text("1")
    page.get_by_test_id("tray").click()
    expect(page.get_by_text("This order was cancelled. Put the goods back.")).to_be_visible()
    page.get_by_test_id("understood").click()
    expect(page.get_by_test_id("no-messages")).to_be_visible()
    expect(page.get_by_text("All sent")).to_be_visible()
    assert [f["outcome"] for f in facts(site, "picking.confirm_pick")] == ["diverted"]


def test_a_parcel_is_packed_and_labelled_without_a_network(site: Site, devices: Devices) -> None:
    site.orders(1, lines=2)
    picker = Handheld(site.store, "picker")
    pick_all(picker, take(picker, "pick"))
    device = devices()
    page = device.ready("packer")
    take_next(page)
    expect(page.get_by_test_id("count")).to_contain_text("0 / 3")
    device.offline(True)
    scan(page, LAMP)
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "not_asked")
    scan(page, TEE)
    expect(page.get_by_test_id("stop")).to_be_hidden()
    page.wait_for_timeout(350)  # the same code sooner is the same pull of the trigger
    scan(page, TEE)
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "too_many")
    scan(page, MUG)
    expect(page.get_by_test_id("count")).to_contain_text("2 / 3")
    page.get_by_test_id("type-count").click()
    type_digits(page, "2")
    page.get_by_test_id("quality-ok").click()
    type_digits(page, "1")
    expect(page.get_by_text("Is everything in, filled up, and sealed?")).to_be_visible()
    page.get_by_test_id("close-parcel").click()
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    expect(page.get_by_test_id("label")).to_contain_text("1 Mill Lane")
    expect(page.get_by_role("img", name=f"Bar code of parcel {number}")).to_be_visible()
    scan(page, "P-99999999")
    expect(page.get_by_text("This is not the label of parcel", exact=False)).to_be_visible()
    scan(page, number)
    expect(page.get_by_text("Waiting tasks")).to_be_visible()
    device.offline(False)
    expect(page.get_by_text("All sent")).to_be_visible()
    assert scalar(site.store, "SELECT state FROM parcel") == "packed"
    told = table(site.store, "SELECT kind FROM discrepancy WHERE kind = 'pack_mismatch'")
    assert len(told) == 2
