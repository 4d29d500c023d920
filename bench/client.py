"""A device on the websocket, as cheap as it gets: frames are text, rows stay undecoded."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

BEAT_S = 10
Rows = list[tuple[str, str, str, int, msgspec.Raw]]


class Caller(msgspec.Struct, frozen=True):
    """Who connects, and as JSON text the operations that it will push, one list per ask."""

    device: str
    sid: str
    cookie: str
    asks: list[str] = []


class Answer(msgspec.Struct, frozen=True):
    cur: dict[str, str] = {}
    rows: Rows = []
    more: bool = False


class Message(msgspec.Struct, frozen=True):
    t: str
    id: int = 0
    status: int = 0
    base: dict[str, str] = {}
    answer: Answer = Answer()


_message = msgspec.json.Decoder(Message)


class Client:
    """Keeps cursors as a handheld does: a push that does not continue them makes it ask."""

    def __init__(
        self, port: int, epoch: str, caller: Caller, heard: Callable[[Rows], None] | None = None
    ) -> None:
        self._port, self._epoch, self._caller, self._heard = port, epoch, caller, heard
        self._cur: dict[str, str] = {}
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._asked = 0
        self._tasks: list[asyncio.Task[Any]] = []
        self.failures: list[str] = []
        self.discarded = 0

    async def connect(self) -> None:
        """Connect, and hold everything that it may see."""
        self._socket: ClientConnection = await connect(
            f"ws://localhost:{self._port}/sync",
            additional_headers={"cookie": self._caller.cookie},
            origin=f"http://localhost:{self._port}",  # type: ignore[arg-type]
            max_size=None,
        )
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._beat())]
        await self.ask("[]")

    async def ask(self, ops: str) -> Rows:
        """Returns when the answer is here, with all its pages."""
        answer = await self._ask(ops)
        rows = answer.rows
        while answer.more:
            answer = await self._ask("[]")
            rows = rows + answer.rows
        return rows

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    async def _ask(self, ops: str) -> Answer:
        self._asked += 1
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[self._asked] = answer
        caller, cur = self._caller, msgspec.json.encode(self._cur).decode()
        now = time.time_ns() // 1_000_000
        await self._socket.send(
            f'{{"t":"ask","id":{self._asked},"frame":{{"p":1,"dev":"{caller.device}",'
            f'"sid":"{caller.sid}","epoch":"{self._epoch}","now":{now},"cur":{cur},"ops":{ops}}}}}'
        )
        return await answer

    async def _listen(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in self._socket:
                message = _message.decode(text)
                if message.t == "answer":
                    self._answered(message, text)
                elif message.t == "push" and not self._waiting:
                    await self._pushed(message)
        for answer in self._waiting.values():
            answer.set_exception(ConnectionError(f"closed: {self._socket.close_reason}"))

    def _answered(self, message: Message, text: str | bytes) -> None:
        if message.status != 200:
            self.failures.append(str(text)[:300])
        self._cur = message.answer.cur
        self._waiting.pop(message.id).set_result(message.answer)

    async def _pushed(self, message: Message) -> None:
        if message.base != self._cur:
            self.discarded += 1
            self._tasks.append(asyncio.create_task(self.ask("[]")))
            return
        self._cur = message.answer.cur
        if self._heard:
            self._heard(message.answer.rows)

    async def _beat(self) -> None:
        while True:
            await self._socket.send('{"t":"beat","unsent":0,"oldest":null,"battery":0.8}')
            await asyncio.sleep(BEAT_S)
