"""What the desk does with a case.

open -> settled -> open again. Whoever takes it is the one contact for it until it is handed over;
what everybody wrote travels with it.
"""

from dataclasses import replace
from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.auth.tables import person as person_table
from server.exceptions import cases
from server.exceptions.answering import answer
from server.exceptions.cases import OPEN, SETTLED, Case
from server.exceptions.events import (
    CaseEscalated,
    CaseHandedOver,
    CaseNoted,
    CaseReopened,
    CaseSettled,
    CaseTaken,
)
from server.exceptions.rules import HIGHEST, Cause, hand_up, may_settle, restart
from server.exceptions.settings import rules_of
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import DESK, Epoch, Id, Role, Text

OWNED = code("case_has_owner")
BEYOND_AUTHORITY = code("case_beyond_authority")
AT_HIGHEST = code("case_at_highest_level")
NOT_AT_DESK = code("person_not_at_desk")
Words = Annotated[
    str,
    Meta(
        min_length=1, max_length=500, pattern=r"^(?=[\s\S]*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
    ),
]
"""Something besides blanks."""
_LEADERS = (Role.SUPERVISOR, Role.ADMIN)


class TakeCase(Op):
    """`expects`, here and below: the revision of the case that the asker saw."""

    case: Id
    expects: Epoch


@operation("exceptions.take_case.v1", kind=REQUEST, roles=DESK)
def take_case(op: TakeCase, ctx: OpContext) -> None:
    case = _live(ctx, op.case, op.expects)
    if case.owner == ctx.person:
        return
    told = cases.tell(ctx, replace(case, owner=ctx.person), "taken")
    cases.save(ctx, told)
    ctx.emit(CaseTaken(order=case.order, case=case.id))


class HandOverCase(Op):
    """`to`: who is asked from now on."""

    case: Id
    expects: Epoch
    to: Id
    note: Text = ""


@operation("exceptions.hand_over_case.v1", kind=REQUEST, roles=DESK)
def hand_over_case(op: HandOverCase, ctx: OpContext) -> None:
    case = _live(ctx, op.case, op.expects)
    name = _at_desk(ctx, op.to)
    told = cases.tell(ctx, replace(case, owner=op.to), "handed", op.note, about=op.to)
    cases.save(ctx, told)
    ctx.emit(CaseHandedOver(order=case.order, case=case.id, receiver=name, note=op.note))


class EscalateCase(Op):
    """To the next level, before its time is over. The owner stays the contact until somebody of
    that level takes it."""

    case: Id
    expects: Epoch
    note: Words


@operation("exceptions.escalate_case.v1", kind=REQUEST, roles=DESK)
def escalate_case(op: EscalateCase, ctx: OpContext) -> None:
    case = _live(ctx, op.case, op.expects)
    if case.clock.level == HIGHEST:
        raise Refusal(AT_HIGHEST, case=case.id, field="level", value=HIGHEST)
    clock = hand_up(rules_of(ctx.conn, ctx.site), case.clock, ctx.at)
    told = cases.tell(ctx, replace(case, clock=clock), "escalated", op.note)
    cases.save(ctx, told)
    ctx.emit(
        CaseEscalated(
            order=case.order,
            case=case.id,
            level=clock.level,
            owner=case.owner,
            by_clock=False,
            note=op.note,
        )
    )


class NoteCase(Op):
    case: Id
    note: Words


@operation("exceptions.note_case.v1", kind=REQUEST, roles=DESK)
def note_case(op: NoteCase, ctx: OpContext) -> None:
    """Also to one that is settled: what somebody learns of it later belongs to it."""
    case = cases.load(ctx, op.case)
    cases.tell(ctx, case, "noted", op.note)
    ctx.emit(CaseNoted(order=case.order, case=case.id, note=op.note))


class SettleCase(Op):
    """`note`: what was done, in words that help with the next one of its kind; `cause`: why it
    came to this at all. `reused`: the case whose words were taken."""

    case: Id
    expects: Epoch
    note: Words
    cause: Cause
    reused: Id | None = None


@operation("exceptions.settle_case.v1", kind=REQUEST, roles=DESK)
def settle_case(op: SettleCase, ctx: OpContext) -> None:
    case = _live(ctx, op.case, op.expects)
    role = str(ctx.role or Role.SYSTEM)
    about = cases.concerned(ctx, case.order)
    if not may_settle(rules_of(ctx.conn, ctx.site), role, case.clock.level, about):
        raise Refusal(BEYOND_AUTHORITY, case=case.id, field="level", value=case.clock.level)
    if op.reused is not None and op.reused != case.id:
        cases.load(ctx, op.reused)
    told = cases.tell(ctx, case, "settled", op.note, about=op.cause)
    over = cases.set_state(ctx, told, SETTLED, op.note)
    cases.save(ctx, over, cause=op.cause, reused=op.reused)
    answer(ctx, case.id, op.note)
    ctx.emit(
        CaseSettled(
            order=case.order,
            case=case.id,
            about=case.kind,
            cause=op.cause,
            note=op.note,
            reused=op.reused,
        )
    )


class ReopenCase(Op):
    """It was not the end of it. The time of its level begins anew."""

    case: Id
    expects: Epoch
    note: Words


@operation("exceptions.reopen_case.v1", kind=REQUEST, roles=DESK)
def reopen_case(op: ReopenCase, ctx: OpContext) -> None:
    case = cases.load(ctx, op.case, op.expects)
    if case.state == OPEN:
        raise Refusal("already_done", field="case", value=case.id)
    clock = restart(rules_of(ctx.conn, ctx.site), case.clock.level, ctx.at)
    told = cases.tell(ctx, replace(case, clock=clock), "reopened", op.note)
    again = cases.set_state(ctx, told, OPEN, None)
    cases.save(ctx, again, cause="", reused=None)
    ctx.emit(CaseReopened(order=case.order, case=case.id, note=op.note))


def _live(ctx: OpContext, case_id: str, expects: int) -> Case:
    """An open case that is the asker's to act on: their own, nobody's, or, for those who lead,
    anybody's."""
    case = cases.load(ctx, case_id, expects)
    if case.state != OPEN:
        raise Refusal("already_done", field="case", value=case_id)
    if case.owner not in (None, ctx.person) and ctx.role not in _LEADERS:
        raise Refusal(OWNED, case=case_id, by=_name(ctx, case.owner))
    return case


def _name(ctx: OpContext, person: str | None) -> str:
    found = sa.select(person_table.c.name).where(person_table.c.id == person)
    return str(ctx.conn.execute(found).scalar() or "")


def _at_desk(ctx: OpContext, person: str) -> str:
    """The name of somebody who may act on cases. Refuses anybody else."""
    p = person_table.c
    found = sa.select(p.name, p.role).where(p.id == person, p.site == ctx.site)
    r = ctx.conn.execute(found).first()
    if r is None or Role(r.role) not in DESK:
        raise Refusal(NOT_AT_DESK, field="to", value=person)
    return str(r.name)
