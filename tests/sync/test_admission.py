"""When a fleet comes back at once, those who are here already do not wait behind it."""

import asyncio

import pytest

from server.kernel.errors import Unavailable
from server.sync.admission import Admission


def test_a_few_catch_up_at_a_time_first_come_first_served() -> None:
    async def scenario() -> tuple[int, list[int]]:
        admission, inside, most, order = Admission(at_once=3), 0, 0, []

        async def come(i: int) -> None:
            nonlocal inside, most
            async with admission.catching_up():
                inside, most = inside + 1, max(most, inside + 1)
                order.append(i)
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(come(i) for i in range(50)))
        return most, order

    assert asyncio.run(scenario()) == (3, list(range(50)))


def test_who_has_waited_too_long_is_asked_to_come_back_and_takes_no_place() -> None:
    async def scenario() -> None:
        admission = Admission(at_once=1, patience_s=0.05)
        async with admission.catching_up():
            with pytest.raises(Unavailable):
                async with admission.catching_up():
                    pass
        async with admission.catching_up():
            pass

    asyncio.run(scenario())


def test_who_breaks_off_leaves_its_place_to_the_next() -> None:
    async def scenario() -> None:
        admission = Admission(at_once=1, patience_s=1)

        async def come() -> None:
            async with admission.catching_up():
                await asyncio.sleep(60)

        first, second = asyncio.create_task(come()), asyncio.create_task(come())
        await asyncio.sleep(0.01)
        first.cancel()
        second.cancel()
        async with admission.catching_up():
            pass

    asyncio.run(scenario())
