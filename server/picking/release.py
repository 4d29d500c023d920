"""A planned wave becomes tasks, or is given up.

The plan was made beside the store, so what changed meanwhile decides: lines of an order that was
cancelled are gone, an order whose stock is no longer where it was promised waits for the next wave.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from server.floor import tasks
from server.inventory.tables import lot, stock
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders import store as order_store
from server.orders.tables import orders
from server.picking.events import WavePlanned
from server.picking.modes import Option, PlannedTask, WavePlan
from server.picking.tables import pick_line, pick_tote, wave, wave_line
from server.picking.waves import let_go, wait

NOT_PLANNED = code("wave_not_planned")
NO_SUCH_MODE = code("mode_not_planned")
DM_PER_S = 10
"""How far a picker walks."""
SECONDS_PER_LINE = 15


class ReleasePlan(Op):
    """What the planner made of a wave; see `server.picking.modes`."""

    wave: Id
    plan: WavePlan


@operation("picking.release_plan.v1", kind=REQUEST, roles={Role.SYSTEM})
def release_plan(op: ReleasePlan, ctx: OpContext) -> None:
    found = _wave(ctx, op.wave, "planning")
    asked = msgspec.json.decode(found.body)
    body = msgspec.json.encode({**asked, "plan": msgspec.to_builtins(op.plan)}).decode()
    best = _option(op.plan, op.plan.proposed)
    _set(
        ctx,
        op.wave,
        state="proposed",
        mode=best.mode,
        metres=best.dm / 10,
        s_shape_metres=best.s_shape_dm / 10,
        arrival_metres=op.plan.arrival_dm / 10,
        body=body,
    )
    if asked.get("release"):
        _release(ctx, op.wave, found, best)


class ReleaseWave(Op):
    """`mode` empty: the proposed one."""

    wave: Id
    mode: Literal["", "single", "cluster", "batch", "zone"] = ""


@operation("picking.release_wave.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def release_wave(op: ReleaseWave, ctx: OpContext) -> None:
    found = _wave(ctx, op.wave, "proposed")
    plan = msgspec.convert(msgspec.json.decode(found.body)["plan"], WavePlan)
    _release(ctx, op.wave, found, _option(plan, op.mode or plan.proposed))


class DropWave(Op):
    """The orders wait for another wave; their stock is free again."""

    wave: Id


@operation("picking.drop_wave.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def drop_wave(op: DropWave, ctx: OpContext) -> None:
    found = _wave(ctx, op.wave, "planning", "proposed")
    lines = ctx.conn.execute(sa.select(wave_line).where(wave_line.c.wave == found.id)).all()
    let_go(ctx, lines)
    _set(ctx, op.wave, state="dropped", body="{}")
    for order in sorted({line.order_id for line in lines}):
        ctx.touch("order", order)


def _wave(ctx: OpContext, wave_id: str, *states: str) -> Any:
    found = sa.select(wave).where(wave.c.id == wave_id, wave.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).first()
    if row is None:
        raise Refusal("not_found", field="wave", value=wave_id)
    if row.state not in states:
        raise Refusal(NOT_PLANNED, field="wave", value=wave_id, state=row.state)
    return row


def _option(plan: WavePlan, mode: str) -> Option:
    for option in plan.options:
        if option.mode == mode:
            return option
    raise Refusal(NO_SUCH_MODE, field="mode", value=mode)


def _set(ctx: OpContext, wave_id: str, **values: Any) -> None:
    change = sa.update(wave).where(wave.c.id == wave_id)
    ctx.conn.execute(change.values(**values, changed_at=ctx.at))
    ctx.touch("wave", wave_id)


def _release(ctx: OpContext, wave_id: str, asked: Any, option: Option) -> None:
    lines = _still_there(ctx, wave_id)
    known = _orders(ctx, {line.order_id for line in lines.values()})
    heads: dict[int, str] = {}
    for at, planned in enumerate(option.tasks):
        todo = [lines[no] for no in planned.lines if no in lines]
        before = heads.get(planned.after) if planned.after is not None else None
        if todo:
            title = f"W{asked.number}-{at + 1}"
            heads[at] = _make_task(ctx, wave_id, planned, todo, known, title, before)
        elif before:
            heads[at] = before
    ctx.conn.execute(sa.delete(wave_line).where(wave_line.c.wave == wave_id))
    for order_id in sorted(known):
        order_store.move_if_legal(ctx, order_id, "released")
        ctx.emit(WavePlanned(order=order_id, wave=wave_id, number=asked.number, orders=len(known)))
    _set(
        ctx,
        wave_id,
        state="released",
        mode=option.mode,
        metres=option.dm / 10,
        s_shape_metres=option.s_shape_dm / 10,
        orders=len(known),
        lines=len(lines),
        body="{}",
    )


def _still_there(ctx: OpContext, wave_id: str) -> dict[int, Any]:
    """The wave's lines by number, but for orders whose stock went elsewhere or is on hold, and for
    those that are on hold themselves: these wait for a wave of their own."""
    w = wave_line
    here = sa.and_(
        stock.c.site == w.c.site,
        stock.c.bin == w.c.bin,
        stock.c.sku == w.c.sku,
        stock.c.lot == w.c.lot,
    )
    found = (
        sa.select(w, stock.c.qty.label("have"), lot.c.held, orders.c.state)
        .join(orders, orders.c.id == w.c.order_id)
        .outerjoin(stock, here)
        .outerjoin(lot, sa.and_(lot.c.site == w.c.site, lot.c.sku == w.c.sku, lot.c.lot == w.c.lot))
        .where(w.c.wave == wave_id)
    )
    found_lines = ctx.conn.execute(found.order_by(w.c.no)).all()
    let_go(ctx, [r for r in found_lines if r.state == "hold"])
    rows = [r for r in found_lines if r.state != "hold"]
    short = {r.order_id: r for r in rows if (r.have or 0) < r.qty or r.held}
    for order, line in sorted(short.items()):
        let_go(ctx, [r for r in rows if r.order_id == order])
        wait(ctx, order, line.sku, line.qty)
    return {r.no: r for r in rows if r.order_id not in short}


def _orders(ctx: OpContext, ids: set[str]) -> dict[str, Any]:
    found = sa.select(orders.c.id, orders.c.number, orders.c.priority, orders.c.due_at)
    return {r.id: r for r in ctx.conn.execute(found.where(orders.c.id.in_(sorted(ids))))}


def _make_task(
    ctx: OpContext,
    wave_id: str,
    planned: PlannedTask,
    lines: Sequence[Any],
    known: dict[str, Any],
    title: str,
    after: str | None,
) -> str:
    mine = [known[order] for order in planned.orders if order in known]
    alone = planned.mode == "single"
    task = tasks.create(
        ctx,
        tasks.Plan(
            kind="pick",
            title=mine[0].number if alone else title,
            ref=mine[0].id if alone else wave_id,
            lines=len(lines),
            zone=planned.zone,
            priority=max(o.priority for o in mine),
            due_at=min(o.due_at for o in mine),
            expected_s=planned.dm // DM_PER_S + SECONDS_PER_LINE * len(lines),
            metres=planned.dm / 10,
            s_shape_metres=planned.s_shape_dm / 10,
            policy=planned.policy,
            mode=planned.mode,
            orders=len({line.order_id for line in lines}),
            after=after,
        ),
    )
    slots = {o: 0 if alone else at for at, o in enumerate(planned.orders, 1)}
    ctx.conn.execute(
        sa.insert(pick_line), [_line(task, n, ln, slots) for n, ln in enumerate(lines, 1)]
    )
    totes = [
        {"task": task, "slot": slots[o], "site": ctx.site, "order_id": o}
        for o in planned.orders
        if o in known
    ]
    ctx.conn.execute(sa.insert(pick_tote), totes)
    return task


def _line(task: str, no: int, line: Any, slots: dict[str, int]) -> dict[str, Any]:
    same = ("site", "wave", "order_id", "order_line", "sku", "lot", "bin", "qty")
    values = {name: getattr(line, name) for name in same}
    return {**values, "task": task, "no": no, "slot": slots[line.order_id], "state": "open"}
