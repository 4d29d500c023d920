"""What a carrier tells of a parcel: kept in our words, and followed where it may be.

A repeated event makes nothing twice; a late one is recorded and flagged, and moves nothing unless
it says that the goods were handed over or are back.
"""

import hashlib
from typing import Annotated, Any

import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id, Moment, Role, Text
from server.orders import store as order_store
from server.packing.ops import STAGE
from server.packing.tables import shipment
from server.pod import deliveries
from server.pod.carriers.consigning import carriers_of, readable_carriers
from server.pod.carriers.events import CarrierReported
from server.pod.carriers.states import TOLD, State, follows
from server.pod.carriers.tables import carrier_event, waybill, waybill_of
from server.pod.carriers.tracking import normalised

WAYBILL_UNKNOWN = code("waybill_unknown")
WAYBILL_MISTYPED = code("waybill_mistyped")
_DESK = {
    "attempt_failed": code("carrier_attempt_failed"),
    "exception": code("carrier_exception"),
    "cancelled": code("carrier_cancelled"),
}
AGAINST_BOOKS = code("carrier_against_books")
"""It says delivered or returned of what the books have otherwise."""


def place_of(bill: Any) -> str:
    """Where goods are while a carrier has them."""
    return f"CARRIER/{bill.id}"


class CarrierEvent(Op):
    """`ref`: the carrier's own key of the event; without one it is made of what it says.
    `happened_at`: by the carrier's clock; 0 where it gives none."""

    number: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
    source: Id
    ref: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    code: Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    text: Text = ""
    happened_at: Moment = 0
    seq: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    place: Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


@operation("pod.carrier_event.v1", kind=FACT, roles={Role.SYSTEM, Role.SUPERVISOR, Role.SERVICE})
def hear_carrier(op: CarrierEvent, ctx: OpContext) -> None:
    bill = _bill(ctx, op)
    if bill is None:
        return ctx.divert(_why_unknown(ctx, op), field="number", value=op.number, source=op.source)
    ref = ref_of(op)
    if _is_known(ctx, op.source, ref):
        return None
    at = op.happened_at or ctx.at
    is_late = bill.told_at is not None and at < bill.told_at
    state = _state(ctx, op, bill)
    _keep(ctx, op, bill, ref, state, at, is_late=is_late)
    for s in _shipments(ctx, bill.id):
        _follow(ctx, bill, s, state, at, is_late=is_late)
        ctx.emit(
            CarrierReported(
                order=s.order_id,
                carrier=bill.carrier_name,
                number=bill.number,
                state=state,
                text=op.text,
                place=op.place,
                happened_at=at,
                late=is_late,
            )
        )
    return None


def _bill(ctx: OpContext, op: CarrierEvent) -> Any:
    """Of the carrier that tells it; numbers of two carriers may be alike."""
    number = "".join(op.number.split())
    found = sa.select(waybill).where(
        waybill.c.site == ctx.site, waybill.c.number == number, waybill.c.carrier == op.source
    )
    newest = found.order_by(waybill.c.created_at.desc(), waybill.c.id)
    return ctx.conn.execute(newest.limit(1).with_for_update()).first()


def _why_unknown(ctx: OpContext, op: CarrierEvent) -> str:
    setting = readable_carriers(ctx.conn, ctx.site)
    known = [c for c in carriers_of(setting, ctx.next_number) if c.id == op.source]
    return WAYBILL_MISTYPED if known and not known[0].valid_number(op.number) else WAYBILL_UNKNOWN


def ref_of(op: CarrierEvent) -> str:
    """The carrier's own key of the event, or one that is made of what it says."""
    if op.ref:
        return op.ref
    told = "\x1f".join([op.number, op.code, op.text, str(op.happened_at), op.place])
    return hashlib.sha256(told.encode()).hexdigest()


def _is_known(ctx: OpContext, source: str, ref: str) -> bool:
    found = sa.select(carrier_event.c.ref).where(
        carrier_event.c.site == ctx.site,
        carrier_event.c.source == source,
        carrier_event.c.ref == ref,
    )
    return ctx.conn.execute(found).first() is not None


def _state(ctx: OpContext, op: CarrierEvent, bill: Any) -> State:
    codes = readable_carriers(ctx.conn, ctx.site).codes.get(bill.carrier, {})
    return normalised(op.code, op.text, codes, bill.state)


def _keep(
    ctx: OpContext, op: CarrierEvent, bill: Any, ref: str, state: str, at: int, *, is_late: bool
) -> None:
    ctx.conn.execute(
        sa.insert(carrier_event).values(
            site=ctx.site,
            source=op.source,
            ref=ref,
            waybill=bill.id,
            state=state,
            code=op.code,
            text=op.text,
            place=op.place,
            happened_at=at,
            seq=op.seq,
            late=is_late,
            at=ctx.at,
        )
    )
    if bill.state == "void":
        return
    values: dict[str, Any] = {} if is_late or state == "unknown" else {"state": state}
    if state == "delivered":
        values["delivered_at"] = at
    newest = at if bill.told_at is None else max(at, bill.told_at)
    ctx.conn.execute(
        sa.update(waybill).where(waybill.c.id == bill.id).values(told_at=newest, **values)
    )


def _shipments(ctx: OpContext, bill: str) -> list[Any]:
    found = (
        sa.select(shipment)
        .join(waybill_of, waybill_of.c.shipment == shipment.c.id)
        .where(waybill_of.c.waybill == bill)
        .order_by(shipment.c.id)
    )
    return list(ctx.conn.execute(found.with_for_update()).all())


def _follow(ctx: OpContext, bill: Any, s: Any, state: State, at: int, *, is_late: bool) -> None:
    to = follows(s.state, state, is_late=is_late)
    if to is not None:
        _move(ctx, bill, s, state, to)
    elif state in ("delivered", "returned") and s.state not in _AGREES[state]:
        _tell(ctx, AGAINST_BOOKS, bill, s, state, at)
    if state in TOLD and not is_late:
        _tell(ctx, _DESK[state], bill, s, state, at)


_AGREES = {"delivered": ("closed",), "returned": ("returned",)}


def _tell(ctx: OpContext, kind: str, bill: Any, s: Any, state: str, at: int) -> None:
    details = {"number": bill.number, "carrier": bill.carrier_name, "state": state, "at": at}
    discrepancies.open_one(
        ctx, kind, operation="pod.carrier_event", order=s.order_id, details=details
    )


def _move(ctx: OpContext, bill: Any, s: Any, state: State, to: str) -> None:
    """Goods leave the dock with the first word that they are underway."""
    if s.state == "packed":
        _book(ctx, s, STAGE, place_of(bill), "ship")
        deliveries.mark_shipped(ctx, s.order_id)
        order_store.move_if_legal(ctx, s.order_id, "shipped")
    values: dict[str, Any] = {"state": to, "changed_at": ctx.at}
    if to == "closed":
        _book(ctx, s, place_of(bill), ledger.WORLD, "deliver")
        deliveries.mark_delivered(ctx, s.order_id)
        order_store.move_if_legal(ctx, s.order_id, "delivered")
        values["outcome"] = "full"
    elif to == "returned":
        _book(ctx, s, place_of(bill), deliveries.RETURNS, "return")
        values["outcome"] = "failed"
    elif to == "out_for_delivery":
        order_store.move_if_legal(ctx, s.order_id, "out_for_delivery")
    if to in ("returning", "returned") and s.state not in ("returning", "returned"):
        _tell(ctx, deliveries.DELIVERY_FAILED, bill, s, state, ctx.at)
    ctx.conn.execute(sa.update(shipment).where(shipment.c.id == s.id).values(**values))


def _book(ctx: OpContext, s: Any, from_bin: str, to_bin: str, why: str) -> None:
    for sku, qty in deliveries.goods(ctx, s.order_id):
        ledger.move_any_lot(ctx, sku, qty, from_bin, to_bin, why, ref=s.id)
