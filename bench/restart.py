"""How long a killed server keeps its handhelds waiting: `kill -9` in the middle of the work, on a
database with a year's operations, then from the start of the new process until the first push that
it has applied is answered.
"""

import asyncio
import gzip
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench.client import Answer
from bench.figure import Figure, at_most, median, told
from bench.http import post
from bench.push import caller
from bench.push_load import Plan
from bench.server_process import ROOT, serving
from bench.site import SITE, Device, build
from server.kernel.wire import Frame
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx

DEVICES, TASKS, LINES = 33, 12, 20
ROUNDS = 3
UNDER_LOAD_S = 1.0
HISTORY = 400_000
PER_COMMIT = 20_000
MOST_S = 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        first, *others = build(store, DEVICES, TASKS, LINES)
        for begin in range(0, HISTORY, PER_COMMIT):
            store.run_sync(lambda tx, begin=begin: _remember(tx, begin))  # type: ignore[misc]
        epoch = store.epoch
        store.close()
        waits, logs = [], []
        for i in range(ROUNDS):
            _kill_at_work(folder, epoch, others)
            logs.append((folder / "site.db-wal").stat().st_size / 2**20)
            waits.append(_start_and_push(folder, epoch, first, i))
        size = (folder / "site.db").stat().st_size / 2**20
    return [
        at_most("restart: from start to the first applied push", max(waits), "s", MOST_S),
        told("restart: the same, median", median(waits), "s"),
        told("restart: the database", size, "MB"),
        told("restart: its log when it was killed", max(logs), "MB"),
    ]


def _remember(tx: Tx, begin: int) -> None:
    """Operations and events of devices that are long gone."""
    common = {"site": SITE, "kind": "picking.confirm_pick", "body": '{"text":"%s"}' % ("x" * 200)}
    some = range(begin, begin + PER_COMMIT)
    ops = [{**common, "device": f"old{i % 200}", "n": i, "id": f"old-{i}"} for i in some]
    filled = {"hash": "0" * 64, "v": 1, "outcome": "applied", "ver": 0, "seq": 0}
    times = dict.fromkeys(("at_raw", "at_est", "recv_at"), tx.now)
    tx.conn.execute(sa.insert(t.op), [{**o, **filled, **times} for o in ops])
    # before the first version, so that no cursor reads them
    events = [{**common, "device": f"old{i % 200}", "n": i, "key": f"O{i % 5000}"} for i in some]
    rows = [{**e, "ver": 0, "seq": i} for i, e in zip(some, events, strict=True)]
    tx.conn.execute(sa.insert(t.event), rows)


def _kill_at_work(folder: Path, epoch: str, devices: list[Device]) -> None:
    with serving(folder) as (port, pid):
        plan = msgspec.json.encode(Plan([port], epoch, [caller(d) for d in devices]))
        load = subprocess.Popen(
            [sys.executable, "-m", "bench.push_load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert load.stdin
        load.stdin.write(plan)
        load.stdin.close()
        time.sleep(UNDER_LOAD_S)
        os.kill(pid, signal.SIGKILL)
        load.kill()
        load.wait()


def _start_and_push(folder: Path, epoch: str, device: Device, i: int) -> float:
    op = device.ops[i]
    frame = Frame(dev=device.id, sid=device.sid, epoch=epoch, now=op.at, ops=[op])
    started = time.perf_counter()
    with serving(folder) as (port, _):
        status, body = asyncio.run(post(port, device.cookie, msgspec.json.encode(frame)))
        took = time.perf_counter() - started
    answer = msgspec.json.decode(_plain(body), type=Answer)
    done = [int(bytes(text)) for _, kind, _, _, text in answer.rows if kind == "done"]
    if status != 200 or done != [op.n]:
        raise RuntimeError(f"{status}: done is {done} after {op.n}")
    return took


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


if __name__ == "__main__":
    for figure in run():
        print(figure)
