"""Priority: by type, importance, days left and marks; 0 to 100."""

import pytest

from server.orders.rules import DAY_MS, PriorityRules, priority

NOW = 1_800_000_000_000
RULES = PriorityRules()
FAR = NOW + 30 * DAY_MS


def score(kind: str = "standard", due_at: int = FAR, *marks: str, vip: bool = False) -> int:
    return priority(RULES, kind, due_at, NOW, vip=vip, marks=list(marks))


@pytest.mark.parametrize(
    ("kind", "base"), [("urgent", 80), ("standard", 40), ("sample", 30), ("preorder", 20)]
)
def test_the_type_is_the_base(kind: str, base: int) -> None:
    assert score(kind) == base


@pytest.mark.parametrize(
    ("days", "extra"), [(8, 0), (7, 0), (6, 5), (3, 20), (1, 30), (0, 35), (-4, 35)]
)
def test_each_of_the_last_seven_days_counts_five(days: int, extra: int) -> None:
    assert score("standard", NOW + days * DAY_MS) == 40 + extra


def test_a_begun_day_still_counts_as_left() -> None:
    assert score("standard", NOW + 6 * DAY_MS + 1) == 40
    assert score("standard", NOW + 5 * DAY_MS + 1) == 45


def test_important_customers_and_first_orders_count_more() -> None:
    assert score(vip=True) == 50
    assert score("standard", FAR, "first_order") == 55
    assert score("standard", FAR, "unheard_of") == 40


def test_it_ends_at_a_hundred() -> None:
    assert score("urgent", NOW, "first_order", vip=True) == 100


def test_a_site_may_weigh_otherwise() -> None:
    rules = PriorityRules(base={"standard": 10}, vip=1, day=2, marks={"gift": 3})
    made = priority(rules, "standard", NOW + 5 * DAY_MS, NOW, vip=True, marks=["gift"])
    assert made == 10 + 1 + 4 + 3
