"""A whole pallet goes aboard by one scan of its number.

Each carton on it is loaded as if it had been scanned; one that is not on it is then reported like
any other parcel that does not go along, with its reason. What the books have on the pallet besides
is loaded too where it is of this run, and told to the supervisor where it is not.
"""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id
from server.packing.events import PalletBuilt
from server.packing.pallets import ON_PALLET
from server.packing.tables import parcel
from server.pod.loading import DRIVERS, LEFT, NOT_ON_RUN, RUN_LEFT, place_of, put_aboard
from server.pod.tables import load, stop

PALLET_HAS_OTHERS = code("pallet_has_others")
_NAMED = 20
"""Numbers in one message; whoever reads it looks at the pallet."""


class Carton(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stop: Id
    parcel: Id


class LoadPallet(Op):
    """`parcels`: what stands on it, and where each is going, as the driver's list had it; without
    those that were given a reason to stay here."""

    run: Id
    pallet: Id
    parcels: Annotated[list[Carton], Meta(min_length=1, max_length=500)]


@operation("pod.load_pallet.v1", kind=FACT, roles=DRIVERS)
def load_pallet(op: LoadPallet, ctx: OpContext) -> None:
    places = {c.parcel: place_of(ctx, op.run, c.stop, c.parcel) for c in op.parcels}
    known = {number: here for number, here in places.items() if here is not None}
    if not known:
        return ctx.divert(NOT_ON_RUN, parcel=op.pallet, run=op.run)
    if (first := next(iter(known.values()))).run_state in LEFT:
        return ctx.divert(RUN_LEFT, parcel=op.pallet, run=op.run, order=first.order_id)
    besides, others = _besides(ctx, op, known)
    for number, here in (known | besides).items():
        put_aboard(ctx, here, number)
    others += sorted(places.keys() - known.keys())
    if others:
        # The van may carry off what is on no list of its driver: somebody looks before it leaves.
        named = ", ".join(others[:_NAMED])
        return ctx.divert(PALLET_HAS_OTHERS, pallet=op.pallet, parcel=named, run=op.run)
    return None


def _besides(
    ctx: OpContext, op: LoadPallet, known: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What the books have on the pallet and the driver's list had not: of this run, with the place,
    unless somebody said why it stays; and of none or another."""
    on = sa.select(parcel.c.number).where(
        parcel.c.pallet == op.pallet, parcel.c.site == ctx.site, parcel.c.state.in_(ON_PALLET)
    )
    here = (
        sa.select(load.c.parcel, load.c.stop, load.c.state)
        .join(stop, stop.c.id == load.c.stop)
        .where(stop.c.run == op.run, stop.c.site == ctx.site, load.c.parcel.in_(on))
    )
    of_run = {r.parcel: r for r in ctx.conn.execute(here)}
    unsaid = [n for n in ctx.conn.execute(on.order_by(parcel.c.number)).scalars() if n not in known]
    besides = {
        number: place_of(ctx, op.run, of_run[number].stop, number)
        for number in unsaid
        if number in of_run and of_run[number].state == "planned"
    }
    return besides, [number for number in unsaid if number not in of_run]


@reacts(PalletBuilt)
def show_pallet(event: PalletBuilt, ctx: OpContext) -> None:
    """A driver who holds the list already knows the pallet without asking."""
    found = sa.select(load.c.stop).where(load.c.parcel.in_(event.parcels)).distinct()
    for stop_id in ctx.conn.execute(found.order_by(load.c.stop)).scalars().all():
        ctx.touch("stop", stop_id)
