"""A period is a range of an index: what a report costs follows its period, not the house's age."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from server.insights.reports.building import statement
from server.insights.reports.checking import check
from server.insights.reports.period import Span
from server.insights.reports.settings import ReportRules
from server.insights.reports.shapes import ReportColumn, ReportSpec
from server.insights.reports.standard import STANDARD
from server.insights.reports.work_datasets import DATASETS
from server.kernel.values import Role
from server.orders.tables import order_line
from server.store.store import Store
from server.store.tx import Tx
from tests.stores import open_store

MONTH: Span = (1_790_000_000_000, 1_792_592_000_000)
ROWS = 3_000
PLAIN = {
    f"all of {name}": ReportSpec(dataset=name, columns=[ReportColumn(f) for f in [*d.fields][:20]])
    for name, d in DATASETS.items()
}
BOUND = {
    name: spec
    for name, spec in {**STANDARD, **PLAIN}.items()
    if DATASETS[spec.dataset].time and spec.period
}
"""Those of what is there now have no period, and read it all."""


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store("sqlite", tmp_path_factory.mktemp("plans")) as store:
        yield store


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """With rows of two years in each table that has a period: an empty one is read whole."""
    with open_store("postgres", tmp_path_factory.mktemp("plans")) as store:
        store.run_sync(fill)
        yield store


def fill(tx: Tx) -> None:
    for column in {*(bounded(spec) for spec in BOUND.values()), order_line.c.order_id}:
        cells = {c.name: _cell(c, column) for c in column.table.c}
        names, values = (", ".join(each) for each in (cells, cells.values()))
        of = f"FROM generate_series(1, {ROWS}) AS n(i)"
        sql = f'INSERT INTO "{column.table.name}" ({names}) SELECT {values} {of}'
        tx.conn.exec_driver_sql(sql)
    tx.conn.exec_driver_sql("ANALYZE")


def _cell(column: Any, period: Any) -> str:
    if column.name == period.name and isinstance(column.type, sa.BigInteger):
        return f"{MONTH[1]} - i::bigint * 63072000000 / {ROWS}"
    if column.name == "site":
        return "'main'"
    if column.nullable and not column.primary_key:
        return "NULL"
    if isinstance(column.type, sa.Boolean):
        return "false"
    if column.primary_key or column.unique:
        return "i" if isinstance(column.type, sa.Integer) else "i::text"
    if column.name == "state":
        return "'done'"
    return "0" if isinstance(column.type, sa.Integer) else "''"


def bounded(spec: ReportSpec) -> Any:
    """The column whose index a period is a range of."""
    dataset = DATASETS[spec.dataset]
    return dataset.fields[dataset.time].column if dataset.written is None else dataset.written


def explained(tx: Tx, head: str, spec: ReportSpec) -> Any:
    checked = check(spec, Role.ADMIN, ReportRules())
    query = statement(checked, "main", MONTH, ZoneInfo("Europe/London"), 1_000)
    shown = query.params(now=MONTH[1]).compile(tx.conn.engine).construct_expanded_state()
    on_sqlite = tx.conn.dialect.name == "sqlite"
    values: Any = shown.positional_parameters if on_sqlite else shown.parameters
    return tx.conn.exec_driver_sql(f"{head} {shown.statement}", values).all()


def lite_plan(tx: Tx, spec: ReportSpec) -> list[str]:
    """How each table is read, in the order in which they are."""
    rows = explained(tx, "EXPLAIN QUERY PLAN", spec)
    return [r[3] for r in rows if r[3].startswith(("SCAN", "SEARCH"))]


def is_range(plan: list[str], spec: ReportSpec) -> bool:
    wanted = rf"SEARCH .* INDEX \w+ \(site=\? AND {bounded(spec).name}>"
    return bool(re.match(wanted, plan[0])) and not any(line.startswith("SCAN") for line in plan)


@pytest.mark.parametrize("name", BOUND)
def test_sqlite_reads_a_period_out_of_an_index(lite: Store, name: str) -> None:
    plan = lite.run_sync(lambda tx: lite_plan(tx, BOUND[name]))
    assert is_range(plan, BOUND[name]), plan


@pytest.mark.parametrize("name", BOUND)
def test_postgresql_reads_a_period_out_of_an_index(full: Store, name: str) -> None:
    ((plan,),) = full.run_sync(lambda tx: explained(tx, "EXPLAIN (FORMAT JSON)", BOUND[name]))
    ranges = re.findall(r'"Index Cond": "([^"]+)"', json.dumps(plan))
    wanted = f"({bounded(BOUND[name]).name} >= "
    assert any("(site)" in each and wanted in each for each in ranges), plan


def test_without_its_index_a_period_is_no_range_any_more(tmp_path: Path) -> None:
    """The sabotaged twin."""

    def look(tx: Tx) -> list[str]:
        tx.conn.exec_driver_sql("DROP INDEX ix_orders_site_placed")
        return lite_plan(tx, BOUND["sales"])

    with open_store("sqlite", tmp_path) as store:
        assert not is_range(store.run_sync(look), BOUND["sales"])
