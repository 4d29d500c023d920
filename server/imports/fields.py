"""One row of order lines as typed values, or the first thing that is wrong with it. Pure."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from server.imports.maps import ColumnMap
from server.imports.reading import CONTROL, Row
from server.orders.validation import Problem

MOST_PIECES = 1_000_000
NEGATIVE = "negative_quantity"
_WHOLE = re.compile(r"[+-]?[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,7})?")
_SKU_LENGTH = 64


class BadField(Exception):
    def __init__(self, field: str, value: str, rule: str, mend: str) -> None:
        super().__init__(rule)
        self.problem = Problem(field, value[:80], rule, mend)


@dataclass(frozen=True, slots=True)
class Line:
    """`qty` is positive; `back`: the goods are taken back. `price` in minor units, `at` in ms
    (0 where the map has no date)."""

    row: Row
    ref: str
    sku: str
    name: str
    qty: int
    price: int
    back: bool
    at: int


def cell(row: Row, columns: ColumnMap, field: str) -> str:
    """The text of a field; empty where the map has no column for it."""
    name = columns.columns.get(field)
    text = row.cells.get(name, "") if name else ""
    suffix = columns.strip_suffix.get(field, "")
    return text.removesuffix(suffix) if suffix else text


def needed(row: Row, columns: ColumnMap, field: str, longest: int = _SKU_LENGTH) -> str:
    text = cell(row, columns, field)
    if not text:
        raise BadField(field, text, "missing", f"fill in the {field}")
    return bounded(field, text, longest)


def bounded(field: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise BadField(field, text, "too_long", f"use at most {longest} characters")
    if CONTROL.search(text) or "\n" in text or "\r" in text:
        raise BadField(field, repr(text), "control_character", "write it in one line")
    return text


def whole(row: Row, columns: ColumnMap, field: str) -> int:
    text = needed(row, columns, field)
    if not _WHOLE.fullmatch(text):
        raise BadField(field, text, "not_a_whole_number", "write digits only, as in 12")
    return int(text)


def pieces(row: Row, columns: ColumnMap, field: str) -> int:
    """1 to a million."""
    number = whole(row, columns, field)
    if not 1 <= number <= MOST_PIECES:
        raise BadField(field, str(number), "out_of_range", f"use 1 to {MOST_PIECES}")
    return number


def minor(row: Row, columns: ColumnMap, field: str) -> int:
    """Money in minor units; an empty cell is 0. Never through a float."""
    text = cell(row, columns, field) or "0"
    if not _DECIMAL.fullmatch(text):
        raise BadField(field, text, "not_an_amount", "write it as in 12.50")
    scaled = Decimal(text).scaleb(columns.minor_digits)
    if scaled != scaled.to_integral_value():
        mend = f"{columns.currency} has {columns.minor_digits} decimals"
        raise BadField(field, text, "too_many_decimals", mend)
    if scaled < 0:
        raise BadField(field, text, "negative_price", "a price is 0 or more")
    return int(scaled)


def moment(row: Row, columns: ColumnMap, field: str) -> int:
    """Milliseconds since 1970 of a local time in the map's zone; the earlier of two in autumn."""
    text = needed(row, columns, field)
    try:
        local = dt.datetime.strptime(text, columns.date_format).replace(tzinfo=columns.zone)
        found = int(local.timestamp() * 1000)
    except (ValueError, OverflowError):
        mend = f"write it as {columns.date_format}"
        raise BadField(field, text, "not_a_date", mend) from None
    if not 0 <= found <= 9_999_999_999_999:
        raise BadField(field, text, "not_a_date", "use a date after 1970")
    return found


def moment_or_none(row: Row, columns: ColumnMap, field: str) -> int:
    """As `moment`; 0 where the cell is empty or the map has no column for it."""
    return moment(row, columns, field) if cell(row, columns, field) else 0


def degrees(row: Row, columns: ColumnMap, field: str, most: int) -> str:
    """`-12.5` with up to seven decimals, from -`most` to `most`; empty where it is not known."""
    text = cell(row, columns, field)
    if text and not (_DEGREES.fullmatch(text) and abs(Decimal(text)) <= most):
        raise BadField(field, text, "not_degrees", f"write -{most} to {most}, as in 52.520008")
    return text


def is_not_goods(row: Row, columns: ColumnMap) -> bool:
    return columns.not_goods.matches(cell(row, columns, "sku"))


def sku_of(row: Row, columns: ColumnMap) -> str:
    """In upper case: 85123a and 85123A are one article."""
    return needed(row, columns, "sku").upper()


def line(row: Row, columns: ColumnMap) -> Line:
    """Raises BadField with the first rule that the row breaks."""
    if row.problem is not None:
        p = row.problem
        raise BadField(p.field, p.value, p.rule, p.mend)
    ref, sku = needed(row, columns, "ref"), sku_of(row, columns)
    qty, back = _quantity(row, columns, ref)
    name = bounded("name", cell(row, columns, "name"), 200)
    at = moment(row, columns, "placed_at") if "placed_at" in columns.columns else 0
    return Line(row, ref, sku, name, qty, minor(row, columns, "price"), back, at)


def takes_back(ref: str, columns: ColumnMap) -> bool:
    return bool(columns.cancellation_prefix) and ref.startswith(columns.cancellation_prefix)


def _quantity(row: Row, columns: ColumnMap, ref: str) -> tuple[int, bool]:
    qty = whole(row, columns, "qty")
    back = takes_back(ref, columns)
    if back and qty > 0:
        mend = f"what {columns.cancellation_prefix}-numbers take back has a minus"
        raise BadField("qty", str(qty), "positive_in_cancellation", mend)
    if not back and qty < 0:
        mend = "a correction of the stock is no order; book it as a count"
        raise BadField("qty", str(qty), NEGATIVE, mend)
    if not 1 <= abs(qty) <= MOST_PIECES:
        raise BadField("qty", str(qty), "out_of_range", f"use 1 to {MOST_PIECES}")
    return abs(qty), back
