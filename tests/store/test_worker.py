"""A worker goes on, whatever its work raises; and stops at once."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from server.store import worker as working
from server.store.worker import Worker

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Work:
    """Done a number of times, each as the test says: raises, or tells what it found."""

    def __init__(self, *found: Any) -> None:
        self.found, self.times = list(found), 0
        self.enough = asyncio.Event()

    async def __call__(self) -> Any:
        self.times += 1
        if not self.found:
            self.enough.set()
            return None
        one = self.found.pop(0)
        if isinstance(one, Exception):
            raise one
        return one


class Pauses:
    """Stands in for the loop's sleep: what was slept for, without its time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await _sleep(0)


_sleep = asyncio.sleep


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    stand_in = Pauses()
    monkeypatch.setattr(asyncio, "sleep", stand_in)
    return stand_in


@pytest.fixture
async def run() -> AsyncIterator[Callable[[Worker], Awaitable[None]]]:
    """Starts a worker that the test need not stop."""
    started: list[Worker] = []

    async def start(worker: Worker) -> None:
        worker.start()
        started.append(worker)

    yield start
    for worker in started:
        await worker.stop()


async def settled(work: Work) -> None:
    await asyncio.wait_for(work.enough.wait(), 5)


async def test_it_looks_again_after_its_pause(pauses: Pauses, run: Any) -> None:
    work = Work(3, None)
    await run(Worker("labels", work, 0.5, first_s=7))
    await settled(work)
    assert pauses.seconds[:3] == [7, 0.5, 0.5]


async def test_until_idle_it_makes_no_pause_while_there_is_something(
    pauses: Pauses, run: Any
) -> None:
    work = Work(True, 2, 0, True)
    await run(Worker("notices", work, 0.5, until_idle=True))
    await settled(work)
    assert pauses.seconds[:5] == [0, 0, 0, 0.5, 0]


async def test_what_its_work_raises_is_logged_and_it_goes_on_after_a_longer_pause(
    pauses: Pauses, run: Any, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(RuntimeError("no such table"), RuntimeError("still none"), True)
    with caplog.at_level(logging.ERROR):
        await run(Worker("labels", work, 0.5))
        await settled(work)
    assert pauses.seconds[1:4] == [working.FAILED_S, working.FAILED_S, 0.5]
    assert [r.message for r in caplog.records] == ["labels: trouble, tried again later"] * 2
    assert "no such table" in caplog.text


async def test_who_pauses_for_long_pauses_no_longer_for_trouble(pauses: Pauses, run: Any) -> None:
    work = Work(RuntimeError("x"))
    await run(Worker("books", work, 600))
    await settled(work)
    assert pauses.seconds[1] == 600


async def test_sabotaged_a_worker_that_lets_trouble_through_never_comes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def through(self: Worker) -> float:
        await self._work()
        return self._pause_s

    monkeypatch.setattr(Worker, "_once", through)
    work = Work(RuntimeError("x"))
    worker = Worker("labels", work, 0)
    worker.start()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(work.enough.wait(), 0.2)
    with pytest.raises(RuntimeError):
        await worker.stop()
    assert work.times == 1


@pytest.mark.parametrize("first_s", [0, 60])
async def test_it_stops_at_once_at_work_and_while_it_waits(first_s: float) -> None:
    begun, ended_by = asyncio.Event(), list[str]()

    async def endless() -> None:
        begun.set()
        try:
            await _sleep(60)
        except asyncio.CancelledError:
            ended_by.append("stop")
            raise

    worker = Worker("labels", endless, 60, first_s=first_s)
    worker.start()
    if not first_s:
        await asyncio.wait_for(begun.wait(), 5)
    before = time.monotonic()
    await worker.stop()
    assert time.monotonic() - before < 1
    assert ended_by == ([] if first_s else ["stop"])
    await worker.stop()


async def test_one_that_was_never_started_stops() -> None:
    await Worker("labels", Work(), 1).stop()
