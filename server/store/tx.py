"""One transaction: rows are written at once; operations, events and feed rows are buffered and
written at the end under the site's next version, so that the clock's lock is held for one moment.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.events import Event
from server.kernel.feeds import PROJECTORS, Row
from server.kernel.ops import OpContext, Signer
from server.store import tables as t
from server.store.prepared import INFRASTRUCTURE, Prepared, insert_all

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
_BUMP_CLOCK = sa.text(
    "INSERT INTO site_clock (site, ver) VALUES (:site, :by)"
    " ON CONFLICT (site) DO UPDATE SET ver = site_clock.ver + :by RETURNING ver"
)
_NEXT_NUMBER = sa.text(
    "INSERT INTO counter (site, name, value) VALUES (:site, :name, :by)"
    " ON CONFLICT (site, name) DO UPDATE SET value = counter.value + :by RETURNING value"
)

FeedKey = tuple[str, str, str, str]


class RowsNotMade(Exception):
    """A projector broke on what a transaction touched; nothing of the transaction remains."""


class RunAgain(BaseException):
    """An operation has to be undone by itself, but has no savepoint: two statements for each would
    be a third of all, and next to none is undone. The job is run again, carefully.

    Not an Exception, that nobody between the operation and the writer takes it for a failure.
    """


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
        self.later: list[tuple[sa.Table, dict[str, Any]]] = []
        self.versions: dict[str, int] = {}
        self._careful = True

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

    def pending(self, table: sa.Table) -> list[dict[str, Any]]:
        """What `insert_later` still holds of this table."""
        return [row for of, row in self.later if of is table]

    def next_number(self, site: str, name: str, by: int = 1) -> int:
        """The last of `by` fresh numbers of a counter. Never given twice, gaps allowed."""
        row = self.conn.execute(_NEXT_NUMBER, {"site": site, "name": name, "by": by})
        return int(row.scalar_one())

    @contextmanager
    def job(self, *, careful: bool) -> Iterator[None]:
        """All that one job did, or nothing of it. Not `careful`: its operations get no savepoint
        of their own, and if one has to be undone by itself, RunAgain undoes the job."""
        before, self._careful = self._careful, careful
        try:
            with self._savepoint("job"):
                yield
        finally:
            self._careful = before

    @contextmanager
    def operation(self) -> Iterator[None]:
        """All that one operation did, or nothing of it."""
        if self._careful:
            with self._savepoint("op"):
                yield
            return
        try:
            yield
        except INFRASTRUCTURE:
            raise
        except Exception as error:
            raise RunAgain from error

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
        return int(self.conn.execute(_BUMP_CLOCK, {"site": site, "by": by}).scalar_one())

    def _insert_all(self) -> None:
        by_table: dict[sa.Table, list[dict[str, Any]]] = {}
        for table, row in self.later:
            by_table.setdefault(table, []).append(row)
        for table, rows in by_table.items():
            insert_all(self.conn, table, rows)

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
        if rows:
            _UPSERT_FEED.run_many(
                self.conn,
                [
                    {
                        "site": site,
                        "scope": scope,
                        "kind": kind,
                        "key": key,
                        "ver": first + i // FEED_ROWS_PER_VERSION,
                        "body": body,
                    }
                    for i, ((_, scope, kind, key), body) in enumerate(rows)
                ],
            )
        mine = [e for e in self.events if e["site"] == site]
        for seq, e in enumerate(mine):
            e["ver"], e["seq"] = last, seq
        insert_all(self.conn, t.event, mine)
        for seq, o in enumerate(self.ops):
            if o["site"] == site:
                o["ver"], o["seq"] = last, seq


Job = Callable[[Tx], Any]
