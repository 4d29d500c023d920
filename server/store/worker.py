"""Work beside the store, again and again for as long as a node lives."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

FAILED_S = 5.0
"""What failed is not tried again sooner: a database that is away is away for everybody."""
_log = logging.getLogger(__name__)


class Worker:
    """Does `work`, looks again after `pause_s`, and goes on whatever it raised: that is logged as
    trouble of `name`. `first_s`: how long it waits before the first time. `until_idle`: it makes no
    pause while `work` says that it found something to do."""

    def __init__(
        self,
        name: str,
        work: Callable[[], Awaitable[object]],
        pause_s: float,
        *,
        first_s: float = 0.0,
        until_idle: bool = False,
    ) -> None:
        self._name, self._work = name, work
        self._pause_s, self._first_s, self._until_idle = pause_s, first_s, until_idle
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._forever(), name=self._name)

    async def stop(self) -> None:
        """At once: what was not finished is found again by whoever starts next."""
        if self._task is not None:
            await ended(self._task)

    async def _forever(self) -> None:
        pause_s = self._first_s
        while True:
            await asyncio.sleep(pause_s)
            pause_s = await self._once()

    async def _once(self) -> float:
        """The pause that follows, in seconds."""
        try:
            found = await self._work()
        except Exception:  # noqa: BLE001  whatever it is, it is logged and tried again
            _log.exception("%s: trouble, tried again later", self._name)
            return max(self._pause_s, FAILED_S)
        return 0.0 if self._until_idle and found else self._pause_s


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel `task`, and wait until it is gone."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
