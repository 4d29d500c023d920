"""The ready reports over a million orders, over HTTP as a desk asks for them: of a month, and
of all there is.

The site is seeded once, and kept (`bench/many.py`). `DOCKHAND_MANY` is another number of orders.
Baseline: one pass through all orders on the same database.
"""

import http.client
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.figure import Figure, at_most, told
from bench.many import made, postgres_of
from bench.server_process import serving
from bench.site import Device
from server.auth.sessions import COOKIE, open_session
from server.auth.tables import grant, person
from server.insights.reports.standard import STANDARD
from server.kernel.values import Role
from server.orders.tables import orders
from server.store import tables as t
from server.store.engines import reader_engine
from server.store.store import Store
from server.store.tx import Tx

ORDERS = int(os.environ.get("DOCKHAND_MANY", "1000000"))
ROUNDS, TARGET_MS = 5, 2_000
MONTH, ALL = "start=2026-10-01&end=2026-10-31", "period=all"
TOO_SLOW = b"report_too_slow"


def run(orders_wanted: int = ORDERS) -> list[Figure]:
    figures = _measured("sqlite", f"sqlite:///{made(orders_wanted) / 'site.db'}")
    with postgres_of(orders_wanted) as url:
        return figures + _measured("postgres", url)


def _measured(name: str, url: str) -> list[Figure]:
    count, passed = _pass(url)
    figures = [told(f"reports: {name}, orders", count, "orders")]
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as folder:
        store = Store(url, Path(folder) / "blobs")
        desk = store.run_sync(_sign_in)
        store.close()
        with serving(Path(folder), url=url) as (port, _):
            for report in STANDARD:
                month = median(_rounds(lambda r=report: _ask(port, desk, r, MONTH)))  # type: ignore[misc]
                figures += [
                    at_most(f"reports: {name}, {report}", month, "ms", TARGET_MS, passed),
                    told(f"reports: {name}, {report}, all", _ask(port, desk, report, ALL), "ms"),
                ]
    return figures


def _pass(url: str) -> tuple[int, float]:
    """How many orders there are, and the ms that it takes to read through all of them."""
    engine = reader_engine(url, 1)
    wanted = sa.select(sa.func.count(), sa.func.sum(orders.c.total), sa.func.max(orders.c.ship_to))
    with engine.connect() as conn:
        count = int(conn.execute(wanted).one()[0])
        passed = median(_rounds(lambda: _timed(lambda: conn.execute(wanted).one())))
    engine.dispose()
    return count, passed


def _timed(job: Callable[[], Any]) -> float:
    began = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - began)


def _rounds(once: Callable[[], float]) -> list[float]:
    once()
    return [once() for _ in range(ROUNDS)]


def _ask(port: int, desk: Device, report: str, period: str) -> float:
    """ms until the table is here; what is given up counts for as long as it took."""
    conn = http.client.HTTPConnection("localhost", port, timeout=60)

    def get() -> None:
        path = f"/api/reports/{report}/table?{period}"
        conn.request("GET", path, headers={"cookie": desk.cookie, "x-sid": desk.sid})
        answer = conn.getresponse()
        body = answer.read()
        if answer.status != 200 and TOO_SLOW not in body:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")

    took = _timed(get)
    conn.close()
    return took


def _sign_in(tx: Tx) -> Device:
    """An administrator, who may see every field; the same each time that the site is asked."""
    desk = Device("bench-reports", "bench-reports", Role.ADMIN, "")
    if not tx.conn.execute(sa.select(person.c.id).where(person.c.id == desk.person)).first():
        site = {"site": "main", "name": "Reports"}
        who = {"id": desk.person, "badge": "B-REPORTS", "role": desk.role, "pin_hash": ""}
        tx.conn.execute(sa.insert(person).values(**site, **who))
        tx.conn.execute(sa.insert(t.device).values(**site, id=desk.id, enrolled_at=tx.now))
        given = {"sid": desk.sid, "device": desk.id, "person": desk.person, "role": desk.role}
        period = {"site": "main", "issued_at": tx.now, "expires_at": tx.now + 10**12}
        tx.conn.execute(sa.insert(grant).values(**given, **period))
    desk.cookie = f"{COOKIE}={open_session(tx, desk.id)}"
    return desk
