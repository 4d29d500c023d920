"""The store as the house sees it: write by jobs, read by statements, hear of changes."""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from server.store import engines, migrate
from server.store import tables as t
from server.store.doorbell import Doorbell
from server.store.readers import Readers
from server.store.secrets import keys_beside
from server.store.site_keys import SiteKey, SiteKeys
from server.store.tx import Tx, Written
from server.store.writer import Writer, now_ms

T = TypeVar("T")
Listener = Callable[[Sequence[Written]], None]


def all_rows(
    conn: sa.Connection, statement: sa.Executable, values: Mapping[str, Any] | None = None
) -> list[Mapping[str, Any]]:
    return [dict(r) for r in conn.execute(statement, values or {}).mappings()]


def heard_of(site: str) -> Written:
    """Something was written there; what, is to be read."""
    return Written(site, 0, 0, ())


class Store:
    """`url`: `sqlite:///file.db` or `postgresql://…`; `blobs`: the folder of photos; `keys`: that
    of the site's own keys, beside the photos if it is not said."""

    def __init__(
        self,
        url: str,
        blobs: Path,
        clock: Callable[[], int] = now_ms,
        keys: Path | None = None,
    ) -> None:
        self.url = url
        self.blobs = blobs
        self.clock = clock
        self.keys = SiteKeys(keys or keys_beside(blobs))
        self.is_sqlite = url.startswith("sqlite")
        migrate.upgrade(url)
        blobs.mkdir(parents=True, exist_ok=True)
        self.write_engine = engines.writer_engine(url)
        self._listeners: list[Listener] = []
        self._doorbell = None if self.is_sqlite else Doorbell(url)
        self.writer = Writer(self.write_engine, clock, self._after_commit, self.signer)
        self.readers = Readers(url)
        self._async: AsyncEngine | None = None
        self.epoch = self._epoch()
        self.rewound: dict[str, int] = {}
        """Devices that have seen a version this database never reached: when (ms) they said so."""

    def _epoch(self) -> str:
        """The store's life, newer lives sorting later: minted at birth and by each restore."""
        fresh = f"{self.clock():013d}-{secrets.token_hex(4)}"

        def job(tx: Tx) -> str:
            tx.conn.execute(
                sa.text(
                    "INSERT INTO meta (name, value) VALUES ('epoch', :v) ON CONFLICT DO NOTHING"
                ),
                {"v": fresh},
            )
            found = sa.select(t.meta.c.value).where(t.meta.c.name == "epoch")
            return str(tx.conn.execute(found).scalar_one())

        return self.writer.run(job).result()

    def signer(self) -> SiteKey:
        """The site's key of this moment."""
        return self.keys.current(self.clock())

    async def run(self, job: Callable[[Tx], T]) -> T:
        """Run on the writer's thread; returns after the commit is on disk."""
        return await asyncio.wrap_future(self.writer.run(job))

    def run_sync(self, job: Callable[[Tx], T]) -> T:
        return self.writer.run(job).result()

    async def read(self, job: Callable[[sa.Connection], T]) -> T:
        """Run on a reader's thread; what takes several statements costs one hop."""
        return await self.readers.run(job)

    async def rows(
        self, statement: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> list[Mapping[str, Any]]:
        """All rows of one statement: one snapshot."""
        if self._async is None:
            return await self.read(lambda conn: all_rows(conn, statement, values))
        async with self._async.connect() as conn:
            found = await conn.execute(statement, values or {})
            return [dict(r) for r in found.mappings()]

    async def one(
        self, statement: sa.Executable, values: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | None:
        found = await self.rows(statement, values)
        return found[0] if found else None

    def on_change(self, listener: Listener) -> None:
        """`listener` is called on a thread with what a commit of this process wrote, before anybody
        is answered; and with `heard_of` a site that another node on the same PostgreSQL has
        changed, when its bell is heard."""
        self._listeners.append(listener)
        if self._doorbell is not None:
            self._doorbell.listen(lambda sites: self._tell([heard_of(site) for site in sites]))

    def _after_commit(self, written: Sequence[Written]) -> None:
        self._tell(written)
        if self._doorbell is not None and written:
            self._doorbell.ring({w.site for w in written})

    def _tell(self, written: Sequence[Written]) -> None:
        for listener in self._listeners:
            listener(written)

    def close(self) -> None:
        self.readers.close()
        self.writer.close()
        if self._doorbell is not None:
            self._doorbell.close()
        self.write_engine.dispose()

    async def open(self) -> None:
        """Read single statements on this event loop from now on, until `aclose`."""
        self._async = engines.async_engine(self.url)

    async def aclose(self) -> None:
        if self._async is not None:
            await self._async.dispose()
            self._async = None
        await asyncio.to_thread(self.close)
