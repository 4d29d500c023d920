"""Reading the feed: what a cursor has not seen yet, in one snapshot."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class FeedRow:
    scope: str
    kind: str
    key: str
    ver: int
    body: msgspec.Raw | None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[FeedRow]
    cursors: dict[str, Cursor]
    reset: list[str]
    more: bool


def read_page(conn: sa.Connection, site: str, bases: Mapping[str, int]) -> list[Any]:
    """Rows of every scope above its base, each with the site's version as `top`.

    One statement, hence one snapshot: two would let a commit between them show an operation as
    done without its effect.
    """
    values: dict[str, Any] = {"site": site}
    for i, (scope, base) in enumerate(sorted(bases.items())):
        values[f"scope{i}"], values[f"base{i}"] = scope, base
    return list(conn.execute(_page_statement(len(bases)), values).mappings())


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
    found: Iterable[Mapping[str, Any]],
    scopes: Iterable[str],
    held: Mapping[str, Cursor],
    reset: list[str],
) -> Page:
    """Cut at a version, never inside one, and say where each scope stands now."""
    records = list(found)
    top = int(records[0]["top"]) if records else 0
    rows = [feed_row(r) for r in records if r["scope"] is not None]
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


def feed_row(r: Mapping[str, Any]) -> FeedRow:
    body = None if r["body"] is None else msgspec.Raw(r["body"].encode())
    return FeedRow(r["scope"], r["kind"], r["key"], int(r["ver"]), body)
