"""A picker who works a whole day by a handheld on the wire: takes what is most urgent, walks,
picks, reports what lacks, and works off the put-backs, moves and counts that come of it.

In a dead zone the handheld goes on with what it has; nothing is taken there, as in the app.
"""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import Any

from server.counting.ops import FinishCount, RecordCount
from server.floor.ops import Acknowledge, ReleaseTask, TakeTask
from server.kernel.ops import Envelope, Op
from server.moving.ops import ConfirmMove, FinishMove, ReportMove
from server.picking.cures import REST
from server.picking.ops import (
    AwaitStock,
    ConfirmPick,
    FinishTask,
    PickElsewhere,
    ReportShort,
    SkipLine,
    UndoPick,
    ZeroCheck,
)
from server.picking.totes import AssignTote, HandOver, SortLine
from tests.day.shelves import Shelves
from tests.faults.handheld import LOST, OnTheWire

Body = dict[str, Any]
CHOICE = 4
"""So many of the most urgent tasks are looked at before one is taken."""
CHANCES = {
    "over": 0.02,
    "damaged": 0.02,
    "blocked": 0.02,
    "undo": 0.04,
    "skip": 0.05,
    "release": 0.01,
    "give_up_waiting": 0.1,
}


@dataclass
class DayPicker(OnTheWire):
    """`person`: who works there. `bins`: where goods without a place may go."""

    person: str = ""
    shelves: Shelves = field(kw_only=True)
    bins: list[str] = field(kw_only=True)
    away_until: float = 0.0
    times_away: int = 0
    _said: dict[str, int] = field(default_factory=dict)
    """By line, task or tote the operation that settled it."""
    _taken: dict[str, int] = field(default_factory=dict)
    """Pieces that this picker took for a line and has not put back."""

    # --- the radio

    def away(self, seconds: float) -> None:
        """A dead zone: nothing is heard of the handheld for so long."""
        self.away_until = time.monotonic() + seconds
        self.times_away += 1
        self.tear()

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self.away_until

    async def work(self) -> None:
        while not self.over:
            while self.is_away:
                self._work()
                await asyncio.sleep(self.step_s * self.chance.uniform(0.4, 1.6))
            with contextlib.suppress(*LOST):
                async with self._connect() as self.socket:
                    await self._talk(self.socket)
            await asyncio.sleep(0.1)

    # --- what the handheld shows, with what it has said and nobody has answered yet

    def _say(self, name: str, op: Op, *settles: str) -> Envelope:
        e = self.twin.say(name, op)
        self._said |= dict.fromkeys(settles, e.n)
        return e

    def _is_waiting(self, key: str) -> bool:
        return self._said.get(key, 0) > self.twin.done

    def _lines(self, kind: str, task: Body) -> list[Body]:
        return [line for line in self.twin.of(kind) if line["task"] == task["id"]]

    def _still_open(self, lines: list[Body]) -> list[Body]:
        return [
            line
            for line in lines
            if line["state"] == "open" and not self._is_waiting(_key(line["task"], line["no"]))
        ]

    # --- the work

    def _work(self) -> None:
        """One look at the handheld, and what its picker does next."""
        self._read_messages()
        held = [t for t in self.twin.of("task") if t["assignee"] == self.person]
        for task in sorted(held, key=lambda t: t["taken_at"] or 0):
            if task["stopped"] or self._is_waiting(task["id"]):
                continue
            if self.chance.random() < CHANCES["release"] and not self.is_away:
                self._say("floor.release_task.v1", ReleaseTask(task=task["id"]), task["id"])
                return
            if self._go_on(task):
                return
        if not self.is_away:
            self._take_one()

    def _go_on(self, task: Body) -> bool:
        """Whether there was anything to do on it."""
        if task["kind"] == "pick":
            return self._pick(task)
        return self._count(task) if task["kind"] == "count" else self._move(task)

    def _read_messages(self) -> None:
        for told in self.twin.of("result"):
            if told["n"] in self.twin.read:
                continue
            self.twin.read.add(told["n"])
            self._say("floor.acknowledge.v1", Acknowledge(n=told["n"]))
            if told["k"] == "picking.undo_pick" and told["outcome"] == "diverted":
                said = self.twin.ops[told["n"] - 1].body
                self.shelves.take(said["bin"], said["sku"], said["qty"])  # out of the bin again

    def _take_one(self) -> None:
        free = [
            t
            for t in self.twin.of("task")
            if t["assignee"] is None and t["state"] == "open" and not t["stopped"]
        ]
        free.sort(key=lambda t: (-t["priority"], t["due_at"], t["id"]))
        if free:
            task = self.chance.choice(free[:CHOICE])
            take = TakeTask(task=task["id"], expects=task["epoch"])
            self._say("floor.take_task.v1", take, task["id"])

    def _happens(self, what: str) -> bool:
        return self.chance.random() < CHANCES[what]

    # --- picking

    def _pick(self, task: Body) -> bool:
        lines = self._lines("line", task)
        mine = [line for line in self._still_open(lines) if not line["stopped"]]
        if task["mode"] in ("cluster", "zone") and mine and self._load(task, mine):
            return True
        ready = sorted((n for n in mine if not n["waits"]), key=lambda n: (n["seq"], n["no"]))
        if not ready:
            return self._end(task, lines, mine)
        if len(ready) > 1 and self._happens("skip"):
            walk = [n["no"] for n in (*ready[1:], ready[0])]
            skip = SkipLine(task=task["id"], line=ready[0]["no"], walk=walk)
            self._say("picking.skip_line.v1", skip)
        else:
            self._at_the_shelf(task, ready[0])
        return True

    def _load(self, task: Body, lines: list[Body]) -> bool:
        """A tote into each slot that something goes into, before the walk."""
        used = {line["slot"] for line in lines}
        empty = [
            t
            for t in self._lines("tote", task)
            if t["slot"] in used and t["code"] is None and not self._is_waiting(_tote(t))
        ]
        for tote in empty:
            put = AssignTote(task=task["id"], slot=tote["slot"], code=_code(tote))
            self._say("picking.assign_tote.v1", put, _tote(tote))
        return bool(empty)

    def _at_the_shelf(self, task: Body, line: Body) -> None:
        key = _key(line["task"], line["no"])
        place = {"task": line["task"], "line": line["no"], "bin": line["bin"], "sku": line["sku"]}
        for trouble in ("damaged", "blocked"):
            if self._happens(trouble):
                return self._short(task, line, place, self.chance.randrange(line["qty"]), trouble)
        wanted = line["qty"] + (1 if self._happens("over") else 0)
        taken = self.shelves.take(line["bin"], line["sku"], wanted)
        if taken < line["qty"]:
            self.shelves.put(line["bin"], line["sku"], taken)
            return self._short(task, line, place, taken, "missing")
        self._taken[key] = taken
        tote = self._tote_of(task, line)
        fact = ConfirmPick(**place, qty=taken, code="", lot=line["lot"], tote=tote)
        self._say("picking.confirm_pick.v1", fact, key)
        if line["cures"]["empties"]:
            left = self.shelves.there(line["bin"], line["sku"])
            look = ZeroCheck(**place, empty=not left, found=left)
            self._say("picking.zero_check.v1", look)
        if taken == line["qty"] and self._happens("undo"):
            self._undo(line, place, key)
        return None

    def _tote_of(self, task: Body, line: Body) -> str:
        if task["mode"] not in ("cluster", "zone"):
            return ""
        totes = [t for t in self._lines("tote", task) if t["slot"] == line["slot"]]
        return next((t["code"] or _code(t) for t in totes), "")

    def _undo(self, line: Body, place: Body, key: str) -> None:
        qty = self._taken.pop(key)
        self.shelves.put(line["bin"], line["sku"], qty)
        self.twin.undone.add(key)
        undo = UndoPick(**place, qty=qty, lot=line["lot"])
        self._say("picking.undo_pick.v1", undo, key)

    def _short(self, task: Body, line: Body, place: Body, found: int, reason: str) -> None:
        """Fetched elsewhere where the handheld knows a bin, waited for where bulk has some."""
        key = _key(line["task"], line["no"])
        found = self.shelves.take(line["bin"], line["sku"], found)
        facts = {**place, "found": found, "reason": reason}
        missing, cures = line["qty"] - found, line["cures"]
        known = line["no"] < REST
        rest = _key(line["task"], line["no"] + REST)
        if cures["bins"] and known:
            there = self.chance.choice(cures["bins"])
            qty = min(missing, there["qty"])
            cure = PickElsewhere(**facts, to_bin=there["bin"], to_lot=there["lot"], qty=qty)
            self._say("picking.pick_elsewhere.v1", cure, key, rest)
        elif cures["bulk"] and known and reason == "missing":
            self._say("picking.await_stock.v1", AwaitStock(**facts), key, rest)
        else:
            self._say("picking.report_short.v1", ReportShort(**facts), key)
        self._said[f"{task['id']}/walk"] = self.twin.ops[-1].n

    def _end(self, task: Body, lines: list[Body], mine: list[Body]) -> bool:
        """Every line is accounted for, or what is left waits for goods."""
        if mine:
            if self._happens("give_up_waiting"):
                self._at_the_shelf(task, mine[0])
                return True
            return False
        if any(n["state"] == "open" and n["stopped"] for n in lines):
            return False
        if self._is_waiting(f"{task['id']}/walk"):
            return False  # its rest is a line of its own, which nobody has seen yet
        if task["mode"] == "batch" and self._sort(task, lines):
            return True
        if task["mode"] == "zone":
            self._say("picking.hand_over.v1", HandOver(task=task["id"], place="GATE"))
        self._say("picking.finish_task.v1", FinishTask(task=task["id"]), task["id"])
        return True

    def _sort(self, task: Body, lines: list[Body]) -> bool:
        codes = {t["slot"]: t["code"] or _code(t) for t in self._lines("tote", task)}
        todo = [
            n
            for n in lines
            if n["picked"] and not n["sorted"] and not self._is_waiting(f"{n['task']}/{n['no']}/s")
        ]
        for line in todo[:5]:
            put = SortLine(task=task["id"], line=line["no"], tote=codes.get(line["slot"], "T-0"))
            self._say("picking.sort_line.v1", put, f"{line['task']}/{line['no']}/s")
        return bool(todo)

    # --- all other work

    def _move(self, task: Body) -> bool:
        mine = self._still_open(self._lines("move_line", task))
        if not mine:
            self._say("moving.finish_move.v1", FinishMove(task=task["id"]), task["id"])
            return True
        line = mine[0]
        key, source = _key(line["task"], line["no"]), line["from_bin"]
        left = line["qty"] - line["moved"]
        there = left if source == "PUTBACK" else self.shelves.take(source, line["sku"], left)
        same = {"task": line["task"], "line": line["no"]}
        if not there:
            gone = ReportMove(**same, bin=source, reason="missing", before=line["moved"])
            self._say("moving.report_move.v1", gone, key)
            return True
        to_bin = line["to_bin"] or self.chance.choice(self.bins)
        self.shelves.put(to_bin, line["sku"], there)
        goods = {"sku": line["sku"], "lot": line["lot"], "qty": there, "before": line["moved"]}
        brought = ConfirmMove(**same, **goods, from_bin=source, to_bin=to_bin)
        self._say("moving.confirm_move.v1", brought, key)
        return True

    def _count(self, task: Body) -> bool:
        for line in self._still_open(self._lines("count_line", task)):
            qty = self.shelves.there(line["bin"], line["sku"])
            fact = RecordCount(
                task=task["id"], line=line["no"], bin=line["bin"], sku=line["sku"], qty=qty
            )
            self._say("counting.record_count.v1", fact, _key(line["task"], line["no"]))
            return True
        self._say("counting.finish_count.v1", FinishCount(task=task["id"]), task["id"])
        return True


def _key(task: str, no: int) -> str:
    return f"{task}/{no}"


def _tote(tote: Body) -> str:
    return f"{tote['task']}/tote/{tote['slot']}"


def _code(tote: Body) -> str:
    return f"T{tote['task'][:8]}-{tote['slot']}"
