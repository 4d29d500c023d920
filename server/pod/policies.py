"""Which proof policy a stop has: given when it is planned, and anew when the site's table changes.

A revision is the hash of what it says. Each that a driver was ever given is kept, so that a proof
made off-line is judged by the table that its driver had.
"""

import hashlib
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.ops import SettingPut
from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.catalog.tables import item
from server.kernel.events import reacts
from server.kernel.ops import OpContext
from server.orders.tables import order_line, orders
from server.pod.events import RunPlanned
from server.pod.rules import ONE_OF, Delivery, PodSettings, StopPolicy, asked, cut
from server.pod.tables import pod_policy, stop

SETTING = "pod"
shaped(SETTING, PodSettings)
_REV_LENGTH = 16


def settings_of(conn: Any, site: str) -> PodSettings:
    return msgspec.convert(get_setting(conn, site, SETTING, {}), PodSettings)


def policy_of(conn: Any, site: str, rev: str) -> StopPolicy | None:
    """None for a revision that nobody was given here."""
    found = sa.select(pod_policy.c.body).where(pod_policy.c.site == site, pod_policy.c.rev == rev)
    body = conn.execute(found).scalar()
    return msgspec.json.decode(body, type=StopPolicy) if body else None


def asks_pin(conn: Any, site: str, rev: str) -> bool:
    """Whether a delivery by this policy wants the receiver's PIN, or takes it for its proof."""
    policy = policy_of(conn, site, rev)
    wishes = asked(policy.clauses, "full", []) if policy else {}
    return wishes.get("pin") in ("mandatory", ONE_OF)


@reacts(RunPlanned)
def give(event: RunPlanned, ctx: OpContext) -> None:
    _give(ctx, settings_of(ctx.conn, ctx.site), event.stop, event.order)


@reacts(SettingPut)
def give_anew(event: SettingPut, ctx: OpContext) -> None:
    """Stops that are closed keep theirs."""
    if event.key != SETTING:
        return
    settings = settings_of(ctx.conn, ctx.site)
    found = sa.select(stop.c.id, stop.c.order_id).where(
        stop.c.site == ctx.site, stop.c.state != "closed"
    )
    for s in ctx.conn.execute(found.order_by(stop.c.id)).all():
        _give(ctx, settings, s.id, s.order_id)


def _give(ctx: OpContext, settings: PodSettings, stop_id: str, order_id: str) -> None:
    body = msgspec.json.encode(cut(settings, _delivery(ctx.conn, order_id)), order="deterministic")
    rev = hashlib.sha256(body).hexdigest()[:_REV_LENGTH]
    known = sa.select(pod_policy.c.rev).where(
        pod_policy.c.site == ctx.site, pod_policy.c.rev == rev
    )
    if ctx.conn.execute(known).first() is None:
        made = {"site": ctx.site, "rev": rev, "body": body.decode()}
        ctx.conn.execute(sa.insert(pod_policy).values(made))
    ctx.conn.execute(sa.update(stop).where(stop.c.id == stop_id).values(policy=rev))
    ctx.touch("stop", stop_id)


def _delivery(conn: Any, order_id: str) -> Delivery:
    of = sa.select(orders.c.customer, orders.c.total).where(orders.c.id == order_id)
    order = conn.execute(of).one()
    goods = (
        sa.select(
            order_line.c.sku,
            order_line.c.substitute,
            item.c.weight_class,
            item.c.temperature,
            item.c.dangerous,
        )
        .outerjoin(item, item.c.sku == sa.func.coalesce(order_line.c.substitute, order_line.c.sku))
        .where(order_line.c.order_id == order_id, order_line.c.picked > 0)
    )
    found = conn.execute(goods).all()
    skus = {sku for line in found for sku in (line.sku, line.substitute) if sku}
    classes = {
        word
        for line in found
        for word in (line.weight_class, line.temperature, "dangerous" if line.dangerous else "")
        if word
    }
    return Delivery(
        customer=order.customer,
        value=int(order.total),
        skus=frozenset(skus),
        classes=frozenset(classes),
    )
