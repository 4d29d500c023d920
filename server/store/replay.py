"""The log replayed into an empty store must give the same books (I12 of the sync design).

People, devices, grants and blobs are no operations: they are copied. Everything else that a table
holds must follow from the operations, or somebody changed the books behind the log's back.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.ops import Envelope, Outcome
from server.kernel.values import Role
from server.store import engines, migrate
from server.store import tables as t
from server.store.dispatch import HandlerFailed, Verdict, Who, set_aside, take
from server.store.tx import RowsNotMade, Tx

BESIDE_THE_LOG = frozenset(
    {
        "audit_link",
        "blob",
        "carrier_poll",
        "challenge",
        "device",
        "device_session",
        "enrol_code",
        "grant_",
        "lease",
        "op_trouble",
        "outside",
        "person",
        "pin_trouble",
        "proof_receipt",  # signed at its moment with the key of that moment
        "reader",
        "scope_floor",
        "sign_link",
    }
)
"""Copied, not replayed."""
_DERIVED = frozenset(
    {
        *("feed", "meta", "site_clock"),
        *("measure", "measured_clock", "measured_order", "measured_task"),
    }
)
"""Versions count commits, and the house commits things beside operations too. What is counted
follows the log by itself, and has a check of its own."""
_NOT_COMPARED = {"op": frozenset({"ver", "seq", "hash"}), "event": frozenset({"ver", "seq"})}
_WITHOUT_EFFECT = frozenset({Outcome.REFUSED, Outcome.QUARANTINED, Outcome.HELD})
"""Not decided again: on PostgreSQL a refused operation keeps no lock on what it read, so another
may have been committed between its decision and its version."""
_GRANT = sa.table("grant_", sa.column("sid"), sa.column("role"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that only one side has. `side`: `books` (the store) or `log` (what it says)."""

    table: str
    side: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    operations: int
    differences: list[Difference]


def check_replay(url: str) -> Report:
    """Replay the site at `url` into a database of its own and compare. Reads only; the site may
    work meanwhile, one moment of it is looked at."""
    reading = engines.snapshot_engine(url)
    with tempfile.TemporaryDirectory() as folder:
        target = f"sqlite:///{Path(folder) / 'replay.db'}"
        migrate.upgrade(target)
        writing = engines.writer_engine(target)
        sa.event.listen(writing, "connect", _turn_round)
        try:
            with reading.connect() as books:
                operations = replay(books, writing)
                with writing.connect() as log:
                    return Report(operations, compare(books, log))
        finally:
            writing.dispose()
            reading.dispose()


def _turn_round(connection: Any, _: Any) -> None:
    """Rows that nobody put into an order come the other way round: PostgreSQL promises none, and
    what hangs on it would differ from one database to the next."""
    connection.execute("PRAGMA reverse_unordered_selects = ON")


def replay(books: sa.Connection, target: sa.Engine) -> int:
    """All operations in the order of the site's versions; returns how many."""
    return sum(len(kinds) for kinds in replay_commits(books, target))


def replay_commits(books: sa.Connection, target: sa.Engine) -> Iterator[list[str]]:
    """As `replay`; after each commit gives the kinds of its operations."""
    with target.begin() as conn:
        for table in t.metadata.sorted_tables:
            if table.name in BESIDE_THE_LOG:
                _copy(books, conn, table)
    roles = {r.sid: Role(r.role) for r in books.execute(sa.select(_GRANT))}
    log = books.execute(sa.select(t.op).order_by(t.op.c.site, t.op.c.ver, t.op.c.seq))
    for (_, _, now), group in groupby(log.mappings(), key=_commit_of):
        with target.begin() as conn:
            tx = Tx(conn, now)
            kinds = [_take_again(tx, record, roles) for record in group]
            tx.finish()
        yield kinds


def _commit_of(r: Any) -> tuple[str, int, int]:
    return r["site"], r["ver"], r["recv_at"]


def _copy(books: sa.Connection, conn: sa.Connection, table: sa.Table) -> None:
    for part in books.execute(sa.select(table)).mappings().partitions(500):
        conn.execute(sa.insert(table), [dict(r) for r in part])


def _take_again(tx: Tx, r: Any, roles: dict[str, Role]) -> str:
    e = Envelope(
        n=r["n"],
        id=r["id"],
        k=r["kind"],
        v=r["v"],
        sid=r["sid"],
        at=r["at_raw"],
        body=msgspec.json.decode(r["body"]),
    )
    who = _who(r, roles)
    outcome = Outcome(r["outcome"])
    if outcome in _WITHOUT_EFFECT:
        data = msgspec.json.decode(r["data"] or "{}")
        verdict = Verdict(outcome, r["code"], data)
        set_aside(tx, r["site"], r["device"], e, who, r["at_est"], verdict)
        return e.k
    try:
        take(tx, r["site"], r["device"], e, who, r["at_est"])
    except (HandlerFailed, RowsNotMade) as broken:
        raise HandlerFailed(f"operation {r['n']} of {r['device']}: {broken}") from broken
    return e.k


def _who(r: Any, roles: dict[str, Role]) -> Who:
    if r["device"].startswith("sys:"):
        return Who(None, Role.SYSTEM)
    return Who(r["person"], roles.get(r["sid"] or ""), r["sid"])


def compare(books: sa.Connection, log: sa.Connection) -> list[Difference]:
    """Table by table, row by row, whatever the order."""
    found: list[Difference] = []
    for table in t.metadata.sorted_tables:
        if table.name in BESIDE_THE_LOG | _DERIVED:
            continue
        kept, said = Counter(_rows(books, table)), Counter(_rows(log, table))
        found += _differences(table, "books", kept - said)
        found += _differences(table, "log", said - kept)
    return found


def _differences(table: sa.Table, side: str, rows: Counter[Any]) -> Iterator[Difference]:
    for row in rows.elements():
        yield Difference(table.name, side, dict(row))


def _rows(conn: sa.Connection, table: sa.Table) -> Iterator[tuple[tuple[str, Any], ...]]:
    """Events that no operation made (n = 0: enrolment, people) are not of the log."""
    left_out = _NOT_COMPARED.get(table.name, frozenset())
    columns = [c for c in table.c if c.name not in left_out]
    wanted = sa.select(*columns)
    if table is t.event:
        wanted = wanted.where(t.event.c.n > 0)
    for r in conn.execute(wanted).mappings():
        yield tuple((c.name, r[c.name]) for c in columns)
