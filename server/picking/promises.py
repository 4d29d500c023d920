"""A promise that cannot be kept where it was made is made anew, while nobody walks there yet.

It happens where a pick took another lot than asked, where the books had less than was picked, and
where a lot is put on hold. Lines in somebody's hands stay as they are: whoever stands at the shelf
decides there. So do those of a zone, whose walk never leaves it.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.inventory.holds import LotFreed, LotHeld
from server.inventory.reserve import Allocation, choose, earliest_expiry, free_stock
from server.inventory.tables import stock
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.moving.ops import RESERVED_MOVED
from server.orders.tables import orders
from server.picking.lines import recount
from server.picking.reroute import walk_again
from server.picking.rows import line_key
from server.picking.tables import pick_line


def renew(ctx: OpContext, bin_code: str, sku: str, lot: str) -> None:
    """As many promises on this place as it lacks pieces for; what is still too much is told."""
    p, s = pick_line.c, stock.c
    place = (s.site == ctx.site, s.bin == bin_code, s.sku == sku, s.lot == lot)
    over = ctx.conn.execute(sa.select(s.allocated - s.qty).where(*place)).scalar()
    over = max(0, int(over or 0))
    if over == 0:
        return
    for line in _not_begun(ctx, p.bin == bin_code, p.sku == sku, p.lot == lot):
        if over > 0 and _promise_elsewhere(ctx, line):
            over -= line.qty
    if over > 0:
        details = {"bin": bin_code, "sku": sku, "lot": lot, "missing": over}
        discrepancies.open_one(
            ctx, RESERVED_MOVED, operation="picking.confirm_pick", details=details
        )


@reacts(LotHeld)
def leave_the_lot(event: LotHeld, ctx: OpContext) -> None:
    p = pick_line.c
    for line in _not_begun(ctx, p.sku == event.sku, p.lot == event.lot):
        _promise_elsewhere(ctx, line)
    _show(ctx, event.sku, event.lot)


@reacts(LotFreed)
def take_the_lot(event: LotFreed, ctx: OpContext) -> None:
    _show(ctx, event.sku, event.lot)


def _show(ctx: OpContext, sku: str, lot: str) -> None:
    """Whoever has lines of that lot in hand sees at once that it is on hold, or no longer."""
    p = pick_line.c
    lines = (p.site == ctx.site, p.sku == sku, p.lot == lot, p.state == "open")
    for task, no in ctx.conn.execute(sa.select(p.task, p.no).where(*lines)).all():
        ctx.touch("pick_line", line_key(task, no))


def _not_begun(ctx: OpContext, *where: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Open lines of tasks that nobody has taken, the least urgent first."""
    p, t = pick_line.c, task_table.c
    found = (
        sa.select(pick_line, orders.c.customer)
        .join(task_table, t.id == p.task)
        .join(orders, orders.c.id == p.order_id)
        .where(p.site == ctx.site, p.state == "open", ~p.waits, *where)
        .where(t.state == "open", t.zone == "")
        .order_by(t.priority, t.due_at.desc(), p.task.desc(), p.no.desc())
    )
    lines: Sequence[Any] = ctx.conn.execute(found).all()
    return lines


def _promise_elsewhere(ctx: OpContext, line: Any) -> bool:
    """The whole line, or not at all: at the shelf there are more ways out."""
    task = tasks.get(ctx, line.task)
    if task is None or task.state != "open":  # taken while we looked
        return False
    free = free_stock(ctx.conn, ctx.site, [line.sku], now=ctx.now).get(line.sku, [])
    least = earliest_expiry(ctx.conn, ctx.site, line.customer, ctx.now)
    chosen = choose(line.sku, line.qty, free, not_before=least)
    if sum(a.qty for a in chosen) < line.qty:
        return False
    ledger.allocate(ctx, line.sku, -line.qty, line.bin, line.lot)
    _go_there(ctx, line, chosen)
    walk_again(ctx, line.task)
    return True


def _go_there(ctx: OpContext, line: Any, chosen: Sequence[Allocation]) -> None:
    first, *others = chosen
    here = (pick_line.c.task == line.task, pick_line.c.no == line.no)
    at = {"bin": first.bin, "lot": first.lot, "qty": first.qty}
    ctx.conn.execute(sa.update(pick_line).where(*here).values(**at))
    last = sa.select(sa.func.max(pick_line.c.no)).where(pick_line.c.task == line.task)
    no = int(ctx.conn.execute(last).scalar_one())
    same = ("task", "site", "wave", "slot", "order_id", "order_line", "sku", "state", "stopped")
    rows = [
        {**{f: getattr(line, f) for f in same}, "no": n, "bin": a.bin, "lot": a.lot, "qty": a.qty}
        for n, a in enumerate(others, no + 1)
    ]
    for a in chosen:
        ledger.allocate(ctx, a.sku, a.qty, a.bin, a.lot)
    if rows:
        ctx.conn.execute(sa.insert(pick_line), rows)
        recount(ctx, line.task, len(rows))
    ctx.touch("pick_line", line_key(line.task, line.no))
