"""Points at which a server kills itself, and protections taken out: patched into the tests' own
server process, so that the product has no hook for either."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.wire import Frame
from server.store import engines
from server.store import tables as t
from server.store.store import Store
from server.store.tx import Tx
from server.store.writer import Writer
from server.sync import api, exchange
from server.web.asgi import App


class Countdown:
    """Dies by SIGKILL at the given occurrence."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def before_begin(die: Countdown) -> None:
    _patch(Writer, "_transaction", before=die)


def after_insert(die: Countdown) -> None:
    _patch(Tx, "_insert_all", after=die)


def before_commit(die: Countdown) -> None:
    _patch(Tx, "finish", after=die)


def after_commit(die: Countdown) -> None:
    """On disk, and nobody told."""
    _patch(Writer, "_transaction", after=die)


def after_answer(die: Countdown) -> None:
    """Nothing to patch in the store: see `dying_after_answers`."""


def _patch(
    owner: type,
    name: str,
    before: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    original = getattr(owner, name)

    def patched(*args: Any, **kw: Any) -> Any:
        if before is not None:
            before()
        result = original(*args, **kw)
        if after is not None:
            after()
        return result

    setattr(owner, name, patched)


def dying_after_answers(app: App, die: Countdown) -> App:
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http" and scope["path"] == "/sync":
            die()

    return wrapped


POINTS: dict[str, Callable[[Countdown], None]] = {
    f.__name__: f for f in (before_begin, after_insert, before_commit, after_commit, after_answer)
}


def answer_before_commit() -> None:
    """Says `done` as soon as it has the operations, and commits them a little later."""

    async def hasty(store: Store, device: str, frame: Frame, *_admission: Any) -> Any:
        if frame.ops:
            store.writer.run(lambda tx: exchange.push(tx, device, frame))
        answer, session = await store.read(
            lambda conn: exchange._answer(conn, store, device, frame)
        )
        scope = f"d:{device}"
        said = [(scope, "done", "", 0, msgspec.Raw(str(e.n).encode())) for e in frame.ops]
        answer = msgspec.structs.replace(answer, rows=[*answer.rows, *said])
        return answer, session

    api.exchange = hasty  # type: ignore[assignment,attr-defined]
    _patch(Tx, "finish", after=lambda: time.sleep(0.05))


def no_dedupe() -> None:
    """What comes again is taken again, as if the log had no key."""
    original = exchange.push

    def push(tx: Tx, device_id: str, frame: Frame) -> exchange.Pushed:
        first = frame.ops[0].n
        for table, key in ((t.op, t.op.c.device), (_MOVEMENT, _MOVEMENT.c.device)):
            tx.conn.execute(sa.delete(table).where(key == device_id, table.c.n >= first))
        moved = sa.update(t.device).where(t.device.c.id == device_id, t.device.c.last_n >= first)
        tx.conn.execute(moved.values(last_n=first - 1))
        return original(tx, device_id, frame)

    exchange.push = push


_MOVEMENT = sa.table("movement", sa.column("device"), sa.column("n"))


def pragmas(**changed: str) -> Callable[[], None]:
    def patch() -> None:
        kept = [p for p in engines._PRAGMAS if p.partition("=")[0] not in changed]
        changed_ones = [f"{k}={v}" for k, v in changed.items()]
        setattr(engines, "_PRAGMAS", (*kept, *changed_ones))  # noqa: B010

    return patch


SABOTAGES: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "answer_before_commit": answer_before_commit,
    "no_dedupe": no_dedupe,
}
