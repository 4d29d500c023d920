"""A van leaves the dock: orders become shipped with what is aboard, the rest is put right."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor import discrepancies, tasks
from server.inventory import ledger
from server.kernel.errors import code
from server.kernel.ops import OpContext
from server.orders import store as order_store
from server.packing.ops import STAGE
from server.packing.tables import pack_line, pack_piece, parcel, shipment
from server.pod import deliveries
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.events import Departed
from server.pod.load_rules import LoadRules, Verdict, judged, lacking
from server.pod.run_lists import shipment_state
from server.pod.stops import van
from server.pod.tables import departure, load, run, stop

NOT_ALL_LOADED = code("not_all_loaded")
LOAD_MISSING = code("load_missing")
LOAD_DAMAGED = code("load_damaged")
LOAD_UNPROVEN = code("load_unproven")
_KIND = {"missing": LOAD_MISSING, "damaged": LOAD_DAMAGED}
_WHERE = {"missing": ledger.DISCREPANCY, "damaged": deliveries.RETURNS}
"""What nobody finds is a difference of the books; what is broken is looked at where returns are."""


def leave_with(
    ctx: OpContext,
    on: Any,
    stops: Any,
    vehicle: str,
    signature: str,
    photos: list[str],
    rules: LoadRules,
) -> None:
    ctx.conn.execute(
        sa.update(run)
        .where(run.c.id == on.id)
        .values(state="departed", departed_at=ctx.at, vehicle=vehicle)
    )
    ctx.conn.execute(
        sa.insert(departure).values(
            run=on.id,
            site=ctx.site,
            vehicle=vehicle,
            person=ctx.person,
            signature=signature,
            photos=msgspec.json.encode(photos).decode(),
            at=ctx.at,
        )
    )
    if lack := lacking(rules, signed=bool(signature), photos=len(photos)):
        details = {"run": on.number, "lack": ", ".join(lack)}
        discrepancies.open_one(ctx, LOAD_UNPROVEN, task=on.task, details=details)
    for s in stops:
        _leave_stop(ctx, s, vehicle, signature, photos)
        ctx.touch("stop", s.id)
    ctx.touch("run", on.id)
    _end_if_empty(ctx, on)


def _leave_stop(ctx: OpContext, s: Any, vehicle: str, signature: str, photos: list[str]) -> None:
    if s.state == "closed":
        return
    mine = sa.select(load).where(load.c.stop == s.id).order_by(load.c.parcel)
    loads = ctx.conn.execute(mine).all()
    found = judged({r.parcel: r.state for r in loads})
    if found is None:
        discrepancies.open_one(ctx, NOT_ALL_LOADED, order=s.order_id, task=s.task)
        return
    _take_out(ctx, s, {r.parcel: r.state for r in loads}, found)
    if not found.goes:
        _leave_behind(ctx, s, found.why)
        return
    ship(ctx, s, found.short)
    ctx.emit(
        Departed(
            order=s.order_id,
            run=s.run,
            vehicle=vehicle,
            tracking=_tracking(ctx, s, [r.parcel for r in loads if r.state == "loaded"]),
            eta=s.eta,
            signature=signature,
            photos=photos,
        )
    )


def ship(ctx: OpContext, s: Any, short: tuple[str, ...] = ()) -> None:
    """Onto the van with everything but what is in the parcels of `short`."""
    left = contents(ctx, short)
    for sku, qty in deliveries.goods(ctx, s.order_id):
        aboard = qty - left.get(sku, 0)
        ledger.move_any_lot(ctx, sku, aboard, STAGE, van(s.run), "ship", ref=s.shipment)
    deliveries.mark_shipped(ctx, s.order_id, left)
    shipment_state(ctx, s.shipment, "in_transit")
    order_store.move_if_legal(ctx, s.order_id, "shipped", "out_for_delivery")


def contents(ctx: OpContext, parcels: tuple[str, ...]) -> dict[str, int]:
    """SKU -> pieces, as they were packed."""
    if not parcels:
        return {}
    in_line = sa.and_(pack_line.c.task == pack_piece.c.task, pack_line.c.no == pack_piece.c.no)
    found = (
        sa.select(pack_line.c.sku, sa.func.sum(pack_piece.c.qty))
        .join(pack_line, in_line)
        .where(pack_piece.c.parcel.in_(parcels), pack_line.c.site == ctx.site)
        .group_by(pack_line.c.sku)
        .order_by(pack_line.c.sku)
    )
    return {sku: int(qty) for sku, qty in ctx.conn.execute(found)}


def _take_out(ctx: OpContext, s: Any, states: dict[str, str], found: Verdict) -> None:
    """Off the dock's books, out of the shipment, and onto the exceptions desk."""
    for number in found.short:
        why = states[number]
        for sku, qty in contents(ctx, (number,)).items():
            ledger.move_any_lot(ctx, sku, qty, STAGE, _WHERE[why], f"load_{why}", ref=s.shipment)
        ctx.conn.execute(sa.update(parcel).where(parcel.c.number == number).values(state=why))
        discrepancies.open_one(
            ctx,
            _KIND[why],
            operation="pod.depart",
            order=s.order_id,
            task=s.task,
            details={"parcel": number, "stop": s.id},
        )


def _leave_behind(ctx: OpContext, s: Any, why: str) -> None:
    """Nothing of it is aboard: the driver has no reason to go there."""
    ctx.conn.execute(
        sa.update(stop)
        .where(stop.c.id == s.id)
        .values(
            state="closed",
            outcome="failed",
            reason=why,
            closed_at=ctx.at,
            left_behind=True,
        )
    )
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == s.shipment)
        .values(state=why, reason=why, changed_at=ctx.at)
    )
    ctx.touch("task", s.task)
    ctx.touch("order", s.order_id)


def _end_if_empty(ctx: OpContext, on: Any) -> None:
    """Nowhere to go: nothing at all was aboard."""
    still = sa.select(stop.c.id).where(stop.c.run == on.id, stop.c.state != "closed")
    if ctx.conn.execute(still.limit(1)).first() is not None:
        return
    ctx.conn.execute(sa.update(run).where(run.c.id == on.id).values(state="closed"))
    task = tasks.get(ctx, on.task)
    if task is not None and not task.is_over:
        tasks.end(ctx, task, "done")


def _tracking(ctx: OpContext, s: Any, loaded: list[str]) -> str:
    """The waybill's number, or the first parcel's."""
    found = (
        sa.select(waybill.c.number)
        .join(waybill_of, waybill_of.c.waybill == waybill.c.id)
        .where(waybill_of.c.shipment == s.shipment)
    )
    return str(ctx.conn.execute(found).scalar() or min(loaded))
