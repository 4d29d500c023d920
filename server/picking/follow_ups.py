"""What a pick means for the shelf: a pick face that runs low is filled, a short one is counted."""

from server.counting.tasks import open_count
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.moving.replenish import check_level
from server.picking.events import LinePicked, LineShort


@reacts(LinePicked)
def fill_the_pick_face(event: LinePicked, ctx: OpContext) -> None:
    check_level(ctx, event.bin, event.sku)


@reacts(LineShort)
def count_and_fill(event: LineShort, ctx: OpContext) -> None:
    if event.reason in ("missing", "wrong_item", "damaged"):
        open_count(ctx, event.bin, event.sku, why="short_pick")
    check_level(ctx, event.bin, event.sku, why="short_pick")
