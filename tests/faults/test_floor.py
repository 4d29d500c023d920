"""P1 to P7 for a floor of handhelds on two nodes while everything around them breaks."""

import asyncio
import json
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.store import Store
from tests.faults.floor import Floor, floor
from tests.floor_work import assert_stock_adds_up
from tests.stores import open_store
from tests.sync.engine.books import (
    assert_each_pick_moved_its_pieces_once,
    assert_each_refusal_is_told_once,
    assert_every_operation_has_an_outcome,
    assert_goods_are_conserved,
    assert_replica_is_a_fresh_snapshot,
)

pytestmark = [pytest.mark.postgres, pytest.mark.faults]

DEVICES, STEP_S, SECONDS, FAULT_EVERY_S = 24, 0.5, 10.0, 1.5
SOAK_DEVICES, SOAK_STEP_S, SOAK_SECONDS, SOAK_SETTLING_S = 300, 2.5, 600.0, 120.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("postgres", tmp_path) as opened:
        yield opened


async def _ask_once_more(at_work: Floor) -> None:
    """A node may have written something of its own (a wave, a presence) after everybody was
    answered. What a device has missed for good stays missing: its cursor is past it."""
    for twin in (*at_work.pickers, *at_work.chiefs):
        while await twin.ask(at_work.store):
            pass


def assert_all_holds(at_work: Floor) -> None:
    asyncio.run(_ask_once_more(at_work))
    for twin in (*at_work.pickers, *at_work.chiefs):
        assert_every_operation_has_an_outcome(at_work.store, twin)
        assert_replica_is_a_fresh_snapshot(at_work.store, twin)
        assert_each_refusal_is_told_once(at_work.store, twin)
    assert_each_pick_moved_its_pieces_once(at_work.store)
    assert_stock_adds_up(at_work.store)
    assert_goods_are_conserved(at_work.store)


def figures(at_work: Floor) -> dict[str, object]:
    took = sorted(ms for d in at_work.devices for ms in d.took)
    return {
        "devices": len(at_work.devices),
        "operations": sum(len(d.twin.ops) for d in at_work.devices),
        "orders": at_work.orders,
        "answered_ms_p50": round(statistics.median(took)),
        "answered_ms_p99": round(took[int(len(took) * 0.99)]),
        "node_peak_mb": at_work.peak_mb,
        "faults": dict(at_work.faults),
    }


def test_a_floor_on_two_nodes_loses_and_doubles_nothing(store: Store, tmp_path: Path) -> None:
    with floor(store, tmp_path, DEVICES, STEP_S) as at_work:
        asyncio.run(at_work.shift(SECONDS, FAULT_EVERY_S))
        assert_all_holds(at_work)
        assert len(at_work.faults) == 4
        assert sum(len(d.twin.ops) for d in at_work.devices) >= 200


def test_without_the_dedupe_the_same_floor_doubles_its_picks(store: Store, tmp_path: Path) -> None:
    def shift() -> None:
        with floor(store, tmp_path, DEVICES, STEP_S, sabotage="no_dedupe") as at_work:
            asyncio.run(at_work.shift(SECONDS, FAULT_EVERY_S))
            assert_all_holds(at_work)

    with pytest.raises((AssertionError, ExceptionGroup, TimeoutError)):
        shift()


@pytest.mark.soak
def test_three_hundred_handhelds_for_ten_minutes(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`DOCKHAND_SOAK_SECONDS` shortens it. Its last figures stand in `docs/soak.md`."""
    seconds = float(os.environ.get("DOCKHAND_SOAK_SECONDS", SOAK_SECONDS))
    with floor(store, tmp_path, SOAK_DEVICES, SOAK_STEP_S) as at_work:
        asyncio.run(at_work.shift(seconds, settling_s=SOAK_SETTLING_S))
        with capsys.disabled():
            sys.stderr.write(json.dumps(figures(at_work)) + "\n")
        assert_all_holds(at_work)
