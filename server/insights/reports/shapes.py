"""What a report is: which rows, which columns, how they are grouped, sorted and drawn."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FieldName = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z][a-z_]*$")]
Title = Annotated[str, Meta(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Formula = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Value = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]
Part = Literal["", "hour", "weekday", "day", "week", "month"]
Chart = Literal["", "bar", "line", "pie", "heat"]
Format = Literal["csv", "xlsx", "pdf"]
Values = Literal["words", "codes"]
"""What a file says where the database has a code: the reader's words, or the code for a machine."""
Compare = Literal["is", "not", "above", "below", "contains"]
PeriodName = Literal[
    "", "today", "yesterday", "last_7", "last_30", "this_month", "last_month", "all"
]
MOST_ROWS = 50_000


class ReportColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field, or a formula over fields. `title`: in place of what it is called by itself."""

    formula: Formula
    title: Title = ""


class ReportGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`part`: of a moment, in the site's own time."""

    field: FieldName
    part: Part = ""


class ReportFilter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of several `values` one has to fit; with `not` none may."""

    field: FieldName
    op: Compare = "is"
    values: Annotated[list[Value], Meta(min_length=1, max_length=20)] = msgspec.field(
        default_factory=lambda: [""]
    )


class ReportSort(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`by`: groups first, then columns, from 0."""

    by: Annotated[int, Meta(ge=0, le=30)] = 0
    down: bool = False


class ReportSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without groups and totals a row for each of the dataset's; with them a row for each group.
    `subtotals`: of each group but the innermost, and one of everything; rows stand by their groups
    then, sorted within the innermost."""

    dataset: FieldName
    columns: Annotated[list[ReportColumn], Meta(min_length=1, max_length=20)]
    groups: Annotated[list[ReportGroup], Meta(max_length=4)] = []
    filters: Annotated[list[ReportFilter], Meta(max_length=12)] = []
    sort: Annotated[list[ReportSort], Meta(max_length=4)] = []
    limit: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 1_000
    chart: Chart = ""
    period: PeriodName = "last_30"
    subtotals: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to see of a report now. `start`, `end`: ISO dates, both within; in place
    of the report's own period, and so is `period`."""

    period: PeriodName = ""
    start: Annotated[str, Meta(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = ""
    end: Annotated[str, Meta(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = ""
    filters: Annotated[list[ReportFilter], Meta(max_length=12)] = []
