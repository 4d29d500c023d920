"""Cartons of a shipment: which kind was taken, which pieces are in which.

carton: planned (its number is given) -> open (its kind is known) -> packed (sealed) -> loaded
        void, when its order is cancelled
"""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.floor import tasks
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.packing import numbers
from server.packing.events import CartonOpened
from server.packing.tables import pack_line, pack_piece, parcel, shipment
from server.picking.ops import ORDER_CANCELLED, TASK_UNKNOWN

CARTON_SEALED = code("carton_sealed")
NOT_OF_SHIPMENT = code("carton_not_of_shipment")
PACKERS = frozenset({Role.PACKER, Role.SUPERVISOR})
UNSEALED = ("planned", "open")
CartonKind = Annotated[str, Meta(max_length=16, pattern=r"^[A-Za-z0-9-]*$")]


class OpenCarton(Op):
    """A carton of this kind was taken for `parcel`; a later one takes its place until it is sealed.
    `proposed`: the kind that was proposed; empty for either: none, it travels as it is."""

    task: Id
    parcel: Id
    carton: CartonKind = ""
    proposed: CartonKind = ""


@operation("packing.open_carton.v1", kind=FACT, roles=PACKERS)
def open_carton(op: OpenCarton, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    box = carton_of(ctx, task, op.parcel)
    if box is None:
        return None
    kind = {"carton": op.carton, "proposed": op.proposed, "state": "open"}
    ctx.conn.execute(sa.update(parcel).where(parcel.c.number == box.number).values(**kind))
    ctx.touch("pack_job", op.task)
    ctx.emit(
        CartonOpened(
            order=box.order_id,
            task=op.task,
            parcel=box.number,
            carton=op.carton,
            proposed=op.proposed,
        )
    )
    return None


def carton_of(ctx: OpContext, task: tasks.Task, number: str) -> Any:
    """The row of an unsealed carton of this task, made if it is the first word of it; None where
    the fact was diverted."""
    found = sa.select(parcel).where(parcel.c.number == number, parcel.c.site == ctx.site)
    box = ctx.conn.execute(found).first()
    if box is None:
        return _make(ctx, task, number)
    if box.shipment != task.ref:
        return ctx.divert(NOT_OF_SHIPMENT, task=task.id, parcel=number)
    if box.state not in UNSEALED:
        why = ORDER_CANCELLED if box.state == "void" else CARTON_SEALED
        return ctx.divert(why, task=task.id, parcel=number)
    return box


def _make(ctx: OpContext, task: tasks.Task, number: str) -> Any:
    place = numbers.place_of(ctx, task.ref, number)
    order = sa.select(shipment.c.order_id, shipment.c.state).where(shipment.c.id == task.ref)
    of = ctx.conn.execute(order).first()
    if place is None or of is None:
        return ctx.divert(NOT_OF_SHIPMENT, task=task.id, parcel=number)
    if of.state != "planned":
        why = ORDER_CANCELLED if of.state == "void" else CARTON_SEALED
        return ctx.divert(why, task=task.id, parcel=number)
    ctx.conn.execute(
        sa.insert(parcel).values(
            number=number,
            site=ctx.site,
            shipment=task.ref,
            order_id=of.order_id,
            state="planned",
            no=place,
        )
    )
    ctx.touch("pack_job", task.id)
    return ctx.conn.execute(sa.select(parcel).where(parcel.c.number == number)).one()


def first_carton(ctx: OpContext, task: tasks.Task) -> str:
    """What a device means that names none."""
    found = sa.select(parcel.c.number).where(parcel.c.shipment == task.ref)
    return str(ctx.conn.execute(found.order_by(parcel.c.no).limit(1)).scalar() or "")


def put_pieces(ctx: OpContext, line: Any, number: str, qty: int) -> None:
    """So many pieces of the line are in this carton now; the line's sum follows."""
    same = (pack_piece.c.task == line.task, pack_piece.c.no == line.no)
    here = sa.and_(*same, pack_piece.c.parcel == number)
    ctx.conn.execute(sa.delete(pack_piece).where(here))
    if qty:
        values = {"task": line.task, "no": line.no, "parcel": number, "qty": qty}
        who = {"by_person": ctx.person, "at": ctx.at}
        ctx.conn.execute(sa.insert(pack_piece).values(**values, **who))
    packed = sa.select(sa.func.coalesce(sa.func.sum(pack_piece.c.qty), 0)).where(*same)
    total = int(ctx.conn.execute(packed).scalar_one())
    ctx.conn.execute(
        sa.update(pack_line)
        .where(pack_line.c.task == line.task, pack_line.c.no == line.no)
        .values(packed=total, by_person=ctx.person, at=ctx.at)
    )
    ctx.touch("pack_line", f"{line.task}/{line.no}")
    ctx.touch("task", line.task)


def inside(ctx: OpContext, line: Any) -> list[tuple[str, int, str]]:
    """(carton, pieces of the line in it, the carton's state), in the order of the cartons."""
    found = (
        sa.select(parcel.c.number, pack_piece.c.qty, parcel.c.state)
        .join(parcel, parcel.c.number == pack_piece.c.parcel)
        .where(pack_piece.c.task == line.task, pack_piece.c.no == line.no)
        .order_by(parcel.c.no)
    )
    return [(number, int(qty), state) for number, qty, state in ctx.conn.execute(found)]


def line_of(ctx: OpContext, task: str, no: int | None) -> Any:
    """The line, or any line of the task for None."""
    found = sa.select(pack_line).where(pack_line.c.task == task)
    if no is not None:
        found = found.where(pack_line.c.no == no)
    return ctx.conn.execute(found.limit(1)).first()
