"""What is over leaves the board, so that a board holds what matters however old the site is.

It is found by search from then on. Something that happens to a closed order afterwards brings its
row back for as long again: whoever looks at its story sees it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from server.board.pace import HOUR_MS, BoardRules
from server.floor.tables import task
from server.kernel.feeds import board_scope
from server.orders.tables import orders
from server.picking.tables import pick_line, wave
from server.pod.tables import run, stop
from server.store import tables as t
from server.store.tx import Tx

OVER = ("delivered", "part_delivered", "refused", "closed", "cancelled")
AT_ONCE = 400
"""Rows that leave in one commit: a version holds 500."""
TOMBSTONES = 5_000
"""What has left is told to boards that were away so long; one that was away longer begins anew."""

Over = Callable[[Any, str, int, int], list[str]]


def leaving(conn: Any, site: str, rules: BoardRules, now: int, most: int) -> list[tuple[str, str]]:
    """Kind and key of the board's rows whose time is over, `most` of them."""
    until = now - round(rules.keep_closed_hours * HOUR_MS)
    found: list[tuple[str, str]] = []
    for kind, over in _OVER.items():
        if len(found) < most:
            found += [(kind, key) for key in over(conn, site, until, most - len(found))]
    return found


def let_go(tx: Tx, site: str, rules: BoardRules) -> int:
    """Drop them, looking again under the writer's lock; how many."""
    gone = leaving(tx.conn, site, rules, tx.now, AT_ONCE)
    for kind, key in gone:
        tx.drop(site, board_scope(site), kind, key)
    return len(gone)


def _shown(site: str, kind: str) -> sa.ColumnElement[bool]:
    f = t.feed.c
    here = (f.site == site, f.scope == board_scope(site), f.kind == kind, f.body.is_not(None))
    return sa.and_(*here)


class _Changed(msgspec.Struct):
    changed_at: int


def _orders(conn: Any, site: str, until: int, most: int) -> list[str]:
    found = (
        sa.select(t.feed.c.key, t.feed.c.body)
        .join(orders, orders.c.id == t.feed.c.key)
        .where(_shown(site, "order"), orders.c.state.in_(OVER), orders.c.changed_at < until)
        .order_by(orders.c.changed_at, t.feed.c.key)
    )
    return list(_first(most, _quiet(conn.execute(found), until)))


def _quiet(rows: Any, until: int) -> Iterator[str]:
    for r in rows:
        if msgspec.json.decode(r.body, type=_Changed).changed_at < until:
            yield r.key


def _first(most: int, keys: Iterator[str]) -> Iterator[str]:
    for _, key in zip(range(most), keys, strict=False):
        yield key


def _tasks(conn: Any, site: str, until: int, most: int) -> list[str]:
    found = (
        sa.select(t.feed.c.key)
        .join(task, task.c.id == t.feed.c.key)
        .where(_shown(site, "task"), task.c.done_at < until)
        .where(task.c.state.in_(("done", "cancelled")))
    )
    return _keys(conn, found, most)


def _runs(conn: Any, site: str, until: int, most: int) -> list[str]:
    found = (
        sa.select(t.feed.c.key)
        .join(run, run.c.id == t.feed.c.key)
        .where(_shown(site, "run"), run.c.id.in_(_closed_runs(site, until)))
    )
    return _keys(conn, found, most)


def _stops(conn: Any, site: str, until: int, most: int) -> list[str]:
    found = (
        sa.select(t.feed.c.key)
        .join(stop, stop.c.id == t.feed.c.key)
        .where(_shown(site, "stop_state"), stop.c.run.in_(_closed_runs(site, until)))
    )
    return _keys(conn, found, most)


def _closed_runs(site: str, until: int) -> sa.Select[Any]:
    """Over since their last stop, or since they were made where they have none."""
    last = sa.func.coalesce(sa.func.max(stop.c.closed_at), run.c.created_at)
    return (
        sa.select(run.c.id)
        .outerjoin(stop, stop.c.run == run.c.id)
        .where(run.c.site == site, run.c.state == "closed")
        .group_by(run.c.id, run.c.created_at)
        .having(last < until)
    )


def _waves(conn: Any, site: str, until: int, most: int) -> list[str]:
    open_line = sa.select(pick_line.c.task).where(
        pick_line.c.wave == wave.c.id, pick_line.c.state == "open"
    )
    found = (
        sa.select(t.feed.c.key)
        .join(wave, wave.c.id == t.feed.c.key)
        .where(_shown(site, "wave"), wave.c.state == "released", wave.c.changed_at < until)
        .where(~open_line.exists())
    )
    return _keys(conn, found, most)


def _keys(conn: Any, found: sa.Select[Any], most: int) -> list[str]:
    return list(conn.execute(found.order_by(t.feed.c.key).limit(most)).scalars())


_OVER: dict[str, Over] = {
    "order": _orders,
    "task": _tasks,
    "stop_state": _stops,
    "run": _runs,
    "wave": _waves,
}
"""Stops before their run, which says that they are over."""


def too_many(conn: Any, site: str) -> int | None:
    """The version up to which the board's tombstones may go; None while they are few."""
    f = t.feed.c
    newest = (
        sa.select(f.ver)
        .where(f.site == site, f.scope == board_scope(site), f.body.is_(None))
        .order_by(f.ver.desc())
        .offset(TOMBSTONES)
        .limit(1)
    )
    found = conn.execute(newest).scalar()
    return None if found is None else int(found)


def bury(tx: Tx, site: str, up_to: int) -> None:
    """Forget the tombstones up to this version, and say that they were there: a board that has not
    come so far starts anew."""
    f, scope = t.feed.c, board_scope(site)
    tx.conn.execute(
        sa.delete(t.feed).where(f.site == site, f.scope == scope, f.body.is_(None), f.ver <= up_to)
    )
    tx.conn.execute(_RAISE_FLOOR, {"site": site, "scope": scope, "ver": up_to})


_RAISE_FLOOR = sa.text(
    "INSERT INTO scope_floor (site, scope, ver) VALUES (:site, :scope, :ver)"
    " ON CONFLICT (site, scope) DO UPDATE SET ver = excluded.ver"
    " WHERE scope_floor.ver < excluded.ver"
)
