"""What the two databases say differently, or not at all: JSON, months, money."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_NONE = (
    *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX"),
    *("UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
)
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
"""ISO 4217: currencies whose smallest unit is not a hundredth."""


class JsonText(FunctionElement[str]):
    """Of a column of JSON text the text under a name; names are our own, never a reader's."""

    type = sa.Text()
    inherit_cache = True


@compiles(JsonText, "sqlite")
def _json_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, name = (compiler.process(each, **kw) for each in element.clauses)
    return f"json_extract({column}, '$.' || {name})"


@compiles(JsonText, "postgresql")
def _json_on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, name = (compiler.process(each, **kw) for each in element.clauses)
    return f"(({column})::json ->> {name})"


class Month(FunctionElement[str]):
    """The month of local ms since 1970, as `2026-03`."""

    type = sa.Text()
    inherit_cache = True


@compiles(Month, "sqlite")
def _month_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (ms,) = (compiler.process(each, **kw) for each in element.clauses)
    return f"strftime('%Y-%m', ({ms}) / 1000, 'unixepoch')"


@compiles(Month, "postgresql")
def _month_on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    (ms,) = (compiler.process(each, **kw) for each in element.clauses)
    return f"to_char(to_timestamp(({ms}) / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')"


def Minor(column: Any, currency: Any) -> Any:  # noqa: N802  reads as the unit that it takes
    """Minor units as whole ones of that currency."""
    size = sa.case((currency.in_(_NONE), 1), (currency.in_(_THREE), 1000), else_=100)
    return sa.cast(column, sa.Float) / size


def local(column: Any, offsets: list[tuple[int, int]]) -> Any:
    """The moment as the site's clock shows it, in ms; `offsets` as `period.offsets` has them."""
    *earlier, (_, last) = offsets
    steps = [(column < until, ahead) for until, ahead in earlier]
    ahead = sa.case(*steps, else_=last) if steps else sa.literal(last, sa.BigInteger)
    return column + sa.cast(ahead, sa.BigInteger)
