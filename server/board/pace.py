"""When work will be finished, by the pace that the site itself has kept. Pure; times are ms.

The pace of a kind of work is its lines over the time in which somebody was at it: pauses, nights
and holidays count neither as lines nor as time. What is left is then laid into the hours of the
week in which this site works.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

import msgspec

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MINUTE_MS = 60_000
A_WEEK = 7 * 24
ALL_WEEK = frozenset(range(A_WEEK))
LEAST_DAYS = 3
"""So many days, or so many of one weekday, teach something."""


class BoardRules(msgspec.Struct, frozen=True, kw_only=True):
    """Setting `board`. `keep_closed_hours`: so long the board shows what is over. `pace_hours`: of
    work that a pace is learned from, not older than `history_days`; with fewer than `least_lines`
    or `least_minutes` too little is known. Hours of work are learned from `history_weeks`. A task
    counts for `longest_task_minutes` at most: who took it yesterday did not work on it all
    night."""

    keep_closed_hours: float = 12
    pace_hours: float = 4
    least_lines: int = 30
    least_minutes: float = 15
    history_days: int = 7
    history_weeks: int = 5
    longest_task_minutes: float = 120


class Work(NamedTuple):
    """A finished task: when somebody took it, when it was over, its lines."""

    begun: int
    ended: int
    lines: int


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """`per_min`: lines a minute of the whole site, None where too little is known; learned from
    `lines` in `minutes` of work."""

    per_min: float | None
    lines: int
    minutes: float


UNKNOWN = Pace(per_min=None, lines=0, minutes=0)


def pace(done: Iterable[Work], rules: BoardRules) -> Pace:
    """Over the last `pace_hours` in which anybody worked, back from the newest task."""
    longest = round(rules.longest_task_minutes * MINUTE_MS)
    spans = [Work(max(w.begun, w.ended - longest), w.ended, w.lines) for w in done]
    since, worked = _window(spans, round(rules.pace_hours * HOUR_MS))
    lines = sum(w.lines * _share(w, since) for w in spans)
    minutes = worked / MINUTE_MS
    enough = lines >= rules.least_lines and minutes >= rules.least_minutes
    return Pace(
        per_min=lines / minutes if enough and minutes else None,
        lines=round(lines),
        minutes=minutes,
    )


def _window(spans: Iterable[Work], most: int) -> tuple[int, int]:
    """Since when `most` ms were worked, and how many were if it is fewer."""
    since, worked = 0, 0
    for begun, ended in _together(spans):
        since, worked = begun, worked + ended - begun
        if worked >= most:
            return since + worked - most, most
    return since, worked


def _together(spans: Iterable[Work]) -> Iterator[tuple[int, int]]:
    """The stretches in which anybody worked, the newest first."""
    at: tuple[int, int] | None = None
    for begun, ended, _ in sorted(spans, key=lambda w: w.ended, reverse=True):
        if at is not None and ended >= at[0]:
            at = min(begun, at[0]), at[1]
            continue
        if at is not None:
            yield at
        at = begun, ended
    if at is not None:
        yield at


def _share(work: Work, since: int) -> float:
    """Of its lines those that fall behind `since`, as if it went on evenly."""
    if work.begun >= since:
        return 1
    if work.ended <= since:
        return 0
    return (work.ended - since) / (work.ended - work.begun)


def every_day(hours: Iterable[int]) -> frozenset[int]:
    """Hours of the day as hours of the week."""
    return frozenset(24 * day + hour for hour in hours for day in range(7))


def working_hours(hours: Iterable[int], now: int) -> frozenset[int]:
    """Hours of the week, in UTC from a Thursday, in which this site works: those with work on half
    of the days that had any and, where a weekday has come often enough, on half of its own.
    `hours`: since 1970, each with work in it; fewer than three days teach nothing."""
    worked = frozenset(hours)
    today = now // DAY_MS
    days = {hour // 24 for hour in worked if hour // 24 < today}
    if len(days) < LEAST_DAYS:
        return ALL_WEEK
    usual = _usual(worked, days)
    # Whoever works at this very hour goes on, whatever the hour usually is.
    here = {hour % 24 for hour in worked if hour == now // HOUR_MS}
    week = {24 * (today % 7) + hour for hour in here}
    for weekday in range(7):
        same = {day for day in range(min(days), today) if day % 7 == weekday}
        known = _usual(worked, same) if len(same) >= LEAST_DAYS else usual | here
        week |= {24 * weekday + hour for hour in known}
    return frozenset(week) or ALL_WEEK


def _usual(worked: Iterable[int], days: set[int]) -> set[int]:
    """Hours of the day with work on half of these days."""
    count = Counter(hour % 24 for hour in worked if hour // 24 in days)
    return {hour for hour, n in count.items() if 2 * n >= len(days)}


def after(now: int, work_ms: float, hours: frozenset[int]) -> int:
    """The moment at which so much work is done, if it is done in these hours of the week alone."""
    if len(hours) == A_WEEK or work_ms <= 0:
        return now + round(work_ms)
    a_week = len(hours) * HOUR_MS
    weeks = ceil(work_ms / a_week) - 1
    at, left = now + weeks * 7 * DAY_MS, work_ms - weeks * a_week
    while True:
        ends = (at // HOUR_MS + 1) * HOUR_MS
        if at // HOUR_MS % A_WEEK in hours:
            if left <= ends - at:
                return at + round(left)
            left -= ends - at
        at = ends


class Waiting(NamedTuple):
    """An order before the dock: its lines that are still to be picked, and to be packed."""

    order: str
    in_hand: bool
    priority: int
    due_at: int
    pick: int
    pack: int


class Finish(msgspec.Struct, frozen=True):
    """`picked_at`, `at`: when its last line is picked, and the order packed; None where too little
    is known."""

    picked_at: int | None
    at: int | None


def finishes(
    waiting: Iterable[Waiting], now: int, pick: Pace, pack: Pace, hours: frozenset[int]
) -> dict[str, Finish]:
    """One after the other as the floor takes them: what is picked, what is in hand, then by
    priority and day. A line waits for all before it, at its own kind's pace."""
    found: dict[str, Finish] = {}
    picking = packing = 0.0
    for w in sorted(waiting, key=_turn):
        picking += _minutes(w.pick, pick)
        ready = picking if w.pick else 0.0
        packing = max(packing, ready) + _minutes(w.pack, pack)
        picked = None if w.pick and pick.per_min is None else ready
        packed = None if picked is None or (w.pack and pack.per_min is None) else packing
        found[w.order] = Finish(*(_moment(m, now, hours) for m in (picked, packed)))
    return found


def _turn(w: Waiting) -> tuple[bool, bool, int, int, str]:
    return w.pick > 0, not w.in_hand, -w.priority, w.due_at, w.order


def _minutes(lines: int, at: Pace) -> float:
    return lines / at.per_min if at.per_min else 0.0


def _moment(minutes: float | None, now: int, hours: frozenset[int]) -> int | None:
    return None if minutes is None else after(now, minutes * MINUTE_MS, hours)


def all_done(lines: int, at: Pace, now: int, hours: frozenset[int]) -> int | None:
    """When so many lines of one kind are done; None where too little is known."""
    return None if at.per_min is None else after(now, lines / at.per_min * MINUTE_MS, hours)


STEP_MS = 5 * MINUTE_MS


def worth_telling(shown: int | None, found: int | None, due_at: int, now: int) -> bool:
    """Whether another moment is news: by five minutes, by a tenth of the time until then, or
    because it turns in time into too late. Else every line picked would move every order's."""
    if shown is None or found is None:
        return shown is not found
    if (shown > due_at) != (found > due_at):
        return True
    return abs(found - shown) >= max(STEP_MS, (found - now) // 10)


def latest(moments: Sequence[int | None]) -> int | None:
    """None if there is none, or one is not known."""
    known = [m for m in moments if m is not None]
    return max(known) if known and len(known) == len(moments) else None
