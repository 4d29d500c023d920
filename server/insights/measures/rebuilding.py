"""The figures made again from the log, in tables of their own: they must be the ones that are kept.

Reads only; one moment of the site is looked at, so that it may work meanwhile.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from server.insights.finding import Finding
from server.insights.measures.following import next_step, read_to, sites, take_step
from server.insights.measures.tables import (
    measure,
    measured_clock,
    measured_order,
    measured_task,
)
from server.store import engines, migrate
from server.store.prepared import insert_all
from server.store.tx import Tx

RULE = "measures_follow_from_the_log"
Row = tuple[str, ...]


def measure_findings(url: str) -> list[Finding]:
    """Every figure and every order that the log tells otherwise, over all sites."""
    reading = engines.snapshot_engine(url)
    with tempfile.TemporaryDirectory() as folder:
        target = f"sqlite:///{Path(folder) / 'measures.db'}"
        migrate.upgrade(target)
        writing = engines.writer_engine(target)
        try:
            with reading.connect() as books:
                rebuild(books, writing)
                with writing.connect() as again:
                    return list(differences(books, again))
        finally:
            writing.dispose()
            reading.dispose()


def rebuild(books: sa.Connection, target: sa.Engine) -> None:
    """Count the log of `books` into the empty tables of `target`, as far as it is counted there. By
    which clock its days began is no part of the log: it is taken over."""
    with target.begin() as conn:
        clocks = [dict(r) for r in books.execute(sa.select(measured_clock)).mappings()]
        insert_all(conn, measured_clock, clocks)
    for site in sites(books):
        end = read_to(books, site)
        while True:
            with target.begin() as conn:
                step = next_step(books, conn, site, end)
                if step is None:
                    break
                take_step(Tx(conn, 0), step)


def differences(books: sa.Connection, again: sa.Connection) -> Iterator[Finding]:
    for table in (measure, measured_order, measured_task):
        kept, said = _rows(books, table), _rows(again, table)
        for key in sorted(kept.keys() | said.keys()):
            if kept.get(key) != said.get(key):
                found, expected = (_text(rows.get(key)) for rows in (kept, said))
                yield Finding(RULE, f"{table.name} {'/'.join(key)}", found, expected)


def _rows(conn: sa.Connection, table: sa.Table) -> dict[Row, Row]:
    """By key. What was counted and taken off again is as good as never counted."""
    keys = [c.name for c in table.primary_key.columns]
    rest = [c.name for c in table.c if c.name not in keys]
    wanted = sa.select(table)
    if table is measure:
        wanted = wanted.where(measure.c.n != 0)
    return {
        tuple(str(r[k]) for k in keys): tuple(str(r[c]) for c in rest)
        for r in conn.execute(wanted).mappings()
    }


def _text(row: Row | None) -> str:
    return " ".join(row) if row else "nothing"
