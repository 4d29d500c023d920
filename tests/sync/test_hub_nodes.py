"""Two nodes on one PostgreSQL: what one commits the other tells, whatever becomes of the bell."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from server.store.store import Store
from tests.floor_site import build, good, order, release_wave, scalar
from tests.serving import Server, WireDevice
from tests.stores import open_store
from tests.sync.raw import RawSocket
from tests.sync.wire import Socket, device, pick, take

pytestmark = [pytest.mark.postgres, pytest.mark.faults]

SOON_S = 0.8
"""Below the second after which a node looks by itself."""
BY_POLL_S = 2.5
BELLS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'dockhand-doorbell'"

Nodes = Callable[..., tuple[Server, Server]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("postgres", tmp_path) as opened:
        build(opened)
        order(opened, "R-1", MUG=9, TEE=9, LAMP=9)
        order(opened, "R-2", MUG=9, TEE=9, LAMP=9)
        good(release_wave(opened))
        yield opened


@pytest.fixture
def nodes(store: Store, tmp_path: Path) -> Iterator[Nodes]:
    """Starts both, each without the parts that are named."""
    with ExitStack() as running:

        def start(*without: str) -> tuple[Server, Server]:
            program = ("tests.sync.node", ",".join(without)) if without else ("tests.serving",)
            made = []
            for name in "ab":
                (tmp_path / name).mkdir()
                made.append(Server(store.url, tmp_path / name, program=program).start())
                running.callback(made[-1].stop)
            return made[0], made[1]

        yield start


class Pair:
    """A picker on one node, a board on the other."""

    def __init__(self, store: Store, a: Server, b: Server) -> None:
        self.picker, self.chief = device(store, a, "picker"), device(store, b, "supervisor")
        self.picker.sync()
        self.task = take(self.picker)
        self.picker.sync()
        self.board = Socket(self.chief)
        self.board.ask()
        self._settle()

    def _settle(self) -> None:
        while True:
            try:
                self.board.pushed(0.5)
            except TimeoutError:
                return

    def pick(self, line: int) -> float:
        """Seconds from the answer to the picker until the board shows it."""
        self.picker.sync(pick(self.picker, self.picker.kind("line")[line]))
        answered = time.monotonic()
        while self.chief.rows[("b:main", "task", self.task)]["done"] <= line:
            self.board.pushed(BY_POLL_S)
        return time.monotonic() - answered


def bells(store: Store) -> list[int]:
    with psycopg.connect(store.url, autocommit=True) as conn:
        mine = f"{BELLS} AND datname = current_database()"
        return [int(row[0]) for row in conn.execute(mine)]


def cut_bells(store: Store) -> None:
    """Ends every connection of a doorbell, and waits until they have gone."""
    cut = bells(store)
    with psycopg.connect(store.url, autocommit=True) as conn:
        for pid in cut:
            conn.execute("SELECT pg_terminate_backend(%s)", (pid,))
    deadline = time.monotonic() + 5
    while set(cut) & set(bells(store)) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_pick_on_one_node_is_pushed_by_the_other_at_once(store: Store, nodes: Nodes) -> None:
    pair = Pair(store, *nodes("blind"))
    assert [pair.pick(i) < SOON_S for i in range(3)] == [True, True, True]


def test_without_the_doorbell_the_other_node_finds_it_by_itself(store: Store, nodes: Nodes) -> None:
    pair = Pair(store, *nodes("deaf"))
    assert pair.pick(0) < BY_POLL_S


def test_without_doorbell_and_look_nobody_would_hear_of_it(store: Store, nodes: Nodes) -> None:
    pair = Pair(store, *nodes("deaf", "blind"))
    with pytest.raises(TimeoutError):
        pair.pick(0)


def test_a_lost_doorbell_loses_nothing_and_comes_back_by_itself(store: Store, nodes: Nodes) -> None:
    pair = Pair(store, *nodes("blind"))
    before = set(bells(store))
    cut_bells(store)
    deadline = time.monotonic() + 10
    listening = 2
    while len(set(bells(store)) - before) < listening and time.monotonic() < deadline:
        time.sleep(0.1)
    assert pair.pick(0) < SOON_S


def test_what_is_done_while_the_doorbell_is_lost_arrives_all_the_same(
    store: Store, nodes: Nodes
) -> None:
    pair = Pair(store, *nodes("once"))
    cut_bells(store)
    assert pair.pick(0) < BY_POLL_S


def test_a_doorbell_that_stays_lost_would_be_heard_no_more(store: Store, nodes: Nodes) -> None:
    pair = Pair(store, *nodes("once", "blind"))
    cut_bells(store)
    with pytest.raises(TimeoutError):
        pair.pick(0)


def test_a_killed_node_loses_and_doubles_nothing(store: Store, nodes: Nodes) -> None:
    a, b = nodes()
    pair = Pair(store, a, b)
    hand = Socket(pair.picker)
    hand.ask()
    first, second, third = (pick(pair.picker, line) for line in pair.picker.kind("line")[:3])
    hand.ask(first)
    hand.send(second)  # nobody waits for the answer
    a.kill()
    pair.picker.server = b
    again = Socket(pair.picker)
    again.ask(second, third)
    assert pair.picker.done == pair.picker.handheld.n
    assert scalar(store, "SELECT COUNT(*) FROM movement WHERE why = 'pick'") == 3
    pair.board.socket.close()
    fresh = _fresh(pair.chief)
    assert fresh.rows[("b:main", "task", pair.task)]["done"] == 3


def _fresh(owner: WireDevice) -> WireDevice:
    owner.rows.clear()
    owner.cur = {}
    owner.sync()
    return owner


def test_a_revoked_device_is_cut_off_on_both_nodes_within_five_seconds(
    store: Store, nodes: Nodes
) -> None:
    a, b = nodes()
    lost = device(store, a, "picker")
    chief = device(store, a, "supervisor")
    here = RawSocket(lost)
    lost.server = b
    there = RawSocket(lost)
    answer = httpx.post(
        f"{a.base}/auth/devices/{lost.handheld.id}/revoke",
        json={},
        headers=chief.headers | {"x-sid": f"sid-{chief.handheld.id}"},
    )
    assert answer.status_code == 200, answer.text
    assert [s.closed_after(5)[1] for s in (here, there)] == [1008, 1008]
