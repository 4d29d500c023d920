"""A real shop's two months, counted here by other means than the import's."""

import csv
import gzip
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest
import sqlalchemy as sa

from server.catalog.tables import item, item_code
from server.imports.report import Report
from server.imports.submitting import StoreTrouble, submit_all
from server.insights.integrity import findings
from server.inventory.tables import stock
from server.kernel.gs1 import has_check_digit
from server.orders.tables import cancellation, order_line, orders
from server.store.tables import op
from tests.imports.importing import Site
from tests.stores import open_store

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("DOCKHAND_DATA", ROOT / "../shared/data")) / "orders_uci_online_retail"
FILE = FOLDER / "online_retail_2010-12_2011-01.csv.gz"
CHARGES = {"POST", "DOT", "M", "m", "C2", "D", "S", "AMAZONFEE", "BANK CHARGES"}

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not FILE.exists(), reason="shared/data/orders_uci_online_retail is missing"),
]
Raw = dict[str, str]


@dataclass
class Done:
    site: Site
    reports: dict[str, Report]
    seconds: float

    def rows(self, statement: Any) -> list[tuple[Any, ...]]:
        return self.site.rows(statement)


@pytest.fixture(scope="module")
def raw() -> list[Raw]:
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """The whole file, imported once."""
    folder = tmp_path_factory.mktemp("uci")
    with open_store("sqlite", folder) as store:
        site = Site(store, folder)
        site.bins()
        began = time.monotonic()
        reports = {what: site.take(what, FILE) for what in ("items", "stock", "orders")}
        yield Done(site, reports, time.monotonic() - began)


def goods(row: Raw) -> bool:
    return row["StockCode"] not in CHARGES and not row["StockCode"].startswith("gift_0001")


def invoices(raw: list[Raw]) -> dict[str, list[Raw]]:
    found: dict[str, list[Raw]] = defaultdict(list)
    for row in raw:
        if goods(row):
            found[row["InvoiceNo"]].append(row)
    return found


def good_orders(raw: list[Raw]) -> dict[str, list[Raw]]:
    """Of a known customer, every line a positive quantity."""
    return {
        no: rows
        for no, rows in invoices(raw).items()
        if no[0] != "C" and rows[0]["CustomerID"] and all(int(r["Quantity"]) > 0 for r in rows)
    }


def test_every_row_is_taken_left_out_or_rejected_exactly_once(done: Done, raw: list[Raw]) -> None:
    for report in done.reports.values():
        told = report.rows_taken + report.left_out.total() + report.rejected.total()
        assert told == report.rows == len(raw)


def test_orders_and_cancellations_are_those_of_the_file(done: Done, raw: list[Raw]) -> None:
    assert {r[0] for r in done.rows(sa.select(orders.c.ref))} == set(good_orders(raw))
    returned = {no for no in invoices(raw) if no[0] == "C"}
    assert {r[0] for r in done.rows(sa.select(cancellation.c.ref))} == returned
    report = done.reports["orders"]
    without = {r["InvoiceNo"] for r in raw} - set(invoices(raw))
    assert report.no_goods == Counter(
        orders=sum(no[0] != "C" for no in without),
        cancellations=sum(no[0] == "C" for no in without),
    )
    assert len({r["InvoiceNo"] for r in raw}) == 3501
    assert sum(report.made.values()) + report.rejected_things.total() + len(without) == 3501


def test_pieces_and_money_of_each_order_are_those_of_its_lines(done: Done, raw: list[Raw]) -> None:
    expected = {
        no: (
            sum(int(r["Quantity"]) for r in rows),
            sum(int(r["Quantity"]) * round(float(r["UnitPrice"]) * 100) for r in rows),
            len({(r["StockCode"].upper(), r["UnitPrice"]) for r in rows}),
        )
        for no, rows in good_orders(raw).items()
    }
    kept = done.rows(sa.select(orders.c.ref, orders.c.pieces, orders.c.total, orders.c.lines))
    assert {ref: (pieces, total, lines) for ref, pieces, total, lines in kept} == expected


def test_rejected_rows_by_rule_are_those_of_the_file(done: Done, raw: list[Raw]) -> None:
    rows = [r for of in invoices(raw).values() for r in of if r["InvoiceNo"][0] != "C"]
    negative = [r for r in rows if int(r["Quantity"]) < 0]
    missing = [r for r in rows if not r["CustomerID"] and int(r["Quantity"]) > 0]
    report = done.reports["orders"]
    assert report.rejected == Counter(negative_quantity=len(negative), missing=len(missing))
    assert len(negative) == 166
    assert report.left_out == Counter(not_goods=sum(not goods(r) for r in raw))


def test_the_reject_file_names_row_field_value_and_rule(done: Done, raw: list[Raw]) -> None:
    with done.site.rejects.open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    report = done.reports["orders"]
    assert len(rejected) == report.rejected.total()
    for row in rejected:
        source = raw[int(row["row"]) - 2]
        assert row["InvoiceNo"] == source["InvoiceNo"]
        assert row["StockCode"] == source["StockCode"]
        assert (row["field"], row["rule"]) in {
            ("customer", "missing"),
            ("qty", "negative_quantity"),
        }
        assert row["mend"]
        assert row["value"] == ("" if row["field"] == "customer" else source["Quantity"])


def test_one_item_for_both_spellings_of_a_sku_with_the_median_price(
    done: Done, raw: list[Raw]
) -> None:
    prices: dict[str, list[int]] = defaultdict(list)
    for r in raw:
        if goods(r) and int(r["Quantity"]) > 0:
            prices[r["StockCode"].upper()].append(round(float(r["UnitPrice"]) * 100))
    kept = dict(done.rows(sa.select(item.c.sku, item.c.price)))
    asked = {sku: [p for p in all_ if p] for sku, all_ in prices.items()}
    assert kept == {sku: median_low(all_) if all_ else 0 for sku, all_ in asked.items()}


def test_each_item_has_a_code_of_the_house_with_its_check_digit(done: Done) -> None:
    codes = [str(r[0]) for r in done.rows(sa.select(item_code.c.code))]
    assert len(codes) == len(set(codes)) == done.site.count(item)
    assert all(len(c) == 14 and c.startswith("02") and has_check_digit(c) for c in codes)


def test_stock_is_enough_for_all_lines_and_some_lies_in_two_bins(
    done: Done, raw: list[Raw]
) -> None:
    ordered: Counter[str] = Counter()
    for r in raw:
        if goods(r) and r["InvoiceNo"][0] != "C" and int(r["Quantity"]) > 0:
            ordered[r["StockCode"].upper()] += int(r["Quantity"])
    kept = done.rows(sa.select(stock.c.sku, sa.func.sum(stock.c.qty)).group_by(stock.c.sku))
    assert {sku: int(qty) for sku, qty in kept} == dict(ordered)
    assert done.site.count(stock) > len(ordered)


def test_the_books_agree_after_the_import(done: Done) -> None:
    assert findings(done.site.store) == []


def test_seventy_seven_thousand_lines_take_less_than_a_minute(done: Done) -> None:
    assert done.seconds < 60


def test_running_again_makes_nothing_new(done: Done) -> None:
    tables = (op, orders, order_line, cancellation, item, stock)
    before = [done.site.count(t) for t in tables]
    for what in ("items", "stock", "orders"):
        report = done.site.take(what, FILE)
        first = done.reports[what]
        assert not report.made
        assert report.already == first.made
        assert report.rejected == first.rejected
    assert [
        done.site.count(t) for t in (op, orders, order_line, cancellation, item, stock)
    ] == before


def test_an_interrupted_import_goes_on_where_it_stopped(
    site: Site, monkeypatch: pytest.MonkeyPatch, raw: list[Raw]
) -> None:
    part = site.folder / "part.csv"
    with gzip.open(FILE, "rb") as file:
        part.write_bytes(b"".join(islice(file, 8001)))
    wanted = good_orders(raw[:8000])
    site.take("items", part)
    calls = iter(range(1000))
    real = submit_all

    def power_cut(*given: object) -> object:
        if next(calls) == 4:
            raise StoreTrouble("cut")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("server.imports.orders.submit_all", power_cut)
    code, text = site.tell("orders", part)
    assert code == 2
    assert "run the same command again" in text
    there = site.count(orders) + site.count(cancellation)
    assert there == 100
    report = site.take("orders", part)
    assert sum(report.already.values()) == there
    assert {r[0] for r in site.rows(sa.select(orders.c.ref))} == set(wanted)
