"""Arithmetic that takes seconds, in a process of its own: in the server's it would hold every
answer up."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Aside:
    """Processes that are started with the first work and die with the server, however it dies."""

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    async def run(self, work: Callable[[A], R], ask: A) -> R:
        """`work(ask)`; `work` is a module's function, both travel by pickle. A process that was
        killed (by a full memory, say) is replaced, and the work is done once more."""
        try:
            return await self._run(work, ask)
        except BrokenProcessPool:
            self._pool = None
            return await self._run(work, ask)

    async def _run(self, work: Callable[[A], R], ask: A) -> R:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=get_context("spawn"), initializer=_die_with_the_server
            )
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, ask)

    def stop(self) -> None:
        """At once, whatever is under way."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001  shutdown would wait for it
                process.terminate()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _die_with_the_server() -> None:
    """Killed, the server closes nothing: its processes would wait for work for ever."""
    threading.Thread(target=_wait_for_its_end, daemon=True).start()


def _wait_for_its_end() -> None:
    server = parent_process()
    if server is not None:
        server.join()
        os._exit(0)
