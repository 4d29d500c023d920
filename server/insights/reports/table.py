"""What a report comes to: columns with their types, rows of plain values."""

import datetime as dt
from typing import Any

import msgspec

from server.insights.reports.fields import Type
from server.insights.reports.shapes import Chart


class TableColumn(msgspec.Struct, frozen=True):
    """`words`: which of the app's words its values are; `is_group`: it says what a row is of."""

    label: str
    type: Type
    unit: str = ""
    words: str = ""
    is_group: bool = False


class Sum(msgspec.Struct, frozen=True):
    """A sub-total. It stands after row `after`, from 0; `depth`: of as many groups, 0 is all."""

    after: int
    depth: int
    cells: list[Any]


class Table(msgspec.Struct, frozen=True):
    """Values: text, numbers, ms UTC for moments, ISO 8601 for dates and months, None for nothing.
    `more`: there were more rows than are here. `start`, `end`: ms, 0 where no period applies."""

    columns: list[TableColumn]
    rows: list[list[Any]]
    more: bool
    chart: Chart
    start: int
    end: int
    zone: str
    sums: list[Sum] = []


def bucket(days: int) -> str:
    """ISO 8601 of so many days since 1970."""
    return (dt.date(1970, 1, 1) + dt.timedelta(days)).isoformat()
