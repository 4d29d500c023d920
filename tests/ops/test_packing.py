"""The packing bench by its operations: cartons, three gates, weights, and what goes wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.kernel.gs1_checks import has_check_digit
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.ops import CancelOrder
from server.packing.ops import CheckQuality, Counted, FinishCount
from server.store.store import Store
from tests.floor_site import Handheld, scalar, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, state
from tests.packing_work import PHOTO, PREFIX, Bench, furnish, parcels, put
from tests.picking_work import row_of, stock, tasks_of
from tests.stores import open_store
from tests.sync.engine.projection import rows_out_of_step


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        furnish(opened)
        yield opened


def test_cartons_have_numbers_before_they_are_needed(store: Store) -> None:
    bench = Bench(store, "P-1", MUG=3, TEE=2)
    assert len(bench.numbers) == 5
    assert all(has_check_digit(n) and n[1:8] == PREFIX for n in bench.numbers)
    second = Bench(store, "P-2", MUG=40)
    assert len(second.numbers) == 12
    assert not set(second.numbers) & set(bench.numbers)


def test_an_order_goes_into_two_cartons_and_each_is_sealed_by_name(store: Store) -> None:
    bench = Bench(store, "P-3", MUG=3, TEE=1)
    first, second = bench.numbers[:2]
    assert bench.open(first, "S", "M") == APPLIED
    assert bench.check("MUG", 2, first) == APPLIED
    assert bench.seal(first, 1120, scale="port") == APPLIED
    assert bench.close(first) == ("diverted", "pack_incomplete")
    assert bench.open(second) == APPLIED
    assert bench.check("MUG", 1, second) == APPLIED
    assert bench.check("TEE", 1, second) == APPLIED
    row = row_of(store, "u:packer", "pack_line", f"{bench.task}/{bench.line('MUG')['no']}")
    assert row is not None
    assert row["packed"] == 3
    assert row["inside"] == [{"parcel": first, "qty": 2}, {"parcel": second, "qty": 1}]
    assert rows_out_of_step(store) == []
    assert bench.close(second, 1100, scale="typed") == APPLIED
    assert parcels(store) == [("packed", "S", 1120), ("packed", "S", 1100)]
    who = table(store, "SELECT packed_by, expected_g, proposed FROM parcel ORDER BY no")
    assert [tuple(r.values()) for r in who] == [("packer", 1100, "M"), ("packer", 1100, "S")]
    assert state(store, bench.order) == "packed"
    assert kinds(store) == ["pack_incomplete"]
    assert stock(store, "STAGE", "MUG")[0] == 3
    assert_stock_adds_up(store)


def test_past_the_last_number_a_carton_has_a_number_of_the_house(store: Store) -> None:
    put(store, "packing", {"numbers": 1})
    bench = Bench(store, "P-4", MUG=2)
    assert len(bench.numbers) == 1
    spare = f"{bench.job['spare']}-2"
    assert bench.check("MUG", 1, "P-99999999-2") == ("diverted", "carton_not_of_shipment")
    assert bench.check("MUG", 1, bench.numbers[0]) == APPLIED
    assert bench.check("MUG", 1, spare) == APPLIED
    assert bench.close(spare) == ("diverted", "cartons_open")
    assert bench.seal(bench.numbers[0]) == APPLIED
    assert bench.close(spare) == APPLIED


def test_a_piece_is_taken_out_again_until_its_carton_is_sealed(store: Store) -> None:
    bench = Bench(store, "P-5", MUG=2)
    first, second = bench.numbers[:2]
    assert bench.check("MUG", 2, first) == APPLIED
    assert bench.check("MUG", 1, first) == APPLIED
    assert bench.line("MUG")["packed"] == 1
    assert bench.seal(first) == APPLIED
    assert bench.check("MUG", 0, first) == ("diverted", "carton_sealed")
    assert bench.check("MUG", 2, second) == ("diverted", "over_packed")
    assert bench.check("MUG", 1, second) == APPLIED
    assert bench.seal(first) == ("diverted", "carton_sealed")


def test_a_carton_that_nobody_filled_is_none(store: Store) -> None:
    bench = Bench(store, "P-6", MUG=1)
    assert bench.open(bench.numbers[0]) == APPLIED
    assert bench.open(f"{bench.job['spare']}-2", "M") == APPLIED
    assert bench.check("MUG", 1, f"{bench.job['spare']}-2") == APPLIED
    assert bench.close(f"{bench.job['spare']}-2") == APPLIED
    assert parcels(store) == [("packed", "M", 0)]


def test_a_flawed_piece_leaves_the_parcel_and_the_order(store: Store) -> None:
    bench = Bench(store, "P-7", MUG=3)
    first = bench.numbers[0]
    assert bench.check("MUG", 3, first) == APPLIED
    assert bench.flaw("MUG", 1) == APPLIED
    assert bench.flaw("MUG", 1) == APPLIED
    assert bench.line("MUG")["packed"] == 2
    assert kinds(store) == ["flawed_item"]
    assert PHOTO in bench.discrepancy("flawed_item")
    assert stock(store, "FLAWED", "MUG") == (1, 1)
    assert [t["state"] for t in tasks_of(store, "transfer")] == ["open"]
    assert bench.check("MUG", 3, first) == ("diverted", "over_packed")
    assert bench.close(first) == APPLIED
    assert scalar(store, "SELECT picked FROM order_line") == 2
    assert stock(store, "STAGE", "MUG")[0] == 2
    assert_stock_adds_up(store)


def test_a_missing_piece_is_written_off(store: Store) -> None:
    bench = Bench(store, "P-8", MUG=2)
    assert bench.check("MUG", 1) == APPLIED
    assert bench.flaw("MUG", 1, "missing") == APPLIED
    assert bench.close(bench.numbers[0]) == APPLIED
    assert stock(store, "DISCREPANCY", "MUG")[0] == 1
    assert tasks_of(store, "transfer") == []
    assert_stock_adds_up(store)


def test_an_order_of_which_nothing_is_left_waits_for_a_decision(store: Store) -> None:
    bench = Bench(store, "P-9", MUG=1)
    assert bench.flaw("MUG", 1) == APPLIED
    assert bench.close(bench.numbers[0]) == APPLIED
    assert state(store, bench.order) == "hold"
    assert kinds(store) == ["flawed_item", "nothing_to_pack"]
    assert parcels(store) == []


def test_the_last_piece_is_flawed_when_every_carton_is_sealed(store: Store) -> None:
    bench = Bench(store, "P-21", MUG=1, TEE=1)
    assert bench.check("MUG", 1) == APPLIED
    assert bench.seal(bench.numbers[0], 900) == APPLIED
    assert bench.flaw("TEE", 1) == APPLIED
    assert bench.close(bench.numbers[1]) == APPLIED
    assert parcels(store) == [("packed", "", 900)]
    assert state(store, bench.order) == "packed"


def test_a_flaw_in_a_sealed_carton_is_told_and_changes_nothing(store: Store) -> None:
    bench = Bench(store, "P-10", MUG=2, TEE=1)
    assert bench.check("MUG", 2) == APPLIED
    assert bench.seal(bench.numbers[0]) == APPLIED
    assert bench.flaw("MUG", 1) == ("diverted", "carton_sealed")
    assert scalar(store, "SELECT SUM(picked) FROM order_line") == 3


def test_each_gate_is_recorded_with_who_and_when(store: Store) -> None:
    bench = Bench(store, "P-11", MUG=1)
    assert bench.check("MUG", 1) == APPLIED
    op = CheckQuality(task=bench.task, lines=[1])
    assert bench.packer.say("packing.check_quality.v1", op) == APPLIED
    assert bench.close(bench.numbers[0]) == APPLIED
    line = bench.line("MUG")
    box = table(store, "SELECT * FROM parcel")[0]
    assert (line["by_person"], line["looked_by"], box["packed_by"]) == ("packer",) * 3
    assert line["at"] <= line["looked_at"] <= box["packed_at"]
    told = table(store, "SELECT kind FROM event")
    gates = {"packing.item_checked", "packing.quality_checked", "packing.parcel_packed"}
    assert gates <= {r["kind"] for r in told}


def test_a_weight_out_of_tolerance_opens_a_discrepancy_with_its_reason(store: Store) -> None:
    bench = Bench(store, "P-12", MUG=2)
    assert bench.open(bench.numbers[0]) == APPLIED
    assert bench.check("MUG", 2, bench.numbers[0]) == APPLIED
    assert bench.close(bench.numbers[0], 1200, reason="packaging") == APPLIED
    assert kinds(store) == ["weight_off"]
    assert '"expected_g":1100' in bench.discrepancy("weight_off")
    assert '"reason":"packaging"' in bench.discrepancy("weight_off")


def test_the_site_says_how_far_a_weight_may_be_off(store: Store) -> None:
    put(store, "packing", {"tolerance_g": 100})
    bench = Bench(store, "P-13", MUG=2)
    assert bench.open(bench.numbers[0]) == APPLIED
    assert bench.check("MUG", 2, bench.numbers[0]) == APPLIED
    assert bench.close(bench.numbers[0], 1200) == APPLIED
    assert kinds(store) == []


def test_a_blind_count_is_told_only_after_it_is_over(store: Store) -> None:
    put(store, "packing", {"blind": True})
    bench = Bench(store, "P-14", MUG=2, TEE=1)
    first = bench.numbers[0]
    assert bench.check("MUG", 3, first, blind=True) == APPLIED
    assert bench.check("TEE", 1, first, blind=True) == APPLIED
    counted = [Counted(line=bench.line(s)["no"], counted=n) for s, n in (("MUG", 3), ("TEE", 1))]
    op = FinishCount(task=bench.task, lines=counted)
    assert not bench.job["counted"]
    assert bench.packer.say("packing.finish_count.v1", op) == APPLIED
    assert bench.job["counted"]
    assert kinds(store) == ["blind_count_off"]
    assert bench.close(first) == ("diverted", "over_packed")
    assert bench.check("MUG", 2, first) == APPLIED
    assert bench.close(first) == APPLIED


def test_another_packer_goes_on_with_what_is_in_the_cartons(store: Store) -> None:
    bench = Bench(store, "P-15", MUG=2)
    assert bench.open(bench.numbers[0]) == APPLIED
    assert bench.check("MUG", 1, bench.numbers[0]) == APPLIED
    chief = Handheld(store, "supervisor")
    given = {"task": bench.task, "expects": 1, "person": "supervisor"}
    assert chief.say("floor.reassign_task.v1", given) == APPLIED
    assert bench.job == {}
    job = row_of(store, "u:supervisor", "pack_job", bench.task)
    assert job is not None
    assert job["cartons"][0]["carton"] == "S"
    line = row_of(store, "u:supervisor", "pack_line", f"{bench.task}/1")
    assert line is not None
    assert line["packed"] == 1
    assert rows_out_of_step(store) == []


def test_a_cancelled_order_is_unpacked_and_its_labels_are_void(store: Store) -> None:
    bench = Bench(store, "P-16", MUG=3)
    assert bench.check("MUG", 3) == APPLIED
    assert bench.close(bench.numbers[0]) == APPLIED
    desk = Handheld(store, "supervisor")
    assert desk.say("orders.cancel_order.v1", CancelOrder(order=bench.order, reason="x")) == APPLIED
    assert [r["state"] for r in table(store, "SELECT state FROM parcel")] == ["void"]
    assert stock(store, "STAGE", "MUG")[0] == 0
    assert stock(store, "PUTBACK", "MUG")[0] == 3
    assert [t["state"] for t in tasks_of(store, "putback")] == ["open"]
    assert kinds(store) == ["put_back", "unpack"]
    assert scalar(store, "SELECT COUNT(*) FROM stock WHERE bin = 'DISCREPANCY' AND qty <> 0") == 0
    assert_stock_adds_up(store)


def test_a_cancelled_order_stops_the_bench_in_the_middle(store: Store) -> None:
    bench = Bench(store, "P-17", MUG=3)
    assert bench.check("MUG", 2) == APPLIED
    assert bench.seal(bench.numbers[0]) == APPLIED
    desk = Handheld(store, "supervisor")
    assert desk.say("orders.cancel_order.v1", CancelOrder(order=bench.order, reason="x")) == APPLIED
    assert bench.check("MUG", 1, bench.numbers[1]) == ("diverted", "order_cancelled")
    assert bench.flaw("MUG", 1) == ("diverted", "order_cancelled")
    assert bench.close(bench.numbers[1]) == ("diverted", "order_cancelled")
    assert stock(store, "PUTBACK", "MUG")[0] == 3
    assert_stock_adds_up(store)


def test_an_order_on_hold_stops_at_the_bench_and_goes_on(store: Store) -> None:
    bench = Bench(store, "P-18", MUG=1)
    desk = Handheld(store, "supervisor")
    assert desk.say("orders.hold_order.v1", HoldOrder(order=bench.order, reason="ask")) == APPLIED
    assert scalar(store, "SELECT stopped FROM task WHERE id = :t", t=bench.task) == "ask"
    assert desk.say("orders.resume_order.v1", ResumeOrder(order=bench.order)) == APPLIED
    assert bench.check("MUG", 1) == APPLIED
    assert bench.close(bench.numbers[0]) == APPLIED
    assert state(store, bench.order) == "packed"


def test_the_same_facts_again_are_one(store: Store) -> None:
    bench = Bench(store, "P-19", MUG=2)
    assert bench.open(bench.numbers[0]) == APPLIED
    assert bench.check("MUG", 2, bench.numbers[0]) == APPLIED
    assert bench.flaw("MUG", 1) == APPLIED
    assert bench.close(bench.numbers[0], 600) == APPLIED
    before = table(store, "SELECT * FROM movement ORDER BY device, n, i")
    assert bench.packer.push(*bench.packer.sent) == bench.packer.n
    assert table(store, "SELECT * FROM movement ORDER BY device, n, i") == before
    assert len(kinds(store)) == len(set(kinds(store))) == 1
