"""Pickers and boards on 200 sockets: `python -m bench.board_load`, told by JSON on standard input.

Every pick is timed from its sending to each board that hears of it. All clocks are one process's.
"""

import asyncio
import random
import sys
import time

import msgspec

from bench.client import Caller, Client, Rows


class Plan(msgspec.Struct):
    """`picks`: per picker, the task of each of its asks."""

    port: int
    epoch: str
    seconds: float
    pickers: list[Caller]
    boards: list[Caller]
    picks: list[list[str]]


class Seen(msgspec.Struct):
    """`waits`: s from a pick's sending to a board, for every pick and board; `late`: s by which
    this process itself was behind when it woke up."""

    seconds: float
    waits: list[float]
    late: list[float]
    picks: int
    unseen: int
    discarded: int
    failures: list[str]


class Task(msgspec.Struct):
    id: str
    done: int


class Board:
    """What one board has not seen yet; a newer state of the task shows older picks too."""

    def __init__(self, sent: dict[str, list[float]]) -> None:
        self._sent = sent
        self._shown: dict[str, int] = {}
        self.waits: list[float] = []

    def heard(self, rows: Rows) -> None:
        now = time.perf_counter()
        for _, kind, _, _, body in rows:
            if kind == "task":
                task = msgspec.json.decode(body, type=Task)
                before = self._shown.get(task.id, 0)
                self.waits += [now - at for at in self._sent[task.id][before : task.done]]
                self._shown[task.id] = max(before, task.done)

    def unseen(self) -> int:
        return sum(len(sent) - self._shown.get(task, 0) for task, sent in self._sent.items())


async def _pick(
    client: Client,
    asks: list[str],
    picks: list[str],
    sent: dict[str, list[float]],
    seconds: float,
) -> None:
    """All picks, at random moments of the whole time, as people do."""
    start = time.perf_counter()
    chance = random.Random(asks[0])
    moments = sorted(chance.uniform(0, seconds) for _ in asks)
    for at, ops, task in zip(moments, asks, picks, strict=True):
        await asyncio.sleep(max(0, start + at - time.perf_counter()))
        sent[task].append(time.perf_counter())
        await client.ask(ops)


async def _lateness(late: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - before - 0.01)


async def run(plan: Plan) -> Seen:
    sent: dict[str, list[float]] = {task: [] for some in plan.picks for task in some}
    boards = [Board(sent) for _ in plan.boards]
    pickers = [Client(plan.port, plan.epoch, caller) for caller in plan.pickers]
    watching = [
        Client(plan.port, plan.epoch, caller, board.heard)
        for caller, board in zip(plan.boards, boards, strict=True)
    ]
    everybody = [*pickers, *watching]
    for client in everybody:
        await client.connect()
    await asyncio.sleep(2)  # what the arrivals stirred up is not what is measured
    late: list[float] = []
    watch = asyncio.create_task(_lateness(late))
    started = time.perf_counter()
    await asyncio.gather(
        *(
            _pick(client, caller.asks, picks, sent, plan.seconds)
            for client, caller, picks in zip(pickers, plan.pickers, plan.picks, strict=True)
        )
    )
    seconds = time.perf_counter() - started
    await asyncio.sleep(1)
    watch.cancel()
    seen = Seen(
        seconds=seconds,
        waits=[w for board in boards for w in board.waits],
        late=late,
        picks=sum(len(times) for times in sent.values()),
        unseen=sum(board.unseen() for board in boards),
        discarded=sum(c.discarded for c in everybody),
        failures=[f for c in everybody for f in c.failures],
    )
    await asyncio.gather(*(c.close() for c in everybody))
    return seen


if __name__ == "__main__":
    found = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)))
    sys.stdout.buffer.write(msgspec.json.encode(found))
