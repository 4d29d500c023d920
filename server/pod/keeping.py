"""Whom a better plan may move. Pure.

A loaded van cannot be reshuffled freely: what goes out last stands at the door. So today's order
stays, what is new is put in between, and one stop is moved rather than many; all of it is given up
only for a saving above the site's threshold, or where an order would not be served otherwise.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from server.pod.arranging import Board, Rows, one_moved, with_all_that_fit


class Threshold(Struct, frozen=True, kw_only=True):
    """A saving counts that is at least this many percent of the way and this many metres."""

    percent: int = 10
    metres: int = 2_000


def worth_it(threshold: Threshold, before_m: int, after_m: int) -> bool:
    """Whether the way is shorter by so much that stops may change places for it."""
    saved = before_m - after_m
    return saved >= threshold.metres and saved * 100 >= threshold.percent * before_m


def choose(board: Board, now: Rows, solved: Rows, threshold: Threshold) -> Rows:
    """Of today's order and the solver's the one to be driven, or one between the two."""
    solved = _best(board, solved, now)
    served = _all(solved)
    kept = with_all_that_fit(board, _only(now, served), sorted(served - _all(now)))
    best_m = board.all_metres(solved)
    near = [kept, *_nearest(board, kept)] if _all(kept) == served else []
    for rows in near:
        if board.is_good(rows) and not worth_it(threshold, board.all_metres(rows), best_m):
            return rows
    return solved


def _nearest(board: Board, kept: Rows) -> Iterable[Rows]:
    """The shortest drive with one stop elsewhere; only the vans that it concerns are looked at."""
    fit = {van: board.fits(van, order) for van, order in kept.items()}
    long = {van: board.metres(van, order) for van, order in kept.items()}
    best: tuple[int, Rows] | None = None
    for rows in one_moved(kept):
        changed = [van for van, order in rows.items() if order is not kept[van]]
        more = sum(board.metres(van, rows[van]) - long[van] for van in changed)
        if best is not None and more >= best[0]:
            continue
        rest = all(fit[van] for van in kept if van not in changed)
        if rest and all(board.fits(van, rows[van]) for van in changed):
            best = more, rows
    return [best[1]] if best else []


def _best(board: Board, solved: Rows, now: Rows) -> Rows:
    """The solver's rows, with what can still be put between; or today's where they serve more."""
    full = with_all_that_fit(board, solved, sorted(board.visits.keys() - _all(solved)))
    if not any(now.values()) or not board.is_good(now):
        return full
    today = with_all_that_fit(board, now, sorted(board.visits.keys() - _all(now)))
    return min(full, today, key=lambda rows: (-_worth(board, rows), board.all_metres(rows)))


def _worth(board: Board, rows: Rows) -> int:
    return sum(1 + board.visits[v].worth for v in _all(rows))


def _all(rows: Mapping[str, Iterable[str]]) -> set[str]:
    return {v for order in rows.values() for v in order}


def _only(rows: Rows, served: set[str]) -> Rows:
    return {van: [v for v in order if v in served] for van, order in rows.items()}
