"""What the hub promises its connections, without a socket."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.kernel.feeds import Row
from server.store.store import Store
from server.store.tx import Tx
from server.sync import tail as tail_module
from server.sync.caller import Session
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


class Told:
    """A connection of device k1 that keeps what it is told."""

    def __init__(self, store: Store) -> None:
        self.store, self.hub = store, Hub(store)
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.session = Session("k1", "main", frozenset({"d:k1"}), None)
        self.position = Position(self.session, self._send)

    async def _send(self, message: Any) -> None:
        await self.heard.put(msgspec.json.decode(msgspec.json.encode(message)))

    def follow(self) -> "asyncio.Task[None]":
        self.hub.start()
        return asyncio.create_task(self.hub.follow(self.position))

    def placed(self, ver: int) -> None:
        self.hub.placed(self.position, self.session, {"d:k1": f"{ver}.{ver}"})

    async def next(self) -> Any:
        return await asyncio.wait_for(self.heard.get(), 5)

    async def commit(self, scope: str, *keys: str) -> None:
        def job(tx: Tx) -> None:
            for key in keys:
                tx.put("main", scope, "count", key, Count(1))

        await self.store.run(job)


def keys(message: Any) -> list[str]:
    return sorted(r[2] for r in message["answer"]["rows"])


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scenario, 30))


def test_what_was_committed_before_the_tail_began_is_not_skipped(store: Store) -> None:
    async def scenario() -> None:
        told = Told(store)
        await told.commit("d:k1", "known")
        told.placed(1)  # its question was answered before the node had a tail of this site
        await told.commit("d:k1", "between")
        following = told.follow()
        assert await told.next() == {"t": "pull"}
        following.cancel()
        await told.hub.stop()

    run(scenario())


def test_others_may_move_on_as_far_as_they_like(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of other scopes push a quiet device out of the ring, yet it has missed nothing."""
    monkeypatch.setattr(tail_module, "RING_ROWS", 10)

    async def scenario() -> None:
        told = Told(store)
        await told.commit("d:k1", "known")
        following = told.follow()
        await asyncio.sleep(0.2)
        told.placed(1)
        for i in range(5):
            await told.commit("d:other", *(f"{i}-{j}" for j in range(10)))
        await asyncio.sleep(0.2)
        await told.commit("d:k1", "mine")
        message = await told.next()
        assert (message["base"], keys(message)) == ({"d:k1": "1.1"}, ["mine"])
        following.cancel()
        await told.hub.stop()

    run(scenario())


def test_who_has_missed_too_much_is_asked_to_ask(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_module, "PUSH_ROWS", 10)

    async def scenario() -> None:
        told = Told(store)
        await told.commit("d:k1", "known")
        following = told.follow()
        await asyncio.sleep(0.2)
        told.placed(1)
        await told.commit("d:k1", *(str(i) for i in range(20)))
        assert await told.next() == {"t": "pull"}
        await told.commit("d:k1", "more")
        await asyncio.sleep(0.2)
        assert told.heard.empty()  # until it has asked
        told.placed(2)
        assert keys(await told.next()) == ["more"]
        following.cancel()
        await told.hub.stop()

    run(scenario())
