"""Database connections: one writer that begins at once, and readers that cannot write.

Errors never quote a statement's values: they go to logs, and may be a name, a phone or a hash.
"""

from typing import Any

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
)

_PSYCOPG = "postgresql+psycopg://"
_PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 7_000,
}
"""Seconds, the last one ms. A machine without power refuses nothing: without these a connection to
it hangs for hours, with them it is given up after 7 s and the next host is asked."""


WRITE_LOCK = 0x646F636B68616E64
"""On PostgreSQL: the key of the advisory lock that a writing transaction holds, "dockhand"."""
IDLE_IN_WRITE_S = 8
"""A node that stops dead in the middle of a write loses the lock to the others after this long."""


def connection_options(url: str) -> dict[str, Any]:
    """What `postgresql://…` says, for psycopg. It is read as PostgreSQL's own programs read it:
    with several hosts and `target_session_attrs=read-write`, whichever is the primary is found."""
    return {**_PATIENCE, **conninfo_to_dict(url)}


def writer_engine(url: str) -> sa.Engine:
    """`url` is plain: `sqlite:///path` or `postgresql://…`. Each transaction takes the write lock
    at its beginning. On SQLite a deferred one that reads first fails at once with BUSY_SNAPSHOT;
    on PostgreSQL groups of operations would lock rows in every order (docs/adr/0007)."""
    if not url.startswith("sqlite"):
        engine = sa.create_engine(
            _PSYCOPG,
            connect_args=connection_options(url),
            pool_size=8,
            hide_parameters=True,
            pool_pre_ping=True,
        )
        sa.event.listen(engine, "connect", _flush_each_commit)
        sa.event.listen(engine, "begin", _one_writer)
        return engine
    engine = sa.create_engine(
        url, pool_size=1, max_overflow=0, isolation_level=None, hide_parameters=True
    )
    sa.event.listen(engine, "connect", _sqlite_connect)
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def reader_engine(url: str, connections: int) -> sa.Engine:
    """Read-only; every statement sees one snapshot."""
    if not url.startswith("sqlite"):
        return sa.create_engine(
            _PSYCOPG,
            connect_args=connection_options(url),
            pool_size=connections,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
        )
    engine = sa.create_engine(
        url, pool_size=connections, isolation_level=None, hide_parameters=True
    )
    sa.event.listen(engine, "connect", _sqlite_reader_connect)
    return engine


def async_engine(url: str) -> AsyncEngine:
    """Read-only, for the event loop: aiosqlite or asynchronous psycopg."""
    if not url.startswith("sqlite"):
        return create_async_engine(
            _PSYCOPG,
            connect_args=connection_options(url),
            pool_size=4,
            hide_parameters=True,
            isolation_level="AUTOCOMMIT",
            pool_pre_ping=True,
        )
    engine = create_async_engine(
        url.replace("sqlite://", "sqlite+aiosqlite://", 1),
        pool_size=4,
        isolation_level=None,
        hide_parameters=True,
    )
    sa.event.listen(engine.sync_engine, "connect", _sqlite_reader_connect)
    return engine


def snapshot_engine(url: str) -> sa.Engine:
    """For one long reading transaction beside the site's work: it locks nobody out."""
    if not url.startswith("sqlite"):
        return sa.create_engine(
            _PSYCOPG,
            connect_args=connection_options(url),
            isolation_level="REPEATABLE READ",
            hide_parameters=True,
        )
    engine = sa.create_engine(url, isolation_level=None, hide_parameters=True)
    sa.event.listen(engine, "connect", _sqlite_reader_connect)
    sa.event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN"))
    return engine


def _flush_each_commit(dbapi: Any, _record: Any) -> None:
    """Whatever the database's own default is: an answer means that it is on disk, here and on the
    synchronous standby if there is one. What is stronger stays."""
    dbapi.execute(
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')"
    )
    dbapi.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_IN_WRITE_S}s'")
    dbapi.commit()


def _one_writer(conn: sa.Connection) -> None:
    conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _sqlite_connect(dbapi: Any, _record: Any) -> None:
    cursor = dbapi.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_reader_connect(dbapi: Any, record: Any) -> None:
    _sqlite_connect(dbapi, record)
    cursor = dbapi.cursor()
    cursor.execute("PRAGMA query_only=ON")
    cursor.close()
