"""Do moves and counts agree with the ledger? Rules for `integrity`."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from server.counting.tables import count_line
from server.floor.tables import task
from server.insights.finding import Finding
from server.inventory.tables import movement
from server.moving.tables import move_line

Key = tuple[str, str]


def moves(conn: sa.Connection) -> Iterator[Finding]:
    """What a moving task says was brought has been booked. More may be: work that came twice."""
    m = move_line.c
    said = _sums(conn, sa.select(m.task, m.sku, sa.func.sum(m.moved)).group_by(m.task, m.sku))
    booked = _booked(conn, ("move", "shortfall"))
    for key, qty in said.items():
        if qty > booked.get(key, 0):
            yield Finding("moved_is_booked", "/".join(key), str(qty), str(booked.get(key, 0)))


def counts(conn: sa.Connection) -> Iterator[Finding]:
    """Each difference that a count has settled is booked, from or to DISCREPANCY."""
    c = count_line.c
    off = sa.func.sum(sa.func.abs(c.counted - c.book))
    settled = sa.select(c.task, c.sku, off).where(c.state == "counted").group_by(c.task, c.sku)
    booked = _booked(conn, ("count", "shortfall"))
    for key, qty in _sums(conn, settled).items():
        if qty != booked.get(key, 0):
            yield Finding("count_is_booked", "/".join(key), str(booked.get(key, 0)), str(qty))


def ends(conn: sa.Connection) -> Iterator[Finding]:
    """A task that is done has no line left to do."""
    for lines in (move_line, count_line):
        left = (
            sa.select(lines.c.task, sa.func.count())
            .join(task, task.c.id == lines.c.task)
            .where(task.c.state == "done", lines.c.state == "open")
            .group_by(lines.c.task)
        )
        for name, count in conn.execute(left):
            yield Finding("done_task_has_no_open_line", str(name), f"{count} open")


def _booked(conn: sa.Connection, why: tuple[str, ...]) -> dict[Key, int]:
    m = movement.c
    found = sa.select(m.ref, m.sku, sa.func.sum(m.qty)).where(m.why.in_(why), m.ref != "")
    return _sums(conn, found.group_by(m.ref, m.sku))


def _sums(conn: sa.Connection, found: sa.Select[Any]) -> dict[Key, int]:
    return {(str(r[0]), str(r[1])): int(r[2] or 0) for r in conn.execute(found)}
