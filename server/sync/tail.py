"""The newest rows of one site, in memory: what every connection of this node is told from."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from server.store import tables as t
from server.store.feed import FeedRow, feed_rows
from server.store.store import Store
from server.store.tx import Written

RING_ROWS = 20_000
RING_BYTES = 6 * 1024 * 1024
TAIL_PAGE = 2_000
PUSH_ROWS = 500
PUSH_BYTES = 256 * 1024
"""Whoever has missed more than this catches up by asking, page by page."""


@dataclass(frozen=True, slots=True)
class TailRow:
    """A row made ready for the wire, once for all that may see it."""

    ver: int
    key: tuple[str, str]
    wire: msgspec.Raw


class Tail:
    """Rows above `floor`, up to `at`; each scope's in order of version. `is_behind`: something was
    written that does not follow on `at`, and has to be read."""

    def __init__(self, site: str, start: int) -> None:
        self.site = site
        self.at = start
        self.floor = start
        self.is_behind = False
        self._untold: list[FeedRow] = []
        self._bytes = 0
        self._order: deque[str] = deque()
        self._scopes: dict[str, deque[TailRow]] = {}

    def take(self, written: Written) -> None:
        """What this node has just written, unless another one has written before it."""
        if written.first == self.at + 1:
            self.extend(feed_rows((0, *row) for row in written.rows), written.last)
        elif written.last == 0 or written.last > self.at:
            self.is_behind = True

    async def read_on(self, store: Store) -> None:
        self.is_behind = False
        try:
            rows, top = await read_on(store, self.site, self.at)
        except BaseException:
            self.is_behind = True
            raise
        self.extend([r for r in rows if r.ver > self.at], top)  # some may have been taken meanwhile

    def untold(self) -> list[FeedRow]:
        """What has come since this was last asked."""
        untold, self._untold = self._untold, []
        return untold

    def extend(self, rows: Collection[FeedRow], top: int) -> None:
        self._untold += rows
        for r in rows:
            wire = msgspec.Raw(_encode(r))
            mine = self._scopes.setdefault(r.scope, deque())
            mine.append(TailRow(r.ver, (r.kind, r.key), wire))
            self._order.append(r.scope)
            self._bytes += len(wire)
        while len(self._order) > RING_ROWS or self._bytes > RING_BYTES:
            self._forget_oldest()
        self.at = max(self.at, top)

    def _forget_oldest(self) -> None:
        scope = self._order.popleft()
        mine = self._scopes[scope]
        oldest = mine.popleft()
        self.floor = oldest.ver
        self._bytes -= len(oldest.wire)
        if not mine:
            del self._scopes[scope]

    def since(self, pos: int, scopes: Collection[str]) -> list[msgspec.Raw] | None:
        """Rows above `pos`, of each key the newest; None when they are too many for one push."""
        found: list[msgspec.Raw] = []
        size = 0
        for scope in scopes:
            mine = self._scopes.get(scope)
            if not mine or mine[-1].ver <= pos:
                continue
            seen: set[tuple[str, str]] = set()
            for r in reversed(mine):
                if r.ver <= pos:
                    break
                if r.key not in seen:
                    seen.add(r.key)
                    found.append(r.wire)
                    size += len(r.wire)
            if len(found) > PUSH_ROWS or size > PUSH_BYTES:
                return None
        return found


_encode = msgspec.json.Encoder().encode


async def read_on(store: Store, site: str, at: int) -> tuple[list[FeedRow], int]:
    """Everything above `at`, and the version up to which that is. All of it or nothing: a part may
    hold an operation's `done` without its effect."""
    return await store.read(lambda conn: _read_on(conn, site, at))


def _read_on(conn: sa.Connection, site: str, at: int) -> tuple[list[FeedRow], int]:
    fresh: list[FeedRow] = []
    full = True
    while full:
        found = conn.execute(_TAIL, {"site": site, "at": at}).all()
        if not found:
            break
        rows = feed_rows(found)
        full = len(rows) >= TAIL_PAGE
        at = rows[-1].ver - 1 if full else int(found[0][0])
        fresh += (r for r in rows if r.ver <= at)
    return fresh, at


async def top_of(store: Store, site: str) -> int:
    row = await store.one(sa.select(t.site_clock.c.ver).where(t.site_clock.c.site == site))
    return int(row["ver"]) if row else 0


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
