"""A picker asks the running server for the shortest walk on, while fifty pickers are at work.

Tasks of thirty lines on a floor of three blocks, planned by the exact programme. Each picker
confirms lines and asks for a walk from some bin at random moments; they pick several times as fast
as people do and ask every few seconds. Baseline: confirmed lines in the same run.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from bench.client import Caller
from bench.figure import Figure, at_least, at_most, percentile, told
from bench.reroute_load import Plan, Seen
from bench.server_process import ROOT, serving
from bench.site import AISLES, SHELVES, Device, bin_code, build
from server.kernel.ops import Envelope
from server.picking.reroute import Reroute
from server.store import tables as t
from server.store.store import Store

PICKERS, LINES, BLOCKS = 50, 30, 3
PICKS, WALKS = 12, 8
"""Of each picker. The lines that are left are what is walked."""
SECONDS = 30
P99_MS = 100


def run() -> list[Figure]:
    seen = _work()
    walks, picks = [1000 * s for s in seen.walks], [1000 * s for s in seen.picks]
    return [
        at_most(
            "reroute: walk asked to rows in hand, p99",
            percentile(walks, 99),
            "ms",
            P99_MS,
            baseline=percentile(picks, 99),
        ),
        told(
            "reroute: walk asked to rows in hand, p50", percentile(walks, 50), "ms",
            percentile(picks, 50),
        ),
        at_least("reroute: answered with another walk", 100 * seen.changed / len(walks), "%", 50),
        told("reroute: walks asked a second", len(walks) / seen.seconds, "walks/s"),
        told("reroute: lines confirmed a second", len(picks) / seen.seconds, "lines/s"),
    ]  # fmt: skip


def _work() -> Seen:
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        devices = build(store, PICKERS, 1, LINES, blocks=BLOCKS, policy="optimal")
        epoch = store.epoch
        store.close()
        with serving(folder) as (port, _):
            plan = Plan(port, epoch, SECONDS, [_caller(device) for device in devices])
            done = subprocess.run(
                [sys.executable, "-m", "bench.reroute_load"],
                cwd=ROOT,
                input=msgspec.json.encode(plan),
                stdout=subprocess.PIPE,
                check=True,
            )
        seen = msgspec.json.decode(done.stdout, type=Seen)
        if seen.failures:
            raise RuntimeError(seen.failures[0])
        _check(folder / "site.db")
    return seen


def _caller(device: Device) -> Caller:
    """Lines in their walk's order, and between them the question for another walk."""
    chance = random.Random(device.id)
    first = device.ops[0]
    kinds = ["pick"] * PICKS + ["walk"] * WALKS
    chance.shuffle(kinds)
    picks = iter(device.ops)
    said = [next(picks) if kind == "pick" else _question(device, first, chance) for kind in kinds]
    counted = [
        msgspec.structs.replace(op, n=n, id=f"{device.id}-{n}")
        for n, op in enumerate(said, first.n)
    ]
    return Caller(
        device.id, device.sid, device.cookie, [msgspec.json.encode([op]).decode() for op in counted]
    )


def _question(device: Device, pick: Envelope, chance: random.Random) -> Envelope:
    here = bin_code(chance.randrange(AISLES * SHELVES))
    asked = Reroute(task=pick.body["task"], expects=pick.body["epoch"], bin=here)
    return device.envelope("picking.reroute.v1", asked, pick.at)


def _check(path: Path) -> None:
    """All were applied. Raises RuntimeError."""
    engine = sa.create_engine(f"sqlite:///{path}")
    found = (
        sa.select(t.op.c.kind, sa.func.count())
        .where(t.op.c.kind.in_(["picking.confirm_pick", "picking.reroute"]))
        .where(t.op.c.outcome == "applied")
        .group_by(t.op.c.kind)
    )
    with engine.connect() as conn:
        counts: dict[str, int] = dict(conn.execute(found).tuples().all())
    engine.dispose()
    if counts != {"picking.confirm_pick": PICKERS * PICKS, "picking.reroute": PICKERS * WALKS}:
        raise RuntimeError(f"applied: {counts}")
