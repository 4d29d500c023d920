"""Which orders get a task for a second check, and what becomes of it with its order."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.floor import tasks
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.events import OrderCancelled, OrderHeld, OrderResumed
from server.orders.tables import orders
from server.picking.finish import BEFORE_PACKING
from server.picking.rules import SecondCheck
from server.picking.tables import check_line, pick_line

_SECONDS_PER_LINE = 20

shaped("second_check", SecondCheck)


def open_check(ctx: OpContext, order_id: str) -> bool:
    """True while the order waits for a second count of what was picked for it."""
    found = sa.select(orders.c.number, orders.c.total, orders.c.due_at, orders.c.priority)
    order = ctx.conn.execute(found.where(orders.c.id == order_id)).one()
    setting = get_setting(ctx.conn, ctx.site, "second_check", {})
    rule = msgspec.convert(setting, SecondCheck, strict=False)
    if not rule.asks(order_id, int(order.total)):
        return False
    unchecked = _unchecked(ctx, order_id)
    if unchecked:
        _make(ctx, order_id, order, unchecked)
    return bool(unchecked)


BEFORE_PACKING.append(open_check)


def _unchecked(ctx: OpContext, order_id: str) -> list[Any]:
    """What lies in totes of this order that nobody has counted."""
    p, c = pick_line.c, check_line.c
    counted = sa.select(c.pick_task).where(c.order_id == order_id)
    found = (
        sa.select(p.task, p.slot, p.sku, sa.func.sum(p.picked).label("qty"))
        .where(p.order_id == order_id, p.picked > 0, p.task.not_in(counted))
        .group_by(p.task, p.slot, p.sku)
        .order_by(p.sku, p.task, p.slot)
    )
    return list(ctx.conn.execute(found))


def _make(ctx: OpContext, order_id: str, order: Any, picked: list[Any]) -> None:
    plan = tasks.Plan(
        kind="check",
        title=order.number,
        ref=order_id,
        lines=len(picked),
        priority=max(60, order.priority),
        due_at=order.due_at,
        expected_s=_SECONDS_PER_LINE * len(picked),
    )
    task = tasks.create(ctx, plan)
    rows = [
        {
            "task": task,
            "no": no,
            "site": ctx.site,
            "order_id": order_id,
            "pick_task": r.task,
            "slot": r.slot,
            "sku": r.sku,
            "expected": int(r.qty),
        }
        for no, r in enumerate(picked, 1)
    ]
    ctx.conn.execute(sa.insert(check_line), rows)


def _check_of(ctx: OpContext, order_id: str) -> list[tasks.Task]:
    found = sa.select(check_line.c.task).where(check_line.c.order_id == order_id).distinct()
    names = ctx.conn.execute(found.order_by(check_line.c.task)).scalars().all()
    known = (tasks.get(ctx, name) for name in names)
    return [task for task in known if task is not None and not task.is_over]


@reacts(OrderCancelled)
def stop_checking(event: OrderCancelled, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.end(ctx, task, "cancelled")


@reacts(OrderHeld)
def hold_the_check(event: OrderHeld, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.stop(ctx, task, event.reason)


@reacts(OrderResumed)
def go_on_checking(event: OrderResumed, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.stop(ctx, task, "")
