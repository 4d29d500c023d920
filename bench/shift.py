"""A shift of 2,000 operations and ten photos comes back by 1 Mbit/s that is gone 5 % of the time:
real Chromium, the built app. See `tests/e2e/shift.py`."""

import tempfile
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import sync_playwright

import server.modules  # noqa: F401  registers operations and tables
from bench.browser import PIN
from bench.figure import Figure, at_most, told
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.store.store import Store
from tests.e2e.conftest import Device, Site
from tests.e2e.proxy import Proxy
from tests.e2e.shift import Return, comes_back, worked_off_line
from tests.floor_site import build
from tests.serving import serving

OPERATIONS, PHOTOS = 2_000, 10


def run() -> list[Figure]:
    back = _once()
    ratio = back.sent / back.to_come
    return [
        at_most("shift: all operations in", back.operations_s, "s", 60),
        at_most("shift: the server's work for them", back.server_s, "s", 2),
        at_most("shift: photos in before the last operation", back.photos_then, "photos", 0),
        Figure(
            name="shift: bytes on the link, beside the photos' own",
            value=back.sent / 1000,
            unit="kB",
            baseline=back.to_come / 1000,
            ratio=ratio,
            target="ratio <= 1.15",
            ok=ratio <= 1.15,
        ),
        told("shift: operations", OPERATIONS, "operations"),
    ]


def _once() -> Return:
    proxy = Proxy().start()
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        build(store)
        hashed = hash_pin(PIN)
        store.run_sync(lambda tx: tx.conn.execute(sa.update(person).values(pin_hash=hashed)))
        with serving(store.url, folder, proxy.port) as server, sync_playwright() as playwright:
            proxy.server_port = server.port
            site = Site(store, server, proxy)
            device = Device(playwright, site, folder / "profile", handheld=True)
            try:
                return comes_back(worked_off_line(site, device, OPERATIONS, PHOTOS), device.url)
            finally:
                device.close()
                store.close()
                proxy.stop()
