"""Reading beside the event loop: a few threads, each with a connection that cannot write.

A thread hop costs more than most statements do, so a job asks everything it needs in one hop. An
asynchronous driver hops for every statement, and again to fetch and to close: it serves what is one
statement (`Store.rows`), and this what is several, on the exchange's path above all.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import sqlalchemy as sa

from server.store import engines

T = TypeVar("T")
THREADS = 4


class Readers:
    """Opens nothing before the first read."""

    def __init__(self, url: str) -> None:
        self._engine = engines.reader_engine(url, THREADS)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reader")

    async def run(self, job: Callable[[sa.Connection], T]) -> T:
        """Every statement of `job` sees one snapshot, two of them may see two."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, job)

    def _read(self, job: Callable[[sa.Connection], T]) -> T:
        with self._engine.connect() as conn:
            return job(conn)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()
