"""Pick faces are filled from bulk: when a pick leaves too little, by plan, after a short."""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.inventory.reserve import choose, free_stock
from server.inventory.tables import bin_level, stock
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Role
from server.moving.rules import Level, missing_to_full
from server.moving.tables import move_line
from server.moving.tasks import Move, open_move_task
from server.store.prepared import Prepared

_KEPT = Prepared(
    sa.select(bin_level.c.least).where(
        bin_level.c.site == sa.bindparam("site"),
        bin_level.c.bin == sa.bindparam("bin"),
        bin_level.c.sku == sa.bindparam("sku"),
    )
)
NOTHING_TO_REPLENISH = code("nothing_to_replenish")


def _level_statement() -> sa.Select[Any]:
    """Bin, SKU, least, most, and how much is there or on its way."""
    b, m = bin_level.c, move_line.c
    have = (
        sa.select(sa.func.coalesce(sa.func.sum(stock.c.qty), 0))
        .where(stock.c.site == b.site, stock.c.bin == b.bin, stock.c.sku == b.sku)
        .scalar_subquery()
    )
    coming = (
        sa.select(sa.func.coalesce(sa.func.sum(m.qty - m.moved), 0))
        .where(m.site == b.site, m.to_bin == b.bin, m.sku == b.sku, m.state == "open")
        .scalar_subquery()
    )
    found = sa.select(b.bin, b.sku, b.least, b.most, have + coming)
    return found.where(b.site == sa.bindparam("site")).order_by(b.bin, b.sku)


_OF_SITE = Prepared(_level_statement())
_OF_SHELF = Prepared(
    _level_statement().where(
        bin_level.c.bin == sa.bindparam("bin"), bin_level.c.sku == sa.bindparam("sku")
    )
)
"""Asked after every pick."""


class PlanReplenishment(Op):
    """Fill every pick face that stands below its least, as far as bulk has goods."""

    most: Annotated[int, Meta(ge=1, le=200)] = 50


@operation("moving.plan_replenishment.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_replenishment(op: PlanReplenishment, ctx: OpContext) -> None:
    low = [level for level in _levels(ctx) if missing_to_full(level)]
    made = [t for level in low[: op.most] if (t := _fill(ctx, level, "plan")) is not None]
    if not made:
        raise Refusal(NOTHING_TO_REPLENISH)


def check_level(ctx: OpContext, bin_code: str, sku: str, why: str = "level") -> str | None:
    """Called when goods have left a pick face; returns the task if one was opened."""
    place = {"site": ctx.site, "bin": bin_code, "sku": sku}
    if _KEPT.first(ctx.conn, place) is None:  # most bins are not: a pick must not pay for them
        return None
    for level in _levels(ctx, bin_code, sku):
        if missing_to_full(level):
            return _fill(ctx, level, why)
    return None


def _levels(ctx: OpContext, bin_code: str | None = None, sku: str | None = None) -> list[Level]:
    if bin_code is None:
        rows = _OF_SITE.all(ctx.conn, {"site": ctx.site})
    else:
        rows = _OF_SHELF.all(ctx.conn, {"site": ctx.site, "bin": bin_code, "sku": sku})
    return [Level(r[0], r[1], int(r[2]), int(r[3]), int(r[4])) for r in rows]


def _fill(ctx: OpContext, level: Level, why: str) -> str | None:
    free = free_stock(ctx.conn, ctx.site, [level.sku], now=ctx.now, kind="bulk")
    chosen = choose(level.sku, missing_to_full(level), free.get(level.sku, []))
    task = None
    for a in chosen:
        move = Move(a.sku, a.qty, a.bin, level.bin, a.lot)
        task = open_move_task(ctx, "replenish", [move], why=why)
    return task
