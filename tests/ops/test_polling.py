"""Carriers are asked by the clock: one that fails or hangs is asked less and holds nobody up, and
when it comes back everything it has to tell comes in, once."""

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from server.inventory.ops import ReceiveStock
from server.pod.carriers import web
from server.pod.carriers.adapter import NullCarrier
from server.pod.carriers.polling import Poller
from server.pod.carriers.polls import Askable
from server.pod.carriers.shapes import Reported
from server.pod.carriers.tariffs import Carriers, Tracking
from server.store import lease
from server.store.replay import check_replay
from server.store.store import Store
from tests.carrier_work import CARRIERS, bill, packed, set_carriers
from tests.floor_site import SITE, build, good, order, scalar, system, table
from tests.run_work import HOUR, MIN, Clock
from tests.stores import open_store

pytestmark = pytest.mark.anyio
RULES = Tracking(url="http://localhost/{number}", every_min=30, at_once=2, timeout_s=1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, clock) as opened:
        build(opened)
        set_carriers(opened, by_itself=True, own=None)
        yield opened


class Fickle(NullCarrier):
    """A carrier that fails, hangs and comes back as a test says."""

    def __init__(self) -> None:
        super().__init__("swift")
        self.mood, self.asked = "well", list[str]()
        self.let_go = threading.Event()

    def track(self, number: str) -> list[Reported]:
        self.asked.append(number)
        if self.mood == "fails":
            raise RuntimeError("no route")
        if self.mood == "hangs":
            self.let_go.wait(30)
        return super().track(number)


@pytest.fixture
def swift() -> Iterator[Fickle]:
    carrier = Fickle()
    yield carrier
    carrier.let_go.set()


def poller(store: Store, swift: Fickle, node: str = "n1", rules: Tracking = RULES) -> Poller:
    def asked(_setting: Carriers) -> list[Askable]:
        return [Askable(swift, rules)]

    return Poller(store, node, asked)


def sent(store: Store, count: int = 1) -> list[str]:
    """Waybill numbers of so many shipments, in the order of their ids."""
    for at in range(count):
        order(store, f"R-{at}", MUG=1)
    packed(store)
    return [r["number"] for r in table(store, "SELECT number FROM waybill ORDER BY id")]


def row(store: Store) -> dict[str, Any]:
    return table(store, "SELECT * FROM carrier_poll")[0]


async def test_what_it_tells_comes_in_and_the_next_time_is_by_the_setting(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.told = [Reported(number=number, ref="1", text="Out for delivery", at=clock.at)]
    asks = poller(store, swift)
    assert await asks.poll_once() == 1
    assert scalar(store, "SELECT state FROM waybill") == "out_for_delivery"
    assert row(store)["next_at"] == clock.at + 30 * MIN
    assert await asks.poll_once() == 0
    clock.at += 30 * MIN
    before = scalar(store, "SELECT COUNT(*) FROM op")
    assert await asks.poll_once() == 1
    assert scalar(store, "SELECT COUNT(*) FROM op") == before  # nothing is told twice


async def test_one_that_fails_is_asked_less_and_less_until_it_comes_back(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.mood = "fails"
    rules = Tracking(url=RULES.url, every_min=30, seldom_min=200)
    asks = poller(store, swift, rules=rules)
    waits = []
    for _ in range(4):
        assert await asks.poll_once() == 1
        waits.append((row(store)["next_at"] - clock.at) // MIN)
        clock.at = row(store)["next_at"]
    assert waits == [60, 120, 200, 200]
    swift.mood = "well"
    swift.told = [Reported(number=number, ref="1", text="Delivered", at=clock.at)]
    assert await asks.poll_once() == 1
    assert (row(store)["failed"], row(store)["next_at"]) == (0, clock.at + 30 * MIN)
    assert scalar(store, "SELECT state FROM waybill") == "delivered"
    clock.at += 24 * HOUR
    assert await asks.poll_once() == 0  # it is there: nobody asks any more


async def test_one_that_hangs_holds_nobody_up_and_has_one_thread_until_it_comes_back(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.mood = "hangs"
    asks = poller(store, swift)
    began = time.monotonic()
    polling = asyncio.create_task(asks.poll_once())
    await asyncio.sleep(0.2)
    good(await asyncio.to_thread(_something_else, store))
    assert not polling.done()
    await polling
    assert time.monotonic() - began < 10
    for _ in range(3):
        clock.at = row(store)["next_at"]
        await asks.poll_once()
    assert swift.asked == [number]
    assert sum(t.name == "carrier" for t in threading.enumerate()) == 1
    swift.mood = "well"
    swift.let_go.set()
    swift.told = [Reported(number=number, ref="1", text="Delivered", at=clock.at)]
    clock.at = row(store)["next_at"]
    await asyncio.sleep(0.2)
    await asks.poll_once()
    assert scalar(store, "SELECT state FROM waybill") == "delivered"


def _something_else(store: Store) -> Any:
    received = ReceiveStock(bin="A01-1-1", sku="MUG", qty=1)
    return system(store, "inventory.receive_stock.v1", received)


async def test_no_more_are_asked_for_at_once_than_the_setting_says_and_none_is_left_out(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    numbers = sent(store, 5)
    asks = poller(store, swift)
    for asked in (2, 4, 5):
        assert await asks.poll_once() == 1
        assert len(swift.asked) == asked
        assert await asks.poll_once() == 0
        clock.at += MIN
    assert sorted(swift.asked) == sorted(numbers)
    assert row(store)["next_at"] == clock.at + 29 * MIN


async def test_a_number_that_it_never_answers_for_does_not_keep_the_others_waiting(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    numbers = sent(store, 3)
    plain = swift.track

    def track(number: str) -> list[Reported]:
        told = plain(number)
        if number == numbers[0]:
            raise RuntimeError("unknown number")
        return told

    swift.track = track  # type: ignore[method-assign]
    asks = poller(store, swift)
    for _ in range(3):
        await asks.poll_once()
        clock.at = row(store)["next_at"]
    assert set(swift.asked) == set(numbers)


async def test_when_whom_was_asked_is_no_difference_between_books_and_log(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.told = [Reported(number=number, ref="1", text="Delivered", at=clock.at)]
    assert await poller(store, swift).poll_once() == 1
    assert check_replay(store.url).differences == []


async def test_of_two_nodes_one_asks(store: Store, swift: Fickle) -> None:
    sent(store)
    swift.mood = "hangs"
    first, second = poller(store, swift), poller(store, swift, "n2")
    taken = await asyncio.gather(first.poll_once(), second.poll_once())
    assert sum(taken) == 1
    assert len(swift.asked) == 1


async def test_without_the_claim_both_would(
    store: Store, swift: Fickle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the test above would notice."""
    monkeypatch.setattr(lease, "claim", lambda *_: True)
    sent(store)
    swift.mood = "hangs"
    first, second = poller(store, swift), poller(store, swift, "n2")
    assert sum(await asyncio.gather(first.poll_once(), second.poll_once())) == 2


async def test_what_cannot_be_an_event_is_left_out_and_the_rest_is_not(
    store: Store, swift: Fickle, clock: Clock
) -> None:
    (number,) = sent(store)
    swift.told = [
        Reported(number=number, ref="x" * 200, text="Delivered", at=1),
        Reported(number="SW1", ref="2", text="Delivered", at=2),
        Reported(number=number, ref="3", text="Picked\x00 up\n\n" + "z" * 900, at=clock.at),
    ]
    await poller(store, swift).poll_once()
    (kept,) = table(store, "SELECT * FROM carrier_event")
    assert kept["text"].startswith("Picked up zzz")
    assert scalar(store, "SELECT COUNT(*) FROM discrepancy") == 0


@pytest.fixture
def bridge() -> Iterator[tuple[str, list[str], dict[str, bytes]]]:
    """A server of the site's own; its address, what it was asked for, and what it answers."""
    asked, answers = list[str](), dict[str, bytes]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = answers.get(self.path)
            self.send_response(200 if body is not None else 500)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None: ...

    running = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/track/{{number}}", asked, answers
    running.shutdown()
    running.server_close()


async def test_a_rate_table_carrier_with_a_server_is_asked_there(
    store: Store, clock: Clock, bridge: tuple[str, list[str], dict[str, bytes]]
) -> None:
    url, asked, answers = bridge
    (number,) = sent(store)
    event = b'{"ref": "1", "text": "Arrived at hub", "at": %d, "place": "Leeds"}' % clock.at
    answers[f"/track/{number}"] = b'{"events": [%s]}' % event
    with_server = [{**CARRIERS["rate_tables"][0], "tracking": {"url": url}}]
    set_carriers(store, own=None, rate_tables=with_server)
    assert await Poller(store, "n1").poll_once() == 1
    assert asked == [f"/track/{number}"]
    shipment = scalar(store, "SELECT id FROM shipment")
    assert bill(store, shipment)["state"] == "at_centre"
    assert scalar(store, "SELECT place FROM carrier_event WHERE site = :s", s=SITE) == "Leeds"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"events": [{"at": -1}]}', b" " * (web.LONGEST + 1), b"\xff"],
)
def test_an_answer_that_cannot_be_read_is_silence(
    bridge: tuple[str, list[str], dict[str, bytes]], body: bytes
) -> None:
    url, _, answers = bridge
    answers["/track/A1"] = body
    with pytest.raises(web.Silent):
        web.told(url, "A1", 5)
    with pytest.raises(web.Silent):
        web.told(url, "A2/..", 5)  # the server answers 500
