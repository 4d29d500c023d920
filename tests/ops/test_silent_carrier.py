"""A carrier that keeps failing is on the exceptions desk, once, until it answers or somebody has
settled it."""

from typing import Any

import pytest

from server.pod.carriers import polling
from server.pod.carriers.shapes import Reported
from server.pod.carriers.tariffs import Tracking
from server.store.store import Store
from tests.exception_work import settle
from tests.floor_site import Handheld, table
from tests.floor_work import APPLIED
from tests.ops.test_polling import Fickle, anyio_backend, clock, poller, row, sent, store, swift
from tests.run_work import Clock

pytestmark = pytest.mark.anyio
__all__ = ["anyio_backend", "clock", "store", "swift"]
RULES = Tracking(url="http://localhost/{number}", every_min=30, seldom_min=30, silent_after=2)


def told(store: Store) -> list[tuple[str, str]]:
    wanted = "SELECT state, body FROM discrepancy WHERE kind = 'carrier_silent' ORDER BY at, id"
    return [(r["state"], r["body"]) for r in table(store, wanted)]


async def rounds(store: Store, swift: Fickle, clock: Clock, count: int) -> None:
    asks = poller(store, swift, rules=RULES)
    for _ in range(count):
        assert await asks.poll_once() == 1
        clock.at = row(store)["next_at"]


async def silence(store: Store, swift: Fickle, clock: Clock) -> None:
    sent(store)
    swift.mood = "fails"
    await rounds(store, swift, clock, 1)
    assert told(store) == []
    await rounds(store, swift, clock, 3)
    ((state, body),) = told(store)
    assert state == "open"
    assert '"carrier":"swift"' in body
    assert '"failed":2' in body


async def test_it_is_told_once_and_goes_by_itself(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    await silence(store, swift, clock)
    swift.mood = "well"
    await rounds(store, swift, clock, 2)
    assert [state for state, _ in told(store)] == ["settled"]


async def test_a_poller_that_keeps_it_to_itself_would_be_noticed(
    store: Store, swift: Fickle, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def says_nothing(*_told: Any, **_said: Any) -> None:
        return None

    monkeypatch.setattr(polling, "watch", says_nothing)
    with pytest.raises(ValueError, match="not enough values"):
        await silence(store, swift, clock)


async def test_settled_while_it_is_still_silent_it_comes_back_with_the_next_failure(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    await silence(store, swift, clock)
    case = table(store, "SELECT id FROM discrepancy WHERE kind = 'carrier_silent'")[0]["id"]
    assert settle(Handheld(store, "supervisor"), case, "Called them", "system") == APPLIED
    await rounds(store, swift, clock, 1)
    assert [state for state, _ in told(store)] == ["settled", "open"]


async def test_one_that_answers_is_never_spoken_of(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.told = [Reported(number=number, ref="1", text="Out for delivery", at=clock.at)]
    await rounds(store, swift, clock, 4)
    assert told(store) == []
