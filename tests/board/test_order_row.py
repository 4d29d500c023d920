"""Whoever watches an order hears of everything that is written on its time line."""

from pathlib import Path

from server.pod.ops import Arrive
from server.store.store import Store
from tests.floor_site import build, order, scalar
from tests.floor_work import APPLIED, to_the_van
from tests.stores import open_store


def row_version(store: Store, order_id: str) -> int:
    statement = "SELECT ver FROM feed WHERE scope = 'b:main' AND kind = 'order' AND key = :o"
    return int(scalar(store, statement, o=order_id))


def test_an_event_that_changes_no_field_of_the_order_still_moves_its_row(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        order_id = order(store, "R-1", MUG=1)
        driver, stop = to_the_van(store, order_id)
        before = row_version(store, order_id)
        assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
        assert row_version(store, order_id) > before
