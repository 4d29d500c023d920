"""Is the audit log what was sealed? `dockhand check audit` names the first row that is not.

Found are rows edited, deleted, put in or moved by hand; a chain made anew, or cut off at its end,
as far as a signed head outside the database knows better.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from server.insights import audit_checks
from server.insights.finding import Finding
from server.pod.checks import signed_by
from server.store import audit, audit_heads
from server.store import tables as t
from server.store.engines import snapshot_engine
from server.store.site_keys import PublicKey
from server.store.store import Store

VERSIONS = 100
Links = dict[int, str]


def check_audit(store: Store) -> tuple[list[Finding], int, bool]:
    """As `audit_findings`, and whether it could be written down for whoever asks later when it was
    looked at: a copy of a database has no keys beside it."""
    engine = snapshot_engine(store.url)
    try:
        with engine.connect() as conn:
            sites = conn.execute(sa.select(t.site_clock.c.site)).scalars().all()
            vers = {site: audit.head_of(conn, site).ver for site in sites}
    finally:
        engine.dispose()
    found, fresh = audit_findings(store)
    try:
        audit_checks.write(store.keys.folder, vers, found, store.clock())
    except OSError:
        return found, fresh, False
    return found, fresh, True


def audit_findings(store: Store) -> tuple[list[Finding], int]:
    """The first bad row of each site, and how many versions are not sealed yet."""
    keys = {key.kid: key for key in store.keys.published()}
    engine = snapshot_engine(store.url)
    try:
        with engine.connect() as conn:
            heads, bad = _heads(store, keys)
            fresh = 0
            for site in conn.execute(sa.select(t.site_clock.c.site)).scalars().all():
                signed = heads.get(site, [])
                found, links, end = _chain(conn, site, {head.ver for head in signed})
                first = found or next(_beyond(site, signed, links, end), None)
                bad += [first] if first else []
                fresh += 0 if found else _unsealed(conn, site, end)
            return bad, fresh
    finally:
        engine.dispose()


def _chain(conn: sa.Connection, site: str, signed: set[int]) -> tuple[Finding | None, Links, int]:
    """Walk the chain; what is wrong first, the links of the signed versions, and the last one."""
    before, links, after = audit.START, Links(), 0
    while part := _part(conn, site, after):
        last = part[-1].ver
        there = audit.rows_between(conn, site, after + 1, last)
        for sealed in part:
            if wrong := _wrong(site, sealed, before, there, after):
                return wrong, links, after
            there.pop(sealed.ver, None)
            before, after = sealed.link, sealed.ver
            if sealed.ver in signed:
                links[sealed.ver] = sealed.link
    return None, links, after


def _part(conn: sa.Connection, site: str, after: int) -> list[Any]:
    c = t.audit_link.c
    wanted = sa.select(c.ver, c.rows, c.link).where(c.site == site, c.ver > after)
    return list(conn.execute(wanted.order_by(c.ver).limit(VERSIONS)).all())


def _wrong(
    site: str,
    sealed: Any,
    before: str,
    there: Mapping[int, audit.Rows],
    after: int,
) -> Finding | None:
    for ver in sorted(v for v in there if after < v < sealed.ver):
        name = next(iter(there[ver]))
        return Finding(
            "row_was_sealed", f"{site}, version {ver}, {name}", "put in, or its link taken"
        )
    if sealed.link != audit.link(before, sealed.ver, sealed.rows):
        what = f"{site}, version {sealed.ver}"
        return Finding("links_follow_each_other", what, sealed.link[:12], before[:12])
    return _row(f"{site}, version {sealed.ver}", sealed.rows, there.get(sealed.ver, {}))


def _row(where: str, sealed: str, there: audit.Rows) -> Finding | None:
    """The first row that is not as it was, by its own name."""
    expected = msgspec.json.decode(sealed, type=dict[str, str])
    for name, digest in expected.items():
        if (found := there.get(name)) != digest:
            what = f"{where}, {name}"
            return Finding("row_is_what_was_sealed", what, (found or "gone")[:12], digest[:12])
    for name in there:
        if name not in expected:
            return Finding("row_was_sealed", f"{where}, {name}", "put in")
    return None


def _beyond(site: str, heads: list[audit_heads.Told], links: Links, end: int) -> Iterator[Finding]:
    for head in heads:
        if links.get(head.ver) != head.link:
            rule = "chain_reaches_its_signed_head" if head.ver > end else "chain_is_what_was_signed"
            found = f"ends at version {end}" if head.ver > end else links.get(head.ver, "gone")[:12]
            yield Finding(rule, f"{site}, version {head.ver}", found, head.link[:12])


def _heads(
    store: Store, keys: Mapping[str, PublicKey]
) -> tuple[dict[str, list[audit_heads.Told]], list[Finding]]:
    """By site what must be there; and the lines that nobody signed."""
    heads: dict[str, list[audit_heads.Told]] = {}
    bad = []
    for number, line in enumerate(audit_heads.lines(store.keys.folder), 1):
        if line is None or not signed_by(keys.get(line.key), line.told.body(), line.signature):
            bad.append(Finding("head_is_signed", f"{audit_heads.FILE}, line {number}", "it is not"))
            continue
        known = heads.setdefault(line.told.site, [])
        if line.told.what == "restored":
            known[:] = [head for head in known if head.ver <= line.told.ver]
        elif line.told.ver:
            known.append(line.told)
    return heads, bad


def _unsealed(conn: sa.Connection, site: str, after: int) -> int:
    newer = sa.select(t.op.c.ver).where(t.op.c.site == site, t.op.c.ver > after).distinct()
    return int(conn.execute(sa.select(sa.func.count()).select_from(newer.subquery())).scalar_one())
