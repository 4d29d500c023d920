"""One order from the channel to the signature, by the real operations, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.floor.ops import TakeTask
from server.packing.ops import CheckItem, ClosePack
from server.picking.ops import ConfirmPick, FinishTask, ReportShort
from server.picking.waves import PlanWave
from server.pod.evidence import record_hash
from server.pod.ops import Arrive, Depart, LoadParcel, PlanRun
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, scalar, system, table
from tests.stores import open_store

APPLIED = ("applied", None)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def state(store: Store, order_id: str) -> str:
    return str(scalar(store, "SELECT state FROM orders WHERE id = :id", id=order_id))


def open_task(store: Store, kind: str) -> tuple[str, int]:
    found = table(store, "SELECT id, epoch FROM task WHERE kind = :k AND state = 'open'", k=kind)
    return found[0]["id"], found[0]["epoch"]


def take(handheld: Handheld, kind: str) -> str:
    task, epoch = open_task(handheld.store, kind)
    assert handheld.say("floor.take_task.v1", TakeTask(task=task, expects=epoch)) == APPLIED
    return task


def lines(store: Store, task: str) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM pick_line WHERE task = :t ORDER BY no", t=task)


def pick_all(handheld: Handheld, task: str) -> None:
    for line in lines(handheld.store, task):
        picked = ConfirmPick(
            task=task, line=line["no"], bin=line["bin"], sku=line["sku"], qty=line["qty"]
        )
        assert handheld.say("picking.confirm_pick.v1", picked) == APPLIED
    assert handheld.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED


def pack_all(handheld: Handheld, task: str) -> str:
    for line in table(handheld.store, "SELECT * FROM pack_line WHERE task = :t", t=task):
        checked = CheckItem(task=task, line=line["no"], sku=line["sku"], packed=line["qty"])
        assert handheld.say("packing.check_item.v1", checked) == APPLIED
    parcel = scalar(
        handheld.store,
        "SELECT p.number FROM parcel p JOIN task t ON t.ref = p.shipment WHERE t.id = :t",
        t=task,
    )
    closed = ClosePack(task=task, parcel=parcel, weight_g=900)
    assert handheld.say("packing.close_pack.v1", closed) == APPLIED
    return str(parcel)


def evidence(handheld: Handheld, stop: dict[str, Any], outcome: str) -> dict[str, Any]:
    goods = table(
        handheld.store, "SELECT * FROM order_line WHERE order_id = :o", o=stop["order_id"]
    )
    delivered = 1 if outcome == "full" else 0
    record = {
        "v": 1,
        "device": handheld.id,
        "seq": 1,
        "prev": "0" * 64,
        "person": handheld.who,
        "run": stop["run"],
        "stop": stop["id"],
        "order": stop["order_id"],
        "outcome": outcome,
        "reason": "" if outcome == "full" else "damaged",
        "receiver": "A. Receiver",
        "lines": [
            {
                "no": g["no"],
                "sku": g["sku"],
                "qty": g["picked"],
                "delivered": g["picked"] * delivered,
                "reason": "",
            }
            for g in goods
        ],
        "signature": "sha256:" + "1" * 64,
        "photos": [],
        "position": {"lat_e7": 525200080, "lon_e7": 134049540, "acc_cm": 1200, "age_ms": 300},
        "no_position": "",
        "at": handheld.store.clock(),
        "boot": "b1",
        "mono_ms": 1000,
        "server_seen": handheld.store.clock(),
    }
    return {"record": record, "hash": record_hash(record), "signature": ""}


def to_the_van(store: Store, order_id: str) -> tuple[Handheld, dict[str, Any]]:
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    pick_all(picker, take(picker, "pick"))
    parcel = pack_all(packer, take(packer, "pack"))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver")
    take(driver, "drive")
    stop = table(store, "SELECT * FROM stop WHERE order_id = :o", o=order_id)[0]
    loaded = LoadParcel(run=stop["run"], stop=stop["id"], parcel=parcel)
    assert driver.say("pod.load_parcel.v1", loaded) == APPLIED
    assert driver.say("pod.depart.v1", Depart(run=stop["run"], vehicle="VAN-1")) == APPLIED
    return driver, stop


def test_an_order_goes_from_the_channel_to_the_signature(store: Store) -> None:
    order_id = order(store, "R-1", MUG=3, TEE=2, LAMP=1)
    assert state(store, order_id) == "confirmed"
    driver, stop = to_the_van(store, order_id)
    assert state(store, order_id) == "out_for_delivery"
    assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    assert state(store, order_id) == "delivered"
    assert scalar(store, "SELECT state FROM run") == "closed"
    assert_stock_adds_up(store)
    left = scalar(store, "SELECT SUM(qty) FROM stock WHERE sku = 'MUG'")
    assert left == 47


def test_a_refusal_brings_the_goods_back_and_is_told(store: Store) -> None:
    order_id = order(store, "R-2", MUG=3)
    driver, stop = to_the_van(store, order_id)
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "refused")) == APPLIED
    assert state(store, order_id) == "refused"
    returned = scalar(store, "SELECT qty FROM stock WHERE bin = 'RETURNS' AND sku = 'MUG'")
    assert returned == 3
    assert "delivery_refused" in kinds(store)
    assert_stock_adds_up(store)


def test_a_short_pick_ships_what_there_is_and_opens_a_discrepancy(store: Store) -> None:
    order(store, "R-3", MUG=3, TEE=2)
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    first, second = lines(store, task)
    short = ReportShort(
        task=task, line=first["no"], bin=first["bin"], sku=first["sku"], found=1, reason="missing"
    )
    assert picker.say("picking.report_short.v1", short) == APPLIED
    got = ConfirmPick(
        task=task, line=second["no"], bin=second["bin"], sku=second["sku"], qty=second["qty"]
    )
    assert picker.say("picking.confirm_pick.v1", got) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED
    assert kinds(store) == ["short_pick"]
    assert scalar(store, "SELECT SUM(allocated) FROM stock") == 0
    assert_stock_adds_up(store)


def test_two_people_confirm_the_same_line_one_effect_the_other_is_told(store: Store) -> None:
    order(store, "R-4", MUG=3)
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    first, second = Handheld(store, "picker"), Handheld(store, "picker2")
    task = take(first, "pick")
    line = lines(store, task)[0]
    pick = ConfirmPick(task=task, line=1, bin=line["bin"], sku="MUG", qty=3)
    assert first.say("picking.confirm_pick.v1", pick) == APPLIED
    assert second.say("picking.confirm_pick.v1", pick) == ("diverted", "already_picked")
    told = table(store, "SELECT body FROM feed WHERE scope = 'd:dev-picker2' AND kind = 'result'")
    assert msgspec.json.decode(told[0]["body"])["code"] == "already_picked"
    assert scalar(store, "SELECT qty FROM stock WHERE bin = 'PUTBACK' AND sku = 'MUG'") == 3
    assert kinds(store) == ["already_picked"]
    assert_stock_adds_up(store)


def test_the_same_push_again_has_no_second_effect(store: Store) -> None:
    order(store, "R-5", MUG=3)
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    line = lines(store, task)[0]
    picker.say(
        "picking.confirm_pick.v1",
        ConfirmPick(task=task, line=1, bin=line["bin"], sku="MUG", qty=3),
    )
    before = scalar(store, "SELECT qty FROM stock WHERE bin = :b AND sku = 'MUG'", b=line["bin"])
    assert picker.push(*picker.sent) == picker.n
    after = scalar(store, "SELECT qty FROM stock WHERE bin = :b AND sku = 'MUG'", b=line["bin"])
    assert before == after == 47


def kinds(store: Store) -> list[str]:
    return [r["kind"] for r in table(store, "SELECT kind FROM discrepancy ORDER BY kind")]


def assert_stock_adds_up(store: Store) -> None:
    booked = table(store, "SELECT bin, sku, lot, qty FROM stock WHERE qty <> 0")
    summed: dict[tuple[str, str, str], int] = {}
    for m in table(store, "SELECT * FROM movement"):
        for bin_code, qty in ((m["from_bin"], -m["qty"]), (m["to_bin"], m["qty"])):
            key = (bin_code, m["sku"], m["lot"])
            summed[key] = summed.get(key, 0) + qty
    ledger = {k: q for k, q in summed.items() if q and k[0] != "WORLD"}
    assert {(r["bin"], r["sku"], r["lot"]): r["qty"] for r in booked} == ledger
