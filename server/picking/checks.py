"""The second check: somebody else counts what was picked, without knowing how many it should be.

    pick tasks done -> check task (open -> held -> done) -> the order goes on to packing

What lacks is written off and, where the shelf has more, picked again; what is too many goes home.
The order goes on when everything that was picked has been counted.
"""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.inventory.reserve import Allocation, choose, free_stock
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Code, Epoch, Id, LineNo, Qty, Role, Scan
from server.moving.putaway import bring_home
from server.orders.events import OrderCancelled, OrderHeld, OrderResumed
from server.orders.tables import orders
from server.picking.events import OrderChecked
from server.picking.finish import BEFORE_PACKING, LINES_OPEN, order_picked
from server.picking.lines import PUTBACK, TASK_UNKNOWN, tote
from server.picking.rules import SecondCheck
from server.picking.tables import check_line, pick_line

CHECK_MISMATCH = code("check_mismatch")
ALREADY_CHECKED = code("already_checked")
OWN_PICK = code("own_pick")
CHECKERS = frozenset({Role.PICKER, Role.PACKER, Role.SUPERVISOR})
_SECONDS_PER_LINE = 20


def open_check(ctx: OpContext, order_id: str) -> bool:
    """True while the order waits for a second count of what was picked for it."""
    found = sa.select(orders.c.number, orders.c.total, orders.c.due_at, orders.c.priority)
    order = ctx.conn.execute(found.where(orders.c.id == order_id)).one()
    setting = get_setting(ctx.conn, ctx.site, "second_check", {})
    rule = msgspec.convert(setting, SecondCheck, strict=False)
    if not rule.asks(order_id, int(order.total)):
        return False
    unchecked = _unchecked(ctx, order_id)
    if unchecked:
        _make(ctx, order_id, order, unchecked)
    return bool(unchecked)


BEFORE_PACKING.append(open_check)


def _unchecked(ctx: OpContext, order_id: str) -> list[Any]:
    """What lies in totes of this order that nobody has counted."""
    p, c = pick_line.c, check_line.c
    counted = sa.select(c.pick_task).where(c.order_id == order_id)
    found = (
        sa.select(p.task, p.slot, p.sku, sa.func.sum(p.picked).label("qty"))
        .where(p.order_id == order_id, p.picked > 0, p.task.not_in(counted))
        .group_by(p.task, p.slot, p.sku)
        .order_by(p.sku, p.task, p.slot)
    )
    return list(ctx.conn.execute(found))


def _make(ctx: OpContext, order_id: str, order: Any, picked: list[Any]) -> None:
    plan = tasks.Plan(
        kind="check",
        title=order.number,
        ref=order_id,
        lines=len(picked),
        priority=max(60, order.priority),
        due_at=order.due_at,
        expected_s=_SECONDS_PER_LINE * len(picked),
    )
    task = tasks.create(ctx, plan)
    rows = [
        {
            "task": task,
            "no": no,
            "site": ctx.site,
            "order_id": order_id,
            "pick_task": r.task,
            "slot": r.slot,
            "sku": r.sku,
            "expected": int(r.qty),
        }
        for no, r in enumerate(picked, 1)
    ]
    ctx.conn.execute(sa.insert(check_line), rows)


class CheckPicked(Op):
    """`counted`: pieces of the item in the tote, all told."""

    task: Id
    line: LineNo
    sku: Code
    counted: Qty
    code: Scan = ""
    epoch: Epoch = 0


@operation("picking.check_picked.v1", kind=FACT, roles=CHECKERS)
def check_picked(op: CheckPicked, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    line = _line(ctx, op.task, op.line)
    if task is None or line is None:
        return ctx.divert(TASK_UNKNOWN, task=op.task, sku=op.sku)
    if task.is_over:
        return ctx.divert(ALREADY_CHECKED, task=op.task, sku=op.sku, qty=op.counted)
    if _has_picked(ctx, op.task):
        return ctx.divert(OWN_PICK, task=op.task, sku=op.sku)
    c = check_line.c
    counted = sa.update(check_line).where(c.task == op.task, c.no == op.line)
    ctx.conn.execute(counted.values(counted=op.counted, by_person=ctx.person, at=ctx.at))
    ctx.touch("check_line", f"{op.task}/{op.line}")
    ctx.touch("task", op.task)
    return None


class FinishCheck(Op):
    """Everything in the totes is counted."""

    task: Id
    epoch: Epoch = 0


@operation("picking.finish_check.v1", kind=FACT, roles=CHECKERS)
def finish_check(op: FinishCheck, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None or task.kind != "check":
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        return None
    c = check_line.c
    lines = list(ctx.conn.execute(sa.select(check_line).where(c.task == op.task).order_by(c.no)))
    if still_open := sum(1 for line in lines if line.counted is None):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    wrong = [line for line in lines if line.counted != line.expected]
    ctx.emit(OrderChecked(order=task.ref, task=op.task, lines=len(lines), wrong=len(wrong)))
    for line in wrong:
        _correct(ctx, line)
    order_picked(ctx, op.task, task.ref)
    return None


def _correct(ctx: OpContext, line: Any) -> None:
    """The books follow the second count, and the picks with them."""
    picks = _picks(ctx, line)
    off = line.counted - line.expected
    place = tote(line.pick_task, line.slot)
    if off > 0:
        lot = picks[-1].lot if picks else ""
        ledger.move(ctx, line.sku, off, ledger.DISCREPANCY, PUTBACK, "check", lot=lot)
        bring_home(ctx, "putback", line.sku, off, PUTBACK, lot, why="check")
    again = 0
    for pick in picks:
        part = min(pick.picked, -off)
        if part <= 0:
            break
        off += part
        ledger.move(ctx, line.sku, part, place, ledger.DISCREPANCY, "check", lot=pick.lot)
        _reduce(ctx, pick, part)
        again += _pick_again(ctx, pick, part)
    details = {
        "sku": line.sku,
        "picked": line.expected,
        "counted": line.counted,
        "again": again,
        "tote": place,
    }
    discrepancies.open_one(
        ctx,
        CHECK_MISMATCH,
        operation="picking.finish_check",
        order=line.order_id,
        task=line.pick_task,
        details=details,
    )


def _picks(ctx: OpContext, line: Any) -> list[Any]:
    p = pick_line.c
    same = (p.task == line.pick_task, p.slot == line.slot, p.sku == line.sku)
    found = sa.select(pick_line).where(*same, p.order_id == line.order_id, p.picked > 0)
    return list(ctx.conn.execute(found.order_by(p.no)))


def _reduce(ctx: OpContext, pick: Any, by: int) -> None:
    p = pick_line.c
    fewer = sa.update(pick_line).where(p.task == pick.task, p.no == pick.no)
    ctx.conn.execute(fewer.values(picked=pick.picked - by, state="short", reason="missing"))


def _pick_again(ctx: OpContext, pick: Any, qty: int) -> int:
    """A task for what lacks, as far as the shelves have it; pieces asked for again."""
    free = free_stock(ctx.conn, ctx.site, [pick.sku], now=ctx.now).get(pick.sku, [])
    chosen = choose(pick.sku, qty, free)
    if not chosen:
        return 0
    found = sa.select(orders.c.number, orders.c.due_at).where(orders.c.id == pick.order_id)
    order = ctx.conn.execute(found).one()
    plan = tasks.Plan(
        kind="pick",
        title=order.number,
        ref=pick.order_id,
        lines=len(chosen),
        priority=80,
        due_at=order.due_at,
        expected_s=60 * len(chosen),
    )
    task = tasks.create(ctx, plan)
    for no, a in enumerate(chosen, 1):
        _ask(ctx, task, no, pick, a)
    return sum(a.qty for a in chosen)


def _ask(ctx: OpContext, task: str, no: int, pick: Any, a: Allocation) -> None:
    ledger.allocate(ctx, a.sku, a.qty, a.bin, a.lot)
    ctx.conn.execute(
        sa.insert(pick_line).values(
            task=task,
            no=no,
            site=ctx.site,
            order_id=pick.order_id,
            order_line=pick.order_line,
            sku=a.sku,
            lot=a.lot,
            bin=a.bin,
            qty=a.qty,
            state="open",
        )
    )
    ctx.touch("pick_line", f"{task}/{no}")


def _line(ctx: OpContext, task: str, no: int) -> Any:
    c = check_line.c
    found = sa.select(check_line).where(c.task == task, c.no == no)
    return ctx.conn.execute(found.with_for_update()).first()


def _has_picked(ctx: OpContext, check_task: str) -> bool:
    p, c = pick_line.c, check_line.c
    of = sa.select(c.pick_task).where(c.task == check_task)
    found = sa.select(p.no).where(p.task.in_(of), p.by_person == ctx.person, p.picked > 0)
    return ctx.conn.execute(found.limit(1)).first() is not None


def _may_take(ctx: OpContext, task: tasks.Task) -> str | None:
    return OWN_PICK if _has_picked(ctx, task.id) else None


tasks.BARRED["check"] = _may_take


def _check_of(ctx: OpContext, order_id: str) -> list[tasks.Task]:
    found = sa.select(check_line.c.task).where(check_line.c.order_id == order_id).distinct()
    names = ctx.conn.execute(found.order_by(check_line.c.task)).scalars().all()
    known = (tasks.get(ctx, name) for name in names)
    return [task for task in known if task is not None and not task.is_over]


@reacts(OrderCancelled)
def stop_checking(event: OrderCancelled, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.end(ctx, task, "cancelled")


@reacts(OrderHeld)
def hold_the_check(event: OrderHeld, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.stop(ctx, task, event.reason)


@reacts(OrderResumed)
def go_on_checking(event: OrderResumed, ctx: OpContext) -> None:
    for task in _check_of(ctx, event.order):
        tasks.stop(ctx, task, "")
