"""A table as a file. What is text stays text, whatever it begins with: no cell of a spreadsheet
that somebody else filled becomes a formula (OWASP, CSV injection). Numbers stay numbers, moments
are told by the site's own clock."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter
from msgspec.structs import replace

from server.insights.reports.shapes import Values
from server.insights.reports.table import Sum, Table, TableColumn
from server.insights.reports.value_words import named
from server.insights.reports.words import PAPER, WEEKDAYS, Language, say
from server.kernel.cells import begins_a_formula, harmless

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_LONGEST_CELL = 32_767
_EXACT = 2**53
"""Beyond it a spreadsheet's numbers lose their last digits."""


class Sheet(NamedTuple):
    """A table, what it is called, in which language it is told. `made_at`: ms UTC."""

    title: str
    table: Table
    lang: Language
    made_at: int
    values: Values = "words"


class Printable(NamedTuple):
    """What the typesetter is given: everything is text by now. `ends`: columns of figures.
    `sums`: which rows are sub-totals, from 0."""

    title: str
    facts: list[tuple[str, str]]
    heads: list[str]
    ends: list[bool]
    rows: list[list[str]]
    sums: list[int]
    note: str
    page: str
    lang: Language


Draw = Callable[[Printable], bytes]


def made(sheet: Sheet, kind: str, draw: Draw) -> bytes:
    """`kind`: one of KINDS."""
    words = sheet.values == "words"
    table = in_words(sheet.table, sheet.lang) if words else replace(sheet.table, sums=[])
    sheet = sheet._replace(table=table)
    if kind == "csv":
        return csv_file(sheet)
    return xlsx_file(sheet) if kind == "xlsx" else draw(printable(sheet))


def in_words(table: Table, lang: Language) -> Table:
    """With the reader's words in place of codes and of the numbers of weekdays."""
    told = [_teller(column, lang) for column in table.columns]
    columns = [
        replace(column, type="text", words="") if tell else column
        for column, tell in zip(table.columns, told, strict=True)
    ]

    def words(row: Sequence[Any]) -> list[Any]:
        both = zip(told, row, strict=True)
        return [v if tell is None or v is None else tell(v) for tell, v in both]

    sums = [replace(each, cells=words(each.cells)) for each in table.sums]
    return replace(table, columns=columns, rows=[words(row) for row in table.rows], sums=sums)


def _teller(column: TableColumn, lang: Language) -> Callable[[Any], str] | None:
    if column.type == "weekday":
        return lambda day: say(WEEKDAYS[day - 1], lang)
    if column.type != "text" or not column.words:
        return None
    return lambda code: named(column.words, code, lang)


def heads(table: Table) -> list[str]:
    """Which clock a moment is told by stands in its head."""
    return [f"{c.label} ({table.zone})" if c.type == "moment" else c.label for c in table.columns]


def csv_file(sheet: Sheet) -> bytes:
    """RFC 4180: CRLF, quoted where needed; UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(harmless(head) for head in heads(sheet.table))
    zone = ZoneInfo(sheet.table.zone)
    for line in lines(sheet):
        writer.writerow(_csv(column, value, zone) for column, value in line.cells)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


class Line(NamedTuple):
    """Of a file: a row, or a sub-total."""

    cells: list[tuple[TableColumn, Any]]
    is_sum: bool


def lines(sheet: Sheet) -> Iterator[Line]:
    """The rows with their sub-totals; what such a one is stands in its first empty cell."""
    table, after = sheet.table, defaultdict[int, list[Sum]](list)
    for each in table.sums:
        after[each.after].append(each)
    for at, row in enumerate(table.rows):
        yield Line(list(zip(table.columns, row, strict=True)), False)
        for each in after[at]:
            cells = list(zip(table.columns, each.cells, strict=True))
            cells[each.depth] = (TableColumn("", "text"), say(PAPER["total"], sheet.lang))
            yield Line(cells, True)


def _csv(column: TableColumn, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if column.type == "moment":
        return _clock(value, zone).strftime("%Y-%m-%d %H:%M:%S")
    return harmless(value) if column.type == "text" else str(value)


def _clock(at: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromtimestamp(at / 1000, zone).replace(tzinfo=None)


def xlsx_file(sheet: Sheet) -> bytes:
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": sheet.title, "created": _clock(sheet.made_at, ZoneInfo("UTC"))})
    page = book.add_worksheet()
    _Filling(book, page, ZoneInfo(sheet.table.zone)).fill(sheet)
    about = book.add_worksheet("-")
    about.set_column(0, 1, 30)
    for at, (name, value) in enumerate([*facts(sheet), ("", note(sheet))]):
        about.write_string(at, 0, name)
        about.write_string(at, 1, value)
    book.close()
    return out.getvalue()


class _Filling:
    """`quoted`: a cell that stays text also when somebody edits it."""

    def __init__(self, book: Any, page: Any, zone: ZoneInfo) -> None:
        self.page, self.zone = page, zone
        self.head = book.add_format({"bold": True, "quote_prefix": True})
        self.quoted = book.add_format({"quote_prefix": True})
        formats = {
            "moment": "yyyy-mm-dd hh:mm:ss",
            "date": "yyyy-mm-dd",
            "month": "yyyy-mm",
            "money": "#,##0.00",
            "whole": "#,##0",
        }
        self.of_rows = {k: book.add_format({"num_format": f}) for k, f in formats.items()}
        bold = {k: book.add_format({"num_format": f, "bold": True}) for k, f in formats.items()}
        plain = book.add_format({"bold": True})
        self.of_sums = {"text": plain, "number": plain, **bold}

    def fill(self, sheet: Sheet) -> None:
        table, told = sheet.table, list(lines(sheet))
        for at, head in enumerate(heads(table)):
            self.page.write_string(0, at, head[:_LONGEST_CELL], self.head)
        for n, line in enumerate(told, 1):
            forms = self.of_sums if line.is_sum else self.of_rows
            for at, (column, value) in enumerate(line.cells):
                self.cell(n, at, column, value, forms.get(column.type))
        last = max(0, len(table.columns) - 1)
        self.page.freeze_panes(1, 0)
        self.page.autofilter(0, 0, len(told), last)
        self.page.set_column(0, last, 18)

    def cell(self, n: int, at: int, column: TableColumn, value: Any, form: Any) -> None:
        if value is None:
            return
        if column.type == "text":
            text = str(value)[:_LONGEST_CELL]
            self.page.write_string(n, at, text, self.quoted if begins_a_formula(text) else form)
        elif column.type == "flag":
            self.page.write_boolean(n, at, bool(value))
        elif column.type == "moment":
            self.page.write_datetime(n, at, _clock(value, self.zone), form)
        elif column.type in ("date", "month"):
            day = dt.date.fromisoformat(value if column.type == "date" else f"{value}-01")
            self.page.write_datetime(n, at, day, form)
        elif abs(value) >= _EXACT:
            self.page.write_string(n, at, str(value))
        else:
            self.page.write_number(n, at, value, form)


def printable(sheet: Sheet) -> Printable:
    table, lang = sheet.table, sheet.lang
    zone = ZoneInfo(table.zone)
    told = list(lines(sheet))
    return Printable(
        title=sheet.title,
        facts=facts(sheet),
        heads=heads(table),
        ends=[c.type in ("whole", "number", "money", "hour") for c in table.columns],
        rows=[[_plain(c, v, zone, lang) for c, v in line.cells] for line in told],
        sums=[at for at, line in enumerate(told) if line.is_sum],
        note=note(sheet),
        page=say(PAPER["page"], lang),
        lang=lang,
    )


def facts(sheet: Sheet) -> list[tuple[str, str]]:
    """What is to be known of a table besides its rows."""
    table, lang = sheet.table, sheet.lang
    made_at = f"{_clock(sheet.made_at, ZoneInfo(table.zone)):%Y-%m-%d %H:%M} ({table.zone})"
    told = {"period": period_words(table), "made": made_at, "rows": f"{len(table.rows):,}"}
    return [(say(PAPER[name], lang), value) for name, value in told.items() if value]


def note(sheet: Sheet) -> str:
    """Whether rows were left out, or there are none."""
    if sheet.table.more:
        return say(PAPER["more"], sheet.lang)
    return "" if sheet.table.rows else say(PAPER["none"], sheet.lang)


def period_words(table: Table) -> str:
    """From the first to the last day, both within; empty where no period applies."""
    if not table.end or table.end >= 10**13:
        return ""
    zone = ZoneInfo(table.zone)
    first, last = _clock(table.start, zone).date(), _clock(table.end - 1, zone).date()
    return f"{first}" if first == last else f"{first} – {last}"


def _plain(column: TableColumn, value: Any, zone: ZoneInfo, lang: Language) -> str:
    if value is None:
        return "–"
    match column.type:
        case "moment":
            return f"{_clock(value, zone):%Y-%m-%d %H:%M}"
        case "flag":
            return say(PAPER["yes" if value else "no"], lang)
        case "money":
            return f"{value:,.2f}"
        case "number":
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        case "whole":
            return f"{value:,}"
    return str(value)
