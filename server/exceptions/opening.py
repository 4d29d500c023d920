"""Whatever the floor finds becomes a case: whose it is, how high it begins, by when it is due."""

from typing import Any

import sqlalchemy as sa

from server.exceptions import cases
from server.exceptions.rules import DAY_MS, ExceptionRules, begin, reasons
from server.exceptions.settings import rules_of
from server.exceptions.tables import exception_case
from server.floor.discrepancies import DiscrepancyClosed, DiscrepancyOpened
from server.floor.tables import task
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.tables import orders
from server.picking.tables import pick_line


@reacts(DiscrepancyOpened)
def open_case(event: DiscrepancyOpened, ctx: OpContext) -> None:
    rules = rules_of(ctx.conn, ctx.site)
    order = event.of_order or _order_of(ctx, event)
    customer = _customer(ctx, order)
    before = _before(ctx, rules, customer)
    why = reasons(rules, cases.concerned(ctx, order, before))
    clock = begin(rules, why, ctx.at)
    ctx.conn.execute(
        sa.insert(exception_case).values(
            id=event.discrepancy,
            site=ctx.site,
            opened_at=ctx.at,
            order_id=order or None,
            customer=customer,
            sku=event.sku,
            why=" ".join(why),
            level=clock.level,
            since=clock.since,
            due_at=clock.due_at,
            reminded=0,
            next_at=clock.next_at,
            rev=0,
            entries=0,
            cause="",
        )
    )
    ctx.touch("discrepancy", event.discrepancy)


@reacts(DiscrepancyClosed)
def close_case(event: DiscrepancyClosed, ctx: OpContext) -> None:
    """It went away by itself; nobody has to say why."""
    case = cases.tell(ctx, cases.load(ctx, event.discrepancy), "over", event.note)
    cases.save(ctx, case)


def _order_of(ctx: OpContext, event: DiscrepancyOpened) -> str:
    """Of a task of one order, or of the line that the operation named."""
    if not event.of_task:
        return ""
    known = sa.select(orders.c.id).join(task, task.c.ref == orders.c.id)
    if found := ctx.conn.execute(known.where(task.c.id == event.of_task)).scalar():
        return str(found)
    line = sa.select(pick_line.c.order_id).where(
        pick_line.c.task == event.of_task, pick_line.c.no == event.of_line
    )
    return str(ctx.conn.execute(line).scalar() or "")


def _customer(ctx: OpContext, order: str) -> str:
    found = sa.select(orders.c.customer).where(orders.c.id == order)
    return str(ctx.conn.execute(found).scalar() or "")


def _before(ctx: OpContext, rules: ExceptionRules, customer: str) -> int:
    """Problems that the customer has had lately."""
    if not customer:
        return 0
    c: Any = exception_case.c
    since = ctx.at - rules.repeated_days * DAY_MS
    found = sa.select(sa.func.count()).where(
        c.site == ctx.site, c.customer == customer, c.opened_at > since
    )
    return int(ctx.conn.execute(found).scalar_one())
