"""Orders in, orders off."""

import datetime as dt
from typing import Annotated

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import costs
from server.floor import discrepancies
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Id, Minor, Moment, Name, Role, Text
from server.orders import store
from server.orders.events import CancellationReceived, OrderCancelled, OrderReceived
from server.orders.priorities import reckon
from server.orders.promises import Promise, promise, tell
from server.orders.tables import cancellation, customer, order_line, orders
from server.orders.validation import PROFILES, NewOrder, OrderLine, ShipTo, check

INVALID = code("invalid_order")
UNKNOWN_CHANNEL = code("unknown_channel")
SECOND_TIME = code("order_exists")
UNMATCHED = code("cancellation_unmatched")
Lines = Annotated[list[OrderLine], Meta(min_length=1, max_length=1000)]


class ImportOrder(Op):
    """A whole order from a channel; `(channel, ref)` is unique. Times in ms.

    `transport`: how it leaves (one wave, one transport). `marks`: words that count for its
    priority or its handling (`special`: picked alone); `first_order` is found out here.
    `deliver_from`, `deliver_to`: the window agreed with the customer; 0: none."""

    channel: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    ref: Code
    customer: Code
    customer_name: Name
    ship_to: ShipTo
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    placed_at: Moment
    lines: Lines
    type: Annotated[str, Meta(pattern="^(standard|urgent|preorder|sample)$")] = "standard"
    due_at: Moment = 0
    deliver_from: Moment = 0
    deliver_to: Moment = 0
    transport: Annotated[str, Meta(max_length=16)] = ""
    marks: Annotated[list[Annotated[str, Meta(pattern="^[a-z_]{1,24}$")]], Meta(max_length=10)] = []
    vip: bool = False


@operation("orders.import_order.v1", kind=REQUEST, roles={Role.SYSTEM, Role.ADMIN, Role.SUPERVISOR})
def import_order(op: ImportOrder, ctx: OpContext) -> None:
    known = _check(ctx, op)
    order_id = ctx.new_id()
    number = _number(ctx, op.channel)
    marks = [*op.marks, *(["first_order"] if _put_customer(ctx, op) else [])]
    made = promise(ctx, op.type, op.ship_to)
    _write(ctx, op, order_id, number, marks, made)
    _write_lines(ctx, op, order_id, known)
    ctx.touch("order", order_id)
    pieces = sum(line.qty for line in op.lines)
    ctx.emit(
        OrderReceived(
            order=order_id,
            number=number,
            ref=op.ref,
            lines=len(op.lines),
            pieces=pieces,
            channel=op.channel,
            customer=op.customer,
            country=op.ship_to.country,
            placed_at=op.placed_at,
            due_at=op.due_at or made.due_at,
        )
    )
    if not op.due_at:
        tell(ctx, order_id, made)
    reckon(ctx, [order_id], tell=False)


def _check(ctx: OpContext, op: ImportOrder) -> dict[str, int]:
    """What the items in it cost."""
    profile = PROFILES.get(op.channel)
    if profile is None:
        raise Refusal(UNKNOWN_CHANNEL, field="channel", value=op.channel)
    order = NewOrder(**{f: getattr(op, f) for f in NewOrder.__struct_fields__})
    if problems := check(order, profile, ctx.now):
        first = problems[0]
        raise Refusal(INVALID, field=first.field, value=first.value, mend=first.mend)
    same = sa.select(orders.c.number).where(
        orders.c.channel == op.channel, orders.c.ref == op.ref, orders.c.site == ctx.site
    )
    if number := ctx.conn.execute(same).scalar():
        raise Refusal(SECOND_TIME, field="ref", value=op.ref, by=number)
    skus = sorted({line.sku for line in op.lines})
    known = costs(ctx.conn, skus)
    if missing := [s for s in skus if s not in known]:
        raise Refusal("unknown_item", field="sku", value=missing[0], count=len(missing))
    return known


def _number(ctx: OpContext, channel: str) -> str:
    year = dt.datetime.fromtimestamp(ctx.at / 1000, dt.UTC).year
    serial = ctx.next_number(f"order:{year}:{channel}")
    return f"{year}-{channel}-{serial:06d}"


def _put_customer(ctx: OpContext, op: ImportOrder) -> bool:
    """Whether this is somebody new."""
    row = {
        "id": op.customer,
        "name": op.customer_name,
        "country": op.ship_to.country,
        "phone": op.ship_to.phone,
        "email": op.ship_to.email,
        "vip": op.vip,
    }
    if ctx.conn.execute(sa.select(customer.c.id).where(customer.c.id == op.customer)).first():
        return False
    ctx.conn.execute(sa.insert(customer).values(**row))
    return True


def _write(
    ctx: OpContext, op: ImportOrder, order_id: str, number: str, marks: list[str], made: Promise
) -> None:
    ctx.conn.execute(
        sa.insert(orders).values(
            id=order_id,
            site=ctx.site,
            number=number,
            channel=op.channel,
            ref=op.ref,
            type=op.type,
            transport=op.transport,
            marks=" ".join(marks),
            state="confirmed",
            customer=op.customer,
            customer_name=op.customer_name,
            ship_to=msgspec.json.encode(op.ship_to).decode(),
            currency=op.currency,
            total=sum(line.qty * line.price for line in op.lines),
            lines=len(op.lines),
            pieces=sum(line.qty for line in op.lines),
            placed_at=op.placed_at,
            due_at=op.due_at or made.due_at,
            promised_at=0 if op.due_at else made.bare_at,
            deliver_from=op.deliver_from,
            deliver_to=op.deliver_to,
            created_at=ctx.now,
            changed_at=ctx.at,
        )
    )


def _write_lines(ctx: OpContext, op: ImportOrder, order_id: str, known: dict[str, int]) -> None:
    ctx.conn.execute(
        sa.insert(order_line),
        [
            {
                "order_id": order_id,
                "no": no,
                "sku": line.sku,
                "name": line.name,
                "qty": line.qty,
                "price": line.price,
                "cost": known[line.sku],
            }
            for no, line in enumerate(op.lines, 1)
        ],
    )


class CancelOrder(Op):
    order: Id
    reason: Text


@operation("orders.cancel_order.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SERVICE})
def cancel_order(op: CancelOrder, ctx: OpContext) -> None:
    order = store.get(ctx, op.order)
    if order is None:
        raise Refusal("not_found", field="order", value=op.order)
    if order.state == "cancelled":
        return  # asked twice: what was reserved is free already
    store.move(ctx, order, "cancelled")
    ctx.emit(OrderCancelled(order=order.id, before=order.state, reason=op.reason))


class CancelledLine(msgspec.Struct, frozen=True, kw_only=True):
    sku: Name
    qty: Annotated[int, Meta(ge=1)]
    price: Minor = 0


class RecordCancellation(Op):
    """A channel's cancellation or return note that does not name its order."""

    channel: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    ref: Code
    customer: Annotated[str, Meta(max_length=64)]
    at: Moment
    lines: Annotated[list[CancelledLine], Meta(min_length=1, max_length=1000)]


@operation("orders.record_cancellation.v1", kind=FACT, roles={Role.SYSTEM, Role.ADMIN})
def record_cancellation(op: RecordCancellation, ctx: OpContext) -> None:
    """Cancels the customer's only unstarted order with exactly these goods; anything else is
    kept and put on the exceptions desk, because guessing would take goods from the wrong order."""
    order_id = _matching_order(ctx, op)
    pieces = sum(line.qty for line in op.lines)
    made = ctx.new_id()
    ctx.conn.execute(
        sa.insert(cancellation).values(
            id=made,
            site=ctx.site,
            channel=op.channel,
            ref=op.ref,
            customer=op.customer,
            order_id=order_id,
            lines=len(op.lines),
            pieces=pieces,
            body=msgspec.json.encode(op.lines).decode(),
            at=op.at,
        )
    )
    ctx.emit(
        CancellationReceived(
            order=order_id or "", ref=op.ref, pieces=pieces, matched=order_id is not None
        )
    )
    if order_id is None:
        discrepancies.open_one(
            ctx,
            UNMATCHED,
            operation="orders.record_cancellation",
            details={"ref": op.ref, "customer": op.customer, "pieces": pieces},
        )
        return
    order = store.get(ctx, order_id)
    if order is not None:
        store.move(ctx, order, "cancelled")
        ctx.emit(OrderCancelled(order=order.id, before=order.state, reason=op.ref))


def _matching_order(ctx: OpContext, op: RecordCancellation) -> str | None:
    if not op.customer:
        return None
    candidates = sa.select(orders.c.id).where(
        orders.c.site == ctx.site,
        orders.c.customer == op.customer,
        orders.c.state.in_(("confirmed", "released")),
        orders.c.placed_at <= op.at,
        orders.c.lines == len(op.lines),
    )
    wanted = sorted((line.sku, line.qty) for line in op.lines)
    same = [
        order_id
        for order_id in ctx.conn.execute(candidates).scalars()
        if sorted((ln.sku, ln.qty) for ln in store.lines(ctx.conn, [order_id])) == wanted
    ]
    return same[0] if len(same) == 1 else None
