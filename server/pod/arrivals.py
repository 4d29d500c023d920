"""Arrivals told again whenever something is known of the van: it left, came, closed a stop, or did
none of these in time. A stop that will miss its window has the rest of its run planned again; one
that comes a day late is told to customer service, once, until it is true no longer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.kernel.errors import code
from server.kernel.events import reacts
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id, Role
from server.orders.events import OrderCancelled
from server.orders.tables import orders
from server.pod.distances import Door, Spot, great_circle_m, leg_m
from server.pod.eta import Ahead, Arrival, Pace, Took, arrivals, is_delayed, nearly_same, pace
from server.pod.events import Arrived, DelayForeseen, DelayOver, Departed, StopClosed
from server.pod.geocoding import key_of
from server.pod.replans import ask_again, settle
from server.pod.run_lists import loaded, open_stops, take_off
from server.pod.run_rules import RunRules, readable_rules
from server.pod.tables import run, stop

DELAYED = code("delivery_delayed")
DAY_MS = 86_400_000


class ReckonArrivals(Op):
    """Time has passed in which nothing was heard of this run."""

    run: Id


@operation("pod.reckon_arrivals.v1", kind=FACT, roles={Role.SYSTEM})
def reckon_arrivals(op: ReckonArrivals, ctx: OpContext) -> None:
    reckon(ctx, op.run)


@reacts(Departed)
def on_the_road(event: Departed, ctx: OpContext) -> None:
    """Once a run, with what the site has learned by then."""
    settle(ctx, [event.run])
    first = sa.select(run).where(run.c.id == event.run, run.c.free_at.is_(None))
    if ctx.conn.execute(first).first() is None:
        return
    learned = learn(ctx.conn, ctx.site, _rules(ctx))
    values = {"free_at": ctx.at, "drive_pm": learned.drive, "serve_pm": learned.serve}
    ctx.conn.execute(sa.update(run).where(run.c.id == event.run).values(**values))
    reckon(ctx, event.run)


@reacts(Arrived)
def at_the_door(event: Arrived, ctx: OpContext) -> None:
    r, s = _run(ctx, event.run), _stop(ctx, event.stop)
    if r is None or s is None:
        return
    took = {"eta": ctx.at}
    if r.free_at is not None and s.drove_s is None:
        took["drove_s"] = _seconds(r.free_at, ctx.at)
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**took))
    _seen(ctx, event.run, _spot(s))
    reckon(ctx, event.run)


@reacts(StopClosed)
def off_again(event: StopClosed, ctx: OpContext) -> None:
    """The next leg begins; a good fix teaches where the address is. A proof that is only kept, or
    corrects one that stood, says nothing of where the van is now."""
    s = _stop(ctx, event.stop)
    if s is None or not event.stands or event.corrects:
        return
    if s.arrived_at is not None and s.served_s is None:
        took = {"served_s": _seconds(s.arrived_at, ctx.at)}
        ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**took))
    ctx.conn.execute(sa.update(run).where(run.c.id == event.run).values(free_at=ctx.at))
    if (fix := _fix(event)) is not None:
        rules = _rules(ctx)
        if event.outcome != "failed" and (event.acc_cm or 0) <= rules.near_m * 100:
            _learn_place(ctx, event.order, fix)
        _from_where_it_stands(ctx, s, fix, rules)
    _seen(ctx, event.run, fix or _spot(s))
    reckon(ctx, event.run, closing=event.stop)
    if event.outcome in ("refused", "failed"):
        ask_again(ctx, event.run, event.outcome, leaving=event.stop)


@reacts(OrderCancelled)
def calls_there_no_more(event: OrderCancelled, ctx: OpContext) -> None:
    """A stop whose goods are still at the dock is off the list."""
    found = sa.select(stop).where(stop.c.order_id == event.order, stop.c.state == "planned")
    for s in ctx.conn.execute(found.order_by(stop.c.id)).all():
        if not loaded(ctx.conn, [s.id]):
            take_off(ctx, s)
            reckon(ctx, s.run)
            ask_again(ctx, s.run, "cancelled")


def reckon(ctx: OpContext, run_id: str, closing: str = "") -> None:
    """All open stops of the run anew. `closing`: the stop that is being closed right now."""
    r = _run(ctx, run_id)
    if r is None or r.state == "closed" or not _is_planned(r):
        return
    rules = _rules(ctx)
    ahead = [s for s in _ahead(ctx, run_id) if s.id != closing]
    begun = r.free_at if r.free_at is not None else max(r.leaves_at, 0)
    told = arrivals(begun, ctx.at, _pace(ctx, r, rules), [_door(s) for s in ahead])
    for s, arrival in zip(ahead, told, strict=True):
        _tell(ctx, s, arrival, rules)
    _back(ctx, r, ahead, told, rules)
    missed = [a.id for a in told if a.missed]
    if missed and set(missed) - set(r.late_stops.split()):
        ctx.conn.execute(
            sa.update(run).where(run.c.id == run_id).values(late_stops=" ".join(missed))
        )
        ask_again(ctx, run_id, "late", leaving=closing)


def _is_planned(r: Any) -> bool:
    """A run that nobody gave times to has none to tell, unless it is on the road."""
    return bool(r.leaves_at)


def _ahead(ctx: OpContext, run_id: str) -> Sequence[Any]:
    """Stops that were planned into the day; those that were left out of it have no arrival."""
    found = (
        sa.select(stop, orders.c.due_at)
        .join(orders, orders.c.id == stop.c.order_id)
        .where(stop.c.run == run_id, stop.c.state != "closed", stop.c.eta.is_not(None))
    )
    return list(ctx.conn.execute(found.order_by(stop.c.seq, stop.c.id)))


def _door(s: Any) -> Ahead:
    arrived = s.arrived_at if s.state == "arrived" else None
    return Ahead(s.id, s.leg_s, s.service_s, s.opens_at, s.closes_at, arrived)


def _pace(ctx: OpContext, r: Any, rules: RunRules) -> Pace:
    mine = sa.select(stop.c.leg_s, stop.c.drove_s, stop.c.service_s, stop.c.served_s)
    rows = ctx.conn.execute(mine.where(stop.c.run == r.id)).all()
    return _of_rows(rows, Pace(r.drive_pm, r.serve_pm), rules)


def learn(conn: Any, site: str, rules: RunRules) -> Pace:
    """The pace of the site's last stops."""
    newest = (
        sa.select(stop.c.leg_s, stop.c.drove_s, stop.c.service_s, stop.c.served_s)
        .where(stop.c.site == site, stop.c.arrived_at.is_not(None))
        .order_by(stop.c.arrived_at.desc())
        .limit(rules.learned_stops)
    )
    return _of_rows(conn.execute(newest).all(), Pace(), rules)


def _of_rows(rows: Iterable[Any], prior: Pace, rules: RunRules) -> Pace:
    rows = list(rows)
    weight_s = rules.pace_min * 60
    drove = [Took(r.leg_s, r.drove_s) for r in rows if r.drove_s is not None]
    served = [Took(r.service_s, r.served_s) for r in rows if r.served_s is not None]
    return Pace(pace(drove, prior.drive, weight_s), pace(served, prior.serve, weight_s))


def _tell(ctx: OpContext, s: Any, arrival: Arrival, rules: RunRules) -> None:
    delayed = is_delayed(arrival.begins, s.due_at, rules.delay_h)
    if nearly_same(s.eta, arrival.at, rules.eta_step_min) and delayed == bool(s.delayed):
        return
    values = {"eta": arrival.at, "delayed": delayed}
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**values))
    ctx.touch("stop", s.id)
    ctx.touch("order", s.order_id)
    if delayed != bool(s.delayed):
        _tell_service(ctx, s, arrival.begins, over=not delayed)


def _tell_service(ctx: OpContext, s: Any, eta: int, *, over: bool) -> None:
    """Once: what a person has settled is not opened again while it is still true."""
    if not over:
        ctx.emit(DelayForeseen(order=s.order_id, stop=s.id, eta=eta, promised=s.due_at))
        details = {"eta": eta, "promised": s.due_at, "stop": s.id}
        discrepancies.open_one(ctx, DELAYED, order=s.order_id, task=s.task, details=details)
        return
    ctx.emit(DelayOver(order=s.order_id, stop=s.id, eta=eta))
    still = sa.select(discrepancy.c.id).where(
        discrepancy.c.order_id == s.order_id,
        discrepancy.c.kind == DELAYED,
        discrepancy.c.state == "open",
    )
    for name in ctx.conn.execute(still).scalars().all():
        discrepancies.settle(ctx, name)


def _back(
    ctx: OpContext, r: Any, ahead: Sequence[Any], told: Sequence[Arrival], rules: RunRules
) -> None:
    """When the van will be at the depot again."""
    how_fast = _pace(ctx, r, rules)
    after = told[-1].begins + ahead[-1].service_s * how_fast.serve if told else ctx.at
    back = after + r.home_s * how_fast.drive
    if not nearly_same(r.back_at, back, rules.eta_step_min):
        ctx.conn.execute(sa.update(run).where(run.c.id == r.id).values(back_at=back))
        ctx.touch("run", r.id)


def _run(ctx: OpContext, run_id: str) -> Any:
    found = sa.select(run).where(run.c.id == run_id, run.c.site == ctx.site)
    return ctx.conn.execute(found.with_for_update()).first()


def _stop(ctx: OpContext, stop_id: str) -> Any:
    found = sa.select(stop).where(stop.c.id == stop_id, stop.c.site == ctx.site)
    return ctx.conn.execute(found).first()


def _rules(ctx: OpContext) -> RunRules:
    return readable_rules(ctx.conn, ctx.site)


def _seconds(since: int, until: int) -> int:
    """Two devices may tell of it, each by its own clock."""
    return max(0, min(until - since, DAY_MS)) // 1000


def _spot(s: Any) -> Spot | None:
    return Spot(s.lat_e7, s.lon_e7) if s.lat_e7 is not None else None


def _fix(event: StopClosed) -> Spot | None:
    if event.lat_e7 is None or event.lon_e7 is None:
        return None
    return Spot(event.lat_e7, event.lon_e7)


def _seen(ctx: OpContext, run_id: str, spot: Spot | None) -> None:
    if spot is not None:
        values = {"lat_e7": spot.lat_e7, "lon_e7": spot.lon_e7, "seen_at": ctx.at}
        ctx.conn.execute(sa.update(run).where(run.c.id == run_id).values(**values))
        ctx.touch("run", run_id)


def _from_where_it_stands(ctx: OpContext, s: Any, fix: Spot, rules: RunRules) -> None:
    """The van is not where the address was thought to be: the next leg is another one."""
    there = _spot(s)
    if there is not None and great_circle_m(there, fix) <= rules.near_m:
        return
    following = next((n for n in open_stops(ctx.conn, [s.run]) if n.id != s.id), None)
    if following is None or (to := _spot(following)) is None:
        return
    metres = leg_m(Door(spot=fix), Door(spot=to), rules.speeds)
    values = {"leg_m": metres, "leg_s": rules.speeds.seconds(metres)}
    ctx.conn.execute(sa.update(stop).where(stop.c.id == following.id).values(**values))


def _learn_place(ctx: OpContext, order_id: str, fix: Spot) -> None:
    found = sa.select(orders.c.ship_to).where(orders.c.id == order_id)
    address = ctx.conn.execute(found).scalar_one()
    country, postcode, street = key_of(msgspec.json.decode(address))
    if not (postcode and street):
        return
    ctx.conn.execute(
        _LEARN,
        {
            "site": ctx.site,
            "country": country,
            "postcode": postcode,
            "street": street,
            "lat": fix.lat_e7,
            "lon": fix.lon_e7,
            "at": ctx.at,
        },
    )


_LEARN = sa.text(
    "INSERT INTO known_place (site, country, postcode, street, lat_e7, lon_e7, at)"
    " VALUES (:site, :country, :postcode, :street, :lat, :lon, :at)"
    " ON CONFLICT (site, country, postcode, street) DO UPDATE"
    " SET lat_e7 = excluded.lat_e7, lon_e7 = excluded.lon_e7, at = excluded.at"
)
