"""Works a plan out, in a process of its own: the only module that loads the solver."""

from collections.abc import Mapping

from server.pod.arranging import Board, moved, why_not
from server.pod.distances import Matrix, distances, matrix_of
from server.pod.journeys import Matrices, Van, Visit, drive
from server.pod.keeping import choose
from server.pod.offers import Ask, LeftOut, Offer, PlannedPlace
from server.pod.solving import by_iterations, solved


def work(ask: Ask) -> Offer:
    return offer(ask, matrix_of(ask.matrix_url))


def offer(ask: Ask, matrix: Matrix) -> Offer:
    """The same ask, the same offer (as far as the matrix says the same)."""
    table = distances(ask.doors, ask.speeds, matrix)
    ways = Matrices(m=table.m, s=table.s)
    board = Board(ask.vans, ask.visits, ways)
    best = solved(
        ask.vans, ask.visits, ways, now=ask.now, stop=by_iterations(ask.effort), seed=ask.seed
    )
    rows = choose(board, ask.now, best, ask.keep)
    journeys = [drive(van, [board.visits[v] for v in rows[van.id]], ways) for van in ask.vans]
    served = {v for order in rows.values() for v in order}
    return Offer(
        vans=ask.vans,
        new=ask.new,
        visits=ask.visits,
        places=[_place(ask, v) for v in ask.visits],
        journeys=journeys,
        left_out=[
            LeftOut(shipment=v.id, why=why_not(board, rows, v.id))
            for v in ask.visits
            if v.id not in served
        ],
        moved=moved(ask.now, rows),
        now_m=board.all_metres(ask.now),
        m=board.all_metres(rows),
        good_until=_good_until(board, rows),
        by="matrix" if table.by == "matrix" else "crow",
        now={van.id: list(ask.now.get(van.id, ())) for van in ask.vans},
    )


def _place(ask: Ask, visit: Visit) -> PlannedPlace:
    spot = ask.doors[visit.place].spot
    lat, lon = spot or (None, None)
    return PlannedPlace(
        shipment=visit.id, lat_e7=lat, lon_e7=lon, by=ask.placed_by.get(visit.id, "")
    )


def _good_until(board: Board, rows: Mapping[str, list[str]]) -> int:
    """By then each van must have left, or a window is missed."""
    return min(
        (
            latest_start(board.vans[van], [board.visits[v] for v in order], board)
            for van, order in rows.items()
            if order
        ),
        default=0,
    )


def latest_start(van: Van, visits: list[Visit], board: Board) -> int:
    """From the last call back: when the van can leave with everything still in time."""
    ways = board.ways
    latest, to = van.back, van.end
    for visit in reversed(visits):
        begin = latest - ways.seconds(visit.place, to) - visit.service_s
        latest, to = min(begin, visit.closes), visit.place
    return latest - ways.seconds(van.start, to)
