"""The server: one transaction per push, answers as rows, cursors, leases, grants and blobs."""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sync.model.protocol import (
    CHUNKS,
    DEVICES,
    LINES,
    PAGE_ROWS,
    VERSION_ROWS,
    Answer,
    Bug,
    Cursor,
    Cursors,
    Frame,
    Key,
    Op,
    Push,
    Reply,
    Restart,
    Revoked,
)

QUEUE = "q:pick"
SERIALS_SKIPPED = 1_000
"""A restore moves the counters on, so that no number on paper is given twice: each restore by
another distance, for the same backup may be restored more than once."""
Rows = dict[Key, Any]


@dataclass
class Grant:
    device: str
    person: str
    ended: bool = False
    revoked_at: int | None = None


@dataclass
class Task:
    """A lease with an epoch; `picked`: which operation closed a line, if any."""

    holder: str | None = None
    epoch: int = 0
    cancelled: bool = False
    picked: dict[int, tuple[str, int] | None] = field(
        default_factory=lambda: dict.fromkeys(range(LINES))
    )


@dataclass
class Taken:
    """An operation as the log keeps it."""

    op: Op
    outcome: str
    code: str = ""


class Server:
    def __init__(self, bug: Bug | None) -> None:
        self.bug = bug
        self.epoch = 1
        self.ver = 0
        self.serial = 0
        self.floor: dict[str, int] = {}
        self.feed: dict[Key, tuple[int, Any]] = {}
        self.log: dict[tuple[str, int], Taken] = {}
        self.effects: Counter[tuple[str, int]] = Counter()
        self.last_n = dict.fromkeys(DEVICES, 0)
        self.grants: dict[str, Grant] = {}
        self.revoked: dict[str, int] = {}
        self.tasks: dict[str, Task] = {}
        self.tote = 0
        self.putback = 0
        self.blobs: dict[str, int] = {}
        self.positions: dict[str, tuple[str, Cursors]] = {}

    # --- one commit

    def commit(self, rows: Rows, early: int | None = None) -> None:
        """Versions are taken last; a large commit takes several, `done` rows in the last.

        `early`: a version taken at BEGIN, as a sequence would give it (a bug)."""
        ordered = sorted(rows.items(), key=lambda r: r[0][1] == "done")
        for i, (key, body) in enumerate(ordered):
            if i % VERSION_ROWS == 0 and early is None:
                self.ver += 1
            self.feed[key] = (self.ver if early is None else early, body)

    def make_task(self) -> str:
        self.serial += 1
        made = f"T{self.serial}"
        self.tasks[made] = Task()
        self.commit(self.shown(made))
        return made

    def reassign(self, name: str, to: str | None) -> Rows:
        """The rows to commit; every change of hands is a new lease epoch."""
        task = self.tasks.get(name)
        if task is None or task.cancelled or task.holder == to:
            return {}
        rows = self._hidden(name)
        task.holder, task.epoch = to, task.epoch + 1
        return rows | self.shown(name)

    def cancel(self, name: str) -> None:
        task = self.tasks.get(name)
        if task is not None and not task.cancelled:
            rows = self._hidden(name)
            task.cancelled, task.epoch = True, task.epoch + 1
            self.commit(rows)

    def _scope(self, task: Task) -> str:
        return f"u:{task.holder}" if task.holder else QUEUE

    def shown(self, name: str) -> Rows:
        task = self.tasks.get(name)
        if task is None or task.cancelled:
            return {}
        rows: Rows = {(self._scope(task), "task", name): task.epoch}
        if task.holder:
            for no, by in task.picked.items():
                rows[(self._scope(task), "line", f"{name}/{no}")] = by or "open"
        return rows

    def _hidden(self, name: str) -> Rows:
        return dict.fromkeys(self.shown(name))

    # --- people and devices

    def sign_in(self, dev: str, person: str) -> str:
        for grant in self.grants.values():
            grant.ended = grant.ended or grant.device == dev
        sid = f"s{len(self.grants) + 1}.{self.epoch}"
        self.grants[sid] = Grant(dev, person)
        return sid

    def scopes(self, dev: str, sid: str) -> set[str]:
        grant = self.grants.get(sid)
        if grant is None or grant.device != dev or grant.ended or grant.revoked_at is not None:
            return {f"d:{dev}"}
        return {f"d:{dev}", f"u:{grant.person}", QUEUE}

    # --- the exchange

    def handle(
        self, frame: Frame, crash: str = "", between: Callable[[], None] | None = None
    ) -> Reply | None:
        """None: the answer never came. `between`: a commit of somebody else meanwhile."""
        if frame.epoch != self.epoch and self.bug is not Bug.NO_EPOCH:
            return Restart(self.epoch, self.last_n[frame.dev])
        if crash == "before":
            return None
        self._push(frame)
        if crash == "after":
            return None
        if frame.dev in self.revoked:
            return Revoked(frame.ops[-1][0] if frame.ops else 0, frame.epoch)
        answer = self._pull(frame, between)
        if answer is not None and not answer.more:
            self.positions[frame.dev] = (frame.sid, dict(answer.cur))
        return answer

    def _push(self, frame: Frame) -> None:
        rows: Rows = {}
        for n, op in frame.ops:
            last = self.last_n[frame.dev]
            if n <= last and self.bug is not Bug.NO_DEDUPE:
                continue
            if n > last + 1 and self.bug is not Bug.NO_DEDUPE:
                break
            self._take(frame.dev, n, op, rows)
        self.commit(rows)

    def _take(self, dev: str, n: int, op: Op, rows: Rows) -> None:
        outcome, code = self._decide(dev, n, op, rows)
        self.log[dev, n] = Taken(op, outcome, code)
        self.effects[dev, n] += 1
        self.last_n[dev] = max(self.last_n[dev], n)
        if outcome != "applied":
            rows[f"d:{dev}", "result", str(n)] = (outcome, code)
        if op.blob:
            rows[f"d:{dev}", "blob", op.blob] = self.blobs.get(op.blob, 0) == CHUNKS
        if self.bug is not Bug.ACK_OUTSIDE_FEED:
            rows[f"d:{dev}", "done", ""] = self.last_n[dev]

    def may_act(self, dev: str, op: Op) -> bool:
        """Was the name good when the work was done? Ended is good, revoked is not."""
        grant = self.grants.get(op.sid)
        if grant is None or grant.device != dev:
            return False
        revoked = [m for m in (grant.revoked_at, self.revoked.get(dev)) if m is not None]
        return all(op.at < moment for moment in revoked)

    def _decide(self, dev: str, n: int, op: Op, rows: Rows) -> tuple[str, str]:
        if op.kind == "bad":
            return "refused", "malformed"
        if not self.may_act(dev, op) and (
            self.bug is not Bug.ACT_AFTER_REVOCATION or op.sid not in self.grants
        ):
            return ("refused" if op.kind == "take" else "quarantined"), "not_allowed"
        if op.kind == "ack":
            rows[f"d:{dev}", "result", str(op.of)] = None
            return "applied", ""
        return self._take_task(op, rows) if op.kind == "take" else self._pick(dev, n, op, rows)

    def _take_task(self, op: Op, rows: Rows) -> tuple[str, str]:
        task = self.tasks.get(op.task)
        if task is None or task.cancelled:
            return "refused", "not_found"
        if task.epoch != op.expects or task.holder is not None:
            return "refused", "stale"
        rows.update(self.reassign(op.task, self.grants[op.sid].person))
        return "applied", ""

    def _pick(self, dev: str, n: int, op: Op, rows: Rows) -> tuple[str, str]:
        """A pick has happened: it is applied, or the goods lie at the put-back place."""
        task = self.tasks.get(op.task)
        why = "task_unknown" if task is None else ""
        if task is not None and (task.cancelled or task.picked[op.line]):
            why = "order_cancelled" if task.cancelled else "already_picked"
        if task is None or why:
            self.putback += 1
            return "diverted", why
        task.picked[op.line] = (dev, n)
        self.tote += 1
        if task.holder:
            rows[self._scope(task), "line", f"{op.task}/{op.line}"] = (dev, n)
        return "applied", ""

    def _pull(self, frame: Frame, between: Callable[[], None] | None) -> Answer | None:
        mine = self.scopes(frame.dev, frame.sid)
        cur = {s: c for s, c in frame.cur.items() if s in mine}
        if any(pos > self.ver for pos, _ in cur.values()):
            return None  # rewound: an old database was put back without a new epoch
        reset = [s for s, c in cur.items() if self._is_behind(s, c)]
        for scope in reset:
            del cur[scope]
        bases = {s: cur[s][0] if s in cur else 0 for s in mine}
        if self.bug is Bug.SINGLE_CURSOR and cur:
            bases = dict.fromkeys(mine, max(pos for pos, _ in cur.values()))
        rows, top = self._since(bases), self.ver
        if between is not None:
            between()
        if self.bug is Bug.TWO_STATEMENTS:
            top = self.ver
        rows, to, more = self._cut(rows, top)
        after = {s: (max(bases[s], to), cur[s][1] if s in cur else top) for s in mine}
        done = self.last_n[frame.dev] if self.bug is Bug.ACK_OUTSIDE_FEED else 0
        return Answer(self.epoch, rows, after, reset, more, done)

    def _is_behind(self, scope: str, cursor: Cursor) -> bool:
        """Were tombstones collected beyond the cursor? By `pos` alone, a paged snapshot of a
        scope with collected tombstones would start again for ever."""
        if self.bug is Bug.GC_NO_FLOOR or not cursor[0]:
            return False
        reached = cursor[0] if self.bug is Bug.FLOOR_VS_POS else max(cursor)
        return reached < self.floor.get(scope, 0)

    def _since(self, bases: dict[str, int]) -> list[tuple[int, Key, Any]]:
        found = (
            (ver, key, body)
            for key, (ver, body) in self.feed.items()
            if key[0] in bases and ver > bases[key[0]]
        )
        return sorted(found, key=lambda r: (r[0], r[1]))

    def _cut(
        self, rows: list[tuple[int, Key, Any]], top: int
    ) -> tuple[list[tuple[int, Key, Any]], int, bool]:
        """A page ends between two versions, never inside one."""
        if len(rows) <= PAGE_ROWS:
            return rows, top, False
        to = rows[PAGE_ROWS - 1][0]
        if self.bug is Bug.SPLIT_VERSION:
            return rows[:PAGE_ROWS], to, True
        page = [r for r in rows if r[0] <= to]
        return page, to, len(page) < len(rows)

    # --- the hub

    def push(self, dev: str) -> Push | None:
        """What the connection has not been told; its position moves on whether it arrives."""
        if dev not in self.positions or dev in self.revoked:
            return None
        sid, base = self.positions[dev]
        if set(base) != self.scopes(dev, sid):
            return None  # the sign-in has ended: its socket is closed
        rows, to = self._since({s: pos for s, (pos, _) in base.items()}), self.ver
        if self.bug is Bug.PUSH_OF_A_PART:
            rows, to, _ = self._cut(rows, to)
        if not rows or any(pos < self.floor.get(s, 0) for s, (pos, _) in base.items()):
            return None
        after = {s: (to, snap) for s, (_, snap) in base.items()}
        self.positions[dev] = (sid, after)
        return Push(base, Answer(self.epoch, rows, dict(after)))

    # --- blobs, collection, restore

    def upload(self, dev: str, sha: str, offset: int) -> int:
        """Take one chunk at `offset`; returns how many there are now."""
        have = self.blobs.get(sha, 0)
        if offset != have or have == CHUNKS:
            return have
        self.blobs[sha] = have + 1
        if self.blobs[sha] == CHUNKS and (f"d:{dev}", "blob", sha) in self.feed:
            self.commit({(f"d:{dev}", "blob", sha): True})
        return self.blobs[sha]

    def collect(self) -> None:
        """Forget tombstones, and remember per scope up to where."""
        for key, (ver, body) in list(self.feed.items()):
            if body is None:
                self.floor[key[0]] = max(self.floor.get(key[0], 0), ver)
                del self.feed[key]

    def stop(self) -> None:
        """Killed and started again: connections are gone, what was committed is not."""
        self.positions.clear()

    def restored(self, backup: "Server") -> "Server":
        fresh = copy.deepcopy(backup)
        fresh.stop()
        if self.bug is not Bug.NO_EPOCH:
            fresh.epoch = self.epoch + 1
        if self.bug is not Bug.SERIALS_GIVEN_TWICE:
            fresh.serial += SERIALS_SKIPPED * fresh.epoch
        return fresh
