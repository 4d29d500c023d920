"""A carrier's record makes its offers dearer, within bounds, and only where there is a record."""

from hypothesis import given
from hypothesis import strategies as st

from server.pod.carriers.adapter import NullCarrier
from server.pod.carriers.rules import compare
from server.pod.carriers.shapes import Box, Consignment
from server.pod.carriers.standing import Record, Score, counts_as, record_of
from server.pod.carriers.tariffs import Standing

RULES = Standing(least=10)


def score(**said: int) -> Score:
    told = {"waybills": 100, "ended": 100, "delivered": 100, "on_time": 100} | said
    return Score(carrier="swift", **{"returned": 0, "damaged": 0, "lost": 0} | told)


def dearer(**said: int) -> int | None:
    return record_of(score(**said), RULES).dearer_bp


def test_each_per_cent_weighs_as_the_site_says() -> None:
    assert dearer() == 0
    assert dearer(on_time=90) == 200  # 10 % late, 20 bp each
    assert dearer(damaged=1, lost=1) == 600  # 2 % harmed, 300 bp each
    assert dearer(delivered=96, on_time=96, returned=4) == 200
    assert dearer(on_time=0, damaged=100) == RULES.most_bp


def test_too_few_to_say_count_for_nothing() -> None:
    few = record_of(score(waybills=9, ended=9, delivered=9, on_time=0), RULES)
    assert (few.dearer_bp, few.ended, few.least) == (None, 9, 10)
    assert counts_as(1_000, few) == counts_as(1_000, None) == 1_000


@given(
    st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.data()
)
def test_no_record_makes_anybody_cheaper_or_dearer_than_the_most(
    delivered: int, returned: int, damaged: int, lost: int, data: st.DataObject
) -> None:
    on_time = data.draw(st.integers(0, delivered))
    ended = delivered + returned
    found = record_of(
        score(
            waybills=ended,
            ended=ended,
            delivered=delivered,
            on_time=on_time,
            returned=returned,
            damaged=damaged,
            lost=lost,
        ),
        RULES,
    )
    assert 0 <= found.on_time_pm <= 1_000
    assert 0 <= found.harmed_pm <= 1_000
    assert 1_000 <= counts_as(1_000, found) <= 1_500


def test_the_cheapest_of_bad_record_is_passed_over_but_not_for_any_price() -> None:
    goods = Consignment(
        country="GB", postcode="LS1", boxes=(Box(number="1", weight_g=1),), ready_at=0
    )
    poor = {
        "cheap": Record(
            days=90, ended=50, least=10, on_time_pm=900, harmed_pm=20, back_pm=0, dearer_bp=800
        )
    }

    def first(cheap: int, dear: int) -> str:
        told = [NullCarrier("cheap", cheap).rates(goods), NullCarrier("dear", dear).rates(goods)]
        assert compare(goods, told, "EUR").offers[0].carrier == "cheap"
        return compare(goods, told, "EUR", poor).offers[0].carrier

    assert first(1_000, 1_079) == "dear"
    assert first(1_000, 1_081) == "cheap"
