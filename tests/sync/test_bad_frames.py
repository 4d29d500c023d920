"""What is malformed gets a clear error with a code; nothing is lost, nobody else notices."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.store.store import Store
from tests.floor_site import build
from tests.serving import Server, WireDevice, serving
from tests.stores import open_store
from tests.sync.wire import Socket, device

_names = count(1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store("sqlite", tmp_path_factory.mktemp("bad")) as opened:
        build(opened)
        yield opened


@pytest.fixture(scope="module")
def server(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("serving")
    with serving(store.url, folder) as running:
        yield running


@pytest.fixture
def picker(store: Store, server: Server) -> WireDevice:
    return device(store, server, "picker", f"dev-{next(_names)}")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"t":"ask"}',
        '{"t":"ask","id":1,"frame":{"p":1}}',
        '{"t":"ask","id":1,"frame":' + "[" * 100_000 + "}",
        '{"t":"nonsense"}',
        "\x00",
    ],
)
def test_a_malformed_message_gets_an_error_and_the_socket_lives(
    picker: WireDevice, text: str
) -> None:
    socket = Socket(picker)
    socket.socket.send(text)
    assert socket.until("answer")["error"]["code"] == "malformed"
    socket.ask()


@pytest.mark.parametrize(
    ("k", "v", "body", "code"),
    [
        ("picking.confirm_pick", 1, {"task": "T"}, "malformed"),
        ("picking.confirm_pick", 1, {"task": "T\u0000", "line": 1, "bin": "b"}, "malformed"),
        ("picking.no_such_thing", 1, {}, "unknown_operation"),
        ("picking.confirm_pick", 99, {}, "unknown_operation"),
    ],
)
def test_a_bad_operation_is_refused_with_a_code_and_the_rest_goes_on(
    picker: WireDevice, k: str, v: int, body: dict[str, Any], code: str
) -> None:
    bad = picker.handheld.envelope(f"{k}.v{v}", body)
    after = picker.handheld.envelope("floor.acknowledge.v1", {"n": 99})
    picker.sync(bad, after)
    assert [r["code"] for r in picker.kind("result")] == [code]
    assert picker.done == 2


def test_a_deep_frame_is_a_clear_error_never_a_500(picker: WireDevice) -> None:
    body = b'{"dev":' + b"[" * 200_000
    got = httpx.post(f"{picker.server.base}/sync", content=body, headers=picker.headers, timeout=10)
    assert got.status_code in (400, 413)
    assert got.json()["error"]["code"] in ("malformed", "too_large")


def test_another_devices_cookie_cannot_speak_for_this_one(
    store: Store, server: Server, picker: WireDevice
) -> None:
    other = device(store, server, "picker2")
    picker.cookie = other.cookie
    got = httpx.post(f"{picker.server.base}/sync", json=picker.frame(), headers=picker.headers)
    assert (got.status_code, got.json()["error"]["code"]) == (403, "wrong_device")


def test_the_same_number_with_other_content_is_a_fork(picker: WireDevice) -> None:
    picker.sync(picker.handheld.envelope("floor.acknowledge.v1", {"n": 1}))
    picker.handheld.n = 0
    forged = picker.handheld.envelope("floor.acknowledge.v1", {"n": 2})
    got = httpx.post(
        f"{picker.server.base}/sync", json=picker.frame(forged), headers=picker.headers
    )
    assert (got.status_code, got.json()["error"]["code"]) == (409, "fork")


def test_a_gap_in_the_numbers_stops_the_batch(picker: WireDevice) -> None:
    picker.handheld.n = 1
    picker.sync(picker.handheld.envelope("floor.acknowledge.v1", {"n": 1}))
    assert picker.done == 0
