"""Plans of runs are asked for here, decided, and taken back.

Working one out takes seconds and asks a matrix, so the planner beside the store does it; what it
answers is looked through by the checker before anybody sees it, and what changed meanwhile decides.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Moment, Role
from server.packing.tables import shipment
from server.pod import deliveries
from server.pod.arrivals import reckon
from server.pod.journeys import FAR, Call, Journey, Van
from server.pod.legs import retime
from server.pod.offers import Offer
from server.pod.replans import Asked, asked_of, before_of, keep, open_plans, settle, start
from server.pod.run_lists import (
    Lists,
    Planned,
    day_columns,
    give_hours,
    lists_of,
    loaded,
    new_run,
    open_stops,
    put_in_order,
)
from server.pod.run_rules import run_rules
from server.pod.tables import run, run_plan, stop

NO_SUCH_VEHICLE = code("vehicle_unknown")
NOT_PROPOSED = code("run_plan_not_proposed")
STALE = code("run_plan_stale")
BEING_PLANNED = code("run_being_planned")
NOTHING_AHEAD = code("nothing_ahead")
LEFT_OUT = code("stop_left_out")
NOTHING_TO_SHIP = code("nothing_to_ship")
MOST_STOPS = 200
Names = Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=20)]
Ids = Annotated[list[Id], Meta(max_length=500)]


class PlanRuns(Op):
    """All packed orders (or `orders`) onto these vehicles of the site, or all that it has;
    `leaves_at` (ms): 0 as each vehicle's day begins. The same vehicle twice drives twice."""

    vehicles: Names = []
    orders: Ids = []
    leaves_at: Moment = 0


@operation("pod.plan_runs.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def plan_runs(op: PlanRuns, ctx: OpContext) -> None:
    rules = run_rules(ctx.conn, ctx.site)
    known = [vehicle.name for vehicle in rules.vehicles]
    if unknown := [name for name in op.vehicles if name not in known]:
        mend = ", ".join(known)
        raise Refusal(NO_SUCH_VEHICLE, field="vehicles", value=unknown[0], mend=mend)
    packed = _packed(ctx, op.orders)
    if not packed:
        raise Refusal(NOTHING_TO_SHIP)
    vans = op.vehicles or known
    start(ctx, Asked(vehicles=vans, shipments=packed, leaves_at=op.leaves_at), "asked")


def _packed(ctx: OpContext, order_ids: list[str]) -> list[str]:
    """The most urgent first, so that what is too much for one plan is what can wait."""
    return [s.id for s in deliveries.packed_shipments(ctx, order_ids)][:MOST_STOPS]


class ReplanRuns(Op):
    """Plan what these runs have ahead of them again, with `orders` or all that is packed (`add`)
    put in between."""

    runs: Annotated[list[Id], Meta(min_length=1, max_length=20)]
    orders: Ids = []
    add: bool = False


@operation("pod.replan_runs.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def replan_runs(op: ReplanRuns, ctx: OpContext) -> None:
    run_rules(ctx.conn, ctx.site)
    live = sa.select(run.c.id).where(
        run.c.site == ctx.site, run.c.id.in_(op.runs), run.c.state != "closed"
    )
    runs = set(ctx.conn.execute(live).scalars())
    for name in op.runs:
        if name not in runs:
            raise Refusal("not_found", field="runs", value=name)
    if busy := open_plans(ctx, op.runs):
        raise Refusal(BEING_PLANNED, field="runs", value=busy[0])
    added = _packed(ctx, op.orders) if op.add or op.orders else []
    if not added and not open_stops(ctx.conn, op.runs):
        raise Refusal(NOTHING_AHEAD)
    start(ctx, Asked(runs=op.runs, shipments=added), "added" if added else "asked")


class PutRunPlan(Op):
    """What the planner made of it."""

    plan: Id
    offer: Offer


@operation("pod.put_run_plan.v1", kind=REQUEST, roles={Role.SYSTEM})
def put_run_plan(op: PutRunPlan, ctx: OpContext) -> None:
    """A plan with a fault is shown to nobody; one that came by itself and changes nothing is not
    worth a look."""
    found = _plan(ctx, op.plan, "planning")
    if op.offer.faults or not op.offer.visits:
        return keep(ctx, op.plan, "failed" if op.offer.faults else "dropped")
    if found.why not in ("asked", "added") and not op.offer.changes:
        return keep(ctx, op.plan, "dropped")
    return keep(ctx, op.plan, "proposed", offer=op.offer, good_until=op.offer.good_until * 1000)


class RefreshRunPlan(Op):
    """It waited for a decision until it could be driven no more: worked out anew."""

    plan: Id


@operation("pod.refresh_run_plan.v1", kind=REQUEST, roles={Role.SYSTEM})
def refresh_run_plan(op: RefreshRunPlan, ctx: OpContext) -> None:
    _plan(ctx, op.plan, "proposed")
    keep(ctx, op.plan, "planning", good_until=None)


class DropRunPlan(Op):
    """Everything stays as it is."""

    plan: Id


@operation("pod.drop_run_plan.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def drop_run_plan(op: DropRunPlan, ctx: OpContext) -> None:
    _plan(ctx, op.plan, "planning", "proposed", "failed")
    keep(ctx, op.plan, "dropped")


class AcceptRunPlan(Op):
    """Drive it like this."""

    plan: Id


@operation("pod.accept_run_plan.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.SYSTEM})
def accept_run_plan(op: AcceptRunPlan, ctx: OpContext) -> None:
    found = _plan(ctx, op.plan, "proposed")
    offer = msgspec.convert(msgspec.json.decode(found.body)["offer"], Offer)
    runs = [r for r in asked_of(found.body).runs if r in {van.id for van in offer.vans}]
    _check_fresh(ctx, found, offer, runs)
    before = lists_of(ctx.conn, runs)
    run_of = {r: r for r in runs}
    for journey in offer.journeys:
        if journey.calls and journey.van not in run_of:
            run_of[journey.van] = _new_run(ctx, offer, journey)
    wanted: Lists = {run_of[j.van]: j.order for j in offer.journeys if j.van in run_of}
    _keep_aboard(ctx, wanted, before)
    put_in_order(ctx, wanted, planned_of(offer))
    for van, journey in zip(offer.vans, offer.journeys, strict=True):
        if van.id in run_of:
            _keep_times(ctx, run_of[van.id], van, journey)
    _tell_left_out(ctx, offer, wanted)
    for run_id in wanted:
        reckon(ctx, run_id)
    made = {name: before.get(name, []) for name in wanted}
    settle(ctx, list(made))
    keep(ctx, op.plan, "accepted", before=made, good_until=None)


def _plan(ctx: OpContext, plan_id: str, *states: str) -> Any:
    found = sa.select(run_plan).where(run_plan.c.id == plan_id, run_plan.c.site == ctx.site)
    row = ctx.conn.execute(found.with_for_update()).first()
    if row is None:
        raise Refusal("not_found", field="plan", value=plan_id)
    if row.state not in states:
        raise Refusal(NOT_PROPOSED, field="plan", value=plan_id, state=row.state)
    return row


def _check_fresh(ctx: OpContext, found: Any, offer: Offer, runs: Sequence[str]) -> None:
    """Refuses what was worked out for a van that has gone on, goods that were loaded or packed
    elsewhere since, or a start that is past."""
    now = lists_of(ctx.conn, runs)
    aboard = loaded(ctx.conn, [s.id for s in open_stops(ctx.conn, runs)])
    on_van = {s.shipment for s in open_stops(ctx.conn, runs) if s.id in aboard}
    known = {visit.id: visit for visit in offer.visits}
    then = {s for run_id in runs for s in offer.now.get(run_id, ())}
    gone = then - {s for order in now.values() for s in order}
    loaded_since = {s for s in on_van if s in known and not known[s].aboard}
    new = [v.id for v in offer.visits if v.id not in then]
    free = sa.select(shipment.c.id).where(shipment.c.id.in_(new), shipment.c.state == "packed")
    taken = set(new) - set(ctx.conn.execute(free).scalars())
    late = found.good_until is not None and found.good_until < ctx.at
    if gone or loaded_since or taken or late:
        raise Refusal(STALE, field="plan", value=found.id)


def _new_run(ctx: OpContext, offer: Offer, journey: Journey) -> str:
    vehicle = next(new.vehicle for new in offer.new if new.van == journey.van)
    van: Van = next(van for van in offer.vans if van.id == journey.van)
    return new_run(ctx, vehicle, len(journey.calls), **day_columns(van))


def _keep_aboard(ctx: OpContext, wanted: Lists, before: Lists) -> None:
    """Goods on a van that the plan leaves out are still on it, and come last."""
    stops = open_stops(ctx.conn, list(before))
    aboard = loaded(ctx.conn, [s.id for s in stops])
    planned = {s for order in wanted.values() for s in order}
    departed = set(
        ctx.conn.execute(
            sa.select(run.c.id).where(run.c.id.in_(list(before)), run.c.state == "departed")
        ).scalars()
    )
    for s in stops:
        if s.shipment not in planned and (s.id in aboard or s.run in departed):
            wanted[s.run] = [*wanted[s.run], s.shipment]


def planned_of(offer: Offer) -> dict[str, Planned]:
    """What the plan knows of each shipment, for its stop."""
    calls: dict[str, Call] = {c.visit: c for j in offer.journeys for c in j.calls}
    places = offer.place_of
    made = {}
    for visit in offer.visits:
        place, call = places[visit.id], calls.get(visit.id)
        made[visit.id] = Planned(
            lat_e7=place.lat_e7,
            lon_e7=place.lon_e7,
            placed_by=place.by,
            opens_at=visit.opens * 1000,
            closes_at=0 if visit.closes == FAR else visit.closes * 1000,
            service_s=visit.service_s,
            leg_m=call.leg_m if call else 0,
            leg_s=call.leg_s if call else 0,
        )
    return made


def _keep_times(ctx: OpContext, run_id: str, van: Van, journey: Journey) -> None:
    values = {"metres": journey.metres, "home_s": journey.home_s, "back_at": journey.back * 1000}
    ctx.conn.execute(sa.update(run).where(run.c.id == run_id).values(**values))
    give_hours(ctx, run_id, van)
    at = {call.visit: call.arrives * 1000 for call in journey.calls}
    for s in open_stops(ctx.conn, [run_id]):
        eta = at.get(s.shipment)
        ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(eta=eta))
        ctx.touch("stop", s.id)
        ctx.touch("order", s.order_id)


def _tell_left_out(ctx: OpContext, offer: Offer, wanted: Lists) -> None:
    """Goods that ride along without a time: somebody has to call the customer."""
    why = {one.shipment: one.why for one in offer.left_out}
    for s in open_stops(ctx.conn, list(wanted)):
        if s.shipment in why:
            details = {"why": why[s.shipment], "stop": s.id}
            discrepancies.open_one(ctx, LEFT_OUT, order=s.order_id, task=s.task, details=details)


class UndoRunPlan(Op):
    """Back to the order before: of a plan that was accepted, or a stop that was moved by hand."""

    plan: Id


@operation("pod.undo_run_plan.v1", kind=REQUEST, roles={Role.SUPERVISOR})
def undo_run_plan(op: UndoRunPlan, ctx: OpContext) -> None:
    """Refused once the goods have moved on: a stop was reached, or its parcel loaded."""
    found = _plan(ctx, op.plan, "accepted")
    before = before_of(found.body)
    runs = sorted(before)
    body = msgspec.json.decode(found.body)
    known = planned_of(msgspec.convert(body["offer"], Offer)) if "offer" in body else {}
    _check_undo(ctx, found, before, runs)
    put_in_order(ctx, before, known)
    retime(ctx, runs)
    keep(ctx, op.plan, "undone")


def _check_undo(ctx: OpContext, found: Any, before: Lists, runs: Sequence[str]) -> None:
    stops = open_stops(ctx.conn, runs)
    aboard = loaded(ctx.conn, [s.id for s in stops])
    stays = {s: r for r, order in before.items() for s in order}
    moved = {s.shipment for s in stops if s.id in aboard and stays.get(s.shipment) != s.run}
    here = {s.shipment for s in stops}
    free = sa.select(shipment.c.id).where(
        shipment.c.id.in_(sorted(stays.keys() - here)), shipment.c.state == "packed"
    )
    gone = stays.keys() - here - set(ctx.conn.execute(free).scalars())
    ended = sa.select(run.c.id).where(run.c.id.in_(list(runs)), run.c.state == "closed")
    over = {r for r in ctx.conn.execute(ended).scalars() if before[r]}
    if moved or gone or over:
        raise Refusal(STALE, field="plan", value=found.id)
