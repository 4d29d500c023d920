"""One transaction: rows are written at once; operations, events and feed rows are buffered and
written at the end under the site's next version, so that the clock's lock is held for one moment.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.events import Event
from server.kernel.feeds import PROJECTORS, Row
from server.kernel.ops import OpContext, Signer
from server.store import tables as t
from server.store.prepared import INFRASTRUCTURE, Prepared, Values, insert_all

FEED_ROWS_PER_VERSION = 500
"""Pages are cut between versions only, so a version may not grow beyond a page (sync.md)."""

_UPSERT_FEED = Prepared(
    sa.text(
        "INSERT INTO feed (site, scope, kind, key, ver, body)"
        " VALUES (:site, :scope, :kind, :key, :ver, :body)"
        " ON CONFLICT (site, scope, kind, key)"
        " DO UPDATE SET ver = excluded.ver, body = excluded.body"
    )
)
_BUMP_CLOCK = Prepared(
    sa.text(
        "INSERT INTO site_clock (site, ver) VALUES (:site, :by)"
        " ON CONFLICT (site) DO UPDATE SET ver = site_clock.ver + :by RETURNING ver"
    )
)
_NEXT_NUMBER = sa.text(
    "INSERT INTO counter (site, name, value) VALUES (:site, :name, :by)"
    " ON CONFLICT (site, name) DO UPDATE SET value = counter.value + :by RETURNING value"
)

_FEED_COLUMNS = ("site", "scope", "kind", "key", "ver", "body")

FeedKey = tuple[str, str, str, str]


class RowsNotMade(Exception):
    """A projector broke on what a transaction touched; nothing of the transaction remains."""


class RunAgain(BaseException):
    """Something has to be undone by itself, but has no savepoint: two statements for each would
    be a third of all, and next to none is undone. What it shares its fate with is run again, with
    savepoints.

    Not an Exception, that nobody between the operation and the writer takes it for a failure.
    """


class Undo(Enum):
    """What is undone when something fails on its own account: all that the transaction did, all
    that the job did, or just the operation."""

    ALL = 0
    JOB = 1
    OPERATION = 2


@dataclass(frozen=True, slots=True)
class Written:
    """What a commit wrote of a site's feed, as versions `first` to `last`: of each row the scope,
    kind, key, version and body."""

    site: str
    first: int
    last: int
    rows: Sequence[tuple[str, str, str, int, str | None]]


class _SiteSink:
    """A transaction as projectors see it: bound to one site."""

    def __init__(self, tx: "Tx", site: str) -> None:
        self.conn, self.now, self.site, self._tx = tx.conn, tx.now, site, tx

    def put(self, scope: str, kind: str, key: str, body: Row | int) -> None:
        self._tx.put(self.site, scope, kind, key, body)

    def drop(self, scope: str, kind: str, key: str) -> None:
        self._tx.drop(self.site, scope, kind, key)


class Tx:
    """What handlers write to. Not thread-safe; lives on the writer's thread for one commit."""

    def __init__(
        self, conn: sa.Connection, now: int, signer: Callable[[], Signer] | None = None
    ) -> None:
        self.conn = conn
        self.now = now
        self.signer = signer
        self.ops: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.feed: list[tuple[FeedKey, str | None]] = []
        self.touched: list[tuple[str, str, str]] = []
        self.later: list[tuple[sa.Table | Prepared, Values]] = []
        self.versions: dict[str, int] = {}
        self.written: list[Written] = []
        self._undo = Undo.OPERATION

    def put(self, site: str, scope: str, kind: str, key: str, body: Row | int) -> None:
        self.feed.append(((site, scope, kind, key), msgspec.json.encode(body).decode()))

    def drop(self, site: str, scope: str, kind: str, key: str) -> None:
        self.feed.append(((site, scope, kind, key), None))

    def touch(self, site: str, name: str, key: str) -> None:
        self.touched.append((site, name, key))

    def record(self, ctx: OpContext, event: Event) -> None:
        self.events.append(
            {
                "site": ctx.site,
                "device": ctx.device,
                "n": ctx.n,
                "kind": event.kind,
                "key": event.order or "",
                "body": msgspec.json.encode(event).decode(),
            }
        )

    def insert_later(self, table: sa.Table, row: dict[str, Any]) -> None:
        """For rows nobody reads in this transaction: written together at its end."""
        self.later.append((table, row))

    def run_later(self, statement: Prepared, values: Values) -> None:
        """The same for a change of what is there already; whoever asks for it in this transaction
        asks `pending` too."""
        self.later.append((statement, values))

    def pending(self, of: sa.Table | Prepared) -> list[Values]:
        """What is still to be written: into this table, or by this statement."""
        return [values for what, values in self.later if what is of]

    def next_number(self, site: str, name: str, by: int = 1) -> int:
        """The last of `by` fresh numbers of a counter. Never given twice, gaps allowed."""
        row = self.conn.execute(_NEXT_NUMBER, {"site": site, "name": name, "by": by})
        return int(row.scalar_one())

    @contextmanager
    def job(self, undo: Undo) -> Iterator[None]:
        """All that one job did, or nothing of it. If more than `undo` allows has to be undone,
        RunAgain undoes that, too."""
        before, self._undo = self._undo, undo
        try:
            if undo is Undo.ALL:
                with _or_run_again():
                    yield
            else:
                with self._savepoint("job"):
                    yield
        finally:
            self._undo = before

    @contextmanager
    def operation(self) -> Iterator[None]:
        """All that one operation did, or nothing of it."""
        with self._savepoint("op") if self._undo is Undo.OPERATION else _or_run_again():
            yield

    @contextmanager
    def _savepoint(self, name: str) -> Iterator[None]:
        """Rows and buffers alike."""
        marks = [len(b) for b in self._buffers()]
        self.conn.exec_driver_sql(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            if self.conn.invalidated:  # cut off: nothing is left to roll back
                raise
            self.conn.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
            self.conn.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
            for buffer, mark in zip(self._buffers(), marks, strict=True):
                del buffer[mark:]
            raise
        self.conn.exec_driver_sql(f"RELEASE SAVEPOINT {name}")

    def _buffers(self) -> tuple[list[Any], ...]:
        return self.ops, self.events, self.feed, self.touched, self.later

    def finish(self) -> dict[str, int]:
        """Lock the clocks in site order, make the rows of what was touched, write everything.

        The rows are made under the lock: two commits that touched the same thing would otherwise
        each show it without the other's change. Returns the new version per site; the caller
        commits.
        """
        self._insert_all()
        for site in sorted(self._sites()):
            self.versions[site] = self._bump(site, 1)
        self._project()
        rows = self._rows_by_site()
        for site in sorted(self.versions):
            self._write_site(site, rows.get(site, []))
        insert_all(self.conn, t.op, self.ops)
        return self.versions

    def _sites(self) -> set[str]:
        named = {str(e["site"]) for e in (*self.events, *self.ops)}
        return named | {key[0] for key, _ in self.feed} | {site for site, _, _ in self.touched}

    def _bump(self, site: str, by: int) -> int:
        found = _BUMP_CLOCK.first(self.conn, {"site": site, "by": by})
        if found is None:
            raise ValueError(f"{site} has no clock")
        return int(found[0])

    def _insert_all(self) -> None:
        together: dict[sa.Table | Prepared, list[Values]] = {}
        for what, values in self.later:
            together.setdefault(what, []).append(values)
        for what, rows in together.items():
            if isinstance(what, Prepared):
                what.run_many(self.conn, rows)
            else:
                insert_all(self.conn, what, rows)

    def _project(self) -> None:
        wanted: dict[tuple[str, str], dict[str, None]] = {}
        for site, name, key in self.touched:
            wanted.setdefault((site, name), {})[key] = None
        for (site, name), keys in wanted.items():
            try:
                PROJECTORS[name](_SiteSink(self, site), list(keys))
            except sa.exc.DBAPIError:
                raise
            except Exception as error:
                raise RowsNotMade(f"{name}: {type(error).__name__}: {error}") from error

    def _rows_by_site(self) -> dict[str, list[tuple[FeedKey, str | None]]]:
        latest: dict[FeedKey, str | None] = {}
        for key, body in self.feed:
            latest.pop(key, None)
            latest[key] = body
        by_site: dict[str, list[tuple[FeedKey, str | None]]] = {}
        for key, body in latest.items():
            by_site.setdefault(key[0], []).append((key, body))
        return by_site

    def _write_site(self, site: str, rows: list[tuple[FeedKey, str | None]]) -> None:
        # "done" rows go last: a device that has read them has read every effect before them.
        rows.sort(key=lambda r: r[0][2] == "done")
        first = last = self.versions[site]
        if len(rows) > FEED_ROWS_PER_VERSION:
            last = self._bump(site, (len(rows) - 1) // FEED_ROWS_PER_VERSION)
            self.versions[site] = last
        fresh = [
            (scope, kind, key, first + i // FEED_ROWS_PER_VERSION, body)
            for i, ((_, scope, kind, key), body) in enumerate(rows)
        ]
        if fresh:
            _UPSERT_FEED.run_many(
                self.conn, [dict(zip(_FEED_COLUMNS, (site, *row), strict=True)) for row in fresh]
            )
        self.written.append(Written(site, first, last, fresh))
        mine = [e for e in self.events if e["site"] == site]
        for seq, e in enumerate(mine):
            e["ver"], e["seq"] = last, seq
        insert_all(self.conn, t.event, mine)
        for seq, o in enumerate(self.ops):
            if o["site"] == site:
                o["ver"], o["seq"] = last, seq


@contextmanager
def _or_run_again() -> Iterator[None]:
    try:
        yield
    except INFRASTRUCTURE:
        raise
    except Exception as error:
        raise RunAgain from error


Job = Callable[[Tx], Any]
