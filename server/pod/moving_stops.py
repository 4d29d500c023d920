"""A supervisor moves a stop by hand: earlier, later, or to another van while it is not loaded."""

from typing import Any

import sqlalchemy as sa

from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders.tables import orders
from server.packing.tables import shipment
from server.pod.legs import broken, day_board, retime
from server.pod.replans import Asked, keep, settle, start
from server.pod.run_lists import Lists, lists_of, loaded, put_in_order
from server.pod.run_rules import run_rules
from server.pod.tables import run, stop

ON_THE_VAN = code("stop_is_loaded")
GONE_BY = code("stop_not_ahead")
BREAKS = code("move_breaks_plan")


class MoveStop(Op):
    """`before`: the stop it shall stand in front of; without one it comes last. `run`: where."""

    stop: Id
    run: Id
    before: Id | None = None


@operation("pod.move_stop.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def move_stop(op: MoveStop, ctx: OpContext) -> None:
    """Refuses what would miss a window or overfill a van that it did not before."""
    s, to = _movable(ctx, op)
    runs = sorted({s.run, to.id})
    before = lists_of(ctx.conn, runs)
    after = _moved(ctx, op, s, before)
    if after == before:
        return
    _check(ctx, runs, before, after)
    put_in_order(ctx, after, {})
    retime(ctx, runs)
    settle(ctx, runs)
    made = start(ctx, Asked(runs=runs), "hand")
    keep(ctx, made, "accepted", before=before)


def _movable(ctx: OpContext, op: MoveStop) -> tuple[Any, Any]:
    found = sa.select(stop).where(stop.c.id == op.stop, stop.c.site == ctx.site)
    s = ctx.conn.execute(found.with_for_update()).first()
    there = sa.select(run).where(run.c.id == op.run, run.c.site == ctx.site)
    to = ctx.conn.execute(there.with_for_update()).first()
    if s is None or to is None:
        raise Refusal("not_found", field="stop" if s is None else "run")
    if s.state != "planned" or to.state == "closed":
        raise Refusal(GONE_BY, field="stop", value=op.stop)
    if s.run != to.id and (to.state == "departed" or loaded(ctx.conn, [s.id])):
        raise Refusal(ON_THE_VAN, field="stop", value=op.stop)
    if s.run != to.id and _has_left(ctx, s.run):
        raise Refusal(GONE_BY, field="stop", value=op.stop)
    return s, to


def _has_left(ctx: OpContext, run_id: str) -> bool:
    state = sa.select(run.c.state).where(run.c.id == run_id)
    return str(ctx.conn.execute(state).scalar_one()) == "departed"


def _moved(ctx: OpContext, op: MoveStop, s: Any, before: Lists) -> Lists:
    after = {name: [v for v in order if v != s.shipment] for name, order in before.items()}
    here = after[op.run]
    at = len(here)
    if op.before is not None:
        found = sa.select(stop.c.shipment).where(stop.c.id == op.before, stop.c.run == op.run)
        in_front_of = ctx.conn.execute(found).scalar()
        if in_front_of not in here:
            raise Refusal(GONE_BY, field="before", value=op.before)
        at = here.index(in_front_of)
    here.insert(at, s.shipment)
    return after


def _check(ctx: OpContext, runs: list[str], before: Lists, after: Lists) -> None:
    _, board = day_board(ctx, run_rules(ctx.conn, ctx.site), runs)
    for fault in sorted(broken(board, after) - broken(board, before), key=lambda f: f.why):
        raise Refusal(BREAKS, breach=fault.why, order=_number(ctx, fault.visit) or fault.van)


def _number(ctx: OpContext, shipment_id: str) -> str:
    found = (
        sa.select(orders.c.number)
        .join(shipment, shipment.c.order_id == orders.c.id)
        .where(shipment.c.id == shipment_id)
    )
    return str(ctx.conn.execute(found).scalar() or "")
