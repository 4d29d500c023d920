"""2,000 handhelds reconnect at once, each 500 rows behind; server and fleet on the same cores.

Meanwhile one that has been there all the time goes on scanning.
"""

import random
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psutil
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench import live_load
from bench.client import Caller
from bench.figure import Figure, at_most, percentile, told
from bench.limits import raise_open_files
from bench.server_process import ROOT, serving
from bench.storm_load import Comer, Plan, Seen
from server.auth.sessions import COOKIE, open_session
from server.auth.tables import grant, person
from server.floor.ops import Acknowledge
from server.kernel.feeds import Row, scopes_of
from server.kernel.ops import Envelope
from server.kernel.values import Role
from server.store import tables as t
from server.store.store import Store
from server.store.tx import FEED_ROWS_PER_VERSION, Tx

SITE = "main"
FLEET = 2_000
LIVE_SCANS = 2_000
SHARED, OWN = 400, 100
"""Rows that each is behind: tasks that all may see, and lines of its own."""


class Line(Row):
    """As large as the floor's own, and as hard to compress."""

    id: str
    order: str
    bin: str
    sku: str
    name: str
    codes: list[str]
    qty: int
    picked: int
    state: str
    due_at: int


def _line(chance: random.Random) -> Line:
    number = chance.randrange(10**6)
    return Line(
        id=str(uuid.UUID(int=chance.getrandbits(128))),
        order=f"SO-2026-{number:07}",
        bin=f"A{number % 40:02}-{number % 90:02}-{number % 5}",
        sku=f"SKU{number:07}",
        name=f"Article {number} in a box of {number % 24}",
        codes=[f"{chance.randrange(10**14):014}"],
        qty=number % 9 + 1,
        picked=0,
        state="open",
        due_at=1_795_000_000_000 + chance.randrange(10**9),
    )


def run() -> list[Figure]:
    raise_open_files()
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        comers = build(store)
        live = store.run_sync(_live)
        epoch = store.epoch
        store.close()
        with serving(folder) as (port, pid):
            plan = Plan(port, epoch, SHARED + OWN, comers)
            with _scanning(live_load.Plan(port, epoch, live)) as scanned:
                seen, peak = _storm(plan, pid)
            cpu = sum(psutil.Process(pid).cpu_times()[:2])
    failures = seen.failures + scanned[0].failures
    waits = [1000 * w for w in scanned[0].waits]
    if failures:
        print(f"    {len(failures)} failures, such as {failures[0]}")
    return [
        at_most("storm: all 2,000 caught up", max(seen.took, default=0), "s", 15),
        at_most("storm: failures", len(failures) + FLEET - len(seen.took), "devices", 0),
        at_most("storm: the server's memory at most", peak, "MB", 600),
        told("storm: a scan beside it, p99", percentile(waits, 99), "ms"),
        told("storm: a scan beside it, p50", percentile(waits, 50), "ms"),
        told("storm: asked to come back later", seen.refused, "times"),
        told("storm: the server's CPU", cpu, "s"),
        told("storm: gzipped rows on the wire", seen.bytes / FLEET / 1024, "KB each"),
    ]


def build(store: Store) -> list[Comer]:
    devices = [f"dev{i:04}" for i in range(FLEET)]
    cookies: dict[str, str] = {}
    for first in range(0, FLEET, 100):
        some = devices[first : first + 100]
        cookies |= store.run_sync(lambda tx, some=some: {d: _enrol(tx, d) for d in some})  # type: ignore[misc]
    held = store.run_sync(_touch)
    store.run_sync(lambda tx: _put(tx, f"q:{SITE}:pick", SHARED))
    per_commit = FEED_ROWS_PER_VERSION // OWN
    for first in range(0, FLEET, per_commit):
        some = devices[first : first + per_commit]
        store.run_sync(lambda tx, some=some: _put_own(tx, some))  # type: ignore[misc]
    cursor = f"{held}.{held}"
    return [Comer(d, f"sid-{d}", cookies[d], dict.fromkeys(_scopes(d), cursor)) for d in devices]


def _scopes(device: str) -> frozenset[str]:
    return scopes_of(device, SITE, f"p-{device}", Role.PICKER)


def _touch(tx: Tx) -> int:
    """A first version, which everybody has."""
    tx.put(SITE, f"s:{SITE}", "note", "first", _line(random.Random(0)))
    before = tx.conn.execute(sa.select(t.site_clock.c.ver)).scalar()
    return int(before or 0) + 1


def _put(tx: Tx, scope: str, rows: int) -> None:
    chance = random.Random(scope)
    for _ in range(rows):
        line = _line(chance)
        tx.put(SITE, scope, "line", line.id, line)


def _put_own(tx: Tx, devices: list[str]) -> None:
    for device in devices:
        _put(tx, f"u:p-{device}", OWN)


def _enrol(tx: Tx, device: str) -> str:
    who = f"p-{device}"
    named = {"id": who, "site": SITE, "name": who, "badge": who, "role": Role.PICKER}
    tx.conn.execute(sa.insert(person).values(pin_hash="", **named))
    tx.conn.execute(
        sa.insert(t.device).values(id=device, site=SITE, name=device, enrolled_at=tx.now)
    )
    tx.conn.execute(
        sa.insert(grant).values(
            sid=f"sid-{device}",
            device=device,
            person=who,
            role=Role.PICKER,
            site=SITE,
            issued_at=tx.now,
            expires_at=tx.now + 10**9,
        )
    )
    return f"{COOKIE}={open_session(tx, device)}"


LIVE = "dev-live"


def _live(tx: Tx) -> Caller:
    """It says something that needs no floor, more often than it will have time for."""
    cookie = _enrol(tx, LIVE)
    ops = [
        Envelope(
            n=n,
            id=f"live-{n}",
            k="floor.acknowledge",
            v=1,
            sid=f"sid-{LIVE}",
            at=tx.now,
            body=msgspec.to_builtins(Acknowledge(n=n)),
        )
        for n in range(1, LIVE_SCANS + 1)
    ]
    asks = [msgspec.json.encode([op]).decode() for op in ops]
    return Caller(LIVE, f"sid-{LIVE}", cookie, asks)


@contextmanager
def _scanning(plan: live_load.Plan) -> Iterator[list[live_load.Seen]]:
    """Gives a list that holds what was seen once the scanning is over."""
    seen: list[live_load.Seen] = []
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.live_load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(msgspec.json.encode(plan) + b"\n")
    process.stdin.flush()
    time.sleep(1)  # it is there before the others come
    yield seen
    process.stdin.close()
    seen.append(msgspec.json.decode(process.stdout.read(), type=live_load.Seen))
    process.wait()


def _storm(plan: Plan, pid: int) -> tuple[Seen, float]:
    """What the fleet saw, and the server's memory at its highest, in MB."""
    process = psutil.Process(pid)
    fleet = subprocess.Popen(
        [sys.executable, "-m", "bench.storm_load"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert fleet.stdin
    fleet.stdin.write(msgspec.json.encode(plan))
    fleet.stdin.close()
    peak = 0.0
    answered: list[bytes] = []
    reading = threading.Thread(target=lambda: answered.append(fleet.stdout.read()))  # type: ignore[union-attr]
    reading.start()
    while fleet.poll() is None:
        peak = max(peak, process.memory_info().rss / 2**20)
        time.sleep(0.1)
    reading.join()
    return msgspec.json.decode(answered[0], type=Seen), peak


if __name__ == "__main__":
    for figure in run():
        print(figure)
