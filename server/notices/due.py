"""What the clock makes due: the day before a delivery, and carriers that let their day pass."""

import datetime as dt
from functools import partial
from typing import Any

import sqlalchemy as sa

from server.catalog.tables import setting
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Role
from server.notices.making import day, make, moment
from server.notices.rules import HOUR_MS
from server.notices.settings import SETTING, notice_rules
from server.notices.tables import notice
from server.orders.tables import orders
from server.packing.tables import shipment
from server.pod.carriers.tables import waybill, waybill_of
from server.pod.carriers.tariffs import OWN
from server.pod.expected import MOVING
from server.pod.run_rules import readable_rules
from server.pod.tables import stop
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx

MOST = 300
"""Of a site in one go; the rest is due the next time."""
FORGOTTEN_MS = 7 * 24 * HOUR_MS
"""A parcel that a carrier has not told of for so long is customer service's, not a notice's."""
_OVER = ("void", "delivered", "returned", "cancelled")


class LookAhead(Op):
    """Tell everybody of whom the clock says that it is time."""


@operation("notices.look_ahead.v1", kind=REQUEST, roles={Role.SYSTEM})
def look_ahead(op: LookAhead, ctx: OpContext) -> None:
    del op
    zone = readable_rules(ctx.conn, ctx.site).zone
    for order_id, tomorrow in coming_tomorrow(ctx.conn, ctx.site, ctx.now):
        when = day(ctx.conn, ctx.site, order_id, ctx.now)
        make(ctx, "day_before", order_id, tomorrow, day=when)
    for order_id, about, promised in overdue(ctx.conn, ctx.site, ctx.now):
        told = f"{moment(promised - 1, zone):%Y-%m-%d}"
        make(ctx, "delayed", order_id, about, promised=told)


def coming_tomorrow(conn: Any, site: str, now: int) -> list[tuple[str, str]]:
    """Orders that are expected tomorrow by the site's clock, once its hour has struck; and which
    day that is."""
    rules = notice_rules(conn, site)
    local = moment(now, readable_rules(conn, site).zone)
    if not rules.on or f"{local:%H:%M}" < rules.day_before_at:
        return []
    day_after = local.date() + dt.timedelta(days=1)
    start, end = (_midnight(day_after + dt.timedelta(days=d), local.tzinfo) for d in (0, 1))
    by_van = sa.select(stop.c.order_id).where(
        stop.c.site == site, stop.c.state == "planned", stop.c.eta >= start, stop.c.eta < end
    )
    # A carrier's day ends at its midnight.
    by_carrier = _bills(waybill.c.arrives_by > start, waybill.c.arrives_by <= end)
    wanted = sa.union(by_van, by_carrier.where(waybill.c.site == site)).subquery()
    found = (
        sa.select(orders.c.id)
        .join(wanted, wanted.c.order_id == orders.c.id)
        .where(orders.c.state.in_(MOVING), ~_told("day_before", sa.literal(f"{day_after}")))
        .order_by(orders.c.id)
        .limit(MOST)
    )
    return [(order_id, f"{day_after}") for order_id in conn.execute(found).scalars()]


def overdue(conn: Any, site: str, now: int) -> list[tuple[str, str, int]]:
    """Orders that a carrier has not delivered by its own day: the order, its waybill, the day."""
    if not notice_rules(conn, site).on:
        return []
    past = waybill.c.arrives_by > now - FORGOTTEN_MS, waybill.c.arrives_by <= now
    found = (
        _bills(*past)
        .add_columns(waybill.c.id, waybill.c.arrives_by)
        .join(orders, orders.c.id == shipment.c.order_id)
        .where(waybill.c.site == site, orders.c.state.in_(MOVING), ~_told("delayed", waybill.c.id))
        .order_by(orders.c.id)
        .limit(MOST)
    )
    return [(r.order_id, r.id, r.arrives_by) for r in conn.execute(found)]


def _bills(*when: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(shipment.c.order_id)
        .join(waybill_of, waybill_of.c.shipment == shipment.c.id)
        .join(waybill, waybill.c.id == waybill_of.c.waybill)
        .where(waybill.c.carrier != OWN, waybill.c.state.not_in(_OVER), *when)
    )


def _told(what: str, about: Any) -> sa.ColumnElement[bool]:
    same = notice.c.order_id == orders.c.id, notice.c.what == what, notice.c.about == about
    return sa.exists().where(*same)


def _midnight(day_: dt.date, zone: dt.tzinfo | None) -> int:
    return int(dt.datetime.combine(day_, dt.time(), zone).timestamp() * 1000)


def waiting(conn: Any, now: int) -> list[str]:
    """Sites where somebody is to be told."""
    sites = conn.execute(sa.select(setting.c.site).where(setting.c.key == SETTING)).scalars()
    return [s for s in sites.all() if coming_tomorrow(conn, s, now) or overdue(conn, s, now)]


async def look(store: Store) -> None:
    """A job of each minute; it looks before it writes."""
    now = store.clock()
    for site in await store.read(lambda conn: waiting(conn, now)):
        await store.run(partial(_submit, site=site))


def _submit(tx: Tx, site: str) -> None:
    submit(tx, site, "notices", "notices.look_ahead.v1", LookAhead())
