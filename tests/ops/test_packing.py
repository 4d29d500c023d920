"""The packing bench by its operations: cartons, three gates, weights, pallets, what goes wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.catalog.ops import PutItem, PutSetting
from server.kernel.gs1_checks import has_check_digit
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.ops import CancelOrder
from server.packing.ops import (
    BuildPallet,
    CheckItem,
    CheckQuality,
    ClosePack,
    Counted,
    FinishCount,
    OpenCarton,
    ReportFlaw,
    SealCarton,
)
from server.store.store import Store
from tests.floor_site import ITEMS, Handheld, build, good, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, pick_all, state, take
from tests.picking_work import in_hand, row_of, stock, tasks_of
from tests.stores import open_store
from tests.sync.engine.projection import rows_out_of_step

PREFIX = "9521234"
CARTONS = [
    {"code": code, "name": code, "length_mm": mm, "width_mm": mm, "height_mm": mm}
    | {"max_g": 10_000, "tare_g": tare}
    for code, mm, tare in (("S", 200, 100), ("M", 400, 300))
]
PHOTO = "sha256:" + "a" * 64


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        put(opened, "gs1", {"prefix": PREFIX})
        put(opened, "cartons", CARTONS)
        for sku, gtin in ITEMS.items():
            item = PutItem(sku=sku, name=sku, codes=[gtin], weight_g=500, length_mm=90)
            good(system(opened, "catalog.put_item.v1", item))
        yield opened


def put(store: Store, key: str, value: Any) -> Any:
    return system(store, "catalog.put_setting.v1", PutSetting(key=key, value=value))


class Bench:
    """A packer at one order's task."""

    def __init__(self, store: Store, ref: str, **asked: int) -> None:
        self.store = store
        picker, task, self.order = in_hand(store, ref, "picker", **asked)
        pick_all(picker, task)
        self.pick_task = task
        self.packer = Handheld(store, "packer", f"bench-{ref}")
        self.task = take(self.packer, "pack")
        self.numbers: list[str] = self.job["numbers"]

    @property
    def job(self) -> dict[str, Any]:
        return row_of(self.store, "u:packer", "pack_job", self.task) or {}

    def line(self, sku: str) -> dict[str, Any]:
        found = table(self.store, "SELECT * FROM pack_line WHERE task = :t", t=self.task)
        return next(r for r in found if r["sku"] == sku)

    def open(self, number: str, carton: str = "S", proposed: str = "S") -> Any:
        op = OpenCarton(task=self.task, parcel=number, carton=carton, proposed=proposed)
        return self.packer.say("packing.open_carton.v1", op)

    def check(self, sku: str, packed: int, number: str = "", **more: Any) -> Any:
        said = CheckItem(
            task=self.task, line=self.line(sku)["no"], sku=sku, packed=packed, parcel=number, **more
        )
        return self.packer.say("packing.check_item.v1", said)

    def flaw(self, sku: str, flawed: int, reason: str = "damaged") -> Any:
        line = self.line(sku)["no"]
        op = ReportFlaw(
            task=self.task, line=line, sku=sku, flawed=flawed, reason=reason, photos=[PHOTO]
        )
        return self.packer.say("packing.report_flaw.v1", op)

    def seal(self, number: str, weight: int = 0, **more: Any) -> Any:
        op = SealCarton(task=self.task, parcel=number, weight_g=weight, **more)
        return self.packer.say("packing.seal_carton.v1", op)

    def close(self, number: str, weight: int = 0, **more: Any) -> Any:
        op = ClosePack(task=self.task, parcel=number, weight_g=weight, **more)
        return self.packer.say("packing.close_pack.v1", op)

    def discrepancy(self, kind: str) -> str:
        return str(scalar(self.store, "SELECT body FROM discrepancy WHERE kind = :k", k=kind))


def parcels(store: Store) -> list[tuple[str, str, int]]:
    found = table(store, "SELECT * FROM parcel ORDER BY no")
    return [(r["state"], r["carton"], r["weight_g"]) for r in found]


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


def ready(store: Store) -> list[str]:
    found = table(store, "SELECT number FROM pallet WHERE state = 'ready' ORDER BY number")
    return [r["number"] for r in found]


def pallet_of(bench: Bench, number: str, *parcels: str, built: bool = False) -> Any:
    op = BuildPallet(pallet=number, parcels=list(parcels), built=built)
    return bench.packer.say("packing.build_pallet.v1", op)


def test_cartons_stand_on_a_pallet_with_a_number_of_its_own(store: Store) -> None:
    bench = Bench(store, "P-20", MUG=2)
    first, second = bench.numbers[:2]
    assert bench.check("MUG", 1, first) == APPLIED
    assert bench.seal(first) == APPLIED
    assert bench.check("MUG", 1, second) == APPLIED
    assert bench.close(second) == APPLIED
    number, other = ready(store)
    assert has_check_digit(number)
    assert pallet_of(bench, number, first) == APPLIED
    assert pallet_of(bench, number, second) == APPLIED
    on = "SELECT number FROM parcel WHERE pallet = :p ORDER BY no"
    assert [r["number"] for r in table(store, on, p=number)] == [second]
    assert pallet_of(bench, number, first, second, built=True) == APPLIED
    assert [r["number"] for r in table(store, on, p=number)] == [first, second]
    assert row_of(store, "u:packer", "pallet", number) is None
    assert len(ready(store)) == 2
    assert pallet_of(bench, number, first) == ("diverted", "pallet_built")
    assert pallet_of(bench, other, "P-77") == ("diverted", "parcel_not_for_pallet")
    assert pallet_of(bench, "P-PL999999", first) == ("diverted", "pallet_unknown")


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("cartons", [{**CARTONS[0], "fill": 120}], "$[0].fill"),
        ("cartons", [{"code": "S"}], "$[0]"),
        ("gs1", {"prefix": "12a"}, "$.prefix"),
        ("packing", {"tolerance": 3}, "tolerance"),
        ("packing_guide", [{"when": {"fragile": "yes"}}], "$[0].when.fragile"),
    ],
)
def test_a_setting_that_packing_cannot_read_is_refused_by_name(
    store: Store, key: str, value: Any, where: str
) -> None:
    said = put(store, key, value)
    assert (str(said.outcome), said.code) == ("refused", "malformed")
    assert said.data["value"] == key
    assert where in said.data["mend"]
