"""An operation of which no rows can be made is held at the fifth try; its neighbours go on."""

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from server.kernel.feeds import PROJECTORS, RowSink
from server.store.dispatch import TRIES
from server.store.store import Store
from server.sync.exchange import exchange
from tests.floor_site import Handheld, build, good, order, release_wave, table
from tests.floor_work import lines, take
from tests.stores import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        order(opened, "R-1", MUG=3, TEE=2)
        good(release_wave(opened))
        yield opened


def test_what_cannot_be_shown_is_held_and_does_not_block_the_queue(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    first = lines(store, task)[0]
    picked = {"task": task, "line": 1, "bin": first["bin"], "sku": first["sku"], "qty": 1}
    before = picker.envelope("floor.acknowledge.v1", {"n": 1})
    broken = picker.envelope("picking.confirm_pick.v1", picked)
    after = picker.envelope("floor.acknowledge.v1", {"n": 2})

    def no_rows(_sink: RowSink, _keys: Iterable[str]) -> None:
        raise ValueError("these lines cannot be shown")

    monkeypatch.setitem(PROJECTORS, "pick_line", no_rows)
    for _ in range(TRIES):
        asyncio.run(exchange(store, picker.id, picker.frame(before, broken, after)))
    found = table(store, "SELECT n, outcome FROM op WHERE device = 'dev-picker' ORDER BY n")
    assert [r["outcome"] for r in found] == ["applied", "applied", "held", "applied"]
    kept = table(store, "SELECT error FROM op_trouble")
    assert "these lines cannot be shown" in kept[0]["error"]
