"""From the dock to the signature.

run: planned -> loading -> departed -> (returning ->) closed
stop: planned -> arrived -> closed (full | partial | refused | failed), by its proof (`proofs`)
"""

from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders import store as order_store
from server.packing.ops import STAGE
from server.packing.tables import parcel
from server.pod import deliveries
from server.pod.events import Arrived, Departed, ParcelLoaded
from server.pod.run_lists import Planned, add_stop, new_run, shipment_state
from server.pod.run_plans import NOTHING_TO_SHIP
from server.pod.tables import load, run, stop

STOP_UNKNOWN = code("stop_unknown")
NOT_ON_RUN = code("parcel_not_on_run")
NOT_ALL_LOADED = code("not_all_loaded")
DRIVERS = frozenset({Role.DRIVER, Role.SUPERVISOR})


def van(run_id: str) -> str:
    return f"VAN/{run_id}"


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


class LoadParcel(Op):
    """A parcel scanned onto the vehicle; `stop`: where it is going, as the driver's list says."""

    run: Id
    stop: Id
    parcel: Id


@operation("pod.load_parcel.v1", kind=FACT, roles=DRIVERS)
def load_parcel(op: LoadParcel, ctx: OpContext) -> None:
    found = (
        sa.select(stop.c.id, stop.c.order_id)
        .join(load, load.c.stop == stop.c.id)
        .where(stop.c.run == op.run, stop.c.id == op.stop, load.c.parcel == op.parcel)
    )
    here = ctx.conn.execute(found).first()
    if here is None:
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    ctx.conn.execute(
        sa.update(load)
        .where(load.c.stop == here.id, load.c.parcel == op.parcel)
        .values(state="loaded", at=ctx.at)
    )
    ctx.conn.execute(sa.update(parcel).where(parcel.c.number == op.parcel).values(state="loaded"))
    ctx.conn.execute(
        sa.update(run).where(run.c.id == op.run, run.c.state == "planned").values(state="loading")
    )
    ctx.touch("stop", here.id)
    ctx.touch("run", op.run)
    ctx.emit(ParcelLoaded(order=here.order_id, run=op.run, parcel=op.parcel))
    return None


class Depart(Op):
    """The van leaves with what was scanned onto it."""

    run: Id
    vehicle: Annotated[str, Meta(max_length=64)] = ""


@operation("pod.depart.v1", kind=FACT, roles=DRIVERS)
def depart(op: Depart, ctx: OpContext) -> None:
    """Orders with all parcels aboard are shipped; others stay at the dock and are told."""
    stops = ctx.conn.execute(sa.select(stop).where(stop.c.run == op.run)).all()
    if not stops:
        return ctx.divert(STOP_UNKNOWN, run=op.run)
    ctx.conn.execute(
        sa.update(run)
        .where(run.c.id == op.run)
        .values(state="departed", departed_at=ctx.at, vehicle=op.vehicle)
    )
    for s in stops:
        if deliveries.all_loaded(ctx, s.id):
            ship(ctx, s)
            ctx.emit(Departed(order=s.order_id, run=op.run, vehicle=op.vehicle))
        else:
            discrepancies.open_one(ctx, NOT_ALL_LOADED, order=s.order_id, task=s.task)
        ctx.touch("stop", s.id)
    ctx.touch("run", op.run)
    return None


def ship(ctx: OpContext, s: Any) -> None:
    for sku, qty in deliveries.goods(ctx, s.order_id):
        ledger.move_any_lot(ctx, sku, qty, STAGE, van(s.run), "ship", ref=s.shipment)
    deliveries.mark_shipped(ctx, s.order_id)
    shipment_state(ctx, s.shipment, "in_transit")
    order_store.move_if_legal(ctx, s.order_id, "shipped", "out_for_delivery")


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


def stop_of(ctx: OpContext, stop_id: str) -> Any:
    """The stop, locked until the commit, or None."""
    found = sa.select(stop).where(stop.c.id == stop_id, stop.c.site == ctx.site)
    return ctx.conn.execute(found.with_for_update()).first()
