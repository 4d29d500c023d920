"""Devices that push: `python -m bench.push_load`, told by JSON on its standard input.

One process, one asyncio loop, frames made beforehand: it takes little of the machine that it
shares with the server. Prints what it saw as JSON.
"""

import asyncio
import sys
import time

import msgspec
from websockets.asyncio.client import ClientConnection, connect


class Sender(msgspec.Struct):
    """`asks`: frames as JSON text without their cursor."""

    device: str
    sid: str
    cookie: str
    asks: list[str]


class Plan(msgspec.Struct):
    port: int
    epoch: str
    senders: list[Sender]


class Seen(msgspec.Struct):
    """`seconds` from the first push to the last answer; `waits`: of each push, in seconds."""

    seconds: float
    waits: list[float]
    failures: list[str]


class Cursors(msgspec.Struct, frozen=True):
    cur: dict[str, str] = {}
    more: bool = False


class Message(msgspec.Struct):
    t: str
    id: int = 0
    status: int = 0
    base: dict[str, str] = {}
    answer: Cursors = Cursors()


class Pusher:
    def __init__(self, plan: Plan, sender: Sender) -> None:
        self._plan, self._sender = plan, sender
        self._cur: dict[str, str] = {}
        self._asked = 0
        self.waits: list[float] = []
        self.failures: list[str] = []

    async def connect(self) -> None:
        origin = f"http://localhost:{self._plan.port}"
        self._socket: ClientConnection = await connect(
            f"ws://localhost:{self._plan.port}/sync",
            additional_headers={"cookie": self._sender.cookie},
            origin=origin,  # type: ignore[arg-type]
            compression=None,
            max_size=None,
        )
        while (await self._ask("[]")).more:
            pass

    async def push(self) -> None:
        for ops in self._sender.asks:
            started = time.perf_counter()
            answer = await self._ask(ops)
            while answer.more:
                answer = await self._ask("[]")
            self.waits.append(time.perf_counter() - started)

    async def close(self) -> None:
        await self._socket.close()

    async def _ask(self, ops: str) -> Cursors:
        self._asked += 1
        s, cur = self._sender, msgspec.json.encode(self._cur).decode()
        now = time.time_ns() // 1_000_000
        await self._socket.send(
            f'{{"t":"ask","id":{self._asked},"frame":{{"p":1,"dev":"{s.device}","sid":"{s.sid}",'
            f'"epoch":"{self._plan.epoch}","now":{now},"cur":{cur},"ops":{ops}}}}}'
        )
        while True:
            text = await self._socket.recv()
            message = msgspec.json.decode(text, type=Message)
            if message.t == "push" and message.base == self._cur:
                self._cur = message.answer.cur
            elif message.t == "answer":
                if message.status != 200:
                    self.failures.append(str(text)[:300])
                self._cur = message.answer.cur
                return message.answer


async def run(plan: Plan) -> Seen:
    pushers = [Pusher(plan, sender) for sender in plan.senders]
    await asyncio.gather(*(p.connect() for p in pushers))
    started = time.perf_counter()
    await asyncio.gather(*(p.push() for p in pushers))
    seconds = time.perf_counter() - started
    await asyncio.gather(*(p.close() for p in pushers))
    return Seen(
        seconds, [w for p in pushers for w in p.waits], [f for p in pushers for f in p.failures]
    )


if __name__ == "__main__":
    seen = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(seen))
