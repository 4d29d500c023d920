"""The writer outlives those who wait for it."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.store import Store
from tests.floor_site import scalar
from tests.stores import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        yield opened


def test_a_push_whose_socket_is_cut_is_committed_and_the_next_one_too(store: Store) -> None:
    gate = threading.Event()
    holding = store.writer.run(lambda _tx: gate.wait(5))

    async def cut() -> int:
        waiting = asyncio.create_task(store.run(lambda tx: tx.next_number("main", "cut")))
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.sleep(0.05)
        gate.set()
        return await asyncio.wait_for(store.run(lambda tx: tx.next_number("main", "next")), 5)

    assert asyncio.run(cut()) == 1
    holding.result(timeout=5)
    assert scalar(store, "SELECT value FROM counter WHERE name = 'cut'") == 1
