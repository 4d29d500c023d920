"""A node that is asked to stop under load: what it has answered is done, what it has not is sent
again, and nothing is half."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from server.kernel.ops import Envelope
from server.picking.ops import ConfirmPick
from server.store.store import Store
from tests.floor_site import build, table
from tests.serving import Server, WireDevice
from tests.stores import open_store
from tests.sync.raw import RawSocket
from tests.sync.wire import Socket, device

pytestmark = pytest.mark.faults

HANDHELDS = 8
EXIT_S = 5


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


class Busy:
    """A handheld that states one pick after the other until its socket is closed."""

    def __init__(self, owner: WireDevice) -> None:
        self.owner = owner
        self.unanswered: Envelope | None = None
        self.answered = 0
        self.code: int | None = None
        self.socket = Socket(owner)
        self.socket.ask()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        try:
            while True:
                picked = ConfirmPick(task="T-none", line=1, bin="A01-1-1", sku="MUG", qty=1)
                op = self.owner.handheld.envelope("picking.confirm_pick.v1", picked)
                self.unanswered = op
                self.socket.ask(op)
                self.answered, self.unanswered = op.n, None
        except ConnectionClosed as end:
            self.code = end.rcvd.code if end.rcvd else 1006


def effects(store: Store) -> set[tuple[str, int]]:
    found = table(store, "SELECT DISTINCT device, n FROM movement WHERE device LIKE 'dev-%'")
    return {(r["device"], r["n"]) for r in found}


def logged(store: Store) -> set[tuple[str, int]]:
    found = table(store, "SELECT device, n FROM op WHERE kind = 'picking.confirm_pick'")
    return {(r["device"], r["n"]) for r in found}


def test_a_node_that_stops_under_load_answers_or_leaves_to_be_sent_again(
    store: Store, tmp_path: Path
) -> None:
    server = Server(store.url, tmp_path).start()
    try:
        stalled = RawSocket(device(store, server, "supervisor"))
        made = [device(store, server, "picker", f"dev-{i}") for i in range(HANDHELDS)]
        busy = [Busy(owner) for owner in made]
        time.sleep(1.5)
        assert server.process
        asked = time.monotonic()
        server.process.terminate()
        server.process.join(15)
        assert time.monotonic() - asked <= EXIT_S
        for one in busy:
            one.thread.join(10)
            assert one.code in (1006, 1012)
            assert one.answered > 3
        answered = {(b.owner.handheld.id, n) for b in busy for n in range(1, b.answered + 1)}
        assert answered <= logged(store)
        assert logged(store) == effects(store)
        assert stalled.closed_after(5)
        server.start()
        for one in busy:
            one.owner.sync(*([one.unanswered] if one.unanswered else []))
            assert one.owner.done == one.owner.handheld.n
        assert logged(store) == effects(store)
        assert len(logged(store)) == sum(b.owner.handheld.n for b in busy)
    finally:
        server.stop()
