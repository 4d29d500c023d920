"""Packed pieces back onto the lines that ordered them. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from server.documents.trade.shapes import Asked, Box


class Sent(NamedTuple):
    """`qty` pieces of `sku` that go along for a line. `instead_of`: what was ordered, where
    something else is sent; `no` 0: nobody ordered it."""

    no: int
    sku: str
    name: str
    qty: int
    price: int
    instead_of: str = ""


def packed(boxes: Iterable[Box]) -> Counter[str]:
    """SKU -> pieces."""
    found: Counter[str] = Counter()
    for box in boxes:
        for sku, qty in box.goods:
            found[sku] += qty
    return found


def sent(asked: list[Asked], boxes: list[Box]) -> list[Sent]:
    """What is in the boxes, line by line, none of it left out: the sum is always what was packed.

    A bench packs items, an order has lines: pieces of an item go to its lines in their order, each
    up to what was picked for it. What is left over goes along without a price, for to see it on
    the paper is how somebody finds out.
    """
    left = packed(boxes)
    lines = []
    for line, sku, picked, instead_of in _picks(asked):
        qty = min(picked, left[sku])
        if qty:
            left[sku] -= qty
            lines.append(Sent(line.no, sku, line.name, qty, line.price, instead_of))
    lines += [Sent(0, sku, sku, qty, 0) for sku, qty in sorted(left.items()) if qty]
    return lines


def _picks(asked: list[Asked]) -> Iterator[tuple[Asked, str, int, str]]:
    for line in asked:
        yield line, line.sku, line.picked - line.substituted, ""
        if line.substituted:
            yield line, line.substitute, line.substituted, line.sku
