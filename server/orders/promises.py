"""The day that a customer is promised: the bare days of the order's type and a buffer that the
site has learned; and the learning, once a day.
"""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from server.catalog.queries import get_setting
from server.catalog.settings import shaped
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Role
from server.orders.buffers import Buffer, Kept, Learned, PromiseRules, buffer, learn, places_of
from server.orders.events import PromiseMade
from server.orders.tables import orders, promise_learned
from server.orders.validation import ShipTo
from server.store.submit import submit
from server.store.tx import Tx

SETTING = "promises"
DAY_MS = 86_400_000
MOST = 10_000
"""Deliveries that are learned from, the newest."""
shaped(SETTING, PromiseRules)


class Promise(msgspec.Struct, frozen=True):
    """`bare_at`: without the buffer; it is what is learned from. ms."""

    due_at: int
    bare_at: int
    days: int
    buffer: Buffer


def promise_rules(conn: Any, site: str) -> PromiseRules:
    """A setting that nobody can read counts as none."""
    try:
        return msgspec.convert(get_setting(conn, site, SETTING, {}), PromiseRules)
    except msgspec.ValidationError:
        return PromiseRules()


def promise(ctx: OpContext, kind: str, to: ShipTo) -> Promise:
    """For an order of this type that comes in now."""
    rules = promise_rules(ctx.conn, ctx.site)
    days = rules.days_of(kind)
    bare_at = ctx.at + days * DAY_MS
    more = Buffer()
    if kind in rules.buffered:
        places = places_of(to.country, to.postcode, rules.letters)
        zone = ZoneInfo(rules.timezone)
        more = buffer(_learned(ctx.conn, ctx.site), bare_at, places, rules, zone)
    return Promise(bare_at + more.days * DAY_MS, bare_at, days, more)


def tell(ctx: OpContext, order_id: str, made: Promise) -> None:
    """Why it is promised for later than the days of its type."""
    if made.buffer.days:
        why = msgspec.structs.asdict(made.buffer) | {
            "days": made.days,
            "buffer": made.buffer.days,
        }
        ctx.emit(PromiseMade(order=order_id, due_at=made.due_at, **why))


def _learned(conn: Any, site: str) -> Learned:
    found = sa.select(promise_learned.c.body).where(promise_learned.c.site == site)
    body = conn.execute(found).scalar()
    return msgspec.json.decode(body, type=Learned) if body else Learned()


class LearnPromises(Op):
    """A day has passed, with deliveries in it."""


@operation("orders.learn_promises.v1", kind=REQUEST, roles={Role.SYSTEM, Role.SUPERVISOR})
def learn_promises(_op: LearnPromises, ctx: OpContext) -> None:
    rules = promise_rules(ctx.conn, ctx.site)
    found = learn(_history(ctx, rules), rules, ZoneInfo(rules.timezone))
    ctx.conn.execute(sa.delete(promise_learned).where(promise_learned.c.site == ctx.site))
    body = msgspec.json.encode(found).decode()
    ctx.conn.execute(sa.insert(promise_learned).values(site=ctx.site, body=body, at=ctx.at))


def _history(ctx: OpContext, rules: PromiseRules) -> list[Kept]:
    """Orders whose day we named ourselves, and that came."""
    o = orders.c
    newest = (
        sa.select(o.promised_at, o.delivered_at, o.ship_to)
        .where(o.site == ctx.site, o.delivered_at > ctx.at - rules.history_days * DAY_MS)
        .where(o.promised_at > 0, o.type.in_(rules.buffered))
        .order_by(o.delivered_at.desc(), o.id)
        .limit(MOST)
    )
    return [
        Kept(r.promised_at, r.delivered_at, _places(r.ship_to, rules))
        for r in ctx.conn.execute(newest).all()
    ]


def _places(ship_to: str, rules: PromiseRules) -> tuple[str, ...]:
    to = msgspec.json.decode(ship_to)
    return places_of(to.get("country", ""), to.get("postcode", ""), rules.letters)


def unlearned(conn: Any, now: int) -> list[str]:
    """Sites with a delivery since they last learned, which is a day ago or more."""
    last = sa.func.coalesce(promise_learned.c.at, 0)
    found = (
        sa.select(orders.c.site)
        .outerjoin(promise_learned, promise_learned.c.site == orders.c.site)
        .where(orders.c.delivered_at > last, last <= now - DAY_MS)
        .distinct()
    )
    return sorted(conn.execute(found).scalars())


def learn_all(tx: Tx) -> int:
    """An hourly job; how many sites had something to learn."""
    sites = unlearned(tx.conn, tx.now)
    for site in sites:
        submit(tx, site, "promises", "orders.learn_promises.v1", LearnPromises())
    return len(sites)
