"""Keeping reports: save one by name, have it sent, stop that; and the record of who used which.

schedule: waits -> is made and sent -> waits for its next time
          (not sent: tried again after a while, then left until its next time)
"""

from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.insights.reports.books import find
from server.insights.reports.checking import check
from server.insights.reports.settings import rules_of, zone_of
from server.insights.reports.shapes import Asked, Format, ReportSpec, Values
from server.insights.reports.standard import STANDARD
from server.insights.reports.tables import report, report_run, report_schedule, report_use
from server.insights.reports.when import Rhythm, next_run
from server.insights.reports.words import Language
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import DESK, Id, Moment, Name, Role
from server.mailing.letters import is_address

NAME_TAKEN = code("report_name_taken")
NOT_YOURS = code("report_not_yours")
BAD_RECIPIENT = code("report_bad_recipient")
Detail = Annotated[str, Meta(max_length=2_000)]
Person = Annotated[str, Meta(min_length=3, max_length=254)]
Revision = Annotated[int, Meta(ge=0)]
Fault = Annotated[str, Meta(max_length=64, pattern="^[a-z_]*$")]


class SaveReport(Op):
    """`report`: one of the house's own to change; without it a new one is made."""

    name: Name
    spec: ReportSpec
    report: Id | None = None


@operation("reports.save_report.v1", kind=REQUEST, roles=DESK)
def save_report(op: SaveReport, ctx: OpContext) -> None:
    check(op.spec, _role(ctx), rules_of(ctx.conn, ctx.site))
    same = sa.select(report.c.id).where(report.c.site == ctx.site, report.c.name == op.name)
    if ctx.conn.execute(same).scalar() not in (None, op.report):
        raise Refusal(NAME_TAKEN, field="name", value=op.name)
    spec = msgspec.json.encode(op.spec).decode()
    values = {"name": op.name, "spec": spec, "changed_at": ctx.now}
    if op.report is None:
        key = ctx.new_id()
        made = {"id": key, "site": ctx.site, "person": ctx.person, **values}
        ctx.conn.execute(sa.insert(report).values(made))
    else:
        key = _own(ctx, op.report)
        ctx.conn.execute(sa.update(report).where(report.c.id == key).values(values))
    _note(ctx, "save", key, op.name, spec)


def _own(ctx: OpContext, report_id: str) -> str:
    """Refuses what is not there, is a ready one, or was made by somebody else."""
    if report_id in STANDARD:
        raise Refusal(NOT_YOURS, field="report", value=report_id)
    found = find(ctx.conn, ctx.site, report_id)
    if _role(ctx) is not Role.ADMIN and found.person != ctx.person:
        raise Refusal(NOT_YOURS, field="report", value=found.name)
    return report_id


def _role(ctx: OpContext) -> Role:
    """The roles of each operation see to it that there is one."""
    return ctx.role or Role.SYSTEM


class DeleteReport(Op):
    """Its schedules go with it; what was sent stays written down."""

    report: Id


@operation("reports.delete_report.v1", kind=REQUEST, roles=DESK)
def delete_report(op: DeleteReport, ctx: OpContext) -> None:
    key = _own(ctx, op.report)
    name = find(ctx.conn, ctx.site, key).name
    ctx.conn.execute(sa.delete(report_schedule).where(report_schedule.c.report == key))
    ctx.conn.execute(sa.delete(report).where(report.c.id == key))
    _note(ctx, "delete", key, name, "")


class Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a schedule keeps. `asked`: period and filters at each time."""

    rhythm: Rhythm
    to: Annotated[list[Person], Meta(min_length=1, max_length=20)]
    format: Format = "xlsx"
    lang: Language = "en"
    values: Values = "words"
    asked: Asked = Asked()


class ScheduleReport(Op):
    """It is made in the name of whoever schedules it: with what they may see, and only as long.
    `schedule`: one that there is, to be changed; `seen`: its revision then."""

    report: Id
    sending: Sending
    schedule: Id | None = None
    seen: Revision = 0


@operation("reports.schedule_report.v1", kind=REQUEST, roles=DESK)
def schedule_report(op: ScheduleReport, ctx: OpContext) -> None:
    found, rules = find(ctx.conn, ctx.site, op.report), rules_of(ctx.conn, ctx.site)
    check(found.spec, _role(ctx), rules)
    for address in op.sending.to:
        _check_address(address, rules.mail_to)
    due = next_run(op.sending.rhythm, ctx.now, zone_of(ctx.conn, ctx.site))
    body = msgspec.json.encode(op.sending).decode()
    values = {
        "report": op.report,
        "body": body,
        "person": ctx.person,
        "due_at": due,
        "next_at": due,
        "tried": 0,
        "changed_at": ctx.now,
    }
    if op.schedule is None:
        made = {"id": ctx.new_id(), "site": ctx.site, **values}
        ctx.conn.execute(sa.insert(report_schedule).values(made))
    else:
        mine = _schedule(ctx, op.schedule, op.seen)
        changed = sa.update(report_schedule).where(report_schedule.c.id == mine.id)
        ctx.conn.execute(changed.values(values | {"revision": mine.revision + 1}))
    _note(ctx, "schedule", op.report, found.called("en"), body)


def _check_address(address: str, domains: tuple[str, ...]) -> None:
    host = address.rpartition("@")[2].lower()
    if not is_address(address) or (domains and host not in domains):
        mend = ", ".join(f"…@{d}" for d in domains) or "name@example.com"
        raise Refusal(BAD_RECIPIENT, field="sending.to", value=address, mend=mend)


def _schedule(ctx: OpContext, schedule_id: str, seen: int) -> Any:
    """Refuses what is not there, was set up by somebody else, or has changed since it was seen."""
    s = report_schedule.c
    found = ctx.conn.execute(
        sa.select(report_schedule).where(s.site == ctx.site, s.id == schedule_id)
    ).first()
    if found is None:
        raise Refusal("not_found", field="schedule", value=schedule_id)
    if _role(ctx) is not Role.ADMIN and found.person != ctx.person:
        raise Refusal(NOT_YOURS, field="schedule", value=schedule_id)
    if found.revision != seen:
        raise Refusal("stale", field="seen", value=seen, revision=found.revision)
    return found


class UnscheduleReport(Op):
    """`seen`: its revision, as with a change."""

    schedule: Id
    seen: Revision = 0


@operation("reports.unschedule_report.v1", kind=REQUEST, roles=DESK)
def unschedule_report(op: UnscheduleReport, ctx: OpContext) -> None:
    found = _schedule(ctx, op.schedule, op.seen)
    ctx.conn.execute(sa.delete(report_schedule).where(report_schedule.c.id == found.id))
    name = find(ctx.conn, ctx.site, found.report).called("en")
    _note(ctx, "unschedule", found.report, name, found.body)


class NoteUse(Op):
    """Somebody ran or exported a report. `detail`: period and filters as JSON, and the format."""

    what: Literal["run", "export", "preview"]
    report: Annotated[str, Meta(max_length=64)]
    name: Annotated[str, Meta(max_length=120)]
    detail: Detail


@operation("reports.note_use.v1", kind=FACT, roles={Role.SYSTEM})
def note_use(op: NoteUse, ctx: OpContext) -> None:
    _note(ctx, op.what, op.report, op.name, op.detail)


def _note(ctx: OpContext, what: str, key: str, name: str, detail: str) -> None:
    used = {
        "device": ctx.device,
        "n": ctx.n,
        "site": ctx.site,
        "what": what,
        "report": key,
        "name": name,
        "detail": detail,
        "person": ctx.person,
        "at": ctx.at,
    }
    ctx.conn.execute(sa.insert(report_use).values(used))


class TellRun(Op):
    """What came of one try of a scheduled report. `fault` is empty where its mail was taken;
    `again`: whether another try makes sense."""

    schedule: Id
    due_at: Moment
    name: Annotated[str, Meta(max_length=120)]
    rows: Annotated[int, Meta(ge=0)] = 0
    fault: Fault = ""
    again: bool = False


@operation("reports.tell_run.v1", kind=FACT, roles={Role.SYSTEM})
def tell_run(op: TellRun, ctx: OpContext) -> None:
    """Ignored where the schedule was changed or ended meanwhile."""
    s = report_schedule.c
    found = ctx.conn.execute(
        sa.select(report_schedule).where(
            s.site == ctx.site, s.id == op.schedule, s.due_at == op.due_at
        )
    ).first()
    if found is None:
        return
    rules, tried = rules_of(ctx.conn, ctx.site), found.tried + 1
    sending = msgspec.json.decode(found.body, type=Sending)
    state = outcome(op.fault, tried, rules.tries, again=op.again)
    if state == "retrying":
        then = {"tried": tried, "next_at": ctx.now + rules.wait_s * 1000 * 2 ** (tried - 1)}
    else:
        due = next_run(sending.rhythm, ctx.now, zone_of(ctx.conn, ctx.site))
        then = {"tried": 0, "due_at": due, "next_at": due}
    ctx.conn.execute(sa.update(report_schedule).where(s.id == op.schedule).values(then))
    _keep_run(ctx, op, found.report, state, tried, len(sending.to))


def outcome(fault: str, tried: int, tries: int, *, again: bool) -> str:
    if not fault:
        return "sent"
    return "retrying" if again and tried < tries else "failed"


def _keep_run(
    ctx: OpContext, op: TellRun, report_id: str, state: str, tried: int, receivers: int
) -> None:
    r = report_run.c
    ctx.conn.execute(sa.delete(report_run).where(r.schedule == op.schedule, r.due_at == op.due_at))
    kept = {
        "schedule": op.schedule,
        "due_at": op.due_at,
        "site": ctx.site,
        "report": report_id,
        "name": op.name,
        "state": state,
        "fault": op.fault,
        "rows": op.rows,
        "receivers": receivers,
        "tried": tried,
        "at": ctx.now,
    }
    ctx.conn.execute(sa.insert(report_run).values(kept))
