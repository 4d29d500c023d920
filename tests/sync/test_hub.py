"""What the hub promises its connections, without a socket."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.kernel.feeds import Row
from server.store.store import Store
from server.store.tx import Tx
from server.sync import tail as tail_module
from server.sync.exchange import Session
from server.sync.hub import Hub, Position
from tests.stores import open_store


class Count(Row):
    n: int


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        yield opened


def test_a_push_never_shows_an_operation_done_without_its_effect(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The effect was written anew since and lies on the tailer's next page."""
    monkeypatch.setattr(tail_module, "TAIL_PAGE", 3)
    monkeypatch.setattr(tail_module, "_TAIL", tail_module._TAIL.limit(3))
    heard: list[Any] = []
    told_once = asyncio.Event()

    async def send(message: Any) -> None:
        heard.append(msgspec.json.decode(msgspec.json.encode(message)))
        told_once.set()

    def commit(*rows: tuple[str, str, Row | int]) -> Any:
        def job(tx: Tx) -> None:
            for kind, key, body in rows:
                tx.put("main", "d:k1", kind, key, body)

        return store.run(job)

    async def scenario() -> None:
        await commit(("count", "start", Count(0)))
        hub = Hub(store)
        session = Session("k1", "main", frozenset({"d:k1"}), None)
        position = Position(session, send)
        following = asyncio.create_task(hub.follow(position))
        await asyncio.sleep(0.1)
        hub.placed(position, session, {"d:k1": "1.1"})
        await commit(("done", "", 1), ("count", "line", Count(1)))
        for i in range(4):
            await commit(("count", f"other{i}", Count(i)))
        await commit(("count", "line", Count(2)))
        await told_once.wait()
        following.cancel()
        await hub.stop()

    asyncio.run(asyncio.wait_for(scenario(), 20))
    told = {(r[1], r[2]) for r in heard[0]["answer"]["rows"]}
    assert ("done", "") not in told or ("count", "line") in told
