"""A proof that was wrong is corrected by another that names it; the newest one counts.

What follows is the difference only: pieces that were said to be delivered and were not come back
onto the van's books, those that were come off them. Both records stay.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.inventory import ledger
from server.inventory.tables import movement
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.orders.store import Line
from server.orders.tables import order_line
from server.pod import deliveries, policies
from server.pod.evidence import AnyEvidence
from server.pod.stops import van
from server.pod.tables import goods_back, proof, run, stop

CORRECTS_UNKNOWN = code("corrects_unknown")
CORRECTION_LATE = code("correction_late")
STOCK_SHORTFALL = code("stock_shortfall")
LEFT_BEHIND = code("stop_left_behind")


def correct(
    ctx: OpContext, s: Any, e: AnyEvidence, replaces: str, claimed: str
) -> tuple[str | None, str]:
    """Why it is only kept, if so, and what customer service was told with."""
    if s.proof is None or s.proof != replaces:
        return CORRECTS_UNKNOWN, ""
    if s.left_behind:
        return LEFT_BEHIND, ""
    limit = policies.settings_of(ctx.conn, ctx.site).correct_within_min * 60_000
    if ctx.at - s.closed_at > limit:
        return CORRECTION_LATE, ""
    _supersede(ctx, s, replaces, claimed)
    before = {line.no: line.delivered for line in _delivered(ctx, s)}
    _move_difference(ctx, s, e, before)
    closed = s.closed_at
    deliveries.close_stop(ctx, s, e)
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(closed_at=closed))
    state = _shipment_state(ctx, s)
    deliveries.set_shipment(ctx, s.shipment, state, outcome=e.outcome, reason=e.reason)
    to = deliveries.ORDER_STATE.get(e.outcome, "out_for_delivery")
    order_store.move_if_legal(ctx, s.order_id, to)
    _take_back_the_run(ctx, s, state)
    return None, deliveries.tell_service(ctx, s, e)


def _supersede(ctx: OpContext, s: Any, replaces: str, claimed: str) -> None:
    ctx.conn.execute(
        sa.update(proof)
        .where(proof.c.stop == s.id, proof.c.hash == replaces)
        .values(superseded=claimed)
    )
    told = sa.select(discrepancy.c.id, discrepancy.c.kind).where(
        discrepancy.c.order_id == s.order_id,
        discrepancy.c.state == "open",
        discrepancy.c.kind.in_(deliveries.FOLLOW_UPS),
    )
    for d in ctx.conn.execute(told).all():
        discrepancies.settle(ctx, d.id, "corrected")


def _delivered(ctx: OpContext, s: Any) -> list[Any]:
    found = sa.select(order_line.c.no, order_line.c.delivered)
    found = found.where(order_line.c.order_id == s.order_id)
    return list(ctx.conn.execute(found).all())


def _move_difference(ctx: OpContext, s: Any, e: AnyEvidence, before: dict[int, int]) -> None:
    told = {line.no: line.delivered for line in e.lines}
    for line in order_store.lines(ctx.conn, [s.order_id]):
        now = min(told.get(line.no, 0), line.shipped) if e.outcome != "failed" else 0
        more = now - before.get(line.no, 0)
        if more > 0:
            _hand_over(ctx, s, line, more)
        elif more < 0:
            _take_back(ctx, s, line, -more)
        deliveries.set_delivered(ctx, s.order_id, line.no, now)


def _hand_over(ctx: OpContext, s: Any, line: Line, qty: int) -> None:
    """From the van; what was scanned off it meanwhile, from where it was put."""
    there = _pieces(ctx, van(s.run), line.sku)
    from_van = min(qty, there)
    ledger.move_any_lot(
        ctx, line.sku, from_van, van(s.run), ledger.WORLD, "correct", ref=s.shipment
    )
    rest = qty - from_van
    missing = ledger.move_any_lot(
        ctx, line.sku, rest, deliveries.RETURNS, ledger.WORLD, "correct", ref=s.shipment
    )
    if missing:
        details = {"sku": line.sku, "missing": missing, "stop": s.id}
        discrepancies.open_one(ctx, STOCK_SHORTFALL, order=s.order_id, details=details)


def _pieces(ctx: OpContext, place: str, sku: str) -> int:
    found = sa.text("SELECT SUM(qty) FROM stock WHERE site = :s AND bin = :b AND sku = :k")
    have = ctx.conn.execute(found, {"s": ctx.site, "b": place, "k": sku}).scalar()
    return max(0, int(have or 0))


def _take_back(ctx: OpContext, s: Any, line: Line, qty: int) -> None:
    """The very lots that were said to be delivered."""
    for lot, have in _lots_out(ctx, s, line.sku):
        part = min(qty, have)
        ledger.move(
            ctx, line.sku, part, ledger.WORLD, van(s.run), "correct", lot=lot, ref=s.shipment
        )
        qty -= part
    ledger.move(ctx, line.sku, qty, ledger.WORLD, van(s.run), "correct", ref=s.shipment)


def _lots_out(ctx: OpContext, s: Any, sku: str) -> list[tuple[str, int]]:
    """By lot, how many pieces of the shipment the books say are with the customer."""
    m = movement.c
    found = sa.select(m.lot, m.qty, m.from_bin, m.to_bin).where(
        m.site == ctx.site, m.ref == s.shipment, m.sku == sku
    )
    told: list[Mapping[str, Any]] = [dict(r) for r in ctx.conn.execute(found).mappings()]
    told += [r for r in ctx.tx.pending(movement) if (r["ref"], r["sku"]) == (s.shipment, sku)]
    out: dict[str, int] = {}
    for r in told:
        if ledger.WORLD in (r["from_bin"], r["to_bin"]):
            sign = 1 if r["to_bin"] == ledger.WORLD else -1
            out[r["lot"]] = out.get(r["lot"], 0) + sign * int(r["qty"])
    return sorted((lot, qty) for lot, qty in out.items() if qty > 0)


def _shipment_state(ctx: OpContext, s: Any) -> str:
    """`closed` where the customer has all of it, `returned` where the depot has the rest."""
    lines = order_store.lines(ctx.conn, [s.order_id])
    delivered = {line.no: line.delivered for line in _delivered(ctx, s)}
    rest = sum(max(0, line.shipped - delivered.get(line.no, 0)) for line in lines)
    if rest == 0:
        return "closed"
    back = sa.select(sa.func.sum(goods_back.c.qty)).where(goods_back.c.stop == s.id)
    return "returned" if int(ctx.conn.execute(back).scalar() or 0) >= rest else "returning"


def _take_back_the_run(ctx: OpContext, s: Any, state: str) -> None:
    """A run that is over does not bring anything back any more: a supervisor is told."""
    over = ctx.conn.execute(sa.select(run.c.state).where(run.c.id == s.run)).scalar() == "closed"
    if over and state == "returning":
        discrepancies.open_one(
            ctx, deliveries.GOODS_OUT, order=s.order_id, task=s.task, details={"stop": s.id}
        )
        for name, key in (("stop", s.id), ("order", s.order_id)):
            ctx.touch(name, key)
        return
    deliveries.finish(ctx, s)
