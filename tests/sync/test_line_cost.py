"""What a line costs that a picker confirms on-line, and that its answer from memory is the one that
the database would give."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.kernel.errors import ProtocolError
from server.kernel.feeds import Row
from server.kernel.ops import Envelope
from server.picking.ops import ConfirmPick
from server.store.prepared import Prepared
from server.store.store import Store
from server.store.tx import Tx
from server.sync.caller import Session
from server.sync.exchange import exchange, push
from server.sync.hub import Hub, Position
from server.sync.tail import Tail
from tests.floor_site import Handheld, build, table
from tests.floor_work import lines
from tests.picking_work import in_hand, place
from tests.stores import open_store

STATEMENTS = 17
"""Of a line that is alone in its commit, BEGIN and COMMIT counted: four to read and change what it
is about, five for the rows that show it, and what is written down of it."""


class Count(Row):
    n: int


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


class Spoken:
    """Statements, as they went to the database: `written` by the writer, `read` by all others."""

    def __init__(self, store: Store, patch: pytest.MonkeyPatch) -> None:
        self.written, self.read = 0, 0
        self._writer = store.write_engine
        sa.event.listen(sa.Engine, "before_cursor_execute", self._heard)
        sa.event.listen(self._writer, "commit", self._committed)
        for way in ("first", "all", "run", "run_many"):
            patch.setattr(Prepared, way, self._counting(getattr(Prepared, way)))

    def _counting(self, original: Any) -> Any:
        def heard(prepared: Prepared, conn: sa.Connection, values: Any) -> Any:
            self._count(conn)
            return original(prepared, conn, values)

        return heard

    def _heard(self, conn: sa.Connection, *_: Any) -> None:
        self._count(conn)

    def _committed(self, conn: sa.Connection) -> None:
        self._count(conn)

    def _count(self, conn: sa.Connection) -> None:
        if conn.engine is self._writer:
            self.written += 1
        else:
            self.read += 1

    def stop(self) -> None:
        sa.event.remove(sa.Engine, "before_cursor_execute", self._heard)
        sa.event.remove(self._writer, "commit", self._committed)


class Live:
    """A picker whose connection is open, on a node of its own."""

    def __init__(self, store: Store, ref: str) -> None:
        self.store, self.hub = store, Hub(store)
        self.picker, self.task, _ = in_hand(store, ref, MUG=3, TEE=2)
        self.cur: dict[str, str] = {}

    async def open(self) -> None:
        async def deaf(_message: Any) -> None:
            """Nobody listens to pushes here."""

        self.hub.start()
        await self.hub.tail_of("main")
        at = Position(Session(self.picker.id, "main", frozenset(), None), deaf)
        self.following = asyncio.create_task(self.hub.follow(at))
        await self.ask()

    async def ask(self, *ops: Envelope) -> Any:
        frame = msgspec.structs.replace(self.picker.frame(*ops), cur=self.cur)
        answer, _ = await exchange(self.store, self.picker.id, frame, recall=self.hub.recall)
        self.cur = answer.cur  # type: ignore[union-attr]
        return msgspec.json.decode(msgspec.json.encode(answer))

    def picked(self, no: int) -> Envelope:
        line = lines(self.store, self.task)[no]
        fact = ConfirmPick(**place(line), qty=line["qty"])
        return self.picker.envelope("picking.confirm_pick.v1", fact)

    async def close(self) -> None:
        self.following.cancel()
        await self.hub.stop()


def test_a_line_by_itself_is_one_commit_of_few_statements_and_reads_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.hub.POLL_S", 3600.0)

    async def scenario() -> None:
        live = Live(store, "R-1")
        await live.open()
        first, second = live.picked(0), live.picked(1)
        await live.ask(first)
        spoken = Spoken(store, monkeypatch)
        try:
            told = await live.ask(second)
        finally:
            spoken.stop()
            await live.close()
        assert ["d:" + live.picker.id, "done", "", second.n] in [
            [scope, kind, key, body] for scope, kind, key, _, body in told["rows"]
        ]
        assert (spoken.written, spoken.read) == (STATEMENTS, 0)

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_what_is_answered_from_memory_is_what_the_database_would_answer(store: Store) -> None:
    async def scenario() -> None:
        live = Live(store, "R-1")
        await live.open()
        for no in range(2):
            before = dict(live.cur)
            told = await live.ask(live.picked(no))
            frame = msgspec.structs.replace(live.picker.frame(), cur=before)
            answer, _ = await exchange(store, live.picker.id, frame)
            read = msgspec.json.decode(msgspec.json.encode(answer))
            assert sorted(told["rows"]) == sorted(read["rows"])
            assert {k: told[k] for k in ("cur", "reset", "more")} == {
                k: read[k] for k in ("cur", "reset", "more")
            }
        await live.close()

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_whose_cursors_memory_does_not_reach_is_answered_from_the_database(store: Store) -> None:
    async def scenario() -> None:
        live = Live(store, "R-1")
        await live.open()
        live.cur = dict.fromkeys(live.cur, "0.0")
        told = await live.ask(live.picked(0))
        assert {r[1] for r in told["rows"]} >= {"done", "line", "task", "setting"}
        await live.close()

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_a_revoked_device_is_told_nothing_from_memory(store: Store) -> None:
    async def scenario() -> None:
        live = Live(store, "R-1")
        await live.open()
        revoke = sa.text("UPDATE device SET revoked_at = 1 WHERE id = :id")
        store.run_sync(lambda tx: tx.conn.execute(revoke, {"id": live.picker.id}))
        with pytest.raises(ProtocolError, match="revoked"):
            await live.ask(live.picked(0))
        await live.close()

    asyncio.run(asyncio.wait_for(scenario(), 60))
    kept = table(store, "SELECT outcome FROM op WHERE kind = 'picking.confirm_pick'")
    assert kept == [{"outcome": "quarantined"}]


def put(key: str) -> Any:
    return lambda tx: tx.put("main", "b:main", "count", key, Count(1))


async def heard_on_two_nodes(tmp_path: Path) -> set[str]:
    """One commits; in front of every second commit another writes, of which no bell tells."""
    with open_store("sqlite", tmp_path) as here:
        there = Store(here.url, tmp_path / "there")
        hub = Hub(here)
        hub.start()
        await here.run(put("first"))
        tail = await hub.tail_of("main")
        for i in range(4):
            await there.run(put(f"there{i}"))
            await here.run(put(f"here{i}"))
            await here.run(put(f"more{i}"))
        await asyncio.sleep(1.5)
        told = {msgspec.json.decode(raw)[2] for raw in tail.since(1, ["b:main"]) or ()}
        await hub.stop()
        there.close()
        return told


EVERY = {f"{name}{i}" for name in ("here", "there", "more") for i in range(4)}


def test_what_another_node_wrote_in_between_is_read(tmp_path: Path) -> None:
    assert asyncio.run(heard_on_two_nodes(tmp_path)) == EVERY


def test_a_tail_that_took_everything_as_it_came_would_skip_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gullible(tail: Tail, written: Any) -> None:
        tail.at = written.first - 1
        taking(tail, written)

    taking = Tail.take
    monkeypatch.setattr(Tail, "take", gullible)
    assert EVERY - asyncio.run(heard_on_two_nodes(tmp_path))


def test_two_pushes_of_one_device_in_one_commit_count_on(store: Store) -> None:
    """The second finds the device as the first has left it, though that is not written yet."""
    picker = Handheld(store, "picker")
    one, two = (picker.envelope("floor.acknowledge.v1", {"n": n}) for n in (1, 2))
    frames = [picker.frame(one), picker.frame(one, two)]

    def both(tx: Tx) -> list[int]:
        return [push(tx, picker.id, frame).last for frame in frames]

    assert store.run_sync(both) == [1, 2]
    assert table(store, "SELECT last_n FROM device WHERE id = :d", d=picker.id) == [{"last_n": 2}]
