"""Cartons onto a pallet with a number and a label of its own.

pallet: ready (its number waits with the packer) -> open -> built

Each packer has a few numbers ready, so that a pallet can be built without a network.
"""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.kernel.errors import code
from server.kernel.feeds import Row, person_scope, row
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id
from server.packing import numbers, settings
from server.packing.cartons import PACKERS
from server.packing.events import PalletBuilt
from server.packing.tables import pallet, parcel

PALLET_UNKNOWN = code("pallet_unknown")
PALLET_BUILT = code("pallet_built")
NOT_FOR_PALLET = code("parcel_not_for_pallet")
ON_PALLET = ("packed", "loaded")
"""States in which a carton may stand on a pallet."""


@row("pallet")
class PalletRow(Row):
    """Key: its number. A pallet that this packer may build; gone once it is built."""

    number: str
    parcels: list[str]


class BuildPallet(Op):
    """These cartons stand on the pallet now, all told. `built`: it is complete and labelled."""

    pallet: Id
    parcels: Annotated[list[Id], Meta(max_length=500)]
    built: bool = False


@operation("packing.build_pallet.v1", kind=FACT, roles=PACKERS)
def build_pallet(op: BuildPallet, ctx: OpContext) -> None:
    found = sa.select(pallet).where(pallet.c.number == op.pallet, pallet.c.site == ctx.site)
    here = ctx.conn.execute(found.with_for_update()).first()
    if here is None or here.person != ctx.person:
        return ctx.divert(PALLET_UNKNOWN, pallet=op.pallet, parcels=len(op.parcels))
    if here.state == "built":
        return ctx.divert(PALLET_BUILT, pallet=op.pallet, parcels=len(op.parcels))
    fit = _fit(ctx, op.parcels)
    off = sa.update(parcel).where(parcel.c.pallet == op.pallet)
    ctx.conn.execute(off.values(pallet=None))
    on = sa.update(parcel).where(parcel.c.number.in_(sorted(fit)))
    ctx.conn.execute(on.values(pallet=op.pallet))
    _state(ctx, op, here.person, [number for number in op.parcels if number in fit])
    if op.built:
        for order in sorted(set(fit.values())):
            mine = sorted(number for number, of in fit.items() if of == order)
            ctx.emit(PalletBuilt(order=order, pallet=op.pallet, parcels=mine))
    if strange := [number for number in op.parcels if number not in fit]:
        return ctx.divert(NOT_FOR_PALLET, pallet=op.pallet, parcel=", ".join(strange[:20]))
    return None


def _fit(ctx: OpContext, wanted: list[str]) -> dict[str, str]:
    """The cartons that are sealed and not void, and whose order each is."""
    found = sa.select(parcel.c.number, parcel.c.order_id).where(
        parcel.c.site == ctx.site,
        parcel.c.number.in_(sorted(set(wanted))),
        parcel.c.state.in_(ON_PALLET),
    )
    return {r.number: r.order_id for r in ctx.conn.execute(found)}


def _state(ctx: OpContext, op: BuildPallet, person: str, parcels: list[str]) -> None:
    change = sa.update(pallet).where(pallet.c.number == op.pallet)
    scope = person_scope(person)
    if not op.built:
        ctx.conn.execute(change.values(state="open"))
        ctx.put(scope, "pallet", op.pallet, PalletRow(number=op.pallet, parcels=parcels))
        return
    ctx.conn.execute(change.values(state="built", built_by=ctx.person, built_at=ctx.at))
    ctx.drop(scope, "pallet", op.pallet)
    keep_numbers_ready(ctx, person)


def keep_numbers_ready(ctx: OpContext, person: str) -> None:
    """As many unused pallet numbers as the site wants a packer to have."""
    free = sa.select(sa.func.count()).where(
        pallet.c.person == person, pallet.c.site == ctx.site, pallet.c.state == "ready"
    )
    missing = settings.packing(ctx.conn, ctx.site).pallet_numbers
    missing -= int(ctx.conn.execute(free).scalar_one())
    for _ in range(missing):
        number = numbers.for_pallet(ctx)
        new = {"number": number, "site": ctx.site, "person": person, "state": "ready"}
        ctx.conn.execute(sa.insert(pallet).values(**new))
        ctx.put(person_scope(person), "pallet", number, PalletRow(number=number, parcels=[]))
