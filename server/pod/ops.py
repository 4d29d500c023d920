"""From the dock to the signature.

run: planned -> loading -> departed -> (returning ->) closed
stop: planned -> arrived -> closed (full | partial | refused | failed), by its proof (`proofs`)
"""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import Refusal
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.pod import deliveries
from server.pod.events import Arrived
from server.pod.loading import DRIVERS, STOP_UNKNOWN, Depart, LoadParcel
from server.pod.run_lists import Planned, add_stop, new_run
from server.pod.run_plans import NOTHING_TO_SHIP
from server.pod.stops import stop_of
from server.pod.tables import run, stop

__all__ = ["Arrive", "Depart", "LoadParcel", "PlanRun"]


class PlanRun(Op):
    """All packed shipments (or those of `orders`) onto one run; stops in order of postcode."""

    orders: Annotated[list[Id], Meta(max_length=500)] = []
    vehicle: Annotated[str, Meta(max_length=64)] = ""
    max_stops: Annotated[int, Meta(ge=1, le=200)] = 40


@operation("pod.plan_run.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_run(op: PlanRun, ctx: OpContext) -> None:
    packed = deliveries.packed_shipments(ctx, op.orders)[: op.max_stops]
    if not packed:
        raise Refusal(NOTHING_TO_SHIP)
    run_id = new_run(ctx, op.vehicle, len(packed))
    on = ctx.conn.execute(sa.select(run).where(run.c.id == run_id)).one()
    for seq, s in enumerate(packed, 1):
        add_stop(ctx, on, seq, s.id, s.order_id, Planned())


class Arrive(Op):
    stop: Id


@operation("pod.arrive.v1", kind=FACT, roles=DRIVERS)
def arrive(op: Arrive, ctx: OpContext) -> None:
    s = stop_of(ctx, op.stop)
    if s is None:
        return ctx.divert(STOP_UNKNOWN, stop=op.stop)
    ctx.conn.execute(
        sa.update(stop)
        .where(stop.c.id == op.stop, stop.c.state == "planned")
        .values(state="arrived", arrived_at=ctx.at)
    )
    ctx.touch("stop", op.stop)
    ctx.emit(Arrived(order=s.order_id, run=s.run, stop=op.stop))
    return None
