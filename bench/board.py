"""From a picker's scan to every supervisor's board, with 200 sockets open: 150 handhelds that pick
and 50 boards that watch. Each pick is timed to each board. Baseline: a bare websocket echo.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

import server.modules  # noqa: F401  registers operations and tables
from bench.board_load import Plan, Seen
from bench.client import Caller
from bench.echo import round_trips
from bench.figure import Figure, at_most, percentile, told
from bench.server_process import ROOT, serving
from bench.site import Device, build
from server.store.store import Store

PICKERS = 150
BOARDS = 50
LINES = 5
PICKS_PER_S = 30
ECHOES = 1000


def run() -> list[Figure]:
    echo = [1000 * s for s in round_trips(ECHOES)]
    seen = _watch()
    if seen.failures or seen.unseen:
        raise RuntimeError(f"{seen.unseen} picks were not shown; {seen.failures[:1]}")
    waits = [1000 * s for s in seen.waits]
    late = [1000 * s for s in seen.late]
    return [
        at_most(
            "board: from scan to board, p99",
            percentile(waits, 99),
            "ms",
            200,
            baseline=percentile(echo, 99),
        ),
        told("board: from scan to board, p50", percentile(waits, 50), "ms", percentile(echo, 50)),
        told("board: picks a second", seen.picks / seen.seconds, "picks/s"),
        told("board: load generator itself late, p99", percentile(late, 99), "ms"),
        told("board: pushes discarded for their base", seen.discarded, "pushes"),
    ]


def _watch() -> Seen:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        devices = build(store, PICKERS, 1, LINES, BOARDS)
        epoch = store.epoch
        store.close()
        with serving(folder) as (port, _):
            plan = _plan(port, epoch, devices[:PICKERS], devices[PICKERS:])
            done = subprocess.run(
                [sys.executable, "-m", "bench.board_load"],
                cwd=ROOT,
                input=msgspec.json.encode(plan),
                stdout=subprocess.PIPE,
                check=True,
            )
        return msgspec.json.decode(done.stdout, type=Seen)


def _plan(port: int, epoch: str, pickers: list[Device], boards: list[Device]) -> Plan:
    return Plan(
        port=port,
        epoch=epoch,
        seconds=PICKERS * LINES / PICKS_PER_S,
        pickers=[_caller(d) for d in pickers],
        boards=[_caller(d) for d in boards],
        picks=[[op.body["task"] for op in d.ops] for d in pickers],
    )


def _caller(device: Device) -> Caller:
    asks = [msgspec.json.encode([op]).decode() for op in device.ops]
    return Caller(device.id, device.sid, device.cookie, asks)
