"""Real Chromium against a real server process: handhelds at 360×720 with profiles of their own."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import psutil
import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from server.auth.enrol import make_code
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.catalog.ops import PutItem
from server.imports.gtin import gtin14, own_ean13
from server.inventory.ops import PutBin, ReceiveStock
from server.picking import modes
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from tests.e2e.proxy import Proxy
from tests.floor_site import SITE, build, good, order, release_wave, table
from tests.serving import Server, serving
from tests.stores import open_store

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
WITHOUT = (
    # What Playwright leaves out anyhow: of two such lists the browser reads the last one only.
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    # The address bar's list, a page that nobody sees: half of what a browser's start costs.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
)
FLAGS = [
    f"--disable-features={','.join(WITHOUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = {"latitude": 52.520008, "longitude": 13.404954, "accuracy": 12}
PIN = "493027"
WAIT_MS = 20_000
STATIC = Path(__file__).parents[2] / "server" / "static" / "index.html"

expect.set_options(timeout=WAIT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Not for the whole run: while it is open, no other test of this worker can have a loop."""
    if not STATIC.exists():
        pytest.fail("the web app is not built: python3 dev.py build")
    with sync_playwright() as running:
        yield running


@dataclass
class Site:
    """A store, the server over it, the link to it, and what a test asks of them."""

    store: Store
    server: Server
    proxy: Proxy

    def code(self) -> str:
        return self.store.run_sync(lambda tx: make_code(tx, site=SITE, made_by="test"))[0]

    def orders(self, count: int, lines: int = 3) -> list[str]:
        """Orders with as many lines as asked (at most three items here), in one wave."""
        goods = dict(list({"MUG": 2, "TEE": 1, "LAMP": 1}.items())[:lines])
        made = [order(self.store, f"R-{i}", **goods) for i in range(count)]
        good(release_wave(self.store))
        return made

    def long_order(self, lines: int) -> str:
        """One order of so many items, one piece each, in bins along both aisles; one task."""
        goods = {f"SKU{i:03d}": 1 for i in range(lines)}
        self.store.run_sync(lambda tx: furnish(tx, list(goods)))
        made = order(self.store, "LONG", **goods)
        if lines <= modes.LINES_PER_TASK:
            good(release_wave(self.store))
            return made
        self.server.stop()  # it would plan the wave as well, and cut it
        with patch.object(modes, "LINES_PER_TASK", lines):
            good(release_wave(self.store))
        self.server.start()
        return made

    def walk(self) -> list[dict[str, str]]:
        """The lines of the only picking task, in walking order: bin and code to scan."""
        return table(
            self.store,
            "SELECT p.bin, p.sku, c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku"
            " ORDER BY p.task, p.no",
        )


def furnish(tx: Tx, skus: list[str], pieces: int = 10) -> None:
    """A bin of its own for each item."""
    for i, sku in enumerate(skus):
        where = f"B{i:03d}"
        bin_op = PutBin(code=where, aisle=i % 2, offset_dm=2 * i % 100, level=1 + i % 3)
        item = PutItem(sku=sku, name=f"Item {i}", codes=[gtin14(own_ean13(sku))])
        stock = ReceiveStock(bin=where, sku=sku, qty=pieces)
        good(submit(tx, SITE, "test", "inventory.put_bin.v1", bin_op))
        good(submit(tx, SITE, "test", "catalog.put_item.v1", item))
        good(submit(tx, SITE, "test", "inventory.receive_stock.v1", stock))


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """What stands between browsers and the server; as it starts it only carries."""
    running = Proxy().start()
    yield running
    running.stop()


@pytest.fixture
def site(tmp_path: Path, proxy: Proxy) -> Iterator[Site]:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        hashed = hash_pin(PIN)
        store.run_sync(lambda tx: tx.conn.execute(person.update().values(pin_hash=hashed)))
        with serving(store.url, tmp_path, proxy.port) as server:
            proxy.server_port = server.port
            yield Site(store, server, proxy)


@dataclass
class Device:
    """A browser with a profile on disk: it may be killed and come back with all it had."""

    playwright: Playwright
    site: Site
    profile: Path
    handheld: bool
    direct: bool = False
    """Whether it reaches the server past the proxy, whose weather is for handhelds."""
    context: BrowserContext | None = None
    errors: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    """What runs in each page before the app does."""
    sabotaged: bool = False
    """A protection was taken out: errors in the page are no news."""
    located: bool = True
    """Whether its person allows the app to know where it is."""

    def open(self) -> Page:
        size = {"width": 360, "height": 720} if self.handheld else {"width": 1280, "height": 800}
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport=size,  # type: ignore[arg-type]
            is_mobile=self.handheld,
            has_touch=self.handheld,
            permissions=["geolocation"] if self.located else [],
            geolocation=HERE,  # type: ignore[arg-type]
            locale="en-GB",
        )
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        for script in self.scripts:
            self.context.add_init_script(script)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def take_out(self, protection: str) -> None:
        """Start every page with this script of `sabotage.py`."""
        self.scripts.append(protection)
        self.sabotaged = True

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """As a dead battery does: every process of this profile, at once."""
        self.kill_processes()
        with contextlib.suppress(Error):
            self.close()
        self.context = None

    def kill_processes(self) -> None:
        for process in psutil.process_iter(["cmdline"]):
            if any(str(self.profile) in part for part in process.info["cmdline"] or ()):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()

    def offline(self, offline: bool) -> None:
        assert self.context is not None
        self.context.set_offline(offline)

    @property
    def url(self) -> str:
        return self.site.server.base if self.direct else self.site.server.public

    def enrol(self, page: Page) -> None:
        page.goto(f"{self.url}/#enrol={self.site.code()}")
        page.get_by_role("button", name="Enrol").click()
        expect(page.get_by_label("Badge")).to_be_visible(timeout=WAIT_MS)

    def sign_in(self, page: Page, who: str) -> None:
        expect(page.get_by_label("Badge")).to_be_visible(timeout=WAIT_MS)
        scan(page, f"B-{who}")
        keypad = page.get_by_role("textbox", name="PIN")
        expect(keypad).to_be_focused(timeout=WAIT_MS)
        for digit in PIN:
            page.keyboard.press(digit)
        page.keyboard.press("Enter")
        expect(keypad).to_be_hidden(timeout=WAIT_MS)

    def ready(self, who: str) -> Page:
        page = self.open()
        self.enrol(page)
        self.sign_in(page, who)
        return page


@pytest.fixture
def devices(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Callable[..., Device]]:
    made: list[Device] = []

    def make(handheld: bool = True, direct: bool = False) -> Device:
        device = Device(playwright, site, tmp_path / f"profile-{len(made)}", handheld, direct)
        made.append(device)
        return device

    yield make
    for device in made:
        device.close()
        assert device.sabotaged or device.errors == []


def scan(page: Page, text: str) -> None:
    """What a keyboard wedge does: characters as keys, then Enter."""
    page.evaluate("document.activeElement instanceof HTMLElement && document.activeElement.blur()")
    for character in text:
        page.keyboard.press("Control+]" if character == "\x1d" else character)
    page.keyboard.press("Enter")


def installed(page: Page) -> None:
    """Waits until the service worker has everything it needs to start without a network."""
    page.evaluate(
        """navigator.serviceWorker.ready.then(() => new Promise(done =>
           navigator.serviceWorker.controller ? done() :
           navigator.serviceWorker.addEventListener("controllerchange", () => done())))"""
    )
