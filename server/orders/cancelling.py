"""An order comes to nothing: by whom, for what fee, and how often its customer does that.

What was reserved, begun or printed is undone by the later stages, which hear `OrderCancelled`; each
tells it on the order's time line.
"""

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.kernel.errors import Refusal, code
from server.kernel.ops import OpContext
from server.orders import store
from server.orders.cancel_rules import (
    CancelRules,
    Desk,
    Stage,
    fee_of,
    has_rank,
    needed,
    stage_of,
)
from server.orders.events import CancelsOften, OrderCancelled
from server.orders.lifecycle import check_move
from server.orders.tables import order_cancelled, orders

SETTING = "cancelling"
shaped(SETTING, CancelRules)
FEE_CHANGED = code("cancel_fee_changed")
_BEYOND = {desk: code(f"cancel_needs_{desk}") for desk in ("supervisor", "admin")}
_NO_WAIVER = {desk: code(f"waiver_needs_{desk}") for desk in ("supervisor", "admin")}
DAY_MS = 86_400_000


class Bill(NamedTuple):
    """What cancelling costs now; `fee` in minor units of `currency`."""

    stage: Stage
    fee: int
    currency: str


def cancel_rules(conn: Any, site: str) -> CancelRules:
    """Nobody's order stays for a setting that was spoilt: then the usual rules hold."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), CancelRules)
    except msgspec.ValidationError:
        return CancelRules()


def bill(conn: Any, order_id: str, rules: CancelRules) -> Bill:
    o = orders.c
    row = conn.execute(
        sa.select(o.state, o.held_from, o.total, o.currency).where(o.id == order_id)
    ).one()
    stage = stage_of(row.held_from if row.state == "hold" else row.state)
    return Bill(stage, fee_of(rules, stage, row.total), row.currency)


def check_authority(ctx: OpContext, order: store.Order, *, waives: bool, seen: int | None) -> None:
    """Refuses what cannot be cancelled at all, who may not at this stage or may not waive, and a
    fee that is not the one that was seen."""
    check_move(order.state, "cancelled")
    rules = cancel_rules(ctx.conn, ctx.site)
    now = bill(ctx.conn, order.id, rules)
    _check_rank(ctx, needed(rules, now.stage), _BEYOND, now.stage)
    if waives:
        _check_rank(ctx, rules.waives, _NO_WAIVER, now.stage)
    if seen is not None and seen != now.fee:
        raise Refusal(FEE_CHANGED, field="seen_fee", value=seen, fee=now.fee, stage=now.stage)


def _check_rank(ctx: OpContext, desk: Desk, codes: dict[str, str], stage: Stage) -> None:
    if not has_rank(ctx.role or "", desk):
        raise Refusal(codes[desk], field="order", value=stage, mend=desk)


def do_cancel(ctx: OpContext, order: store.Order, reason: str, waiver: str = "") -> None:
    """`waiver`: why its fee is waived; empty: it is not."""
    rules = cancel_rules(ctx.conn, ctx.site)
    costs = bill(ctx.conn, order.id, rules)
    fee, waived = (0, costs.fee) if waiver else (costs.fee, 0)
    store.move(ctx, order, "cancelled")
    said: dict[str, Any] = {"stage": costs.stage, "fee": fee, "waived": waived}
    said |= {"currency": costs.currency}
    row = said | {"order_id": order.id, "site": ctx.site, "customer": order.customer, "at": ctx.at}
    ctx.conn.execute(sa.insert(order_cancelled).values(row | {"waiver": waiver}))
    ctx.emit(
        OrderCancelled(order=order.id, before=order.state, reason=reason, waiver=waiver, **said)
    )
    times = cancelled_lately(ctx.conn, ctx.site, order.customer, ctx.at, rules.days)
    if times >= rules.often:
        ctx.emit(
            CancelsOften(order=order.id, customer=order.customer, times=times, days=rules.days)
        )


def cancelled_lately(conn: Any, site: str, customer: str, at: int, days: int) -> int:
    """Orders of the customer that came to nothing in the days before `at`, ms."""
    c = order_cancelled.c
    mine = c.site == site, c.customer == customer, c.at > at - days * DAY_MS, c.at <= at
    return int(conn.execute(sa.select(sa.func.count()).where(*mine)).scalar_one())
