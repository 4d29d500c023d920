"""The tour: every screen of the app and the states that matter, by who sees them. One list, which
the tests look over and the guides' pictures are made from.

A new screen is a new `Stop` in the list of its role; `test_tour.py` fails while a route has none.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WAIT_MS
from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.acted import ACTED
from tests.e2e.tour.acting import ACTING
from tests.e2e.tour.annex import ANNEX
from tests.e2e.tour.bench import BENCH, ODD
from tests.e2e.tour.desks import SUPERVISOR
from tests.e2e.tour.door import DOOR
from tests.e2e.tour.empty import EMPTY, EMPTY_OFFICE
from tests.e2e.tour.floor import CARTS, WALK
from tests.e2e.tour.look import DESK, FLOOR, NO_FLASH
from tests.e2e.tour.offices import ADMIN, SERVICE
from tests.e2e.tour.outside import CUSTOMER
from tests.e2e.tour.road import DEMANDING, DOCK, DOORS, NOBODY
from tests.e2e.tour.shelves import SHELVES
from tests.e2e.tour.site import LATITUDE, LONGITUDE, PIN, TourSite
from tests.e2e.tour.stockroom import STOCK
from tests.e2e.tour.stop import Journey, Stop, Visit, wait

TOUR = (
    Journey("anyone", DOOR, floor=True, signs_in=False),
    Journey("picker", (*WALK, *CARTS, *SHELVES, *STOCK, *ACTED), floor=True),
    Journey("packer", (*BENCH, *ODD), floor=True),
    Journey("driver", (*DOCK, *DOORS, *DEMANDING, *NOBODY), floor=True),
    Journey("supervisor", SUPERVISOR, floor=False),
    Journey("supervisor", ACTING, floor=False, part="acting"),
    Journey("supervisor", EMPTY, floor=False, part="new-site", at=ANNEX),
    Journey("service", SERVICE, floor=False),
    Journey("admin", ADMIN, floor=False),
    Journey("admin", EMPTY_OFFICE, floor=False, part="new-site", at=ANNEX),
    Journey("customer", CUSTOMER, floor=True, signs_in=False),
)
LOCALES = {"en": "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
SCREENS = Path(__file__).parents[3] / "pwa" / "src" / "screens"

See = Callable[[Visit, Stop, int], None]
"""What is done at each stop; its place on the journey, from 0."""


def walk(journey: Journey, site: TourSite, browser: Browser, language: str, see: See) -> None:
    """From the first stop to the last."""
    with opened(browser, journey, language) as page:
        on = Visit(page, site, language, journey.role, journey.at)
        if journey.signs_in:
            sign_in(on)
        for at, stop in enumerate(journey.stops):
            arrive(on, stop)
            see(on, stop, at)


def arrive(on: Visit, stop: Stop) -> None:
    """At a stop, which stands where it says."""
    stop.reach(on)
    expect(on.page.locator(stop.shown).first, stop.name).to_be_visible()
    if stop.route:
        hash_ = on.page.url.partition("#")[2]
        assert matches(stop.route, hash_, on.role), f"{stop.name}: {hash_} is not {stop.route}"


def matches(route: str, hash_: str, role: str) -> bool:
    path = hash_.partition("?")[0].strip("/")
    if not path or path.startswith("enrol="):
        path = "auth" if role == "anyone" else role
    pattern = "/".join("[^/]+" if part.startswith(":") else part for part in route.split("/"))
    return re.fullmatch(pattern, path) is not None


@contextmanager
def opened(browser: Browser, journey: Journey, language: str) -> Iterator[Page]:
    """A browser's page without a history. Whatever trips in it fails at the end."""
    context = browser.new_context(
        viewport=FLOOR if journey.floor else DESK,  # type: ignore[arg-type]
        is_mobile=journey.floor,
        has_touch=journey.floor,
        locale=LOCALES[language],
        permissions=["geolocation"],
        geolocation={"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy": 12},
        reduced_motion="reduce",
    )
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(NO_FLASH)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert errors == []


def sign_in(on: Visit) -> None:
    """A device of its own, enrolled; then the person of this role."""
    on.page.goto(f"{on.site.server.base}/#enrol={on.site.code(on.at)}")
    on.button("auth.enrolDo").click()
    wait("input[name=badge]")(on)
    scan_text(on.page, on.site.person(on.role, on.at).badge)
    keypad = on.page.locator(".keypad input")
    expect(keypad).to_be_focused()
    keypad.press_sequentially(PIN)
    on.page.keyboard.press("Enter")
    expect(keypad).to_be_hidden()


def routes_of(folder: Path) -> set[str]:
    """The patterns that a folder of screens exports, with its name in front."""
    source = (folder / "index.tsx").read_text("utf-8")
    table = re.search(r"export const routes: Routes = \{(.*?)\};", source, re.DOTALL)
    assert table, f"no table of routes in {folder.name}/index.tsx"
    assert "..." not in table[1], f"{folder.name}/index.tsx: routes stand elsewhere"
    found = re.findall(r'(?:"([^"]*)"|(\w+)):(?!\s*")', table[1])
    return {f"{folder.name}/{quoted or bare}".strip("/") for quoted, bare in found}


def all_routes() -> set[str]:
    folders = (index.parent for index in SCREENS.glob("*/index.tsx"))
    return {route for folder in folders for route in routes_of(folder)}


def visited() -> set[str]:
    return {stop.route for journey in TOUR for stop in journey.stops}
