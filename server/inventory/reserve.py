"""Which bins an order's goods come from. Rule: FIFO by bin here; FEFO where lots carry expiry."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.inventory.tables import bin_, stock


@dataclass(frozen=True, slots=True)
class Free:
    bin: str
    sku: str
    lot: str
    qty: int


@dataclass(frozen=True, slots=True)
class Allocation:
    sku: str
    bin: str
    lot: str
    qty: int


def choose(sku: str, qty: int, free: list[Free]) -> list[Allocation]:
    """One bin that has it all where there is one (the fullest such stays last), else as few bins
    as possible, the fullest first. Returns less than asked when there is not enough."""
    whole = [f for f in free if f.qty >= qty]
    if whole:
        best = min(whole, key=lambda f: (f.qty, f.bin, f.lot))
        return [Allocation(sku, best.bin, best.lot, qty)]
    made: list[Allocation] = []
    for f in sorted(free, key=lambda f: (-f.qty, f.bin, f.lot)):
        if qty == 0:
            break
        part = min(f.qty, qty)
        made.append(Allocation(sku, f.bin, f.lot, part))
        qty -= part
    return made


def free_stock(conn: Any, site: str, skus: Iterable[str]) -> dict[str, list[Free]]:
    """What may still be promised, by SKU: in bins that are picked from, not yet allocated."""
    found = (
        sa.select(stock.c.bin, stock.c.sku, stock.c.lot, (stock.c.qty - stock.c.allocated))
        .join(bin_, sa.and_(bin_.c.site == stock.c.site, bin_.c.code == stock.c.bin))
        .where(
            stock.c.site == site,
            stock.c.sku.in_(sorted(set(skus))),
            stock.c.qty > stock.c.allocated,
            bin_.c.kind == "pick",
        )
        .order_by(stock.c.sku, stock.c.bin)
    )
    free: dict[str, list[Free]] = {}
    for r in conn.execute(found):
        free.setdefault(r[1], []).append(Free(*r))
    return free
