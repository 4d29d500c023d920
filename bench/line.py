"""One confirmed line pushed by itself, as by a picker who is on-line: what it asks of the server.

Handhelds push one line after the other without a rest, through the real server on SQLite at FULL:
eight of them, and one alone, whose every line is a commit by itself. Counted are a line's
operations and statements, those that read for its answer too; lines in one commit share some.
Baseline of the time: a bare websocket echo.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench import tape
from bench.client import Caller
from bench.echo import round_trips
from bench.figure import Figure, at_most, percentile, told
from bench.push_load import Plan, Seen
from bench.server_process import ROOT, serving
from bench.site import Device, build
from server.store import tables as t
from server.store.store import Store

CLIENTS, LINES = 8, 60
ECHOES = 1000


@dataclass(frozen=True)
class Pushed:
    """What it took. `operations`, `statements`: of each line."""

    waits: list[float]
    cpu_ms: float
    operations: float
    statements: float


def run() -> list[Figure]:
    alone, eight = _push(1, taped=True), _push(CLIENTS, taped=True)
    timed = _push(CLIENTS, taped=False)
    echo = [1000 * s for s in round_trips(ECHOES)]
    waits = [1000 * s for s in timed.waits]
    wait = "line: 8 clients, answered"
    return [
        at_most(f"{wait}, p95", percentile(waits, 95), "ms", 10, percentile(echo, 95)),
        told(f"{wait}, p50", percentile(waits, 50), "ms", percentile(echo, 50)),
        at_most("line: 8 clients, the server's processor", timed.cpu_ms, "ms", 10),
        at_most("line: operations of a line", alone.operations, "operations", 1),
        told("line: statements, alone in its commit", alone.statements, "statements"),
        told("line: statements, 8 clients", eight.statements, "statements"),
    ]


def _push(clients: int, *, taped: bool) -> Pushed:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        devices = build(store, clients, 1, LINES)
        epoch = store.epoch
        store.close()
        kept = folder / "tape"
        with serving(folder, kept if taped else None) as (port, pid):
            process = psutil.Process(pid)
            before = process.cpu_times()
            seen = _load(Plan([port], epoch, [_caller(device) for device in devices]))
            after = process.cpu_times()
        lines = clients * LINES
        made = tape.statements(tape.load(kept)) + tape.reads(kept) if taped else 0
        return Pushed(
            waits=seen.waits,
            cpu_ms=1000 * (after.user + after.system - before.user - before.system) / lines,
            operations=_operations(folder / "site.db", lines) / lines,
            statements=made / lines,
        )


def _load(plan: Plan) -> Seen:
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
    return seen


def _caller(device: Device) -> Caller:
    asks = [msgspec.json.encode([op]).decode() for op in device.ops]
    return Caller(device.id, device.sid, device.cookie, asks)


def _operations(path: Path, lines: int) -> int:
    """Of all kinds, said by handhelds after they took their tasks. Raises RuntimeError."""
    engine = sa.create_engine(f"sqlite:///{path}")
    op = t.op.c
    said = sa.select(op.kind, op.outcome).where(
        op.device.startswith("dev"), op.kind != "floor.take_task"
    )
    with engine.connect() as conn:
        found = conn.execute(said).all()
    engine.dispose()
    applied = [r for r in found if r.kind == "picking.confirm_pick" and r.outcome == "applied"]
    if len(applied) != lines:
        raise RuntimeError(f"{len(applied)} of {lines} lines were applied")
    return len(found)
