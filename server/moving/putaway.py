"""Goods that came to a staging bin are put away; goods that lie astray are brought home."""

import sqlalchemy as sa

from server.inventory.events import StockReceived
from server.inventory.queries import bin_kind
from server.inventory.tables import bin_
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.moving.places import places_for
from server.moving.rules import spread
from server.moving.tasks import Kind, Move, open_move_task


@reacts(StockReceived)
def put_away(event: StockReceived, ctx: OpContext) -> None:
    if bin_kind(ctx, event.bin) == "stage":
        bring_home(ctx, "putaway", event.sku, event.qty, event.bin, event.lot, why="received")


def bring_home(
    ctx: OpContext,
    kind: Kind,
    sku: str,
    qty: int,
    from_bin: str,
    lot: str = "",
    *,
    order: str | None = None,
    why: str = "",
) -> str:
    """Open the task that brings these pieces to a shelf, with the bins proposed for them."""
    proposed = spread(qty, places_for(ctx, sku, from_bin))
    moves = [Move(sku, part, from_bin, to_bin, lot) for to_bin, part in proposed]
    return open_move_task(ctx, kind, moves, order=order, why=why)


def set_aside(
    ctx: OpContext, sku: str, qty: int, from_bin: str, lot: str = "", *, why: str = ""
) -> str:
    """Open the task that brings pieces which nobody may ship to the quarantine bin."""
    found = sa.select(bin_.c.code).where(bin_.c.site == ctx.site, bin_.c.kind == "quarantine")
    quarantine = ctx.conn.execute(found.order_by(bin_.c.code).limit(1)).scalar()
    move = Move(sku, qty, from_bin, quarantine or "", lot)
    return open_move_task(ctx, "transfer", [move], why=why)
