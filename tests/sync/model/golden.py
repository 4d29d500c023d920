"""Runs of the model as one device lives through them, for the web app's own core to repeat.

`python -m tests.sync.model.golden` writes tests/vectors/sync_traces.json; `pwa/src/sync/
traces.test.ts` plays it. A step is what happened to the device (`do`) and what of its state that
changed (`then`): epoch, cursors, the highest answer seen, the done mark, the numbers that are still
pending, rows (null: gone). One question is under way at a time: asking again gives the last one up
(`lose`), and what is pushed meanwhile does not count.
"""

import json
from pathlib import Path
from typing import Any

from tests.sync.model.device_model import Device
from tests.sync.model.protocol import Answer, Cursors, Frame, Op, Push, Reply, Restart, Revoked
from tests.sync.model.search import random_trace
from tests.sync.model.traces import PINNED
from tests.sync.model.world import World

PATH = Path(__file__).parents[2] / "vectors" / "sync_traces.json"
SEEDS = (3, 4, 8, 11, 15, 26, 36, 43, 51, 59, 62, 70, 104, 119, 154, 221, 228, 234, 321)
"""Random runs that between them meet everything that `test_golden.py` asks for."""
Step = dict[str, Any]


class Recorded(Device):
    """A device that keeps what it lives through."""

    def __init__(self, like: Device) -> None:
        super().__init__(like.name, None)
        self.sid = like.sid
        self.steps: list[Step] = []
        self._under_way: Frame | None = None
        self._stopped = False
        self._seen = 0
        self._told_sid = ""
        self._before: Step = {"rows": {}}

    def scan(self, op: Op) -> None:
        super().scan(op)
        self._note("scan", kind=op.kind)

    def crash(self) -> None:
        super().crash()
        self._under_way, self._stopped, self._told_sid = None, False, ""
        self._note("start")

    def ask(self) -> Frame:
        if self._under_way is not None:
            self._under_way = None
            self._note("lose")
        if self.sid != self._told_sid:
            self._told_sid = self.sid
            self._note("person", sid=self.sid)
        frame = super().ask()
        # Who is revoked says only what still has to be handed over.
        if frame.ops or not self._stopped:
            self._under_way = frame
            self._note("ask", cur=_cursors(frame.cur))
        return frame

    def adopt(self, reply: Reply, asked: Cursors) -> bool:
        mine = self._under_way is not None and self._under_way.cur == asked
        if isinstance(reply, Revoked) and not mine:
            return False
        taken = super().adopt(reply, asked)
        if isinstance(reply, Restart):
            self._seen = reply.last_n if taken else self._seen
        self._seen = max(self._seen, self.disk.done, self._done_row())
        if mine:
            self._under_way = None
            self._stopped = isinstance(reply, Revoked) or (self._stopped and not taken)
        if isinstance(reply, Revoked):
            self._note("revoked")
        else:
            wire = _wire(reply)
            self._note("answer", mine=mine, taken=taken, asked=_cursors(asked), answer=wire)
        return taken

    def hear(self, push: Push) -> bool:
        taken = self._under_way is None and super().adopt(push.answer, push.base)
        self._seen = max(self._seen, self._done_row())
        base, answer = _cursors(push.base), _wire(push.answer)
        self._note("push", taken=taken, base=base, answer=answer)
        return taken

    def _done_row(self) -> int:
        return int(self.disk.rows.get((f"d:{self.name}", "done", ""), 0))

    def _note(self, what: str, **told: Any) -> None:
        now = self._state()
        then = {k: v for k, v in now.items() if k != "rows" and v != self._before.get(k)}
        before, rows = self._before["rows"], now["rows"]
        changed = {k: v for k, v in rows.items() if before.get(k) != v}
        changed |= {k: None for k in before if k not in rows}
        self._before = now
        self.steps.append(
            {"do": what, **told, "then": then | ({"rows": changed} if changed else {})}
        )

    def _state(self) -> Step:
        disk = self.disk
        return {
            "epoch": _epoch(disk.epoch),
            "cur": _cursors(disk.cur),
            "seen": self._seen,
            "done": disk.done,
            "pending": [n for n in sorted(disk.ops) if n > disk.done],
            "rows": {" ".join(key): body for key, body in disk.rows.items()},
        }


def _epoch(number: int) -> str:
    """Lives sort as texts."""
    return f"{number:03}"


def _cursors(cur: Cursors) -> dict[str, str]:
    return {scope: f"{pos}.{snap}" for scope, (pos, snap) in sorted(cur.items())}


def _wire(reply: Answer | Restart) -> Step:
    if isinstance(reply, Restart):
        return {"restart": True, "epoch": _epoch(reply.epoch), "last_n": reply.last_n, "now": 0}
    return {
        "epoch": _epoch(reply.epoch),
        "now": 0,
        "rows": [[*key, ver, body] for ver, key, body in reply.rows],
        "cur": _cursors(reply.cur),
        "reset": sorted(reply.reset),
        "more": reply.more,
    }


def record(trace: list[str], name: str) -> list[Step]:
    """What device `name` lives through in this run of the correct protocol."""
    world = World()
    device = Recorded(world.devices[name])
    world.devices[name] = device
    for step in trace:
        world.step(step)
    world.net.clear()
    world.step(f"settle {name}")
    return device.steps


def traces() -> dict[str, Step]:
    pinned = {bug.value: [s.strip() for s in run.split(";")] for bug, run in PINNED.items()}
    runs = {name: (run, _busiest(run)) for name, run in pinned.items()}
    runs |= {f"seed {seed}": (random_trace(seed), "AB"[seed % 2]) for seed in SEEDS}
    return {name: {"device": dev, "steps": record(run, dev)} for name, (run, dev) in runs.items()}


def _busiest(run: list[str]) -> str:
    return max("AB", key=lambda dev: sum(f" {dev}" in step for step in run))


def as_json() -> str:
    """A step a line, so that a change of the protocol can be read in a diff."""

    def line(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    told = [
        f' "{name}": {{"device": "{one["device"]}", "steps": [\n'
        + ",\n".join(f"  {line(step)}" for step in one["steps"])
        + "\n ]}"
        for name, one in traces().items()
    ]
    return "{\n" + ",\n".join(told) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(as_json())
