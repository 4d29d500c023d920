"""A real Chromium as a handheld, and a stopwatch inside its pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""None of them touches the frame rate."""

PIN = "493027"

STOPWATCH = """
(() => {
  const channel = new MessageChannel();
  const taken = [];
  let shown = null, began = null, now = null;
  // Before the page's own listeners: from the moment at which the key came in.
  addEventListener("keydown", event => {
    if (event.key === "Enter" && shown && began === null) began = event.timeStamp;
  }, true);
  new MutationObserver(() => {
    if (began === null || now || !document.querySelector(shown)) return;
    now = { dom: performance.now() - began };
    requestAnimationFrame(() => channel.port2.postMessage(0));
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  // The task after the frame's callbacks: the frame has been painted.
  channel.port1.onmessage = () => {
    taken.push({ ...now, paint: performance.now() - began });
    shown = began = now = null;
  };
  globalThis.stopwatch = { taken, arm(selector) { shown = selector; } };
})();
"""


@contextmanager
def handheld(profile: Path) -> Iterator[Page]:
    """A page of 360×720 with a profile on the disk, as a handheld has."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 360, "height": 720},
            is_mobile=True,
            has_touch=True,
            locale="en-GB",
        )
        context.add_init_script(STOPWATCH)
        try:
            yield context.pages[0] if context.pages else context.new_page()
        finally:
            context.close()


def scan(page: Page, text: str) -> None:
    """What a keyboard wedge does: characters as keys, then Enter."""
    for character in text:
        page.keyboard.press(character)
    page.keyboard.press("Enter")


def timed(page: Page, text: str, shown: str) -> tuple[float, float]:
    """Scan; ms from the last key until `shown` (a selector) is in the DOM, and until painted."""
    count = page.evaluate("selector => (stopwatch.arm(selector), stopwatch.taken.length)", shown)
    scan(page, text)
    page.wait_for_function("count => stopwatch.taken.length > count", arg=count, polling=20)
    last = page.evaluate("stopwatch.taken.at(-1)")
    return last["dom"], last["paint"]


def sign_in(page: Page, url: str, code: str) -> None:
    """Makes the browser a device and its person the site's first picker, whose PIN is `PIN`."""
    page.goto(f"{url}/#enrol={code}")
    page.get_by_role("button", name="Enrol").click()
    page.get_by_label("Badge").wait_for()
    page.evaluate("document.activeElement.blur()")
    scan(page, "B-000")
    page.get_by_role("textbox", name="PIN").wait_for()
    for digit in PIN:
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="PIN").wait_for(state="hidden")


def throttle(page: Page, rate: int) -> None:
    """Make the page's processor `rate` times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
