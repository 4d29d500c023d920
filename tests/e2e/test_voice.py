"""Hands-free: instructions are heard, check digits are said or typed, and all goes on without."""

import contextlib
import json
from collections.abc import Callable

from playwright.sync_api import Error, Locator, Page, expect

from server.kernel.check_digits import check_digits
from tests.e2e.conftest import Device, Site, scan
from tests.e2e.fire import wait_until
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


def speak(page: Page, *guesses: str) -> None:
    """What the browser makes of a voice, once it listens: it does not while it speaks itself."""
    expect(page.get_by_test_id("hearing")).to_have_attribute("data-state", "listening")
    page.evaluate(HEAR, list(guesses))


def say_until_heard(page: Page, words: str, shown: Locator) -> None:
    """Whoever speaks into the last word of an instruction is not heard, and says it again."""
    for _ in range(5):
        speak(page, words)
        with contextlib.suppress(Error):
            return shown.wait_for(timeout=4_000)
    return expect(shown).to_be_visible()


def heard(page: Page, words: str) -> None:
    """Waits until the last thing said begins with these words."""

    def told() -> bool:
        return any(text.startswith(words) for text in texts(page)[-1:])

    wait_until(page, told, f"hear {words!r}")


def test_a_line_is_picked_by_ear_and_voice(site: Site, devices: Callable[..., Device]) -> None:
    page = on_the_way(site, devices)
    assert texts(page) == []
    assert page.evaluate("window.ears") == 0
    switch_on(page, "Spoken instructions", "Speak the check digits")
    where, sku = site.walk()[0]["bin"], site.walk()[0]["sku"]
    heard(page, "Go to " + " ".join(where[:3]))
    speak(page, "can you bring forty seven boxes")
    speak(page, "no idea", " ".join(check_digits("A09-9-9")))
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "location")
    heard(page, "Wrong location. Go to ")
    say_until_heard(page, " ".join(check_digits(where)), page.get_by_test_id("what"))
    expect(page.get_by_test_id("hearing")).to_be_hidden()
    wait_until(page, lambda: page.evaluate("window.ear.on") is False, "nobody listens")
    heard(page, "Pick ")
    scan(page, ITEMS[sku])
    heard(page, "Go to ")


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
    wrong = page.get_by_role("alertdialog", name="Wrong location")
    type_code(page, check_digits("A09-9-9"))
    expect(wrong).to_be_visible()
    wrong.get_by_role("button", name="Back").click()
    type_code(page, check_digits(where))
    expect(page.get_by_test_id("what")).to_be_visible()


def type_code(page: Page, digits: str) -> None:
    page.get_by_role("button", name="Type code").click()
    page.get_by_label("Code or check digits").fill(digits)
    page.keyboard.press("Enter")
