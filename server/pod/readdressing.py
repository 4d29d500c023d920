"""An order goes elsewhere while its goods are at the bench or the dock.

A stop whose goods are not loaded is off its run, and waits for the next plan; one that is loaded
stays, at its new place, and its run is planned again. A plan that waits for a decision is made
anew. A carrier's waybill is void. What somebody has to make again by hand is told to the desk,
once, in one place.
"""

from typing import Any

import sqlalchemy as sa

from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.events import AddressChanged
from server.packing.relabel import sealed
from server.packing.tables import shipment
from server.pod.arrivals import reckon
from server.pod.carriers.ops import choose_for, void
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.geocoding import geocoder
from server.pod.paperwork.tables import order_paper
from server.pod.replans import OPEN, ask_again, asked_of, keep, start
from server.pod.run_lists import loaded, take_off
from server.pod.run_rules import places
from server.pod.tables import run, run_plan, stop

TO_MAKE_AGAIN = code("address_changed")


@reacts(AddressChanged)
def go_there_instead(event: AddressChanged, ctx: OpContext) -> None:
    _plan_anew(ctx, event.order)
    made = {
        "parcel": ", ".join(sealed(ctx, event.order)),
        "run": _runs(ctx, event),
        "waybill": _waybills(ctx, event.order),
        "papers": _papers(ctx, event.order),
    }
    if told := {name: what for name, what in made.items() if what}:
        discrepancies.open_one(ctx, TO_MAKE_AGAIN, order=event.order, details=told)


def _plan_anew(ctx: OpContext, order_id: str) -> None:
    """Plans that nobody has decided on yet drive to the former door."""
    mine = sa.select(shipment.c.id).where(shipment.c.order_id == order_id)
    shipments = ctx.conn.execute(mine).scalars().all()
    plans = sa.select(run_plan.c.id, run_plan.c.body).where(
        run_plan.c.site == ctx.site, run_plan.c.state.in_(OPEN)
    )
    for plan in ctx.conn.execute(plans.order_by(run_plan.c.id)).all():
        if any(f'"{s}"' in plan.body for s in shipments):
            keep(ctx, plan.id, "dropped")
            start(ctx, asked_of(plan.body), "address")


def _runs(ctx: OpContext, event: AddressChanged) -> str:
    """Numbers of the runs that keep the stop, because its goods are aboard."""
    found = (
        sa.select(stop, run.c.number)
        .join(run, run.c.id == stop.c.run)
        .where(stop.c.order_id == event.order, stop.c.state == "planned")
    )
    stay = []
    for s in ctx.conn.execute(found.order_by(stop.c.id)).all():
        if loaded(ctx.conn, [s.id]):
            _put_there(ctx, s, event.after)
            stay.append(f"#{s.number}")
        else:
            take_off(ctx, s)
        reckon(ctx, s.run)
        ask_again(ctx, s.run, "address")
    return ", ".join(stay)


def _put_there(ctx: OpContext, s: Any, address: dict[str, str]) -> None:
    where = geocoder(ctx.conn, ctx.site, places(ctx.conn, ctx.site), [address]).find(address)
    values = {
        "lat_e7": where.spot.lat_e7 if where else None,
        "lon_e7": where.spot.lon_e7 if where else None,
        "placed_by": where.by if where else "",
    }
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**values))
    ctx.touch("stop", s.id)


def _waybills(ctx: OpContext, order_id: str) -> str:
    """Numbers of other houses' waybills, which say where it was to go; our vans ask the order."""
    found = (
        sa.select(shipment.c.id, waybill.c.number)
        .join(waybill_of, waybill_of.c.shipment == shipment.c.id)
        .join(waybill, waybill.c.id == waybill_of.c.waybill)
        .where(shipment.c.order_id == order_id, waybill.c.carrier != OWN)
    )
    rows = ctx.conn.execute(found.order_by(waybill.c.number)).all()
    for order in void(ctx, [r.id for r in rows]):
        choose_for(ctx, order)
    return ", ".join(dict.fromkeys(r.number for r in rows))


def _papers(ctx: OpContext, order_id: str) -> str:
    """Numbers of the newest papers that were issued: they name the former address."""
    p = order_paper.c
    found = (
        sa.select(p.number)
        .where(p.order_id == order_id, p.source == "issued", p.withdrawn.is_(False))
        .distinct()
        .order_by(p.number)
    )
    return ", ".join(ctx.conn.execute(found).scalars())
