"""A shift begins: a device is enrolled, a badge is scanned, a PIN is typed; with and without a
network."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Device, Site, installed, scan


def test_a_new_handheld_is_enrolled_and_a_picker_signs_in(devices: Callable[..., Device]) -> None:
    device = devices()
    page = device.ready("picker")
    expect(page.get_by_text("Online")).to_be_visible()
    page.goto(f"{device.url}/#/settings")
    expect(page.get_by_role("heading", name="Picker", exact=True)).to_be_visible()
    assert page.evaluate("document.cookie") == ""


def test_a_person_who_was_here_before_signs_in_without_a_network(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    page = device.ready("picker")
    installed(page)
    site.server.stop()
    page.goto(f"{device.url}/#/settings")
    page.reload()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{device.url}/#/")
    expect(page.get_by_label("Badge")).to_be_visible()
    device.sign_in(page, "picker")
    expect(page.get_by_text("Offline").first).to_be_visible()


def test_too_few_digits_are_a_wrong_pin(devices: Callable[..., Device]) -> None:
    device = devices()
    page = device.open()
    device.enrol(page)
    scan(page, "B-picker")
    keypad = page.get_by_role("textbox", name="PIN")
    keypad.press_sequentially("1234")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Badge or PIN is wrong. Try again.")).to_be_visible()
