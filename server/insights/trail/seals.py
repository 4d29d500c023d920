"""Is an entry what was sealed, and how far is the chain known to be whole?"""

from pathlib import Path

import msgspec
import sqlalchemy as sa

from server.insights import audit_checks
from server.insights.trail.shapes import Chain
from server.store import audit, audit_heads
from server.store.tables import audit_link

WHOLE, WAITING, BROKEN = "whole", "waiting", "broken"
_TAIL = 64 * 1024
"""Bytes at the end of the file of heads in which the last of a site is looked for."""


def chain_of(conn: sa.Connection, site: str, keys: Path) -> Chain:
    """`keys`: the folder of the site's keys."""
    told = _last_signed(keys, site)
    checked = audit_checks.last(keys)
    return Chain(
        sealed=audit.head_of(conn, site).ver,
        signed=told.ver if told else 0,
        signed_at=told.at if told else 0,
        checked=checked.vers.get(site, 0) if checked else 0,
        checked_at=checked.at if checked else 0,
        findings=checked.findings if checked else 0,
        first=checked.first if checked else "",
    )


def seal_of(conn: sa.Connection, site: str, ver: int) -> str:
    """Of one version: its rows against what was sealed, and its link against the one before."""
    c = audit_link.c
    sealed = conn.execute(sa.select(c.rows, c.link).where(c.site == site, c.ver == ver)).first()
    if sealed is None:
        return WAITING if ver > audit.head_of(conn, site).ver else BROKEN
    earlier = sa.select(c.link).where(c.site == site, c.ver < ver).order_by(c.ver.desc()).limit(1)
    before = conn.execute(earlier).scalar() or audit.START
    same = audit.rows_of(conn, site, ver) == msgspec.json.decode(sealed.rows, type=dict[str, str])
    linked = sealed.link == audit.link(before, ver, sealed.rows)
    return WHOLE if same and linked else BROKEN


def _last_signed(keys: Path, site: str) -> audit_heads.Told | None:
    """The newest; whether the signature holds is for `dockhand check audit` to say."""
    path = keys / audit_heads.FILE
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        lines = file.read().splitlines()
    for text in reversed(lines):
        try:
            told = msgspec.json.decode(text, type=audit_heads.Line).told
        except msgspec.DecodeError:
            continue
        if told.site == site:
            return told
    return None
