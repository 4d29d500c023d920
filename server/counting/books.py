"""What the books had in a place at a moment: a count may arrive long after it was made."""

import sqlalchemy as sa

from server.inventory.tables import movement, stock
from server.kernel.ops import OpContext


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
