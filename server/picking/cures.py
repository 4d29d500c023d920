"""What becomes of the rest of a line that came short: fetched elsewhere, sent as another item,
waited for, or left for later. Each is said at the shelf, off-line too.

The line is closed with what was found; its rest becomes a line of its own, whose number the
handheld knows without asking: that of the line it stands for, plus 10,000.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from server.catalog import substitutes
from server.floor import discrepancies
from server.inventory import ledger
from server.inventory.reserve import choose, free_stock
from server.kernel.errors import code
from server.kernel.ops import FACT, OpContext, operation
from server.kernel.values import Code, Id, Pieces
from server.moving.tasks import Move, open_move_task
from server.orders.tables import orders
from server.picking.events import SubstituteTaken
from server.picking.lines import PICKERS, Lot, OpenLine, recount
from server.picking.reroute import past_the_other_bin
from server.picking.rows import line_key
from server.picking.shorts import Shortage, close_short
from server.picking.tables import pick_line
from server.picking.walking import Walk, walk_by

NOT_A_SUBSTITUTE = code("not_a_substitute")
NO_BULK_STOCK = code("no_bulk_stock")
REST = 10_000
"""A line's rest has the line's number and this. A number holds nine of them."""
HIGHEST = 100_000


class PickElsewhere(Shortage, kw_only=True):
    """The rest, `qty` of it, is fetched from `to_bin`. `walk`: the open lines in the order in
    which the handheld now walks them."""

    to_bin: Id
    qty: Pieces
    to_lot: Lot = ""
    walk: Walk = []


@operation("picking.pick_elsewhere.v1", kind=FACT, roles=PICKERS)
def pick_elsewhere(op: PickElsewhere, ctx: OpContext) -> None:
    if line := close_short(ctx, op, "elsewhere"):
        _open_rest(ctx, op, line, Rest(op.sku, op.to_bin, op.to_lot, op.qty))
        walk_by(ctx, op.task, op.walk)
        past_the_other_bin(ctx, op.task)


class PickSubstitute(Shortage, kw_only=True):
    """Another item, allowed by the catalogue, is sent for the rest."""

    substitute: Code
    to_bin: Id
    qty: Pieces
    to_lot: Lot = ""
    walk: Walk = []


@operation("picking.pick_substitute.v1", kind=FACT, roles=PICKERS)
def pick_substitute(op: PickSubstitute, ctx: OpContext) -> None:
    line = close_short(ctx, op, "substitute")
    if line is None:
        return None
    if not _may_replace(ctx, line.order_id, op.sku, op.substitute):
        return ctx.divert(NOT_A_SUBSTITUTE, task=op.task, line=op.line, sku=op.substitute)
    _open_rest(ctx, op, line, Rest(op.substitute, op.to_bin, op.to_lot, op.qty))
    walk_by(ctx, op.task, op.walk)
    past_the_other_bin(ctx, op.task)
    ctx.emit(
        SubstituteTaken(order=line.order_id, task=op.task, sku=op.sku, substitute=op.substitute)
    )
    return None


def _may_replace(ctx: OpContext, order_id: str, sku: str, substitute: str) -> bool:
    customer = ctx.conn.execute(sa.select(orders.c.customer).where(orders.c.id == order_id))
    if not substitutes.rule(ctx.conn, ctx.site).allows(str(customer.scalar())):
        return False
    return substitute in substitutes.substitutes(ctx.conn, [sku]).get(sku, [])


class AwaitStock(Shortage, kw_only=True):
    """The rest waits at the end of the walk until its bin is filled up."""

    walk: Walk = []


@operation("picking.await_stock.v1", kind=FACT, roles=PICKERS)
def await_stock(op: AwaitStock, ctx: OpContext) -> None:
    line = close_short(ctx, op, "replenish")
    missing = line.qty - min(op.found, line.qty) if line else 0
    if line is None or missing == 0:
        return
    _open_rest(ctx, op, line, Rest(op.sku, line.bin, line.lot, missing, waits=True))
    walk_by(ctx, op.task, op.walk)
    free = free_stock(ctx.conn, ctx.site, [op.sku], now=ctx.now, kind="bulk").get(op.sku, [])
    same_lot = [f for f in free if f.lot == line.lot]
    moves = [Move(a.sku, a.qty, a.bin, line.bin, a.lot) for a in choose(op.sku, missing, same_lot)]
    if moves:
        open_move_task(ctx, "replenish", moves, order=line.order_id, why="short_pick")
    if (brought := sum(m.qty for m in moves)) < missing:
        details = {"bin": line.bin, "sku": op.sku, "missing": missing - brought}
        discrepancies.open_one(
            ctx,
            NO_BULK_STOCK,
            operation="picking.await_stock",
            order=line.order_id,
            task=op.task,
            details=details,
        )


@dataclass(frozen=True, slots=True)
class Rest:
    sku: str
    bin: str
    lot: str
    qty: int
    waits: bool = False


def _open_rest(ctx: OpContext, op: Shortage, line: OpenLine, rest: Rest) -> None:
    """Never more than the line still lacks."""
    qty = min(rest.qty, line.qty - min(op.found, line.qty))
    if qty == 0 or op.line + REST > HIGHEST:
        return
    ledger.allocate(ctx, rest.sku, qty, rest.bin, rest.lot)
    no = op.line + REST
    ctx.conn.execute(
        sa.insert(pick_line).values(
            task=op.task,
            no=no,
            site=ctx.site,
            slot=line.slot,
            order_id=line.order_id,
            order_line=line.order_line,
            sku=rest.sku,
            lot=rest.lot,
            bin=rest.bin,
            qty=qty,
            state="open",
            instead_of=op.line,
            waits=rest.waits,
        )
    )
    ctx.touch("pick_line", line_key(op.task, no))
    recount(ctx, op.task, 1)
