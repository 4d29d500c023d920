"""Which bins an order's goods come from: first expired first out, else first in first out, and
among equals as few bins as possible."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.inventory.rules import DAY_MS, day_of
from server.inventory.tables import bin_, lot, stock

_NEVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Free:
    """`expiry`: ISO date or nothing; `received_day`: days since 1970 of its oldest piece."""

    bin: str
    sku: str
    lot: str
    qty: int
    expiry: str = ""
    received_day: int = 0

    @property
    def turn(self) -> tuple[str, int]:
        """Goods with the same turn may leave in any order."""
        return (self.expiry, 0) if self.expiry else (_NEVER, self.received_day)


@dataclass(frozen=True, slots=True)
class Allocation:
    sku: str
    bin: str
    lot: str
    qty: int


def choose(sku: str, qty: int, free: list[Free], *, not_before: str = "") -> list[Allocation]:
    """Returns less than asked when there is not enough.

    `not_before`: the earliest expiry the customer takes, an ISO date; goods without one pass.
    """
    fit = [f for f in free if f.qty > 0 and (not f.expiry or f.expiry >= not_before)]
    made: list[Allocation] = []
    for _, same in groupby(sorted(fit, key=lambda f: f.turn), key=lambda f: f.turn):
        if qty == 0:
            break
        part = _fewest_bins(sku, qty, list(same))
        made += part
        qty -= sum(a.qty for a in part)
    return made


def _fewest_bins(sku: str, qty: int, free: list[Free]) -> list[Allocation]:
    """One bin that has it all where there is one (the fullest such stays last), else as few bins
    as possible, the fullest first."""
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


def free_stock(
    conn: Any, site: str, skus: Iterable[str], *, now: int, kind: str = "pick"
) -> dict[str, list[Free]]:
    """What may still be promised, by SKU: in bins of this kind, not yet allocated, not expired on
    the day of `now` (ms), of no lot that is on hold."""
    s, b = stock.c, bin_.c
    expiry = sa.func.coalesce(lot.c.expiry, "")
    found = (
        sa.select(s.bin, s.sku, s.lot, (s.qty - s.allocated), expiry, s.received_at)
        .join(bin_, sa.and_(b.site == s.site, b.code == s.bin))
        .outerjoin(lot, sa.and_(lot.c.site == s.site, lot.c.sku == s.sku, lot.c.lot == s.lot))
        .where(
            s.site == site,
            s.sku.in_(sorted(set(skus))),
            s.qty > s.allocated,
            b.kind == kind,
            sa.func.coalesce(lot.c.held, "") == "",
            sa.or_(expiry == "", expiry >= day_of(now)),
        )
        .order_by(s.sku, s.bin, s.lot)
    )
    free: dict[str, list[Free]] = {}
    for r in conn.execute(found):
        f = Free(r[0], r[1], r[2], int(r[3]), str(r[4]), int(r[5]) // DAY_MS)
        free.setdefault(f.sku, []).append(f)
    return free


def earliest_expiry(conn: Any, site: str, customer: str, now: int) -> str:
    """The first expiry date that this customer takes, by the setting `min_remaining_days`:
    `{"<customer>": days, "*": days}`."""
    days = get_setting(conn, site, "min_remaining_days", {})
    least = days.get(customer, days.get("*", 0)) if isinstance(days, dict) else 0
    return day_of(now + (least if isinstance(least, int) else 0) * DAY_MS)
