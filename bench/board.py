"""From a picker's scan to every supervisor's board, and from a supervisor's hand to the picker's,
with 500 sockets open: 449 handhelds that pick, 50 boards that watch, one that moves tasks.

Each pick is timed to each board, each task that is moved to the handheld of whoever it is moved to.
Baseline: a bare websocket echo.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench.board_load import Plan, Seen
from bench.client import Caller
from bench.echo import round_trips
from bench.figure import Figure, at_most, percentile, told
from bench.limits import raise_open_files
from bench.server_process import ROOT, serving
from bench.site import Device, build, take_orders
from server.floor.ops import ReassignTask
from server.floor.tables import task
from server.store.store import Store
from server.store.tx import Tx

PICKERS = 449
BOARDS = 50
SPARE = 30
"""Tasks that nobody works on: the supervisor moves them from one picker to the next."""
MOVES = 5
"""Of each of them."""
LINES = 5
PICKS_PER_S = 30
ECHOES = 1000


def run() -> list[Figure]:
    raise_open_files()
    echo = [1000 * s for s in round_trips(ECHOES)]
    seen = _watch()
    if seen.failures or seen.unseen or len(seen.moves) != SPARE * MOVES:
        missing = f"{seen.unseen} picks and {SPARE * MOVES - len(seen.moves)} tasks were not shown"
        raise RuntimeError(f"{missing}; {seen.failures[:1]}")
    waits = [1000 * s for s in seen.waits]
    moves = [1000 * s for s in seen.moves]
    late = [1000 * s for s in seen.late]
    return [
        at_most(
            "board: from scan to board, p99",
            percentile(waits, 99),
            "ms",
            200,
            baseline=percentile(echo, 99),
        ),
        at_most(
            "board: from scan to board, p50",
            percentile(waits, 50),
            "ms",
            60,
            baseline=percentile(echo, 50),
        ),
        at_most("board: a task moved, on the handheld, p99", percentile(moves, 99), "ms", 300),
        told("board: a task moved, on the handheld, p50", percentile(moves, 50), "ms"),
        told("board: sockets", PICKERS + BOARDS + 1, "sockets"),
        told("board: picks a second", seen.picks / seen.seconds, "picks/s"),
        told("board: load generator itself late, p99", percentile(late, 99), "ms"),
        told("board: pushes discarded for their base", seen.discarded, "pushes"),
    ]


def _watch() -> Seen:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        devices = build(store, PICKERS, 1, LINES, BOARDS + 1)
        take_orders(store, range(PICKERS, PICKERS + SPARE), LINES)
        spare = store.run_sync(_nobodys)
        epoch = store.epoch
        store.close()
        with serving(folder) as (port, _):
            plan = _plan(port, epoch, devices, spare)
            done = subprocess.run(
                [sys.executable, "-m", "bench.board_load"],
                cwd=ROOT,
                input=msgspec.json.encode(plan),
                stdout=subprocess.PIPE,
                check=True,
            )
        return msgspec.json.decode(done.stdout, type=Seen)


def _nobodys(tx: Tx) -> list[str]:
    found = sa.select(task.c.id).where(task.c.state == "open").order_by(task.c.id)
    return list(tx.conn.execute(found).scalars())


def _plan(port: int, epoch: str, devices: list[Device], spare: list[str]) -> Plan:
    pickers, boards, chief = devices[:PICKERS], devices[PICKERS:-1], devices[-1]
    moves = _moves(spare, [d.person for d in pickers])
    chief.ops = [
        chief.envelope("floor.reassign_task.v1", ReassignTask(task=t, expects=at, person=to), 0)
        for t, at, to in moves
    ]
    return Plan(
        port=port,
        epoch=epoch,
        seconds=PICKERS * LINES / PICKS_PER_S,
        pickers=[_caller(d) for d in pickers],
        boards=[_caller(d) for d in boards],
        picks=[[op.body["task"] for op in d.ops] for d in pickers],
        chief=_caller(chief),
        moves=[(t, at + 1) for t, at, _ in moves],
    )


def _moves(spare: list[str], people: list[str]) -> list[tuple[str, int, str]]:
    """Task, the lease that it has, and who is to have it: nobody has it twice."""
    return [
        (one, round_, people[(round_ * len(spare) + i) % len(people)])
        for round_ in range(MOVES)
        for i, one in enumerate(spare)
    ]


def _caller(device: Device) -> Caller:
    asks = [msgspec.json.encode([op]).decode() for op in device.ops]
    return Caller(device.id, device.sid, device.cookie, asks)
