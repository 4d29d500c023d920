"""One case with its whole story, which travels with every hand-over."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.board.known_cases import KnownCase, offered
from server.exceptions.rows import CASES, DiscrepancyRow, case_row
from server.exceptions.tables import exception_entry
from server.floor.tables import discrepancy
from server.kernel.errors import Refusal


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`what`: taken, handed, escalated, reminded, noted, settled, reopened or over (by itself);
    `about`: to whom (the name), how many per cent, or which cause. `person_name`: None where it was
    the house itself."""

    no: int
    at: int
    what: str
    person_name: str | None
    level: int
    about: str
    text: str


class CaseStory(msgspec.Struct, frozen=True, kw_only=True):
    """`known`: resolutions of others like it, the best first."""

    case: DiscrepancyRow
    sku: str
    cause: str
    note: str | None
    settled_at: int | None
    entries: list[Entry]
    known: list[KnownCase]


def tell(conn: sa.Connection, site: str, case_id: str, cause: str = "") -> CaseStory:
    """Refuses `not_found`, alike for a case of another site and for one that nobody has."""
    d = discrepancy.c
    r = conn.execute(CASES.where(d.id == case_id, d.site == site)).mappings().first()
    if r is None:
        raise Refusal("not_found", field="case")
    same = {f: r[f] for f in ("sku", "cause", "note", "settled_at")}
    return CaseStory(
        case=case_row(r),
        **same,
        entries=_entries(conn, case_id),
        known=offered(conn, site, case_id, cause),
    )


def _entries(conn: sa.Connection, case_id: str) -> list[Entry]:
    to = person_table.alias("to_person")
    e = exception_entry.c
    found = (
        sa.select(exception_entry, person_table.c.name.label("person_name"), to.c.name.label("to"))
        .outerjoin(person_table, person_table.c.id == e.person)
        .outerjoin(to, to.c.id == e.about)
        .where(e.case_id == case_id)
        .order_by(e.no)
    )
    return [_entry(r) for r in conn.execute(found).mappings()]


def _entry(r: Any) -> Entry:
    same = {f: r[f] for f in ("no", "at", "what", "person_name", "level", "text")}
    return Entry(**same, about=r["to"] or r["about"])
