"""A checked report as one SELECT of SQLAlchemy; no text of a reader's ever becomes SQL."""

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from server.insights.reports.checking import Checked, Output, is_money, one_currency
from server.insights.reports.expressions import Month, local
from server.insights.reports.fields import FIGURES, Dataset, Field
from server.insights.reports.formula import Call, Node, Number, Pair, Sign
from server.insights.reports.formula import Field as Named
from server.insights.reports.period import ALWAYS, DAY_MS, HOUR_MS, Span, midnight, offsets
from server.insights.reports.shapes import Part, ReportFilter

Offsets = list[tuple[int, int]]


def statement(checked: Checked, site: str, within: Span, zone: ZoneInfo, most: int) -> Any:
    """`most`: rows; one more is asked for, to know whether there are more. Wants `now` (ms)."""
    groups = [f"c{at}" for at, output in enumerate(checked.outputs) if output.is_group]
    wanted = _cells(checked, len(groups), site, within, zone).group_by(*groups)
    return wanted.order_by(*_order(checked)).limit(min(checked.spec.limit, most) + 1)


def subtotals(
    checked: Checked, depth: int, site: str, within: Span, zone: ZoneInfo, most: int
) -> Any:
    """The same columns of the first `depth` groups, in the order of the rows; of none: of
    everything. A cell of an inner group is nothing, and so is an amount of several currencies."""
    groups = [f"c{at}" for at in range(depth)]
    wanted = _cells(checked, depth, site, within, zone).group_by(*groups)
    return wanted.order_by(*(_along(checked, at) for at in range(depth))).limit(most + 1)


def _cells(checked: Checked, depth: int, site: str, within: Span, zone: ZoneInfo) -> Any:
    """By as many groups, not yet grouped."""
    dataset, spec = checked.dataset, checked.spec
    shifts = offsets(within, zone)
    mixed = not one_currency(spec, dataset, spec.groups[:depth]) and checked.grouped
    shown = [
        sa.null()
        if (output.is_group and at >= depth) or (mixed and is_money(output, dataset))
        else _cell(output, dataset, shifts)
        for at, output in enumerate(checked.outputs)
    ]
    cells = [cell.label(f"c{at}") for at, cell in enumerate(shown)]
    wanted = sa.select(*cells).select_from(dataset.rows).where(dataset.site == site)
    wanted = wanted.where(*_within(dataset, within))
    return wanted.where(*(_fits(f, dataset, zone) for f in spec.filters))


def _within(dataset: Dataset, within: Span) -> Sequence[Any]:
    if not dataset.time or within == ALWAYS:
        return ()
    column = dataset.fields[dataset.time].column
    bounds = (column >= within[0], column < within[1])
    return bounds if dataset.written is None else (*bounds, dataset.written >= within[0])


def _cell(output: Output, dataset: Dataset, shifts: Offsets) -> Any:
    if output.part and isinstance(output.tree, Named):
        return _part(dataset.fields[output.tree.name].column, output.part, shifts)
    return _expression(output.tree, dataset)


def _part(column: Any, part: Part, shifts: Offsets) -> Any:
    """Days and weeks as days since 1970; a week is its Monday, and 1970 began with a Thursday."""
    shown = local(column, shifts)
    day = shown // DAY_MS
    match part:
        case "hour":
            return shown // HOUR_MS % 24
        case "weekday":
            return (day + 3) % 7 + 1
        case "week":
            return (day + 3) // 7 * 7 - 3
        case "month":
            return Month(shown)
    return day


def _expression(node: Node, dataset: Dataset) -> Any:
    match node:
        case Number(value):
            return sa.literal(value, sa.Float)
        case Named(name):
            return dataset.fields[name].column
        case Sign(of):
            return -_expression(of, dataset)
        case Pair(op, left, right):
            return _pair(op, _expression(left, dataset), _expression(right, dataset))
        case Call(name, of):
            return _call(name, None if of is None else _expression(of, dataset))


def _pair(op: str, left: Any, right: Any) -> Any:
    """In floating point: whole numbers of two databases neither overflow nor lose a half."""
    left, right = sa.cast(left, sa.Float), sa.cast(right, sa.Float)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / sa.func.nullif(right, sa.literal(0.0, sa.Float))


def _call(name: str, of: Any) -> Any:
    if of is None:
        return sa.func.count()
    return getattr(sa.func, name)(of)


def _order(checked: Checked) -> list[Any]:
    """As the report says; then by its groups, so that the same question has the same answer. With
    sub-totals the outer groups first."""
    outer = list(range(len(checked.spec.groups) - 1)) if checked.spec.subtotals else []
    said = [s.by for s in checked.spec.sort if s.by not in outer]
    rest = [at for at in range(len(checked.outputs)) if at not in {*outer, *said}]
    if checked.grouped:
        rest = [at for at in rest if checked.outputs[at].is_group]
    return [_along(checked, at) for at in [*outer, *said, *rest]]


def _along(checked: Checked, at: int) -> Any:
    """Upwards, unless the report says otherwise; what has no value comes last."""
    down = any(s.down for s in checked.spec.sort if s.by == at)
    return (sa.desc(f"c{at}") if down else sa.asc(f"c{at}")).nulls_last()


def _fits(wanted: ReportFilter, dataset: Dataset, zone: ZoneInfo) -> Any:
    field = dataset.fields[wanted.field]
    hits = [_hit(field, wanted.op, value, zone) for value in wanted.values]
    one = reduce(sa.or_, hits)
    return sa.not_(one) if wanted.op == "not" else one


def _hit(field: Field, op: str, value: str, zone: ZoneInfo) -> Any:
    """True or false, never unknown: what has no value is not anything but nothing."""
    column = field.column
    if not value and op in ("is", "not"):
        nothing = column.is_(None)
        return sa.or_(nothing, column == "") if field.type == "text" else nothing
    there = column.is_not(None)
    if field.type == "moment":
        return sa.and_(there, _moment(column, op, value, zone))
    given: Any = float(value or 0) if field.type in (*FIGURES, "flag") else value
    match op:
        case "above":
            return sa.and_(there, column > given)
        case "below":
            return sa.and_(there, column < given)
        case "contains":
            return sa.and_(there, column.icontains(value, autoescape=True))
    return sa.and_(there, column == given)


def _moment(column: Any, op: str, value: str, zone: ZoneInfo) -> Any:
    """`value` is a day of the site: above is after it, below before it."""
    day = dt.date.fromisoformat(value or "2000-01-01")
    start, end = midnight(day, zone), midnight(day + dt.timedelta(1), zone)
    if op == "above":
        return column >= end
    if op == "below":
        return column < start
    return sa.and_(column >= start, column < end)
