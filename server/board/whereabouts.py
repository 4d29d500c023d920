"""Where each person was when they last confirmed something: for the supervisor's map."""

from server.counting.events import BinCounted
from server.inventory.events import StockReceived
from server.kernel.events import reacts
from server.kernel.feeds import Row, board_scope, row
from server.kernel.ops import OpContext
from server.moving.events import MoveShort, StockMoved
from server.picking.events import BinChecked, LinePicked, LineShort


@row("place")
class PlaceRow(Row):
    """Key: the person. `at`: when they were at this bin (ms); they may be elsewhere by now.
    `doing`: pick, move, count, receive."""

    person: str
    bin: str
    task: str
    doing: str
    at: int


@reacts(LinePicked)
def picked_here(event: LinePicked, ctx: OpContext) -> None:
    _seen(ctx, event.bin, event.task, "pick")


@reacts(LineShort)
def short_here(event: LineShort, ctx: OpContext) -> None:
    _seen(ctx, event.bin, event.task, "pick")


@reacts(BinChecked)
def looked_here(event: BinChecked, ctx: OpContext) -> None:
    _seen(ctx, event.bin, event.task, "pick")


@reacts(StockMoved)
def brought_here(event: StockMoved, ctx: OpContext) -> None:
    _seen(ctx, event.to_bin, event.task, "move")


@reacts(MoveShort)
def moving_here(event: MoveShort, ctx: OpContext) -> None:
    _seen(ctx, event.bin, event.task, "move")


@reacts(BinCounted)
def counting_here(event: BinCounted, ctx: OpContext) -> None:
    _seen(ctx, event.bin, event.task, "count")


@reacts(StockReceived)
def receiving_here(event: StockReceived, ctx: OpContext) -> None:
    _seen(ctx, event.bin, "", "receive")


def _seen(ctx: OpContext, bin_code: str, task: str, doing: str) -> None:
    """A row and no table: it is overwritten with every step and nobody needs the one before."""
    if ctx.person:
        shown = PlaceRow(person=ctx.person, bin=bin_code, task=task, doing=doing, at=ctx.at)
        ctx.put(board_scope(ctx.site), "place", ctx.person, shown)
