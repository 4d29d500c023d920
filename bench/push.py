"""64 handhelds push confirmed picks, 20 at a time, through the real server on SQLite at FULL.

Baseline: a synchronous SQLAlchemy Core loop that executes the very statements that the server's
writer executed (recorded in a run of its own), in the same transactions, on a copy of the file.
The server sends its hottest ones past Core (`server/store/prepared.py`); the loop does not.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench import tape
from bench.client import Caller
from bench.figure import Figure, at_least, at_most, median, percentile, told
from bench.push_load import Plan, Seen
from bench.server_process import ROOT, serving
from bench.site import Device, build
from server.store import tables as t
from server.store.store import Store

DEVICES = 64
PUSHES = 6
OPS = 20
LINES = DEVICES * PUSHES * OPS
ROUNDS = 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        devices = build(store, DEVICES, PUSHES, OPS)
        epoch = store.epoch
        store.close()
        kept = folder / "tape"
        _push(folder, "recorded", devices, epoch, kept)
        recorded = tape.load(kept)
        seen, bare = [], []
        for i in range(ROUNDS):
            seen.append(_push(folder, f"round{i}", devices, epoch))
            bare.append(LINES / tape.replay(recorded, _copy(folder, f"bare{i}")))
        return _figures([LINES / s.seconds for s in seen], bare, seen, recorded)


def _figures(
    rates: list[float], bare: list[float], seen: list[Seen], recorded: list[tape.Transaction]
) -> list[Figure]:
    ratio = median([mine / core for mine, core in zip(rates, bare, strict=True)])
    waits = [w * 1000 for s in seen for w in s.waits]
    beside = Figure(
        name="push: confirmed lines beside the bare Core loop",
        value=median(rates),
        unit="lines/s",
        baseline=median(bare),
        ratio=ratio,
        target="ratio >= 0.7",
        ok=ratio >= 0.7,
    )
    return [
        at_least("push: confirmed lines", median(rates), "lines/s", 2000),
        beside,
        at_most("push: statements per line", tape.statements(recorded) / LINES, "statements", 10),
        told("push: statements and rows per line", tape.rows(recorded) / LINES, "rows"),
        told("push: operations per commit", LINES / len(recorded), "operations"),
        told("push: answered, p50", percentile(waits, 50), "ms"),
        told("push: answered, p99", percentile(waits, 99), "ms"),
    ]


def _copy(folder: Path, name: str) -> str:
    (folder / name).mkdir()
    shutil.copy(folder / "site.db", folder / name / "site.db")
    return f"sqlite:///{folder / name / 'site.db'}"


def _push(
    folder: Path, name: str, devices: list[Device], epoch: str, kept: Path | None = None
) -> Seen:
    """One run of all pushes against a fresh copy; checks that every line was applied, once."""
    url = _copy(folder, name)
    with serving(folder / name, kept) as (port, _):
        plan = Plan([port], epoch, [caller(d) for d in devices])
        done = subprocess.run(
            [sys.executable, "-m", "bench.push_load"],
            cwd=ROOT,
            input=msgspec.json.encode(plan),
            stdout=subprocess.PIPE,
            check=True,
        )
    seen = msgspec.json.decode(done.stdout, type=Seen)
    if seen.failures:
        raise RuntimeError(seen.failures[0])
    engine = sa.create_engine(url)
    check(engine)
    engine.dispose()
    return seen


def caller(device: Device) -> Caller:
    asks = [
        msgspec.json.encode(device.ops[i : i + OPS]).decode()
        for i in range(0, len(device.ops), OPS)
    ]
    return Caller(device.id, device.sid, device.cookie, asks)


def check(engine: sa.Engine) -> None:
    """Every line was applied. Raises RuntimeError."""
    applied = sa.select(sa.func.count()).where(
        t.op.c.kind == "picking.confirm_pick", t.op.c.outcome == "applied"
    )
    with engine.connect() as conn:
        found = conn.execute(applied).scalar_one()
    if found != LINES:
        raise RuntimeError(f"{found} of {LINES} lines were applied")
