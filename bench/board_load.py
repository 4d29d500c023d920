"""Pickers, boards and a supervisor on 500 sockets: `python -m bench.board_load`, told by JSON on
standard input.

Every pick is timed from its sending to each board that hears of it. All clocks are one process's.
"""

import asyncio
import random
import sys
import time

import msgspec

from bench.client import Caller, Client, Rows


class Plan(msgspec.Struct):
    """`picks`: per picker, the task of each of its asks; `moves`: of each of the chief's, the task
    and the lease that it is then."""

    port: int
    epoch: str
    seconds: float
    pickers: list[Caller]
    boards: list[Caller]
    picks: list[list[str]]
    chief: Caller
    moves: list[tuple[str, int]]


class Seen(msgspec.Struct):
    """`waits`: s from a pick's sending to a board, for every pick and board; `moves`: from a
    supervisor's to the handheld of whoever has the task then; `late`: s by which
    this process itself was behind when it woke up."""

    seconds: float
    waits: list[float]
    moves: list[float]
    late: list[float]
    picks: int
    unseen: int
    discarded: int
    failures: list[str]


class Task(msgspec.Struct):
    id: str
    done: int
    epoch: int


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
                if task.id not in self._sent:  # one that is only moved
                    continue
                before = self._shown.get(task.id, 0)
                self.waits += [now - at for at in self._sent[task.id][before : task.done]]
                self._shown[task.id] = max(before, task.done)

    def unseen(self) -> int:
        return sum(len(sent) - self._shown.get(task, 0) for task, sent in self._sent.items())


class Hands:
    """What came into a picker's hands: each lease of a task is somebody's once."""

    def __init__(self, given: dict[tuple[str, int], float]) -> None:
        self._given = given
        self.waits: list[float] = []

    def heard(self, rows: Rows) -> None:
        now = time.perf_counter()
        for scope, kind, _, _, body in rows:
            if kind == "task" and scope.startswith("u:") and bytes(body) != b"null":
                task = msgspec.json.decode(body, type=Task)
                if (at := self._given.pop((task.id, task.epoch), None)) is not None:
                    self.waits.append(now - at)


async def _pick(
    client: Client,
    asks: list[str],
    picks: list[str],
    sent: dict[str, list[float]],
    hands: Hands,
    seconds: float,
) -> None:
    """All picks, at random moments of the whole time, as people do."""
    start = time.perf_counter()
    chance = random.Random(asks[0])
    moments = sorted(chance.uniform(0, seconds) for _ in asks)
    for at, ops, task in zip(moments, asks, picks, strict=True):
        await asyncio.sleep(max(0, start + at - time.perf_counter()))
        sent[task].append(time.perf_counter())
        hands.heard(await client.ask(ops))


async def _move(client: Client, plan: Plan, given: dict[tuple[str, int], float]) -> None:
    """One after the other, evenly over the whole time."""
    start = time.perf_counter()
    for i, (ops, lease) in enumerate(zip(plan.chief.asks, plan.moves, strict=True)):
        at = start + plan.seconds * i / len(plan.moves)
        await asyncio.sleep(max(0, at - time.perf_counter()))
        given[lease] = time.perf_counter()
        await client.ask(ops)


async def _lateness(late: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - before - 0.01)


async def run(plan: Plan) -> Seen:
    sent: dict[str, list[float]] = {task: [] for some in plan.picks for task in some}
    boards = [Board(sent) for _ in plan.boards]
    given: dict[tuple[str, int], float] = {}
    hands = [Hands(given) for _ in plan.pickers]
    pickers = [
        Client(plan.port, plan.epoch, caller, hand.heard)
        for caller, hand in zip(plan.pickers, hands, strict=True)
    ]
    chief = Client(plan.port, plan.epoch, plan.chief)
    watching = [
        Client(plan.port, plan.epoch, caller, board.heard)
        for caller, board in zip(plan.boards, boards, strict=True)
    ]
    everybody = [*pickers, *watching, chief]
    for client in everybody:
        await client.connect()
    await asyncio.sleep(2)  # what the arrivals stirred up is not what is measured
    late: list[float] = []
    watch = asyncio.create_task(_lateness(late))
    started = time.perf_counter()
    await asyncio.gather(
        *(
            _pick(client, caller.asks, picks, sent, hand, plan.seconds)
            for client, caller, picks, hand in zip(
                pickers, plan.pickers, plan.picks, hands, strict=True
            )
        ),
        _move(chief, plan, given),
    )
    seconds = time.perf_counter() - started
    await asyncio.sleep(1)
    watch.cancel()
    seen = Seen(
        seconds=seconds,
        waits=[w for board in boards for w in board.waits],
        moves=[w for hand in hands for w in hand.waits],
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
