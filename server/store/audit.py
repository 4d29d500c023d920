"""The audit log: each version's operations and events, sealed into one chain of hashes per site.

    rows   name and SHA-256 of each row of a version: its operations, then its events
    link   SHA-256 of the link before it (64 zeros before the first), its version and its rows

Who, what, when, from what device and why stand in the operations themselves. Sealing runs beside
the work, so that no scan waits for it: what was done within the last seconds is not sealed yet.
"""

import hashlib

import msgspec
import sqlalchemy as sa

from server.store import tables as t
from server.store.prepared import insert_all
from server.store.tx import Tx

START = "0" * 64
AT_ONCE = 20
"""Versions sealed in one commit: some milliseconds, which a scan may have to wait."""
Rows = dict[str, str]


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end of a site's chain."""

    site: str
    ver: int
    link: str


def any_unsealed(conn: sa.Connection) -> bool:
    sites = conn.execute(sa.select(t.site_clock.c.site)).scalars().all()
    return any(unsealed(conn, site, head_of(conn, site).ver, 1) for site in sites)


def seal(tx: Tx) -> list[Head]:
    """Seal the oldest `AT_ONCE` versions of each site that are not sealed; the new heads."""
    sites = tx.conn.execute(sa.select(t.site_clock.c.site).order_by(t.site_clock.c.site)).scalars()
    return [head for site in sites.all() if (head := _seal(tx.conn, site)) is not None]


def head_of(conn: sa.Connection, site: str) -> Head:
    links = sa.select(t.audit_link.c.ver, t.audit_link.c.link).where(t.audit_link.c.site == site)
    row = conn.execute(links.order_by(t.audit_link.c.ver.desc()).limit(1)).first()
    return Head(site=site, ver=row.ver if row else 0, link=row.link if row else START)


def link(before: str, ver: int, rows: str) -> str:
    return hashlib.sha256(f"{before}\n{ver}\n{rows}".encode()).hexdigest()


def rows_of(conn: sa.Connection, site: str, ver: int) -> Rows:
    """As `rows_between`, of one version, on a connection without a transaction."""
    return _rows(conn, site, ver, ver, {}).get(ver, {})


def rows_between(conn: sa.Connection, site: str, first: int, last: int) -> dict[int, Rows]:
    """By version: the name and SHA-256 of each row in it. An operation is named by its device and
    number, as in `dev-7/12`; an event by its place in the version, as in `event 3`."""
    return _rows(conn, site, first, last, {"yield_per": 500})


def _rows(
    conn: sa.Connection, site: str, first: int, last: int, options: dict[str, int]
) -> dict[int, Rows]:
    found: dict[int, Rows] = {}
    for table, name in ((t.op, _op_name), (t.event, _event_name)):
        wanted = sa.select(table).where(table.c.site == site, table.c.ver.between(first, last))
        ordered = wanted.order_by(table.c.ver, table.c.seq)
        for row in conn.execute(ordered, execution_options=options).mappings():
            found.setdefault(row["ver"], {})[name(row)] = _digest(row)
    return found


def as_text(rows: Rows) -> str:
    return msgspec.json.encode(rows).decode()


def unsealed(conn: sa.Connection, site: str, after: int, limit: int) -> list[int]:
    """The next versions with anything in them, oldest first."""
    tables = (t.op, t.event)
    versions = [sa.select(x.c.ver).where(x.c.site == site, x.c.ver > after) for x in tables]
    each = [sa.select(v.order_by("ver").distinct().limit(limit).subquery()) for v in versions]
    both = sa.union(*each).subquery()
    return list(conn.execute(sa.select(both.c.ver).order_by(both.c.ver).limit(limit)).scalars())


def _seal(conn: sa.Connection, site: str) -> Head | None:
    head = head_of(conn, site)
    versions = unsealed(conn, site, head.ver, AT_ONCE)
    if not versions:
        return None
    found, made = rows_between(conn, site, versions[0], versions[-1]), []
    for ver in versions:
        rows = as_text(found[ver])
        head = Head(site=site, ver=ver, link=link(head.link, ver, rows))
        made.append({"site": site, "ver": ver, "rows": rows, "link": head.link})
    insert_all(conn, t.audit_link, made)
    return head


def _digest(row: sa.RowMapping) -> str:
    return hashlib.sha256(msgspec.json.encode(list(row.values()))).hexdigest()


def _op_name(row: sa.RowMapping) -> str:
    return f"{row['device']}/{row['n']}"


def _event_name(row: sa.RowMapping) -> str:
    return f"event {row['seq']}"
