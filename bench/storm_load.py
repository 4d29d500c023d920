"""A fleet that comes back at once: `python -m bench.storm_load`, told by JSON on standard input.

Nobody waits a random moment first, as handhelds do: this is the worst case. Each opens its socket,
catches up by gzipped POST, and asks on the socket to be told of what is new from there.
"""

import asyncio
import gzip
import sys
import time

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from bench.client import BEAT_S
from bench.http import post
from bench.limits import raise_open_files


class Comer(msgspec.Struct, frozen=True):
    device: str
    sid: str
    cookie: str
    cur: dict[str, str]


class Plan(msgspec.Struct):
    port: int
    epoch: str
    rows: int
    comers: list[Comer]


class Seen(msgspec.Struct):
    """`took`: seconds of each from the common start until it has everything."""

    took: list[float]
    refused: int
    bytes: int
    failures: list[str]


class Answer(msgspec.Struct):
    cur: dict[str, str]
    rows: list[msgspec.Raw]
    more: bool = False


class Message(msgspec.Struct):
    t: str
    status: int = 0
    answer: Answer | None = None


_answer = msgspec.json.Decoder(Answer)
_message = msgspec.json.Decoder(Message)


class Fleet:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.seen = Seen([], 0, 0, [])
        self._all_here = asyncio.Event()

    async def come_back(self) -> None:
        started = time.perf_counter()
        coming = (self._come(comer, started) for comer in self._plan.comers)
        await asyncio.gather(*coming)

    async def _come(self, comer: Comer, started: float) -> None:
        try:
            await self._catch_up(comer, started)
        except Exception as error:  # noqa: BLE001  counted and shown
            self.seen.failures.append(f"{type(error).__name__}: {error}")
            self._see_whether_all_are_here()

    async def _catch_up(self, comer: Comer, started: float) -> None:
        port = self._plan.port
        async with connect(
            f"ws://localhost:{port}/sync",
            additional_headers={"cookie": comer.cookie},
            origin=f"http://localhost:{port}",  # type: ignore[arg-type]
            open_timeout=60,
            max_size=None,
            compression=None,
        ) as socket:
            beating = asyncio.create_task(_beat(socket))
            cur, rows = await self._post(comer)
            frame = self._frame(comer, cur)
            await socket.send(b'{"t":"ask","id":1,"frame":' + frame + b"}", text=True)
            async for text in socket:
                message = _message.decode(text)
                if message.answer and message.t == "answer":
                    rows += len(message.answer.rows)
                    break
                if message.t == "answer":
                    self.seen.refused += 1
                    await socket.send(b'{"t":"ask","id":1,"frame":' + frame + b"}", text=True)
            if rows < self._plan.rows:
                self.seen.failures.append(f"{comer.device} has {rows} rows")
            self.seen.took.append(time.perf_counter() - started)
            await self._hold()
            beating.cancel()

    async def _hold(self) -> None:
        """Until everybody has arrived: nobody makes room by leaving."""
        self._see_whether_all_are_here()
        await self._all_here.wait()

    def _see_whether_all_are_here(self) -> None:
        if len(self.seen.took) + len(self.seen.failures) >= len(self._plan.comers):
            self._all_here.set()

    async def _post(self, comer: Comer) -> tuple[dict[str, str], int]:
        cur, rows, more = comer.cur, 0, True
        while more:
            status, body = await post(self._plan.port, comer.cookie, self._frame(comer, cur))
            if status == 503:
                self.seen.refused += 1
                await asyncio.sleep(1)
                continue
            if status != 200:
                raise RuntimeError(f"{status} {body[:200]!r}")
            self.seen.bytes += len(body)
            answer = _answer.decode(gzip.decompress(body))
            cur, more = answer.cur, answer.more
            rows += len(answer.rows)
        return cur, rows

    def _frame(self, comer: Comer, cur: dict[str, str]) -> bytes:
        now = time.time_ns() // 1_000_000
        frame = {"p": 1, "dev": comer.device, "sid": comer.sid, "epoch": self._plan.epoch}
        return msgspec.json.encode(frame | {"now": now, "cur": cur, "ops": []})


async def _beat(socket: ClientConnection) -> None:
    while True:
        await socket.send(b'{"t":"beat"}', text=True)
        await asyncio.sleep(BEAT_S)


async def run(plan: Plan) -> Seen:
    fleet = Fleet(plan)
    await fleet.come_back()
    return fleet.seen


if __name__ == "__main__":
    raise_open_files()
    found = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(found))
