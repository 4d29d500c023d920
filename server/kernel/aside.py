"""Work that may hang, in a thread that nobody waits for at the end: it may never come back."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T], name: str) -> Future[T]:
    """`name`: of the thread. Whoever stops waiting leaves it to itself."""
    made: Future[T] = Future()
    made.set_running_or_notify_cancel()  # from here on nobody can take the question back

    def run() -> None:
        try:
            made.set_result(work())
        except BaseException as error:  # noqa: BLE001  told to whoever waits, if anybody does
            made.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return made
