"""Who may catch up now: when a fleet comes back at once, a few at a time, so that those who are
here already do not wait behind it.

Without this, two thousand catch-ups stand in the readers' queue in front of every live scan, and
all of their answers in memory at once.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.kernel.errors import Unavailable

AT_ONCE = 4
PATIENCE_S = 8.0
"""Then `busy`, and the device comes back later: it gives up a question after 20 s itself."""


class Admission:
    """The doors of one node. Used on the event loop only."""

    def __init__(self, at_once: int = AT_ONCE, patience_s: float = PATIENCE_S) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._patience_s = patience_s

    @asynccontextmanager
    async def catching_up(self) -> AsyncIterator[None]:
        """First come, first served. Raises Unavailable to who has waited too long."""
        try:
            async with asyncio.timeout(self._patience_s):
                await self._free.acquire()
        except TimeoutError as late:
            raise Unavailable("too many devices are catching up") from late
        try:
            yield
        finally:
            self._free.release()
