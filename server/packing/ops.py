"""The packer's bench: every piece is scanned against the order before the parcel is closed.

picked order -> pack task (open -> held) -> lines checked -> parcel packed -> shipment packed
"""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies, tasks
from server.floor.ops import TaskTaken
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Id, LineNo, Pieces, Role, Scan
from server.orders import store as order_store
from server.orders.events import OrderCancelled, OrderHeld, OrderResumed
from server.packing.events import CheckFailed, ItemChecked, ParcelPacked
from server.packing.tables import pack_line, parcel, shipment
from server.picking.events import OrderPicked
from server.picking.ops import ORDER_CANCELLED, TASK_UNKNOWN, tote
from server.picking.tables import pick_line

PACK_INCOMPLETE = code("pack_incomplete")
ALREADY_PACKED = code("already_packed")
OVER_PACKED = code("over_packed")
STAGE = "STAGE"
"""Where closed parcels wait for a van."""
PACKERS = frozenset({Role.PACKER, Role.SUPERVISOR})


@reacts(OrderPicked)
def make_pack_task(event: OrderPicked, ctx: OpContext) -> None:
    """The parcel's number is given now, so that its label needs no network at the bench."""
    order = order_store.get(ctx, event.order)
    picked = _picked(ctx, event.order)
    if order is None or not picked:
        return
    shipment_id = ctx.new_id()
    number = f"P-{ctx.next_number('parcel'):08d}"
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
    ctx.conn.execute(
        sa.insert(shipment).values(
            id=shipment_id,
            site=ctx.site,
            order_id=order.id,
            state="planned",
            changed_at=ctx.at,
        )
    )
    ctx.conn.execute(
        sa.insert(parcel).values(
            number=number, site=ctx.site, shipment=shipment_id, order_id=order.id, state="planned"
        )
    )
    ctx.conn.execute(
        sa.insert(pack_line),
        [
            {
                "task": task,
                "no": no,
                "site": ctx.site,
                "order_id": order.id,
                "pick_task": pick_task,
                "pick_slot": slot,
                "sku": sku,
                "qty": qty,
            }
            for no, (pick_task, slot, sku, qty) in enumerate(picked, 1)
        ],
    )


def _picked(ctx: OpContext, order_id: str) -> list[tuple[str, int, str, int]]:
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


class CheckItem(Op):
    """`packed`: pieces of this line in the parcel now, all told (not one more)."""

    task: Id
    line: LineNo
    sku: Code
    packed: Pieces
    code: Scan = ""


@operation("packing.check_item.v1", kind=FACT, roles=PACKERS)
def check_item(op: CheckItem, ctx: OpContext) -> None:
    line = _line(ctx, op.task, op.line)
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, sku=op.sku)
    if op.packed > line.qty:
        return ctx.divert(OVER_PACKED, task=op.task, sku=op.sku, over=op.packed - line.qty)
    ctx.conn.execute(
        sa.update(pack_line)
        .where(pack_line.c.task == op.task, pack_line.c.no == op.line)
        .values(packed=op.packed, by_person=ctx.person, at=ctx.at)
    )
    ctx.touch("pack_line", f"{op.task}/{op.line}")
    ctx.touch("task", op.task)
    ctx.emit(
        ItemChecked(order=line.order_id, task=op.task, sku=op.sku, qty=op.packed, code=op.code)
    )
    return None


class ReportMismatch(Op):
    """A piece on the bench that the order does not ask for."""

    task: Id
    code: Scan
    expected: Annotated[str, Meta(max_length=400)] = ""


@operation("packing.report_mismatch.v1", kind=FACT, roles=PACKERS)
def report_mismatch(op: ReportMismatch, ctx: OpContext) -> None:
    line = _line(ctx, op.task, None)
    order = line.order_id if line else ""
    ctx.emit(CheckFailed(order=order, task=op.task, code=op.code[:120], expected=op.expected))
    discrepancies.open_one(
        ctx,
        "pack_mismatch",
        operation="packing.report_mismatch",
        order=order,
        task=op.task,
        details={"code": op.code[:120], "expected": op.expected},
    )


code("pack_mismatch")


class ClosePack(Op):
    """The final check: everything picked is in the parcel; it is sealed and labelled."""

    task: Id
    parcel: Id
    weight_g: Annotated[int, Meta(ge=0, le=2_000_000)] = 0


@operation("packing.close_pack.v1", kind=FACT, roles=PACKERS)
def close_pack(op: ClosePack, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        why = ORDER_CANCELLED if task.state == "cancelled" else ALREADY_PACKED
        return ctx.divert(why, task=op.task)
    lines = ctx.conn.execute(sa.select(pack_line).where(pack_line.c.task == op.task)).all()
    if missing := sum(1 for line in lines if line.packed < line.qty):
        return ctx.divert(PACK_INCOMPLETE, task=op.task, open=missing)
    for line in lines:
        place = tote(line.pick_task, line.pick_slot)
        ledger.move_any_lot(ctx, line.sku, line.packed, place, STAGE, "pack", ref=op.parcel)
    _seal(ctx, op, task)
    order_id = lines[0].order_id
    order_store.move_if_legal(ctx, order_id, "packing", "packed")
    ctx.emit(
        ParcelPacked(
            order=order_id,
            task=op.task,
            parcel=op.parcel,
            shipment=task.ref,
            weight_g=op.weight_g,
        )
    )
    return None


def _seal(ctx: OpContext, op: ClosePack, task: tasks.Task) -> None:
    ctx.conn.execute(
        sa.update(parcel)
        .where(parcel.c.shipment == task.ref, parcel.c.number == op.parcel)
        .values(state="packed", weight_g=op.weight_g, packed_by=ctx.person, packed_at=ctx.at)
    )
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == task.ref)
        .values(state="packed", changed_at=ctx.at)
    )
    tasks.end(ctx, task, "done")
    ctx.touch("shipment", task.ref)


@reacts(OrderCancelled)
def stop_packing(event: OrderCancelled, ctx: OpContext) -> None:
    """Everything picked for a cancelled order goes back; its label is void."""
    found = sa.select(pack_line.c.task).where(pack_line.c.order_id == event.order).distinct()
    for task_id in ctx.conn.execute(found).scalars().all():
        task = tasks.get(ctx, task_id)
        if task is not None and not task.is_over:
            tasks.end(ctx, task, "cancelled")
    for table in (parcel, shipment):
        ctx.conn.execute(
            sa.update(table).where(table.c.order_id == event.order).values(state="void")
        )


@reacts(OrderHeld)
def hold_at_the_bench(event: OrderHeld, ctx: OpContext) -> None:
    for task in _tasks_of(ctx, event.order):
        tasks.stop(ctx, task, event.reason)


@reacts(OrderResumed)
def go_on_packing(event: OrderResumed, ctx: OpContext) -> None:
    for task in _tasks_of(ctx, event.order):
        tasks.stop(ctx, task, "")


def _tasks_of(ctx: OpContext, order_id: str) -> list[tasks.Task]:
    found = sa.select(pack_line.c.task).where(pack_line.c.order_id == order_id).distinct()
    names = ctx.conn.execute(found.order_by(pack_line.c.task)).scalars().all()
    known = (tasks.get(ctx, name) for name in names)
    return [task for task in known if task is not None and not task.is_over]


def _line(ctx: OpContext, task: str, no: int | None) -> Any:
    found = sa.select(pack_line).where(pack_line.c.task == task)
    if no is not None:
        found = found.where(pack_line.c.no == no)
    return ctx.conn.execute(found.limit(1)).first()
