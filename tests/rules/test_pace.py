"""The pace that a site keeps, and when what is left will be finished by it."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.board.pace import (
    ALL_WEEK,
    DAY_MS,
    HOUR_MS,
    MINUTE_MS,
    BoardRules,
    Pace,
    Waiting,
    Work,
    after,
    every_day,
    finishes,
    latest,
    pace,
    working_hours,
    worth_telling,
)

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "pace.json").read_text()
)
DAY_ZERO = 20_000 * DAY_MS


def cases(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", VECTORS[name], ids=lambda c: c["name"])


def moment(text: str) -> int:
    day, hour, minute = map(int, re.split("[ :]", text))
    return DAY_ZERO + day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS


def hours_of(said: Any) -> frozenset[int]:
    """Of each day alike, or of seven days from the first day on."""
    if said == "all":
        return ALL_WEEK
    if said and isinstance(said[0], list):
        first = DAY_ZERO // DAY_MS
        week = {(first + day) % 7 * 24 + hour for day, of in enumerate(said) for hour in of}
        return frozenset(week)
    return every_day(said)


@cases("pace")
def test_pace(case: dict[str, Any]) -> None:
    rules = msgspec.convert(case["rules"], BoardRules)
    done = [
        Work(DAY_ZERO + begun * MINUTE_MS, DAY_ZERO + ended * MINUTE_MS, lines)
        for begun, ended, lines in case["minutes"]
    ]
    found = pace(done, rules)
    assert found.per_min == (None if case["per_min"] is None else pytest.approx(case["per_min"]))
    assert (found.lines, found.minutes) == (case["lines"], case["worked"])


@cases("after")
def test_work_is_laid_into_the_hours_of_work(case: dict[str, Any]) -> None:
    found = after(moment(case["now"]), case["minutes"] * MINUTE_MS, hours_of(case["hours"]))
    assert found == moment(case["at"])


@cases("hours")
def test_hours_of_work(case: dict[str, Any]) -> None:
    worked = [moment(f"{said}:00") // HOUR_MS for said in case["worked"]]
    assert working_hours(worked, moment(f"{case['now']}:30")) == hours_of(case["hours"])


@cases("finishes")
def test_finishes(case: dict[str, Any]) -> None:
    def known(per_min: float | None) -> Pace:
        return Pace(per_min=per_min, lines=100, minutes=100)

    found = finishes(
        [Waiting(*w) for w in case["waiting"]],
        DAY_ZERO,
        known(case["pick"]),
        known(case["pack"]),
        ALL_WEEK,
    )
    shown = {
        order: [None if at is None else (at - DAY_ZERO) / MINUTE_MS for at in (f.picked_at, f.at)]
        for order, f in found.items()
    }
    assert shown == case["at"]


@cases("telling")
def test_what_is_news(case: dict[str, Any]) -> None:
    def at(minutes: int | None) -> int | None:
        return None if minutes is None else DAY_ZERO + minutes * MINUTE_MS

    due = DAY_ZERO + case["due"] * MINUTE_MS
    assert worth_telling(at(case["shown"]), at(case["found"]), due, DAY_ZERO) is case["news"]


def test_a_wave_is_done_with_its_last_order_and_unknown_while_one_is() -> None:
    assert latest([3, 9, 5]) == 9
    assert latest([3, None]) is None
    assert latest([]) is None


def test_a_day_has_as_much_work_as_it_has_hours() -> None:
    """However long the work and wherever in the hour it begins."""
    hours = every_day({6, 7, 8, 13, 14})
    for begin in range(0, 24 * 60, 7):
        now = DAY_ZERO + begin * MINUTE_MS
        for minutes in (1, 59, 60, 299, 300, 301, 1500):
            end = after(now, minutes * MINUTE_MS, hours)
            worked = sum(1 for at in range(now, end, MINUTE_MS) if at // HOUR_MS % 168 in hours)
            assert worked == minutes
