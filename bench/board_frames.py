"""A supervisor's board with 5,000 open orders, 50 of which change each second, in real Chromium of
a desktop's size: the frames that it paints, and the memory that it holds.

For half of the time it stands still, for the other half somebody scrolls through it without a
pause. `DOCKHAND_BENCH_MINUTES` sets how long; memory is looked at after a collection of garbage.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import sqlalchemy as sa
from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.board_ticks import PER_SECOND, STATES
from bench.browser import CHROMIUM, FLAGS, PIN, sign_in
from bench.figure import Figure, at_least, at_most, percentile, told
from bench.server_process import ROOT, free_port
from bench.site import SITE, build, import_orders
from server.auth.enrol import make_code
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.floor.tables import task
from server.orders.tables import orders
from server.store.store import Store
from server.store.tx import Tx

ORDERS = 5_000
LINES = 2
MINUTES = float(os.environ.get("DOCKHAND_BENCH_MINUTES", "1"))
WARM_UP_S = 10
LEAST_FPS = 55
MOST_MB = 5
"""What a flat memory may differ by between two collections of garbage."""
MB = 1_000_000
DESKTOP = {"width": 1280, "height": 800}

COUNT = """([seconds, scrolls]) => new Promise(done => {
  const grid = document.querySelector("[role=grid]");
  const gaps = [];
  let began = null, before = null, step = 24;
  const frame = at => {
    if (began === null) began = at;
    else gaps.push(at - before);
    before = at;
    if (scrolls) {
      if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1) step = -24;
      if (grid.scrollTop <= 0) step = 24;
      grid.scrollTop += step;
    }
    if (at - began < seconds * 1000) requestAnimationFrame(frame);
    else done(gaps);
  };
  requestAnimationFrame(frame);
})"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        code = _furnish(folder)
        seconds = 60 * MINUTES
        with _changing(folder, WARM_UP_S + seconds + 5) as (port, process), _desktop() as page:
            sign_in(page, f"http://localhost:{port}", code)
            page.locator(f"[role=grid][aria-rowcount='{ORDERS + 1}']").wait_for()
            devtools = page.context.new_cdp_session(page)
            _start(process)
            page.wait_for_timeout(1000 * WARM_UP_S)
            before = _heap_mb(devtools)
            still = page.evaluate(COUNT, [seconds / 2, False])
            scrolled = page.evaluate(COUNT, [seconds / 2, True])
            after = _heap_mb(devtools)
            made, took = _made(process)
            _check(page, folder)
    return _figures(still, scrolled, before, after, made / took)


def _figures(
    still: list[float], scrolled: list[float], before: float, after: float, pace: float
) -> list[Figure]:
    board = f"frames: board of {ORDERS:,} orders"
    return [
        at_least(f"{board}, standing", _fps(still), "frames/s", LEAST_FPS),
        at_least(f"{board}, scrolled", _fps(scrolled), "frames/s", LEAST_FPS),
        told(f"{board}, standing, p99 between frames", percentile(still, 99), "ms"),
        told(f"{board}, scrolled, p99 between frames", percentile(scrolled, 99), "ms"),
        at_least(f"{board}, changes", pace, "changes/s", 0.98 * PER_SECOND),
        told(f"{board}, memory at first", before, "MB"),
        at_most(f"{board}, memory grown in {MINUTES:g} min", after - before, "MB", MOST_MB),
    ]


def _fps(gaps: list[float]) -> float:
    return 1000 * len(gaps) / sum(gaps)


def _furnish(folder: Path) -> str:
    """Orders, one supervisor, work enough done for a pace; returns a code for the desk."""
    store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
    build(store, 0, 0, 1, boards=1)
    import_orders(store, range(ORDERS), LINES)
    store.run_sync(_work_done)
    hashed = hash_pin(PIN)
    store.run_sync(lambda tx: tx.conn.execute(sa.update(person).values(pin_hash=hashed)))
    code = store.run_sync(lambda tx: make_code(tx, site=SITE, made_by="bench"))[0]
    store.close()
    return code


def _work_done(tx: Tx) -> None:
    """An hour of picking and of packing: every order has a forecast."""
    for kind in ("pick", "pack"):
        tx.conn.execute(
            sa.insert(task).values(
                id=f"done-{kind}",
                site=SITE,
                kind=kind,
                state="done",
                epoch=2,
                title="",
                ref="",
                zone="",
                priority=40,
                due_at=0,
                expected_s=0,
                lines=600,
                body='{"metres":0,"s_shape_metres":0,"policy":"","stands":""}',
                created_at=tx.now,
                taken_at=tx.now - 3_600_000,
                done_at=tx.now,
            )
        )


@contextmanager
def _desktop() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser.new_page(viewport=DESKTOP, locale="en-GB")  # type: ignore[arg-type]
        finally:
            browser.close()


@contextmanager
def _changing(folder: Path, seconds: float) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.board_ticks", str(folder), str(port), str(seconds)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _until_up(port)
        yield port, process
    finally:
        process.terminate()
        process.wait(60)


def _until_up(port: int) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"http://localhost:{port}/auth/me", timeout=1).status_code == 401:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _start(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def _made(process: "subprocess.Popen[str]") -> tuple[int, float]:
    """How many changes there were, and in how many seconds."""
    assert process.stdout
    made, took = process.stdout.readline().split()
    return int(made), float(took)


def _heap_mb(devtools: CDPSession) -> float:
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    devtools.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
    return float(metrics["JSHeapUsedSize"]) / MB


def _check(page: Page, folder: Path) -> None:
    """What is shown at the end is what the books say: nothing was left out to be quick."""
    page.wait_for_timeout(2000)
    engine = sa.create_engine(f"sqlite:///{folder / 'site.db'}")
    with engine.connect() as conn:
        counted = sa.select(orders.c.state, sa.func.count()).group_by(orders.c.state)
        books = {state: int(n) for state, n in conn.execute(counted)}
    engine.dispose()
    for state in STATES:
        shown = page.get_by_test_id(f"state-{state}").inner_text().replace(",", "")
        if int(shown) != books.get(state, 0):
            raise RuntimeError(f"{state}: {shown} shown, {books.get(state, 0)} in the books")
