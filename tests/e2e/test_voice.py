"""Hands-free: instructions are heard, check digits are said or typed, and all goes on without."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.kernel.check_digits import check_digits
from tests.e2e.conftest import Device, Site, scan
from tests.floor_site import ITEMS

FAKES = """
window.said = []; window.ears = 0;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [], cancel() {}, addEventListener() {}, removeEventListener() {},
  speak(said) {
    window.said.push({ text: said.text, lang: said.lang, volume: said.volume, rate: said.rate });
    setTimeout(() => said.onend?.(), 5);
  },
}});
window.SpeechRecognition = class {
  constructor() { window.ear = this; }
  start() { window.ears += 1; this.on = true; }
  abort() { this.on = false; this.onend?.(); }
};
"""
HEAR = """guesses => window.ear.onresult({ resultIndex: 0, results: [
  Object.assign(guesses.map(transcript => ({ transcript })), { isFinal: true })] })"""


def on_the_way(site: Site, devices: Callable[..., Device]) -> Page:
    site.orders(1)
    device = devices()
    device.scripts.append(FAKES)
    page = device.ready("picker")
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    return page


def switch_on(page: Page, *names: str) -> None:
    page.evaluate("() => { location.hash = '/settings'; }")
    for name in names:
        page.get_by_role("switch", name=name).click()
    page.evaluate("history.back()")
    expect(page.get_by_test_id("where")).to_be_visible()


def texts(page: Page) -> list[str]:
    return [each["text"] for each in page.evaluate("window.said")]


def test_a_line_is_picked_by_ear_and_voice(site: Site, devices: Callable[..., Device]) -> None:
    page = on_the_way(site, devices)
    assert texts(page) == []
    assert page.evaluate("window.ears") == 0
    switch_on(page, "Spoken instructions", "Speak the check digits")
    where, sku = site.walk()[0]["bin"], site.walk()[0]["sku"]
    expect(page.get_by_test_id("hearing")).to_have_attribute("data-state", "listening")
    assert texts(page)[-1].startswith("Go to " + " ".join(where[:3]))
    page.evaluate(HEAR, ["can you bring forty seven boxes"])
    page.evaluate(HEAR, ["no idea", " ".join(check_digits("A09-9-9"))])
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "location")
    assert texts(page)[-1].startswith("Wrong location. Go to ")
    page.evaluate(HEAR, [" ".join(check_digits(where))])
    expect(page.get_by_test_id("what")).to_be_visible()
    expect(page.get_by_test_id("hearing")).to_be_hidden()
    assert page.evaluate("window.ear.on") is False
    assert texts(page)[-1].startswith("Pick ")
    scan(page, ITEMS[sku])
    page.wait_for_function("window.said.length >= 5")


def test_voice_is_off_for_whoever_signs_in_next(site: Site, devices: Callable[..., Device]) -> None:
    page = on_the_way(site, devices)
    switch_on(page, "Spoken instructions")
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.includes('voice'))")
    assert [key for key, _ in kept] == ["dockhand.voice.picker"]
    assert json.loads(kept[0][1])["speech"] is True
    page.evaluate("() => { location.hash = '/settings'; }")
    page.get_by_role("button", name="Sign out").click()
    devices_own = page.get_by_label("Badge")
    expect(devices_own).to_be_visible()
    before = len(texts(page))
    site_device = Device(None, site, None, True)  # type: ignore[arg-type]
    site_device.sign_in(page, "picker2")
    expect(page.get_by_test_id("take-next").or_(page.get_by_text("No task"))).to_be_visible()
    assert len(texts(page)) == before


def test_check_digits_are_typed_where_there_is_no_voice_at_all(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.orders(1)
    page = devices().ready("picker")
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    where = site.walk()[0]["bin"]
    for digits, seen in ((check_digits("A09-9-9"), "stop"), (check_digits(where), "what")):
        if page.get_by_test_id("stop").is_visible():
            page.get_by_role("button", name="Back").last.click()
        page.get_by_role("button", name="Type code").click()
        page.get_by_label("Code or check digits").fill(digits)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id(seen)).to_be_visible()
