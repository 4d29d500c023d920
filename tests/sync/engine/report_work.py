"""Reports kept, scheduled, sent and used: the desk's part of the recorded life."""

from server.insights.reports.ops import (
    DeleteReport,
    NoteUse,
    SaveReport,
    ScheduleReport,
    Sending,
    TellRun,
    UnscheduleReport,
)
from server.insights.reports.shapes import ReportColumn, ReportSpec
from server.insights.reports.when import Rhythm
from server.store.store import Store
from tests.floor_site import Handheld, good, system, table
from tests.floor_work import APPLIED


def report_work(store: Store, chief: Handheld) -> None:
    spec = ReportSpec(dataset="orders", columns=[ReportColumn("number"), ReportColumn("state")])
    for name in ("Numbers", "Not needed"):
        assert chief.say("reports.save_report.v1", SaveReport(name=name, spec=spec)) == APPLIED
    other, kept = table(store, "SELECT id FROM report ORDER BY name")
    sending = Sending(rhythm=Rhythm(every="week", on=1), to=["boss@example.com"])
    for report in (kept["id"], "sales"):
        planned = ScheduleReport(report=report, sending=sending)
        assert chief.say("reports.schedule_report.v1", planned) == APPLIED
    _sent(store, kept["id"])
    used = NoteUse(what="run", report="sales", name="Sales by day", detail="{}")
    good(system(store, "reports.note_use.v1", used))
    over = table(store, "SELECT id FROM report_schedule WHERE report = 'sales'")[0]
    daily = Sending(rhythm=Rhythm(), to=["ann@example.com"], format="pdf")
    changed = ScheduleReport(report="sales", sending=daily, schedule=over["id"], seen=1)
    assert chief.say("reports.schedule_report.v1", changed) == APPLIED
    ended = UnscheduleReport(schedule=over["id"], seen=2)
    assert chief.say("reports.unschedule_report.v1", ended) == APPLIED
    assert chief.say("reports.delete_report.v1", DeleteReport(report=other["id"])) == APPLIED


def _sent(store: Store, report: str) -> None:
    """The second time; the first time no mail went out."""
    wanted = "SELECT id, due_at FROM report_schedule WHERE report = :r"
    found = table(store, wanted, r=report)[0]
    for fault in ("mail_no_answer", ""):
        told = TellRun(
            schedule=found["id"],
            due_at=found["due_at"],
            name="Numbers",
            rows=0 if fault else 7,
            fault=fault,
            again=bool(fault),
        )
        good(system(store, "reports.tell_run.v1", told))
