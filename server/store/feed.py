"""Reading the feed: what a cursor has not seen yet, in one snapshot."""

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


def page_statement(site: str, bases: Mapping[str, int]) -> sa.Select[Any]:
    """One statement, hence one snapshot: the clock and every row above the bases.

    Two statements would let a commit between them show an operation as done without its effect.
    """
    f, c = t.feed, t.site_clock
    wanted = sa.or_(
        *(
            sa.and_(
                f.c.scope == scope,
                f.c.ver > base,
                *([f.c.body.is_not(None)] if base == 0 else []),
            )
            for scope, base in sorted(bases.items())
        )
    )
    return (
        sa.select(c.c.ver.label("top"), f.c.scope, f.c.kind, f.c.key, f.c.ver, f.c.body)
        .select_from(c.outerjoin(f, sa.and_(f.c.site == c.c.site, wanted)))
        .where(c.c.site == site)
        .order_by(f.c.ver)
        .limit(PAGE_ROWS + 1)
    )


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
