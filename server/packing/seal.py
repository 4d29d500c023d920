"""The third gate: the last look, the weight, the tape. A carton is sealed and labelled; with the
last one the shipment is packed."""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import items
from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id
from server.orders import store as order_store
from server.packing import rules, settings
from server.packing.cartons import PACKERS, UNSEALED, carton_of
from server.packing.checks import OVER_PACKED
from server.packing.events import ParcelPacked
from server.packing.tables import pack_line, pack_piece, parcel, shipment
from server.picking.ops import ORDER_CANCELLED, TASK_UNKNOWN, tote

PACK_INCOMPLETE = code("pack_incomplete")
ALREADY_PACKED = code("already_packed")
CARTONS_OPEN = code("cartons_open")
WEIGHT_OFF = code("weight_off")
NOTHING_TO_PACK = code("nothing_to_pack")
STAGE = "STAGE"
"""Where closed parcels wait for a van."""


class SealCarton(Op):
    """The carton was looked into a last time, weighed (0: not), and sealed. `scale`: typed, or read
    from the scale's port. `reason`: why the weight is right although it is not as expected; it was
    asked for a second time."""

    task: Id
    parcel: Id
    weight_g: Annotated[int, Meta(ge=0, le=2_000_000)] = 0
    scale: Annotated[str, Meta(pattern="^(|typed|port)$")] = ""
    reason: Annotated[str, Meta(pattern="^(|packaging|item_weight|scale|other)$")] = ""


@operation("packing.seal_carton.v1", kind=FACT, roles=PACKERS)
def seal_carton(op: SealCarton, ctx: OpContext) -> None:
    task = _going_on(ctx, op.task)
    box = carton_of(ctx, task, op.parcel) if task else None
    if task is not None and box is not None:
        _seal(ctx, op, task, box)
        ctx.touch("pack_job", op.task)


class ClosePack(SealCarton):
    """The final check: everything picked is in its cartons; the last one is sealed and labelled."""


@operation("packing.close_pack.v1", kind=FACT, roles=PACKERS)
def close_pack(op: ClosePack, ctx: OpContext) -> None:
    task = _going_on(ctx, op.task)
    if task is None:
        return None
    mine = sa.select(pack_line).where(pack_line.c.task == op.task).order_by(pack_line.c.no)
    lines = ctx.conn.execute(mine).all()
    if missing := sum(1 for line in lines if line.packed < line.qty - line.flawed):
        return ctx.divert(PACK_INCOMPLETE, task=op.task, open=missing)
    if over := sum(max(0, line.packed + line.flawed - line.qty) for line in lines):
        return ctx.divert(OVER_PACKED, task=op.task, over=over)
    if not any(line.packed for line in lines):
        return _nothing_left(ctx, task, lines[0].order_id)
    if others := _open_cartons(ctx, task, op.parcel):
        return ctx.divert(CARTONS_OPEN, task=op.task, open=others)
    for line in lines:
        place = tote(line.pick_task, line.pick_slot)
        ledger.move_any_lot(ctx, line.sku, line.packed, place, STAGE, "pack", ref=op.parcel)
    if _open_cartons(ctx, task, ""):  # else what came last was flawed, and all are sealed already
        _seal(ctx, op, task, carton_of(ctx, task, op.parcel))
    _finish(ctx, task, "packed")
    order_store.move_if_legal(ctx, lines[0].order_id, "packing", "packed")
    return None


def _going_on(ctx: OpContext, task_id: str) -> tasks.Task | None:
    """None where the fact was diverted."""
    task = tasks.get(ctx, task_id)
    if task is None:
        ctx.divert(TASK_UNKNOWN, task=task_id)
        return None
    if task.is_over:
        why = ORDER_CANCELLED if task.state == "cancelled" else ALREADY_PACKED
        ctx.divert(why, task=task_id)
        return None
    return task


def _open_cartons(ctx: OpContext, task: tasks.Task, last: str) -> int:
    """Cartons with something in them that nobody has sealed, besides the last one."""
    full = (
        sa.select(sa.func.count(sa.distinct(parcel.c.number)))
        .join(pack_piece, pack_piece.c.parcel == parcel.c.number)
        .where(parcel.c.shipment == task.ref, parcel.c.state.in_(UNSEALED))
        .where(parcel.c.number != last)
    )
    return int(ctx.conn.execute(full).scalar_one())


def _seal(ctx: OpContext, op: SealCarton, task: tasks.Task, box: Any) -> None:
    types = settings.carton_types(ctx.conn, ctx.site)
    tare = types[box.carton].tare_g if box.carton in types else 0
    goods = _goods(ctx, op.parcel)
    expected = rules.expected_g(((weight, qty) for _, weight, qty in goods), tare)
    values = {"state": "packed", "weight_g": op.weight_g, "expected_g": expected}
    sealed = sa.update(parcel).where(parcel.c.number == op.parcel)
    ctx.conn.execute(sealed.values(**values, packed_by=ctx.person, packed_at=ctx.at))
    ctx.emit(
        ParcelPacked(
            order=box.order_id,
            task=op.task,
            parcel=op.parcel,
            shipment=task.ref,
            weight_g=op.weight_g,
            carton=box.carton,
            pieces=sum(qty for *_, qty in goods),
            expected_g=expected,
            scale=op.scale,
            reason=op.reason,
        )
    )
    site = settings.packing(ctx.conn, ctx.site)
    if rules.is_off(op.weight_g, expected, site, knows_carton=box.state == "open"):
        _tell_weight(ctx, op, box.order_id, expected)


def _goods(ctx: OpContext, number: str) -> list[tuple[str, int, int]]:
    """SKU, grams of one, pieces."""
    found = (
        sa.select(pack_line.c.sku, pack_piece.c.qty)
        .join(
            pack_line,
            sa.and_(pack_line.c.task == pack_piece.c.task, pack_line.c.no == pack_piece.c.no),
        )
        .where(pack_piece.c.parcel == number)
    )
    inside = [(sku, int(qty)) for sku, qty in ctx.conn.execute(found)]
    known = items(ctx.conn, {sku for sku, _ in inside})
    return [(sku, known[sku].weight_g, qty) for sku, qty in inside]


def _tell_weight(ctx: OpContext, op: SealCarton, order: str, expected: int | None) -> None:
    discrepancies.open_one(
        ctx,
        WEIGHT_OFF,
        operation="packing.seal_carton",
        order=order,
        task=op.task,
        details={
            "parcel": op.parcel,
            "weight_g": op.weight_g,
            "expected_g": expected,
            "reason": op.reason,
        },
    )


def _finish(ctx: OpContext, task: tasks.Task, state: str) -> None:
    """Cartons that nobody filled were none."""
    unused = sa.delete(parcel).where(parcel.c.shipment == task.ref, parcel.c.state.in_(UNSEALED))
    ctx.conn.execute(unused)
    change = sa.update(shipment).where(shipment.c.id == task.ref)
    ctx.conn.execute(change.values(state=state, changed_at=ctx.at))
    tasks.end(ctx, task, "done")
    ctx.touch("shipment", task.ref)


def _nothing_left(ctx: OpContext, task: tasks.Task, order: str) -> None:
    """Every piece was flawed or missing: somebody decides what becomes of the order."""
    _finish(ctx, task, "void")
    order_store.move_if_legal(ctx, order, "packing", "hold")
    discrepancies.open_one(
        ctx, NOTHING_TO_PACK, operation="packing.close_pack", order=order, task=task.id
    )
