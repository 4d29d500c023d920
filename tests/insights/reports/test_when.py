"""Periods and rhythms by the site's own clock, also where it is put on or back."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from server.insights.reports.period import (
    ALWAYS,
    HOUR_MS,
    BadPeriod,
    midnight,
    named,
    offsets,
    span,
)
from server.insights.reports.shapes import Asked, PeriodName
from server.insights.reports.when import Rhythm, next_run

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
KOLKATA, HOWE = ZoneInfo("Asia/Kolkata"), ZoneInfo("Australia/Lord_Howe")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def ms(text: str) -> int:
    """Of an ISO 8601 moment with its offset."""
    return int(dt.datetime.fromisoformat(text).timestamp() * 1000)


def at(rhythm: Rhythm, after: str, zone: ZoneInfo) -> str:
    found = next_run(rhythm, ms(after), zone)
    return dt.datetime.fromtimestamp(found / 1000, zone).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("minute", "after", "zone", "expected"),
    [
        (360, "2026-01-10T05:59+00:00", LONDON, "2026-01-10T06:00+00:00"),
        (360, "2026-01-10T06:00+00:00", LONDON, "2026-01-11T06:00+00:00"),
        # The same hour of the wall before and after the clock goes on.
        (360, "2026-03-28T07:00+00:00", LONDON, "2026-03-29T06:00+01:00"),
        # 01:30 is left out that night: at the change, 02:00 summer time.
        (90, "2026-03-28T12:00+00:00", LONDON, "2026-03-29T02:00+01:00"),
        (90, "2026-03-29T02:00+01:00", LONDON, "2026-03-30T01:30+01:00"),
        # 01:30 comes twice: the first time, and not again an hour later.
        (90, "2026-10-24T12:00+01:00", LONDON, "2026-10-25T01:30+01:00"),
        (90, "2026-10-25T01:30+01:00", LONDON, "2026-10-26T01:30+00:00"),
        (150, "2026-03-07T12:00-05:00", NEW_YORK, "2026-03-08T03:00-04:00"),
        # Half an hour on Lord Howe Island: 02:15 is left out, 02:30 is the change.
        (135, "2026-10-03T12:00+10:30", HOWE, "2026-10-04T02:30+11:00"),
        # A midnight that was left out.
        (0, "2018-11-03T12:00-03:00", SAO_PAULO, "2018-11-04T01:00-02:00"),
        (0, "2026-06-30T23:59+05:30", KOLKATA, "2026-07-01T00:00+05:30"),
    ],
)
def test_every_day_at_the_time_of_the_wall(
    minute: int, after: str, zone: ZoneInfo, expected: str
) -> None:
    assert at(Rhythm(every="day", minute=minute), after, zone) == expected


@pytest.mark.parametrize(
    ("on", "after", "expected"),
    [
        (1, "2026-11-28T10:00+00:00", "2026-11-30T06:00+00:00"),
        (6, "2026-11-28T05:00+00:00", "2026-11-28T06:00+00:00"),
        (6, "2026-11-28T06:00+00:00", "2026-12-05T06:00+00:00"),
        (7, "2026-10-24T06:00+01:00", "2026-10-25T06:00+00:00"),
    ],
)
def test_every_week_on_its_day(on: int, after: str, expected: str) -> None:
    assert at(Rhythm(every="week", on=on, minute=360), after, LONDON) == expected


@pytest.mark.parametrize(
    ("on", "after", "expected"),
    [
        (1, "2026-12-01T06:00+00:00", "2027-01-01T06:00+00:00"),
        (31, "2026-02-01T00:00+00:00", "2026-02-28T06:00+00:00"),
        (31, "2028-02-01T00:00+00:00", "2028-02-29T06:00+00:00"),
        (30, "2026-04-30T06:00+01:00", "2026-05-30T06:00+01:00"),
    ],
)
def test_every_month_on_its_day_or_its_last(on: int, after: str, expected: str) -> None:
    assert at(Rhythm(every="month", on=on, minute=360), after, LONDON) == expected


def test_a_rhythm_followed_for_three_years_neither_stands_still_nor_leaves_a_day_out() -> None:
    for zone in (LONDON, NEW_YORK, HOWE, KOLKATA):
        now, days = ms("2026-01-01T12:00+00:00"), []
        for _ in range(3 * 365):
            then = next_run(Rhythm(every="day", minute=135), now, zone)
            assert then > now
            now = then
            days.append(dt.datetime.fromtimestamp(now / 1000, zone).date())
        assert [b - a for a, b in pairwise(days)] == [dt.timedelta(1)] * (len(days) - 1)


@pytest.mark.parametrize(
    ("period", "first", "until"),
    [
        ("today", "2026-03-29", "2026-03-30"),
        ("yesterday", "2026-03-28", "2026-03-29"),
        ("last_7", "2026-03-23", "2026-03-30"),
        ("last_30", "2026-02-28", "2026-03-30"),
        ("this_month", "2026-03-01", "2026-03-30"),
        ("last_month", "2026-02-01", "2026-03-01"),
    ],
)
def test_a_period_is_of_whole_days_of_the_site(period: PeriodName, first: str, until: str) -> None:
    now = ms("2026-03-29T23:30+01:00")  # in UTC it is 22:30, in New York still the afternoon
    days = [midnight(dt.date.fromisoformat(each), LONDON) for each in (first, until)]
    assert named(period, now, LONDON) == tuple(days)


def test_the_day_on_which_the_clock_goes_on_has_23_hours() -> None:
    start, end = span(Asked(start="2026-03-29", end="2026-03-29"), "", 0, LONDON)
    assert end - start == 23 * HOUR_MS


def test_no_period_is_all_there_is() -> None:
    assert span(Asked(period="all"), "today", 0, LONDON) == ALWAYS


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2026-02-30", "2026-03-01", "start"),
        ("2026-03-02", "2026-03-01", "end"),
        ("1970-01-01", "", "start"),
        ("2026-01-01", "9999-12-31", "end"),
    ],
)
def test_dates_that_are_none_are_named(start: str, end: str, field: str) -> None:
    with pytest.raises(BadPeriod) as wrong:
        span(Asked(start=start, end=end), "", 0, LONDON)
    assert wrong.value.field == field


def test_the_clock_of_a_year_changes_to_the_second() -> None:
    year = (ms("2026-01-01T00:00+00:00"), ms("2027-01-01T00:00+00:00"))
    assert offsets(year, LONDON) == [
        (ms("2026-03-29T01:00+00:00"), 0),
        (ms("2026-10-25T01:00+00:00"), HOUR_MS),
        (ALWAYS[1], 0),
    ]
    assert offsets(year, KOLKATA) == [(ALWAYS[1], 5 * HOUR_MS + HOUR_MS // 2)]
