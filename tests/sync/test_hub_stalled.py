"""A device that stops reading costs the house next to nothing, and nobody else anything."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from server.kernel.feeds import Row
from server.store.store import Store
from server.store.tx import Tx
from tests.floor_site import build
from tests.serving import Server
from tests.stores import open_store
from tests.sync.raw import RawSocket
from tests.sync.wire import Socket, device

pytestmark = [pytest.mark.postgres, pytest.mark.faults]

ROWS, PER_COMMIT, ROW_BYTES = 20_000, 100, 2_000
GROWTH_MB = 16
CLOSED_S = 30


class Note(Row):
    n: int
    text: str


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("postgres", tmp_path) as opened:
        build(opened)
        yield opened


def serve(store: Store, folder: Path, program: tuple[str, ...] = ("tests.serving",)) -> Server:
    return Server(store.url, folder, program=program).start()


class Flow:
    """Rows for all boards, and one board that reads them."""

    def __init__(self, store: Store, server: Server) -> None:
        self.store, self.board = store, Socket(device(store, server, "supervisor", "dev-reads"))
        self.board.ask()
        self.n = 0

    def run(self, rows: int) -> list[float]:
        """Seconds from each commit to the board that reads."""
        waits = []
        for _ in range(rows // PER_COMMIT):
            self.board.beat()
            self.store.run_sync(self._commit)
            committed = time.monotonic()
            while self.board.owner.rows.get(self._newest, {}).get("n") != self.n:
                self.board.pushed()
            waits.append(time.monotonic() - committed)
        return waits

    @property
    def _newest(self) -> tuple[str, str, str]:
        return ("b:main", "note", str(self.n % 1_000))

    def _commit(self, tx: Tx) -> None:
        for _ in range(PER_COMMIT):
            self.n += 1
            tx.put("main", "b:main", "note", str(self.n % 1_000), Note(self.n, "x" * ROW_BYTES))


def megabytes(server: Server) -> float:
    assert server.process
    return float(psutil.Process(server.process.pid).memory_info().rss) / 2**20


def connected(server: Server, port: int) -> bool:
    assert server.process
    found = psutil.Process(server.process.pid).net_connections("tcp")
    return any(c.raddr and c.raddr.port == port for c in found)


def test_a_stalled_socket_is_bounded_closed_and_hurts_nobody(store: Store, tmp_path: Path) -> None:
    server = serve(store, tmp_path)
    try:
        flow = Flow(store, server)
        alone = flow.run(ROWS // 2)
        stalled = RawSocket(device(store, server, "supervisor", "dev-stalled"))
        before, since = megabytes(server), time.monotonic()
        beside = flow.run(ROWS)
        assert megabytes(server) - before <= GROWTH_MB
        assert statistics.median(beside) <= 1.5 * statistics.median(alone) + 0.02
        while connected(server, stalled.port) and time.monotonic() - since < CLOSED_S:
            flow.run(PER_COMMIT)
            time.sleep(0.1)
        assert not connected(server, stalled.port)
        back = device(store, server, "supervisor", "dev-back")
        back.sync()
        assert len(back.kind("note")) == 1_000
    finally:
        server.stop()


def test_a_queue_for_each_socket_would_grow_without_bound(store: Store, tmp_path: Path) -> None:
    server = serve(store, tmp_path, ("tests.sync.node", "patient"))
    try:
        flow = Flow(store, server)
        flow.run(ROWS // 2)
        stalled = RawSocket(device(store, server, "supervisor", "dev-stalled"))
        before = megabytes(server)
        flow.run(ROWS)
        assert megabytes(server) - before > GROWTH_MB
        assert connected(server, stalled.port)
    finally:
        server.kill()


def test_a_silent_socket_is_closed_after_fifteen_seconds_and_a_quiet_one_is_not(
    store: Store, tmp_path: Path
) -> None:
    server = serve(store, tmp_path)
    try:
        silent = RawSocket(device(store, server, "picker"))
        quiet = RawSocket(device(store, server, "picker2"))
        since = time.monotonic()
        closed_after, code = None, 0
        while closed_after is None and time.monotonic() - since < 20:
            quiet.say({"t": "beat", "unsent": 0, "oldest": None, "battery": None})
            assert all(m["t"] != "close" for m in quiet.heard(0.01))
            for message in silent.heard(0.5):
                if message["t"] == "close":
                    closed_after, code = time.monotonic() - since, message["code"]
        assert closed_after is not None
        assert 14 < closed_after < 17
        assert code == 1013
    finally:
        server.stop()
