"""Time runs out: reminders at half and all of it, and the next level when nobody settled it.

Looks every few seconds before it writes; what is due at one moment is one operation, so that a
replay of the log tells it again at the same moment.
"""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from server.exceptions import cases
from server.exceptions.events import CaseEscalated, CaseReminded
from server.exceptions.rules import ExceptionRules, passed
from server.exceptions.settings import rules_of
from server.exceptions.tables import exception_case
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Role
from server.store.submit import submit
from server.store.tx import Tx

AT_ONCE = 100
"""Cases in one operation: a version of the feed must fit a page."""


class ChaseCases(Op):
    """It is later than it was."""


@operation("exceptions.chase_cases.v1", kind=FACT, roles={Role.SYSTEM})
def chase_cases(_op: ChaseCases, ctx: OpContext) -> None:
    """Those that have waited longest first; the rest with the next look."""
    rules = rules_of(ctx.conn, ctx.site)
    c = exception_case.c
    due = sa.select(c.id).where(c.site == ctx.site, c.next_at <= ctx.at)
    found = ctx.conn.execute(due.order_by(c.next_at, c.id).limit(AT_ONCE)).scalars().all()
    for case_id in sorted(found):
        _chase(ctx, rules, case_id)


def _chase(ctx: OpContext, rules: ExceptionRules, case_id: str) -> None:
    case = cases.load(ctx, case_id)
    now = passed(rules, case.clock, ctx.at)
    if now.reminder:
        case = _remind(ctx, case, now.reminder)
    case = replace(case, clock=now.clock)
    if now.escalated:
        case = cases.tell(ctx, case, "escalated")
        ctx.emit(
            CaseEscalated(
                order=case.order,
                case=case.id,
                level=now.clock.level,
                owner=case.owner,
                by_clock=True,
            )
        )
    cases.save(ctx, case, seen=now.escalated)


def _remind(ctx: OpContext, case: cases.Case, percent: int) -> cases.Case:
    ctx.emit(
        CaseReminded(
            case=case.id,
            about=case.kind,
            level=case.clock.level,
            percent=percent,
            owner=case.owner,
            due_at=case.clock.due_at,
        )
    )
    return cases.tell(ctx, case, "reminded", about=str(percent))


def due_sites(conn: Any, now: int) -> list[str]:
    """Where something has run out."""
    c = exception_case.c
    found = sa.select(c.site).where(c.next_at <= now).distinct().order_by(c.site)
    return [str(site) for site in conn.execute(found).scalars()]


def chase(tx: Tx) -> int:
    """One operation for each site where something is due; how many."""
    sites = due_sites(tx.conn, tx.now)
    for site in sites:
        submit(tx, site, "exceptions", "exceptions.chase_cases.v1", ChaseCases())
    return len(sites)
