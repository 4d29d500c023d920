"""A picked order becomes a shipment with a task for the bench."""

import msgspec
import sqlalchemy as sa

from server.floor import tasks
from server.floor.ops import TaskTaken
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.packing import numbers
from server.packing.pallets import keep_numbers_ready
from server.packing.tables import pack_line, parcel, shipment
from server.picking.events import OrderPicked
from server.picking.tables import pick_line

Picked = tuple[str, int, str, int]
"""Picking task, slot of its cart, SKU, pieces."""


@reacts(OrderPicked)
def make_pack_task(event: OrderPicked, ctx: OpContext) -> None:
    """The cartons' numbers are given now, so that their labels need no network at the bench."""
    order = order_store.get(ctx, event.order)
    picked = _picked(ctx, event.order)
    if order is None or not picked:
        return
    shipment_id = _open_shipment(ctx, order.id, sum(qty for *_, qty in picked))
    task = tasks.create(
        ctx,
        tasks.Plan(
            kind="pack",
            title=order.number,
            ref=shipment_id,
            lines=len(picked),
            due_at=order.due_at,
            expected_s=30 + 10 * len(picked),
        ),
    )
    _add_lines(ctx, task, order.id, picked)


def _open_shipment(ctx: OpContext, order_id: str, pieces: int) -> str:
    shipment_id = ctx.new_id()
    given, spare = numbers.for_shipment(ctx, pieces)
    ctx.conn.execute(
        sa.insert(shipment).values(
            id=shipment_id,
            site=ctx.site,
            order_id=order_id,
            state="planned",
            changed_at=ctx.at,
            numbers=msgspec.json.encode(given).decode(),
            spare=spare,
        )
    )
    first = {"number": given[0], "site": ctx.site, "shipment": shipment_id, "order_id": order_id}
    ctx.conn.execute(sa.insert(parcel).values(**first, state="planned"))
    return shipment_id


def _add_lines(ctx: OpContext, task: str, order_id: str, picked: list[Picked]) -> None:
    ctx.conn.execute(
        sa.insert(pack_line),
        [
            {
                "task": task,
                "no": no,
                "site": ctx.site,
                "order_id": order_id,
                "pick_task": pick_task,
                "pick_slot": slot,
                "sku": sku,
                "qty": qty,
            }
            for no, (pick_task, slot, sku, qty) in enumerate(picked, 1)
        ],
    )


def _picked(ctx: OpContext, order_id: str) -> list[Picked]:
    found = (
        sa.select(
            pick_line.c.task, pick_line.c.slot, pick_line.c.sku, sa.func.sum(pick_line.c.picked)
        )
        .where(pick_line.c.order_id == order_id, pick_line.c.picked > 0)
        .group_by(pick_line.c.task, pick_line.c.slot, pick_line.c.sku)
        .order_by(pick_line.c.sku, pick_line.c.task)
    )
    return [(task, slot, sku, int(qty)) for task, slot, sku, qty in ctx.conn.execute(found)]


@reacts(TaskTaken)
def start_packing(event: TaskTaken, ctx: OpContext) -> None:
    found = sa.select(pack_line.c.order_id).where(pack_line.c.task == event.task).limit(1)
    order_id = ctx.conn.execute(found).scalar()
    if order_id:
        order_store.move_if_legal(ctx, order_id, "packing")
        if event.person:
            keep_numbers_ready(ctx, event.person)
