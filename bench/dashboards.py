"""Dashboards over a million orders, in a real Chromium at a desk: from the address to the painted
figures, and from a figure to what is behind it.

The site is seeded once, and kept (`bench/many.py`). `DOCKHAND_MANY` is another number of orders.
Baseline: the same browser shows the product's own empty board.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from playwright.sync_api import Page, sync_playwright

from bench.browser import CHROMIUM, FLAGS, PIN, scan
from bench.figure import Figure, at_most, told
from bench.many import made
from bench.server_process import serving
from server.auth.enrol import make_code
from server.auth.pins import hash_pin
from server.auth.tables import person
from server.orders.tables import orders
from server.store.store import Store
from server.store.tx import Tx

ORDERS = int(os.environ.get("DOCKHAND_MANY", "1000000"))
ROUNDS = 7
PAINT_MS, DRILL_MS = 1_000, 300
BADGE = "B-FIGURES"
ALL_YEARS = "from=2024-11-01&to=2026-10-31&by=month"
ONE_MONTH = "from=2026-10-01&to=2026-10-31"
SHOWN = "[data-testid=insight][aria-busy=false]"
DETAIL = (
    f"{SHOWN} [data-testid=plot][data-drawn=on_time]",
    "[data-testid=members] table",
    "[data-testid=behind] table",
)

WATCH = """
(() => {
  let wanted = null, began = 0, told = null;
  const look = () => {
    if (!wanted || !wanted.every(one => document.querySelector(one))) return;
    const done = told, from = began;
    wanted = told = null;
    const channel = new MessageChannel();
    // The task after the frame's callbacks: the frame has been painted.
    channel.port1.onmessage = () => done(performance.now() - from);
    requestAnimationFrame(() => channel.port2.postMessage(0));
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  globalThis.watch = {
    // From the beginning of the page.
    shown: selectors => new Promise(tell => { wanted = selectors; told = tell; look(); }),
    // From a click.
    after: (selectors, link) => new Promise(tell => {
      began = performance.now();
      link.click();
      wanted = selectors;
      told = tell;
      look();
    }),
  };
})();
"""


def run() -> list[Figure]:
    site = made(ORDERS)
    url = f"sqlite:///{site / 'site.db'}"
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(url, folder / "blobs")
        count, code = store.run_sync(_chief)
        store.close()
        with serving(folder, url=url) as (port, _), sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(folder / "profile"),
                executable_path=CHROMIUM,
                args=FLAGS,
                viewport={"width": 1280, "height": 800},
                locale="en-GB",
            )
            context.add_init_script(WATCH)
            page = context.pages[0]
            _sign_in(page, f"http://localhost:{port}", code)
            figures = _measured(page, f"http://localhost:{port}")
            context.close()
    return [told("dashboards: orders", count, "orders"), *figures]


def _chief(tx: Tx) -> tuple[int, str]:
    """How many orders there are, and a code for the desk of somebody who may see all figures."""
    if not tx.conn.execute(sa.select(person.c.id).where(person.c.badge == BADGE)).first():
        who = {"id": "bench-figures", "site": "main", "name": "Desk", "badge": BADGE}
        row = sa.insert(person).values(**who, role="supervisor", pin_hash=hash_pin(PIN))
        tx.conn.execute(row)
    code, _ = make_code(tx, site="main", made_by="bench")
    return int(tx.conn.execute(sa.select(sa.func.count()).select_from(orders)).scalar_one()), code


def _sign_in(page: Page, url: str, code: str) -> None:
    page.goto(f"{url}/#enrol={code}")
    page.get_by_role("button", name="Enrol").click()
    page.get_by_label("Badge").wait_for()
    page.evaluate("document.activeElement.blur()")
    scan(page, BADGE)
    page.get_by_role("textbox", name="PIN").wait_for()
    for digit in PIN:
        page.keyboard.press(digit)
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="PIN").wait_for(state="hidden")


def _measured(page: Page, url: str) -> list[Figure]:
    empty = _rounds(lambda: _open(page, f"{url}/#/supervisor/people", [".desk .table-frame"]))
    found: list[Figure] = []
    for name, days in (("two years", ALL_YEARS), ("a month", ONE_MONTH)):
        tiles = [f"{SHOWN} [data-testid=figures]"]
        paint = _rounds(lambda d=days, t=tiles: _open(page, f"{url}/#/insight?{d}", t))  # type: ignore[misc]
        found.append(at_most(f"dashboards: {name}, first paint", paint, "ms", PAINT_MS, empty))
        into, member, customers = _drilled(page, f"{url}/#/insight?{days}")
        found += [
            at_most(f"dashboards: {name}, into a figure", into, "ms", DRILL_MS),
            at_most(f"dashboards: {name}, into a member", member, "ms", DRILL_MS),
            at_most(f"dashboards: {name}, by customer", customers, "ms", DRILL_MS),
        ]
    return found


def _rounds(once: Callable[[], float]) -> float:
    once()
    return median(once() for _ in range(ROUNDS))


def _open(page: Page, address: str, shown: list[str]) -> float:
    """ms from the beginning of the navigation until all of it is painted."""
    page.goto("about:blank")
    page.goto(address, wait_until="commit")
    return float(page.evaluate("selectors => watch.shown(selectors)", shown))


def _drilled(page: Page, address: str) -> tuple[float, float, float]:
    """ms from the click on a figure, on a member of it, and on another dimension."""
    seen: list[tuple[float, float, float]] = []
    for _ in range(ROUNDS + 1):
        _open(page, address, [f"{SHOWN} [data-testid=figures]"])
        page.wait_for_timeout(500)  # the library of the charts comes when nobody waits
        into = _click(page, "On time", list(DETAIL))
        customers = _click(
            page, "Customer", ["a[aria-current=true][href*='of=customer']", DETAIL[1]]
        )
        _click(page, "Destination", ["a[aria-current=true][href*='of=destination']", DETAIL[1]])
        member = _click(page, "", [".insight-only", DETAIL[0], DETAIL[2]])
        seen.append((into, member, customers))
    a, b, c = (median(each) for each in zip(*seen[1:], strict=True))
    return a, b, c


def _click(page: Page, name: str, shown: list[str]) -> float:
    """On the link of that name, or on the first member."""
    if name:
        link = page.get_by_role("link", name=name, exact=True).element_handle()
    else:
        link = page.locator("[data-testid=members] .row-link").first.element_handle()
    return float(page.evaluate("([all, link]) => watch.after(all, link)", [shown, link]))
