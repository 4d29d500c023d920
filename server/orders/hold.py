"""An order stops wherever it is, and goes on from there."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders import store
from server.orders.events import OrderHeld, OrderResumed
from server.orders.lifecycle import ILLEGAL
from server.orders.tables import orders

Why = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
State = Annotated[str, Meta(max_length=24)]


class HoldOrder(Op):
    """`expects`: the state the asker saw; whoever works on it is told `reason`."""

    order: Id
    reason: Why
    expects: State = ""


@operation("orders.hold_order.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SERVICE})
def hold_order(op: HoldOrder, ctx: OpContext) -> None:
    order = _order(ctx, op.order)
    if op.expects and op.expects != order.state:
        raise Refusal("stale", field="expects", value=op.expects, state=order.state)
    if order.state == "hold":
        raise Refusal("already_done", field="order", value=op.order)
    store.move(ctx, order, "hold")
    ctx.emit(OrderHeld(order=order.id, before=order.state, reason=op.reason))


class ResumeOrder(Op):
    order: Id


@operation("orders.resume_order.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SERVICE})
def resume_order(op: ResumeOrder, ctx: OpContext) -> None:
    order = _order(ctx, op.order)
    if order.state != "hold":
        raise Refusal(ILLEGAL, field="state", value=order.state, to="confirmed")
    found = sa.select(orders.c.held_from).where(orders.c.id == order.id)
    after = ctx.conn.execute(found).scalar() or "confirmed"
    store.move(ctx, order, after)
    ctx.emit(OrderResumed(order=order.id, after=after))


def _order(ctx: OpContext, order_id: str) -> store.Order:
    order = store.get(ctx, order_id)
    if order is None:
        raise Refusal("not_found", field="order", value=order_id)
    return order
