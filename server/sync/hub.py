"""Telling connected devices what changed: one tailer per site reads the feed once per doorbell;
each connection holds a position, not a queue, so nothing can be dropped silently."""

import asyncio
import bisect
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from server.kernel.wire import Answer
from server.store import tables as t
from server.store.feed import Cursor, FeedRow, feed_row
from server.store.store import Store
from server.sync.exchange import Session

RING_ROWS = 20_000
POLL_S = 1.0
TAIL_PAGE = 2_000

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(eq=False, slots=True)
class Position:
    """One connection: what it may see, and up to where it has been told."""

    session: Session
    send: Send
    cursors: dict[str, Cursor] = field(default_factory=dict)
    ready: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def pos(self) -> int:
        return min((c.pos for c in self.cursors.values()), default=0)


class Tail:
    """The newest rows of one site, in order of version, as far back as the ring reaches."""

    def __init__(self, site: str, start: int) -> None:
        self.site = site
        self.at = start
        self.floor = start
        self._rows: deque[FeedRow] = deque()
        self._versions: deque[int] = deque()

    def extend(self, rows: list[FeedRow], top: int) -> None:
        for r in rows:
            self._rows.append(r)
            self._versions.append(r.ver)
        while len(self._rows) > RING_ROWS:
            self.floor = self._rows.popleft().ver
            self._versions.popleft()
        self.at = max(self.at, top)

    def since(self, pos: int, scopes: frozenset[str]) -> list[FeedRow]:
        """Rows above `pos` in these scopes, the newest of each key only."""
        start = bisect.bisect_right(self._versions, pos)
        latest: dict[tuple[str, str, str], FeedRow] = {}
        for i in range(start, len(self._rows)):
            r = self._rows[i]
            if r.scope in scopes:
                latest.pop((r.scope, r.kind, r.key), None)
                latest[(r.scope, r.kind, r.key)] = r
        return list(latest.values())


class Hub:
    """Rings when the store commits; correctness never depends on it, only how soon."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tails: dict[str, Tail] = {}
        self._bells: dict[str, asyncio.Event] = {}
        self._by_scope: dict[str, set[Position]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._store.on_commit(self._from_writer)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _from_writer(self, versions: Mapping[str, int]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._ring, list(versions))

    def _ring(self, sites: list[str]) -> None:
        for site in sites:
            if site in self._bells:
                self._bells[site].set()

    async def follow(self, position: Position) -> None:
        """Send pushes to this connection until it is cancelled."""
        site = position.session.site
        await self._tail_of(site)
        while True:
            await position.wake.wait()
            position.wake.clear()
            if position.ready:
                await self._tell(position, self._tails[site])

    def placed(self, position: Position, session: Session, cursors: Mapping[str, str]) -> None:
        """After an ask: who it is now, and from where pushes continue."""
        self.left(position)
        position.session = session
        position.cursors = {s: Cursor.parse(c) for s, c in cursors.items()}
        position.ready = True
        for scope in session.scopes:
            self._by_scope.setdefault(scope, set()).add(position)
        tail = self._tails.get(session.site)
        if tail is not None and tail.at > position.pos:
            position.wake.set()

    def left(self, position: Position) -> None:
        for scope in position.session.scopes:
            members = self._by_scope.get(scope)
            if members is not None:
                members.discard(position)
                if not members:
                    del self._by_scope[scope]

    async def _tell(self, position: Position, tail: Tail) -> None:
        if position.pos < tail.floor:
            position.ready = False
            await position.send({"t": "pull"})
            return
        rows = tail.since(position.pos, position.session.scopes)
        if not rows:
            return
        base = {s: str(c) for s, c in position.cursors.items()}
        to = tail.at
        position.cursors = {s: Cursor(to, c.snap) for s, c in position.cursors.items()}
        answer = Answer(
            epoch=self._store.epoch,
            now=self._store.clock(),
            rows=[(r.scope, r.kind, r.key, r.ver, r.body) for r in rows],
            cur={s: str(c) for s, c in position.cursors.items()},
        )
        await position.send({"t": "push", "base": base, "answer": answer})

    async def _tail_of(self, site: str) -> Tail:
        if site not in self._tails:
            clock = sa.select(t.site_clock.c.ver).where(t.site_clock.c.site == site)
            row = await self._store.one(clock)
            if site not in self._tails:
                self._tails[site] = Tail(site, int(row["ver"]) if row else 0)
                self._bells[site] = asyncio.Event()
                task = asyncio.create_task(self._read_on(site), name=f"tail-{site}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        return self._tails[site]

    async def _read_on(self, site: str) -> None:
        """Rung or not, look each second: on several nodes another may have committed."""
        bell = self._bells[site]
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), POLL_S)
            bell.clear()
            with contextlib.suppress(sa.exc.DBAPIError):
                await self._read_once(self._tails[site])

    async def _read_once(self, tail: Tail) -> None:
        """Told only when all is read: a part may hold an operation's `done` without its effect."""
        fresh: list[FeedRow] = []
        at, full = tail.at, True
        while full:
            found = await self._store.rows(_TAIL, {"site": tail.site, "at": at})
            if not found:
                return
            rows = [feed_row(r) for r in found if r["scope"] is not None]
            full = len(rows) >= TAIL_PAGE
            at = rows[-1].ver - 1 if full else int(found[0]["top"])
            fresh += (r for r in rows if r.ver <= at)
        tail.extend(fresh, at)
        for scope in {r.scope for r in fresh}:
            for position in self._by_scope.get(scope, ()):
                position.wake.set()


_TAIL = (
    sa.select(
        t.site_clock.c.ver.label("top"),
        t.feed.c.scope,
        t.feed.c.kind,
        t.feed.c.key,
        t.feed.c.ver,
        t.feed.c.body,
    )
    .select_from(
        t.site_clock.outerjoin(
            t.feed,
            sa.and_(t.feed.c.site == t.site_clock.c.site, t.feed.c.ver > sa.bindparam("at")),
        )
    )
    .where(t.site_clock.c.site == sa.bindparam("site"))
    .order_by(t.feed.c.ver)
    .limit(TAIL_PAGE)
)
