"""Runs a report beside the site's work: one at a time, reading only, and not for long.

On SQLite the query is asked every few thousand steps whether its time is up, on PostgreSQL the
server sees to it. The writer is never waited for and never kept waiting.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from server.insights.reports.building import statement, subtotals
from server.insights.reports.checking import check
from server.insights.reports.fields import Type
from server.insights.reports.period import BadPeriod, span
from server.insights.reports.settings import ReportRules, rules_of, zone_of
from server.insights.reports.shapes import Asked, ReportSpec
from server.insights.reports.sums import placed
from server.insights.reports.table import Table, TableColumn, bucket
from server.insights.reports.titles import label
from server.insights.reports.words import Language
from server.kernel.errors import Refusal, code
from server.kernel.values import Role
from server.store.engines import snapshot_engine

TOO_SLOW = code("report_too_slow")
BUSY = code("reports_busy")
CANNOT_COUNT = code("report_cannot_be_counted")
BAD_PERIOD = code("report_bad_period")
WAITING = 8
"""More than so many at once are told to come back."""
_STEPS = 20_000
"""Of SQLite's virtual machine between two looks at the clock: well under a millisecond."""
T = TypeVar("T")


class Reporting:
    """A thread and a connection of its own."""

    def __init__(self, url: str) -> None:
        self._engine = snapshot_engine(url)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reports")
        self._waiting = 0

    async def run(self, job: Callable[[sa.Connection], T]) -> T:
        """Refuses `reports_busy` where too many wait already."""
        return await self.make(lambda: self._read(job))

    async def make(self, job: Callable[[], T]) -> T:
        """What takes long without the database: a file. In its turn, and refused, as a query."""
        if self._waiting >= WAITING:
            raise Refusal(BUSY, count=self._waiting)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, job)
        finally:
            self._waiting -= 1

    def _read(self, job: Callable[[sa.Connection], T]) -> T:
        with self._engine.connect() as conn:
            return job(conn)

    def close(self) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._engine.dispose()


@contextmanager
def within(conn: sa.Connection, seconds: float) -> Iterator[None]:
    """Statements inside are given up after so long, all together, and cannot write. Refuses
    `report_too_slow`, and `report_cannot_be_counted` where a figure is beyond all bounds."""
    sqlite = conn.dialect.name == "sqlite"
    driver: Any = conn.connection.driver_connection
    if sqlite:
        end = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    else:
        conn.exec_driver_sql("SET TRANSACTION READ ONLY")
        conn.exec_driver_sql(f"SET LOCAL statement_timeout = {math.ceil(seconds * 1000)}")
    try:
        yield
    except sa.exc.OperationalError as error:
        if "interrupted" in str(error.orig) or "statement timeout" in str(error.orig):
            raise Refusal(TOO_SLOW, seconds=math.ceil(seconds)) from error
        if "integer overflow" in str(error.orig):
            raise Refusal(CANNOT_COUNT) from error
        raise
    except sa.exc.DataError as error:
        raise Refusal(CANNOT_COUNT) from error
    finally:
        if sqlite:
            driver.set_progress_handler(None, 0)


class Wish(NamedTuple):
    """Whose report, for which site, in whose words."""

    site: str
    role: Role
    lang: Language
    now: int


def tabulate(
    conn: sa.Connection,
    spec: ReportSpec,
    asked: Asked,
    wish: Wish,
    most: Callable[[ReportRules], int] = lambda rules: rules.shown,
) -> Table:
    """`most`: rows, by the site's rules. Refuses what `check` does, a bad period, and `within`."""
    rules, zone = rules_of(conn, wish.site), zone_of(conn, wish.site)
    checked = check(narrowed(spec, asked), wish.role, rules)
    try:
        period = span(asked, spec.period, wish.now, zone)
    except BadPeriod as wrong:
        raise Refusal(BAD_PERIOD, field=wrong.field, value=wrong.value, mend=wrong.mend) from wrong
    limit = min(spec.limit, most(rules))
    query = statement(checked, wish.site, period, zone, limit)
    depths = range(len(spec.groups)) if spec.subtotals else ()
    outer = {d: subtotals(checked, d, wish.site, period, zone, limit) for d in depths}
    with within(conn, rules.seconds):
        found = conn.execute(query, {"now": wish.now}).all()
        totals = {d: conn.execute(each, {"now": wish.now}).all() for d, each in outer.items()}
    columns = [
        TableColumn(label(o, wish.lang), o.type, o.unit, o.words, o.is_group)
        for o in checked.outputs
    ]
    kinds = [o.type for o in checked.outputs]
    rows = _rows(found[:limit], kinds)
    sums = placed(rows, {depth: _rows(each, kinds) for depth, each in totals.items()})
    bounds = period if checked.dataset.time else (0, 0)
    return Table(columns, rows, len(found) > limit, spec.chart, *bounds, zone.key, sums)


def _rows(found: Sequence[Any], kinds: Sequence[Type]) -> list[list[Any]]:
    return [[_value(*cell) for cell in zip(row, kinds, strict=True)] for row in found]


def narrowed(spec: ReportSpec, asked: Asked) -> ReportSpec:
    """With the filters that are asked for now besides its own."""
    if not asked.filters:
        return spec
    return ReportSpec(
        **{f: getattr(spec, f) for f in spec.__struct_fields__ if f != "filters"},
        filters=[*spec.filters, *asked.filters],
    )


def _value(value: Any, kind: Type) -> Any:
    if value is None:
        return None
    if kind in ("number", "money"):
        return _rounded(value, 2 if kind == "money" else 4)
    if kind == "date":
        return bucket(int(value))
    return str(value) if kind in ("text", "month") else int(value)


def _rounded(value: Any, digits: int) -> float | None:
    figure = float(value)
    return round(figure, digits) if math.isfinite(figure) else None
