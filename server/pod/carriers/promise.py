"""By when a carrier is there: working days, counted from the day it still leaves on."""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo


def arrives_by(
    ready_at: int, days: int, cutoff: str, zone: ZoneInfo, working_days: Collection[int]
) -> int:
    """The end (ms) of the `days`-th working day after the one on which it still leaves.

    `cutoff`: `HH:MM` on the site's clock; what is ready later leaves on the next working day.
    `working_days`: 1 is Monday.
    """
    ready = dt.datetime.fromtimestamp(ready_at / 1000, zone)
    hour, minute = map(int, cutoff.split(":"))
    day = ready.date()
    if (ready.hour, ready.minute) >= (hour, minute):
        day += dt.timedelta(days=1)
    day = _next_working(day, working_days)
    for _ in range(days):
        day = _next_working(day + dt.timedelta(days=1), working_days)
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    return int(midnight.timestamp() * 1000)


def _next_working(day: dt.date, working_days: Collection[int]) -> dt.date:
    while day.isoweekday() not in working_days:
        day += dt.timedelta(days=1)
    return day
