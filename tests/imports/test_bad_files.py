"""What no file may do: raise, import half an order, or leave its reader without row and mend."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.orders.tables import cancellation, order_line, orders
from tests.imports.importing import GOOD, HEADER, Site


def line(**changes: str) -> str:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | changes
    return ",".join(cells.values())


def rejected(site: Site) -> list[dict[str, str]]:
    with site.rejects.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("body", "code", "row"),
    [
        (b"", "empty_file", 1),
        (b"\n\n", "empty_file", 1),
        (HEADER.encode() + b"\n", "no_rows", 2),
        (b"\x00\x01\x02\xff" * 400, "binary_file", 1),
        (b"PK\x03\x04" + b"\x00" * 60, "binary_file", 1),
        (("\ufeff" + HEADER).encode("utf-16-le"), "bad_encoding", 1),
        (b"\x1f\x8b\x08\x00nonsense", "binary_file", 1),
        (gzip.compress(HEADER.encode() + b"\n" + GOOD.encode(), mtime=0)[:30], "binary_file", 1),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "binary_file", 1),
        (b"a,b,c\n1,2,3\n", "missing_column", 1),
        (b"InvoiceNo,InvoiceNo\n1,2\n", "column_twice", 1),
        ("InvoiceNo,Größe\n1,2\n".encode("cp1252"), "bad_encoding", 1),
    ],
)
def test_an_unusable_file_is_named_with_row_and_mend(
    site: Site, body: bytes, code: str, row: int
) -> None:
    path = site.folder / "in.csv"
    path.write_bytes(body)
    status, text = site.tell("orders", path)
    assert status == 2
    assert f"row {row}: {code}: " in text
    assert "Traceback" not in text
    assert site.count(orders) == 0


def test_a_file_that_is_not_there_is_told(site: Site) -> None:
    status, text = site.tell("orders", site.folder / "nowhere.csv")
    assert status == 2
    assert "unreadable_file" in text


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"Quantity": "six"}, "qty", "not_a_whole_number"),
        ({"Quantity": "6.5"}, "qty", "not_a_whole_number"),
        ({"Quantity": "٣"}, "qty", "not_a_whole_number"),
        ({"Quantity": ""}, "qty", "missing"),
        ({"Quantity": "0"}, "qty", "out_of_range"),
        ({"Quantity": "-3"}, "qty", "negative_quantity"),
        ({"Quantity": "99999999999"}, "qty", "out_of_range"),
        ({"UnitPrice": "-2.55"}, "price", "negative_price"),
        ({"UnitPrice": "1e5"}, "price", "not_an_amount"),
        ({"UnitPrice": "NaN"}, "price", "not_an_amount"),
        ({"UnitPrice": "2.555"}, "price", "too_many_decimals"),
        ({"InvoiceDate": "2010-13-45 99:00:00"}, "placed_at", "not_a_date"),
        ({"InvoiceDate": "1931-01-01 00:00:00"}, "placed_at", "not_a_date"),
        ({"InvoiceDate": "2099-01-01 00:00:00"}, "placed_at", "not in the future"),
        ({"InvoiceNo": ""}, "ref", "missing"),
        ({"InvoiceNo": "9" * 65}, "ref", "too_long"),
        ({"StockCode": ""}, "sku", "missing"),
        ({"StockCode": "NEVER-SEEN"}, "sku", "unknown_item"),
        ({"Description": "a\x07b"}, "Description", "control_character"),
        ({"CustomerID": ""}, "customer", "missing"),
        ({"Country": ""}, "ship_to.country", "missing"),
    ],
)
def test_a_bad_row_is_rejected_with_its_field_and_rule(
    site: Site, changes: dict[str, str], field: str, rule: str
) -> None:
    site.items("85123A")
    other = line(InvoiceNo="536366")
    report = site.take("orders", site.file(HEADER, line(**changes), other))
    [row] = rejected(site)
    assert (row["row"], row["field"], row["rule"]) == ("2", field, rule)
    assert row["mend"]
    assert report.made == {"orders": 1}


def test_the_row_that_is_named_is_the_one_that_is_bad(site: Site) -> None:
    site.items("85123A")
    good, late = line(InvoiceNo="536366"), line(InvoiceNo="536367")
    bad = line(InvoiceNo="536368", Quantity="six")
    report = site.take("orders", site.file(HEADER, good, late, bad))
    assert [(row["row"], row["field"]) for row in rejected(site)] == [("4", "qty")]
    assert report.made == {"orders": 2}


def test_one_bad_line_rejects_its_order_or_is_dropped_as_the_map_says(site: Site) -> None:
    site.items("85123A", "71053")
    file = site.file(HEADER, GOOD, line(StockCode="71053", Quantity="x"))
    report = site.take("orders", file)
    assert report.rejected == {"not_a_whole_number": 1, "bad_line_in_order": 1}
    assert site.count(orders) == 0
    dropping = uci_map(site, on_bad_line="drop_line")
    report = site.take("orders", file, str(dropping))
    assert report.rejected == {"not_a_whole_number": 1}
    assert (site.count(orders), site.count(order_line)) == (1, 1)


def uci_map(site: Site, **changes: str) -> Path:
    columns = dict(
        zip(
            ("ref", "sku", "name", "qty", "placed_at", "price", "customer", "country"),
            HEADER.split(","),
            strict=True,
        )
    )
    fields = {"channel": "EC", "currency": "GBP", "cancellation_prefix": "C"} | changes
    return site.map("orders", **fields, columns=columns)


def test_a_half_written_last_order_is_not_imported_until_it_is_whole(site: Site) -> None:
    site.items("85123A", "71053")
    second, third = line(InvoiceNo="536366"), line(InvoiceNo="536366", StockCode="71053")
    whole = f"{HEADER}\n{GOOD}\n{second}\n{third}\n"
    path = site.folder / "in.csv"
    path.write_text(whole[:-45], encoding="utf-8")
    report = site.take("orders", path)
    assert report.made == {"orders": 1}
    assert report.rejected == {"cut_off": 2}
    path.write_text(whole, encoding="utf-8")
    report = site.take("orders", path)
    assert report.made == {"orders": 1}
    assert report.already == {"orders": 1}
    assert site.count(order_line) == 3


def test_a_cut_off_archive_gives_its_whole_orders_and_names_the_row(site: Site) -> None:
    site.items("85123A")
    rows = [line(InvoiceNo=str(n), Description=f"NAME {n * 7919 % 10007}") for n in range(600)]
    body = gzip.compress("\n".join([HEADER, *rows]).encode())
    path = site.folder / "in.csv.gz"
    path.write_bytes(body[: len(body) // 2])
    status, text = site.tell("orders", path)
    assert status == 1
    assert "cut_off" in text
    assert 0 < site.count(orders) < 600
    assert rejected(site)[-1]["rule"] == "cut_off"


def test_a_row_of_another_encoding_spoils_itself_alone(site: Site) -> None:
    site.items("85123A")
    bad = line(Description="BÖSE").encode("cp1252")
    good = line(InvoiceNo="536366", Description="龙井绿茶").encode()
    path = site.folder / "in.csv"
    path.write_bytes(b"\n".join([b"\xef\xbb\xbf" + HEADER.encode(), bad, good, b""]))
    report = site.take("orders", path)
    assert report.made == {"orders": 1}
    [row] = rejected(site)
    assert (row["row"], row["rule"]) == ("2", "bad_encoding")
    assert "encoding" in row["mend"]
    assert row["value"].startswith("d6")


def test_a_map_can_name_another_encoding(site: Site) -> None:
    site.items("85123A")
    path = site.folder / "in.csv"
    path.write_text(f"{HEADER}\n{line(Description='龙井绿茶')}\n", encoding="gb18030")
    site.take("orders", path, str(uci_map(site, encoding="gb18030")))
    assert site.rows(order_line.select())[0][3] == "龙井绿茶"


def test_rows_with_too_few_or_too_many_cells_are_named(site: Site) -> None:
    site.items("85123A")
    file = site.file(HEADER, "1,2,3", GOOD, GOOD.replace("536365", "536367") + ",more")
    report = site.take("orders", file)
    assert report.rejected == {"missing_cells": 1, "too_many_cells": 1}
    assert report.made == {"orders": 1}


def test_rows_of_one_order_that_stand_apart_make_no_second_order(site: Site) -> None:
    site.items("85123A")
    report = site.take("orders", site.file(HEADER, GOOD, line(InvoiceNo="536366"), GOOD))
    assert report.made == {"orders": 2}
    assert report.rejected == {"order_apart": 1}


def test_same_articles_are_merged_unless_their_price_differs(site: Site) -> None:
    site.items("85123A")
    lower, dearer = line(StockCode="85123a", Quantity="4"), line(UnitPrice="3.00")
    report = site.take("orders", site.file(HEADER, GOOD, lower, dearer))
    kept = site.rows(order_line.select().order_by(order_line.c.no))
    assert [(r.sku, r.qty, r.price) for r in map(_line, kept)] == [
        ("85123A", 10, 255),
        ("85123A", 6, 300),
    ]
    assert report.merged == 1


class _line:  # noqa: N801
    def __init__(self, row: tuple[object, ...]) -> None:
        _, _, self.sku, _, self.qty, self.price, *_ = row


def test_a_line_that_is_no_goods_is_left_out_even_when_it_is_bad(site: Site) -> None:
    site.items("85123A")
    report = site.take("orders", site.file(HEADER, GOOD, line(StockCode="post", Quantity="-x")))
    assert report.made == {"orders": 1}
    assert report.left_out == {"not_goods": 1}
    assert report.clean


def test_a_cancellation_is_recorded_and_one_that_gives_is_not(site: Site) -> None:
    site.items("85123A")
    back = line(InvoiceNo="C536379", Quantity="-6", CustomerID="")
    file = site.file(HEADER, GOOD, back, line(InvoiceNo="C536380"))
    report = site.take("orders", file)
    assert report.made == {"orders": 1, "cancellations": 1}
    assert report.rejected == {"positive_in_cancellation": 1}
    assert site.count(cancellation) == 1


def test_the_reject_file_calculates_nothing_in_a_spreadsheet(site: Site) -> None:
    formula = '=HYPERLINK("http://x")'
    quoted = '"' + formula.replace('"', '""') + '"'
    site.take("orders", site.file(HEADER, line(Description=quoted, Quantity="@SUM(A1)")))
    [row] = rejected(site)
    assert row["Description"] == "'" + formula
    assert row["value"] == row["Quantity"] == "'@SUM(A1)"


def test_a_mended_reject_file_is_itself_a_file_to_import(site: Site) -> None:
    site.items("85123A")
    site.take("orders", site.file(HEADER, line(CustomerID="")))
    mended = site.folder / "mended.csv"
    text = site.rejects.read_text(encoding="utf-8-sig")
    mended.write_text(text.replace(",2.55,,", ",2.55,17850.0,"), encoding="utf-8")
    assert site.take("orders", mended).made == {"orders": 1}


def test_the_reject_file_never_overwrites_its_input(site: Site) -> None:
    path = site.file(HEADER, line(Quantity="x"), name="rejected.csv")
    before = path.read_bytes()
    status, _ = site.tell("orders", path)
    assert status == 2
    assert path.read_bytes() == before


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30
) | st.sampled_from(["", "-1", "C", '"', "0", "2010-12-01 08:26:00", "85123A", "17850.0", "\x00"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(CELL, max_size=10), min_size=1, max_size=12), cut=st.integers(0, 40))
def test_no_rows_whatsoever_raise_or_get_lost(site: Site, rows: list[list[str]], cut: int) -> None:
    body = "\n".join([HEADER, *(",".join(row) for row in rows)]).encode()
    path = site.folder / "fuzz.csv"
    path.write_bytes(body[: len(body) - cut])
    status, text = site.tell("orders", path)
    assert status in (0, 1, 2)
    if status != 2:
        report = site.take("orders", path)
        assert report.rows == (
            report.rows_taken + report.left_out.total() + report.rejected.total()
        )
    else:
        assert "row " in text


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=400))
def test_no_bytes_whatsoever_raise(site: Site, body: bytes) -> None:
    path = site.folder / "fuzz.csv"
    path.write_bytes(body)
    status, text = site.tell("items", path)
    assert status == 2
    assert "row " in text
