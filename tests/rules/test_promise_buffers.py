"""A buffer is what enough deliveries needed: of the destination, and more of weekday and season."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from server.orders.buffers import Buffer, Kept, PromiseRules, buffer, learn, places_of

UTC = ZoneInfo("UTC")
RULES = PromiseRules(least=10, most_days=4)
DAY = 86_400_000


def at(year: int, month: int, day: int) -> int:
    return int(dt.datetime(year, month, day, 12, tzinfo=dt.UTC).timestamp() * 1000)


def kept(promised: int, late: int, *places: str) -> Kept:
    return Kept(promised, promised + late * DAY, places or ("GB",))


TUESDAY = at(2026, 3, 3)
WEEK = 7 * DAY


def bought(learned_from: list[Kept], when: int = TUESDAY, *places: str) -> Buffer:
    return buffer(learn(learned_from, RULES, UTC), when, places or ("GB",), RULES, UTC)


def test_as_many_days_as_nine_of_ten_needed() -> None:
    history = [kept(TUESDAY, 0)] * 17 + [kept(TUESDAY, 1)] + [kept(TUESDAY, 9)] * 2
    made = bought(history)
    assert (made.days, made.of, made.place) == (1, 20, "GB")
    assert bought([kept(TUESDAY, 0)] * 18 + [kept(TUESDAY, 9)] * 2).days == 0


def test_too_few_deliveries_teach_nothing() -> None:
    assert bought([kept(TUESDAY, 3)] * 9) == Buffer()
    assert bought([kept(TUESDAY, 3)] * 10).days == 3


def test_a_destination_has_its_own_and_the_country_stands_in_for_one_that_is_new() -> None:
    far, near = places_of("GB", "hs1 2ab", 2), places_of("GB", "LS1", 2)
    assert far == ("GB HS", "GB")
    history = [kept(TUESDAY, 3, *far)] * 10 + [kept(TUESDAY, 0, *near)] * 90
    assert bought(history, TUESDAY, *far).days == 3
    assert bought(history, TUESDAY, *near).days == 0
    new = bought(history, TUESDAY, *places_of("GB", "ZE1", 2))
    assert (new.days, new.place) == (0, "GB")
    abroad = bought(history, TUESDAY, *places_of("FR", "75001", 2))
    assert (abroad.days, abroad.place) == (0, "")


def test_december_and_mondays_cost_what_they_need_more_than_usual() -> None:
    usual = [kept(TUESDAY + n * DAY, 0) for n in range(1, 4) for _ in range(80)]
    christmas = [kept(at(2025, 12, 9), 2)] * 12
    mondays = [kept(at(2026, 3, 2), 1)] * 10
    history = [*usual, *christmas, *mondays]
    thursday = at(2026, 3, 5)
    assert bought(history, thursday) == Buffer(of=len(history), place="GB")
    december = bought(history, at(2026, 12, 10))
    assert (december.season, december.weekday, december.days) == (2, 0, 2)
    monday = bought(history, at(2026, 3, 9))
    assert (monday.season, monday.weekday, monday.days) == (0, 1, 1)
    both = bought(history, at(2026, 12, 7))
    assert (both.season, both.weekday, both.days) == (2, 1, 3)


def test_a_buffer_that_works_is_not_unlearned() -> None:
    """Lateness counts from the bare promise, so the same deliveries teach the same buffer."""
    history = [kept(TUESDAY, 2)] * 20
    first = bought(history).days
    later = [kept(TUESDAY + WEEK * n, 2) for n in range(20)]  # in time, for the buffer
    assert bought([*history, *later]).days == first == 2


@given(
    st.lists(
        st.builds(
            kept,
            st.integers(at(2024, 1, 1), at(2026, 12, 31)),
            st.integers(-3, 60),
            st.sampled_from(["GB", "DE", "FR"]),
        ),
        max_size=80,
    ),
    st.integers(at(2026, 1, 1), at(2026, 12, 31)),
    st.sampled_from(["GB", "IT"]),
)
def test_no_history_makes_a_buffer_below_nothing_or_above_the_most(
    history: list[Kept], when: int, place: str
) -> None:
    made = bought(history, when, place)
    assert 0 <= made.days <= RULES.most_days
    assert made.days <= made.usual + made.weekday + made.season
