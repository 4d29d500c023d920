"""A carrier is chosen for a packed shipment, and comes to fetch it.

shipment packed -> carrier chosen (by a person, or by itself) -> pickup booked, or onto a run
"""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.kernel.errors import Refusal, code
from server.kernel.events import reacts
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Id, Moment, Role
from server.orders.events import OrderMoved
from server.packing.tables import shipment
from server.pod.carriers.adapter import Carrier
from server.pod.carriers.consigning import (
    Waiting,
    carriers_of,
    carriers_setting,
    records_of,
    together,
    waiting,
)
from server.pod.carriers.events import CarrierChosen, PickupBooked
from server.pod.carriers.money import shares
from server.pod.carriers.refusals import NO_CARRIERS, NO_FIT
from server.pod.carriers.rules import Compared, compare
from server.pod.carriers.shapes import Quote, Waybill, Window
from server.pod.carriers.tables import pickup, waybill, waybill_of
from server.pod.carriers.tariffs import OWN, Carriers

UNKNOWN_SERVICE = "no_such_service"
UNKNOWN = code("shipment_unknown")
NOT_WAITING = code("shipment_not_waiting")
OTHER_DOOR = code("not_one_door")
NOTHING_TO_FETCH = code("nothing_to_fetch")
BAD_WINDOW = code("bad_window")
WHO = frozenset({Role.SUPERVISOR, Role.SYSTEM})


class ChooseCarrier(Op):
    """One waybill for `shipments` (to one door). Without `carrier` and `service` the cheapest or,
    where it is urgent, the fastest. Once more before loading: the waybill before is void."""

    shipments: Annotated[list[Id], Meta(min_length=1, max_length=50)]
    carrier: Annotated[str, Meta(max_length=32)] = ""
    service: Annotated[str, Meta(max_length=32)] = ""


@operation("pod.choose_carrier.v1", kind=REQUEST, roles=WHO)
def choose_carrier(op: ChooseCarrier, ctx: OpContext) -> None:
    setting = carriers_setting(ctx.conn, ctx.site)
    wanted = list(dict.fromkeys(op.shipments))
    choose(ctx, setting, _ready(ctx, setting, wanted), op.carrier, op.service, by_rule=False)


def _ready(ctx: OpContext, setting: Carriers, wanted: list[str]) -> list[Waiting]:
    found = waiting(ctx.conn, ctx.site, wanted, setting, ctx.at)
    if missing := set(wanted) - {w.id for w in found}:
        raise Refusal(UNKNOWN, field="shipments", value=min(missing))
    for w in found:
        if w.state != "packed":
            raise Refusal(NOT_WAITING, field="shipments", value=w.id, state=w.state)
    if len({w.door for w in found}) > 1:
        raise Refusal(OTHER_DOOR, field="shipments", value=found[-1].id)
    return found


def choose(
    ctx: OpContext,
    setting: Carriers,
    found: list[Waiting],
    carrier: str,
    service: str,
    *,
    by_rule: bool,
) -> None:
    """Refuses `no_carriers`, `no_carrier_fits`, `waybills_used_up`."""
    goods = together(found)
    asked = carriers_of(setting, ctx.next_number)
    if not asked:
        raise Refusal(NO_CARRIERS, field="carriers", mend="carriers")
    records = records_of(ctx.conn, ctx.site, setting, ctx.at)
    compared = compare(goods, [c.rates(goods) for c in asked], setting.currency, records)
    quote = _taken(compared, carrier, service)
    made = next(c for c in asked if c.id == quote.carrier).ship(goods, quote.service)
    void(ctx, [w.id for w in found])
    _keep(ctx, found, quote, made, by_rule=by_rule)


def _taken(compared: Compared, carrier: str, service: str) -> Quote:
    for quote in compared.offers:
        if carrier in ("", quote.carrier) and service in ("", quote.service):
            return quote
    of = [no for no in compared.refused if carrier in ("", no.carrier)]
    if not of:
        mend = ", ".join(f"{q.carrier} {q.service}" for q in compared.offers)
        asked = f"{carrier} {service}".strip()
        raise Refusal(NO_FIT, field="carrier", value=asked, because=UNKNOWN_SERVICE, mend=mend)
    no = of[0]
    raise Refusal(
        NO_FIT, field=no.field, value=no.value, because=no.why, mend=no.mend, by=no.carrier
    )


def void(ctx: OpContext, shipments: list[str]) -> list[str]:
    """Also of shipments that shared the waybill and are not chosen for now. The orders that were
    on it."""
    old = list(
        ctx.conn.execute(
            sa.select(waybill_of.c.waybill).where(waybill_of.c.shipment.in_(shipments)).distinct()
        ).scalars()
    )
    if not old:
        return []
    ctx.conn.execute(sa.update(waybill).where(waybill.c.id.in_(old)).values(state="void"))
    shared = sa.select(waybill_of.c.shipment).where(waybill_of.c.waybill.in_(old))
    found = sa.select(shipment.c.order_id).where(shipment.c.id.in_(shared)).distinct()
    orders = list(ctx.conn.execute(found.order_by(shipment.c.order_id)).scalars())
    for order in orders:
        ctx.touch("order", order)
    ctx.conn.execute(sa.delete(waybill_of).where(waybill_of.c.waybill.in_(old)))
    return orders


def _keep(
    ctx: OpContext, found: list[Waiting], quote: Quote, made: Waybill, *, by_rule: bool
) -> None:
    key = ctx.new_id()
    fields = ("carrier", "carrier_name", "service", "service_name", "currency", "arrives_by")
    ctx.conn.execute(
        sa.insert(waybill).values(
            {f: getattr(quote, f) for f in fields}
            | {
                "id": key,
                "site": ctx.site,
                "number": made.number,
                "barcode": made.barcode,
                "state": "open",
                "parts": msgspec.json.encode(quote.parts).decode(),
                "total": quote.total,
                "by_rule": by_rule,
                "created_at": ctx.at,
            }
        )
    )
    for w, share in zip(found, shares(quote.total, len(found)), strict=True):
        ctx.conn.execute(sa.insert(waybill_of).values(shipment=w.id, waybill=key))
        ctx.emit(
            CarrierChosen(
                order=w.order,
                shipment=w.id,
                carrier=quote.carrier_name,
                service=quote.service_name,
                number=made.number,
                total=quote.total,
                currency=quote.currency,
                by_rule=by_rule,
                share=share,
            )
        )


@reacts(OrderMoved)
def choose_by_itself(event: OrderMoved, ctx: OpContext) -> None:
    """When an order's last parcel is sealed; what nobody can take goes onto the exceptions desk."""
    if event.after != "packed":
        return
    choose_for(ctx, event.order)


def choose_for(ctx: OpContext, order_id: str) -> None:
    try:
        setting = carriers_setting(ctx.conn, ctx.site)
        for shipment_id in _unplaced(ctx, order_id) if setting.by_itself else ():
            choose(ctx, setting, _ready(ctx, setting, [shipment_id]), "", "", by_rule=True)
    except Refusal as refusal:
        discrepancies.open_one(
            ctx,
            refusal.code,
            operation="pod.choose_carrier",
            order=order_id,
            details=refusal.data,
        )


def _unplaced(ctx: OpContext, order_id: str) -> list[str]:
    found = (
        sa.select(shipment.c.id)
        .outerjoin(waybill_of, waybill_of.c.shipment == shipment.c.id)
        .where(shipment.c.order_id == order_id, shipment.c.state == "packed")
        .where(waybill_of.c.waybill.is_(None))
    )
    return list(ctx.conn.execute(found.order_by(shipment.c.id)).scalars())


class BookPickup(Op):
    """The carrier comes between `opens_at` and `closes_at` for all of its waybills that wait."""

    carrier: Annotated[str, Meta(min_length=1, max_length=32)]
    opens_at: Moment
    closes_at: Moment


@operation("pod.book_pickup.v1", kind=REQUEST, roles=WHO)
def book_pickup(op: BookPickup, ctx: OpContext) -> None:
    setting = carriers_setting(ctx.conn, ctx.site)
    carrier = _carrier(setting, ctx, op.carrier)
    if not max(ctx.at, op.opens_at) < op.closes_at:
        raise Refusal(BAD_WINDOW, field="closes_at", value=str(op.closes_at))
    bills = _to_fetch(ctx, op.carrier)
    if carrier is None or not bills:
        raise Refusal(NOTHING_TO_FETCH, field="carrier", value=op.carrier)
    booked = carrier.pickup(Window(op.opens_at, op.closes_at))
    key = ctx.new_id()
    ctx.conn.execute(
        sa.insert(pickup).values(
            id=key,
            site=ctx.site,
            carrier=op.carrier,
            reference=booked.reference,
            opens_at=booked.window.opens_at,
            closes_at=booked.window.closes_at,
            waybills=len({b.id for b in bills}),
        )
    )
    taken = sorted({b.id for b in bills})
    ctx.conn.execute(sa.update(waybill).where(waybill.c.id.in_(taken)).values(pickup=key))
    for b in bills:
        ctx.emit(
            PickupBooked(
                order=b.order_id,
                carrier=carrier.name,
                reference=booked.reference,
                number=b.number,
                opens_at=booked.window.opens_at,
                closes_at=booked.window.closes_at,
            )
        )


def _carrier(setting: Carriers, ctx: OpContext, name: str) -> Carrier | None:
    """Nobody fetches with the house's own vans: they are loaded."""
    known = (c for c in carriers_of(setting, ctx.next_number) if c.id != OWN)
    return next((c for c in known if c.id == name), None)


def _to_fetch(ctx: OpContext, carrier: str) -> list[Any]:
    found = (
        sa.select(waybill.c.id, waybill.c.number, shipment.c.order_id)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .join(shipment, shipment.c.id == waybill_of.c.shipment)
        .where(
            waybill.c.site == ctx.site,
            waybill.c.carrier == carrier,
            waybill.c.state == "open",
            waybill.c.pickup.is_(None),
            shipment.c.state == "packed",
        )
        .order_by(waybill.c.id, shipment.c.id)
    )
    return list(ctx.conn.execute(found).all())
