"""The shapes of orders: how many lines, how many pieces of each. Real ones where there are files.

Read in place from a folder that holds `orders_olist` (a marketplace: mostly one line) and
`orders_uci_online_retail` (a wholesaler: long ones); nothing of them is kept but the counts.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

Shape = tuple[int, ...]
"""Pieces of each line."""
MOST_LINES = 30
MOST_PIECES = 96
WHOLESALE_SHARE = 0.05
_OLIST = "orders_olist/order_items.csv.gz"
_UCI = "orders_uci_online_retail/online_retail_2010-12_2011-01.csv.gz"


@dataclass(frozen=True, slots=True)
class Shapes:
    shop: list[Shape]
    wholesale: list[Shape]

    def one(self, chance: Random) -> Shape:
        pool = self.wholesale if chance.random() < WHOLESALE_SHARE else self.shop
        return chance.choice(pool)


def shapes_in(folder: Path | None) -> Shapes:
    """Of the files in `folder`; those of a shop as one is thought of where there are none."""
    if folder is None or not (folder / _OLIST).exists() or not (folder / _UCI).exists():
        return Shapes([(1,)] * 8 + [(1, 1), (2,)], [(6,) * n for n in range(5, 26, 4)])
    return Shapes(sorted(_olist(folder / _OLIST)), sorted(_uci(folder / _UCI)))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _olist(path: Path) -> Iterator[Shape]:
    orders: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in _rows(path):
        orders[row["order_id"]][row["product_id"]] += 1
    return (_shape(goods.values()) for goods in orders.values())


def _uci(path: Path) -> Iterator[Shape]:
    invoices: dict[str, list[int]] = defaultdict(list)
    for row in _rows(path):
        pieces = int(row["Quantity"])
        if pieces > 0 and not row["InvoiceNo"].startswith("C"):
            invoices[row["InvoiceNo"]].append(pieces)
    return (_shape(pieces) for pieces in invoices.values())


def _shape(pieces: Iterable[int]) -> Shape:
    return tuple(min(p, MOST_PIECES) for p in islice(pieces, MOST_LINES))
