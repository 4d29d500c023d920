"""A handheld comes back after an hour: real Chromium, the built app, 50 ms to the server and back.

It has 200 confirmed picks to hand over; meanwhile 500 orders came in and were planned. Counted are
its requests (HTTP, the opening of the socket, questions on the socket), the time from the browser's
`online` until everything is answered and all rows are on the device's disk, and the bytes that came
down, beside the rows it lacked, gzipped once.
"""

import gzip
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from playwright.sync_api import CDPSession, Page

import server.modules  # noqa: F401  registers operations and tables
from bench.browser import PIN, handheld, scan, sign_in
from bench.figure import Figure, at_most, median, told
from bench.site import SITE, Walk, build, take_orders, walks_of
from server.auth.enrol import make_code
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.store.store import Store
from server.sync.caller import look_up
from server.sync.exchange import pull
from tests.e2e.fire import Disk, disk
from tests.e2e.proxy import Proxy, Weather
from tests.serving import serving

TASKS, PICKED = 4, 50
"""Picks of each task; one line more stays, for the last would lead to another screen."""
ORDERS = 500
ROUND_TRIP_S = 0.05
AWAY_S = 61
"""Longer than a minute: from then on the engine knows no difference to an hour."""
ROUNDS = 3
REQUESTS = 6
WHERE, WHAT = "[data-testid=where]", "[data-testid=what]"

WATCH = """() => {
  globalThis.away = new Promise(done => addEventListener("online", () => {
    const began = performance.now();
    const look = () => {
      if (!document.body.textContent.includes("All sent")) return;
      observer.disconnect();
      done(performance.now() - began);
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, characterData: true });
  }, { once: true, capture: true }));
}"""


class Back(msgspec.Struct):
    """What one return took."""

    requests: int
    ms: float
    down: int
    rows: int
    """Bytes of the rows that were missing, gzipped."""


def run() -> list[Figure]:
    backs = [_once() for _ in range(ROUNDS)]
    down = median([b.down for b in backs])
    rows = median([b.rows for b in backs])
    ratio = down / rows
    return [
        at_most("away: requests", max(b.requests for b in backs), "requests", REQUESTS),
        at_most("away: all answered, all rows in", median([b.ms for b in backs]), "ms", 1_500),
        Figure(
            name="away: bytes down, beside the missing rows gzipped",
            value=down / 1000,
            unit="kB",
            baseline=rows / 1000,
            ratio=ratio,
            target="ratio <= 1.3",
            ok=ratio <= 1.3,
        ),
        told("away: slowest of the rounds", max(b.ms for b in backs), "ms"),
    ]


def _once() -> Back:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name, _link() as proxy:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        build(store, 1, TASKS, PICKED + 1, most=1)
        hashed = hash_pin(PIN)
        store.run_sync(lambda tx: tx.conn.execute(sa.update(person).values(pin_hash=hashed)))
        code = store.run_sync(lambda tx: make_code(tx, site=SITE, made_by="bench"))[0]
        with (
            serving(store.url, folder, proxy.port) as running,
            handheld(folder / "profile") as page,
        ):
            proxy.server_port = running.port
            sign_in(page, running.public, code)
            page.get_by_text("All sent").wait_for()
            before = _be_away(page, proxy, store)
            back = _come_back(page, proxy)
            back.rows = _missed(store, before, disk(page))
        store.close()
    return back


@contextmanager
def _link() -> Iterator[Proxy]:
    proxy = Proxy().start()
    try:
        yield proxy
    finally:
        proxy.stop()


def _be_away(page: Page, proxy: Proxy, store: Store) -> Disk:
    """Returns what was on the device's disk when it left."""
    walks = walks_of(store)
    page.wait_for_timeout(1_000)  # what came with the sign-in has come
    before = disk(page)
    page.context.set_offline(True)
    proxy.set(Weather(refuse=True))
    proxy.cut()
    left = time.monotonic()
    take_orders(store, range(TASKS, TASKS + ORDERS), lines=2)
    for task, walk in walks:
        _pick(page, task, walk)
    page.wait_for_timeout(max(0, 1_000 * (left + AWAY_S - time.monotonic())))
    return before


def _pick(page: Page, task: str, walk: Walk) -> None:
    page.evaluate("task => { location.hash = `#/picker/task/${task}` }", task)
    for shelf, code in walk[:PICKED]:
        page.locator(WHERE, has_text=shelf).wait_for()
        scan(page, f"L-{shelf}")
        page.locator(WHAT).wait_for()
        scan(page, code)
        page.locator(WHAT).wait_for(state="hidden")


def _come_back(page: Page, proxy: Proxy) -> Back:
    page.evaluate(WATCH)
    seen = _requests(page.context.new_cdp_session(page))
    proxy.set(Weather(delay_s=ROUND_TRIP_S / 2))
    before = proxy.received
    page.context.set_offline(False)
    ms = page.evaluate("away")
    page.wait_for_timeout(1_000)  # the question that places the socket counts as well
    if len(seen) > REQUESTS:
        print(f"    asked: {seen}")
    return Back(len(seen), ms, proxy.received - before, 0)


def _requests(session: CDPSession) -> list[str]:
    """Grows by each request and each question from now on."""
    seen: list[str] = []

    def asked(event: dict[str, Any]) -> None:
        if '"t":"ask"' in event["response"]["payloadData"]:
            seen.append("question on the socket")

    session.on("Network.requestWillBeSent", lambda e: seen.append(e["request"]["url"]))
    session.on("Network.webSocketCreated", lambda e: seen.append(e["url"]))
    session.on("Network.webSocketFrameSent", asked)
    session.send("Network.enable")
    return seen


def _missed(store: Store, before: Disk, after: Disk) -> int:
    """Bytes of all rows between the two disks as one gzipped list; that they are on the second."""
    rows: list[Any] = []
    sid = after.ops[-1]["sid"]

    def read(tx: Any) -> None:
        session = look_up(tx.conn, before.device, sid, tx.now)
        cur, more = dict(before.sync["cur"]), True
        while more:
            answer = msgspec.json.decode(msgspec.json.encode(pull(tx.conn, store, session, cur)))
            rows.extend(answer["rows"])
            cur, more = answer["cur"], answer["more"]

    store.run_sync(read)
    lacking = [r for r in rows if r[4] is not None and tuple(r[:3]) not in after.replica]
    if lacking or len(rows) < ORDERS or after.sync["done"] < TASKS * PICKED:
        raise RuntimeError(f"{len(lacking)} of {len(rows)} rows are missing: {after.sync}")
    return len(gzip.compress(msgspec.json.encode(rows), 6))


if __name__ == "__main__":
    for figure in run():
        print(figure)
