"""How high a case begins, when somebody is reminded, when it goes up, and who may settle it."""

import pytest

from server.exceptions.offering import Alike, Past, best, score
from server.exceptions.rules import (
    HALF,
    MIN_MS,
    WHOLE,
    Authority,
    Clock,
    Concerned,
    ExceptionRules,
    begin,
    hand_up,
    may_settle,
    passed,
    reasons,
    restart,
    units,
)

USUAL = ExceptionRules()
NOON = 1_790_000_000_000
HOUR = 60 * MIN_MS


@pytest.mark.parametrize(
    ("about", "why"),
    [
        (Concerned(), []),
        (Concerned(vip=True), ["vip"]),
        (Concerned(total=5_000_000, currency="EUR"), []),
        (Concerned(total=5_000_001, currency="EUR"), ["large"]),
        (Concerned(total=50_000, currency="JPY"), []),
        (Concerned(total=50_001, currency="JPY"), ["large"]),
        (Concerned(total=50_000_000, currency="KWD"), []),
        (Concerned(total=50_000_001, currency="KWD"), ["large"]),
        (Concerned(before=1), []),
        (Concerned(before=2), ["repeated"]),
        (Concerned(before=7, vip=True), ["vip", "repeated"]),
    ],
)
def test_why_a_case_begins_higher(about: Concerned, why: list[str]) -> None:
    found = reasons(USUAL, about)
    assert found == why
    assert begin(USUAL, found, NOON).level == (2 if why else 1)


def test_each_reason_can_be_set() -> None:
    rules = ExceptionRules(vip=False, large=10, large_in={"JPY": 8_000_000}, repeated=2)
    assert reasons(rules, Concerned(vip=True)) == []
    assert reasons(rules, Concerned(total=1_001, currency="EUR")) == ["large"]
    assert reasons(rules, Concerned(total=8_000_000, currency="JPY")) == []
    assert reasons(rules, Concerned(total=8_000_001, currency="JPY")) == ["large"]
    assert reasons(rules, Concerned(before=1)) == ["repeated"]


@pytest.mark.parametrize(
    ("total", "currency", "whole"),
    [(0, "EUR", 0), (1, "EUR", 1), (100, "EUR", 1), (100, "JPY", 100), (1_001, "BHD", 2)],
)
def test_whole_units_of_a_sum(total: int, currency: str, whole: int) -> None:
    assert units(total, currency) == whole


def test_a_case_that_begins_higher_has_the_shortest_time_of_its_levels() -> None:
    assert begin(USUAL, [], NOON).due_at == NOON + 30 * MIN_MS
    assert begin(USUAL, ["vip"], NOON).due_at == NOON + 30 * MIN_MS
    slow_front = ExceptionRules(minutes=(90, 45, 1_440))
    assert begin(slow_front, ["vip"], NOON).due_at == NOON + 45 * MIN_MS


@pytest.mark.parametrize(
    ("minutes", "reminder", "escalated"),
    [
        (0, 0, False),
        (14.999, 0, False),
        (15, HALF, False),
        (29.999, HALF, False),
        (30, WHOLE, True),
    ],
)
def test_reminders_come_at_half_and_all_of_the_time(
    minutes: float, reminder: int, escalated: bool
) -> None:
    now = passed(USUAL, begin(USUAL, [], NOON), NOON + round(minutes * MIN_MS))
    assert (now.reminder, now.escalated) == (reminder, escalated)


def test_no_reminder_comes_twice() -> None:
    half = passed(USUAL, begin(USUAL, [], NOON), NOON + 16 * MIN_MS).clock
    assert passed(USUAL, half, NOON + 29 * MIN_MS).reminder == 0
    assert half.next_at == NOON + 30 * MIN_MS


def test_the_chain_of_escalations_ends_at_the_highest_level() -> None:
    clock, told = begin(USUAL, [], NOON), []
    while (at := clock.next_at) is not None:
        now = passed(USUAL, clock, at)
        told.append(((at - NOON) // MIN_MS, clock.level, now.reminder, now.clock.level))
        clock = now.clock
    assert told == [
        (15, 1, HALF, 1),
        (30, 1, WHOLE, 2),
        (150, 2, HALF, 2),
        (270, 2, WHOLE, 3),
        (990, 3, HALF, 3),
        (1_710, 3, WHOLE, 3),
    ]


def test_a_night_without_a_server_brings_one_step_and_a_whole_time_for_the_next_level() -> None:
    late = NOON + 10 * HOUR
    now = passed(USUAL, begin(USUAL, [], NOON), late)
    assert (now.reminder, now.clock.level) == (WHOLE, 2)
    assert now.clock.due_at == late + 240 * MIN_MS


def test_handing_up_ends_at_the_highest_level_and_a_restart_has_the_levels_own_time() -> None:
    third = hand_up(USUAL, Clock(level=2, since=NOON, due_at=NOON + 1), NOON)
    assert third.level == hand_up(USUAL, third, NOON).level == 3
    assert restart(USUAL, 2, NOON) == Clock(level=2, since=NOON, due_at=NOON + 240 * MIN_MS)


@pytest.mark.parametrize(
    ("role", "level", "total", "may"),
    [
        ("service", 1, 0, True),
        ("service", 1, 5_000_000, True),
        ("service", 1, 5_000_001, False),
        ("service", 2, 0, False),
        ("supervisor", 2, 10**12, True),
        ("supervisor", 3, 0, False),
        ("admin", 3, 10**12, True),
        ("picker", 1, 0, False),
        ("system", 1, 0, False),
    ],
)
def test_who_may_settle(role: str, level: int, total: int, may: bool) -> None:
    about = Concerned(total=total, currency="EUR")
    assert may_settle(USUAL, role, level, about) is may


def test_a_site_may_give_more_authority_or_less() -> None:
    rules = ExceptionRules(
        authority={"supervisor": Authority(level=3), "service": Authority(level=1, value=100)}
    )
    assert may_settle(rules, "supervisor", 3, Concerned())
    assert not may_settle(rules, "service", 1, Concerned(total=10_001, currency="EUR"))
    assert may_settle(rules, "admin", 3, Concerned())


CASE = Alike(kind="short_pick", sku="MUG", customer="C1", cause="")


def past(name: str, at: int = 1, reused: int = 0, words: str = "", **alike: str) -> Past:
    return Past(id=name, alike=Alike(**alike), words=words or name, at=at, reused=reused)


def test_the_same_kind_counts_most_and_what_helped_often_comes_first() -> None:
    known = [
        past("customer", at=9, customer="C1"),
        past("kind", kind="short_pick"),
        past("kind-sku", kind="short_pick", sku="MUG"),
        past("helped", kind="short_pick", sku="MUG", reused=2),
        past("other", kind="other"),
    ]
    assert [p.id for p in best(CASE, known, 9)] == ["helped", "kind-sku", "kind", "customer"]


def test_of_equals_the_newest_comes_first_and_each_wording_once() -> None:
    known = [past("old", at=1, kind="short_pick"), past("new", at=2, kind="short_pick")]
    assert [p.id for p in best(CASE, known, 9)] == ["new", "old"]
    assert [p.id for p in best(CASE, known, 1)] == ["new"]
    same = [past(name, at=n, kind="short_pick", words="x") for n, name in enumerate("ab")]
    assert [p.id for p in best(CASE, same, 9)] == ["b"]


def test_a_common_cause_lifts_but_is_not_enough_alone() -> None:
    asked = Alike(kind="short_pick", cause="data")
    assert score(asked, past("a", cause="data")) == 0
    lifted = past("a", kind="short_pick", cause="data")
    assert score(asked, lifted) > score(asked, past("b", kind="short_pick", cause="slip")) > 0


def test_what_is_empty_is_in_common_with_nothing() -> None:
    assert score(Alike(kind="x"), past("a", kind="y")) == 0
