"""A second count that is another one: the books follow it, and the picks with them."""

from typing import Any

import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.inventory.reserve import Allocation, choose, free_stock
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.moving.putaway import bring_home
from server.orders.tables import orders
from server.picking.lines import PUTBACK, tote
from server.picking.tables import pick_line

CHECK_MISMATCH = code("check_mismatch")


def correct(ctx: OpContext, line: Any) -> None:
    """The books follow the second count, and the picks with them."""
    picks = _picks(ctx, line)
    off = line.counted - line.expected
    place = tote(line.pick_task, line.slot)
    if off > 0:
        lot = picks[-1].lot if picks else ""
        ledger.move(ctx, line.sku, off, ledger.DISCREPANCY, PUTBACK, "check", lot=lot)
        bring_home(ctx, "putback", line.sku, off, PUTBACK, lot, why="check")
    again = 0
    for pick in picks:
        part = min(pick.picked, -off)
        if part <= 0:
            break
        off += part
        ledger.move(ctx, line.sku, part, place, ledger.DISCREPANCY, "check", lot=pick.lot)
        _reduce(ctx, pick, part)
        again += _pick_again(ctx, pick, part)
    details = {
        "sku": line.sku,
        "picked": line.expected,
        "counted": line.counted,
        "again": again,
        "tote": place,
    }
    discrepancies.open_one(
        ctx,
        CHECK_MISMATCH,
        operation="picking.finish_check",
        order=line.order_id,
        task=line.pick_task,
        details=details,
    )


def _picks(ctx: OpContext, line: Any) -> list[Any]:
    p = pick_line.c
    same = (p.task == line.pick_task, p.slot == line.slot, p.sku == line.sku)
    found = sa.select(pick_line).where(*same, p.order_id == line.order_id, p.picked > 0)
    return list(ctx.conn.execute(found.order_by(p.no)))


def _reduce(ctx: OpContext, pick: Any, by: int) -> None:
    p = pick_line.c
    fewer = sa.update(pick_line).where(p.task == pick.task, p.no == pick.no)
    ctx.conn.execute(fewer.values(picked=pick.picked - by, state="short", reason="missing"))


def _pick_again(ctx: OpContext, pick: Any, qty: int) -> int:
    """A task for what lacks, as far as the shelves have it; pieces asked for again."""
    free = free_stock(ctx.conn, ctx.site, [pick.sku], now=ctx.now).get(pick.sku, [])
    chosen = choose(pick.sku, qty, free)
    if not chosen:
        return 0
    found = sa.select(orders.c.number, orders.c.due_at).where(orders.c.id == pick.order_id)
    order = ctx.conn.execute(found).one()
    plan = tasks.Plan(
        kind="pick",
        title=order.number,
        ref=pick.order_id,
        lines=len(chosen),
        priority=80,
        due_at=order.due_at,
        expected_s=60 * len(chosen),
    )
    task = tasks.create(ctx, plan)
    for no, a in enumerate(chosen, 1):
        _ask(ctx, task, no, pick, a)
    return sum(a.qty for a in chosen)


def _ask(ctx: OpContext, task: str, no: int, pick: Any, a: Allocation) -> None:
    ledger.allocate(ctx, a.sku, a.qty, a.bin, a.lot)
    ctx.conn.execute(
        sa.insert(pick_line).values(
            task=task,
            no=no,
            site=ctx.site,
            order_id=pick.order_id,
            order_line=pick.order_line,
            sku=a.sku,
            lot=a.lot,
            bin=a.bin,
            qty=a.qty,
            state="open",
        )
    )
    ctx.touch("pick_line", f"{task}/{no}")
