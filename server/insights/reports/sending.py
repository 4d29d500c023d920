"""Makes scheduled reports and sends them, beside the store.

A mail that was taken and not written down, because the machine died in between, is sent again; it
has the same Message-ID, so that its readers' programs may see that it is one.
"""

import asyncio
import logging
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.insights.reports.api import most
from server.insights.reports.books import Found, find
from server.insights.reports.files import KINDS, Draw, Sheet, made, note, period_words
from server.insights.reports.ops import Sending, TellRun
from server.insights.reports.running import Reporting, Wish, tabulate
from server.insights.reports.tables import report_schedule
from server.insights.reports.words import PAPER, say
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.mailing.letters import Enclosed, letter
from server.mailing.port import Mail, NotSent
from server.store import lease
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from server.store.worker import Worker

LOOK_S = 15.0
LEASE_MS = 600_000
"""Longer than a report and its mail may take."""
_LEASE = "report"
_log = logging.getLogger(__name__)
_AGAIN = frozenset({"report_too_slow", "reports_busy", "busy"})
"""Refusals that pass by themselves."""


class Due(NamedTuple):
    id: str
    site: str
    report: str
    sending: Sending
    person: str | None
    due_at: int


class Result(NamedTuple):
    """What came of a try; `fault` is empty where the mail was taken."""

    name: str = ""
    rows: int = 0
    fault: str = ""
    again: bool = False


class ReportMail(Worker):
    """The worker of one node, and the reports' one thread. `draw`: sets a report as a PDF."""

    def __init__(self, store: Store, node: str, mail: Mail, draw: Draw) -> None:
        super().__init__("reports' mail", self.send_due, LOOK_S)
        self._store, self._node = store, node
        self.reporting = Reporting(store.url)
        self.mail, self.draw = mail, draw

    async def stop(self) -> None:
        await super().stop()
        await asyncio.to_thread(self.reporting.close)

    async def send_due(self) -> int:
        """Everything whose time has come, one after the other; how many were tried."""
        now = self._store.clock()
        waiting = await self._store.read(lambda conn: due(conn, now))
        tried = 0
        for each in waiting:
            if await self._store.run(lambda tx, one=each: claim(tx, one, self._node)):  # type: ignore[misc]
                tried += 1
                await self._one(each)
        return tried

    async def _one(self, each: Due) -> None:
        result = await self._result(each)
        told = TellRun(
            schedule=each.id,
            due_at=each.due_at,
            name=result.name,
            rows=result.rows,
            fault=result.fault,
            again=result.again,
        )
        await self._store.run(lambda tx: tell(tx, each, told, self._node))

    async def _result(self, each: Due) -> Result:
        found: Found | None = None
        try:
            found = await self._store.read(lambda conn: find(conn, each.site, each.report))
            return await self._sent(each, found)
        except NotSent as why:
            _log.warning("report %s was not sent: %s", each.report, why)
            return Result(_name(found, each), 0, f"mail_{why.why}", why.again)
        except Refusal as why:
            return Result(_name(found, each), 0, why.code, why.code in _AGAIN)
        except Exception:  # noqa: BLE001  it is kept as a fault, and tried again
            _log.exception("report %s could not be made", each.report)
            return Result(_name(found, each), 0, "internal", again=True)

    async def _sent(self, each: Due, found: Found) -> Result:
        sending, now = each.sending, self._store.clock()
        role = await self._store.read(lambda conn: role_of(conn, each))
        wish = Wish(each.site, role, sending.lang, now)
        table = await self.reporting.run(
            lambda conn: tabulate(
                conn, found.spec, sending.asked, wish, lambda rules: most(rules, sending.format)
            )
        )
        sheet = Sheet(found.called(sending.lang), table, sending.lang, now, sending.values)
        content = await self.reporting.make(lambda: made(sheet, sending.format, self.draw))
        await asyncio.to_thread(self._send, each, sheet, content)
        return Result(sheet.title, len(table.rows))

    def _send(self, each: Due, sheet: Sheet, content: bytes) -> None:
        period = period_words(sheet.table)
        text = f"{say(PAPER['mail' if period else 'mail_now'], sheet.lang)}\n{note(sheet)}"
        kind = KINDS[each.sending.format]
        name = f"{sheet.title} {period}".strip()
        message = letter(
            each.sending.to,
            name,
            text.format(name=sheet.title, period=period, rows=len(sheet.table.rows)),
            enclosed=[Enclosed(f"{name}.{each.sending.format}", kind, content)],
            message_id=f"<{each.id}.{each.due_at}@reports.invalid>",
        )
        self.mail.send(message)


def _name(found: Found | None, each: Due) -> str:
    return found.called(each.sending.lang) if found else each.report


def due(conn: sa.Connection, now: int) -> list[Due]:
    """What nobody is at already."""
    s = report_schedule.c
    wanted = (
        sa.select(report_schedule)
        .where(s.next_at <= now, lease.free(_LEASE, s.id, now))
        .order_by(s.next_at, s.id)
        .limit(100)
    )
    return [
        Due(
            r.id,
            r.site,
            r.report,
            msgspec.json.decode(r.body, type=Sending),
            r.person,
            r.due_at,
        )
        for r in conn.execute(wanted)
    ]


def claim(tx: Tx, each: Due, node: str) -> bool:
    """Whether it is this node's for a while; not if it was done, or changed, by now."""
    s = report_schedule.c
    still = sa.select(s.id).where(s.id == each.id, s.due_at == each.due_at, s.next_at <= tx.now)
    if tx.conn.execute(still).first() is None:
        return False
    return lease.claim(tx, _LEASE, each.id, node, LEASE_MS)


def tell(tx: Tx, each: Due, told: TellRun, node: str) -> None:
    submit(tx, each.site, "report-mail", "reports.tell_run.v1", told)
    lease.give_back(tx, _LEASE, each.id, node)


def role_of(conn: Any, each: Due) -> Role:
    """Of whoever scheduled it, as it is now. Refuses `not_allowed` once they have left, or have
    another role that sees no reports."""
    wanted = sa.select(person.c.role, person.c.active).where(
        person.c.id == each.person, person.c.site == each.site
    )
    found = conn.execute(wanted).first()
    if found is None or not found.active or Role(found.role) not in DESK:
        raise Refusal("not_allowed", field="person", mend="schedule")
    return Role(found.role)
