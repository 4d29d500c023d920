"""When a scheduled report goes next. Pure.

At a wall-clock time of the site. A time that the clock leaves out in spring is taken at the moment
of the change; one that comes twice in autumn is taken the first time, and once.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from server.kernel.zones import local_day

Every = Literal["day", "week", "month"]


class Rhythm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`on`: the weekday (1 is Monday) or the day of the month; a month without it: its last day.
    `minute`: after midnight by the site's clock."""

    every: Every = "day"
    on: Annotated[int, Meta(ge=1, le=31)] = 1
    minute: Annotated[int, Meta(ge=0, le=1439)] = 6 * 60


def next_run(rhythm: Rhythm, after: int, zone: ZoneInfo) -> int:
    """The first moment (ms) of the rhythm that is later than `after`."""
    today = local_day(after, zone)
    return next(at for day in _days(rhythm, today) if (at := _moment(day, rhythm, zone)) > after)


def _days(rhythm: Rhythm, today: dt.date) -> Iterator[dt.date]:
    """Days of the rhythm from the day before `today`, without end."""
    if rhythm.every == "month":
        year, month = today.year, today.month
        while True:
            last = calendar.monthrange(year, month)[1]
            yield dt.date(year, month, min(rhythm.on, last))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    day = today - dt.timedelta(1)
    while True:
        if rhythm.every == "day" or day.isoweekday() == min(rhythm.on, 7):
            yield day
        day += dt.timedelta(1)


def _moment(day: dt.date, rhythm: Rhythm, zone: ZoneInfo) -> int:
    wall = dt.datetime.combine(day, dt.time(*divmod(rhythm.minute, 60)))
    first = wall.replace(tzinfo=zone)  # fold 0: of two the first
    at = first.astimezone(dt.UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return int(at.timestamp() * 1000)
    # Left out: with the offset of before, the moment lies after the change by what was asked past
    # it; so much earlier is the change itself.
    before, then = first.utcoffset(), first.replace(fold=1).utcoffset()
    gap = (then or dt.timedelta()) - (before or dt.timedelta())
    return _changes(at, gap, zone)


def _changes(at: dt.datetime, gap: dt.timedelta, zone: ZoneInfo) -> int:
    """The second at which the clock went on, no further than `gap` away from `at` (UTC)."""
    low, high = int((at - abs(gap)).timestamp()), int(at.timestamp())
    then = dt.datetime.fromtimestamp(high, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        here = dt.datetime.fromtimestamp(middle, zone).utcoffset()
        low, high = (low, middle) if here == then else (middle, high)
    return high * 1000
