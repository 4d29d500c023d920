"""What a dataset offers: fields with their type, unit, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import sqlalchemy as sa

from server.insights.reports.expressions import Minor
from server.insights.reports.shapes import Part

Type = Literal[
    "text", "whole", "number", "money", "flag", "moment", "date", "month", "hour", "weekday"
]
"""`money` in whole units of its currency; `flag` 1 or 0; `moment` ms UTC; `date` and `month` as ISO
8601; `weekday` 1 is Monday."""
Sees = Literal["open", "contact", "money", "staff"]
"""`contact`: how to reach a customer. `money`: what is paid. `staff`: who of the house did it."""

FIGURES: frozenset[Type] = frozenset({"whole", "number", "money"})
_TOTALS: Mapping[Type, tuple[str, ...]] = {
    **dict.fromkeys(FIGURES, ("sum", "avg", "min", "max", "count")),
    "flag": ("sum", "avg", "count"),
    "moment": ("min", "max", "count"),
    "text": ("count",),
}
_PARTS: Mapping[Type, tuple[Part, ...]] = {
    "moment": ("day", "week", "month", "weekday", "hour"),
    "text": ("",),
    "flag": ("",),
    "whole": ("",),
}


@dataclass(frozen=True, slots=True)
class Field:
    """`unit`: g, min, h, pieces, or none. `words`: which of the app's words its values are."""

    name: str
    type: Type
    column: Any
    unit: str = ""
    sees: Sees = "open"
    words: str = ""

    @property
    def totals(self) -> tuple[str, ...]:
        """What a group's rows may be added up by."""
        return _TOTALS[self.type]

    @property
    def parts(self) -> tuple[Part, ...]:
        """What may be grouped by; empty: nothing."""
        return _PARTS.get(self.type, ())


@dataclass(frozen=True, slots=True)
class Dataset:
    """`time`: the field that a period looks at; a dataset without one is as it is now. `written`:
    a column of an index that is never earlier, where `time` itself has none. `currency`: the field
    that says what its money is."""

    name: str
    rows: sa.FromClause
    site: Any
    fields: Mapping[str, Field] = field(default_factory=dict)
    time: str = ""
    currency: str = ""
    written: Any = None


def named(*fields: Field) -> dict[str, Field]:
    return {each.name: each for each in fields}


def text(name: str, column: Any, sees: Sees = "open", words: str = "") -> Field:
    return Field(name, "text", column, sees=sees, words=words)


def whole(name: str, column: Any, unit: str = "", sees: Sees = "open") -> Field:
    return Field(name, "whole", column, unit, sees)


def number(name: str, column: Any, unit: str = "", sees: Sees = "open") -> Field:
    return Field(name, "number", column, unit, sees)


def money(name: str, column: Any, currency: Any) -> Field:
    return Field(name, "money", Minor(column, currency), sees="money")


def moment(name: str, column: Any) -> Field:
    return Field(name, "moment", column)


def flag(name: str, condition: Any) -> Field:
    return Field(name, "flag", sa.case((condition, 1), else_=0))


def since(start: Any, end: Any, ms: int) -> Any:
    """How long from one moment to another, in units of so many ms."""
    return (end - start) / sa.cast(ms, sa.Float)
