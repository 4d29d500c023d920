"""Waves planned beside the store, and orders picked alone, on carts, in batches and by zones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.catalog.ops import PutItem
from server.inventory.ops import PutBin, ReceiveStock
from server.orders.ops import CancelOrder
from server.picking.modes import plan
from server.picking.ops import ConfirmPick, FinishTask
from server.picking.planner import claim, plan_waiting, put, snapshot
from server.picking.release import DropWave, ReleaseWave
from server.picking.totes import AssignTote, HandOver, SortLine
from server.picking.waves import PlanWave
from server.store.replay import check_replay
from server.store.store import Store
from tests.floor_site import BINS, Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, lines, pack_all, state, take
from tests.stores import open_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def plan_wave(store: Store, **asked: Any) -> str:
    good(system(store, "picking.plan_wave.v1", PlanWave(**asked)))
    return str(scalar(store, "SELECT id FROM wave ORDER BY number DESC LIMIT 1"))


def three_orders(store: Store) -> list[str]:
    return [
        order(store, "R-1", MUG=2, TEE=1),
        order(store, "R-2", MUG=1, LAMP=1),
        order(store, "R-3", MUG=3),
    ]


def tasks(store: Store) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM task WHERE kind = 'pick' ORDER BY title")


def wave_state(store: Store, wave: str) -> str:
    return str(scalar(store, "SELECT state FROM wave WHERE id = :w", w=wave))


def allocated(store: Store) -> int:
    return int(scalar(store, "SELECT sum(allocated) FROM stock"))


def take_all(handheld: Handheld, task: str) -> None:
    for line in lines(handheld.store, task):
        if line["state"] == "open":
            asked = {k: line[k] for k in ("bin", "sku", "qty")}
            picked = ConfirmPick(task=task, line=line["no"], **asked)
            assert handheld.say("picking.confirm_pick.v1", picked) == APPLIED


def finish(handheld: Handheld, task: str) -> None:
    take_all(handheld, task)
    assert handheld.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED


def test_asking_for_a_wave_reserves_and_the_plan_waits_for_the_supervisor(store: Store) -> None:
    ids = three_orders(store)
    wave = plan_wave(store, release=False)
    assert wave_state(store, wave) == "planning"
    assert allocated(store) == 8
    assert plan_waiting(store) == 1
    assert wave_state(store, wave) == "proposed"
    assert tasks(store) == []
    assert {state(store, i) for i in ids} == {"confirmed"}
    desk = Handheld(store, "supervisor")
    assert desk.say("picking.release_wave.v1", ReleaseWave(wave=wave, mode="single")) == APPLIED
    assert [t["mode"] for t in tasks(store)] == ["single"] * 3
    assert {state(store, i) for i in ids} == {"released"}
    again = desk.say("picking.release_wave.v1", ReleaseWave(wave=wave))
    assert again == ("refused", "wave_not_planned")


def test_orders_of_a_wave_in_planning_are_in_no_other_wave(store: Store) -> None:
    three_orders(store)
    plan_wave(store)
    second = system(store, "picking.plan_wave.v1", PlanWave())
    assert second.code == "no_orders_to_release"


def test_a_wave_that_is_given_up_frees_its_stock(store: Store) -> None:
    three_orders(store)
    wave = plan_wave(store, release=False)
    desk = Handheld(store, "supervisor")
    assert desk.say("picking.drop_wave.v1", DropWave(wave=wave)) == APPLIED
    assert allocated(store) == 0
    assert plan_waiting(store) == 0
    plan_wave(store)


def test_what_was_cancelled_while_it_was_planned_gets_no_task(store: Store) -> None:
    ids = three_orders(store)
    wave = plan_wave(store, mode="single")
    made = plan(store.run_sync(lambda tx: snapshot(tx.conn, wave)))
    service = Handheld(store, "service")
    cancel = CancelOrder(order=ids[0], reason="changed mind")
    assert service.say("orders.cancel_order.v1", cancel) == APPLIED
    store.run_sync(lambda tx: put(tx, wave, made, "one"))
    assert len(tasks(store)) == 2
    assert state(store, ids[0]) == "cancelled"
    assert allocated(store) == 5


def test_stock_that_went_elsewhere_leaves_its_order_waiting(store: Store) -> None:
    ids = three_orders(store)
    wave = plan_wave(store, mode="single")
    made = plan(store.run_sync(lambda tx: snapshot(tx.conn, wave)))
    table_row = "UPDATE stock SET qty = 0 WHERE sku = 'LAMP'"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(table_row))
    store.run_sync(lambda tx: put(tx, wave, made, "one"))
    assert state(store, ids[1]) == "confirmed"
    assert scalar(store, "SELECT kind FROM discrepancy") == "not_enough_stock"
    assert {state(store, ids[0]), state(store, ids[2])} == {"released"}


def test_one_node_at_a_time_plans_a_wave_and_another_takes_over_when_its_lease_ends(
    store: Store,
) -> None:
    three_orders(store)
    wave = plan_wave(store)
    assert store.run_sync(lambda tx: claim(tx, "one")) == wave
    assert store.run_sync(lambda tx: claim(tx, "two")) is None
    expire = "UPDATE lease SET until = 0"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(expire))
    assert store.run_sync(lambda tx: claim(tx, "two")) == wave
    made = plan(store.run_sync(lambda tx: snapshot(tx.conn, wave)))
    store.run_sync(lambda tx: put(tx, wave, made, "one"))
    planned = [t["id"] for t in tasks(store)]
    assert planned
    store.run_sync(lambda tx: put(tx, wave, made, "one"))
    assert [t["id"] for t in tasks(store)] == planned
    assert scalar(store, "SELECT count(*) FROM op WHERE outcome = 'refused'") == 1


def test_a_wave_that_cannot_be_planned_does_not_hold_up_the_next(store: Store) -> None:
    order(store, "R-1", MUG=1)
    first = plan_wave(store)
    order(store, "R-2", TEE=1)
    second = plan_wave(store)
    assert store.run_sync(lambda tx: claim(tx, "one")) == first
    assert store.run_sync(lambda tx: claim(tx, "one")) == second


def test_a_cluster_keeps_each_orders_goods_in_its_own_tote(store: Store) -> None:
    ids = three_orders(store)
    plan_wave(store, mode="cluster")
    plan_waiting(store)
    (task,) = tasks(store)
    assert (task["mode"], task["orders"], task["lines"]) == ("cluster", 3, 5)
    picker = Handheld(store, "picker")
    mine = take(picker, "pick")
    totes = table(store, "SELECT * FROM pick_tote ORDER BY slot")
    assert [t["slot"] for t in totes] == [1, 2, 3]
    for tote in totes:
        put_on = AssignTote(task=mine, slot=tote["slot"], code=f"T{tote['slot']}")
        assert picker.say("picking.assign_tote.v1", put_on) == APPLIED
    finish(picker, mine)
    place = {t["order_id"]: f"TOTE/{mine}/{t['slot']}" for t in totes}
    held = table(
        store, "SELECT bin, sum(qty) AS qty FROM stock WHERE bin LIKE 'TOTE/%' GROUP BY bin"
    )
    assert {r["bin"]: int(r["qty"]) for r in held} == {
        place[ids[0]]: 3,
        place[ids[1]]: 2,
        place[ids[2]]: 3,
    }
    assert {state(store, i) for i in ids} == {"picked"}
    packer = Handheld(store, "packer")
    for _ in ids:
        pack_all(packer, take(packer, "pack"))
    assert scalar(store, "SELECT sum(qty) FROM stock WHERE bin LIKE 'TOTE/%'") == 0
    assert_stock_adds_up(store)


def test_a_tote_that_holds_another_order_is_nobody_elses_until_it_is_packed(
    store: Store,
) -> None:
    order(store, "R-1", MUG=1)
    plan_wave(store, mode="cluster", release=False)
    order(store, "R-2", TEE=1)
    plan_wave(store, mode="cluster", release=False)
    plan_waiting(store)
    desk, picker = Handheld(store, "supervisor"), Handheld(store, "picker")
    for wave in table(store, "SELECT id FROM wave ORDER BY number"):
        assert desk.say("picking.release_wave.v1", ReleaseWave(wave=wave["id"])) == APPLIED
    first = take(picker, "pick")
    assert picker.say("picking.assign_tote.v1", AssignTote(task=first, slot=0, code="T")) == APPLIED
    second = take(picker, "pick")
    again = AssignTote(task=second, slot=0, code="T")
    assert picker.say("picking.assign_tote.v1", again) == ("diverted", "tote_in_use")
    code = "SELECT code FROM pick_tote WHERE task = :t"
    assert scalar(store, code, t=second) is None
    finish(picker, first)
    packer = Handheld(store, "packer")
    pack_all(packer, take(packer, "pack"))
    assert picker.say("picking.assign_tote.v1", again) == APPLIED
    assert scalar(store, code, t=second) == "T"


def test_an_order_cancelled_on_a_cart_leaves_it_while_the_others_go_on(store: Store) -> None:
    ids = three_orders(store)
    plan_wave(store, mode="cluster")
    plan_waiting(store)
    picker, service = Handheld(store, "picker"), Handheld(store, "service")
    task = take(picker, "pick")
    first = next(ln for ln in lines(store, task) if ln["order_id"] == ids[0])
    asked = {k: first[k] for k in ("bin", "sku", "qty")}
    picked = ConfirmPick(task=task, line=first["no"], **asked)
    assert picker.say("picking.confirm_pick.v1", picked) == APPLIED
    cancel = CancelOrder(order=ids[0], reason="changed mind")
    assert service.say("orders.cancel_order.v1", cancel) == APPLIED
    late = next(ln for ln in lines(store, task) if ln["state"] == "cancelled")
    asked = {k: late[k] for k in ("bin", "sku", "qty")}
    told = picker.say("picking.confirm_pick.v1", ConfirmPick(task=task, line=late["no"], **asked))
    assert told == ("diverted", "order_cancelled")
    finish(picker, task)
    assert [state(store, i) for i in ids] == ["cancelled", "picked", "picked"]
    assert scalar(store, "SELECT count(*) FROM task WHERE kind = 'pack'") == 2
    assert_stock_adds_up(store)


def test_a_batch_is_sorted_into_the_totes_it_belongs_to(store: Store) -> None:
    three_orders(store)
    plan_wave(store, mode="batch")
    plan_waiting(store)
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    mugs = [ln["no"] for ln in lines(store, task) if ln["sku"] == "MUG"]
    assert mugs == list(range(mugs[0], mugs[0] + 3))
    take_all(picker, task)
    line = lines(store, task)[0]
    put_on = AssignTote(task=task, slot=line["slot"], code="T-1")
    assert picker.say("picking.assign_tote.v1", put_on) == APPLIED
    astray = SortLine(task=task, line=line["no"], tote="T-9")
    assert picker.say("picking.sort_line.v1", astray) == ("diverted", "wrong_tote")
    sorted_in = SortLine(task=task, line=line["no"], tote="T-1")
    assert picker.say("picking.sort_line.v1", sorted_in) == APPLIED
    assert bool(lines(store, task)[0]["sorted"])


def two_zones(store: Store) -> None:
    for code, (aisle, offset) in BINS.items():
        zone = "NORTH" if aisle else "SOUTH"
        bin_op = PutBin(code=code, aisle=aisle, offset_dm=offset, zone=zone)
        good(system(store, "inventory.put_bin.v1", bin_op))


def test_a_zone_opens_when_the_one_before_is_done_and_says_where_the_cart_stands(
    store: Store,
) -> None:
    two_zones(store)
    ids = three_orders(store)
    plan_wave(store, mode="zone")
    plan_waiting(store)
    first, second = tasks(store)
    assert (first["state"], second["state"]) == ("open", "waiting")
    assert second["after"] == first["id"]
    picker = Handheld(store, "picker")
    mine = take(picker, "pick")
    put_on = AssignTote(task=mine, slot=1, code="T-1")
    assert picker.say("picking.assign_tote.v1", put_on) == APPLIED
    take_all(picker, mine)
    assert picker.say("picking.hand_over.v1", HandOver(task=mine, place="GATE-2")) == APPLIED
    finish(picker, mine)
    after = next(t for t in tasks(store) if t["id"] == second["id"])
    assert after["state"] == "open"
    assert msgspec.json.decode(after["body"])["stands"] == "GATE-2"
    code = "SELECT code FROM pick_tote WHERE task = :t AND slot = 1"
    assert scalar(store, code, t=second["id"]) == "T-1"
    waiting = [i for i in ids if state(store, i) == "picking"]
    assert waiting
    other = Handheld(store, "picker2")
    finish(other, take(other, "pick"))
    assert {state(store, i) for i in ids} == {"picked"}
    assert_stock_adds_up(store)


def test_a_large_order_or_one_that_needs_care_is_picked_alone(store: Store) -> None:
    three_orders(store)
    mark = "UPDATE orders SET marks = 'special' WHERE ref = 'R-3'"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(mark))
    plan_wave(store, mode="cluster")
    plan_waiting(store)
    assert sorted(t["mode"] for t in tasks(store)) == ["cluster", "single"]


def test_a_wave_holds_only_orders_of_its_rule(store: Store) -> None:
    ids = three_orders(store)
    air = "UPDATE orders SET transport = 'air' WHERE ref = 'R-2'"
    store.run_sync(lambda tx: tx.conn.exec_driver_sql(air))
    plan_wave(store, transport="air")
    planned = table(store, "SELECT DISTINCT order_id FROM wave_line")
    assert [r["order_id"] for r in planned] == [ids[1]]
    assert system(store, "picking.plan_wave.v1", PlanWave(country="France")).code == (
        "no_orders_to_release"
    )


def test_frozen_dangerous_and_plain_goods_never_share_a_wave(store: Store) -> None:
    three_orders(store)
    frozen = PutItem(sku="LAMP", name="Lamp", temperature="frozen")
    good(system(store, "catalog.put_item.v1", frozen))
    sizes = []
    for _ in range(2):
        wave = plan_wave(store)
        held = "SELECT count(DISTINCT order_id) FROM wave_line WHERE wave = :w"
        sizes.append(scalar(store, held, w=wave))
    assert sorted(sizes) == [1, 2]


def test_the_log_alone_gives_the_same_waves_and_totes(tmp_path: Path) -> None:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        two_zones(store)
        three_orders(store)
        plan_wave(store, mode="zone")
        plan_waiting(store)
        picker = Handheld(store, "picker")
        task = take(picker, "pick")
        assert (
            picker.say("picking.assign_tote.v1", AssignTote(task=task, slot=1, code="T")) == APPLIED
        )
        take_all(picker, task)
        assert picker.say("picking.hand_over.v1", HandOver(task=task, place="G")) == APPLIED
        finish(picker, task)
        url = store.url
        report = check_replay(url)
        assert report.differences == []


def test_an_order_that_lacks_one_line_waits_whole_and_the_desk_is_told(store: Store) -> None:
    made = order(store, "R-1", MUG=2, LAMP=31)
    verdict = system(store, "picking.plan_wave.v1", PlanWave())
    assert verdict.code is None
    assert (state(store, made), allocated(store)) == ("confirmed", 0)
    told = table(store, "SELECT kind, body FROM discrepancy")
    assert [t["kind"] for t in told] == ["not_enough_stock"]
    assert msgspec.json.decode(told[0]["body"]) == {"sku": "LAMP", "qty": 31}


def test_an_order_that_comes_after_a_wave_was_planned_waits_for_the_next(store: Store) -> None:
    first = order(store, "R-1", MUG=1)
    wave = plan_wave(store, release=False)
    second = order(store, "R-2", MUG=1)
    plan_waiting(store)
    desk = Handheld(store, "supervisor")
    assert desk.say("picking.release_wave.v1", ReleaseWave(wave=wave)) == APPLIED
    assert (state(store, first), state(store, second)) == ("released", "confirmed")
    assert [t["ref"] for t in tasks(store)] == [first]


def test_no_order_is_promised_goods_in_bulk(store: Store) -> None:
    good(system(store, "inventory.put_bin.v1", PutBin(code="BULK-1", kind="bulk")))
    pallet = ReceiveStock(bin="BULK-1", sku="LAMP", qty=100)
    good(system(store, "inventory.receive_stock.v1", pallet))
    whole = order(store, "R-1", LAMP=100)
    good(system(store, "picking.plan_wave.v1", PlanWave()))
    assert (state(store, whole), allocated(store)) == ("confirmed", 0)
