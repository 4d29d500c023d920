"""At the dock: parcels are scanned onto the vehicle against the run, then it leaves.

parcel: planned -> loaded | missing | damaged (-> planned again, until the vehicle has left)

What is not aboard has a reason by then, and is taken out of the shipment and off the books. A
parcel of another shipment may go along, with a reason as well. All of it can be said off-line, in
any order, twice.
"""

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import BlobRef, Id, Role
from server.packing.tables import parcel, shipment
from server.pod.departures import leave_with
from server.pod.events import LoadDiffers, PapersReady, ParcelLoaded, ParcelUnloaded
from server.pod.papers import papers_lacking, rules_of
from server.pod.run_lists import Planned, add_stop
from server.pod.tables import load, run, shipment_paper, stop

STOP_UNKNOWN = code("stop_unknown")
NOT_ON_RUN = code("parcel_not_on_run")
RUN_LEFT = code("run_left_already")
ON_OTHER_RUN = code("parcel_on_other_run")
PAPERS_INCOMPLETE = code("papers_incomplete")
DRIVERS = frozenset({Role.DRIVER, Role.SUPERVISOR})
LEFT = ("departed", "closed", "returning")


class LoadParcel(Op):
    """A parcel scanned onto the vehicle; `stop`: where it is going, as the driver's list says."""

    run: Id
    stop: Id
    parcel: Id


@operation("pod.load_parcel.v1", kind=FACT, roles=DRIVERS)
def load_parcel(op: LoadParcel, ctx: OpContext) -> None:
    here = place_of(ctx, op.run, op.stop, op.parcel)
    if here is None:
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    if here.run_state in LEFT:
        return ctx.divert(RUN_LEFT, parcel=op.parcel, run=op.run, order=here.order_id)
    put_aboard(ctx, here, op.parcel)
    return None


def put_aboard(ctx: OpContext, here: Any, number: str) -> None:
    """`here`: the parcel's place on a run that has not left, of `place_of`."""
    _set(ctx, here, number, "loaded")
    begun = sa.update(run).where(run.c.id == here.run, run.c.state == "planned")
    ctx.conn.execute(begun.values(state="loading"))
    ctx.emit(ParcelLoaded(order=here.order_id, run=here.run, parcel=number))
    lack = papers_lacking(ctx.conn, ctx.site, [here.order_id]).get(here.order_id)
    if here.state == "planned" and lack:
        _open(ctx, PAPERS_INCOMPLETE, here, number, papers=", ".join(lack))


class UnloadParcel(Op):
    """The scan was a slip, or the parcel came off again."""

    run: Id
    stop: Id
    parcel: Id


@operation("pod.unload_parcel.v1", kind=FACT, roles=DRIVERS)
def unload_parcel(op: UnloadParcel, ctx: OpContext) -> None:
    here = place_of(ctx, op.run, op.stop, op.parcel)
    if here is None:
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    if here.run_state in LEFT:
        return ctx.divert(RUN_LEFT, parcel=op.parcel, run=op.run, order=here.order_id)
    _set(ctx, here, op.parcel, "planned")
    ctx.emit(ParcelUnloaded(order=here.order_id, run=op.run, parcel=op.parcel))
    return None


class ReportLoad(Op):
    """A difference between the run and what stands at the dock. `stop` is empty for `extra`: a
    parcel that is not of this run and goes along all the same."""

    run: Id
    parcel: Id
    what: Literal["missing", "damaged", "extra"]
    reason: Annotated[str, Meta(min_length=1, max_length=32, pattern="^[a-z_]+$")]
    stop: Annotated[str, Meta(max_length=64)] = ""
    note: Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


@operation("pod.report_load.v1", kind=FACT, roles=DRIVERS)
def report_load(op: ReportLoad, ctx: OpContext) -> None:
    if op.what == "extra":
        return _take_along(op, ctx)
    here = place_of(ctx, op.run, op.stop, op.parcel)
    if here is None:
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    if here.run_state in LEFT:
        return ctx.divert(RUN_LEFT, parcel=op.parcel, run=op.run, order=here.order_id)
    _set(ctx, here, op.parcel, op.what, op.reason)
    _tell(op, ctx, here.order_id)
    return None


def _take_along(op: ReportLoad, ctx: OpContext) -> None:
    on = ctx.conn.execute(
        sa.select(run).where(run.c.id == op.run, run.c.site == ctx.site).with_for_update()
    ).first()
    s = _shipment_of(ctx, op.parcel)
    if on is None or s is None:
        return ctx.divert(NOT_ON_RUN, parcel=op.parcel, run=op.run)
    if on.state in LEFT:
        return ctx.divert(RUN_LEFT, parcel=op.parcel, run=op.run, order=s.order_id)
    if s.state not in ("packed", "missing"):
        mine = _stop_with(ctx, op.run, op.parcel)
        if mine is None:
            return ctx.divert(ON_OTHER_RUN, parcel=op.parcel, order=s.order_id, state=s.state)
        stop_id = mine
    else:
        last = sa.select(sa.func.max(stop.c.seq)).where(stop.c.run == op.run)
        seq = int(ctx.conn.execute(last).scalar() or 0) + 1
        stop_id = add_stop(ctx, on, seq, s.id, s.order_id, Planned())
    here = place_of(ctx, op.run, stop_id, op.parcel)
    _set(ctx, here, op.parcel, "loaded", op.reason)
    _tell(op, ctx, s.order_id)
    return None


def _tell(op: ReportLoad, ctx: OpContext, order_id: str) -> None:
    ctx.emit(
        LoadDiffers(
            order=order_id,
            run=op.run,
            parcel=op.parcel,
            what=op.what,
            reason=op.reason,
            note=op.note,
        )
    )


class ReadyPapers(Op):
    """Exactly these papers of the order are complete; none: they have to be made again."""

    order: Id
    papers: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=32, pattern="^[a-z_]+$")]],
        Meta(max_length=20),
    ]


@operation(
    "pod.ready_papers.v1",
    kind=FACT,
    roles={Role.PACKER, Role.SUPERVISOR, Role.SERVICE, Role.SYSTEM},
)
def ready_papers(op: ReadyPapers, ctx: OpContext) -> None:
    ctx.conn.execute(sa.delete(shipment_paper).where(shipment_paper.c.order_id == op.order))
    for paper in dict.fromkeys(op.papers):
        ctx.conn.execute(
            sa.insert(shipment_paper).values(
                order_id=op.order, paper=paper, site=ctx.site, by_person=ctx.person, at=ctx.at
            )
        )
    stops = sa.select(stop.c.id).where(stop.c.order_id == op.order, stop.c.site == ctx.site)
    for stop_id in ctx.conn.execute(stops).scalars().all():
        ctx.touch("stop", stop_id)
    ctx.emit(PapersReady(order=op.order, papers=", ".join(dict.fromkeys(op.papers))))


class Depart(Op):
    """The van leaves with what was scanned onto it. `signature`: the driver's, on the load."""

    run: Id
    vehicle: Annotated[str, Meta(max_length=64)] = ""
    signature: BlobRef | None = None
    photos: Annotated[list[BlobRef], Meta(max_length=6)] = []


@operation("pod.depart.v1", kind=FACT, roles=DRIVERS)
def depart(op: Depart, ctx: OpContext) -> None:
    """Orders whose parcels are all aboard or accounted for are shipped; others are told of."""
    on = ctx.conn.execute(
        sa.select(run).where(run.c.id == op.run, run.c.site == ctx.site).with_for_update()
    ).first()
    stops = ctx.conn.execute(
        sa.select(stop).where(stop.c.run == op.run, stop.c.site == ctx.site).order_by(stop.c.seq)
    ).all()
    if on is None or not stops:
        return ctx.divert(STOP_UNKNOWN, run=op.run)
    if on.state in LEFT:
        return ctx.divert(RUN_LEFT, run=op.run)
    leave_with(
        ctx, on, stops, op.vehicle, op.signature or "", op.photos, rules_of(ctx.conn, ctx.site)
    )
    return None


def place_of(ctx: OpContext, run_id: str, stop_id: str, number: str) -> Any:
    """The parcel's stop, state and run; None where the run has no such parcel there."""
    found = (
        sa.select(stop.c.id, stop.c.order_id, stop.c.task, load.c.state, run.c.id.label("run"))
        .add_columns(run.c.state.label("run_state"))
        .join(load, load.c.stop == stop.c.id)
        .join(run, run.c.id == stop.c.run)
        .where(run.c.id == run_id, stop.c.id == stop_id, load.c.parcel == number)
        .where(stop.c.site == ctx.site)
    )
    return ctx.conn.execute(found).first()


def _set(ctx: OpContext, here: Any, number: str, state: str, reason: str = "") -> None:
    ctx.conn.execute(
        sa.update(load)
        .where(load.c.stop == here.id, load.c.parcel == number)
        .values(state=state, reason=reason, at=ctx.at)
    )
    kept = "loaded" if state == "loaded" else "packed"
    ctx.conn.execute(sa.update(parcel).where(parcel.c.number == number).values(state=kept))
    ctx.touch("stop", here.id)
    ctx.touch("run", here.run)


def _shipment_of(ctx: OpContext, number: str) -> Any:
    found = (
        sa.select(shipment)
        .join(parcel, parcel.c.shipment == shipment.c.id)
        .where(parcel.c.number == number, parcel.c.site == ctx.site)
    )
    return ctx.conn.execute(found).first()


def _stop_with(ctx: OpContext, run_id: str, number: str) -> str | None:
    found = (
        sa.select(stop.c.id)
        .join(load, load.c.stop == stop.c.id)
        .where(stop.c.run == run_id, load.c.parcel == number)
    )
    stop_id = ctx.conn.execute(found).scalar()
    return str(stop_id) if stop_id else None


def _open(ctx: OpContext, kind: str, here: Any, number: str, **details: str) -> None:
    discrepancies.open_one(
        ctx,
        kind,
        operation="pod.load_parcel",
        order=here.order_id,
        task=here.task,
        details={"parcel": number, **details},
    )
