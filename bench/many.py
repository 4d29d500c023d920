"""A site of a million orders: made once, then kept in the system's temporary folder.

Its orders are found, counted and read, but told again without their story: with it they would
take 27 kB each.
"""

import tempfile
import time
from pathlib import Path

import server.modules  # noqa: F401  registers operations and tables
from server.demo.many.seeding import Wish, day_of, seed

SEED, LIVED = 1, 1_000
END = day_of("2026-10-31")


def folder_of(orders: int, database: str) -> Path:
    return Path(tempfile.gettempdir()) / f"dockhand-many-{orders}-{database}"


def made(orders: int, url: str = "") -> Path:
    """The folder of a site with so many orders, seeded now if it is not there. `url`: into that
    database; otherwise into the folder's `site.db`."""
    folder = folder_of(orders, "postgres" if url else "sqlite")
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        wish = Wish(orders=orders, seed=SEED, lived=LIVED, story=False, end=END)
        seed(url or f"sqlite:///{folder / 'site.db'}", folder / "blobs", wish)
        done.write_text(f"{time.monotonic() - begun:.0f} s\n")
    return folder
