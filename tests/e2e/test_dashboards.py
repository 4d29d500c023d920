"""From a figure to the order behind it, at a desk and on a phone, by the keyboard too."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.insights.measures.following import catch_up
from server.orders.ops import CancelOrder
from tests.e2e.conftest import Device, Site
from tests.floor_site import Handheld, order
from tests.floor_work import APPLIED, pick_all, take

Devices = Callable[..., Device]


def a_morning(site: Site) -> None:
    """One order picked, another called off."""
    site.orders(1)
    picker = Handheld(site.store, "picker", "dev-picker")
    pick_all(picker, take(picker, "pick"))
    gone = order(site.store, "OFF", MUG=1)
    chief = Handheld(site.store, "supervisor", "dev-chief")
    off = CancelOrder(order=gone, reason="Wrong size")
    assert chief.say("orders.cancel_order.v1", off) == APPLIED
    catch_up(site.store)


def opened(page: Page) -> None:
    page.get_by_role("link", name="Dashboards").click()
    expect(page.get_by_test_id("figure-cancelled")).to_have_text("100 %")


def test_a_figure_leads_to_its_reason_and_to_its_order(site: Site, devices: Devices) -> None:
    a_morning(site)
    page = devices(handheld=False).ready("supervisor")
    opened(page)
    expect(page.get_by_test_id("figure-on_time")).to_have_text("–")
    link = page.get_by_role("link", name="Cancelled")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("chart-words")).to_contain_text("Cancelled: 100 %")
    expect(page.locator("[data-drawn=cancelled] canvas")).to_be_visible()
    page.get_by_text("The numbers").click()
    expect(page.locator("details").get_by_text("1 of 1")).to_be_visible()
    page.get_by_test_id("behind").get_by_role("button").first.click()
    expect(page.get_by_text("Wrong size")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="wrong size").click()
    expect(page.get_by_text("Only Reason: wrong size")).to_be_visible()
    assert "dim=reason&member=wrong+size&figure=cancelled" in page.url
    page.reload()
    expect(page.get_by_test_id("figure-value")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("link", name="Destination")).to_be_visible()
    page.get_by_role("link", name="Last 90 days").click()
    expect(page.get_by_label("In periods of")).to_have_value("week")


def test_on_a_phone_nothing_is_wider_than_the_screen(site: Site, devices: Devices) -> None:
    a_morning(site)
    page = devices().ready("supervisor")
    page.get_by_role("button", name="Views: Board").click()
    opened(page)
    page.get_by_role("link", name="Lines picked").click()
    expect(page.locator("[data-drawn=pick_rate] canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Picker")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
