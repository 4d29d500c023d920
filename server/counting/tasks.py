"""Opening a cycle count. It is blind: no row of it ever says what the books have."""

import sqlalchemy as sa

from server.counting.tables import count_line
from server.floor import tasks
from server.floor.tables import task as task_table
from server.inventory.tables import bin_, stock
from server.kernel.ops import OpContext

_PRIORITY = {"plan": 10, "second": 35}
_SECONDS_PER_LINE = 60


def open_count(ctx: OpContext, bin_code: str, sku: str | None = None, why: str = "") -> str | None:
    """Queue a count of one bin, or of one item in it; returns the task.

    `why`: plan, short_pick, short_move, shortfall, zero_check, second. A bin that is to be
    counted anyway is not queued again; a place that is no bin (a tote, PUTBACK) is not counted.
    """
    place = sa.select(bin_.c.zone).where(bin_.c.site == ctx.site, bin_.c.code == bin_code)
    zone = ctx.conn.execute(place).scalar()
    if zone is None:
        return None
    if there := _waiting(ctx, bin_code, sku):
        return there
    goods = [(sku, lot) for sku, lot in _goods(ctx, bin_code, sku)]
    task = create(ctx, bin_code, zone, len(goods), why)
    for no, (item, lot) in enumerate(goods, 1):
        add_line(ctx, task, no, bin_code, item, lot, why)
    return task


def create(ctx: OpContext, bin_code: str, zone: str, lines: int, why: str) -> str:
    number = ctx.next_number("task-count")
    plan = tasks.Plan(
        kind="count",
        title=f"CC-{number:05d}",
        ref=bin_code,
        lines=lines,
        zone=zone,
        priority=_PRIORITY.get(why, 30),
        expected_s=_SECONDS_PER_LINE * max(1, lines),
    )
    return tasks.create(ctx, plan)


def add_line(
    ctx: OpContext,
    task: str,
    no: int,
    bin_code: str,
    sku: str,
    lot: str,
    why: str,
    first: tuple[int, str | None] | None = None,
) -> None:
    ctx.conn.execute(
        sa.insert(count_line).values(
            task=task,
            no=no,
            site=ctx.site,
            bin=bin_code,
            sku=sku,
            lot=lot,
            state="open",
            first_count=first[0] if first else None,
            first_person=first[1] if first else None,
            why=why or "plan",
        )
    )
    ctx.touch("count_line", f"{task}/{no}")


def _waiting(ctx: OpContext, bin_code: str, sku: str | None) -> str | None:
    found = sa.select(count_line.c.task).where(
        count_line.c.site == ctx.site,
        count_line.c.bin == bin_code,
        count_line.c.state == "open",
    )
    if sku is not None:
        found = found.where(count_line.c.sku == sku)
    open_tasks = found.join(task_table, task_table.c.id == count_line.c.task).where(
        task_table.c.state.in_(("open", "held"))
    )
    task = ctx.conn.execute(open_tasks.order_by(count_line.c.task).limit(1)).scalar()
    return str(task) if task else _waiting_empty(ctx, bin_code)


def _waiting_empty(ctx: OpContext, bin_code: str) -> str | None:
    """A count of a bin in which the books have nothing: a task without lines."""
    found = sa.select(task_table.c.id).where(
        task_table.c.site == ctx.site,
        task_table.c.kind == "count",
        task_table.c.ref == bin_code,
        task_table.c.lines == 0,
        task_table.c.state.in_(("open", "held")),
    )
    task = ctx.conn.execute(found.order_by(task_table.c.id).limit(1)).scalar()
    return str(task) if task else None


def _goods(ctx: OpContext, bin_code: str, sku: str | None) -> list[tuple[str, str]]:
    """What lies there by the books; an item asked for is always among it."""
    found = sa.select(stock.c.sku, stock.c.lot).where(
        stock.c.site == ctx.site, stock.c.bin == bin_code, stock.c.qty > 0
    )
    if sku is not None:
        found = found.where(stock.c.sku == sku)
    goods = [(r.sku, r.lot) for r in ctx.conn.execute(found.order_by(stock.c.sku, stock.c.lot))]
    return goods or ([(sku, "")] if sku is not None else [])
