"""An order goes elsewhere, as long as its goods have not left.

Later stages hear of it and say what has to be made again: labels, papers, a waybill, a stop.
"""

import msgspec
import sqlalchemy as sa

from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders import store
from server.orders.events import AddressChanged
from server.orders.hold import Why
from server.orders.ops import INVALID
from server.orders.tables import orders
from server.orders.validation import PROFILES, ShipTo, check_address

TOO_LATE = code("address_too_late")
STILL_HERE = frozenset(
    {"draft", "review", "confirmed", "released", "picking", "picked", "packing", "packed", "hold"}
)
"""States of an order whose goods are in the house."""


class ChangeAddress(Op):
    """`seen`: the address that the asker saw. `ship_to`: all of the new one."""

    order: Id
    seen: ShipTo
    ship_to: ShipTo
    reason: Why


@operation("orders.change_address.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SERVICE})
def change_address(op: ChangeAddress, ctx: OpContext) -> None:
    """Refuses `stale` where the address has changed since it was seen, `address_too_late`, and
    `invalid_order` as the intake of its channel does."""
    order = store.get(ctx, op.order)
    if order is None:
        raise Refusal("not_found", field="order", value=op.order)
    before = msgspec.json.decode(order.ship_to, type=ShipTo)
    if op.seen != before:
        raise Refusal("stale", field="seen", state=order.state)
    if order.state not in STILL_HERE:
        raise Refusal(TOO_LATE, field="order", value=order.number, state=order.state)
    if op.ship_to == before:
        raise Refusal("already_done", field="ship_to")
    if problems := check_address(op.ship_to, PROFILES[order.channel]):
        first = problems[0]
        raise Refusal(INVALID, field=first.field, value=first.value, mend=first.mend)
    told = msgspec.json.encode(op.ship_to).decode()
    change = sa.update(orders).where(orders.c.id == order.id)
    ctx.conn.execute(change.values(ship_to=told, changed_at=ctx.at))
    ctx.emit(
        AddressChanged(
            order=order.id,
            before=msgspec.to_builtins(before),
            after=msgspec.to_builtins(op.ship_to),
            reason=op.reason,
        )
    )
