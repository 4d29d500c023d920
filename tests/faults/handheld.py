"""One handheld on the wire: keeps a socket to a node, asks, takes pushes, and does its work."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from server.kernel.wire import Answer, Frame, Restart
from tests.sync.engine.fleet import lead, work
from tests.sync.engine.twin import Twin

ANSWER_S = 10.0
LOST = (OSError, TimeoutError, WebSocketException)


class Node(Protocol):
    """A server in a process of its own."""

    @property
    def base(self) -> str: ...


class Message(msgspec.Struct, frozen=True):
    t: str
    id: int = 0
    status: int = 0
    base: dict[str, str] = {}
    answer: msgspec.Raw = msgspec.Raw(b"null")


class Told(msgspec.Struct, frozen=True):
    """An answer as it travels, a push too (which never resets a scope)."""

    epoch: str
    now: int
    rows: list[tuple[str, str, str, int, msgspec.Raw]] = []
    cur: dict[str, str] = {}
    reset: list[str] = []
    more: bool = False
    restart: bool = False
    last_n: int = 0


_message = msgspec.json.Decoder(Message)


@dataclass
class OnTheWire:
    """`people`: to whom it gives work, if it is a supervisor's. `step_s`: between two looks at
    the handheld, on average. `took`: ms from tap to answer."""

    twin: Twin
    cookie: str
    nodes: Sequence[Node]
    chance: random.Random
    people: Sequence[str] = ()
    step_s: float = 2.5
    took: list[float] = field(default_factory=list)
    refused: int = 0
    discarded: int = 0
    over: bool = False
    socket: ClientConnection | None = None
    _asked: int = 0
    _tapped: dict[int, float] = field(default_factory=dict)
    _stale: bool = False

    async def work(self) -> None:
        """Until `over`; a lost connection is another one, to whichever node."""
        while not self.over:
            with contextlib.suppress(*LOST):
                async with self._connect() as self.socket:
                    await self._talk(self.socket)
            await asyncio.sleep(self.chance.uniform(0.1, 1.0))

    async def hand_over(self) -> None:
        """Everything said is answered and everything to be seen is seen."""
        self.over = True
        while True:
            with contextlib.suppress(*LOST):
                async with self._connect() as socket:
                    while await self._ask(socket):
                        pass
                    return
            await asyncio.sleep(0.2)

    def tear(self) -> None:
        """The radio is gone, with nothing said to anybody."""
        if self.socket is not None:
            self.socket.transport.abort()

    def _connect(self) -> connect:
        node = self.chance.choice(self.nodes)
        return connect(
            node.base.replace("http", "ws") + "/sync",
            additional_headers={"cookie": self.cookie},
            origin=Origin(node.base),
            compression=None,
            max_size=None,
            ping_interval=None,
        )

    async def _talk(self, socket: ClientConnection) -> None:
        while await self._ask(socket):
            pass
        while not self.over:
            self._work()
            if self.twin.unsent:
                await self._ask(socket)
            await self._listen(socket, self.step_s * self.chance.uniform(0.4, 1.6))
            await socket.send('{"t":"beat","unsent":0,"oldest":null,"battery":null}')

    def _work(self) -> None:
        before = len(self.twin.ops)
        if self.people:
            lead(self.twin, self.chance, self.people)
        else:
            work(self.twin, self.chance)
        self._tapped |= {e.n: time.monotonic() for e in self.twin.ops[before:]}

    async def _ask(self, socket: ClientConnection) -> bool:
        """True while there is more to ask for."""
        self._asked += 1
        frame = self.twin.frame()
        await socket.send(
            msgspec.json.encode({"t": "ask", "id": self._asked, "frame": frame}).decode()
        )
        async with asyncio.timeout(ANSWER_S):
            while True:
                message = _message.decode(await socket.recv())
                if message.t == "answer" and message.id == self._asked:
                    return await self._answered(frame, message)
                self._pushed(message)

    async def _answered(self, frame: Frame, message: Message) -> bool:
        if message.status != 200:
            self.refused += 1
            await asyncio.sleep(0.5)
            return True
        answer = _answer(message.answer)
        self.twin.adopt(frame, answer)
        now = time.monotonic()
        for n in [n for n in self._tapped if n <= self.twin.done]:
            self.took.append((now - self._tapped.pop(n)) * 1000)
        return isinstance(answer, Restart) or answer.more or bool(self.twin.unsent)

    async def _listen(self, socket: ClientConnection, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._pushed(_message.decode(await socket.recv())):
                    pass
        if self._stale:
            self._stale = False
            while await self._ask(socket):
                pass

    def _pushed(self, message: Message) -> bool:
        """False when it does not continue what is held: ask instead."""
        if message.t == "push" and message.base == self.twin.cur:
            self.twin.adopt(self.twin.frame(), _answer(message.answer))
        elif message.t in ("push", "pull"):
            self._stale = True
            self.discarded += 1
        return not self._stale


def _answer(raw: msgspec.Raw) -> Answer | Restart:
    told = msgspec.json.decode(raw, type=Told)
    if told.restart:
        return Restart(epoch=told.epoch, last_n=told.last_n, now=told.now)
    rows = [(*row[:4], None if bytes(row[4]) == b"null" else row[4]) for row in told.rows]
    return Answer(
        epoch=told.epoch,
        now=told.now,
        rows=rows,
        cur=told.cur,
        reset=told.reset,
        more=told.more,
    )
