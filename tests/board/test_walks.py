"""The board's hours: what was walked for picking, and what S-shape would have cost."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.board.walks import HOUR_MS, KEPT_HOURS
from server.orders.ops import CancelOrder
from server.store.store import Store
from tests.floor_site import Handheld, build, scalar, table
from tests.floor_work import APPLIED, lines
from tests.picking_work import finish, in_hand, pick
from tests.stores import open_store

HOUR = 1_800_000_000_000 - 1_800_000_000_000 % HOUR_MS


@dataclass
class Clock:
    now: int = HOUR + 5 * 60_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        opened.clock = opened.writer._clock = clock
        build(opened)
        yield opened


def hours(store: Store) -> dict[int, dict[str, Any]]:
    found = table(store, "SELECT scope, key, body FROM feed WHERE kind = 'walk'")
    assert {r["scope"] for r in found} <= {"b:main"}
    return {int(r["key"]): json.loads(r["body"]) for r in found if r["body"]}


def walked(store: Store, ref: str, who: str = "picker") -> dict[str, float]:
    """An order picked to its end; what its task says of the walk."""
    picker, task, _ = in_hand(store, ref, who, MUG=1, TEE=1, LAMP=1)
    for line in reversed(lines(store, task)):
        assert pick(picker, line) == APPLIED
    assert finish(picker, task) == APPLIED
    body = json.loads(scalar(store, "SELECT body FROM task WHERE id = :t", t=task))
    return {f: body[f] for f in ("metres", "s_shape_metres")}


def test_the_walks_of_an_hour_are_one_sum(store: Store, clock: Clock) -> None:
    first, second = walked(store, "R-1"), walked(store, "R-2")
    clock.now += HOUR_MS
    third = walked(store, "R-3")
    both = {f: pytest.approx(first[f] + second[f]) for f in first}
    assert first["metres"] > 0
    assert hours(store) == {
        HOUR: {"hour": HOUR, "tasks": 2, **both},
        HOUR + HOUR_MS: {"hour": HOUR + HOUR_MS, "tasks": 1, **third},
    }


def test_a_task_on_which_nobody_set_out_is_no_walk(store: Store) -> None:
    _, _, made = in_hand(store, "R-1", MUG=1)
    chief = Handheld(store, "supervisor")
    assert chief.say("orders.cancel_order.v1", CancelOrder(order=made, reason="x")) == APPLIED
    assert hours(store)[HOUR]["tasks"] == 0


def test_work_in_hand_is_not_walked_yet(store: Store) -> None:
    picker, task, _ = in_hand(store, "R-1", MUG=1, TEE=1)
    assert pick(picker, lines(store, task)[0]) == APPLIED
    assert hours(store) == {}


def test_the_board_keeps_two_days(store: Store, clock: Clock) -> None:
    walked(store, "R-1")
    clock.now += (KEPT_HOURS - 1) * HOUR_MS
    walked(store, "R-2")
    assert len(hours(store)) == 2
    clock.now += HOUR_MS
    walked(store, "R-3")
    assert sorted(hours(store)) == [HOUR + (KEPT_HOURS - 1) * HOUR_MS, HOUR + KEPT_HOURS * HOUR_MS]
