"""The writer: collects jobs of many devices and commits them together (group commit).

One thread per node, and one commit at a time per database. Next to no job fails, so a few share
their fate without a savepoint; if one fails on its own account they are run again with one each
(docs/adr/0011). Then it is rolled back to its savepoint and told. Trouble of the infrastructure
undoes the whole group and counts for nothing.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from server.kernel.errors import Unavailable
from server.kernel.ops import Signer
from server.store.prepared import INFRASTRUCTURE
from server.store.tx import RunAgain, Tx, Undo, Written

T = TypeVar("T")
GROUP = 64
"""Jobs in one commit at most; with pushes of 50 operations that bounds a commit's length."""
ONE_FATE = 8
"""So many jobs do without savepoints: more would lose too much by being run again."""
FEED_SOFT_LIMIT = 400
RETRIES = 4

_Entry = tuple[Callable[[Tx], Any], "Future[Any]"]
_Told = tuple["Future[Any]", Any, BaseException | None]


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Writer:
    """`run(job)` gives a future that is done only when the commit that holds it is on disk."""

    def __init__(
        self,
        engine: sa.Engine,
        clock: Callable[[], int] = now_ms,
        after_commit: Callable[[list[Written]], None] | None = None,
        signer: Callable[[], Signer] | None = None,
    ) -> None:
        self._engine = engine
        self._signer = signer
        self._clock = clock
        self._after_commit = after_commit
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[Tx], T]) -> "Future[T]":
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # whoever stops waiting does not stop the commit
        self._queue.put((job, future))
        return future

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _loop(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            self._commit([first])

    def _join(self, group: list[_Entry]) -> None:
        """What came while the write lock was waited for goes with this commit."""
        while len(group) < GROUP:
            try:
                entry = self._queue.get_nowait()
            except queue.Empty:
                break
            if entry is None:
                self._queue.put(None)
                break
            group.append(entry)

    def _commit(self, group: list[_Entry]) -> None:
        while group:
            group = self._commit_some(group)

    def _commit_some(self, group: list[_Entry], *, alone: bool = False) -> list[_Entry]:
        """Commit a prefix of the group; returns what is left for the next commit."""
        undo = Undo.ALL
        for attempt in range(RETRIES):
            try:
                told, written = self._transaction(group, alone, undo)
            except RunAgain:
                undo = Undo.JOB
                continue
            except INFRASTRUCTURE as trouble:
                if _worth_another_try(trouble) and attempt + 1 < RETRIES:
                    time.sleep(0.01 * 2**attempt)
                    continue
                return _fail(group, Unavailable(str(trouble.orig)))
            except Exception as trouble:  # noqa: BLE001  making rows failed: find whose fault, one by one
                return self._one_by_one(group) if len(group) > 1 else _fail(group, trouble)
            try:  # the bell first: whoever is answered finds the site's tail as new as the answer
                if self._after_commit is not None:
                    self._after_commit(written)
            finally:
                for future, result, error in told:
                    _tell(future, result, error)
            return group[len(told) :]
        return _fail(group, Unavailable("gave up after conflicts"))

    def _one_by_one(self, group: list[_Entry]) -> list[_Entry]:
        for entry in group:
            self._commit_some([entry], alone=True)
        return []

    def _transaction(
        self, group: list[_Entry], alone: bool, undo: Undo
    ) -> tuple[list[_Told], list[Written]]:
        told: list[_Told] = []
        with self._engine.begin() as conn:
            if not alone:
                self._join(group)
            if len(group) > ONE_FATE:
                undo = Undo.JOB
            tx = Tx(conn, self._clock(), self._signer)
            for job, future in group:
                result, error = _run_one(tx, job, undo)
                told.append((future, result, error))
                if len(tx.feed) > FEED_SOFT_LIMIT:
                    break
            tx.finish()
        return told, tx.written


def _run_one(tx: Tx, job: Callable[[Tx], Any], undo: Undo) -> tuple[Any, BaseException | None]:
    if undo is Undo.ALL:
        with tx.job(undo):
            return job(tx), None
    try:
        try:
            with tx.job(Undo.JOB):
                return job(tx), None
        except RunAgain:
            with tx.job(Undo.OPERATION):
                return job(tx), None
    except INFRASTRUCTURE:
        raise
    except Exception as error:  # noqa: BLE001  told to whoever waits for it
        return None, error


def _worth_another_try(trouble: DBAPIError) -> bool:
    state = getattr(trouble.orig, "sqlstate", None)
    return state in ("40001", "40P01")


def _tell(future: "Future[Any]", result: Any, error: BaseException | None) -> None:
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def _fail(group: list[_Entry], error: BaseException) -> list[_Entry]:
    for _, future in group:
        future.set_exception(error)
    return []
