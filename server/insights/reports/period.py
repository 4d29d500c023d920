"""Days as the site lives them: named periods, and where its clock stands against UTC. Pure.

Moments are ms since 1970 UTC; a period is from its first ms until before its last.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from server.insights.reports.shapes import Asked, PeriodName
from server.kernel.zones import local_day

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
Span = tuple[int, int]
ALWAYS: Span = (0, 10**13)


class BadPeriod(ValueError):
    """`field`: `start` or `end`."""

    def __init__(self, field: str, value: str, mend: str) -> None:
        super().__init__(mend)
        self.field, self.value, self.mend = field, value, mend


def midnight(day: dt.date, zone: ZoneInfo) -> int:
    """When the day begins there; where its midnight is left out, when the clock goes on."""
    at = dt.datetime.combine(day, dt.time(), zone)
    return int(at.timestamp() * 1000)


def span(asked: Asked, usual: PeriodName, now: int, zone: ZoneInfo) -> Span:
    """Raises BadPeriod: dates that are none, or the wrong way round."""
    if asked.start or asked.end:
        start = _date("start", asked.start or asked.end)
        end = _date("end", asked.end or asked.start)
        if end < start:
            raise BadPeriod("end", asked.end, f"{asked.start} or later")
        return midnight(start, zone), midnight(end + dt.timedelta(1), zone)
    return named(asked.period or usual, now, zone)


def named(period: PeriodName, now: int, zone: ZoneInfo) -> Span:
    """Those that end today include it."""
    today = local_day(now, zone)
    first = today.replace(day=1)
    days = {
        "today": (today, today),
        "yesterday": (today - dt.timedelta(1), today - dt.timedelta(1)),
        "last_7": (today - dt.timedelta(6), today),
        "last_30": (today - dt.timedelta(29), today),
        "this_month": (first, today),
        "last_month": ((first - dt.timedelta(1)).replace(day=1), first - dt.timedelta(1)),
    }
    if period not in days:
        return ALWAYS
    start, end = days[period]
    return midnight(start, zone), midnight(end + dt.timedelta(1), zone)


def _date(field: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise BadPeriod(field, text, "2026-01-31") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadPeriod(field, text, f"{FIRST_YEAR} … {LAST_YEAR}")
    return day


def offsets(within: Span, zone: ZoneInfo) -> list[tuple[int, int]]:
    """`(until, ms ahead of UTC)` in order of time; the last one holds for whatever comes after.

    Looked at day by day and then halved: a zone changes its clock at most once a day.
    """
    start = max(within[0], midnight(dt.date(FIRST_YEAR, 1, 1), zone))
    end = min(within[1], midnight(dt.date(2050, 1, 1), zone))
    found: list[tuple[int, int]] = []
    at, ahead = start, _ahead(start, zone)
    while at < end:
        later = at + DAY_MS
        if (then := _ahead(later, zone)) != ahead:
            found.append((_change(at, later, zone), ahead))
            ahead = then
        at = later
    return [*found, (ALWAYS[1], ahead)]


def _ahead(at: int, zone: ZoneInfo) -> int:
    offset = dt.datetime.fromtimestamp(at / 1000, zone).utcoffset()
    return int((offset or dt.timedelta()).total_seconds() * 1000)


def _change(before: int, after: int, zone: ZoneInfo) -> int:
    """The first ms at which the clock stands as it does at `after`; changes are on the second."""
    then = _ahead(after, zone)
    low, high = before // 1000, after // 1000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _ahead(middle * 1000, zone) == then else (middle, high)
    return high * 1000
