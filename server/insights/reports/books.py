"""Finding a report by its id: a ready one by its name, the house's own by the id it was given."""

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.insights.reports.shapes import ReportSpec
from server.insights.reports.standard import STANDARD
from server.insights.reports.tables import report
from server.insights.reports.words import REPORTS, Language, say
from server.kernel.errors import Refusal


class Found(NamedTuple):
    """`name` is empty for a ready one: it is called differently in each language."""

    id: str
    name: str
    spec: ReportSpec
    person: str | None = None

    def called(self, lang: Language) -> str:
        return self.name or say(REPORTS[self.id], lang)


def find(conn: Any, site: str, report_id: str) -> Found:
    """Refuses `not_found`."""
    if report_id in STANDARD:
        return Found(report_id, "", STANDARD[report_id])
    wanted = sa.select(report).where(report.c.site == site, report.c.id == report_id)
    row = conn.execute(wanted).first()
    if row is None:
        raise Refusal("not_found", field="report", value=report_id)
    return Found(row.id, row.name, spec_of(row.spec), row.person)


def spec_of(text: str) -> ReportSpec:
    return msgspec.json.decode(text, type=ReportSpec)
