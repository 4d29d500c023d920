"""Every view of a desk can be reached, on a wide screen at once, on a phone behind one button."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device

Devices = Callable[..., Device]
LEFT_AND_RIGHT = """() => [...document.querySelectorAll(".views a")].map(link => {
  const { left, right } = link.getBoundingClientRect();
  return [left, right];
})"""


def stands_within(page: Page, width: int) -> bool:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    edges = page.evaluate(LEFT_AND_RIGHT)
    return len(edges) == 17 and all(0 <= left < right <= width for left, right in edges)


def test_all_views_of_a_supervisor_are_on_show_at_a_desk(devices: Devices) -> None:
    page = devices(handheld=False).ready("supervisor")
    expect(page.get_by_role("link", name="Add device")).to_be_visible()
    assert stands_within(page, 1280)
    page.get_by_role("link", name="Carriers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Carriers")).to_have_attribute("aria-current", "page")


def test_all_views_of_a_supervisor_are_behind_one_button_on_a_phone(devices: Devices) -> None:
    page = devices().ready("supervisor")
    button = page.get_by_role("button", name="Views: Board")
    expect(page.get_by_role("link", name="Carriers")).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Carriers")).to_be_visible()
    assert stands_within(page, 360)
    page.get_by_role("link", name="Carriers").click()
    expect(page.get_by_role("button", name="Views: Carriers")).to_be_visible()
