"""Who may do what: a request by somebody else is refused, a fact waits for a supervisor."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from server.picking.ops import ConfirmPick
from server.picking.waves import PlanWave
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, release_wave, scalar
from tests.floor_work import kinds, lines, take
from tests.stores import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        build(opened)
        order(opened, "R-1", MUG=3)
        yield opened


def test_a_request_by_the_wrong_role_is_refused_and_changes_nothing(store: Store) -> None:
    picker = Handheld(store, "picker")
    assert picker.say("picking.plan_wave.v1", PlanWave()) == ("refused", "not_allowed")
    assert scalar(store, "SELECT state FROM orders") == "confirmed"


def test_a_fact_by_the_wrong_role_is_kept_for_a_supervisor_and_moves_no_stock(
    store: Store,
) -> None:
    good(release_wave(store))
    task = take(Handheld(store, "picker"), "pick")
    line = lines(store, task)[0]
    pick = ConfirmPick(task=task, line=1, bin=line["bin"], sku="MUG", qty=3)
    packer = Handheld(store, "packer")
    assert packer.say("picking.confirm_pick.v1", pick) == ("quarantined", "not_allowed")
    assert kinds(store) == ["not_allowed"]
    assert scalar(store, "SELECT COUNT(*) FROM movement WHERE why = 'pick'") == 0
    assert lines(store, task)[0]["state"] == "open"


def test_an_operation_without_a_sign_in_is_nobodys(store: Store) -> None:
    picker = Handheld(store, "picker")
    forged = picker.envelope("picking.plan_wave.v1", PlanWave())
    picker.push(msgspec.structs.replace(forged, sid=None))
    assert scalar(store, "SELECT code FROM op WHERE device = :d", d=picker.id) == "not_allowed"
