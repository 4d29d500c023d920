"""Cycle counts: location scanned, items counted, no book quantity ever shown.

    line: open -> counted | recount      task: held -> done when every line is counted

A difference within the site's tolerance is booked at once; beyond it somebody else counts again.
"""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import find_sku, get_setting
from server.counting import books
from server.counting.events import BinCounted
from server.counting.rules import DAY_MS, Every, Shelf, Tolerance, classes, due, judge
from server.counting.tables import count_line
from server.counting.tasks import add_line, create, open_count
from server.floor import discrepancies, tasks
from server.floor.tables import task as task_table
from server.inventory import ledger
from server.inventory.tables import bin_, movement, stock
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Epoch, Id, LineNo, Qty, Role, Scan

COUNT_DIFFERENCE = code("count_difference")
ALREADY_COUNTED = code("already_counted")
OTHER_COUNTER = code("other_counter")
NOTHING_DUE = code("nothing_due")
LINES_OPEN = code("lines_open")
TASK_UNKNOWN = code("task_unknown")
UNKNOWN_ITEM = code("unknown_item")
COUNTERS = frozenset({Role.PICKER, Role.SUPERVISOR})
PACE_DAYS = 28


class RecordCount(Op):
    """`qty` pieces of this item (and lot) lie in the bin; all of them, not one more. A `line` that
    the task does not have is an item that was found besides. `sku` empty: the server knows it by
    the `code` scanned."""

    task: Id
    line: LineNo
    bin: Id
    qty: Qty
    sku: Annotated[str, Meta(max_length=64)] = ""
    lot: Annotated[str, Meta(max_length=64)] = ""
    code: Scan = ""
    epoch: Epoch = 0


@operation("counting.record_count.v1", kind=FACT, roles=COUNTERS)
def record_count(op: RecordCount, ctx: OpContext) -> None:
    sku = find_sku(ctx.conn, op.sku or op.code)
    if sku is None:
        return ctx.divert(UNKNOWN_ITEM, bin=op.bin, value=op.sku or op.code[:64], qty=op.qty)
    task = tasks.get(ctx, op.task)
    if task is None or task.kind != "count":
        return ctx.divert(TASK_UNKNOWN, task=op.task, bin=op.bin, sku=sku, qty=op.qty)
    line = _line(ctx, op, sku)
    if line is None and not task.is_over:
        line = _found_besides(ctx, op, sku)
    if line is None or line.state != "open":
        return ctx.divert(ALREADY_COUNTED, task=op.task, bin=op.bin, sku=sku, qty=op.qty)
    if line.first_person is not None and line.first_person == ctx.person:
        return ctx.divert(OTHER_COUNTER, task=op.task, bin=op.bin, sku=sku)
    _settle(ctx, op, line)
    return None


def _line(ctx: OpContext, op: RecordCount, sku: str) -> Any:
    c = count_line.c
    same = (c.task == op.task, c.bin == op.bin, c.sku == sku, c.lot == op.lot)
    found = sa.select(count_line).where(*same).order_by(c.no).limit(1)
    return ctx.conn.execute(found.with_for_update()).first()


def _found_besides(ctx: OpContext, op: RecordCount, sku: str) -> Any:
    last = sa.select(sa.func.max(count_line.c.no)).where(count_line.c.task == op.task)
    no = int(ctx.conn.execute(last).scalar() or 0) + 1
    add_line(ctx, op.task, no, op.bin, sku, op.lot, "found")
    ctx.conn.execute(sa.update(task_table).where(task_table.c.id == op.task).values(lines=no))
    return _line(ctx, op, sku)


def _settle(ctx: OpContext, op: RecordCount, line: Any) -> None:
    book = books.quantity(ctx, op.bin, line.sku, line.lot, ctx.at)
    allowed = msgspec.convert(
        get_setting(ctx.conn, ctx.site, "count_tolerance", {}), Tolerance, strict=False
    )
    verdict = judge(book, op.qty, line.first_count, allowed)
    _close(ctx, line, "recount" if verdict == "again" else "counted", op.qty, book)
    ctx.emit(
        BinCounted(task=op.task, bin=op.bin, sku=line.sku, lot=line.lot, counted=op.qty, book=book)
    )
    if verdict == "again":
        return _second_count(ctx, op, line)
    if op.qty != book:
        _correct(ctx, op, line, book, is_sure=verdict != "decided")
    return None


def _close(ctx: OpContext, line: Any, state: str, counted: int, book: int) -> None:
    c = count_line.c
    values = {"counted": counted, "book": book, "by_person": ctx.person, "at": ctx.at}
    ctx.conn.execute(
        sa.update(count_line)
        .where(c.task == line.task, c.no == line.no)
        .values(state=state, **values)
    )
    ctx.touch("count_line", f"{line.task}/{line.no}")
    ctx.touch("task", line.task)


def _second_count(ctx: OpContext, op: RecordCount, line: Any) -> None:
    found = sa.select(bin_.c.zone).where(bin_.c.site == ctx.site, bin_.c.code == op.bin)
    task = create(ctx, op.bin, str(ctx.conn.execute(found).scalar() or ""), 1, "second")
    first = (op.qty, ctx.person)
    add_line(ctx, task, 1, op.bin, line.sku, line.lot, "second", first)


def _correct(ctx: OpContext, op: RecordCount, line: Any, book: int, *, is_sure: bool) -> None:
    """The books follow the count, from or to DISCREPANCY; the difference is on the desk's list,
    settled at once where nobody has to look at it."""
    more = op.qty - book
    ends = (ledger.DISCREPANCY, op.bin) if more > 0 else (op.bin, ledger.DISCREPANCY)
    ledger.move(ctx, line.sku, abs(more), *ends, "count", lot=line.lot, ref=op.task)
    details = {
        "bin": op.bin,
        "sku": line.sku,
        "lot": line.lot,
        "book": book,
        "counted": op.qty,
        "first": line.first_count,
    }
    told = discrepancies.open_one(
        ctx, COUNT_DIFFERENCE, operation="counting.record_count", task=op.task, details=details
    )
    if is_sure:
        discrepancies.settle(ctx, told)


class FinishCount(Op):
    """Everything in the bin is counted; what the books have besides is none there."""

    task: Id
    epoch: Epoch = 0


@operation("counting.finish_count.v1", kind=FACT, roles=COUNTERS)
def finish_count(op: FinishCount, ctx: OpContext) -> None:
    task = tasks.get(ctx, op.task)
    if task is None or task.kind != "count":
        return ctx.divert(TASK_UNKNOWN, task=op.task)
    if task.is_over:
        return None
    count = sa.select(sa.func.count()).where(
        count_line.c.task == op.task, count_line.c.state == "open"
    )
    if still_open := int(ctx.conn.execute(count).scalar_one()):
        return ctx.divert(LINES_OPEN, task=op.task, open=still_open)
    tasks.end(ctx, task, "done")
    return None


def _may_take(ctx: OpContext, task: tasks.Task) -> str | None:
    """A second count is somebody else's."""
    found = sa.select(count_line.c.task).where(
        count_line.c.task == task.id, count_line.c.first_person == ctx.person
    )
    return OTHER_COUNTER if ctx.conn.execute(found).first() else None


tasks.BARRED["count"] = _may_take


class PlanCounts(Op):
    """Queue the counts that are overdue (setting `count_every`, days by class), or exactly these
    `bins`."""

    bins: Annotated[list[Id], Meta(max_length=100)] = []
    most: Annotated[int, Meta(ge=1, le=100)] = 20


@operation("counting.plan_counts.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_counts(op: PlanCounts, ctx: OpContext) -> None:
    wanted = op.bins or _overdue(ctx, op.most)
    made = [open_count(ctx, bin_code, why="plan") for bin_code in wanted]
    if not any(made):
        raise Refusal(NOTHING_DUE)


def _overdue(ctx: OpContext, most: int) -> list[str]:
    every = msgspec.convert(get_setting(ctx.conn, ctx.site, "count_every", {}), Every)
    pace = sa.select(movement.c.sku, sa.func.sum(movement.c.qty)).where(
        movement.c.site == ctx.site,
        movement.c.why == "pick",
        movement.c.at > ctx.now - PACE_DAYS * DAY_MS,
    )
    picked = {sku: int(n) for sku, n in ctx.conn.execute(pace.group_by(movement.c.sku))}
    return due(_shelves(ctx), classes(picked), every, ctx.now, most)


def _shelves(ctx: OpContext) -> list[Shelf]:
    """Bins with goods, and when the good that was counted longest ago was counted."""
    c = count_line.c
    counted = sa.select(c.bin, c.sku, sa.func.max(c.at)).where(c.site == ctx.site)
    last = {
        (r[0], r[1]): int(r[2] or 0)
        for r in ctx.conn.execute(counted.where(c.at.is_not(None)).group_by(c.bin, c.sku))
    }
    goods = (
        sa.select(stock.c.bin, stock.c.sku)
        .join(bin_, sa.and_(bin_.c.site == stock.c.site, bin_.c.code == stock.c.bin))
        .where(stock.c.site == ctx.site, stock.c.qty > 0, bin_.c.kind.in_(("pick", "bulk")))
    )
    held: dict[str, set[str]] = {}
    for bin_code, sku in ctx.conn.execute(goods):
        held.setdefault(bin_code, set()).add(sku)
    return [
        Shelf(b, frozenset(skus), min(last.get((b, s), 0) for s in skus))
        for b, skus in sorted(held.items())
    ]
