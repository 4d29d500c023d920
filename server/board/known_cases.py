"""The knowledge base: settled cases by their words, and those that help with a new one."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.board.case_words import beginnings, wanted
from server.board.rules import fold
from server.board.tables import find_case
from server.exceptions.events import CaseSettled
from server.exceptions.offering import Alike, Past, best
from server.exceptions.rows import CASES
from server.exceptions.tables import exception_case
from server.floor.tables import discrepancy
from server.kernel.events import reacts
from server.kernel.feeds import RowSink, projects
from server.kernel.ops import OpContext

LOOKED_AT = 200
"""Of the cases that have one thing in common the newest count."""
_HIGHEST = "\U0010ffff"
_D, _C = discrepancy.c, exception_case.c
_KNOWN = sa.and_(_D.state == "settled", _C.cause != "")
"""What went away by itself teaches nothing."""


class KnownCase(msgspec.Struct, frozen=True, kw_only=True):
    """`reused`: how often its words helped since."""

    id: str
    kind: str
    cause: str
    note: str
    sku: str
    customer: str
    customer_name: str | None
    order: str | None
    order_number: str | None
    settled_at: int
    settled_by: str | None
    reused: int


class KnownCases(msgspec.Struct, frozen=True, kw_only=True):
    cases: list[KnownCase]
    more: bool


@reacts(CaseSettled)
def write_case_down(event: CaseSettled, ctx: OpContext) -> None:
    ctx.touch("find_case", event.case)


@projects("find_case")
def index_cases(sink: RowSink, ids: Iterable[str]) -> None:
    """A case that was settled again is found by its new words only."""
    wanted_ids = list(ids)
    sink.conn.execute(sa.delete(find_case).where(find_case.c.case_id.in_(wanted_ids)))
    for r in sink.conn.execute(CASES.where(_D.id.in_(wanted_ids))).mappings():
        said = (r["note"], r["sku"], r["customer_name"], r["order_number"])
        found = sorted(beginnings(text for text in said if text))
        rows = [{"site": sink.site, "part": part, "case_id": r["id"]} for part in found]
        if rows:
            sink.conn.execute(sa.insert(find_case), rows)


def search(
    conn: sa.Connection, site: str, text: str, kind: str, cause: str, limit: int
) -> KnownCases:
    """Cases that hold every word of `text`, the last settled first."""
    asked = _settled(site)
    if kind:
        asked = asked.where(_D.kind == kind)
    if cause:
        asked = asked.where(_C.cause == cause)
    for word in wanted(text):
        asked = asked.where(_D.id.in_(_holding(site, word)))
    rows = conn.execute(asked.limit(limit + 1)).mappings().all()
    return KnownCases(cases=_shown(conn, rows[:limit]), more=len(rows) > limit)


def _settled(site: str) -> sa.Select[Any]:
    newest = _D.settled_at.desc(), _D.id
    return CASES.where(_D.site == site, _KNOWN).order_by(*newest)


def _holding(site: str, word: str) -> sa.Select[Any]:
    f = find_case.c
    return sa.select(f.case_id).where(f.site == site, f.part >= word, f.part < word + _HIGHEST)


def offered(
    conn: sa.Connection, site: str, case_id: str, cause: str = "", most: int = 5
) -> list[KnownCase]:
    """Past resolutions that may help with this case, the best first."""
    mine = conn.execute(CASES.where(_D.id == case_id, _D.site == site)).mappings().first()
    if mine is None:
        return []
    rows: dict[str, Any] = {}
    for same in _in_common(mine):
        found = _settled(site).where(same, _D.id != case_id).limit(LOOKED_AT)
        rows.update({r["id"]: r for r in conn.execute(found).mappings()})
    times = _reused(conn, list(rows))
    chosen = best(_alike(mine, cause), [_past(r, times) for r in rows.values()], most)
    return _shown(conn, [rows[past.id] for past in chosen])


def _in_common(mine: Any) -> list[sa.ColumnElement[bool]]:
    known = [_D.kind == mine["kind"]]
    known += [_C.sku == mine["sku"]] if mine["sku"] else []
    return known + ([_C.customer == mine["customer"]] if mine["customer"] else [])


def _alike(r: Any, cause: str) -> Alike:
    return Alike(kind=r["kind"], sku=r["sku"], customer=r["customer"], cause=cause)


def _past(r: Any, times: Counter[str]) -> Past:
    return Past(
        id=r["id"],
        alike=_alike(r, r["cause"]),
        words=fold(r["note"]),
        at=r["settled_at"],
        reused=times[r["id"]],
    )


def _reused(conn: sa.Connection, ids: list[str]) -> Counter[str]:
    found = sa.select(_C.reused, sa.func.count()).where(_C.reused.in_(ids)).group_by(_C.reused)
    return Counter({name: int(count) for name, count in conn.execute(found)})


def _shown(conn: sa.Connection, rows: Iterable[Any]) -> list[KnownCase]:
    rows = list(rows)
    times = _reused(conn, [r["id"] for r in rows])
    people = sorted({r["settled_by"] for r in rows if r["settled_by"]})
    named = sa.select(person_table.c.id, person_table.c.name).where(person_table.c.id.in_(people))
    names = {r.id: r.name for r in conn.execute(named)}
    made = ("reused", "settled_by")
    same = [f for f in KnownCase.__struct_fields__ if f not in made]
    return [
        KnownCase(
            **{f: r[f] for f in same},
            settled_by=names.get(r["settled_by"]),
            reused=times[r["id"]],
        )
        for r in rows
    ]
