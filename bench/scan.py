"""A picker's scan in real Chromium: from the last key until the pick is durable on the device and
the next line is in the DOM, and until it is painted. The real app, the real server, on-line; and
the same while the server is stopped in its tracks: no request may stand in a scan's way.

Baseline: a bare page that does one strict IndexedDB put for each scan, in the same browser; of the
silent server the one that answers.
"""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Page

import server.modules  # noqa: F401  registers operations and tables
from bench.bare import bare_page
from bench.browser import PIN, handheld, scan, sign_in, throttle, timed
from bench.figure import Figure, at_most, percentile, told
from bench.server_process import serving
from bench.site import SITE, Walk, build, walks_of
from server.auth.enrol import make_code
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.store.store import Store

LINES = 59
"""The last of a task's sixty lines leads to another screen: it is not picked."""
TASKS = 2
SILENT_TASKS = 1
SLOW_TASKS = 2
SLOWER = 6
BETWEEN_MS = 200
"""Rest between two scans; people need longer."""
WHERE, WHAT = "[data-testid=where]", "[data-testid=what]"


@dataclass
class Times:
    """Milliseconds of each scan."""

    dom: list[float] = field(default_factory=list)
    paint: list[float] = field(default_factory=list)

    def add(self, taken: tuple[float, float]) -> None:
        self.dom.append(taken[0])
        self.paint.append(taken[1])


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        build(store, 1, TASKS + SILENT_TASKS + SLOW_TASKS, LINES + 1, most=1)
        hashed = hash_pin(PIN)
        store.run_sync(lambda tx: tx.conn.execute(sa.update(person).values(pin_hash=hashed)))
        code = store.run_sync(lambda tx: make_code(tx, site=SITE, made_by="bench"))[0]
        walks = walks_of(store)
        store.close()
        with serving(folder) as (port, pid), handheld(folder / "profile") as page:
            bare, app, silent, slow = Times(), Times(), Times(), Times()
            sign_in(page, f"http://localhost:{port}", code)
            with bare_page() as url:
                beside = page.context.new_page()
                beside.goto(url)
                for task, walk in walks[:TASKS]:
                    _scan_bare(beside, bare)
                    _pick(page, task, walk, app)
                beside.close()
            with _stopped(pid):
                for task, walk in walks[TASKS:-SLOW_TASKS]:
                    _pick(page, task, walk, silent)
            page.get_by_text("All sent").wait_for()
            throttle(page, SLOWER)
            for task, walk in walks[-SLOW_TASKS:]:
                _pick(page, task, walk, slow)
    return _figures(bare, app, silent, slow)


@contextmanager
def _stopped(pid: int) -> Iterator[None]:
    """Connections stay open, and nothing is answered."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _figures(bare: Times, app: Times, silent: Times, slow: Times) -> list[Figure]:
    dom, paint, slower = "scan: durable and in the DOM", "scan: painted", "scan: 6x slower, painted"
    return [
        at_most(f"{dom}, p95", percentile(app.dom, 95), "ms", 8, percentile(bare.dom, 95)),
        at_most(f"{paint}, p95", percentile(app.paint, 95), "ms", 34, percentile(bare.paint, 95)),
        at_most(
            "scan: server silent, durable and in the DOM, p95",
            percentile(silent.dom, 95),
            "ms",
            8,
            percentile(app.dom, 95),
        ),
        at_most(f"{slower}, p99", percentile(slow.paint, 99), "ms", 100),
        told(f"{dom}, p50", percentile(app.dom, 50), "ms", percentile(bare.dom, 50)),
        told(f"{paint}, p50", percentile(app.paint, 50), "ms", percentile(bare.paint, 50)),
        told(f"{slower}, p50", percentile(slow.paint, 50), "ms"),
    ]


def _scan_bare(page: Page, times: Times) -> None:
    page.bring_to_front()
    page.wait_for_function("document.title === 'ready'")
    for _ in range(LINES):
        page.wait_for_timeout(BETWEEN_MS)
        n = len(times.dom) + 1
        times.add(timed(page, "2000000000008", f"#shown[data-n='{n}']"))


def _pick(page: Page, task: str, walk: Walk, times: Times) -> None:
    page.bring_to_front()
    page.evaluate("task => { location.hash = `#/picker/task/${task}` }", task)
    for shelf, code in walk[:LINES]:
        page.locator(WHERE, has_text=shelf).wait_for()
        page.wait_for_timeout(BETWEEN_MS)
        scan(page, f"L-{shelf}")
        page.locator(WHAT).wait_for()
        page.wait_for_timeout(BETWEEN_MS)
        times.add(timed(page, code, WHERE))
