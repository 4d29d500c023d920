"""The list of a run: which shipments it calls with, in which order, and where each door is."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor import tasks
from server.kernel.feeds import board_scope, person_scope
from server.kernel.ops import OpContext
from server.orders.tables import orders
from server.packing.tables import shipment
from server.pod.events import RunPlanned, StopTaken
from server.pod.journeys import Van
from server.pod.rows import parcels_of
from server.pod.tables import load, run, stop

Lists = dict[str, list[str]]
"""By run its shipments in order."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """What planning knows of a stop. Times in ms, 0: none."""

    lat_e7: int | None = None
    lon_e7: int | None = None
    placed_by: str = ""
    opens_at: int = 0
    closes_at: int = 0
    service_s: int = 0
    leg_m: int = 0
    leg_s: int = 0


def open_stops(conn: Any, runs: Sequence[str]) -> list[Any]:
    """Stops to which no driver has come yet, in the order of the drive."""
    found = sa.select(stop).where(stop.c.run.in_(list(runs)), stop.c.state == "planned")
    return list(conn.execute(found.order_by(stop.c.run, stop.c.seq, stop.c.id)))


def lists_of(conn: Any, runs: Sequence[str]) -> Lists:
    made: Lists = {name: [] for name in runs}
    for s in open_stops(conn, runs):
        made[s.run].append(s.shipment)
    return made


def loaded(conn: Any, stops: Sequence[str]) -> set[str]:
    """Those of the stops of which a parcel is on the van."""
    aboard = sa.select(load.c.stop).where(load.c.stop.in_(list(stops)), load.c.state == "loaded")
    return set(conn.execute(aboard.distinct()).scalars())


def new_run(ctx: OpContext, vehicle: str, lines: int, **plan: Any) -> str:
    """An empty run with its task. `plan`: columns of `run`."""
    run_id, number = ctx.new_id(), ctx.next_number("run")
    task = tasks.create(
        ctx,
        tasks.Plan(kind="drive", title=f"#{number}", ref=run_id, lines=lines, priority=50),
    )
    ctx.conn.execute(
        sa.insert(run).values(
            id=run_id,
            site=ctx.site,
            number=number,
            state="planned",
            vehicle=vehicle,
            task=task,
            created_at=ctx.now,
            **plan,
        )
    )
    ctx.touch("run", run_id)
    return run_id


def day_columns(van: Van) -> dict[str, int]:
    return {
        "leaves_at": van.leaves * 1000,
        "back_by": van.back * 1000,
        "room_g": van.weight_g,
        "room_parcels": van.parcels,
    }


def give_hours(ctx: OpContext, run_id: str, van: Van) -> None:
    """To a run that has none yet: it was made by postcode, without a plan."""
    unplanned = sa.update(run).where(run.c.id == run_id, run.c.leaves_at == 0)
    ctx.conn.execute(unplanned.values(**day_columns(van)))


def add_stop(
    ctx: OpContext, on: Any, seq: int, shipment_id: str, order_id: str, planned: Planned
) -> str:
    """`on`: the run's row. Its shipment waits for that van from now on."""
    stop_id = ctx.new_id()
    ctx.conn.execute(
        sa.insert(stop).values(
            id=stop_id,
            site=ctx.site,
            run=on.id,
            task=on.task,
            seq=seq,
            order_id=order_id,
            shipment=shipment_id,
            state="planned",
            **msgspec.structs.asdict(planned),
        )
    )
    for parcel_no in parcels_of(ctx.conn, shipment_id):
        ctx.conn.execute(sa.insert(load).values(stop=stop_id, parcel=parcel_no, state="planned"))
    shipment_state(ctx, shipment_id, "on_run")
    ctx.touch("stop", stop_id)
    ctx.emit(RunPlanned(order=order_id, run=on.id, number=on.number, stop=stop_id, seq=seq))
    return stop_id


def shipment_state(ctx: OpContext, shipment_id: str, state: str) -> None:
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == shipment_id)
        .values(state=state, changed_at=ctx.at)
    )


def put_in_order(
    ctx: OpContext, wanted: Mapping[str, Sequence[str]], known: Mapping[str, Planned]
) -> None:
    """Make the open part of these runs exactly `wanted`; who is in none of them waits again.

    `known`: what planning knows of a shipment. Stops whose goods are aboard may not leave their
    van: whoever asks has seen to it. Arrived and closed stops stay before all that is open.
    """
    runs = {r.id: r for r in ctx.conn.execute(sa.select(run).where(run.c.id.in_(list(wanted))))}
    stops = {s.shipment: s for s in open_stops(ctx.conn, list(wanted))}
    for shipment_id in sorted(stops.keys() - {s for order in wanted.values() for s in order}):
        take_off(ctx, stops[shipment_id])
    for run_id, order in wanted.items():
        seq = _after(ctx, run_id)
        for shipment_id in order:
            seq += 1
            here = stops.get(shipment_id)
            if here is None:
                planned = known.get(shipment_id, Planned())
                order_id = _order_of(ctx, shipment_id)
                add_stop(ctx, runs[run_id], seq, shipment_id, order_id, planned)
            else:
                _place(ctx, here, runs[run_id], seq, known.get(shipment_id))
        _count(ctx, runs[run_id])


def _after(ctx: OpContext, run_id: str) -> int:
    """The number of the last stop that stays where it is."""
    last = sa.select(sa.func.max(stop.c.seq)).where(stop.c.run == run_id, stop.c.state != "planned")
    return int(ctx.conn.execute(last).scalar() or 0)


def _order_of(ctx: OpContext, shipment_id: str) -> str:
    found = sa.select(shipment.c.order_id).where(shipment.c.id == shipment_id)
    return str(ctx.conn.execute(found).scalar_one())


def _place(ctx: OpContext, s: Any, on: Any, seq: int, planned: Planned | None) -> None:
    values: dict[str, Any] = {"seq": seq, "run": on.id, "task": on.task}
    if planned is not None:
        values |= msgspec.structs.asdict(planned)
    if s.run != on.id:
        _forget(ctx, s)
        number = int(on.number)
        ctx.emit(RunPlanned(order=s.order_id, run=on.id, number=number, stop=s.id, seq=seq))
    ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**values))
    ctx.touch("stop", s.id)


def take_off(ctx: OpContext, s: Any) -> None:
    """Nothing of it is aboard: it waits for another run."""
    for table, key in ((load, load.c.stop), (stop, stop.c.id)):
        ctx.conn.execute(sa.delete(table).where(key == s.id))
    ctx.conn.execute(
        sa.update(shipment)
        .where(shipment.c.id == s.shipment, shipment.c.state == "on_run")
        .values(state="packed", changed_at=ctx.at)
    )
    _forget(ctx, s)
    ctx.drop(board_scope(ctx.site), "stop_state", s.id)
    ctx.touch("run", s.run)
    ctx.emit(StopTaken(order=s.order_id, run=s.run, stop=s.id))


def _forget(ctx: OpContext, s: Any) -> None:
    """The driver who has its run sees it no more."""
    task = tasks.get(ctx, s.task)
    if task is not None and task.assignee:
        ctx.drop(person_scope(task.assignee), "stop", s.id)


def _count(ctx: OpContext, on: Any) -> None:
    """A run that calls nowhere is over; its task knows how many stops it has."""
    stops = sa.select(sa.func.count()).where(stop.c.run == on.id)
    n = int(ctx.conn.execute(stops).scalar_one())
    task = tasks.get(ctx, on.task)
    if n == 0 and on.state in ("planned", "loading") and task is not None and not task.is_over:
        ctx.conn.execute(sa.update(run).where(run.c.id == on.id).values(state="closed"))
        tasks.end(ctx, task, "cancelled")
    tasks.set_lines(ctx, on.task, n)
    ctx.touch("run", on.id)


def address_of(conn: Any, order_ids: Sequence[str]) -> dict[str, Any]:
    found = sa.select(orders).where(orders.c.id.in_(list(order_ids)))
    return {r.id: r for r in conn.execute(found)}
