"""When an order will be at its door, as far as anybody knows: what its van is reckoned to need,
else what its carrier has promised."""

from collections.abc import Collection
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from server.packing.tables import shipment
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.tables import run, stop

MOVING = frozenset({"packed", "shipped", "out_for_delivery", "hold"})
"""The states of an order in which somebody may have an arrival to tell."""
_OVER = ("void", "delivered", "returned", "cancelled")


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """`at` (ms): of a van when it comes, of a carrier the end of the day by which it is there.
    `opens_at`: before that nobody opens; 0: always. `on_way`, `there`: the van has left, is at the
    door. `delayed`: far later than was promised."""

    by: Literal["van", "carrier"]
    at: int
    opens_at: int = 0
    on_way: bool = False
    there: bool = False
    delayed: bool = False


def expected(conn: Any, order_ids: Collection[str], now: int) -> dict[str, Expected]:
    """By order; an order of which nobody knows anything is not in it."""
    ids = list(order_ids)
    if not ids:
        return {}
    told = {r.order_id: _of_carrier(r, now) for r in conn.execute(_BILLS, {"ids": ids})}
    return told | {r.order_id: _of_van(r) for r in conn.execute(_STOPS, {"ids": ids})}


_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_STOPS = (
    sa.select(
        *(stop.c[f] for f in ("order_id", "eta", "delayed", "opens_at", "state")),
        run.c.state.label("run_state"),
    )
    .join(run, run.c.id == stop.c.run)
    .where(stop.c.order_id.in_(_IDS), stop.c.state != "closed", stop.c.eta.is_not(None))
    .order_by(run.c.number)
)
_BILLS = (
    sa.select(shipment.c.order_id, shipment.c.state, waybill.c.arrives_by)
    .join(waybill_of, waybill_of.c.shipment == shipment.c.id)
    .join(waybill, waybill.c.id == waybill_of.c.waybill)
    .where(shipment.c.order_id.in_(_IDS), waybill.c.carrier != OWN)
    .where(waybill.c.state.not_in(_OVER))
    .order_by(waybill.c.arrives_by)
)


def _of_van(r: Any) -> Expected:
    return Expected(
        by="van",
        at=r.eta,
        opens_at=r.opens_at,
        on_way=r.run_state == "departed",
        there=r.state == "arrived",
        delayed=bool(r.delayed),
    )


def _of_carrier(r: Any, now: int) -> Expected:
    """A carrier that has not delivered by its own day is late, whatever was promised before."""
    on_way = r.state != "packed"
    return Expected(by="carrier", at=r.arrives_by, on_way=on_way, delayed=now >= r.arrives_by)
