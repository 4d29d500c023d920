"""The same exchange over POST and over the websocket, and what connected devices are told."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from server.floor.ops import ReassignTask
from server.store.store import Store
from tests.floor_site import build, good, order, release_wave, scalar
from tests.serving import Server, WireDevice, serving
from tests.stores import open_store
from tests.sync.wire import Socket, device, pick, take


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        order(opened, "R-1", MUG=3, TEE=2, LAMP=1)
        good(release_wave(opened))
        yield opened


@pytest.fixture
def server(store: Store, tmp_path: Path) -> Iterator[Server]:
    with serving(store.url, tmp_path) as running:
        yield running


def test_a_picker_sees_the_queue_takes_a_task_and_gets_its_lines(
    store: Store, server: Server
) -> None:
    picker = device(store, server, "picker")
    picker.sync()
    assert [t["state"] for t in picker.kind("task")] == ["open"]
    take(picker)
    assert [line["no"] for line in picker.kind("line")] == [1, 2, 3]
    assert all(line["codes"] for line in picker.kind("line"))
    assert picker.done == 1


def test_an_answer_lost_after_the_commit_makes_nothing_twice(store: Store, server: Server) -> None:
    picker = device(store, server, "picker")
    picker.sync()
    take(picker)
    op = pick(picker, picker.kind("line")[0])
    frame = picker.frame(op)
    picker.post(frame)
    picker.apply(picker.post(frame))
    assert picker.done == 2
    assert scalar(store, "SELECT COUNT(*) FROM movement WHERE why = 'pick'") == 1


def test_the_board_hears_a_pick_and_the_handheld_hears_a_reassignment(
    store: Store, server: Server
) -> None:
    picker, chief = device(store, server, "picker"), device(store, server, "supervisor")
    picker.sync()
    task = take(picker)
    hand, board = Socket(picker), Socket(chief)
    hand.ask()
    board.ask()
    hand.ask(pick(picker, picker.kind("line")[0]))
    while (shown := chief.rows[("b:main", "task", task)])["done"] != 1:
        board.pushed()
    assert shown["assignee_name"] == "Picker"
    moved = ReassignTask(task=task, expects=shown["epoch"], person="picker2")
    board.ask(chief.handheld.envelope("floor.reassign_task.v1", moved))
    while picker.kind("line"):
        hand.pushed()
    assert not [t for t in picker.kind("task") if t["id"] == task]


def test_the_board_sees_a_device_come_and_go(store: Store, server: Server) -> None:
    chief, picker = device(store, server, "supervisor"), device(store, server, "picker")
    board = Socket(chief)
    board.ask()
    hand = Socket(picker)
    hand.ask()
    while not (here := chief.rows.get(("b:main", "presence", "dev-picker"))):
        board.pushed()
    assert (here["online"], here["person"]) == (True, "picker")
    hand.socket.close()
    while chief.rows[("b:main", "presence", "dev-picker")]["online"]:
        board.pushed()


def test_an_answer_by_post_is_gzipped_for_who_takes_it(store: Store, server: Server) -> None:
    picker = device(store, server, "picker")
    picker.sync()
    take(picker)
    body = msgspec.json.encode(picker.frame() | {"cur": {}})
    plain, zipped = (_post(picker, server, body, encoding) for encoding in ("identity", "gzip"))
    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in zipped.headers["vary"]
    assert zipped.num_bytes_downloaded < len(plain.content) / 2
    assert zipped.json()["rows"] == plain.json()["rows"] != []


def _post(owner: WireDevice, server: Server, body: bytes, encoding: str) -> httpx.Response:
    headers = owner.headers | {"accept-encoding": encoding}
    return httpx.post(f"{server.base}/sync", content=body, headers=headers)
