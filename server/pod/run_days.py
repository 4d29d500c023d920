"""What there is to plan, read from the rows: the vans of a day, the doors, and today's order."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from server.orders.tables import orders
from server.packing.tables import parcel, shipment
from server.pod.arranging import Rows
from server.pod.distances import Door, Spot
from server.pod.geocoding import By, geocoder
from server.pod.journeys import FAR, Van, Visit
from server.pod.offers import NewVan
from server.pod.replans import Asked
from server.pod.run_lists import loaded, open_stops
from server.pod.run_rules import MIN_MS, RunRules, Vehicle, places
from server.pod.tables import run, stop

DEPOT = 0
"""Its row among the doors."""


@dataclass
class Day:
    """`spots` says where each shipment goes; visits are shipments, vans are runs or new ones."""

    doors: list[Door]
    vans: list[Van] = field(default_factory=list)
    new: list[NewVan] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    placed_by: dict[str, By] = field(default_factory=dict)
    now: Rows = field(default_factory=dict)

    def door(self, spot: Spot | None, postcode: str = "") -> int:
        self.doors.append(Door(spot=spot, postcode=postcode))
        return len(self.doors) - 1


def day_of(conn: Any, site: str, rules: RunRules, asked: Asked, now: int) -> Day:
    """`now` in ms: nothing is planned into the past."""
    day = Day([Door(spot=rules.depot.spot if rules.depot else None)])
    aboard: dict[str, str] = {}
    for r in _runs(conn, site, asked.runs):
        _add_run(conn, day, r, rules, now, aboard)
    for at, name in enumerate(asked.vehicles):
        _add_vehicle(day, f"+{at + 1}", _vehicle(rules, name), rules, asked.leaves_at, now)
    known = [s for order in day.now.values() for s in order]
    fresh = [s for s in asked.shipments if s not in known]
    on_run = set(known)
    records = [r for r in _shipments(conn, site, [*known, *fresh]) if _waits(r, on_run)]
    _add_visits(conn, site, day, records, rules, now, aboard)
    there = {r.id for r in records}
    day.now = {van: [s for s in order if s in there] for van, order in day.now.items()}
    return day


def _waits(r: Any, on_run: set[str]) -> bool:
    """Packed and on no run, or on one of those that are planned again."""
    return r.state == "packed" or r.id in on_run


def _runs(conn: Any, site: str, ids: Sequence[str]) -> list[Any]:
    live = sa.select(run).where(
        run.c.site == site, run.c.id.in_(list(ids)), run.c.state != "closed"
    )
    return list(conn.execute(live.order_by(run.c.number)))


def _add_run(
    conn: Any, day: Day, r: Any, rules: RunRules, now: int, aboard: dict[str, str]
) -> None:
    stops = open_stops(conn, [r.id])
    on_van = loaded(conn, [s.id for s in stops])
    if r.state == "departed":  # what was left at the dock is not on its way
        stops = [s for s in stops if s.id in on_van]
    aboard |= {s.shipment: r.id for s in stops if s.id in on_van}
    vehicle = _vehicle(rules, r.vehicle)
    leaves, start = max(now, r.leaves_at), DEPOT
    if r.state == "departed":
        leaves, start = _under_way(conn, day, r, now)
    back = r.back_by or leaves + vehicle.shift_min * MIN_MS
    day.now[r.id] = [s.shipment for s in stops]
    day.vans.append(
        Van(
            id=r.id,
            start=start,
            end=DEPOT,
            leaves=-(-leaves // 1000),
            back=back // 1000,
            weight_g=r.room_g or vehicle.weight_g,
            parcels=r.room_parcels or vehicle.parcels,
        )
    )


def _under_way(conn: Any, day: Day, r: Any, now: int) -> tuple[int, int]:
    """When it can go on to the next door, and from where."""
    here = sa.select(stop).where(stop.c.run == r.id, stop.c.state == "arrived")
    at = conn.execute(here.order_by(stop.c.arrived_at.desc()).limit(1)).first()
    if at is not None and at.arrived_at is not None:
        spot = Spot(at.lat_e7, at.lon_e7) if at.lat_e7 is not None else None
        return max(now, at.arrived_at + at.service_s * 1000), day.door(spot)
    if r.lat_e7 is not None:
        return now, day.door(Spot(r.lat_e7, r.lon_e7))
    return now, DEPOT


def _vehicle(rules: RunRules, name: str) -> Vehicle:
    """A van that the site does not list is like the first that it does."""
    for vehicle in rules.vehicles:
        if vehicle.name == name:
            return vehicle
    like = rules.vehicles[0] if rules.vehicles else Vehicle(name=name or "-")
    return msgspec.structs.replace(like, name=name or like.name)


def _add_vehicle(
    day: Day, van: str, vehicle: Vehicle, rules: RunRules, leaves_at: int, now: int
) -> None:
    """Today, or tomorrow where its shift is over; what has begun begins now."""
    today = rules.day(leaves_at or now)
    shift_ms = vehicle.shift_min * MIN_MS
    starts = rules.at(vehicle.starts, today)
    if not leaves_at and now >= starts + shift_ms:
        starts = rules.at(vehicle.starts, today + dt.timedelta(days=1))
    leaves = max(now, leaves_at or starts)
    day.now[van] = []
    day.new.append(NewVan(van=van, vehicle=vehicle.name))
    day.vans.append(
        Van(
            id=van,
            start=DEPOT,
            end=DEPOT,
            leaves=-(-leaves // 1000),
            back=(max(starts, leaves_at) + shift_ms) // 1000,
            weight_g=vehicle.weight_g,
            parcels=vehicle.parcels,
        )
    )


def _shipments(conn: Any, site: str, ids: Sequence[str]) -> list[Any]:
    found = (
        sa.select(
            shipment.c.id,
            shipment.c.state,
            *(orders.c[f] for f in ("ship_to", "customer", "priority")),
            *(orders.c[f] for f in ("deliver_from", "deliver_to")),
            sa.func.count(parcel.c.number).label("parcels"),
            sa.func.coalesce(sa.func.sum(parcel.c.weight_g), 0).label("weight_g"),
        )
        .join(orders, orders.c.id == shipment.c.order_id)
        .outerjoin(parcel, parcel.c.shipment == shipment.c.id)
        .where(shipment.c.site == site, shipment.c.id.in_(list(ids)), orders.c.state != "hold")
        .group_by(
            shipment.c.id,
            shipment.c.state,
            *(orders.c[f] for f in ("ship_to", "customer", "priority")),
            *(orders.c[f] for f in ("deliver_from", "deliver_to")),
        )
    )
    return list(conn.execute(found.order_by(shipment.c.id)))


def _add_visits(
    conn: Any,
    site: str,
    day: Day,
    records: Sequence[Any],
    rules: RunRules,
    now: int,
    aboard: Mapping[str, str],
) -> None:
    addresses = {r.id: msgspec.json.decode(r.ship_to) for r in records}
    where = geocoder(conn, site, places(conn, site), list(addresses.values()))
    first = min((van.leaves for van in day.vans), default=now // 1000)
    date = rules.day(first * 1000)
    for r in records:
        found = where.find(addresses[r.id])
        if found:
            day.placed_by[r.id] = found.by
        postcode = addresses[r.id].get("postcode", "")
        opens, closes = _window(r, rules, date)
        day.visits.append(
            Visit(
                id=r.id,
                place=day.door(found.spot if found else None, postcode),
                opens=-(-opens // 1000),
                closes=closes // 1000 if closes else FAR,
                service_s=rules.stop_s + rules.parcel_s * max(0, r.parcels - 1),
                weight_g=int(r.weight_g),
                parcels=int(r.parcels),
                worth=r.priority,
                aboard=aboard.get(r.id, ""),
            )
        )


def _window(r: Any, rules: RunRules, date: dt.date) -> tuple[int, int]:
    """The order's own window, else the customer's hours of that day. ms; 0: none."""
    if r.deliver_from or r.deliver_to:
        return r.deliver_from, r.deliver_to
    return rules.hours_of(r.customer, date)
