"""Reports that are kept and sent by mail: by whom, when, and what becomes of one that fails."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.ops import PutSetting
from server.documents.report_sheet import report_sheet
from server.insights.reports.ops import (
    DeleteReport,
    SaveReport,
    ScheduleReport,
    Sending,
    UnscheduleReport,
    outcome,
)
from server.insights.reports.sending import LEASE_MS, ReportMail, claim, due
from server.insights.reports.shapes import ReportColumn, ReportSpec
from server.insights.reports.when import Rhythm
from server.kernel.ops import Op
from server.mailing.null import NullMail
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, system, table
from tests.floor_work import APPLIED
from tests.stores import open_store

pytestmark = pytest.mark.anyio
HOUR, DAY = 3_600_000, 86_400_000
START = 1_795_824_000_000  # 2026-11-28 00:00 UTC


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Office:
    """A site whose clock a test turns, with its post."""

    store: Store
    clock: list[int]
    mail: NullMail
    sender: ReportMail
    chief: Handheld

    def say(self, name: str, op: Op, who: Handheld | None = None) -> tuple[str, str | None]:
        return (who or self.chief).say(f"reports.{name}.v1", op)

    async def at(self, moment: int) -> int:
        self.clock[0] = moment
        return await self.sender.send_due()

    def runs(self) -> list[dict[str, Any]]:
        return table(self.store, "SELECT * FROM report_run ORDER BY due_at")

    def schedule(self) -> dict[str, Any]:
        return table(self.store, "SELECT * FROM report_schedule")[0]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    clock = [START]
    with open_store("sqlite", tmp_path, lambda: clock[0]) as store:
        build(store)
        order(store, "R-1", MUG=3, TEE=2)
        mail = NullMail()
        sender = ReportMail(store, "node-1", mail, report_sheet)
        yield Office(store, clock, mail, sender, Handheld(store, "supervisor", "desk"))
        sender.reporting.close()


def daily(**more: Any) -> ScheduleReport:
    """Order status at six every morning."""
    asked = {"period": "all"}
    sending = {
        "rhythm": {"every": "day", "minute": 360},
        "to": ["boss@example.com"],
        "asked": asked,
    }
    return ScheduleReport(report="order-status", sending=_sending(sending | more))


def _sending(raw: dict[str, Any]) -> Sending:
    return msgspec.convert(raw, Sending)


def attached(message: EmailMessage) -> tuple[str | None, bytes]:
    (file,) = message.iter_attachments()
    return file.get_filename(), file.get_payload(decode=True)  # type: ignore[return-value]


async def test_a_report_goes_at_its_time_and_is_written_down(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    assert await office.at(START + 6 * HOUR - 1) == 0
    assert await office.at(START + 6 * HOUR) == 1
    (message,) = office.mail.sent
    assert (message["To"], message["Subject"]) == ("boss@example.com", "Order status")
    name, content = attached(message)
    assert name == "Order status.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [cell.value for cell in page[2]][:2] == ["Confirmed", 1]
    (run,) = office.runs()
    assert (run["state"], run["rows"], run["receivers"], run["tried"]) == ("sent", 1, 1, 1)
    assert office.schedule()["next_at"] == START + DAY + 6 * HOUR
    assert await office.at(START + 7 * HOUR) == 0


async def test_one_that_fails_is_tried_again_later_and_later_and_shown(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    office.mail.faults.extend(["no_answer", "turned_away"])
    assert await office.at(START + 6 * HOUR) == 1
    (run,) = office.runs()
    assert (run["state"], run["fault"], run["tried"]) == ("retrying", "mail_no_answer", 1)
    assert office.schedule()["next_at"] == START + 6 * HOUR + 300_000
    assert await office.at(START + 6 * HOUR + 299_999) == 0
    assert await office.at(START + 6 * HOUR + 300_000) == 1
    assert office.schedule()["next_at"] == START + 6 * HOUR + 900_000
    assert await office.at(START + 6 * HOUR + 900_000) == 1
    (run,) = office.runs()
    assert (run["state"], run["fault"], run["tried"]) == ("sent", "", 3)
    assert len(office.mail.sent) == 1


async def test_each_try_is_the_same_mail_to_its_readers(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    office.mail.faults.append("no_answer")
    first: list[str] = []
    send = office.mail.send

    def seen(message: EmailMessage) -> None:
        first.append(message["Message-ID"])
        send(message)

    office.mail.send = seen  # type: ignore[method-assign]
    await office.at(START + 6 * HOUR)
    await office.at(START + 7 * HOUR)
    await office.at(START + DAY + 6 * HOUR)
    assert first[0] == first[1] != first[2]


async def test_after_its_tries_it_waits_for_its_next_time(office: Office) -> None:
    good(
        system(
            office.store,
            "catalog.put_setting.v1",
            PutSetting(key="reports", value={"tries": 2, "wait_s": 10}),
        )
    )
    assert office.say("schedule_report", daily()) == APPLIED
    office.mail.faults.extend(["no_answer"] * 2)
    await office.at(START + 6 * HOUR)
    await office.at(START + 7 * HOUR)
    (run,) = office.runs()
    assert (run["state"], run["tried"]) == ("failed", 2)
    assert office.schedule()["next_at"] == START + DAY + 6 * HOUR


async def test_what_no_try_can_mend_is_not_tried_again(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    office.mail.faults.append("refused")
    await office.at(START + 6 * HOUR)
    (run,) = office.runs()
    assert (run["state"], run["fault"]) == ("failed", "mail_refused")


def test_the_outcome_of_a_try() -> None:
    assert outcome("", 1, 4, again=False) == "sent"
    assert outcome("x", 3, 4, again=True) == "retrying"
    assert outcome("x", 4, 4, again=True) == "failed"
    assert outcome("x", 1, 4, again=False) == "failed"


@pytest.mark.parametrize("change", [{"active": False}, {"role": "picker"}])
async def test_nobody_reads_on_through_one_who_has_left(
    office: Office, change: dict[str, Any]
) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    leaves = sa.update(person).where(person.c.id == "supervisor").values(change)
    office.store.run_sync(lambda tx: tx.conn.execute(leaves))
    await office.at(START + 6 * HOUR)
    (run,) = office.runs()
    assert (run["state"], run["fault"]) == ("failed", "not_allowed")
    assert not office.mail.sent


async def test_two_nodes_send_it_once(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    other = ReportMail(office.store, "node-2", office.mail, report_sheet)
    office.clock[0] = START + 6 * HOUR
    tried = await asyncio.gather(office.sender.send_due(), other.send_due())
    await other.stop()
    assert sorted(tried) == [0, 1]
    assert len(office.mail.sent) == 1


async def test_one_that_a_dead_node_was_at_is_sent_by_another(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    now = office.clock[0] = START + 6 * HOUR
    (waiting,) = await office.store.read(lambda conn: due(conn, now))
    assert office.store.run_sync(lambda tx: claim(tx, waiting, "gone"))
    assert await office.at(now + LEASE_MS - 1) == 0
    assert await office.at(now + LEASE_MS) == 1


async def test_a_month_that_nobody_ran_is_one_mail_not_thirty(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    assert await office.at(START + 30 * DAY) == 1
    assert await office.at(START + 30 * DAY + 1) == 0


@pytest.mark.parametrize("format", ["csv", "xlsx", "pdf"])
async def test_each_format_is_attached_as_what_it_is(office: Office, format: str) -> None:  # noqa: A002
    assert office.say("schedule_report", daily(format=format, lang="zh-Hans")) == APPLIED
    await office.at(START + 6 * HOUR)
    name, content = attached(office.mail.sent[0])
    assert name == f"订单状态.{format}"
    assert content[:3] in (b"\xef\xbb\xbf", b"PK\x03", b"%PD")


@pytest.mark.parametrize(
    "to", ["x", "a@b, c@d", "a@b\r\nBcc: d@e.example", "Boss <boss@example.com>"]
)
async def test_a_recipient_that_is_none_is_refused(office: Office, to: str) -> None:
    raw = {"report": "order-status", "sending": {"rhythm": {}, "to": [to]}}
    outcome, code = office.chief.say("reports.schedule_report.v1", raw)
    assert (outcome, code in ("report_bad_recipient", "malformed")) == ("refused", True)


async def test_a_site_may_keep_its_reports_in_the_house(office: Office) -> None:
    rules = PutSetting(key="reports", value={"mail_to": ["example.com"]})
    good(system(office.store, "catalog.put_setting.v1", rules))
    assert office.say("schedule_report", daily()) == APPLIED
    outside = daily(to=["boss@example.com", "me@elsewhere.example"])
    assert office.say("schedule_report", outside) == ("refused", "report_bad_recipient")


async def test_an_own_report_is_changed_by_who_made_it_or_an_administrator(office: Office) -> None:
    mine = SaveReport(
        name="Mine", spec=ReportSpec(dataset="orders", columns=[ReportColumn("number")])
    )
    assert office.say("save_report", mine) == APPLIED
    assert office.say("save_report", mine) == ("refused", "report_name_taken")
    (made,) = table(office.store, "SELECT id FROM report")
    other = Handheld(office.store, "service", "front")
    theirs = DeleteReport(report=made["id"])
    assert office.say("delete_report", theirs, other) == ("refused", "report_not_yours")
    mine.report, mine.name = made["id"], "Still mine"
    assert office.say("save_report", mine) == APPLIED
    mine.report = "order-status"
    mine.name = "No"
    assert office.say("save_report", mine) == ("refused", "report_not_yours")
    assert office.say("delete_report", theirs) == APPLIED
    assert table(office.store, "SELECT id FROM report") == []


async def test_what_one_may_not_see_one_cannot_save_or_have_sent(office: Office) -> None:
    phones = ReportSpec(dataset="orders", columns=[ReportColumn("phone")])
    save = SaveReport(name="Phones", spec=phones)
    assert office.say("save_report", save) == ("refused", "report_hidden_field")
    front = Handheld(office.store, "service", "front")
    assert office.say("save_report", save, front) == APPLIED
    (made,) = table(office.store, "SELECT id FROM report")
    sent = ScheduleReport(
        report=made["id"], sending=Sending(rhythm=Rhythm(), to=["boss@example.com"])
    )
    assert office.say("schedule_report", sent) == ("refused", "report_hidden_field")
    assert office.say("schedule_report", sent, front) == APPLIED
    ended = UnscheduleReport(schedule=office.schedule()["id"], seen=1)
    assert office.say("unschedule_report", ended) == ("refused", "report_not_yours")
    assert office.say("unschedule_report", ended, front) == APPLIED


async def test_a_schedule_is_changed_where_it_is_what_was_seen(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    planned = office.schedule()["id"]
    weekly = daily(rhythm={"every": "week", "on": 1, "minute": 420}, to=["ann@example.com"])
    weekly.schedule, weekly.seen = planned, 1
    assert office.say("schedule_report", weekly) == APPLIED
    changed = office.schedule()
    assert (changed["id"], changed["revision"]) == (planned, 2)
    assert changed["next_at"] == START + 2 * DAY + 7 * HOUR  # a Monday
    assert await office.at(START + 6 * HOUR) == 0
    assert await office.at(changed["next_at"]) == 1
    assert office.mail.sent[0]["To"] == "ann@example.com"
    assert office.schedule()["revision"] == 2  # sending it decides nothing


@pytest.mark.parametrize("seen", [0, 1, 3])
async def test_of_two_who_change_a_schedule_the_second_is_shown_the_first(
    office: Office, seen: int
) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    mine = daily(format="csv")
    mine.schedule, mine.seen = office.schedule()["id"], 1
    assert office.say("schedule_report", mine) == APPLIED
    late = daily(format="pdf")
    late.schedule, late.seen = mine.schedule, seen
    assert office.say("schedule_report", late) == ("refused", "stale")
    ended = UnscheduleReport(schedule=mine.schedule, seen=seen)
    assert office.say("unschedule_report", ended) == ("refused", "stale")
    assert json.loads(office.schedule()["body"])["format"] == "csv"
    late.seen = 2
    assert office.say("schedule_report", late) == APPLIED


async def test_a_change_is_held_to_what_a_new_schedule_is(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    wrong = daily(to=["nobody"])
    wrong.schedule, wrong.seen = office.schedule()["id"], 1
    assert office.say("schedule_report", wrong) == ("refused", "report_bad_recipient")
    front, gone = Handheld(office.store, "service", "front"), daily()
    gone.schedule, gone.seen = wrong.schedule, 1
    assert office.say("schedule_report", gone, front) == ("refused", "report_not_yours")
    gone.schedule = "nowhere"
    assert office.say("schedule_report", gone) == ("refused", "not_found")


async def test_a_picker_keeps_no_reports(office: Office) -> None:
    hand = Handheld(office.store, "picker", "hand-1")
    assert office.say("schedule_report", daily(), hand) == ("refused", "not_allowed")


async def test_what_was_scheduled_for_whom_is_written_down(office: Office) -> None:
    assert office.say("schedule_report", daily()) == APPLIED
    (used,) = table(office.store, "SELECT what, name, detail, person FROM report_use")
    assert (used["what"], used["name"], used["person"]) == (
        "schedule",
        "Order status",
        "supervisor",
    )
    assert json.loads(used["detail"])["to"] == ["boss@example.com"]


async def test_a_deleted_report_is_sent_no_more(office: Office) -> None:
    spec = ReportSpec(dataset="orders", columns=[ReportColumn("number")])
    assert office.say("save_report", SaveReport(name="Mine", spec=spec)) == APPLIED
    (made,) = table(office.store, "SELECT id FROM report")
    sent = ScheduleReport(report=made["id"], sending=Sending(rhythm=Rhythm(), to=["a@b.example"]))
    assert office.say("schedule_report", sent) == APPLIED
    assert office.say("delete_report", DeleteReport(report=made["id"])) == APPLIED
    assert await office.at(START + DAY) == 0
