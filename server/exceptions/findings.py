"""The books have checked themselves: what does not hold comes onto the desk, once until settled."""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.exceptions.settings import rules_of
from server.exceptions.tables import self_check
from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.store.tables import site_clock

NOT_SOUND = code("books_not_sound")
MOST = 50
"""Findings told of one check: whoever has more has one trouble, not so many."""
HOUR_MS = 3_600_000
Told = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_PUT = sa.text(
    "INSERT INTO self_check (site, at, found) VALUES (:site, :at, :found)"
    " ON CONFLICT (site) DO UPDATE SET at = excluded.at, found = excluded.found"
)


class FoundUnsound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`rule` that does not hold for `what`; `found` and, where there is one, `expected`."""

    rule: Id
    what: Told
    found: Told
    expected: Told = ""


class ReportFindings(Op):
    """All that a check found, or the first of it; `count`: how many there were."""

    count: Annotated[int, Meta(ge=0, le=10**9)]
    findings: Annotated[list[FoundUnsound], Meta(max_length=MOST)] = []


@operation("exceptions.report_findings.v1", kind=FACT, roles={Role.SYSTEM})
def report_findings(op: ReportFindings, ctx: OpContext) -> None:
    ctx.conn.execute(_PUT, {"site": ctx.site, "at": ctx.at, "found": op.count})
    known = _known(ctx)
    for each in op.findings:
        details = {f: getattr(each, f) for f in FoundUnsound.__struct_fields__}
        if (each.rule, each.what) not in known:
            discrepancies.open_one(
                ctx, NOT_SOUND, operation="exceptions.report_findings", details=details
            )


def _known(ctx: OpContext) -> set[tuple[str, str]]:
    """What is on the desk already."""
    d = discrepancy.c
    found = sa.select(d.body).where(d.site == ctx.site, d.state == "open", d.kind == NOT_SOUND)
    bodies = [msgspec.json.decode(body) for body in ctx.conn.execute(found).scalars()]
    return {(body["rule"], body["what"]) for body in bodies}


def unchecked_sites(conn: Any, now: int) -> list[str]:
    """Where it is time to check the books. A new site has its first check at once."""
    last = sa.select(site_clock.c.site, self_check.c.at).outerjoin(
        self_check, self_check.c.site == site_clock.c.site
    )
    found = []
    for site, at in conn.execute(last.order_by(site_clock.c.site)):
        hours = rules_of(conn, site).check_hours
        if hours and (at is None or at <= now - hours * HOUR_MS):
            found.append(str(site))
    return found
