"""The rest of a task's walk planned again by the server, from where its cart stands.

It happens where the walk that was planned is no longer the shortest: lines went to somebody else or
came back, the rest of a line is fetched from another bin, a task changes hands or is taken up
again half done, or the picker asks. A walk that is as short as any stays as it is, so that nobody
is sent elsewhere for nothing. Same lines, same walk. When a task is over, what was walked is
written down in place of what was planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.tables import item, setting
from server.floor.leases import TaskParked
from server.floor.ops import TAKEN, expect, live, name_of
from server.floor.tables import task as task_table
from server.floor.tasks import TaskMoved
from server.inventory.tables import bin_
from server.kernel.errors import Refusal
from server.kernel.events import reacts
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Epoch, Id, Role
from server.picking.events import LineReturned, TaskSplit
from server.picking.geometry import Layout, Spot
from server.picking.lines import PICKERS
from server.picking.modes import WaveLine, bins_together
from server.picking.release import DM_PER_S, SECONDS_PER_LINE
from server.picking.routes import Policy, Stop, keeps_ranks, route_from, walk_dm
from server.picking.tables import pick_line
from server.picking.walking import walk_by

FRESH_MS = 60_000
"""What was said longer ago than this, off-line, was walked by the handheld's own route since."""


class Reroute(Op):
    """The shortest walk past what is open, please. `bin`: where the picker stands; without it
    where the last line was closed. `expects`: the epoch the asker saw."""

    task: Id
    expects: Epoch
    bin: Id | None = None


@operation("picking.reroute.v1", kind=REQUEST, roles=PICKERS)
def reroute(op: Reroute, ctx: OpContext) -> None:
    task = live(ctx, op.task)
    expect(ctx, task, op.expects)
    if task.kind != "pick" or (op.bin is not None and not _place(ctx, op.bin)):
        raise Refusal("not_found", field="bin" if task.kind == "pick" else "task")
    if task.assignee != ctx.person and ctx.role is not Role.SUPERVISOR:
        raise Refusal(TAKEN, task=task.id, by=name_of(ctx, task.assignee))
    walk_again(ctx, op.task, op.bin)


@reacts(TaskSplit)
def both_halves(event: TaskSplit, ctx: OpContext) -> None:
    walk_again(ctx, event.task)
    walk_again(ctx, event.to_task)


@reacts(LineReturned)
def without_the_line(event: LineReturned, ctx: OpContext) -> None:
    walk_again(ctx, event.from_task)


@reacts(TaskMoved)
def in_other_hands(event: TaskMoved, ctx: OpContext) -> None:
    if event.task_kind == "pick" and event.after is not None:
        walk_again(ctx, event.task, half_done=True)


@reacts(TaskMoved)
def as_it_was_walked(event: TaskMoved, ctx: OpContext) -> None:
    """From shelf to shelf in the order in which the lines were closed, whatever had been planned;
    a task that was cancelled half done counts as far as it came."""
    if event.task_kind != "pick" or event.after is not None:
        return
    walked = _walked(ctx, event.task, over=True)
    if walked is None:
        return
    dm = s_shape = 0
    if way := [line.spot for line in walked.done]:
        dm = _shortest(walked.layout, walked.starts, way, walked.ends)
        s_shape = _s_shape(walked, walked.done)
    _write_down(ctx, event.task, dm, s_shape)


@reacts(TaskParked)
def taken_up_again(event: TaskParked, ctx: OpContext) -> None:
    if not event.reason:
        walk_again(ctx, event.task, half_done=True)


def past_the_other_bin(ctx: OpContext, task: str) -> None:
    """The rest of a line is fetched elsewhere: the handheld has put it where it costs little."""
    if ctx.now - ctx.at <= FRESH_MS:
        walk_again(ctx, task)


@dataclass(frozen=True, slots=True)
class _Walked:
    """A task's lines: those on the way before its cart, and those that wait for no goods."""

    layout: Layout
    policy: Policy
    zone: str
    done: list[WaveLine]
    ahead: list[WaveLine]
    later: list[int]

    @property
    def front(self) -> Spot | None:
        """A zone's picker starts at the front of the zone and leaves the cart there."""
        aisles = [line.spot.aisle for line in (*self.done, *self.ahead)]
        return Spot(min(aisles), self.layout.start.y) if self.zone else None

    @property
    def starts(self) -> Sequence[Spot]:
        return (self.front,) if self.front else self.layout.starts

    @property
    def ends(self) -> Sequence[Spot]:
        return (self.front,) if self.front else self.layout.ends


def walk_again(
    ctx: OpContext, task: str, bin_code: str | None = None, *, half_done: bool = False
) -> None:
    """`bin_code`: where the cart stands. `half_done`: only a task whose walk has begun."""
    walked = _walked(ctx, task)
    if walked is None or not walked.ahead or (half_done and not walked.done):
        return
    here = _place(ctx, bin_code) if bin_code else None
    at = walked.layout.at(*here) if here else walked.done[-1].spot if walked.done else None
    starts = walked.starts if at is None else (at,)
    ahead = rest_of_walk(walked, starts)
    if ahead != walked.ahead:
        walk_by(ctx, task, [*(line.no for line in ahead), *walked.later])
    everything = [*walked.done, *ahead]
    dm = _dm(walked, starts, ahead)
    seconds = dm // DM_PER_S + SECONDS_PER_LINE * (len(everything) + len(walked.later))
    _write_down(ctx, task, dm, _s_shape(walked, everything), expected_s=seconds)


def rest_of_walk(walked: _Walked, starts: Sequence[Spot]) -> list[WaveLine]:
    """The lines ahead by the task's policy; as they are where no shorter walk keeps its rules."""
    ahead = walked.ahead
    stops = _stops(ahead)
    found = route_from(walked.layout, starts, walked.ends, stops, walked.policy)
    if walked.policy == "optimal" and keeps_ranks(stops):
        now = _shortest(walked.layout, starts, [s.spot for s in stops], walked.ends)
        if now <= found.length:
            return ahead
    return [ahead[at] for at in bins_together(found.order, ahead)]


def _shortest(
    layout: Layout, starts: Sequence[Spot], spots: Sequence[Spot], ends: Sequence[Spot]
) -> int:
    return min(walk_dm(layout, [a, *spots, b]) for a in starts for b in ends)


def _stops(lines: Sequence[WaveLine]) -> list[Stop]:
    return [Stop(line.spot, line.rank, line.order) for line in lines]


_TASK = sa.select(task_table.c.zone, task_table.c.body, task_table.c.state, task_table.c.kind)
_LINES = (
    sa.select(
        pick_line.c.no,
        pick_line.c.slot,
        pick_line.c.bin,
        pick_line.c.state,
        pick_line.c.waits,
        pick_line.c.stopped,
        bin_.c.aisle,
        bin_.c.block,
        bin_.c.offset_dm,
        item.c.weight_class,
    )
    .outerjoin(bin_, sa.and_(bin_.c.site == pick_line.c.site, bin_.c.code == pick_line.c.bin))
    .outerjoin(item, item.c.sku == pick_line.c.sku)
    .where(pick_line.c.task == sa.bindparam("of"), pick_line.c.state != "cancelled")
    .order_by(
        pick_line.c.at,  # NULL while open; those are sorted again by the walk
        sa.case((pick_line.c.seq > 0, pick_line.c.seq), else_=pick_line.c.no),
        pick_line.c.no,
    )
)


def _walked(ctx: OpContext, task: str, *, over: bool = False) -> _Walked | None:
    row = ctx.conn.execute(_TASK.where(task_table.c.id == task)).first()
    layout = _layout(ctx)
    if row is None or layout is None or row.kind != "pick":
        return None
    if (row.state in ("done", "cancelled")) is not over:
        return None
    done: list[WaveLine] = []
    ahead: list[WaveLine] = []
    later: list[int] = []
    for r in ctx.conn.execute(_LINES, {"of": task}):
        spot = _spot(layout, r)
        is_open = r.state == "open"
        if spot is None or (is_open and (r.waits or r.stopped)):
            later += [r.no] if is_open else []
            continue
        rank = 0 if r.weight_class == "heavy" else 1
        line = WaveLine(no=r.no, order=str(r.slot), bin=r.bin, spot=spot, rank=rank)
        (ahead if is_open else done).append(line)
    policy = msgspec.json.decode(row.body).get("policy") or "optimal"
    return _Walked(layout, msgspec.convert(policy, Policy), row.zone, done, ahead, later)


def _spot(layout: Layout, shelf: Any) -> Spot | None:
    """None for a bin that the floor plan does not hold (any more)."""
    if shelf.aisle is None or not shelf.block < len(layout.block_lengths):
        return None
    spot = layout.at(shelf.aisle, shelf.block, shelf.offset_dm)
    return spot if layout.contains(spot) else None


def _place(ctx: OpContext, code: str) -> tuple[int, int, int] | None:
    found = sa.select(bin_.c.aisle, bin_.c.block, bin_.c.offset_dm).where(
        bin_.c.site == ctx.site, bin_.c.code == code
    )
    row = ctx.conn.execute(found).first()
    layout = _layout(ctx)
    return tuple(row) if row and layout and _spot(layout, row) else None


def _layout(ctx: OpContext) -> Layout | None:
    found = sa.select(setting.c.value).where(setting.c.site == ctx.site, setting.c.key == "layout")
    text = ctx.conn.execute(found).scalar()
    return _read_layout(text) if text else None


@lru_cache(maxsize=8)
def _read_layout(text: str) -> Layout:
    return msgspec.structs.replace(msgspec.json.decode(text, type=Layout), bins=())


def _dm(walked: _Walked, starts: Sequence[Spot], ahead: Sequence[WaveLine]) -> int:
    """Of the whole task: as far as it was walked, and on."""
    layout = walked.layout
    dm = _shortest(layout, starts, [line.spot for line in ahead], walked.ends)
    if walked.done:
        way = [line.spot for line in walked.done]
        dm += min(walk_dm(layout, [start, *way, starts[0]]) for start in walked.starts)
    return dm


def _s_shape(walked: _Walked, lines: Sequence[WaveLine]) -> int:
    plain = [Stop(line.spot) for line in lines]
    return route_from(walked.layout, walked.starts, walked.ends, plain, "s_shape").length


def _write_down(ctx: OpContext, task: str, dm: int, s_shape: int, **values: int) -> None:
    found = _TASK.where(task_table.c.id == task)
    was = msgspec.json.decode(ctx.conn.execute(found).one().body)
    now = {**was, "metres": dm / 10, "s_shape_metres": s_shape / 10}
    if now == was:
        return
    change = sa.update(task_table).where(task_table.c.id == task)
    ctx.conn.execute(change.values(body=msgspec.json.encode(now).decode(), **values))
    ctx.touch("task", task)
