"""A stop is closed by its proof, corrected by another, and what was not taken comes back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, evidence, kinds, state, to_the_van
from tests.pod_work import HERE, Door, closed_before, newest, on_hand, open_returns
from tests.stores import open_store

DAY_MS = 86_400_000
FINE = ("hash", "signature", "clock", "chain", "place", "policy", "shown")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def put(store: Store, key: str, value: Any) -> None:
    good(system(store, "catalog.put_setting.v1", PutSetting(key=key, value=value)))


def stop_row(store: Store, door: Door) -> dict[str, Any]:
    found = "SELECT body FROM feed WHERE scope = 'u:driver' AND kind = 'stop' AND key = :k"
    row: dict[str, Any] = json.loads(scalar(store, found, k=door.id))
    return row


def test_a_delivery_in_full_leaves_the_books_and_all_verdicts_are_good(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    assert newest(store, door.id)["verdicts"] == dict.fromkeys(FINE, "ok")
    assert state(store, door.order) == "delivered"
    assert on_hand(store, door.van) == {}
    assert scalar(store, "SELECT state FROM run") == "closed"
    assert kinds(store) == []
    assert_stock_adds_up(store)


def test_a_record_that_an_older_build_signed_still_closes_its_stop(store: Store) -> None:
    order_id = order(store, "R-1", MUG=3)
    driver, stop = to_the_van(store, order_id)
    queued = evidence(driver, stop, "full")
    assert queued["record"]["v"] == 1
    assert driver.say("pod.deliver.v1", queued) == APPLIED
    assert state(store, order_id) == "delivered"
    kept = table(store, "SELECT record, verdicts FROM proof")[0]
    assert json.loads(kept["record"]) == queued["record"]
    assert json.loads(kept["verdicts"])["hash"] == "ok"


def test_the_policy_goes_to_the_driver_with_the_stop_and_anew_when_it_changes(store: Store) -> None:
    door = Door(store)
    before = stop_row(store, door)["policy"]
    assert before["rev"] == door.policy()
    assert before["clauses"][0]["ask"]["signature"] == "mandatory"
    seals = {"code": "seals", "text": "Seals whole?"}
    rules = [{"skus": ["MUG"], "ask": {"inspection": "mandatory"}, "checklist": "short"}]
    put(store, "pod", {"rules": rules, "checklists": {"short": [seals]}})
    after = stop_row(store, door)["policy"]
    assert after["rev"] != before["rev"]
    assert (after["clauses"][0]["ask"], after["checklist"]) == (
        {"inspection": "mandatory"},
        [seals],
    )
    # Made off-line by the table that the driver had: judged by that one.
    assert door.close("full", policy=before["rev"]) == APPLIED
    assert newest(store, door.id)["verdicts"]["policy"] == "ok"


@pytest.mark.parametrize(
    ("value", "field"),
    [({"rules": [{"ask": {"seal": "mandatory"}}]}, "value.rules"), ({"links": 3}, "value")],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_place(
    store: Store, value: Any, field: str
) -> None:
    verdict = system(store, "catalog.put_setting.v1", PutSetting(key="pod", value=value))
    assert verdict.code == "malformed"
    assert str((verdict.data or {})["field"]).startswith(field)
    assert scalar(store, "SELECT COUNT(*) FROM setting WHERE key = 'pod'") == 0


def test_what_lacks_is_told_unless_a_reason_was_recorded(store: Store) -> None:
    door = Door(store)
    assert door.close("refused", reason="damaged", photos=[], signature=None) == APPLIED
    assert newest(store, door.id)["verdicts"]["policy"] == "lacking"
    assert "evidence_doubtful" in kinds(store)
    excused = [{"method": m, "reason": "no_camera"} for m in ("photo", "one_of")]
    said: dict[str, Any] = {"photos": [], "signature": None, "relaxed": excused}
    assert door.correct("refused", reason="damaged", **said) == APPLIED
    assert newest(store, door.id)["verdicts"]["policy"] == "relaxed"
    assert kinds(store).count("evidence_doubtful") == 1


def test_words_that_differ_from_what_was_signed_are_told(store: Store) -> None:
    door = Door(store)
    sealed = door.sealed(door.record("full"), shown="I have received: 9 × MUG")
    assert door.driver.say("pod.deliver.v2", sealed) == APPLIED
    assert newest(store, door.id)["verdicts"]["shown"] == "differs"
    assert kinds(store) == ["evidence_doubtful"]


def know_the_door(store: Store, by: str, north_e7: int) -> None:
    """So far north of where every proof here is given."""
    spot = {"by": by, "lat": HERE["lat_e7"] + north_e7, "lon": HERE["lon_e7"]}
    known = sa.text("UPDATE stop SET placed_by = :by, lat_e7 = :lat, lon_e7 = :lon")
    store.run_sync(lambda tx: tx.conn.execute(known, spot))


@pytest.mark.parametrize(
    ("by", "north_e7", "found", "told"),
    [
        ("address", 20_000, "near", []),
        ("order", 500_000, "far", ["evidence_doubtful"]),
        ("city", 500_000, None, []),
    ],
)
def test_a_proof_far_from_the_door_is_looked_at(
    store: Store, by: str, north_e7: int, found: str | None, told: list[str]
) -> None:
    door = Door(store)
    know_the_door(store, by, north_e7)
    assert door.close("full") == APPLIED
    assert newest(store, door.id)["verdicts"].get("fence") == found
    assert kinds(store) == told


def test_goods_not_taken_stay_on_the_van_until_they_are_scanned_off(store: Store) -> None:
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    assert on_hand(store, door.van) == {"MUG": 2}
    assert on_hand(store, "RETURNS") == {}
    assert scalar(store, "SELECT state FROM run") == "returning"
    assert stop_row(store, door)["back"] == [{"no": 1, "sku": "MUG", "qty": 2, "back": 0}]
    assert door.bring_back(MUG=2) == APPLIED
    assert (on_hand(store, door.van), on_hand(store, "RETURNS")) == ({}, {"MUG": 2})
    assert scalar(store, "SELECT state FROM shipment") == "returned"
    assert door.empty() == APPLIED
    assert scalar(store, "SELECT state FROM run") == "closed"
    assert scalar(store, "SELECT state FROM task WHERE kind = 'drive'") == "done"
    assert "return_missing" not in kinds(store)
    assert_stock_adds_up(store)


def test_what_lacks_on_the_van_is_told_and_leaves_its_books(store: Store) -> None:
    door = Door(store)
    assert door.close("refused") == APPLIED
    assert door.bring_back(MUG=2) == APPLIED
    assert door.empty() == APPLIED
    assert on_hand(store, door.van) == {}
    assert on_hand(store, "DISCREPANCY") == {"MUG": 1, "TEE": 2}
    (told,) = table(store, "SELECT body FROM discrepancy WHERE kind = 'return_missing'")
    assert json.loads(told["body"]) == {"missing": 3, "sku": "MUG, TEE"}
    assert_stock_adds_up(store)


def test_a_miscount_at_the_depot_is_counted_again(store: Store) -> None:
    door = Door(store)
    assert door.close("refused") == APPLIED
    assert door.bring_back(MUG=3) == APPLIED
    assert door.bring_back(MUG=2) == APPLIED
    assert door.bring_back(MUG=2) == APPLIED
    assert (on_hand(store, door.van)["MUG"], on_hand(store, "RETURNS")) == (1, {"MUG": 2})
    assert_stock_adds_up(store)


def test_more_than_was_out_is_booked_and_told(store: Store) -> None:
    door = Door(store)
    assert door.close("partial", {"MUG": 1}) == APPLIED
    assert door.bring_back(MUG=3) == APPLIED
    assert on_hand(store, "RETURNS") == {"MUG": 3}
    assert "return_over" in kinds(store)
    assert_stock_adds_up(store)


def test_a_correction_moves_the_difference_and_both_records_stay(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    first = door.prev
    assert door.correct("partial", {"MUG": 1}) == APPLIED
    assert state(store, door.order) == "part_delivered"
    assert on_hand(store, door.van) == {"MUG": 2}
    assert door.correct("partial", {"MUG": 2, "TEE": 1}) == APPLIED
    assert on_hand(store, door.van) == {"MUG": 1, "TEE": 1}
    counts = newest(store, door.id)
    assert counts["hash"] == door.prev == scalar(store, "SELECT proof FROM stop")
    kept = table(store, "SELECT hash, corrects, superseded, stands FROM proof ORDER BY n")
    assert [k["corrects"] for k in kept] == [None, first, kept[1]["hash"]]
    assert [k["superseded"] for k in kept] == [kept[1]["hash"], kept[2]["hash"], None]
    assert all(k["stands"] for k in kept)
    assert door.correct("full") == APPLIED
    assert on_hand(store, door.van) == {}
    assert state(store, door.order) == "delivered"
    assert_stock_adds_up(store)


def test_a_correction_counts_goods_that_the_depot_had_scanned_off_already(store: Store) -> None:
    door = Door(store)
    assert door.close("refused") == APPLIED
    assert door.bring_back(MUG=3, TEE=2) == APPLIED
    assert door.correct("full") == APPLIED
    assert (on_hand(store, "RETURNS"), on_hand(store, "DISCREPANCY")) == ({}, {})
    assert state(store, door.order) == "delivered"
    assert_stock_adds_up(store)


def test_a_correction_of_a_delivery_to_nobody_home_brings_all_of_it_back(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    assert door.correct("failed", reason="nobody_home", signature=None, shown="") == APPLIED
    assert state(store, door.order) == "out_for_delivery"
    assert on_hand(store, door.van) == {"MUG": 3, "TEE": 2}
    # The run was over: nobody drives it any more, so somebody is told to fetch the goods.
    assert "goods_still_out" in kinds(store)


@pytest.mark.parametrize(("late_ms", "code"), [(0, None), (DAY_MS + 1, "correction_late")])
def test_a_correction_has_its_time(store: Store, late_ms: int, code: str | None) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    closed_before(store, late_ms)
    outcome, why = door.correct("refused")
    assert why == code
    assert outcome == ("diverted" if code else "applied")
    assert state(store, door.order) == ("delivered" if code else "refused")
    assert scalar(store, "SELECT COUNT(*) FROM proof") == 2


def test_a_correction_of_a_record_that_does_not_count_is_only_kept(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    assert door.correct("refused", corrects="c" * 64) == ("diverted", "corrects_unknown")
    assert state(store, door.order) == "delivered"
    kept = table(store, "SELECT stands FROM proof ORDER BY n")
    assert [bool(k["stands"]) for k in kept] == [True, False]


def test_a_second_proof_that_corrects_nothing_is_only_kept(store: Store) -> None:
    door = Door(store)
    assert door.close("full") == APPLIED
    assert door.close("refused") == ("diverted", "stop_already_closed")
    assert newest(store, door.id)["hash"] != door.prev
    assert open_returns(store, door.order) == []


def test_a_slip_of_paper_is_entered_at_a_desk(store: Store) -> None:
    """B15: type, actual date, receiver, outcome and the scan."""
    door = Door(store)
    clerk = Handheld(store, "service", "desk-1")
    record = door.record(
        "partial",
        {"MUG": 2},
        device=clerk.id,
        person="service",
        signature=None,
        signed_on="",
        shown="",
        slip=["sha256:" + "5" * 64],
        desk={"type": "paper_slip", "actual_at": store.clock() - 3_600_000},
        position=None,
        no_position="desk",
    )
    sealed = door.sealed(record)
    del sealed["shown"]
    assert clerk.say("pod.enter_proof.v1", sealed) == APPLIED
    assert state(store, door.order) == "part_delivered"
    found = newest(store, door.id)["verdicts"]
    assert (found["policy"], found["place"]) == ("ok", "desk")
    picker = Handheld(store, "picker2", "hand-1")
    assert picker.say("pod.enter_proof.v1", sealed) == ("quarantined", "not_allowed")


def test_a_place_says_what_it_is_worth(store: Store) -> None:
    door = Door(store)
    assert door.close("full", position=HERE | {"source": "a_map"})[0] == "refused"
    assert door.close("full", position=HERE | {"source": "device_last"}) == APPLIED
