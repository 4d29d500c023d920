"""Does a report hold together, and may its reader see all of it? Whatever does not is refused."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.insights.reports.fields import FIGURES, Dataset, Field, Type
from server.insights.reports.formula import (
    TOTALS,
    BadFormula,
    Call,
    Node,
    Number,
    Pair,
    Sign,
    bare_fields,
    fields_of,
    has_total,
    parse,
)
from server.insights.reports.formula import Field as Named
from server.insights.reports.settings import ReportRules
from server.insights.reports.shapes import Part, ReportFilter, ReportGroup, ReportSpec
from server.insights.reports.work_datasets import DATASETS
from server.kernel.errors import Refusal, code
from server.kernel.values import Role

UNKNOWN_DATASET = code("report_unknown_dataset")
UNKNOWN_FIELD = code("report_unknown_field")
HIDDEN_FIELD = code("report_hidden_field")
BAD_FORMULA = code("report_bad_formula")
FORMULA_ENDS = code("report_formula_ends")
WRONG_KIND = code("report_wrong_kind_of_field")
MIXED = code("report_mixes_rows_and_totals")
NEEDS_CURRENCY = code("report_needs_currency")
BAD_FILTER = code("report_bad_filter")
BAD_SORT = code("report_bad_sort")
BAD_CHART = code("report_bad_chart")
NEEDS_GROUPS = code("report_needs_groups")

_PART_TYPES: dict[Part, Type] = {
    "hour": "hour",
    "weekday": "weekday",
    "day": "date",
    "week": "date",
    "month": "month",
}


@dataclass(frozen=True, slots=True)
class Output:
    """One column of what comes out: a group (`field`, `part`) or a formula's `tree`."""

    type: Type
    tree: Node
    title: str = ""
    part: Part = ""
    unit: str = ""
    words: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    spec: ReportSpec
    dataset: Dataset
    outputs: Sequence[Output]
    grouped: bool


def check(spec: ReportSpec, role: Role, rules: ReportRules) -> Checked:
    """Refuses what is unknown, does not fit, or is not for `role`; names the place in the spec."""
    dataset = DATASETS.get(spec.dataset)
    if dataset is None:
        raise Refusal(UNKNOWN_DATASET, field="dataset", value=spec.dataset)
    trees = [_tree(at, c.formula) for at, c in enumerate(spec.columns)]
    for place, name in _named(spec, trees):
        _check_sight(dataset, place, name, role, rules)
    grouped = bool(spec.groups) or any(has_total(tree) for tree in trees)
    outputs = [*_groups(spec, dataset), *_columns(spec, dataset, trees)]
    if grouped:
        _check_grouped(spec, trees)
        _check_currency(spec, dataset, outputs)
    for at, wanted in enumerate(spec.filters):
        _check_filter(dataset.fields[wanted.field], wanted, f"filters[{at}]")
    for at, sort in enumerate(spec.sort):
        if sort.by >= len(outputs):
            raise Refusal(BAD_SORT, field=f"sort[{at}]", value=str(sort.by))
    _check_chart(spec, outputs)
    if spec.subtotals and not spec.groups:
        raise Refusal(NEEDS_GROUPS, field="subtotals", value="true")
    return Checked(spec, dataset, outputs, grouped)


def _tree(at: int, formula: str) -> Node:
    try:
        return parse(formula)
    except BadFormula as wrong:
        field = f"columns[{at}].formula"
        if not wrong.what:
            raise Refusal(FORMULA_ENDS, field=field, value=formula, at=wrong.at) from wrong
        raise Refusal(BAD_FORMULA, field=field, value=wrong.what, at=wrong.at + 1) from wrong


def _named(spec: ReportSpec, trees: Sequence[Node]) -> Iterator[tuple[str, str]]:
    for at, group in enumerate(spec.groups):
        yield f"groups[{at}]", group.field
    for at, wanted in enumerate(spec.filters):
        yield f"filters[{at}]", wanted.field
    for at, tree in enumerate(trees):
        for name in fields_of(tree):
            yield f"columns[{at}].formula", name


def _check_sight(dataset: Dataset, place: str, name: str, role: Role, rules: ReportRules) -> None:
    field = dataset.fields.get(name)
    if field is None:
        raise Refusal(UNKNOWN_FIELD, field=place, value=name)
    if not rules.may_see(role, field.sees):
        raise Refusal(HIDDEN_FIELD, field=place, value=name)


def _groups(spec: ReportSpec, dataset: Dataset) -> Iterator[Output]:
    for at, group in enumerate(spec.groups):
        field = dataset.fields[group.field]
        if group.part not in field.parts:
            raise Refusal(WRONG_KIND, field=f"groups[{at}]", value=group.field)
        yield Output(
            _PART_TYPES.get(group.part, field.type),
            Named(group.field),
            part=group.part,
            words=field.words,
            is_group=True,
        )


def _columns(spec: ReportSpec, dataset: Dataset, trees: Sequence[Node]) -> Iterator[Output]:
    for at, (column, tree) in enumerate(zip(spec.columns, trees, strict=True)):
        place = f"columns[{at}].formula"
        kind = type_of(tree, dataset, place)
        yield Output(kind, tree, column.title, "", _unit(tree, dataset), _words(tree, dataset))


def type_of(tree: Node, dataset: Dataset, place: str) -> Type:
    """Refuses arithmetic on what is no figure, and totals that a field does not allow."""
    match tree:
        case Named(name):
            return dataset.fields[name].type
        case Sign(of):
            return _figure(of, dataset, place)
        case Pair(op, left, right):
            kinds = _figure(left, dataset, place), _figure(right, dataset, place)
            return _paired(op, *kinds)
        case Call(name, of) if of is not None:
            return _called(name, of, dataset, place)
        case Call():
            return "whole"
    return "number"


def _called(name: str, of: Node, dataset: Dataset, place: str) -> Type:
    if name == "round":
        _figure(of, dataset, place)
        return "whole"
    kind = type_of(of, dataset, place)
    field = dataset.fields[of.name] if isinstance(of, Named) else None
    if name not in (field.totals if field else TOTALS):
        raise Refusal(WRONG_KIND, field=place, value=field.name if field else name)
    if name == "count":
        return "whole"
    if name == "avg":
        return "money" if kind == "money" else "number"
    return "whole" if kind == "flag" else kind


def _figure(of: Node, dataset: Dataset, place: str) -> Type:
    kind = type_of(of, dataset, place)
    if kind not in FIGURES and kind != "flag":
        raise Refusal(WRONG_KIND, field=place, value=next(fields_of(of), ""))
    return kind


def _paired(op: str, left: Type, right: Type) -> Type:
    if left == "money" and (right == "money") == (op in "+-"):
        return "money"
    if op == "*" and right == "money" and left != "money":
        return "money"
    whole = {left, right} <= {"whole", "flag"} and op != "/"
    return "whole" if whole else "number"


def _field_of(tree: Node, dataset: Dataset) -> Field | None:
    """The field that a bare column shows, or that its total is of."""
    match tree:
        case Named(name) | Call("sum" | "avg" | "min" | "max", Named(name)):
            return dataset.fields[name]
    return None


def _unit(tree: Node, dataset: Dataset) -> str:
    field = _field_of(tree, dataset)
    return field.unit if field else ""


def _words(tree: Node, dataset: Dataset) -> str:
    field = _field_of(tree, dataset)
    return field.words if field else ""


def _check_grouped(spec: ReportSpec, trees: Sequence[Node]) -> None:
    """A number alone is the same in each group."""
    for at, tree in enumerate(trees):
        bare = next(bare_fields(tree), None)
        if bare is not None or isinstance(tree, Number):
            place = f"columns[{at}].formula"
            raise Refusal(MIXED, field=place, value=bare or spec.columns[at].formula)


def _check_currency(spec: ReportSpec, dataset: Dataset, outputs: Sequence[Output]) -> None:
    """Amounts are only added up within one currency."""
    if any(is_money(o, dataset) for o in outputs) and not one_currency(spec, dataset, spec.groups):
        raise Refusal(NEEDS_CURRENCY, field="groups", value=dataset.currency)


def is_money(output: Output, dataset: Dataset) -> bool:
    """Is there an amount in it, whatever it comes to?"""
    return any(dataset.fields[name].type == "money" for name in fields_of(output.tree))


def one_currency(spec: ReportSpec, dataset: Dataset, groups: Sequence[ReportGroup]) -> bool:
    """Is there one currency in each of these groups?"""
    one = [f for f in spec.filters if f.field == dataset.currency and f.op == "is"]
    grouped = any(g.field == dataset.currency for g in groups)
    return grouped or any(len(f.values) == 1 for f in one)


_COMPARES: dict[str, tuple[Type, ...]] = {
    "above": ("whole", "number", "money", "moment"),
    "below": ("whole", "number", "money", "moment"),
    "contains": ("text",),
}


def _check_filter(field: Field, wanted: ReportFilter, place: str) -> None:
    if field.type not in _COMPARES.get(wanted.op, (field.type,)):
        raise Refusal(BAD_FILTER, field=place, value=wanted.op)
    for value in wanted.values:
        if value and not readable(field.type, value):
            raise Refusal(BAD_FILTER, field=place, value=value)


def readable(kind: Type, value: str) -> bool:
    """Can it be compared with a field of that type?"""
    if kind == "flag":
        return value in ("0", "1")
    if kind in FIGURES:
        return _is_number(value)
    return kind != "moment" or is_day(value)


def _is_number(value: str) -> bool:
    try:
        return abs(float(value)) < 10**15
    except ValueError:
        return False


def is_day(value: str) -> bool:
    try:
        return 2000 <= dt.date.fromisoformat(value).year <= 2100
    except ValueError:
        return False


def _check_chart(spec: ReportSpec, outputs: Sequence[Output]) -> None:
    """A chart needs one group and a figure; a heat map two groups."""
    if not spec.chart:
        return
    groups = sum(o.is_group for o in outputs)
    drawn = any(not o.is_group and o.type in FIGURES for o in outputs)
    needed = 2 if spec.chart == "heat" else 1
    if not drawn or groups < needed:
        raise Refusal(BAD_CHART, field="chart", value=spec.chart, needed=needed)
