"""A stop of the tour: one screen or state of the app, and how to get there from the one before."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.site import SITE, TourSite
from tests.e2e.tour.words import pattern, words


@dataclass
class Visit:
    """Somebody on the tour: what they look at, where, and in which language."""

    page: Page
    site: TourSite
    language: str
    role: str
    at: str = SITE
    """The warehouse that they work in."""

    def word(self, key: str) -> re.Pattern[str]:
        """A message of the catalogue, as a whole."""
        return re.compile(f"^{pattern(words(self.language)[key]).pattern}$")

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.word(key))


TOO_SOON_MS = 350
"""The same code sooner than that counts once."""

Reach = Callable[[Visit], None]
"""From the stop before to this one, as the person would."""


@dataclass(frozen=True)
class Stop:
    """`name`: of its pictures, with the role in front. `route`: as in the router, with the folder
    in front; empty for a page outside the app. `shown`: what is visible once one is there."""

    name: str
    route: str
    reach: Reach
    shown: str = "h1"


@dataclass(frozen=True)
class Journey:
    """One person's stops in the order in which they are reached. `floor`: a handheld is in use.
    `part`: tells the journeys of one role apart. `at`: the warehouse."""

    role: str
    stops: Sequence[Stop]
    floor: bool
    signs_in: bool = True
    part: str = ""
    at: str = SITE

    @property
    def name(self) -> str:
        return f"{self.role}-{self.part}" if self.part else self.role


def view(name: str, route: str, shown: str = "h1") -> Stop:
    """A screen with an address of its own, without names in it."""
    return Stop(name, route, go(f"/{route}"), shown)


def go(path: str) -> Reach:
    return lambda on: on.page.evaluate("path => { location.hash = path; }", path)


def press(test_id: str) -> Reach:
    """The first thing of this test id; `*` at its end stands for a number or a name."""
    name = re.compile(f"^{re.escape(test_id[:-1])}") if test_id.endswith("*") else test_id
    return lambda on: on.page.get_by_test_id(name).first.click()


def tap(key: str) -> Reach:
    """The first button that says this message of the catalogue."""
    return lambda on: on.button(key).first.click()


def choose(at: int) -> Reach:
    """One of the answers that the screen offers."""
    return lambda on: on.page.locator(".choices button, .choices label").nth(at).click()


def scan(text: str) -> Reach:
    return lambda on: scan_text(on.page, text)


def again(text: str) -> Reach:
    """Later than the same pull of the trigger."""

    def reach(on: Visit) -> None:
        on.page.wait_for_timeout(TOO_SOON_MS)
        scan_text(on.page, text)

    return reach


def type_in(text: str, at: int = 0) -> Reach:
    """Into a field of the screen, or of the dialog over it."""
    fields = "input:not([type=file]):not(.catcher):not(.shown), textarea"
    return lambda on: top(on.page).locator(fields).nth(at).fill(text)


def type_digits(text: str) -> Reach:
    """On the keypad."""

    def reach(on: Visit) -> None:
        for digit in text:
            on.page.locator(".keypad .keys").get_by_role("button", name=digit, exact=True).click()

    return reach


def digits(text: str) -> Reach:
    """On the keypad, and its key to go on."""
    return then(
        type_digits(text), lambda on: on.page.locator(".keypad button[type=submit]").click()
    )


def escape(on: Visit) -> None:
    """Out of the dialog on show."""
    on.page.keyboard.press("Escape")
    expect(on.page.locator("dialog")).to_have_count(0)


def dismiss(on: Visit) -> None:
    """The full-screen stop after a wrong scan: its last button."""
    on.page.locator(".full-stop .actions button").last.click()
    expect(on.page.locator(".full-stop")).to_have_count(0)


def offline(on: Visit) -> None:
    """Until `online`; the screen says so."""
    on.page.context.set_offline(True)
    expect(on.page.locator(".status-bar.offline")).to_be_visible()


def online(on: Visit) -> None:
    on.page.context.set_offline(False)
    expect(on.page.locator(".status-bar:not(.offline)")).to_be_visible()


def then(*steps: Reach) -> Reach:
    def reach(on: Visit) -> None:
        for step in steps:
            step(on)

    return reach


def wait(shown: str) -> Reach:
    return lambda on: expect(on.page.locator(shown).first).to_be_visible()


def stay(on: Visit) -> None:
    """One is there already."""


def top(page: Page) -> Locator:
    """What lies above everything: a dialog if there is one."""
    dialog = page.locator("dialog[open]")
    return dialog.last if dialog.count() else page.locator("body")
