"""Backup and restore: a folder with one SQLite file, the blobs and the site's keys, whatever
database a site has.

A backup is one snapshot, taken while the site works. A restore begins a new life of the store: a
new epoch, so that devices send again what they had handed over since, and every serial counter
moved on, so that no number on paper is given twice.
"""

import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.store import audit, audit_heads, engines, migrate
from server.store import tables as t
from server.store.secrets import keys_beside
from server.store.site_keys import SiteKeys, copy_keys
from server.store.tables import metadata

DATABASE = "site.db"
BLOBS = "blobs"
KEYS = "keys"
RESTORED = "restored"
ROWS = 500
SERIAL_GAP = 100_000
"""More numbers than a site gives between a backup and the moment it is restored."""


class BackupProblem(Exception):
    """The folder cannot be written or read as a backup; the sentence says why."""


def backup(url: str, blobs: Path, target: Path, keys: Path | None = None) -> Path:
    """Write a consistent copy of the running site into the new folder `target`: also its private
    key, without which a restored site could not go on signing as itself.

    Rows first, then blobs: a blob that a row names is on the disk before the row (sync.md).
    """
    if target.exists():
        raise BackupProblem(f"{target} exists; name a new folder")
    being = target.with_name(target.name + ".part")
    shutil.rmtree(being, ignore_errors=True)
    being.mkdir(parents=True)
    _copy_rows(url, f"sqlite:///{being / DATABASE}")
    if blobs.is_dir():
        shutil.copytree(blobs, being / BLOBS, copy_function=_link_or_copy)
    copy_keys(keys or keys_beside(blobs), being / KEYS)
    being.rename(target)
    return target


def restore(source: Path, url: str, blobs: Path, now: int, keys: Path | None = None) -> str:
    """Put a backup into an empty database and begin a new life. Returns the new epoch.

    `now`: ms; the epoch sorts after every earlier one as long as the clock does not go back.
    """
    if not (source / DATABASE).is_file():
        raise BackupProblem(f"{source} holds no {DATABASE}; name a folder that backup has written")
    times = _note_restore(source)
    _copy_rows(f"sqlite:///{source / DATABASE}", url)
    if (source / BLOBS).is_dir():
        shutil.copytree(source / BLOBS, blobs, dirs_exist_ok=True)
    folder = keys or keys_beside(blobs)
    copy_keys(source / KEYS, folder)
    epoch = _begin_new_life(url, now, times)
    _note_where_the_audit_goes_on(url, folder, now)
    return epoch


def _copy_rows(source: str, target: str) -> None:
    migrate.upgrade(target)
    writing = engines.writer_engine(target)
    reading = engines.snapshot_engine(source)
    try:
        with writing.begin() as to, reading.connect() as come:
            _check_all_known(come)
            for table in metadata.sorted_tables:
                _check_empty(to, table)
                _copy_table(come, to, table)
    finally:
        reading.dispose()
        writing.dispose()


def _check_all_known(come: sa.Connection) -> None:
    """A table that nobody has registered would be left out, and nobody would notice."""
    there = set(sa.inspect(come).get_table_names()) - {"alembic_version"}
    if left_out := sorted(there - set(metadata.tables)):
        raise BackupProblem(f"these tables would be left out: {', '.join(left_out)}")


def _check_empty(to: sa.Connection, table: sa.Table) -> None:
    if to.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
        raise BackupProblem(f"the database is not empty ({table.name}); restore into a new one")


def _copy_table(come: sa.Connection, to: sa.Connection, table: sa.Table) -> None:
    found = come.execution_options(yield_per=ROWS).execute(sa.select(table)).mappings()
    for part in found.partitions(ROWS):
        rows: list[dict[str, Any]] = [dict(r) for r in part]
        to.execute(sa.insert(table), rows)


def _note_restore(source: Path) -> int:
    """The how-manieth restore of this backup it is: each gets serial numbers of its own."""
    noted = source / RESTORED
    times = int(noted.read_text()) + 1 if noted.exists() else 1
    try:
        noted.write_text(str(times))
    except OSError as error:
        raise BackupProblem(
            f"{noted} cannot be written ({error.strerror}); copy the backup to where it can"
        ) from None
    return times


def _begin_new_life(url: str, now: int, times: int) -> str:
    epoch = f"{now:013d}-{secrets.token_hex(4)}"
    engine = engines.writer_engine(url)
    try:
        with engine.begin() as conn:
            conn.execute(sa.delete(t.meta).where(t.meta.c.name == "epoch"))
            conn.execute(sa.insert(t.meta).values(name="epoch", value=epoch))
            conn.execute(sa.update(t.counter).values(value=t.counter.c.value + times * SERIAL_GAP))
    finally:
        engine.dispose()
    return epoch


def _note_where_the_audit_goes_on(url: str, keys: Path, now: int) -> None:
    """What was signed beyond the backup's end is gone with the old store, and rightly so."""
    engine = engines.snapshot_engine(url)
    try:
        with engine.connect() as conn:
            sites = conn.execute(sa.select(t.site_clock.c.site)).scalars().all()
            heads = [audit.head_of(conn, site) for site in sites]
    finally:
        engine.dispose()
    audit_heads.write(keys, heads, "restored", now, SiteKeys(keys).current(now))


def _link_or_copy(source: str, target: str) -> str:
    """Blobs never change once complete; what is still growing is copied."""
    if source.endswith(".part"):
        return str(shutil.copy2(source, target))
    try:
        os.link(source, target)
    except OSError:
        return str(shutil.copy2(source, target))
    return target
