"""A whole shift without a network on a handheld's disk, and the poor link by which it comes back.

The operations are put on the disk as the app writes them (2,000 of them by scans take an hour): a
pick for each line of the walk, shorts with a photo for the last ones.
"""

import hashlib
import io
import random
import time
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import psutil
from PIL import Image
from playwright.sync_api import Page

from tests.e2e.conftest import Device, Site, furnish
from tests.e2e.fire import all_sent, disk
from tests.e2e.proxy import Weather
from tests.floor_site import Handheld, good, order, release_wave, scalar, table
from tests.floor_work import take

MBIT = Weather(bytes_per_s=125_000)
GONE = Weather(refuse=True)
GONE_S, EVERY_S = 0.25, 5.0
"""The link is gone for 5 % of the time."""
PHOTO = (640, 640)
WITHIN_S = 900
LINES = 50

WRITE = """({ ops, photos }) => new Promise((done, fail) => {
  const asked = indexedDB.open("dockhand");
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const db = asked.result;
    const tx = db.transaction(["meta", "ops", "blobs", "bytes"], "readwrite");
    for (const op of ops) tx.objectStore("ops").put(op, op.n);
    for (const { data, ...entry } of photos) {
      const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0)).buffer;
      tx.objectStore("blobs").put(entry, entry.sha256);
      tx.objectStore("bytes").put(bytes, entry.sha256);
    }
    tx.objectStore("meta").put(ops.at(-1).n + 1, "next_n");
    tx.oncomplete = () => { db.close(); done(); };
    tx.onerror = () => fail(tx.error);
  };
})"""


@dataclass
class Shift:
    """`photo_bytes`: of all photos together."""

    site: Site
    page: Page
    operations: int
    photos: int
    photo_bytes: int


@dataclass(frozen=True)
class Return:
    """How it came back. `photos_then`: at the server when the last operation was. `sent`: bytes on
    the link from then on, for the bytes of the photos that were still to come."""

    operations_s: float
    server_s: float
    photos_then: int
    sent: int
    to_come: int


def worked_off_line(site: Site, device: Device, operations: int, photos: int) -> Shift:
    """Signed in, all tasks taken; then `operations` on the disk that nobody has heard of."""
    _orders(site, operations // LINES)
    page = device.ready("picker")
    all_sent(page)
    before = disk(page)
    page.goto(f"{device.url}/health")  # of the same origin, without the app
    taken = [_photo(i) for i in range(photos)]
    made = list(_operations(site, before.next_n, _like(site, before.device), taken))
    blobs = [_blob(p, made[i - photos]["n"]) for i, p in enumerate(taken)]
    page.evaluate(WRITE, {"ops": made, "photos": blobs})
    return Shift(site, page, len(made), photos, sum(map(len, taken)))


def _orders(site: Site, count: int) -> None:
    """So many tasks of `LINES` lines, held by the picker, who took them on another handheld."""
    goods = {f"SKU{i:03d}": 1 for i in range(LINES)}
    site.store.run_sync(lambda tx: furnish(tx, list(goods), pieces=count))
    for i in range(count):
        order(site.store, f"S-{i}", **goods)
    good(release_wave(site.store))
    other = Handheld(site.store, "picker", "dev-other")
    while table(site.store, "SELECT id FROM task WHERE state = 'open'"):
        take(other, "pick")


def comes_back(shift: Shift, url: str) -> Return:
    """By a link of 1 Mbit/s that is gone for 5 % of the time, until everything is in."""
    proxy, process = shift.site.proxy, shift.site.server.process
    assert process is not None
    shift.page.goto(url)  # the app is there: only its work has to travel
    began, cpu = time.monotonic(), _cpu(process.pid or 0)
    proxy.set(MBIT)
    link = _Link(shift.site)
    _wait(shift, link, lambda: _answered(shift.site) >= shift.operations)
    answered = time.monotonic() - began
    server_s = _cpu(process.pid or 0) - cpu
    then, sent, complete = _photos(shift.site), proxy.sent, _complete(shift.site)
    _wait(shift, link, lambda: _photos(shift.site) == shift.photos)
    return Return(answered, server_s, then, proxy.sent - sent, shift.photo_bytes - complete)


class _Link:
    def __init__(self, site: Site) -> None:
        self._proxy = site.proxy
        self._next = time.monotonic() + EVERY_S

    def weather(self) -> None:
        """Looked at often; breaks the link when it is time."""
        if time.monotonic() < self._next:
            return
        self._proxy.set(GONE)
        self._proxy.cut()
        time.sleep(GONE_S)
        self._proxy.set(MBIT)
        self._next = time.monotonic() + EVERY_S - GONE_S


def _wait(shift: Shift, link: _Link, true: Any) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < deadline, "the shift has not come in"
        shift.page.wait_for_timeout(100)
        link.weather()


def _operations(site: Site, first: int, like: dict[str, Any], photos: list[bytes]) -> Any:
    """A pick of the one piece of each line, and at last the shorts with their photos."""
    walk = table(site.store, "SELECT task, no, bin, sku, qty FROM pick_line ORDER BY task, no")
    whole = len(walk) - len(photos)
    for i, line in enumerate(walk):
        place = {"task": line["task"], "line": line["no"], "bin": line["bin"], "sku": line["sku"]}
        op = like | {"n": first + i, "id": f"shift-{i:05d}", "refs": []}
        if i < whole:
            yield op | {"k": "picking.confirm_pick", "body": place | {"qty": line["qty"]}}
            continue
        ref = _ref(photos[i - whole])
        short = place | {"found": 0, "reason": "missing", "photos": [ref]}
        yield op | {"k": "picking.report_short", "body": short, "refs": [ref]}


def _like(site: Site, device: str) -> dict[str, Any]:
    """What all operations of this sign-in have in common."""
    sid = scalar(site.store, "SELECT sid FROM grant_ WHERE device = :d", d=device)
    return {"v": 1, "sid": sid, "at": site.store.clock(), "boot": "shift", "mono": 0}


def _photo(seed: int) -> bytes:
    """A JPEG of more than 200 KB, as the app redraws what a camera gives."""
    noise = random.Random(seed).randbytes(PHOTO[0] * PHOTO[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", PHOTO, noise).save(out, "JPEG", quality=80)
    assert len(out.getvalue()) >= 200_000
    return out.getvalue()


def _ref(photo: bytes) -> str:
    return f"sha256:{hashlib.sha256(photo).hexdigest()}"


def _blob(photo: bytes, n: int) -> dict[str, Any]:
    return {
        "sha256": _ref(photo).removeprefix("sha256:"),
        "mime": "image/jpeg",
        "use": "photo",
        "size": len(photo),
        "n": n,
        "at": 0,
        "state": "waiting",
        "data": b64encode(photo).decode(),
    }


def _answered(site: Site) -> int:
    return int(scalar(site.store, "SELECT COUNT(*) FROM op WHERE id LIKE 'shift-%'"))


def _photos(site: Site) -> int:
    return int(scalar(site.store, "SELECT COUNT(*) FROM blob WHERE state = 'complete'"))


def _complete(site: Site) -> int:
    found = "SELECT COALESCE(SUM(size), 0) FROM blob WHERE state = 'complete'"
    return int(scalar(site.store, found))


def _cpu(pid: int) -> float:
    spent = psutil.Process(pid).cpu_times()
    return float(spent.user + spent.system)
