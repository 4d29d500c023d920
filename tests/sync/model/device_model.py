"""The device: what is on its disk, what only in memory, and how it takes an answer."""

from dataclasses import dataclass, field
from typing import Any

from tests.sync.model.protocol import (
    CHUNKS,
    FRAME_OPS,
    Answer,
    Bug,
    Cursors,
    Frame,
    Key,
    Op,
    Push,
    Reply,
    Restart,
    Revoked,
)


@dataclass
class Disk:
    """All of it durable, changed in one transaction per answer.

    `loading`: a snapshot is being read in pages, so rows may be missing from the view."""

    epoch: int = 1
    next_n: int = 1
    ops: dict[int, Op] = field(default_factory=dict)
    blobs: dict[str, int] = field(default_factory=dict)
    rows: dict[Key, Any] = field(default_factory=dict)
    cur: Cursors = field(default_factory=dict)
    done: int = 0
    loading: bool = False


class Device:
    """`confirmed`, `highest`: what the tests remember of it; no part of the protocol."""

    def __init__(self, name: str, bug: Bug | None) -> None:
        self.name = name
        self.bug = bug
        self.sid = ""
        self.disk = Disk()
        self.volatile: dict[int, Op] = {}
        self.taken = 0
        self.confirmed: list[int] = []
        self.highest: dict[tuple[int, str], int] = {}

    # --- the worker

    def scan(self, op: Op) -> None:
        """On disk first, then green and beep."""
        n = self.disk.next_n
        self.disk.next_n += 1
        kept = self.volatile if self.bug is Bug.ACK_BEFORE_DURABLE else self.disk.ops
        kept[n] = op
        if op.blob:
            self.disk.blobs[op.blob] = 0
        self.confirmed.append(n)

    def flush(self) -> None:
        self.disk.ops |= self.volatile
        self.volatile.clear()

    def crash(self) -> None:
        self.volatile.clear()
        self.taken = 0
        if self.bug is Bug.VOLATILE_CATCHUP:
            self.disk.loading = False

    # --- the wire

    def ask(self) -> Frame:
        above = max(self.disk.done, self.taken)
        ops = sorted((n, op) for n, op in self.disk.ops.items() if n > above)
        disk = self.disk
        return Frame(self.name, self.sid, disk.epoch, ops[:FRAME_OPS], dict(disk.cur))

    def adopt(self, reply: Reply, asked: Cursors) -> bool:
        """Apply a reply to a question whose cursors were `asked`; False when it is stale."""
        if isinstance(reply, Revoked):
            if reply.epoch != self.disk.epoch:
                return False
            self.taken = max(self.taken, reply.up_to)
            return True
        if isinstance(reply, Restart):
            return self._begin_anew(reply)
        moved_on = asked != self.disk.cur and self.bug is not Bug.APPLY_STALE
        if reply.epoch != self.disk.epoch or moved_on:
            return False
        self._apply(reply)
        return True

    def hear(self, push: Push) -> bool:
        """A push counts only when it continues where this device stands."""
        if self.bug is Bug.PUSH_WITHOUT_BASE:
            if push.answer.epoch != self.disk.epoch:
                return False
            held = {s: max(c, self.disk.cur.get(s, c)) for s, c in push.answer.cur.items()}
            push.answer.cur = held
            self._apply(push.answer)
            return True
        return self.adopt(push.answer, push.base)

    def _begin_anew(self, reply: Restart) -> bool:
        """Another life of the server: forget rows, keep operations, send again what it lacks."""
        disk = self.disk
        if reply.epoch <= disk.epoch:
            return False
        disk.epoch, disk.rows, disk.cur, disk.loading = reply.epoch, {}, {}, True
        disk.blobs = dict.fromkeys(disk.blobs, 0)
        self.taken = 0
        if self.bug is not Bug.FORGET_ON_EPOCH:
            disk.done = reply.last_n
        return True

    def _apply(self, answer: Answer) -> None:
        disk = self.disk
        gone = {k[0] for k in disk.rows} - set(answer.cur) | set(answer.reset)
        disk.rows = {k: body for k, body in disk.rows.items() if k[0] not in gone}
        for _, key, body in answer.rows:
            if body is None:
                disk.rows.pop(key, None)
            else:
                disk.rows[key] = body
        begun = bool(answer.reset) or any(s not in disk.cur for s in answer.cur)
        disk.loading = answer.more and (disk.loading or begun)
        disk.cur = dict(answer.cur)
        if not answer.more or self.bug is Bug.DONE_ON_MIDDLE_PAGE:
            disk.done = max(disk.done, disk.rows.get((f"d:{self.name}", "done", ""), 0))
        disk.done = max(disk.done, answer.done)
        self._forget(answer)

    def _forget(self, answer: Answer) -> None:
        for scope in answer.reset:
            self.highest.pop((self.disk.epoch, scope), None)
        self.highest = {k: pos for k, pos in self.highest.items() if k[1] in self.disk.cur}
        if self.bug is Bug.FORGET_BLOB_ON_DONE:
            needed = {op.blob for n, op in self.disk.ops.items() if n > self.disk.done}
            self.disk.blobs = {b: at for b, at in self.disk.blobs.items() if b in needed}

    def next_blob(self) -> str | None:
        """Blobs are kept after they are whole: another life of the server may lack them."""
        waiting = [sha for sha, have in self.disk.blobs.items() if have < CHUNKS]
        return waiting[0] if waiting else None
