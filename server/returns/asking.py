"""What of an order a customer may still send back, and for what reasons. Looked at by whoever
offers a return, and checked again when one is asked for."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.orders.tables import order_line, orders
from server.pod.tables import stop
from server.returns.tables import rma, rma_line

DAY_MS = 86_400_000
DELIVERED = ("delivered", "part_delivered", "closed")


class Returnable(msgspec.Struct, frozen=True, kw_only=True):
    """`left`: pieces that were delivered and are on no return of the customer's."""

    no: int
    sku: str
    name: str
    left: int


def returnable(conn: Any, order_id: str) -> list[Returnable]:
    """Lines of the order of which something may come back."""
    of = sa.select(order_line).where(order_line.c.order_id == order_id).order_by(order_line.c.no)
    claimed = _claimed(conn, order_id)
    found = [
        Returnable(
            no=line.no,
            sku=line.sku,
            name=line.name or line.sku,
            left=int(line.delivered) - claimed.get(line.no, 0),
        )
        for line in conn.execute(of)
    ]
    return [line for line in found if line.left > 0]


def _claimed(conn: Any, order_id: str) -> dict[int, int]:
    found = (
        sa.select(rma_line.c.no, sa.func.sum(rma_line.c.qty))
        .join(rma, rma.c.id == rma_line.c.rma)
        .where(rma.c.order_id == order_id, rma.c.origin == "customer", rma.c.state != "withdrawn")
        .group_by(rma_line.c.no)
    )
    return {no: int(qty) for no, qty in conn.execute(found)}


def opened_by_customer(conn: Any, order_id: str) -> list[str]:
    """Numbers of the customer's returns that are still expected, the oldest first."""
    opened = sa.select(rma.c.number).where(
        rma.c.order_id == order_id, rma.c.origin == "customer", rma.c.state == "opened"
    )
    return list(conn.execute(opened.order_by(rma.c.number)).scalars())


def is_too_late(conn: Any, order_id: str, now: int, window_days: int) -> bool:
    """Whether it was delivered more than `window_days` before `now` (ms). What nobody saw delivered
    by a van counts from the order's last move."""
    closed = sa.select(sa.func.max(stop.c.closed_at)).where(stop.c.order_id == order_id)
    moved = sa.select(orders.c.changed_at).where(orders.c.id == order_id)
    at = conn.execute(closed).scalar() or conn.execute(moved).scalar() or now
    return now - int(at) > window_days * DAY_MS
