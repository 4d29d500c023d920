"""Labels at the bench's own printer: by itself with the last scan, a printer that is off, no
network; and the carrier's bars on the screen."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from server.auth.pins import hash_pin
from server.auth.tables import person
from tests.carrier_work import CARRIERS
from tests.documents.reading import pages, scanned, symbologies
from tests.documents.zpl_reader import read
from tests.e2e.conftest import PIN, Device, Site, scan
from tests.e2e.fire import all_sent, wait_until
from tests.e2e.test_packing_bench import MUG, furnish, press, start, to_the_bench
from tests.floor_site import _person, scalar

Devices = Callable[..., Device]
COUNTED = "window.print = () => { window.printedHere = (window.printedHere ?? 0) + 1; };"
BENCH = {"quality": False, "weigh": False, "print": True}


class Zebra:
    """Stands on a port of the loopback and keeps what it is sent; it can be switched off."""

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self._socket: socket.socket | None = None
        self.port = 0
        self.switch_on()

    def switch_on(self) -> None:
        taking = socket.create_server(("127.0.0.1", self.port))
        self.port = taking.getsockname()[1]
        self._socket = taking
        threading.Thread(target=self._take, args=(taking,), daemon=True).start()

    def _take(self, taking: socket.socket) -> None:
        while True:
            try:
                sending, _ = taking.accept()
            except OSError:
                return
            with sending:
                self.printed.append(all_of(sending))

    def switch_off(self) -> None:
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None


def all_of(sending: socket.socket) -> bytes:
    return b"".join(iter(lambda: sending.recv(65_536), b""))


@pytest.fixture
def zebra() -> Iterator[Zebra]:
    printer = Zebra()
    yield printer
    printer.switch_off()


def network(zebra: Zebra, key: str = "bench-1", name: str = "Bench 1") -> dict[str, Any]:
    return {"id": key, "name": name, "kind": "network", "address": f"127.0.0.1:{zebra.port}"}


def pack_one(page: Page) -> None:
    scan(page, MUG)
    press(page, "close-parcel")
    expect(page.get_by_test_id("label")).to_be_visible()


def state_is(page: Page, state: str) -> None:
    expect(page.get_by_test_id("print-state")).to_have_attribute("data-state", state)


def printed_here(page: Page) -> int:
    return int(page.evaluate("window.printedHere ?? 0"))


def test_the_last_scan_prints_at_the_bench_and_a_printer_that_is_off_is_told(
    site: Site, devices: Devices, zebra: Zebra
) -> None:
    rules = {"stations": [network(zebra)], "tries": 2, "wait_s": 1, "timeout_s": 2}
    furnish(site, packing=BENCH, cartons=[], printing=rules)
    to_the_bench(site, MUG=1)
    device = devices()
    device.scripts.append(COUNTED)
    page = start(device)
    pack_one(page)
    state_is(page, "printed")
    expect(page.get_by_text("Printed at Bench 1")).to_be_visible()
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    (zpl,) = zebra.printed
    assert symbologies(read(zpl).drawn())[f"00{number}"] == "]C1"
    assert printed_here(page) == 0

    zebra.switch_off()
    press(page, "print")
    state_is(page, "failed")
    expect(page.get_by_text("Switch it off and on, then print again.")).to_be_visible()
    press(page, "print-here")
    assert printed_here(page) == 1
    zebra.switch_on()
    press(page, "print")
    state_is(page, "printed")
    assert len(zebra.printed) == 2
    told = "SELECT COUNT(*) FROM event WHERE kind LIKE 'packing.label%'"
    assert scalar(site.store, told) == 3


def test_without_a_network_the_device_prints_its_own_label(
    site: Site, devices: Devices, zebra: Zebra
) -> None:
    furnish(site, packing=BENCH, cartons=[], printing={"stations": [network(zebra)]})
    to_the_bench(site, MUG=1)
    device = devices()
    device.scripts.append(COUNTED)
    page = start(device)
    all_sent(page)
    device.offline(True)
    pack_one(page)
    wait_until(page, lambda: printed_here(page) == 1, "it came out of this device")
    expect(page.get_by_text("No network: print on this device.")).to_be_visible()
    press(page, "print")
    assert printed_here(page) == 2
    device.offline(False)
    all_sent(page)
    press(page, "print")
    state_is(page, "printed")
    assert len(zebra.printed) == 1, "nothing was printed late and by itself"
    assert printed_here(page) == 2


def test_the_carrier_s_bars_are_on_the_screen_and_on_paper(site: Site, devices: Devices) -> None:
    benches = [
        {"id": "a", "name": "Bench A", "kind": "null"},
        {"id": "pc", "name": "Office", "kind": "browser"},
    ]
    carriers = CARRIERS | {"own": None, "by_itself": True}
    furnish(
        site,
        packing=BENCH | {"print": False},
        cartons=[],
        printing={"stations": benches},
        carriers=carriers,
    )
    to_the_bench(site, MUG=1)
    device = devices()
    device.scripts.append(COUNTED)
    page = start(device)
    pack_one(page)
    expect(page.get_by_test_id("waybill")).to_be_visible()
    waybill = str(scalar(site.store, "SELECT number FROM waybill"))
    seen = Image.open(BytesIO(page.get_by_test_id("waybill").screenshot(scale="device")))
    assert scanned(seen.resize((seen.width * 2, seen.height * 2))) == {waybill: "Code 128"}
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    (paper,) = pages(page.pdf(prefer_css_page_size=True), 300)
    read_back = symbologies(paper)
    assert (read_back[waybill], read_back[f"00{number}"]) == ("]C0", "]C1")

    press(page, "print")
    assert printed_here(page) == 1, "no bench was chosen: this device prints"
    press(page, "change-station")
    page.get_by_role("button", name="Bench A").click()
    press(page, "print")
    state_is(page, "printed")
    expect(page.get_by_text("Printed at Bench A")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Bench A", exact=True)).to_be_visible()


def test_an_administrator_sets_the_printers(site: Site, devices: Devices) -> None:
    site.store.run_sync(lambda tx: _person(tx, "admin"))
    hashed = hash_pin(PIN)
    site.store.run_sync(lambda tx: tx.conn.execute(person.update().values(pin_hash=hashed)))
    put = {"stations": [{"id": "old", "name": "Old bench", "kind": "null"}], "tries": 7}
    furnish(site, printing=put)
    page = devices(handheld=False).ready("admin")
    page.get_by_role("link", name="Settings").first.click()
    press(page, "add-bench")
    page.get_by_label("Name of the bench").fill("打包台 2")
    page.get_by_label("Address of the printer").fill("http://10.0.0.21")
    expect(page.get_by_text("This is no address.")).to_be_visible()
    expect(page.get_by_test_id("save-bench")).to_be_disabled()
    page.get_by_label("Address of the printer").fill("10.0.0.21")
    page.get_by_label("Resolution").select_option("300")
    press(page, "save-bench")
    expect(page.get_by_text("10.0.0.21 · 300 dpi")).to_be_visible()
    page.get_by_role("button", name="Old bench").click()
    press(page, "remove-bench")
    expect(page.get_by_role("button", name="Old bench")).to_have_count(0)
    value = json.loads(scalar(site.store, "SELECT value FROM setting WHERE key = 'printing'"))
    new = {"id": "2", "name": "打包台 2", "kind": "network", "address": "10.0.0.21", "dpi": 300}
    assert value == {"stations": [new], "tries": 7}
