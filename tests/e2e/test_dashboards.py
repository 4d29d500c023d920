"""From a figure to the order behind it, at a desk and on a phone, by the keyboard too."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.insights.measures.following import catch_up
from server.orders.ops import CancelOrder
from tests.e2e.conftest import Device, Site
from tests.floor_site import Handheld, order
from tests.floor_work import APPLIED, pick_all, take

Devices = Callable[..., Device]


_SCROLLED = "Math.max(...[...document.querySelectorAll('*')].map(it => it.scrollTop))"


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
    assert "figure=cancelled&reason=wrong+size" in page.url
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


def test_a_dashboard_follows_while_it_stands_open(site: Site, devices: Devices) -> None:
    """Nobody reloads, and what was open, chosen and in focus stays so."""
    a_morning(site)
    page = devices(handheld=False).ready("supervisor")
    opened(page)
    page.get_by_role("link", name="Cancelled").click()
    page.get_by_text("The numbers").click()
    expect(page.locator("details").get_by_text("1 of 1")).to_be_visible()
    expect(page.get_by_test_id("behind").get_by_role("row")).to_have_count(2)
    destination = page.get_by_role("link", name="Destination")
    destination.focus()
    below = page.evaluate(_SCROLLED)
    assert below > 0
    gone = order(site.store, "OFF-2", MUG=1)
    off = CancelOrder(order=gone, reason="Wrong size")
    chief = Handheld(site.store, "supervisor", "dev-second-chief")
    assert chief.say("orders.cancel_order.v1", off) == APPLIED
    catch_up(site.store)
    expect(page.locator("details").get_by_text("2 of 2")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("behind").get_by_role("row")).to_have_count(3)
    expect(page.get_by_test_id("as-of")).to_contain_text("It follows by itself")
    expect(destination).to_be_focused()
    assert page.evaluate(_SCROLLED) == below


def test_filters_go_together_and_stand_in_the_address(site: Site, devices: Devices) -> None:
    a_morning(site)
    page = devices(handheld=False).ready("supervisor")
    opened(page)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Destination").select_option("GB")
    page.get_by_label("Channel").select_option("EC")
    expect(page.get_by_test_id("figure-cancelled")).to_have_text("100 %")
    assert "destination=GB&channel=EC" in page.url
    untold = page.get_by_test_id("untold")
    expect(untold).to_contain_text("Not known by Channel + Destination together")
    expect(untold).to_contain_text("Returns")
    page.reload()
    expect(page.get_by_text("Only Channel: EC")).to_be_visible()
    page.get_by_role("button", name="Show all: Channel").click()
    expect(page.get_by_text("Only Channel: EC")).to_be_hidden()
    expect(page.get_by_test_id("figure-returns")).to_be_visible()
    page.get_by_role("link", name="Cancelled").click()
    expect(page.get_by_test_id("behind").get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("Only Destination: GB")).to_be_visible()
