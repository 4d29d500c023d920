"""In which order the open lines of a task are walked, and which of them wait for goods."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.floor.tables import task as task_table
from server.inventory.events import StockReceived
from server.kernel.events import reacts
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Epoch, Id, LineNo
from server.moving.events import StockMoved
from server.picking.lines import PICKERS, TASK_UNKNOWN
from server.picking.rows import line_key
from server.picking.tables import pick_line
from server.store.prepared import Prepared

_TURN = Prepared(
    sa.update(pick_line)
    .where(pick_line.c.task == sa.bindparam("of"), pick_line.c.no == sa.bindparam("line"))
    .values(seq=sa.bindparam("turn"))
)
Walk = Annotated[list[LineNo], Meta(max_length=200)]


class SkipLine(Op):
    """The line comes later: the open lines are walked in the order of `walk`."""

    task: Id
    line: LineNo
    walk: Walk
    epoch: Epoch = 0


@operation("picking.skip_line.v1", kind=FACT, roles=PICKERS)
def skip_line(op: SkipLine, ctx: OpContext) -> None:
    found = sa.select(task_table.c.kind).where(task_table.c.id == op.task)
    if ctx.conn.execute(found).scalar() != "pick":
        return ctx.divert(TASK_UNKNOWN, task=op.task, line=op.line)
    walk_by(ctx, op.task, op.walk)
    return None


def walk_by(ctx: OpContext, task: str, walk: list[int]) -> None:
    """Lines that are closed or elsewhere by now have no place in it any more."""
    p = pick_line.c
    found = sa.select(p.no, p.seq).where(p.task == task, p.state == "open")
    now = {r.no: r.seq for r in ctx.conn.execute(found)}
    turns = {no: seq for seq, no in enumerate(dict.fromkeys(walk), 1) if no in now}
    changed = [(no, seq) for no, seq in turns.items() if now[no] != seq]
    if changed:
        _TURN.run_many(ctx.conn, [{"of": task, "line": no, "turn": seq} for no, seq in changed])
    for no, _ in changed:
        ctx.touch("pick_line", line_key(task, no))


@reacts(StockMoved)
def goods_have_come(event: StockMoved, ctx: OpContext) -> None:
    _wait_no_more(ctx, event.to_bin, event.sku)


@reacts(StockReceived)
def goods_were_delivered(event: StockReceived, ctx: OpContext) -> None:
    _wait_no_more(ctx, event.bin, event.sku)


def _wait_no_more(ctx: OpContext, bin_code: str, sku: str) -> None:
    p = pick_line.c
    waiting = (p.site == ctx.site, p.waits, p.state == "open", p.bin == bin_code, p.sku == sku)
    for task, no in ctx.conn.execute(sa.select(p.task, p.no).where(*waiting)).all():
        line = (p.task == task, p.no == no)
        ctx.conn.execute(sa.update(pick_line).where(*line).values(waits=sa.false()))
        ctx.touch("pick_line", line_key(task, no))
