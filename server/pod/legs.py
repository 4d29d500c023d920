"""A list that a hand has changed: how far it is now from door to door, and what it breaks."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from server.kernel.ops import OpContext
from server.pod.arranging import Board
from server.pod.arrivals import reckon
from server.pod.distances import crow
from server.pod.journeys import Fault, Journey, Matrices, drive, faults
from server.pod.replans import Asked
from server.pod.run_days import Day, day_of
from server.pod.run_lists import give_hours, open_stops
from server.pod.run_rules import RunRules, run_rules
from server.pod.tables import run, stop


def day_board(ctx: OpContext, rules: RunRules, runs: Sequence[str]) -> tuple[Day, Board]:
    """What these runs have ahead of them now, as the crow flies: a hand does not wait for more."""
    day = day_of(ctx.conn, ctx.site, rules, Asked(runs=list(runs)), ctx.at)
    table = crow(day.doors, rules.speeds)
    return day, Board(day.vans, day.visits, Matrices(m=table.m, s=table.s))


def journeys(board: Board, lists: Mapping[str, Sequence[str]]) -> list[Journey]:
    """How each van drives its list; what is not on its way (left at the dock) is passed over."""
    return [
        drive(
            van, [board.visits[v] for v in lists.get(van.id, ()) if v in board.visits], board.ways
        )
        for van in board.vans.values()
    ]


def broken(board: Board, lists: Mapping[str, Sequence[str]]) -> set[Fault]:
    return set(faults(board.vans.values(), board.visits.values(), journeys(board, lists)))


def retime(ctx: OpContext, runs: Sequence[str]) -> None:
    """New legs, arrivals and length for the runs as they stand now."""
    rules = run_rules(ctx.conn, ctx.site)
    day, board = day_board(ctx, rules, runs)
    for van, journey in zip(day.vans, journeys(board, day.now), strict=True):
        give_hours(ctx, journey.van, van)
        _keep(ctx, journey)
        reckon(ctx, journey.van)


def _keep(ctx: OpContext, journey: Journey) -> None:
    on_run = {s.shipment: s for s in open_stops(ctx.conn, [journey.van])}
    for call in journey.calls:
        s = on_run[call.visit]
        values = {"leg_m": call.leg_m, "leg_s": call.leg_s, "eta": call.arrives * 1000}
        ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(**values))
        ctx.touch("stop", s.id)
        ctx.touch("order", s.order_id)
    values = {"metres": journey.metres, "home_s": journey.home_s, "back_at": journey.back * 1000}
    ctx.conn.execute(sa.update(run).where(run.c.id == journey.van).values(**values))
    ctx.touch("run", journey.van)
