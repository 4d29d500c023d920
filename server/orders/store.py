"""Orders as rows: reading one, and moving its state along the legal moves only."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from server.kernel.ops import OpContext
from server.orders import lifecycle
from server.orders.events import OrderMoved
from server.orders.tables import order_line, orders


@dataclass(frozen=True, slots=True)
class Order:
    id: str
    number: str
    channel: str
    state: str
    customer: str
    customer_name: str
    ship_to: str
    type: str
    placed_at: int
    due_at: int


@dataclass(frozen=True, slots=True)
class Line:
    order_id: str
    no: int
    sku: str
    name: str
    qty: int
    picked: int
    shipped: int


_COLUMNS = [orders.c[f] for f in Order.__slots__]
_LINE_COLUMNS = [order_line.c[f] for f in Line.__slots__]


def get(ctx: OpContext, order_id: str) -> Order | None:
    """The order, locked until the commit."""
    found = sa.select(*_COLUMNS).where(orders.c.id == order_id, orders.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).first()
    return Order(*row) if row else None


def lines(conn: Any, order_ids: list[str]) -> list[Line]:
    found = sa.select(*_LINE_COLUMNS).where(order_line.c.order_id.in_(order_ids))
    return [Line(*r) for r in conn.execute(found.order_by(order_line.c.order_id, order_line.c.no))]


def move(ctx: OpContext, order: Order, to: str) -> None:
    """Raises Refusal `illegal_order_move`. Callers with a late fact ask `may_move` first."""
    if order.state == to:
        return
    lifecycle.check_move(order.state, to)
    values: dict[str, Any] = {"state": to, "changed_at": ctx.at}
    if to in ("delivered", "part_delivered"):
        values["delivered_at"] = ctx.at
    if to == "hold":
        values["held_from"] = order.state
    ctx.conn.execute(sa.update(orders).where(orders.c.id == order.id).values(**values))
    ctx.touch("order", order.id)
    ctx.emit(OrderMoved(order=order.id, before=order.state, after=to))


def move_if_legal(ctx: OpContext, order_id: str, *steps: str) -> str | None:
    """Walk the steps as far as they are legal from where the order stands; the state after.

    Work that happens all the same does not lift a hold: the order goes on from there when somebody
    lets it.
    """
    order = get(ctx, order_id)
    if order is None:
        return None
    if order.state == "hold":
        _go_on_later(ctx, order_id, steps)
        return order.state
    for to in steps:
        if lifecycle.may_move(order.state, to):
            move(ctx, order, to)
            order = Order(**{f: getattr(order, f) for f in Order.__slots__} | {"state": to})
    return order.state


def _go_on_later(ctx: OpContext, order_id: str, steps: tuple[str, ...]) -> None:
    held_from = orders.c.held_from
    stood = str(ctx.conn.execute(sa.select(held_from).where(orders.c.id == order_id)).scalar_one())
    stands = stood
    for to in steps:
        if lifecycle.may_move(stands, to) and lifecycle.may_move("hold", to):
            stands = to
    if stands != stood:
        change = sa.update(orders).where(orders.c.id == order_id)
        ctx.conn.execute(change.values(held_from=stands))
