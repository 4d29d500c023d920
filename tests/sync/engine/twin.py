"""A handheld's sync core in Python, on the real exchange: keeps operations, rows and cursors.

What it holds is checked at every answer, by the names of the invariants (I7, I8, I9, I10).
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.kernel.feeds import device_scope
from server.kernel.ops import Envelope, Op
from server.kernel.wire import Answer, Frame, Restart
from server.store.feed import Cursor
from server.store.store import Store
from server.sync.exchange import exchange
from tests.floor_site import Handheld

FRAME_OPS = 6
Key = tuple[str, str, str]


@dataclass
class Twin:
    handheld: Handheld
    sid: str = ""
    epoch: str = ""
    cur: dict[str, str] = field(default_factory=dict)
    rows: dict[Key, Any] = field(default_factory=dict)
    done: int = 0
    loading: bool = False
    read: set[int] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    """Lines that somebody has opened again; one set for the whole fleet."""

    def __post_init__(self) -> None:
        self.sid = self.sid or f"sid-{self.id}"

    @property
    def id(self) -> str:
        return self.handheld.id

    @property
    def ops(self) -> list[Envelope]:
        return self.handheld.sent

    @property
    def unsent(self) -> list[Envelope]:
        return [e for e in self.ops if e.n > self.done]

    def say(self, name: str, op: Op | dict[str, Any]) -> Envelope:
        """On disk from here on; it travels whenever it can."""
        e = msgspec.structs.replace(self.handheld.envelope(name, op), sid=self.sid)
        self.ops[-1] = e
        return e

    def frame(self) -> Frame:
        return Frame(
            dev=self.id,
            sid=self.sid,
            epoch=self.epoch,
            now=self.handheld.store.clock(),
            cur=dict(self.cur),
            ops=self.unsent[:FRAME_OPS],
        )

    async def ask(self, store: Store) -> bool:
        """One whole exchange; True while there is more to do."""
        frame = self.frame()
        answer, _ = await exchange(store, self.id, frame)
        self.adopt(frame, answer)
        return isinstance(answer, Restart) or answer.more or bool(self.unsent)

    def adopt(self, frame: Frame, answer: Answer | Restart) -> None:
        """A late answer, to a question asked from elsewhere, is ignored."""
        if isinstance(answer, Restart):
            if answer.epoch > self.epoch:
                self.epoch, self.rows, self.cur = answer.epoch, {}, {}
                self.done, self.loading = answer.last_n, True
            return
        if dict(frame.cur) == self.cur and self.epoch in ("", answer.epoch):
            self._apply(answer)
            self._check(answer)

    def _apply(self, answer: Answer) -> None:
        for scope, cursor in answer.cur.items():
            if scope in self.cur and scope not in answer.reset:
                before, after = Cursor.parse(self.cur[scope]), Cursor.parse(cursor)
                assert after.pos >= before.pos, f"I7 {self.id}: {scope} went back"
        gone = {k[0] for k in self.rows} - set(answer.cur) | set(answer.reset)
        self.rows = {k: body for k, body in self.rows.items() if k[0] not in gone}
        for scope, kind, key, _, body in answer.rows:
            if body is None:
                self.rows.pop((scope, kind, key), None)
            else:
                self.rows[scope, kind, key] = msgspec.json.decode(bytes(body))
        begun = bool(answer.reset) or any(s not in self.cur for s in answer.cur)
        self.loading = answer.more and (self.loading or begun)
        self.epoch, self.cur = answer.epoch, dict(answer.cur)
        if not answer.more:
            self.done = max(self.done, self.rows.get((device_scope(self.id), "done", ""), 0))

    def _check(self, answer: Answer) -> None:
        assert {k[0] for k in self.rows} <= set(answer.cur), f"I10 {self.id}"
        if self.loading:
            return
        told = {int(k[2]) for k in self.rows if k[1] == "result"}
        lines = {k[2]: body for k, body in self.rows.items() if k[1] == "line"}
        for e in self.ops[: self.done]:
            if e.k == "picking.confirm_pick" and e.n not in told | self.read:
                key = f"{e.body['task']}/{e.body['line']}"
                line = None if key in self.undone else lines.get(key)
                assert line is None or line["state"] != "open", f"I8 {self.id} {e.n}"

    def of(self, kind: str) -> list[Any]:
        return [body for (_, k, _), body in self.rows.items() if k == kind]


def fresh(twin: Twin) -> Twin:
    """The same device and person with an empty disk: what a snapshot shows."""
    other = object.__new__(Handheld)
    other.__dict__ |= twin.handheld.__dict__ | {"sent": []}
    made = Twin(other, twin.sid, twin.epoch)
    made.done = twin.done
    return made
