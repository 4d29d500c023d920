"""Waves: which confirmed orders go to the floor next, and from which bins.

    wave: planning -> proposed -> released | dropped

Asking for a wave only reserves its stock. How it is picked is worked out beside the store
(`planner`), and what came of it is released here or by a supervisor (`release`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item
from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.inventory import ledger
from server.inventory.reserve import Allocation, Free, choose, earliest_expiry, free_stock
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Moment, Role
from server.orders import store as order_store
from server.orders.store import Line, Order
from server.orders.tables import order_line, orders
from server.picking.modes import CartRules
from server.picking.tables import wave, wave_line

shaped("cart", CartRules)

NO_ORDERS = code("no_orders_to_release")
NOT_ENOUGH = code("not_enough_stock")
NO_LAYOUT = code("no_layout")
ANY = "*"
_MOST_WAITING = 5000
"""So many of the most urgent orders are looked at for one wave."""


@dataclass(frozen=True, slots=True)
class Pick:
    """What to take from where for which order line."""

    line: Line
    allocation: Allocation


class PlanWave(Op):
    """The most urgent confirmed orders (or exactly `orders`), at most `max_orders`: of this rule.

    `due_before` (ms, 0: any), `country`, `transport` (`*`: any) choose; all orders of a wave
    travel by one transport and need one kind of care. `mode` empty: the cheapest. `release`:
    straight to the floor; otherwise the plan waits for a supervisor.
    """

    orders: Annotated[list[Id], Meta(max_length=200)] = []
    max_orders: Annotated[int, Meta(ge=1, le=200)] = 50
    policy: Literal["optimal", "s_shape", "return", "largest_gap", "combined"] = "optimal"
    mode: Literal["", "single", "cluster", "batch", "zone"] = ""
    due_before: Moment = 0
    country: Annotated[str, Meta(max_length=64)] = ""
    transport: Annotated[str, Meta(max_length=16)] = ANY
    release: bool = True


@operation("picking.plan_wave.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_wave(op: PlanWave, ctx: OpContext) -> None:
    if get_setting(ctx.conn, ctx.site, "layout", None) is None:
        raise Refusal(NO_LAYOUT, mend="dockhand import layout")
    wanted = _orders(ctx, op)
    if not wanted:
        raise Refusal(NO_ORDERS)
    wave_id, number = ctx.new_id(), ctx.next_number("wave")
    picks = [p for order in wanted for p in _reserve(ctx, order)]
    if not picks:
        return
    rows = [_line(ctx.site, wave_id, no, p) for no, p in enumerate(picks, 1)]
    ctx.conn.execute(sa.insert(wave_line), rows)
    ctx.conn.execute(
        sa.insert(wave).values(
            id=wave_id,
            site=ctx.site,
            number=number,
            state="planning",
            policy=op.policy,
            mode=op.mode,
            orders=len({p.line.order_id for p in picks}),
            lines=len(picks),
            metres=0,
            s_shape_metres=0,
            body=msgspec.json.encode({"release": op.release}).decode(),
            at=ctx.at,
            changed_at=ctx.at,
        )
    )
    ctx.touch("wave", wave_id)


def _orders(ctx: OpContext, op: PlanWave) -> list[Order]:
    promised = sa.exists().where(wave_line.c.order_id == orders.c.id)
    found = sa.select(*(orders.c[f] for f in Order.__slots__), orders.c.transport).where(
        orders.c.site == ctx.site, orders.c.state == "confirmed", ~promised
    )
    if op.orders:
        found = found.where(orders.c.id.in_(op.orders))
    if op.due_before:
        found = found.where(orders.c.due_at < op.due_before)
    if op.transport != ANY:
        found = found.where(orders.c.transport == op.transport)
    found = found.order_by(orders.c.priority.desc(), orders.c.due_at, orders.c.placed_at)
    rows = ctx.conn.execute(found.order_by(orders.c.id).limit(_MOST_WAITING)).all()
    fit = [r for r in rows if not op.country or _country(r.ship_to) == op.country]
    care = _care(ctx, [r.id for r in fit])
    same = [r for r in fit if (r.transport, care[r.id]) == (fit[0].transport, care[fit[0].id])]
    return [Order(*r[: len(Order.__slots__)]) for r in same[: op.max_orders]]


def _care(ctx: OpContext, ids: list[str]) -> dict[str, tuple[str, bool]]:
    """By order what its goods ask for: the temperature to keep, and whether any is dangerous."""
    found = sa.select(order_line.c.order_id, item.c.temperature, item.c.dangerous).join(
        item, item.c.sku == order_line.c.sku
    )
    wanted: dict[str, tuple[str, bool]] = dict.fromkeys(ids, ("", False))
    special = sa.or_(item.c.temperature != "", item.c.dangerous)
    for r in ctx.conn.execute(found.where(order_line.c.order_id.in_(ids), special)):
        temperature, dangerous = wanted[r.order_id]
        wanted[r.order_id] = (max(temperature, r.temperature), dangerous or bool(r.dangerous))
    return wanted


def _country(ship_to: str) -> str:
    return str(msgspec.json.decode(ship_to).get("country", ""))


def _reserve(ctx: OpContext, order: Order) -> list[Pick]:
    """Reserve all of the order or nothing of it; an order that must wait is told to the desk."""
    lines = order_store.lines(ctx.conn, [order.id])
    free = free_stock(ctx.conn, ctx.site, (line.sku for line in lines), now=ctx.now)
    least = earliest_expiry(ctx.conn, ctx.site, order.customer, ctx.now)
    picks, missing = allocate(lines, free, not_before=least)
    if missing is not None:
        wait(ctx, order.id, missing.sku, missing.qty)
        return []
    for pick in picks:
        a = pick.allocation
        ledger.allocate(ctx, a.sku, a.qty, a.bin, a.lot)
    return picks


def _line(site: str, wave_id: str, no: int, pick: Pick) -> dict[str, Any]:
    return {
        "wave": wave_id,
        "no": no,
        "site": site,
        "order_id": pick.line.order_id,
        "order_line": pick.line.no,
        "sku": pick.allocation.sku,
        "lot": pick.allocation.lot,
        "bin": pick.allocation.bin,
        "qty": pick.allocation.qty,
    }


def allocate(
    lines: list[Line], free: dict[str, list[Free]], *, not_before: str = ""
) -> tuple[list[Pick], Line | None]:
    """Bins for every line, or the first line that cannot be filled. Pure; `free` is used up.
    `not_before`: the earliest expiry that the customer takes."""
    picks: list[Pick] = []
    left = {sku: list(bins) for sku, bins in free.items()}
    for line in lines:
        chosen = choose(line.sku, line.qty, left.get(line.sku, []), not_before=not_before)
        if sum(a.qty for a in chosen) < line.qty:
            return [], line
        picks += (Pick(line, a) for a in chosen)
        left[line.sku] = _less(left[line.sku], chosen)
    return picks, None


def _less(free: list[Free], chosen: list[Allocation]) -> list[Free]:
    used = {(a.bin, a.lot): a.qty for a in chosen}
    after = (replace(f, qty=f.qty - used.get((f.bin, f.lot), 0)) for f in free)
    return [f for f in after if f.qty > 0]


def wait(ctx: OpContext, order: str, sku: str, qty: int) -> None:
    """Tell the desk, once, that an order waits for stock."""
    told = sa.select(discrepancy.c.id).where(
        discrepancy.c.order_id == order,
        discrepancy.c.kind == NOT_ENOUGH,
        discrepancy.c.state == "open",
    )
    if ctx.conn.execute(told).first() is None:
        details = {"sku": sku, "qty": qty}
        discrepancies.open_one(
            ctx, NOT_ENOUGH, operation="picking.plan_wave", order=order, details=details
        )


def let_go(ctx: OpContext, lines: Iterable[Any]) -> None:
    """Lines of a wave that will not be picked: their stock is free again."""
    for line in lines:
        ledger.allocate(ctx, line.sku, -line.qty, line.bin, line.lot)
        ctx.conn.execute(
            sa.delete(wave_line).where(wave_line.c.wave == line.wave, wave_line.c.no == line.no)
        )
