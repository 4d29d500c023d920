"""A new order that makes good what another did not bring: linked to it, urgent, free of charge."""

import msgspec
import sqlalchemy as sa

from server.catalog.queries import costs
from server.kernel.ops import OpContext
from server.orders.events import OrderReceived
from server.orders.priorities import reckon
from server.orders.promises import DAY_MS, promise_rules
from server.orders.store import Line
from server.orders.tables import order_line, orders
from server.orders.validation import ShipTo

MARK = "reshipment"
_SAME = ("channel", "transport", "customer", "customer_name", "ship_to", "currency")


def reship(ctx: OpContext, order_id: str, goods: list[tuple[Line, int]]) -> tuple[str, str]:
    """A confirmed order of these pieces for the same customer and address; its id and number."""
    before = ctx.conn.execute(sa.select(orders).where(orders.c.id == order_id)).mappings().one()
    made, days = ctx.new_id(), promise_rules(ctx.conn, ctx.site).days_of("urgent")
    root = before["number"].partition("/R")[0]
    again = ctx.next_number(f"reship:{root}")
    number = f"{root}/R{again}"
    ctx.conn.execute(
        sa.insert(orders).values(
            **{field: before[field] for field in _SAME},
            id=made,
            site=ctx.site,
            number=number,
            ref=f"{before['ref'][:100]}/R{again}",
            type="urgent",
            marks=MARK,
            state="confirmed",
            total=0,
            lines=len(goods),
            pieces=sum(qty for _, qty in goods),
            placed_at=ctx.at,
            due_at=ctx.at + days * DAY_MS,
            created_at=ctx.now,
            changed_at=ctx.at,
            replaces=order_id,
        )
    )
    known = costs(ctx.conn, [line.sku for line, _ in goods])
    rows = [
        {"order_id": made, "no": no, "sku": line.sku, "name": line.name, "qty": qty, "price": 0}
        | {"cost": known.get(line.sku, 0)}
        for no, (line, qty) in enumerate(goods, 1)
    ]
    ctx.conn.execute(sa.insert(order_line), rows)
    ctx.touch("order", made)
    pieces = sum(qty for _, qty in goods)
    to = msgspec.json.decode(before["ship_to"], type=ShipTo)
    ctx.emit(
        OrderReceived(
            order=made,
            number=number,
            ref=before["ref"],
            lines=len(goods),
            pieces=pieces,
            channel=before["channel"],
            customer=before["customer"],
            country=to.country,
            placed_at=ctx.at,
            due_at=ctx.at + days * DAY_MS,
        )
    )
    reckon(ctx, [made], tell=False)
    return made, number
