"""What the reports screens are told: which reports, datasets, schedules and uses there are."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.insights.reports.books import spec_of
from server.insights.reports.checking import check
from server.insights.reports.field_words import ABOUT, FIELDS
from server.insights.reports.fields import Dataset
from server.insights.reports.ops import Sending
from server.insights.reports.settings import ReportRules, rules_of, zone_of
from server.insights.reports.shapes import ReportSpec
from server.insights.reports.standard import STANDARD
from server.insights.reports.tables import report, report_run, report_schedule, report_use
from server.insights.reports.words import (
    DATASETS,
    DATASETS_ABOUT,
    REPORTS,
    REPORTS_ABOUT,
    Language,
    say,
)
from server.insights.reports.work_datasets import DATASETS as SETS
from server.kernel.errors import Refusal
from server.kernel.values import Role

RUNS, USES = 50, 200


class FieldShown(msgspec.Struct, frozen=True):
    """`may`: whether the reader may use it. `totals`, `parts`: what it may be added up and grouped
    by; no part but `""`: as it is."""

    name: str
    label: str
    about: str
    type: str
    unit: str
    sees: str
    may: bool
    totals: list[str]
    parts: list[str]


class DatasetShown(msgspec.Struct, frozen=True):
    name: str
    label: str
    about: str
    time: str
    currency: str
    fields: list[FieldShown]


class ReportShown(msgspec.Struct, frozen=True):
    """`standard`: a ready one. `mine`: the reader may change it. `may`: it has no field that is
    kept from the reader; `why`: else the code."""

    id: str
    name: str
    about: str
    standard: bool
    mine: bool
    by: str
    may: bool
    why: str
    spec: ReportSpec


class RunShown(msgspec.Struct, frozen=True):
    schedule: str
    name: str
    state: str
    fault: str
    rows: int
    receivers: int
    tried: int
    due_at: int
    at: int


class ScheduleShown(msgspec.Struct, frozen=True):
    id: str
    report: str
    sending: Sending
    by: str
    mine: bool
    next_at: int
    tried: int
    revision: int


class UseShown(msgspec.Struct, frozen=True):
    what: str
    report: str
    name: str
    detail: str
    by: str
    at: int


class Overview(msgspec.Struct, frozen=True):
    zone: str
    reports: list[ReportShown]
    datasets: list[DatasetShown]
    schedules: list[ScheduleShown]
    runs: list[RunShown]


class Reader(msgspec.Struct, frozen=True):
    site: str
    person: str
    role: Role
    lang: Language

    def owns(self, maker: str | None) -> bool:
        return self.role is Role.ADMIN or maker == self.person


def overview(conn: Any, who: Reader) -> Overview:
    rules, names = rules_of(conn, who.site), _names(conn, who.site)
    return Overview(
        zone=zone_of(conn, who.site).key,
        reports=[*_ready(who, rules), *_own(conn, who, rules, names)],
        datasets=[shown(each, who, rules) for each in SETS.values()],
        schedules=_schedules(conn, who, names),
        runs=_runs(conn, who),
    )


def _names(conn: Any, site: str) -> dict[str | None, str]:
    found = sa.select(person.c.id, person.c.name).where(person.c.site == site)
    return {r.id: r.name for r in conn.execute(found)}


def _why(spec: ReportSpec, who: Reader, rules: ReportRules) -> str:
    try:
        check(spec, who.role, rules)
    except Refusal as refused:
        return refused.code
    return ""


def _ready(who: Reader, rules: ReportRules) -> list[ReportShown]:
    return [
        ReportShown(
            id=key,
            name=say(REPORTS[key], who.lang),
            about=say(REPORTS_ABOUT[key], who.lang),
            standard=True,
            mine=False,
            by="",
            may=not (why := _why(spec, who, rules)),
            why=why,
            spec=spec,
        )
        for key, spec in STANDARD.items()
    ]


def _own(
    conn: Any, who: Reader, rules: ReportRules, names: dict[str | None, str]
) -> list[ReportShown]:
    wanted = sa.select(report).where(report.c.site == who.site).order_by(report.c.name)
    return [
        ReportShown(
            id=r.id,
            name=r.name,
            about="",
            standard=False,
            mine=who.owns(r.person),
            by=names.get(r.person, ""),
            may=not (why := _why(spec := spec_of(r.spec), who, rules)),
            why=why,
            spec=spec,
        )
        for r in conn.execute(wanted)
    ]


def shown(dataset: Dataset, who: Reader, rules: ReportRules) -> DatasetShown:
    return DatasetShown(
        name=dataset.name,
        label=say(DATASETS[dataset.name], who.lang),
        about=say(DATASETS_ABOUT[dataset.name], who.lang),
        time=dataset.time,
        currency=dataset.currency,
        fields=[
            FieldShown(
                name=f.name,
                label=say(FIELDS[f.name], who.lang),
                about=say(ABOUT.get(f"{dataset.name}.{f.name}", ("", "", "")), who.lang),
                type=f.type,
                unit=f.unit,
                sees=f.sees,
                may=rules.may_see(who.role, f.sees),
                totals=list(f.totals),
                parts=list(f.parts),
            )
            for f in dataset.fields.values()
        ],
    )


def _schedules(conn: Any, who: Reader, names: dict[str | None, str]) -> list[ScheduleShown]:
    s = report_schedule.c
    wanted = sa.select(report_schedule).where(s.site == who.site).order_by(s.next_at, s.id)
    return [
        ScheduleShown(
            id=r.id,
            report=r.report,
            sending=msgspec.json.decode(r.body, type=Sending),
            by=names.get(r.person, ""),
            mine=who.owns(r.person),
            next_at=r.next_at,
            tried=r.tried,
            revision=r.revision,
        )
        for r in conn.execute(wanted)
    ]


def _runs(conn: Any, who: Reader) -> list[RunShown]:
    wanted = (
        sa.select(*(report_run.c[f] for f in RunShown.__struct_fields__))
        .where(report_run.c.site == who.site)
        .order_by(report_run.c.at.desc(), report_run.c.schedule)
    )
    return [RunShown(**r) for r in conn.execute(wanted.limit(RUNS)).mappings()]


def uses(conn: Any, site: str) -> list[UseShown]:
    """The latest first."""
    names, u = _names(conn, site), report_use.c
    wanted = sa.select(report_use).where(u.site == site)
    latest = wanted.order_by(u.at.desc(), u.device, u.n.desc()).limit(USES)
    return [
        UseShown(r.what, r.report, r.name, r.detail, names.get(r.person, ""), r.at)
        for r in conn.execute(latest)
    ]
