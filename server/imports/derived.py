"""What order lines say about the articles in them: names, prices, and how many must be on stock."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median_low

from server.imports.fields import NEGATIVE, BadField, is_not_goods, line
from server.imports.maps import ColumnMap
from server.imports.reading import Row
from server.imports.report import Desk


@dataclass
class Article:
    """Of all lines that order it. `row` is the first of them."""

    sku: str
    row: Row
    name: str = ""
    pieces: int = 0
    rows: int = 0
    prices: Counter[int] = field(default_factory=Counter)

    @property
    def price(self) -> int:
        """The median of what was asked, as asked at least once: sales and gifts do not move it."""
        return median_low(self.prices.elements()) if self.prices else 0


def articles(rows: Iterable[Row], columns: ColumnMap, desk: Desk) -> dict[str, Article]:
    """By SKU. Lines that take goods back say nothing of stock; corrections' names are notes."""
    found: dict[str, Article] = {}
    for row in rows:
        desk.read()
        try:
            if row.problem is None and is_not_goods(row, columns):
                desk.leave_out("not_goods")
                continue
            each = line(row, columns)
        except BadField as bad:
            if bad.problem.rule == NEGATIVE:
                desk.leave_out(NEGATIVE)
            else:
                desk.reject(row, bad.problem)
            continue
        if each.back:
            desk.leave_out("takes_goods_back")
            continue
        one = found.setdefault(each.sku, Article(each.sku, row))
        one.name = one.name or each.name
        one.pieces += each.qty
        one.rows += 1
        if each.price:
            one.prices[each.price] += 1
    return found
