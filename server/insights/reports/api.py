"""Reports over HTTP: which there are, one as a table or a file, and who used which.

Whatever is seen of a report is written down before it is handed out.
"""

from typing import Annotated, Literal

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from server.auth.access import AnyRequest, ByGrant, require, store_of
from server.auth.grants import Grant
from server.insights.reports.books import Found, find
from server.insights.reports.files import KINDS, Draw, Sheet, made
from server.insights.reports.ops import NoteUse
from server.insights.reports.running import Reporting, Wish, tabulate
from server.insights.reports.settings import ReportRules
from server.insights.reports.shapes import Asked, Format, PeriodName, ReportSpec, Values
from server.insights.reports.table import Table
from server.insights.reports.views import Overview, Reader, UseShown, overview, uses
from server.insights.reports.words import Language
from server.kernel.errors import Refusal
from server.kernel.values import DESK, Role
from server.store.store import Store
from server.store.submit import submit
from server.web.fields import read_fields

_DESK = require(*DESK)
LOG = "reports"
"""The system device that writes down who used which."""
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d\d-\d\d)?$")]


class Query(msgspec.Struct, frozen=True, kw_only=True):
    lang: Language = "en"
    period: PeriodName = ""
    start: Day = ""
    end: Day = ""
    format: Format = "csv"
    values: Values = "words"


class Shown(msgspec.Struct, frozen=True):
    """A report as it is now. `name` in the reader's language."""

    id: str
    name: str
    spec: ReportSpec
    table: Table


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A report that nobody has saved."""

    spec: ReportSpec
    asked: Asked = Asked()
    lang: Language = "en"


@get("/reports", guards=[_DESK])
async def show_reports(request: AnyRequest, grant: ByGrant) -> Overview:
    """`?lang=…`"""
    who = Reader(grant.site, grant.person, grant.role, _query(request).lang)
    return await store_of(request).read(lambda conn: overview(conn, who))


@get("/reports/uses", guards=[require(Role.ADMIN)])
async def show_uses(request: AnyRequest, grant: ByGrant) -> list[UseShown]:
    return await store_of(request).read(lambda conn: uses(conn, grant.site))


@get("/reports/{report_id:str}/table", guards=[_DESK])
async def show_table(request: AnyRequest, grant: ByGrant, report_id: FromPath[str]) -> Shown:
    """`?lang=…&period=…` or `start=…&end=…`, and `where=field:op:value` as often as wanted."""
    query, asked = _query(request), _asked(request)
    found, table = await _run(request, grant, report_id, query.lang, asked)
    await _note(store_of(request), grant, "run", found, asked)
    return Shown(found.id, found.called(query.lang), found.spec, table)


@get("/reports/{report_id:str}/file", guards=[_DESK])
async def give_file(
    request: AnyRequest, grant: ByGrant, report_id: FromPath[str]
) -> Response[bytes]:
    """As the table, and `format=csv`, `xlsx` or `pdf`; `values=codes`: as a machine wants them."""
    query, asked = _query(request), _asked(request)
    found, table = await _run(request, grant, report_id, query.lang, asked, query.format)
    await _note(store_of(request), grant, "export", found, asked, query.format)
    clock = store_of(request).clock
    sheet = Sheet(found.called(query.lang), table, query.lang, clock(), query.values)
    draw: Draw = request.app.state.reports.draw
    content = await reporting_of(request).make(lambda: made(sheet, query.format, draw))
    name = report_id if found.name == "" else f"report-{report_id[:8]}"
    headers = {
        "content-disposition": f'attachment; filename="{name}.{query.format}"',
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=KINDS[query.format], headers=headers)


@post("/reports/preview", guards=[_DESK], status_code=200)
async def preview(request: AnyRequest, data: JSONBody[Draft], grant: ByGrant) -> Table:
    store = store_of(request)
    wish = Wish(grant.site, grant.role, data.lang, store.clock())
    table = await reporting_of(request).run(
        lambda conn: tabulate(conn, data.spec, data.asked, wish)
    )
    found = Found("", data.spec.dataset, data.spec)
    await _note(store, grant, "preview", found, data.asked)
    return table


def reporting_of(request: AnyRequest) -> Reporting:
    """The composition root puts the worker that has it at `app.state.reports`."""
    reporting: Reporting = request.app.state.reports.reporting
    return reporting


async def _run(
    request: AnyRequest,
    grant: Grant,
    report_id: str,
    lang: Language,
    asked: Asked,
    kind: Format | None = None,
) -> tuple[Found, Table]:
    store = store_of(request)
    found = await store.read(lambda conn: find(conn, grant.site, report_id))
    wish = Wish(grant.site, grant.role, lang, store.clock())
    table = await reporting_of(request).run(
        lambda conn: tabulate(conn, found.spec, asked, wish, lambda rules: most(rules, kind))
    )
    return found, table


def most(rules: ReportRules, kind: Format | None) -> int:
    """Rows, by where they go."""
    if kind is None:
        return rules.shown
    return rules.printed if kind == "pdf" else rules.filed


def _query(request: AnyRequest) -> Query:
    given = {name: request.query_params.get(name) for name in Query.__struct_fields__}
    return read_fields(given, Query, {})


def _asked(request: AnyRequest) -> Asked:
    query = _query(request)
    wheres = request.query_params.getall("where", [])
    filters = [_filter(text) for text in wheres]
    try:
        return msgspec.convert(
            {
                "period": query.period,
                "start": query.start,
                "end": query.end,
                "filters": filters,
            },
            Asked,
        )
    except msgspec.ValidationError as error:
        raise Refusal("malformed", field="where", mend=str(error)) from error


def _filter(text: str) -> dict[str, object]:
    """`state:is:packed`; a value may hold colons."""
    parts = text.split(":", 2)
    if len(parts) != 3:
        raise Refusal("malformed", field="where", value=text[:80], mend="field:op:value")
    return {"field": parts[0], "op": parts[1], "values": [parts[2]]}


async def _note(
    store: Store,
    grant: Grant,
    what: Literal["run", "export", "preview"],
    found: Found,
    asked: Asked,
    kind: str = "",
) -> None:
    """In English, whatever the reader's language: an administrator compares them."""
    told = {f: v for f, v in msgspec.to_builtins(asked).items() if v}
    told |= {"format": kind} if kind else {}
    if what == "preview":
        told["spec"] = msgspec.to_builtins(found.spec)
    detail = msgspec.json.encode(told).decode()[:2_000]
    used = NoteUse(what=what, report=found.id, name=found.called("en"), detail=detail)
    await store.run(
        lambda tx: submit(tx, grant.site, LOG, "reports.note_use.v1", used, by=grant.person)
    )


router = Router(
    path="/api",
    route_handlers=[show_reports, show_uses, show_table, give_file, preview],
)
