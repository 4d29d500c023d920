"""What every test under fire does: pick by scans, look at the device's disk, and at the end hold it
against the server."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Page, expect

from server.auth.tables import grant
from server.sync.caller import look_up
from server.sync.exchange import pull
from tests.e2e.conftest import WAIT_MS, Device, Site, installed, scan
from tests.floor_site import scalar, table

Line = dict[str, str]
DUMP = """() => new Promise((done, fail) => {
  const asked = indexedDB.open("dockhand");
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const db = asked.result, out = {};
    const tx = db.transaction(["meta", "ops", "rows", "blobs"]);
    const keep = (name, request) => { request.onsuccess = () => { out[name] = request.result; }; };
    for (const name of ["ops", "rows", "blobs"]) keep(name, tx.objectStore(name).getAll());
    for (const name of ["sync", "next_n"]) keep(name, tx.objectStore("meta").get(name));
    tx.oncomplete = () => { db.close(); done(out); };
  };
})"""
COME_BACK = "() => dispatchEvent(new Event('online'))"


@dataclass
class Disk:
    """What a device has in its IndexedDB."""

    ops: list[dict[str, Any]]
    rows: list[tuple[str, str, str, int, Any]]
    blobs: list[dict[str, Any]]
    sync: dict[str, Any]
    next_n: int

    @property
    def device(self) -> str:
        return str(self.sync["device"])

    @property
    def replica(self) -> dict[tuple[str, str, str], Any]:
        return {(scope, kind, key): body for scope, kind, key, _, body in self.rows}


def disk(page: Page) -> Disk:
    found = page.evaluate(DUMP)
    return Disk(**(found | {"rows": [tuple(row) for row in found["rows"]]}))


def begin(device: Device, who: str = "picker") -> Page:
    """Signed in, with the app kept for the time without a network."""
    page = device.ready(who)
    installed(page)
    return page


def take_next(page: Page) -> None:
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("where")).to_be_visible(timeout=WAIT_MS)


def pick(page: Page, line: Line) -> None:
    """Two scans: the place, the piece. One piece is confirmed at once."""
    expect(page.get_by_test_id("where")).to_contain_text(line["bin"])
    scan(page, f"L-{line['bin']}")
    expect(page.get_by_test_id("what")).to_be_visible()
    scan(page, line["code"][1:])
    expect(page.get_by_test_id("what")).to_be_hidden()


def scan_line(page: Page, line: Line) -> None:
    """As `pick`, by a scanner that never waits for the screen."""
    for code in (f"L-{line['bin']}", line["code"][1:]):
        page.keyboard.type(code)
        page.keyboard.press("Enter")


def picked(page: Page) -> int:
    """How many confirmed picks are on the device's disk."""
    return sum(op["k"] == "picking.confirm_pick" for op in disk(page).ops)


def pick_all(page: Page, lines: Sequence[Line]) -> None:
    for line in lines:
        pick(page, line)


def all_sent(page: Page, seconds: float = 60) -> None:
    expect(page.get_by_text("All sent")).to_be_visible(timeout=seconds * 1_000)


def wait_until(page: Page, true: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """For what no event tells, in the server's store or on the device's disk."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        page.wait_for_timeout(50)


def assert_picked_once(site: Site, lines: Sequence[Line]) -> None:
    """Every one of these lines was beeped: each moved stock once, in the order of the walk."""
    moved = table(site.store, "SELECT sku, qty, why FROM movement WHERE why IN ('pick', 'astray')")
    beeped = sorted(line["sku"] for line in lines)
    assert sorted(m["sku"] for m in moved) == beeped, "what was beeped moved stock once"
    assert {(m["qty"], m["why"]) for m in moved} <= {(1, "pick")}
    log = table(
        site.store,
        "SELECT body, outcome FROM op WHERE kind = 'picking.confirm_pick' ORDER BY device, n",
    )
    assert {entry["outcome"] for entry in log} <= {"applied"}
    positions = [entry["body"].split('"sku":"')[1].split('"')[0] for entry in log]
    assert positions == [line["sku"] for line in lines]


def assert_at_rest(site: Site, page: Page, who: str = "picker") -> Disk:
    """I2-I5: all is answered, the log has no gap and is the device's own list, and the replica is
    what a device would get that asks for everything anew."""
    all_sent(page)
    found = disk(page)
    assert [op["n"] for op in found.ops] == list(range(1, found.next_n))
    log = table(site.store, "SELECT n, id FROM op WHERE device = :d ORDER BY n", d=found.device)
    assert [(e["n"], e["id"]) for e in log] == [(op["n"], op["id"]) for op in found.ops]
    assert scalar(site.store, "SELECT last_n FROM device WHERE id = :d", d=found.device) == len(log)
    wait_until(
        page,
        lambda: disk(page).replica == snapshot(site, found.device, who),
        "the replica is the feed cut to its scopes",
    )
    return disk(page)


def snapshot(site: Site, device: str, who: str) -> dict[tuple[str, str, str], Any]:
    """All rows of the device's scopes as an empty device would get them."""
    newest = (
        sa.select(grant.c.sid)
        .where(grant.c.device == device, grant.c.person == who)
        .order_by(grant.c.issued_at.desc())
    )
    rows: dict[tuple[str, str, str], Any] = {}

    def read(tx: Any) -> None:
        session = look_up(tx.conn, device, tx.conn.execute(newest).scalar(), tx.now)
        cur: dict[str, str] = {}
        more = True
        while more:
            answer = msgspec.json.decode(
                msgspec.json.encode(pull(tx.conn, site.store, session, cur))
            )
            rows.update({(r[0], r[1], r[2]): r[4] for r in answer["rows"] if r[4] is not None})
            cur, more = answer["cur"], answer["more"]

    site.store.run_sync(read)
    return rows


def report_short(page: Page, line: Line, photo: Path | None = None) -> None:
    """None is there."""
    expect(page.get_by_test_id("where")).to_contain_text(line["bin"])
    page.get_by_test_id("problem").click()
    page.get_by_text("Too few, or none").click()
    page.get_by_test_id("short-next").click()
    page.get_by_role("button", name="0", exact=True).click()
    page.get_by_role("button", name="Next").click()
    if photo is not None:
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator(".photo-strip img")).to_be_visible()
    page.get_by_test_id("send-short").click()
    expect(page.get_by_test_id("send-short")).to_be_hidden()


def make_photo(folder: Path, width: int, height: int) -> Path:
    """Noise, which no encoder makes small: about 0.8 bytes a pixel once the app has redrawn it."""
    path = folder / "photo.png"
    pixels = random.Random(3).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), pixels).save(path)
    return path


twin = pytest.mark.soak
"""A scenario in browsers with a protection taken out, which must go red. Its sound one is run by
`dev.py test`; the twins take as long again, and are run by `dev.py soak`."""


def went_red(scenario: Callable[[], None]) -> bool:
    """Whether the scenario failed by what it checks; any other failure is passed on."""
    try:
        scenario()
    except AssertionError:
        return True
    return False


IMPATIENT_MS = 8_000


@contextmanager
def red(match: str) -> Iterator[None]:
    """The scenario inside must fail by a check that says `match`. Nobody waits long for it; signing
    in and taking a task have the time that they need."""
    expect.set_options(timeout=IMPATIENT_MS)
    try:
        with pytest.raises(AssertionError, match=match):
            yield
    finally:
        expect.set_options(timeout=WAIT_MS)


def serve_without(site: Site, protection: str) -> None:
    """Start the server again with one thing of `sabotage.MISSING` taken out of it."""
    site.server.stop()
    site.server.program = ("tests.e2e.sabotage", protection)
    site.server.start()
