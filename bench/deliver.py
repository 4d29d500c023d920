"""The driver's last tap at a door, off-line, on a processor six times slower: from the tap on
"Done" until "Recorded on this device" is in the DOM, with a photo of 3 MB in the proof. The real
app in real Chromium; the proof is on the disk before it says so.

Baseline: the same tap with no photo.
"""

import tempfile
from pathlib import Path

import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

import server.modules  # noqa: F401  registers operations and tables
from bench.browser import PIN, throttle
from bench.figure import Figure, at_most, percentile, told
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.pod.ops import PlanRun
from server.store.store import Store
from tests.e2e.conftest import Device, Site, installed, scan
from tests.e2e.proxy import Proxy
from tests.floor_site import Handheld, build, good, system, table
from tests.floor_work import pack_all, pick_all, take
from tests.serving import serving

STOPS = 12
SLOWER = 6
PHOTO_BYTES = 3_000_000
STOPWATCH = """
(() => {
  const taken = [];
  let began = null;
  addEventListener("click", event => {
    if (event.target.closest("[data-testid=finish]")) began = event.timeStamp;
  }, true);
  new MutationObserver(() => {
    if (began === null || !document.querySelector("[data-testid=proof-state]")) return;
    taken.push(performance.now() - began);
    began = null;
  }).observe(document, { subtree: true, childList: true });
  globalThis.deliveries = taken;
})();
"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        with_photo, without = _measured(Path(name))
    tap = "deliver: tap to recorded, 6x slower, 3 MB photo"
    return [
        at_most(f"{tap}, p95", percentile(with_photo, 95), "ms", 100, percentile(without, 95)),
        told(f"{tap}, p50", percentile(with_photo, 50), "ms", percentile(without, 50)),
        told("deliver: taps", len(with_photo), "taps"),
    ]


def _measured(folder: Path) -> tuple[list[float], list[float]]:
    proxy = Proxy().start()
    store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
    build(store)
    hashed = hash_pin(PIN)
    store.run_sync(lambda tx: tx.conn.execute(sa.update(person).values(pin_hash=hashed)))
    with serving(store.url, folder, proxy.port) as server, sync_playwright() as playwright:
        proxy.server_port = server.port
        device = Device(playwright, Site(store, server, proxy), folder / "profile", handheld=True)
        device.take_out(STOPWATCH)
        try:
            page = _on_the_road(device)
            device.offline(True)
            throttle(page, SLOWER)
            photo = _photo(folder)
            for at in range(STOPS):
                _refuse(page, photo if at % 2 == 0 else None)
            times: list[float] = page.evaluate("deliveries")
            return times[0::2], times[1::2]
        finally:
            device.close()
            store.close()
            proxy.stop()


def _on_the_road(device: Device) -> Page:
    store = device.site.store
    device.site.orders(STOPS)
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    waiting = "SELECT id FROM task WHERE kind = :k AND state = 'open'"
    while table(store, waiting, k="pick"):
        pick_all(picker, take(picker, "pick"))
    while table(store, waiting, k="pack"):
        pack_all(packer, take(packer, "pack"))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    page = device.ready("driver")
    installed(page)
    page.get_by_test_id("take-next").click()
    page.get_by_test_id("load").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    for row in table(store, "SELECT parcel FROM load"):
        scan(page, row["parcel"])
        expect(page.get_by_test_id(f"missing-{row['parcel']}")).to_be_hidden()
    page.get_by_test_id("depart").click()
    page.get_by_label("Vehicle plate").fill("YK21 ABC")
    page.get_by_test_id("depart-now").click()
    expect(page.get_by_test_id("next-stop")).to_be_visible()
    expect(page.get_by_text("All sent")).to_be_visible()
    return page


def _refuse(page: Page, photo: Path | None) -> None:
    page.get_by_test_id("next-stop").or_(page.get_by_test_id("onward")).click()
    page.get_by_test_id("arrive").click()
    page.get_by_test_id("outcome-refused").click()
    page.get_by_role("button", name="Too late").click()
    page.get_by_test_id("next").click()
    if photo is not None:
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator(".photo-strip img")).to_be_visible()
    page.get_by_test_id("next").click()
    _sign(page)
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("place")).not_to_have_text("Searching…")
    page.wait_for_timeout(300)  # people look before they tap
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_be_visible()


def _sign(page: Page) -> None:
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 60)
    page.mouse.down()
    for i in range(1, 16):
        page.mouse.move(box["x"] + 40 + 14 * i, box["y"] + 60 + (30 if i % 2 else -30))
    page.mouse.up()


def _photo(folder: Path) -> Path:
    """As a camera writes it: the app draws it anew, at most 1,600 px."""
    path = folder / "photo.jpg"
    Image.effect_noise((2600, 1950), 60).convert("RGB").save(path, quality=85)
    assert path.stat().st_size > PHOTO_BYTES * 0.8
    return path
