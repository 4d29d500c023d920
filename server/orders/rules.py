"""How urgent an order is, as a number that the desk can explain."""

from msgspec import Struct, field

DAY_MS = 86_400_000
_BASE = {"urgent": 80, "standard": 40, "sample": 30, "preorder": 20}


class PriorityRules(Struct, frozen=True, kw_only=True):
    """The site's setting `priority`. `base` by order type; `day` for each of the last `days` days
    that the due time has come closer; `marks`: words that an order may carry."""

    base: dict[str, int] = field(default_factory=lambda: dict(_BASE))
    vip: int = 10
    day: int = 5
    days: int = 7
    marks: dict[str, int] = field(default_factory=lambda: {"first_order": 15})
    most: int = 100


def priority(
    rules: PriorityRules, kind: str, due_at: int, now: int, *, vip: bool, marks: list[str]
) -> int:
    """0 to `most`. Times in ms. Ties are broken by due time, then age, by whoever sorts."""
    left = max(0, -(-(due_at - now) // DAY_MS))
    closer = max(0, rules.days - left)
    score = rules.base.get(kind, 0) + rules.day * closer + rules.vip * vip
    score += sum(rules.marks.get(mark, 0) for mark in marks)
    return max(0, min(rules.most, score))
