"""One site's life in which every kind of operation happens, by its real operations."""

from typing import Any

from server.catalog.ops import PutSetting
from server.catalog.packs import PutPacks
from server.floor.ops import Acknowledge, ReassignTask, ReleaseTask, TakeTask
from server.orders.ops import CancelledLine, CancelOrder, RecordCancellation
from server.packing.ops import ReportMismatch
from server.picking.ops import ConfirmPick, FinishTask, ReportShort, Reroute
from server.pod.ops import Arrive
from server.store.store import Store
from tests.floor_site import Handheld, build, good, order, release_wave, system, table
from tests.floor_work import APPLIED, evidence, lines, pick_all, to_the_van
from tests.sync.engine.bench_life import bench_life
from tests.sync.engine.desk_work import desk_work
from tests.sync.engine.dock_work import dock_work
from tests.sync.engine.door_work import door_work
from tests.sync.engine.other_work import other_work
from tests.sync.engine.report_work import report_work
from tests.sync.engine.run_life import run_life
from tests.sync.engine.shelf_work import shelf_work
from tests.sync.engine.told_life import told_life

WATCHERS = ("picker", "picker2", "packer", "driver", "supervisor", "service")


def live(store: Store) -> None:
    build(store)
    good(system(store, "catalog.put_setting.v1", PutSetting(key="note", value="spring")))
    packs = PutPacks(sku="MUG", packs={"14006381333938": 24})
    good(system(store, "catalog.put_packs.v1", packs))
    chief = Handheld(store, "supervisor", "desk")
    _delivered(store)
    dock_work(store, chief)
    bench_life(store)
    run_life(store, chief)
    _changing_hands(store, chief)
    _short_and_cancelled(store, chief)
    _cancelled_by_the_channel(store)
    other_work(store)
    shelf_work(store, chief)
    report_work(store, chief)
    told_life(store)
    _counting_past_a_number(store)
    desk_work(store, chief)


def _delivered(store: Store) -> None:
    order_id = order(store, "V-1", MUG=3, TEE=2)
    driver, stop = to_the_van(store, order_id)
    assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    door_work(store)


def _task_of(store: Store, order_id: str, kind: str = "pick") -> dict[str, Any]:
    wanted = "SELECT id, epoch FROM task WHERE ref = :r AND kind = :k"
    return table(store, wanted, r=order_id, k=kind)[0]


def _take(handheld: Handheld, store: Store, order_id: str) -> str:
    task = _task_of(store, order_id)
    taken = TakeTask(task=task["id"], expects=task["epoch"])
    assert handheld.say("floor.take_task.v1", taken) == APPLIED
    return str(task["id"])


def _changing_hands(store: Store, chief: Handheld) -> None:
    order_id = order(store, "V-2", MUG=2, LAMP=1)
    good(release_wave(store))
    first, second = Handheld(store, "picker", "hand-1"), Handheld(store, "picker2", "hand-2")
    task = _take(first, store, order_id)
    moved = ReassignTask(task=task, expects=1, person="picker2")
    assert chief.say("floor.reassign_task.v1", moved) == APPLIED
    assert chief.say("floor.reassign_task.v1", moved)[0] == "refused"
    assert chief.say("floor.acknowledge.v1", Acknowledge(n=chief.n)) == APPLIED
    late = lines(store, task)[0]
    pick = ConfirmPick(
        task=task, line=late["no"], bin=late["bin"], sku=late["sku"], qty=late["qty"]
    )
    assert first.say("picking.confirm_pick.v1", pick) == APPLIED
    assert second.say("picking.confirm_pick.v1", pick)[0] == "diverted"
    assert second.say("floor.release_task.v1", ReleaseTask(task=task)) == APPLIED
    _take(second, store, order_id)
    mismatch = ReportMismatch(task=task, code="4006381333931", expected="9506000134352")
    assert second.say("packing.report_mismatch.v1", mismatch)[0] == "quarantined"
    packer = Handheld(store, "packer", "bench-1")
    assert packer.say("packing.report_mismatch.v1", mismatch)[0] in ("applied", "diverted")


def _short_and_cancelled(store: Store, chief: Handheld) -> None:
    order_id = order(store, "V-3", MUG=2, TEE=2)
    good(release_wave(store))
    picker = Handheld(store, "picker", "hand-3")
    task = _take(picker, store, order_id)
    anew = Reroute(task=task, expects=1)
    assert picker.say("picking.reroute.v1", anew) == APPLIED
    first = lines(store, task)[0]
    short = ReportShort(
        task=task, line=1, bin=first["bin"], sku=first["sku"], found=1, reason="damaged"
    )
    assert picker.say("picking.report_short.v1", short) == APPLIED
    gone = CancelOrder(order=order_id, reason="changed their mind")
    assert chief.say("orders.cancel_order.v1", gone) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task))[0] == "diverted"
    again = order(store, "V-4", TEE=1)
    good(release_wave(store))
    pick_all(picker, _take(picker, store, again))


def _cancelled_by_the_channel(store: Store) -> None:
    order(store, "V-5", LAMP=2)
    gone = RecordCancellation(
        channel="EC", ref="C-1", customer="C1", at=1, lines=[CancelledLine(sku="LAMP", qty=2)]
    )
    good(system(store, "orders.record_cancellation.v1", gone))


def _counting_past_a_number(store: Store) -> None:
    picker = Handheld(store, "picker", "hand-9")
    picker.n = 2
    assert picker.say("floor.acknowledge.v1", Acknowledge(n=1)) == ("unsent", None)
