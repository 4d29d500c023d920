"""Reading the feed: what a cursor has not seen yet, in one snapshot."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.store import tables as t

PAGE_ROWS = 600


@dataclass(frozen=True, slots=True)
class Cursor:
    """`pos`: read up to here. `snap`: the site's version when this scope's snapshot began."""

    pos: int
    snap: int

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        pos, _, snap = text.partition(".")
        return cls(int(pos), int(snap))

    def __str__(self) -> str:
        return f"{self.pos}.{self.snap}"


class FeedRow(NamedTuple):
    """As it stands on the wire. A page makes hundreds of them, hence no class of its own."""

    scope: str
    kind: str
    key: str
    ver: int
    body: msgspec.Raw | None


Record = Sequence[Any]
"""The site's version, and the scope, kind, key, version and body of one row of it."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[FeedRow]
    cursors: dict[str, Cursor]
    reset: list[str]
    more: bool


def version(conn: Any, site: str) -> int:
    """The site's newest version; 0 before its first commit."""
    found = sa.select(t.site_clock.c.ver).where(t.site_clock.c.site == site)
    return int(conn.execute(found).scalar() or 0)


def read_page(conn: sa.Connection, site: str, bases: Mapping[str, int]) -> list[Record]:
    """Rows of every scope above its base, each behind the site's version.

    One statement, hence one snapshot: two would let a commit between them show an operation as
    done without its effect.
    """
    values: dict[str, Any] = {"site": site}
    for i, (scope, base) in enumerate(sorted(bases.items())):
        values[f"scope{i}"], values[f"base{i}"] = scope, base
    return list(conn.execute(_page_statement(len(bases)), values).all())


@functools.cache
def _page_statement(scopes: int) -> sa.Select[Any]:
    """A search by index per scope: joined by OR, SQLite would walk the whole site's feed."""
    c = t.site_clock
    rows = sa.union_all(*(_above_base(i) for i in range(scopes))).subquery()
    return (
        sa.select(
            c.c.ver.label("top"), rows.c.scope, rows.c.kind, rows.c.key, rows.c.ver, rows.c.body
        )
        .select_from(c.outerjoin(rows, sa.true()))
        .where(c.c.site == sa.bindparam("site"))
        .order_by(rows.c.ver)
        .limit(PAGE_ROWS + 1)
    )


def _above_base(i: int) -> sa.Select[Any]:
    """Who starts from nothing has nothing to forget: tombstones are left out."""
    f, base = t.feed, sa.bindparam(f"base{i}", type_=sa.BigInteger)
    first = (
        sa.select(f.c.scope, f.c.kind, f.c.key, f.c.ver, f.c.body)
        .where(
            f.c.site == sa.bindparam("site"),
            f.c.scope == sa.bindparam(f"scope{i}"),
            f.c.ver > base,
            sa.or_(f.c.body.is_not(None), base > 0),
        )
        .order_by(f.c.ver)
        .limit(PAGE_ROWS + 1)
        .subquery()
    )
    return sa.select(first)


def expired(cursors: Mapping[str, Cursor], floors: Mapping[str, int]) -> list[str]:
    """Scopes whose tombstones were collected beyond the cursor. Comparing `pos` alone would
    make a paged snapshot start again for ever."""
    return [s for s, c in cursors.items() if c.pos and max(c.pos, c.snap) < floors.get(s, 0)]


def build_page(
    records: Sequence[Record],
    scopes: Iterable[str],
    held: Mapping[str, Cursor],
    reset: list[str],
) -> Page:
    """Cut at a version, never inside one, and say where each scope stands now."""
    top = int(records[0][0]) if records else 0
    rows = feed_rows(records)
    more = len(rows) > PAGE_ROWS
    to = top
    if more:
        to = rows[-1].ver - 1 if rows[-1].ver > rows[0].ver else rows[-1].ver
        rows = [r for r in rows if r.ver <= to]
    cursors = {}
    for scope in scopes:
        old = held.get(scope)
        snap = old.snap if old else top
        cursors[scope] = Cursor(max(old.pos if old else 0, to), snap)
    return Page(rows, cursors, reset, more)


def feed_rows(records: Iterable[Record]) -> list[FeedRow]:
    """Of what an outer join found: a site without rows is one record of nothing."""
    raw = msgspec.Raw
    return [
        FeedRow(scope, kind, key, ver, None if body is None else raw(body.encode()))
        for _, scope, kind, key, ver, body in records
        if scope is not None
    ]
