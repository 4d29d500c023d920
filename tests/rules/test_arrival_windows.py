"""What a customer is told of the arrival: never where the van is, never a window in the past."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.pod.expected import Expected
from server.pod.windows import Coming, TrackRules, coming

ZONE = ZoneInfo("Asia/Shanghai")
MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOON = int(dt.datetime(2026, 9, 29, 12, 0, tzinfo=ZONE).timestamp() * 1000)
RULES = TrackRules()


def told(known: Expected | None, due_at: int = NOON + 6 * HOUR, now: int = NOON) -> Coming:
    return coming(known, due_at, now, ZONE, RULES)


def van(at: int, **more: object) -> Expected:
    return Expected(by="van", at=at, **more)  # type: ignore[arg-type]


def test_before_the_van_leaves_the_window_is_wide_and_then_it_is_narrow() -> None:
    at = NOON + 4 * HOUR + 7 * MIN
    wide, near = told(van(at)), told(van(at, on_way=True))
    assert (wide.start, wide.end) == (NOON + 150 * MIN, NOON + 345 * MIN)
    assert (near.start, near.end) == (NOON + 210 * MIN, NOON + 285 * MIN)
    assert (wide.how, wide.late) == ("window", False)


@given(
    st.integers(-DAY, 3 * DAY), st.integers(0, DAY), st.booleans(), st.sampled_from([0, NOON + DAY])
)
def test_a_window_holds_the_arrival_and_does_not_begin_in_the_past(
    after: int, passed: int, on_way: bool, opens: int
) -> None:
    now = NOON + passed
    seen = told(van(NOON + after, on_way=on_way, opens_at=opens), now=now)
    step = RULES.step_min * MIN
    assert seen.start % step == seen.end % step == 0
    assert seen.start > now - step
    assert seen.start >= opens - step
    assert seen.start <= max(NOON + after, now, opens) <= seen.end
    assert (
        seen.end - seen.start <= (RULES.near_min if on_way else RULES.window_min) * MIN + 2 * step
    )


def test_another_day_than_was_promised_is_late_and_an_hour_of_the_same_day_is_not() -> None:
    assert not told(van(NOON + 8 * HOUR)).late  # due at 18:00, comes at 20:00
    assert told(van(NOON + 20 * HOUR)).late


def test_days_are_those_of_the_site() -> None:
    """23:30 and 00:30 in Shanghai are one day in London."""
    due, at = NOON + 11 * HOUR + 30 * MIN, NOON + 12 * HOUR + 90 * MIN
    assert told(van(at, on_way=True), due_at=due).late
    london = coming(van(at, on_way=True), due, NOON, ZoneInfo("Europe/London"), RULES)
    assert not london.late


def test_a_carriers_day_ends_before_its_midnight() -> None:
    midnight = NOON + 12 * HOUR
    seen = told(Expected(by="carrier", at=midnight))
    assert (seen.how, seen.late) == ("day", False)
    assert dt.datetime.fromtimestamp(seen.end / 1000, ZONE).date() == dt.date(2026, 9, 29)
    assert told(Expected(by="carrier", at=midnight + DAY)).late
    assert told(Expected(by="carrier", at=midnight), now=midnight + MIN) == Coming(
        how="open", late=True
    )


def test_a_promise_that_has_passed_names_no_day() -> None:
    assert told(None) == Coming(how="day", end=NOON + 6 * HOUR)
    assert told(None, due_at=NOON - DAY) == Coming(how="open", late=True)


def test_a_van_at_the_door_is_there() -> None:
    assert told(van(NOON, there=True)) == Coming(how="there")
