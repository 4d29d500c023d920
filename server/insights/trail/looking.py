"""Looks entries up: by person, device, kind, order, period, outcome; the newest first.

Each look-up is a range of an index that ends at the page's last row, so that the length of the log
does not matter (`ix_op_…` in `store/tables.py`).
"""

import re
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.auth.tables import person as person_table
from server.insights.trail.rules import why
from server.insights.trail.shapes import Entry
from server.kernel.errors import Refusal
from server.kernel.values import Moment
from server.orders.tables import orders
from server.store.tables import UNDONE, device, event, op

_PLACE = re.compile(r"([0-9]{1,15}):([0-9]{1,15}):([0-9]{1,9})")
MOST_OF_ORDER = 5_000
FIRST, LAST = 0, 9_999_999_999_999


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Empty: whatever it is. `order`: its number or id. `since`, `until`: when it was written
    down, ms, the latter excluded. `outcome`: `undone` is whatever was not simply applied."""

    person: str = ""
    device: str = ""
    kind: str = ""
    order: str = ""
    outcome: str = ""
    since: Moment = FIRST
    until: Moment = LAST


class Place(NamedTuple):
    """Behind which entry a page begins."""

    recv_at: int
    ver: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Refuses `malformed`: a page's end is only ever taken from an answer."""
        if not (said := _PLACE.fullmatch(text)):
            mend = "send what `more` said, or leave it out"
            raise Refusal("malformed", field="after", value=text, mend=mend)
        return cls(*map(int, said.groups()))

    def __str__(self) -> str:
        return ":".join(map(str, self))


_ENTRY = (
    sa.select(
        *(op.c[f] for f in ("device", "n", "person", "kind", "outcome", "code", "recv_at", "ver")),
        op.c.at_est.label("at"),
        op.c.body,
        op.c.data,
        op.c.seq,
        device.c.name.label("device_name"),
        person_table.c.name.label("person_name"),
    )
    .outerjoin(device, device.c.id == op.c.device)
    .outerjoin(person_table, person_table.c.id == op.c.person)
)


def look_up(
    conn: sa.Connection, site: str, wanted: Wanted, limit: int, after: str = ""
) -> tuple[list[Entry], str]:
    """At most `limit` entries, and where the next page begins; empty: there is none."""
    found = _ENTRY.where(*_of(conn, site, wanted), *_conditions(wanted))
    if after:
        place = sa.tuple_(op.c.recv_at, op.c.ver, op.c.seq)
        found = found.where(place < sa.tuple_(*map(sa.literal, Place.parse(after))))
    newest = op.c.recv_at.desc(), op.c.ver.desc(), op.c.seq.desc()
    rows = list(conn.execute(found.order_by(*newest).limit(limit + 1)).mappings())
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    more = str(Place(last["recv_at"], last["ver"], last["seq"])) if last else ""
    return entries_of(conn, site, shown), more


def find(conn: sa.Connection, site: str, device_id: str, n: int) -> sa.RowMapping:
    """Refuses `not_found`, alike for another site's."""
    one = _ENTRY.where(op.c.site == site, op.c.device == device_id, op.c.n == n)
    row = conn.execute(one).mappings().first()
    if row is None:
        raise Refusal("not_found", field="n", value=n)
    return row


def entries_of(conn: sa.Connection, site: str, rows: list[sa.RowMapping]) -> list[Entry]:
    known = _orders(conn, site, rows)
    made = []
    for r in rows:
        about = known.get((r["device"], r["n"]), (None, None))
        same: dict[str, Any] = {f: r[f] for f in Entry.__struct_fields__ if f in r}
        told = why(msgspec.json.decode(r["body"]))
        made.append(Entry(**same, order=about[0], order_number=about[1], why=told))
    return made


def _of(conn: sa.Connection, site: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """The site's; those of an order by their own keys alone, which no planner then overlooks for
    an index that is in the right order and a million entries long."""
    if not wanted.order:
        return [op.c.site == site]
    by_device: dict[str, list[int]] = {}
    for name, n in _about(conn, site, wanted.order):
        by_device.setdefault(name, []).append(n)
    mine = (sa.and_(op.c.device == d, op.c.n.in_(ns)) for d, ns in by_device.items())
    return [sa.or_(sa.false(), *mine)]


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    asked = (
        (op.c.person, wanted.person),
        (op.c.device, wanted.device),
        (op.c.kind, wanted.kind),
        (op.c.outcome, wanted.outcome if wanted.outcome != "undone" else ""),
    )
    made = [column == value for column, value in asked if value]
    if wanted.outcome == "undone":
        made.append(UNDONE)
    if wanted.since > FIRST:
        made.append(op.c.recv_at >= wanted.since)
    if wanted.until < LAST:
        made.append(op.c.recv_at < wanted.until)
    return made


def _about(conn: sa.Connection, site: str, said: str) -> list[tuple[str, int]]:
    """What its events follow from; and what was not applied but names it, which has none:
    nobody can have named it before it was there."""
    named = sa.select(orders.c.id, orders.c.created_at).where(
        orders.c.site == site, sa.or_(orders.c.number == said.upper(), orders.c.id == said)
    )
    order = conn.execute(named).first()
    order_id, since = (order.id, order.created_at) if order else (said, FIRST)
    told = sa.select(event.c.device, event.c.n).where(event.c.key == order_id, event.c.site == site)
    undone = sa.select(op.c.device, op.c.n).where(
        op.c.site == site,
        UNDONE,
        op.c.recv_at >= since,
        op.c.body.contains(order_id, autoescape=True),
    )
    both = sa.union(told, undone).subquery()
    return [(r.device, r.n) for r in conn.execute(sa.select(both).limit(MOST_OF_ORDER))]


def _orders(
    conn: sa.Connection, site: str, rows: list[sa.RowMapping]
) -> dict[tuple[str, int], tuple[str, str | None]]:
    """The order that each operation was about: of several the first that it told of."""
    found = (
        sa.select(event.c.device, event.c.n, event.c.key, orders.c.number)
        .outerjoin(orders, orders.c.id == event.c.key)
        .where(event.c.site == site, event.c.ver.in_({r["ver"] for r in rows}), event.c.key != "")
        .order_by(event.c.ver.desc(), event.c.seq.desc())
    )
    return {(r.device, r.n): (r.key, r.number) for r in conn.execute(found)}
