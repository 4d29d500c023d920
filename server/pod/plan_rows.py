"""A plan of runs as the supervisor decides on it: before and after, who is moved or left out."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.feeds import Row, RowSink, board_scope, projects, row
from server.orders.tables import orders
from server.packing.tables import shipment
from server.pod.offers import Offer
from server.pod.tables import run, run_plan


class PlannedStop(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: its arrival (ms). `was`: where it stood before, counted from 1; 0: it is new here.
    `moved`: others kept their order, this one did not."""

    shipment: str
    order: str
    order_number: str
    city: str
    at: int
    was: int
    moved: bool
    placed_by: str
    lat_e7: int | None
    lon_e7: int | None


class PlannedRun(msgspec.Struct, frozen=True, kw_only=True):
    """`number`: of the run that is planned again; None: a new one. `back`, `back_by`: return and
    end of the shift (ms). `weight_g` of `room_g`, `parcels` of `room_parcels` are used."""

    number: int | None
    vehicle: str
    leaves: int
    back: int
    back_by: int
    metres: int
    weight_g: int
    room_g: int
    parcels: int
    room_parcels: int
    stops: tuple[PlannedStop, ...]


class NotPlanned(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    order_number: str
    why: str


@row("run_plan")
class RunPlanRow(Row):
    """`state`: planning, proposed, failed, accepted (may be undone). `why`: asked, added, late,
    refused, failed, cancelled, hand. `now_m`: today's order driven to its end; `metres`: this."""

    id: str
    number: int
    state: str
    why: str
    at: int
    good_until: int | None
    changed_at: int
    by: str
    now_m: int
    metres: int
    moved: int
    runs: tuple[PlannedRun, ...]
    left_out: tuple[NotPlanned, ...]
    concerns: tuple[int, ...]


@projects("run_plan")
def show_plans(sink: RowSink, ids: Iterable[str]) -> None:
    found = sa.select(run_plan).where(run_plan.c.id.in_(list(ids)))
    for r in sink.conn.execute(found):
        if r.state in ("dropped", "undone", "settled"):
            sink.drop(board_scope(sink.site), "run_plan", r.id)
            continue
        sink.put(board_scope(sink.site), "run_plan", r.id, _row(sink.conn, r))


def _row(conn: Any, r: Any) -> RunPlanRow:
    body = msgspec.json.decode(r.body)
    numbers = _numbers(conn, [*body["ask"]["runs"], *body.get("before", {})])
    shown = RunPlanRow(
        **{f: getattr(r, f) for f in ("id", "number", "state", "why", "at", "good_until")},
        changed_at=r.changed_at,
        by="",
        now_m=0,
        metres=0,
        moved=0,
        runs=(),
        left_out=(),
        concerns=tuple(sorted(numbers.values())),
    )
    if r.state != "proposed":
        return shown
    offer = msgspec.convert(body["offer"], Offer)
    known = _orders(conn, [visit.id for visit in offer.visits])
    return msgspec.structs.replace(
        shown,
        by=offer.by,
        now_m=offer.now_m,
        metres=offer.m,
        moved=len(offer.moved),
        runs=_runs(offer, known, numbers),
        left_out=tuple(_not(known[one.shipment], one.why) for one in offer.left_out),
    )


def _numbers(conn: Any, ids: list[str]) -> dict[str, int]:
    found = sa.select(run.c.id, run.c.number).where(run.c.id.in_(ids))
    return {r.id: int(r.number) for r in conn.execute(found)}


def _orders(conn: Any, shipments: list[str]) -> dict[str, Any]:
    found = (
        sa.select(shipment.c.id, orders.c.id.label("order"), orders.c.number, orders.c.ship_to)
        .join(orders, orders.c.id == shipment.c.order_id)
        .where(shipment.c.id.in_(shipments))
    )
    return {r.id: r for r in conn.execute(found)}


def _runs(offer: Offer, known: dict[str, Any], numbers: dict[str, int]) -> tuple[PlannedRun, ...]:
    """Runs that call nowhere and did not before are not shown."""
    new = {one.van: one.vehicle for one in offer.new}
    made = []
    for van, journey in zip(offer.vans, offer.journeys, strict=True):
        if not journey.calls and not offer.now.get(van.id):
            continue
        aboard = [visit for visit in offer.visits if visit.id in journey.order]
        made.append(
            PlannedRun(
                number=numbers.get(van.id),
                vehicle=new.get(van.id, ""),
                leaves=van.leaves * 1000,
                back=journey.back * 1000,
                back_by=van.back * 1000,
                metres=journey.metres,
                weight_g=sum(visit.weight_g for visit in aboard),
                room_g=van.weight_g,
                parcels=sum(visit.parcels for visit in aboard),
                room_parcels=van.parcels,
                stops=_stops(offer, van.id, known),
            )
        )
    return tuple(made)


def _stops(offer: Offer, van: str, known: dict[str, Any]) -> tuple[PlannedStop, ...]:
    journey = next(j for j in offer.journeys if j.van == van)
    places = offer.place_of
    was = {s: at for at, s in enumerate(offer.now.get(van, ()), 1)}
    return tuple(
        PlannedStop(
            shipment=call.visit,
            order=known[call.visit].order,
            order_number=known[call.visit].number,
            city=msgspec.json.decode(known[call.visit].ship_to).get("city", ""),
            at=call.arrives * 1000,
            was=was.get(call.visit, 0),
            moved=call.visit in offer.moved,
            placed_by=places[call.visit].by,
            lat_e7=places[call.visit].lat_e7,
            lon_e7=places[call.visit].lon_e7,
        )
        for call in journey.calls
    )


def _not(order: Any, why: str) -> NotPlanned:
    return NotPlanned(order=order.order, order_number=order.number, why=why)
