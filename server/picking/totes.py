"""The totes of a cart: which tote stands for which order, what was sorted into it, where it stands.

cluster   each slot gets a tote before the walk; each pick ends with a scan of its tote
batch     pieces are sorted into the totes after the walk, one scan each
zone      the cart is set down at a place; the next zone's task opens and says where
"""

from collections.abc import Iterable
from typing import Annotated

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import tasks
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.feeds import Row, RowSink, person_scope, projects, row
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo
from server.orders.tables import orders
from server.picking.events import CartHandedOver, LineSorted, ToteAssigned
from server.picking.lines import PICKERS, TASK_UNKNOWN
from server.picking.rows import line_key
from server.picking.tables import pick_line, pick_tote

SLOT_UNKNOWN = code("slot_unknown")
TOTE_IN_USE = code("tote_in_use")
WRONG_TOTE = code("wrong_tote")
_NOT_PACKED = ("released", "picking", "picked", "packing", "hold")
Slot = Annotated[int, Meta(ge=0, le=200)]


class AssignTote(Op):
    """The tote that stands in this slot of the cart, as scanned. A later one replaces it. One that
    still holds another order is not the slot's: another is asked for."""

    task: Id
    slot: Slot
    code: Code
    epoch: Epoch = 0


@operation("picking.assign_tote.v1", kind=FACT, roles=PICKERS)
def assign_tote(op: AssignTote, ctx: OpContext) -> None:
    place = sa.and_(pick_tote.c.task == op.task, pick_tote.c.slot == op.slot)
    order = ctx.conn.execute(sa.select(pick_tote.c.order_id).where(place)).scalar()
    if order is None:
        return ctx.divert(SLOT_UNKNOWN, task=op.task, slot=op.slot)
    if other := holder(ctx, op.code, order):
        told = {"tote": op.code, "held_by_order": other}
        return ctx.divert(TOTE_IN_USE, task=op.task, slot=op.slot, **told)
    ctx.conn.execute(sa.update(pick_tote).where(place).values(code=op.code))
    ctx.touch("tote", tote_key(op.task, op.slot))
    ctx.emit(ToteAssigned(order=order, task=op.task, slot=op.slot, code=op.code))
    return None


def holder(ctx: OpContext, code_: str, order: str) -> str | None:
    """The number of another order whose goods are in that tote: until they are packed."""
    t = pick_tote.c
    found = (
        sa.select(orders.c.number)
        .join(pick_tote, t.order_id == orders.c.id)
        .where(t.site == ctx.site, t.code == code_, t.order_id != order)
        .where(orders.c.state.in_(_NOT_PACKED))
    )
    number = ctx.conn.execute(found.order_by(orders.c.number).limit(1)).scalar()
    return str(number) if number else None


class SortLine(Op):
    """All pieces of a line were put into its order's tote, whose code is `tote`."""

    task: Id
    line: LineNo
    tote: Code
    epoch: Epoch = 0


@operation("picking.sort_line.v1", kind=FACT, roles=PICKERS)
def sort_line(op: SortLine, ctx: OpContext) -> None:
    place = sa.and_(pick_line.c.task == op.task, pick_line.c.no == op.line)
    slot = sa.and_(pick_tote.c.task == pick_line.c.task, pick_tote.c.slot == pick_line.c.slot)
    found = sa.select(pick_line.c.order_id, pick_line.c.sku, pick_line.c.picked, pick_tote.c.code)
    line = ctx.conn.execute(found.outerjoin(pick_tote, slot).where(place)).first()
    if line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, line=op.line)
    if line.code is not None and line.code != op.tote:
        return ctx.divert(WRONG_TOTE, task=op.task, line=op.line, sku=line.sku, tote=line.code)
    ctx.conn.execute(sa.update(pick_line).where(place).values(sorted=True))
    ctx.touch("pick_line", line_key(op.task, op.line))
    ctx.emit(
        LineSorted(
            order=line.order_id,
            task=op.task,
            line=op.line,
            sku=line.sku,
            qty=line.picked,
            tote=op.tote,
        )
    )
    return None


class HandOver(Op):
    """The cart was set down at `place`, for the next zone or the packing bench."""

    task: Id
    place: Code
    epoch: Epoch = 0


@operation("picking.hand_over.v1", kind=FACT, roles=PICKERS)
def hand_over(op: HandOver, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    _stands(ctx, op.task, op.place)
    mine = sa.select(pick_tote).where(pick_tote.c.task == op.task).order_by(pick_tote.c.slot)
    totes = ctx.conn.execute(mine).all()
    change = sa.update(pick_tote).where(pick_tote.c.task == op.task).values(stands=op.place)
    ctx.conn.execute(change)
    _hand_on(ctx, op, totes)
    for order in sorted({t.order_id for t in totes}):
        ctx.emit(CartHandedOver(order=order, task=op.task, place=op.place))
    ctx.touch("task", op.task)
    return None


def _stands(ctx: OpContext, task: str, place: str) -> None:
    found = sa.select(task_table.c.body).where(task_table.c.id == task)
    body = {**msgspec.json.decode(ctx.conn.execute(found).scalar_one()), "stands": place}
    change = sa.update(task_table).where(task_table.c.id == task)
    ctx.conn.execute(change.values(body=msgspec.json.encode(body).decode()))


def _hand_on(ctx: OpContext, op: HandOver, totes: Iterable[sa.Row[tuple[object, ...]]]) -> None:
    """The same totes go on to the next zone; where its task is open already, it is told, too."""
    following = sa.select(task_table.c.id).where(task_table.c.after == op.task)
    for task in ctx.conn.execute(following).scalars().all():
        _stands(ctx, task, op.place)
        ctx.touch("task", task)
        for tote in totes:
            place = sa.and_(pick_tote.c.task == task, pick_tote.c.order_id == tote.order_id)
            values = {"code": tote.code, "stands": op.place}
            ctx.conn.execute(sa.update(pick_tote).where(place).values(**values))
            ctx.touch("tote", tote_key(task, tote.slot))


@row("tote")
class ToteRow(Row):
    """Key `task/slot`. `code`: of the tote on the cart, once it was scanned."""

    task: str
    slot: int
    order: str
    order_number: str
    code: str | None
    stands: str | None


def tote_key(task: str, slot: int) -> str:
    return f"{task}/{slot}"


@projects("tote")
def show_totes(sink: RowSink, keys: Iterable[str]) -> None:
    wanted = set(keys)
    found = (
        sa.select(pick_tote, task_table.c.assignee, orders.c.number)
        .join(task_table, task_table.c.id == pick_tote.c.task)
        .join(orders, orders.c.id == pick_tote.c.order_id)
        .where(
            pick_tote.c.task.in_(sorted({key.rpartition("/")[0] for key in wanted})),
            task_table.c.state == "held",
        )
    )
    for r in sink.conn.execute(found).all():
        key = tote_key(r.task, r.slot)
        if key in wanted:
            shown = ToteRow(
                task=r.task,
                slot=r.slot,
                order=r.order_id,
                order_number=r.number,
                code=r.code,
                stands=r.stands,
            )
            sink.put(person_scope(r.assignee), "tote", key, shown)


@reacts(TaskMoved)
def totes_follow_their_task(event: TaskMoved, ctx: OpContext) -> None:
    """Only carts have totes to show; a single order's one is never scanned."""
    if event.task_kind != "pick":
        return
    found = sa.select(pick_tote.c.slot).where(pick_tote.c.task == event.task, pick_tote.c.slot > 0)
    for slot in ctx.conn.execute(found).scalars().all():
        if event.before:
            ctx.drop(person_scope(event.before), "tote", tote_key(event.task, slot))
        if event.after:
            ctx.touch("tote", tote_key(event.task, slot))
