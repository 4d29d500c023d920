"""A parcel that was not scanned onto the van: what the books say of it afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.pod.ops import Depart, LoadParcel, PlanRun
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, release_wave, scalar, system, table
from tests.floor_work import (
    APPLIED,
    assert_stock_adds_up,
    evidence,
    kinds,
    pack_all,
    pick_all,
    state,
    take,
)
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def left_without(store: Store, forgotten: str) -> tuple[Handheld, dict[str, Any]]:
    """Two orders on one run; the van leaves with the other one's parcel only."""
    good(release_wave(store))
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    while scalar(store, "SELECT COUNT(*) FROM task WHERE kind = 'pick' AND state = 'open'"):
        pick_all(picker, take(picker, "pick"))
    while scalar(store, "SELECT COUNT(*) FROM task WHERE kind = 'pack' AND state = 'open'"):
        pack_all(packer, take(packer, "pack"))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver")
    take(driver, "drive")
    for stop in table(store, "SELECT s.*, l.parcel FROM stop s JOIN load l ON l.stop = s.id"):
        if stop["order_id"] != forgotten:
            loaded = LoadParcel(run=stop["run"], stop=stop["id"], parcel=stop["parcel"])
            assert driver.say("pod.load_parcel.v1", loaded) == APPLIED
    left = table(store, "SELECT * FROM stop WHERE order_id = :o", o=forgotten)[0]
    assert driver.say("pod.depart.v1", Depart(run=left["run"], vehicle="VAN-1")) == APPLIED
    assert kinds(store) == ["not_all_loaded"]
    return driver, left


def on_hand(store: Store, sku: str) -> dict[str, int]:
    found = table(store, "SELECT bin, qty FROM stock WHERE sku = :s AND qty <> 0", s=sku)
    return {r["bin"]: r["qty"] for r in found}


def test_a_stop_left_at_the_dock_moves_nothing_and_goes_on_the_next_run(store: Store) -> None:
    order(store, "R-1", TEE=1)
    forgotten = order(store, "R-2", MUG=3)
    driver, left = left_without(store, forgotten)
    before = on_hand(store, "MUG")
    assert driver.say("pod.deliver.v1", evidence(driver, left, "failed")) == APPLIED
    assert on_hand(store, "MUG") == before
    assert "delivery_failed" not in kinds(store)  # it was told when the van left
    closed = table(store, "SELECT state, outcome FROM stop WHERE id = :i", i=left["id"])[0]
    assert closed == {"state": "closed", "outcome": "failed"}
    good(system(store, "pod.plan_run.v1", PlanRun()))
    runs = "SELECT COUNT(DISTINCT run) FROM stop WHERE order_id = :o"
    assert scalar(store, runs, o=forgotten) == 2
    assert_stock_adds_up(store)


def test_a_parcel_that_was_delivered_was_aboard_whatever_was_scanned(store: Store) -> None:
    order(store, "R-1", TEE=1)
    forgotten = order(store, "R-2", MUG=3)
    driver, left = left_without(store, forgotten)
    assert driver.say("pod.deliver.v1", evidence(driver, left, "full")) == APPLIED
    assert state(store, forgotten) == "delivered"
    assert on_hand(store, "MUG") == {"A01-1-1": 47}
    assert_stock_adds_up(store)
