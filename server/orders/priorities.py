"""The priority of orders that wait or are worked on, reckoned again every hour and on change."""

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Role
from server.orders.events import OrderReprioritised
from server.orders.rules import PriorityRules, priority
from server.orders.tables import customer, orders
from server.store.submit import submit
from server.store.tx import Tx

shaped("priority", PriorityRules)

WAITING = ("review", "confirmed", "released", "picking", "picked", "packing")
"""The states in which an order's place in the queue still matters."""


class Reprioritise(Op):
    """Days have passed, or the site's rules are others."""


@operation("orders.reprioritise.v1", kind=REQUEST, roles={Role.SYSTEM, Role.SUPERVISOR})
def reprioritise(_op: Reprioritise, ctx: OpContext) -> None:
    found = sa.select(orders.c.id).where(orders.c.site == ctx.site, orders.c.state.in_(WAITING))
    reckon(ctx, list(ctx.conn.execute(found.order_by(orders.c.id)).scalars()))


def reckon(ctx: OpContext, ids: list[str], *, tell: bool = True) -> None:
    """Bring these orders' priorities up to date; only what changed is written, and told."""
    rules = msgspec.convert(get_setting(ctx.conn, ctx.site, "priority", {}), PriorityRules)
    o = orders.c
    found = (
        sa.select(o.id, o.type, o.due_at, o.marks, o.priority, customer.c.vip)
        .outerjoin(customer, customer.c.id == o.customer)
        .where(o.id.in_(ids))
        .order_by(o.id)
    )
    for r in ctx.conn.execute(found).all():
        marks = r.marks.split()
        now = priority(rules, r.type, r.due_at, ctx.at, vip=bool(r.vip), marks=marks)
        if now != r.priority:
            ctx.conn.execute(sa.update(orders).where(o.id == r.id).values(priority=now))
            ctx.touch("order", r.id)
            if tell:
                ctx.emit(OrderReprioritised(order=r.id, before=r.priority, after=now))


def reprioritise_all(tx: Tx) -> None:
    """Every site's orders; an hourly job."""
    for site in tx.conn.execute(
        sa.select(orders.c.site).distinct().order_by(orders.c.site)
    ).scalars():
        submit(tx, site, "priorities", "orders.reprioritise.v1", Reprioritise())
