"""Waves: which confirmed orders go to the floor now, from which bins, in what walking order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import Item, get_setting, items
from server.floor import discrepancies, tasks
from server.floor.tables import discrepancy
from server.inventory import ledger
from server.inventory.reserve import Allocation, Free, choose, free_stock
from server.inventory.tables import bin_
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders import store as order_store
from server.orders.store import Line, Order
from server.orders.tables import orders
from server.picking.events import WavePlanned
from server.picking.geometry import Layout, Spot
from server.picking.routes import Policy, Route, Stop, route
from server.picking.tables import pick_line, wave

NO_ORDERS = code("no_orders_to_release")
NOT_ENOUGH = code("not_enough_stock")
NO_LAYOUT = code("no_layout")
LINES_PER_TASK = 60
"""A cart is full and a route long enough by then; larger orders are shared by several pickers."""
WALK_DM_PER_S = 10
SECONDS_PER_LINE = 15


@dataclass(frozen=True, slots=True)
class Pick:
    """One stop of a task: what to take from where for which order line."""

    line: Line
    allocation: Allocation


class PlanWave(Op):
    """The most urgent confirmed orders (or exactly `orders`), at most `max_orders`."""

    orders: Annotated[list[Id], Meta(max_length=200)] = []
    max_orders: Annotated[int, Meta(ge=1, le=200)] = 50
    policy: Literal["optimal", "s_shape", "return", "largest_gap", "combined"] = "optimal"


@operation("picking.plan_wave.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_wave(op: PlanWave, ctx: OpContext) -> None:
    layout = _layout(ctx)
    wanted = _orders(ctx, op)
    if not wanted:
        raise Refusal(NO_ORDERS)
    wave_id, number = ctx.new_id(), ctx.next_number("wave")
    planned = [p for o in wanted if (p := _plan_order(ctx, layout, o, op.policy)) is not None]
    if not planned:
        return
    ctx.conn.execute(
        sa.insert(wave).values(
            id=wave_id,
            site=ctx.site,
            number=number,
            state="released",
            policy=op.policy,
            mode="single",
            orders=len(planned),
            lines=sum(p.lines for p in planned),
            metres=sum(p.dm for p in planned) / 10,
            s_shape_metres=sum(p.s_shape_dm for p in planned) / 10,
            body="{}",
            at=ctx.at,
            changed_at=ctx.at,
        )
    )
    for p in planned:
        ctx.emit(WavePlanned(order=p.order, wave=wave_id, number=number, orders=len(planned)))


@dataclass(frozen=True, slots=True)
class Planned:
    order: str
    lines: int
    dm: int
    s_shape_dm: int


def _layout(ctx: OpContext) -> Layout:
    value = get_setting(ctx.conn, ctx.site, "layout", None)
    if value is None:
        raise Refusal(NO_LAYOUT, mend="dockhand import layout")
    return msgspec.convert(value, Layout)


def _orders(ctx: OpContext, op: PlanWave) -> list[Order]:
    found = sa.select(*(orders.c[f] for f in Order.__slots__)).where(
        orders.c.site == ctx.site, orders.c.state == "confirmed"
    )
    if op.orders:
        found = found.where(orders.c.id.in_(op.orders))
    urgent_first = sa.case({"urgent": 0, "standard": 1, "sample": 2}, value=orders.c.type, else_=3)
    found = found.order_by(urgent_first, orders.c.due_at, orders.c.id).limit(op.max_orders)
    return [Order(*r) for r in ctx.conn.execute(found)]


def _plan_order(ctx: OpContext, layout: Layout, order: Order, policy: Policy) -> Planned | None:
    """Reserve all of the order or nothing of it; an order that must wait is told to the desk."""
    lines = order_store.lines(ctx.conn, [order.id])
    free = free_stock(ctx.conn, ctx.site, (line.sku for line in lines), now=ctx.now)
    picks, missing = allocate(lines, free)
    if missing is not None:
        _wait(ctx, order, missing)
        return None
    for pick in picks:
        a = pick.allocation
        ledger.allocate(ctx, a.sku, a.qty, a.bin, a.lot)
    master = items(ctx.conn, (p.allocation.sku for p in picks))
    spots = _spots(ctx, layout, {p.allocation.bin for p in picks})
    routes = [
        _make_task(ctx, layout, order, share, spots, master, policy) for share in _shares(picks)
    ]
    order_store.move(ctx, order, "released")
    return Planned(
        order.id, len(picks), sum(r.length for r in routes), sum(r.s_shape for r in routes)
    )


def allocate(lines: list[Line], free: dict[str, list[Free]]) -> tuple[list[Pick], Line | None]:
    """Bins for every line, or the first line that cannot be filled. Pure; `free` is used up."""
    picks: list[Pick] = []
    left = {sku: list(bins) for sku, bins in free.items()}
    for line in lines:
        chosen = choose(line.sku, line.qty, left.get(line.sku, []))
        if sum(a.qty for a in chosen) < line.qty:
            return [], line
        picks += (Pick(line, a) for a in chosen)
        left[line.sku] = _less(left[line.sku], chosen)
    return picks, None


def _less(free: list[Free], chosen: list[Allocation]) -> list[Free]:
    used = {(a.bin, a.lot): a.qty for a in chosen}
    after = (Free(f.bin, f.sku, f.lot, f.qty - used.get((f.bin, f.lot), 0)) for f in free)
    return [f for f in after if f.qty > 0]


def _wait(ctx: OpContext, order: Order, missing: Line) -> None:
    told = sa.select(discrepancy.c.id).where(
        discrepancy.c.order_id == order.id,
        discrepancy.c.kind == NOT_ENOUGH,
        discrepancy.c.state == "open",
    )
    if ctx.conn.execute(told).first() is None:
        details = {"sku": missing.sku, "qty": missing.qty}
        discrepancies.open_one(
            ctx, NOT_ENOUGH, operation="picking.plan_wave", order=order.id, details=details
        )


def _spots(ctx: OpContext, layout: Layout, codes: Iterable[str]) -> dict[str, Spot]:
    found = sa.select(bin_.c.code, bin_.c.aisle, bin_.c.block, bin_.c.offset_dm).where(
        bin_.c.site == ctx.site, bin_.c.code.in_(sorted(codes))
    )
    return {r.code: layout.at(r.aisle, r.block, r.offset_dm) for r in ctx.conn.execute(found)}


def _shares(picks: list[Pick]) -> Iterator[list[Pick]]:
    """Neighbouring bins stay together: large orders are cut along the bin codes."""
    ordered = sorted(picks, key=lambda p: (p.allocation.bin, p.line.no))
    for i in range(0, len(ordered), LINES_PER_TASK):
        yield ordered[i : i + LINES_PER_TASK]


def _make_task(
    ctx: OpContext,
    layout: Layout,
    order: Order,
    picks: list[Pick],
    spots: dict[str, Spot],
    master: dict[str, Item],
    policy: Policy,
) -> Route:
    """Heavy goods go under light ones of the same tote, so they are picked first."""
    stops = [Stop(spots[p.allocation.bin], 0 if _is_heavy(master, p) else 1, "tote") for p in picks]
    walk = route(layout, layout.start, layout.end, stops, policy)
    task = tasks.create(
        ctx,
        tasks.Plan(
            kind="pick",
            title=order.number,
            ref=order.id,
            lines=len(picks),
            priority=80 if order.type == "urgent" else 40,
            due_at=order.due_at,
            expected_s=walk.length // WALK_DM_PER_S + SECONDS_PER_LINE * len(picks),
            metres=walk.length / 10,
            s_shape_metres=walk.s_shape / 10,
            policy=walk.policy,
        ),
    )
    in_order = (picks[i] for i in walk.order)
    rows = [_line(ctx.site, task, no, p) for no, p in enumerate(in_order, 1)]
    ctx.conn.execute(sa.insert(pick_line), rows)
    return walk


def _is_heavy(master: dict[str, Item], pick: Pick) -> bool:
    item = master.get(pick.allocation.sku)
    return item is not None and item.weight_class == "heavy"


def _line(site: str, task: str, no: int, pick: Pick) -> dict[str, Any]:
    return {
        "task": task,
        "no": no,
        "site": site,
        "order_id": pick.line.order_id,
        "order_line": pick.line.no,
        "sku": pick.allocation.sku,
        "lot": pick.allocation.lot,
        "bin": pick.allocation.bin,
        "qty": pick.allocation.qty,
        "state": "open",
    }
