"""Telling connected devices what changed: one tail per site takes what this node writes, and reads
what others do, once per doorbell; each connection holds a position, not a queue, so nothing can be
dropped silently."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from server.kernel.wire import Answer
from server.store.feed import Cursor, FeedRow
from server.store.store import Store
from server.store.tx import Written
from server.sync.caller import Session
from server.sync.exchange import Pushed
from server.sync.tail import Tail, top_of

POLL_S = 1.0

_encode = msgspec.json.Encoder().encode


PULL = msgspec.Raw(b'{"t":"pull"}')
AT_A_STRETCH = 100
"""Connections that are told before others have a turn on the event loop: about 1 ms."""

Send = Callable[[Any], Awaitable[None]]


class Line(Protocol):
    """What a server offers that can take a message without anybody waiting."""

    def is_free(self) -> bool: ...
    def write_now(self, text: bytes) -> None: ...


@dataclass(eq=False, slots=True)
class Position:
    """One connection: what it may see, and up to where it has been told.

    `untold`: the oldest version that may hold something for it which it has not been told. While
    there is none, the site may move on as far as it likes without leaving it behind.
    """

    session: Session
    send: Send
    line: Line | None = None
    held: bytes = b""
    around: list[str] = field(default_factory=list)
    pos: int = 0
    untold: int | None = None
    ready: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def missed(self, ver: int) -> None:
        if ver > self.pos:
            self.untold = ver if self.untold is None else min(ver, self.untold)

    def place(self, cursors: Mapping[str, str]) -> None:
        self.held = _encode(cursors)
        self.around = _around_positions(cursors)
        self.pos = min((Cursor.parse(c).pos for c in cursors.values()), default=0)
        self.untold = None
        self.ready = True

    def move_to(self, pos: int) -> None:
        self.pos = pos
        self.held = str(pos).join(self.around).encode()


def _around_positions(cursors: Mapping[str, str]) -> list[str]:
    """The cursors as JSON, cut wherever a position stands: all move together, frame by frame."""
    pieces, rest = [], "{"
    for scope, cursor in cursors.items():
        pieces.append(f'{rest}{_encode(scope).decode()}:"')
        rest = cursor[cursor.index(".") :] + '",'
    return [*pieces, rest.rstrip(",") + "}"]


class Hub:
    """Rings when the store commits; correctness never depends on it, only how soon."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tails: dict[str, Tail] = {}
        self._opening: dict[str, asyncio.Future[Tail]] = {}
        self._bells: dict[str, asyncio.Event] = {}
        self._by_scope: dict[str, set[Position]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._store.on_change(self._from_thread)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _from_thread(self, written: Sequence[Written]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._hear, written)

    def _hear(self, written: Sequence[Written]) -> None:
        """What follows on the tail is put to it as it is; for the rest it must be read on."""
        for w in written:
            tail = self._tails.get(w.site)
            if tail is not None:
                tail.take(w)
                self._bells[w.site].set()

    def recall(self, pushed: Pushed, cur: Mapping[str, str]) -> Answer | None:
        """The answer to a push of somebody whose cursors are within the ring, and may see all that
        they are for. What it brought about is there: a commit is heard of before it is told."""
        session = pushed.session
        tail = self._tails.get(session.site) if session else None
        if session is None or tail is None or not session.scopes <= cur.keys():
            return None
        held = {s: Cursor.parse(cur[s]) for s in session.scopes}
        told = [c.pos for c in held.values()]
        if tail.at < pushed.versions.get(tail.site, tail.at + 1) or max(told) > tail.at:
            return None
        rows: Any = tail.since(min(told), held) if min(told) >= tail.floor else None
        if rows is None:
            return None
        return Answer(
            epoch=self._store.epoch,
            now=self._store.clock(),
            rows=rows,
            cur={s: str(Cursor(tail.at, c.snap)) for s, c in held.items()},
        )

    async def follow(self, position: Position) -> None:
        """Send pushes to this connection until it is cancelled."""
        tail = await self.tail_of(position.session.site)
        if position.ready and tail.at > position.pos:  # it was placed before there was a tail
            position.missed(position.pos + 1)
            position.wake.set()
        while True:
            await position.wake.wait()
            position.wake.clear()
            message = self._news(position, tail) if position.ready else None
            if message is not None:
                await position.send(message)

    def placed(self, position: Position, session: Session, cursors: Mapping[str, str]) -> None:
        """After an ask: who it is now, and from where pushes continue."""
        self.left(position)
        position.session = session
        position.place(cursors)
        for scope in session.scopes:
            self._by_scope.setdefault(scope, set()).add(position)
        tail = self._tails.get(session.site)
        if tail is not None and tail.at > position.pos:
            position.missed(position.pos + 1)
            position.wake.set()

    def left(self, position: Position) -> None:
        for scope in position.session.scopes:
            members = self._by_scope.get(scope)
            if members is not None:
                members.discard(position)
                if not members:
                    del self._by_scope[scope]

    def _news(self, position: Position, tail: Tail) -> msgspec.Raw | None:
        """What this connection has not been told; from then on it counts as told."""
        untold, position.untold = position.untold, None
        if untold is None:
            return None
        scopes = position.session.scopes
        rows = tail.since(max(untold - 1, position.pos), scopes) if untold > tail.floor else None
        if rows is None:
            position.ready = False
            return PULL
        if not rows:
            return None
        base = position.held
        position.move_to(tail.at)
        return self._push(base, rows, position.held)

    def _push(self, base: bytes, rows: list[msgspec.Raw], cur: bytes) -> msgspec.Raw:
        """An `Answer` under its base. All its parts are on the wire's form already."""
        store = self._store
        head = b',"answer":{"epoch":"%b","now":%d,"rows":[' % (store.epoch.encode(), store.clock())
        end = b'],"cur":%b,"reset":[],"more":false}}' % cur
        return msgspec.Raw(b'{"t":"push","base":%b%b%b%b' % (base, head, b",".join(rows), end))

    async def tail_of(self, site: str) -> Tail:
        """Opens it at the first call: one look at the clock for a whole fleet that arrives at once.

        Whoever is placed before must ask again, for what came in between was never in the ring.
        """
        if site not in self._opening:
            self._opening[site] = asyncio.ensure_future(self._open(site))
        try:
            return await asyncio.shield(self._opening[site])
        except sa.exc.DBAPIError:
            self._opening.pop(site, None)
            raise

    async def _open(self, site: str) -> Tail:
        tail = Tail(site, await top_of(self._store, site))
        self._tails[site], self._bells[site] = tail, asyncio.Event()
        task = asyncio.create_task(self._read_on(site), name=f"tail-{site}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return tail

    async def _read_on(self, site: str) -> None:
        """Rung or not, look each second: on several nodes another may have committed."""
        bell, tail = self._bells[site], self._tails[site]
        while True:
            try:
                async with asyncio.timeout(POLL_S):
                    await bell.wait()
            except TimeoutError:
                tail.is_behind = True
            bell.clear()
            await asyncio.sleep(0)  # whoever waits for the answer to what rang goes before
            with contextlib.suppress(sa.exc.DBAPIError):
                if tail.is_behind:
                    await tail.read_on(self._store)
                await self._tell_all(tail.untold(), tail)

    async def _tell_all(self, rows: Iterable[FeedRow], tail: Tail) -> None:
        first: dict[str, int] = {}
        for r in rows:
            first.setdefault(r.scope, r.ver)
        due: dict[Position, None] = {}
        for scope, ver in first.items():
            for position in self._by_scope.get(scope, ()):
                position.missed(ver)
                due[position] = None
        for i, position in enumerate(due):
            self._tell(position, tail)
            if i % AT_A_STRETCH == AT_A_STRETCH - 1:
                await asyncio.sleep(0)

    def _tell(self, position: Position, tail: Tail) -> None:
        """At once where its line is free: waking its task would cost as much again. Whoever is
        slower than the site is told by its task, of everything at once, when it can."""
        line = position.line
        if line is None or not position.ready or not line.is_free():
            position.wake.set()
        elif (message := self._news(position, tail)) is not None:
            line.write_now(bytes(message))
