"""A device that counts past a number (I4): nothing behind the hole is taken, and that is told once,
in the device's tray and among the supervisor's problems, with what was scanned."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.kernel.ops import Envelope
from server.picking.ops import ConfirmPick
from server.store.dispatch import HandlerFailed
from server.store.replay import check_replay
from server.store.store import Store
from server.sync import exchange
from tests.floor_site import Handheld, build, good, order, release_wave, table
from tests.floor_work import lines, take
from tests.stores import open_store

OPEN = "SELECT kind, outcome, operation, body FROM discrepancy WHERE state = 'open'"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        order(opened, "R-1", MUG=3, TEE=2)
        good(release_wave(opened))
        yield opened


def picks(picker: Handheld) -> Iterator[Envelope]:
    task = take(picker, "pick")
    for line in lines(picker.store, task):
        said = ConfirmPick(
            task=task, line=line["no"], bin=line["bin"], sku=line["sku"], qty=line["qty"]
        )
        yield picker.envelope("picking.confirm_pick.v1", said)


def told(store: Store, picker: Handheld) -> list[dict[str, Any]]:
    answer, _ = asyncio.run(exchange.exchange(store, picker.id, picker.frame()))
    rows = msgspec.json.decode(msgspec.json.encode(answer))["rows"]
    return [row[4] for row in rows if row[1] == "result"]


def taken(store: Store, picker: Handheld) -> list[int]:
    return [r["n"] for r in table(store, "SELECT n FROM op WHERE device = :d", d=picker.id)]


def test_what_stands_behind_a_hole_waits_and_is_told_once(store: Store) -> None:
    picker = Handheld(store, "picker")
    found = picks(picker)
    first = next(found)
    picker.n += 3
    behind = next(found)
    for _ in range(3):
        picker.push(first, behind)
    assert taken(store, picker) == [1, 2]
    (problem,) = table(store, OPEN)
    assert (problem["kind"], problem["outcome"]) == ("numbers_missing", "held")
    assert problem["operation"] == "picking.confirm_pick"
    body = msgspec.json.decode(problem["body"])
    assert (body["device"], body["missing"]) == (picker.id, "3–5")
    assert body["body"]["sku"] == behind.body["sku"]
    (result,) = told(store, picker)
    assert (result["n"], result["outcome"], result["code"]) == (6, "held", "numbers_missing")
    assert check_replay(store.url).differences == []


def test_when_the_missing_one_comes_after_all_the_queue_goes_on(store: Store) -> None:
    picker = Handheld(store, "picker")
    first, second = list(picks(picker))
    picker.push(second)
    assert taken(store, picker) == [1]
    picker.push(first, second)
    assert taken(store, picker) == [1, 2, 3]
    acknowledged = picker.envelope("floor.acknowledge.v1", {"n": second.n})
    picker.push(acknowledged)
    assert told(store, picker) == []


def test_what_this_node_left_for_a_later_build_is_not_missing(store: Store) -> None:
    picker = Handheld(store, "picker")
    _, second = list(picks(picker))
    frame = msgspec.structs.replace(picker.frame(second), app="99.0.0")
    store.run_sync(lambda tx: exchange.push(tx, picker.id, frame))
    assert table(store, OPEN) == []


def test_what_broke_its_handler_is_not_missing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    picker = Handheld(store, "picker")
    first, second = list(picks(picker))

    def broken(*_: Any) -> None:
        raise HandlerFailed("a line that cannot be worked out")

    with monkeypatch.context() as patched:
        patched.setattr(exchange, "take", broken)
        picker.push(first)
    picker.push(second)
    assert taken(store, picker) == [1]
    assert table(store, OPEN) == []
