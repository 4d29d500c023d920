"""The bins that received or returned goods might go to, with their room and their way."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting, items
from server.inventory.tables import bin_, bin_level, stock
from server.kernel.ops import OpContext
from server.moving.rules import Place
from server.moving.tables import move_line
from server.picking.geometry import Layout

_FAR = 10**9


def places_for(ctx: OpContext, sku: str, from_bin: str) -> list[Place]:
    """Every bin of the shelves; what is on its way there already takes room too."""
    shelves = ctx.conn.execute(
        sa.select(bin_)
        .where(bin_.c.site == ctx.site, bin_.c.kind.in_(("pick", "bulk")))
        .order_by(bin_.c.code)
    ).all()
    held = _held(ctx)
    most = _most(ctx, sku)
    master = items(ctx.conn, [sku]).get(sku)
    weight_class = master.weight_class if master else ""
    way = _Way(ctx, from_bin)
    return [
        Place(
            b.code,
            holds_same=sku in held.get(b.code, {}),
            is_empty=not held.get(b.code),
            fits_zone=b.zone == weight_class,
            room=_room(most.get(b.code, b.capacity), sum(held.get(b.code, {}).values())),
            distance=way.to(b),
        )
        for b in shelves
    ]


def _room(most: int, have: int) -> int | None:
    return max(0, most - have) if most else None


def _held(ctx: OpContext) -> dict[str, dict[str, int]]:
    """bin -> sku -> pieces, there or on their way."""
    there = sa.select(stock.c.bin, stock.c.sku, stock.c.qty).where(
        stock.c.site == ctx.site, stock.c.qty > 0
    )
    coming = sa.select(
        move_line.c.to_bin, move_line.c.sku, move_line.c.qty - move_line.c.moved
    ).where(move_line.c.site == ctx.site, move_line.c.state == "open", move_line.c.to_bin != "")
    held: dict[str, dict[str, int]] = {}
    for bin_code, sku, qty in [*ctx.conn.execute(there), *ctx.conn.execute(coming)]:
        goods = held.setdefault(bin_code, {})
        goods[sku] = goods.get(sku, 0) + int(qty)
    return held


def _most(ctx: OpContext, sku: str) -> dict[str, int]:
    found = sa.select(bin_level.c.bin, bin_level.c.most).where(
        bin_level.c.site == ctx.site, bin_level.c.sku == sku
    )
    return {bin_code: int(most) for bin_code, most in ctx.conn.execute(found)}


class _Way:
    """Walking distance from a bin; all alike where the site has no layout."""

    def __init__(self, ctx: OpContext, from_bin: str) -> None:
        value = get_setting(ctx.conn, ctx.site, "layout", None)
        self.layout = msgspec.convert(value, Layout) if value else None
        self.start = None
        if self.layout is None:
            return
        found = sa.select(bin_).where(bin_.c.site == ctx.site, bin_.c.code == from_bin)
        b = ctx.conn.execute(found).first()
        self.start = self.layout.start
        if b is not None and b.kind in ("pick", "bulk"):
            self.start = self.layout.at(b.aisle, b.block, b.offset_dm)

    def to(self, b: Any) -> int:
        if self.layout is None or self.start is None:
            return 0
        if b.aisle >= self.layout.aisles or b.block >= len(self.layout.block_lengths):
            return _FAR
        there = self.layout.at(b.aisle, b.block, b.offset_dm)
        return self.layout.distance(self.start, there)
