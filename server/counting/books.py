"""What the books had in a place at a moment: a count may arrive long after it was made, and what
happened before it later still."""

import sqlalchemy as sa

from server.counting.tables import count_line
from server.inventory.ledger import COUNTED_SINCE
from server.inventory.tables import movement, stock
from server.kernel.ops import OpContext
from server.store.prepared import Prepared

_C = count_line.c
_COUNTED = Prepared(
    sa.select(_C.no)
    .where(
        _C.site == sa.bindparam("site"),
        _C.bin == sa.bindparam("bin"),
        _C.sku == sa.bindparam("sku"),
        _C.lot == sa.bindparam("lot"),
        _C.at > sa.bindparam("at"),
        _C.state == "counted",
    )
    .limit(1)
)
"""Asked for whatever comes in late, a shift's picks among it."""


def quantity(ctx: OpContext, bin_code: str, sku: str, lot: str, at: int) -> int:
    """Pieces at `at` (ms): what there is now without what moved since. Never below zero."""
    now = sa.select(stock.c.qty).where(
        stock.c.site == ctx.site,
        stock.c.bin == bin_code,
        stock.c.sku == sku,
        stock.c.lot == lot,
    )
    have = int(ctx.conn.execute(now).scalar() or 0)
    return max(0, have - _since(ctx, bin_code, sku, lot, at))


def _since(ctx: OpContext, bin_code: str, sku: str, lot: str, at: int) -> int:
    m = movement.c
    found = sa.select(m.from_bin, m.to_bin, m.qty).where(
        m.site == ctx.site,
        m.at > at,
        m.sku == sku,
        m.lot == lot,
        sa.or_(m.from_bin == bin_code, m.to_bin == bin_code),
    )
    moves = [(r.from_bin, r.to_bin, int(r.qty)) for r in ctx.conn.execute(found)]
    moves += [
        (r["from_bin"], r["to_bin"], r["qty"])
        for r in ctx.tx.pending(movement)
        if (r["site"], r["sku"], r["lot"]) == (ctx.site, sku, lot) and r["at"] > at
    ]
    return sum(
        (q if to == bin_code else 0) - (q if source == bin_code else 0) for source, to, q in moves
    )


def was_counted_since(ctx: OpContext, bin_code: str, sku: str, lot: str) -> bool:
    """Has a count that was believed been made there after this operation had happened?"""
    place = {"site": ctx.site, "bin": bin_code, "sku": sku, "lot": lot}
    return _COUNTED.first(ctx.conn, {**place, "at": ctx.at}) is not None


COUNTED_SINCE.append(was_counted_since)
