"""What goes wrong at the shelf and what is done about it, each once; leases that change while
somebody works; a second check: of the recorded life."""

from typing import Any

import msgspec

from server.catalog.ops import PutSetting
from server.catalog.substitutes import PutSubstitutes
from server.floor.abilities import SetAbilities
from server.floor.leases import HaltTask, LetTaskGo, PauseTask, PrioritiseTask, ResumeTask
from server.floor.ops import TakeTask
from server.inventory.ops import ReceiveStock
from server.orders.address import ChangeAddress
from server.orders.hold import HoldOrder, ResumeOrder
from server.orders.notes import AddNote
from server.orders.validation import ShipTo
from server.picking.joining import JoinTasks
from server.picking.ops import (
    AwaitStock,
    CheckPicked,
    FinishCheck,
    PickElsewhere,
    PickSubstitute,
    RequestLabel,
    Reroute,
    SkipLine,
    SplitTask,
    UndoPick,
    ZeroCheck,
)
from server.store.store import Store
from tests.floor_site import Handheld, good, order, release_wave, system, table
from tests.floor_work import APPLIED, lines
from tests.picking_work import finish, line_of, pick, place, short


def shelf_work(store: Store, chief: Handheld) -> None:
    for bin_code, sku in (("A02-2-1", "MUG"), ("BULK-1", "LAMP")):
        got = ReceiveStock(bin=bin_code, sku=sku, qty=20)
        good(system(store, "inventory.receive_stock.v1", got))
    instead = PutSubstitutes(sku="TEE", substitutes=["LAMP"])
    good(system(store, "catalog.put_substitutes.v1", instead))
    asks = PutSetting(key="second_check", value={"mode": "all"})
    good(system(store, "catalog.put_setting.v1", asks))
    picker, other = Handheld(store, "picker", "hand-20"), Handheld(store, "picker2", "hand-21")
    task = _cures(store, picker)
    _check(store, other, task)
    _leases(store, chief, picker, other)


def _taken(store: Store, handheld: Handheld, ref: str, kind: str) -> str:
    wanted = "SELECT id, epoch FROM task WHERE ref = :r AND kind = :k AND state = 'open'"
    task = table(store, wanted, r=ref, k=kind)[0]
    taken = TakeTask(task=task["id"], expects=task["epoch"])
    assert handheld.say("floor.take_task.v1", taken) == APPLIED
    return str(task["id"])


def _cures(store: Store, picker: Handheld) -> str:
    order_id = order(store, "V-20", MUG=3, TEE=2, LAMP=2)
    good(release_wave(store))
    task = _taken(store, picker, order_id, "pick")
    by_sku = {line["sku"]: line for line in lines(store, task)}
    mug, tee, lamp = (by_sku[sku] for sku in ("MUG", "TEE", "LAMP"))
    skip = SkipLine(task=task, line=mug["no"], walk=[tee["no"], lamp["no"], mug["no"]])
    assert picker.say("picking.skip_line.v1", skip) == APPLIED
    epoch = table(store, "SELECT epoch FROM task WHERE id = :t", t=task)[0]["epoch"]
    anew = Reroute(task=task, expects=epoch, bin=tee["bin"])
    assert picker.say("picking.reroute.v1", anew) == APPLIED
    asked = RequestLabel(**place(mug), of="bin")
    assert picker.say("picking.request_label.v1", asked) == APPLIED
    found: dict[str, Any] = {"found": 1, "reason": "missing", "qty": 2}
    elsewhere = PickElsewhere(**place(mug), **found, to_bin="A02-1-1")
    assert picker.say("picking.pick_elsewhere.v1", elsewhere) == APPLIED
    back = UndoPick(**place(mug), qty=1)
    assert picker.say("picking.undo_pick.v1", back) == APPLIED
    assert pick(picker, mug) == APPLIED
    looked = ZeroCheck(**place(mug), empty=False, found=1)
    assert picker.say("picking.zero_check.v1", looked) == APPLIED
    instead = PickSubstitute(**place(tee), **found, substitute="LAMP", to_bin=lamp["bin"])
    assert picker.say("picking.pick_substitute.v1", instead) == APPLIED
    waits = AwaitStock(**place(lamp), found=1, reason="damaged")
    assert picker.say("picking.await_stock.v1", waits) == APPLIED
    assert pick(picker, line_of(store, task, tee["no"] + 10_000)) == APPLIED
    assert short(picker, line_of(store, task, lamp["no"] + 10_000), 0) == APPLIED
    assert finish(picker, task) == APPLIED
    return order_id


def _check(store: Store, other: Handheld, order_id: str) -> None:
    """One piece lacks: it is picked again, and counted again by nobody yet."""
    task = _taken(store, other, order_id, "check")
    for line in table(store, "SELECT * FROM check_line WHERE task = :t", t=task):
        counted = line["expected"] - (1 if line["sku"] == "MUG" else 0)
        said = CheckPicked(task=task, line=line["no"], sku=line["sku"], counted=counted)
        assert other.say("picking.check_picked.v1", said) == APPLIED
    assert other.say("picking.finish_check.v1", FinishCheck(task=task)) == APPLIED
    assert table(store, "SELECT id FROM task WHERE ref = :r AND kind = 'pick'", r=order_id)


def _leases(store: Store, chief: Handheld, picker: Handheld, other: Handheld) -> None:
    order_id = order(store, "V-21", MUG=1, TEE=1)
    good(release_wave(store))
    task = _taken(store, picker, order_id, "pick")
    epoch = table(store, "SELECT epoch FROM task WHERE id = :t", t=task)[0]["epoch"]
    late = lines(store, task)[1]
    ranked = PrioritiseTask(task=task, expects=epoch, priority=90)
    assert chief.say("floor.prioritise_task.v1", ranked) == APPLIED
    split = SplitTask(task=task, expects=epoch, person="picker2")
    assert chief.say("picking.split_task.v1", split) == APPLIED
    assert pick(picker, late) == APPLIED  # on the older lease: the line comes back
    asked = Reroute(task=task, expects=epoch)
    assert picker.say("picking.reroute.v1", asked) == APPLIED
    parked = PauseTask(task=task, expects=epoch, reason="Break")
    assert picker.say("floor.pause_task.v1", parked) == APPLIED
    held = HoldOrder(order=order_id, reason="Payment failed")
    assert chief.say("orders.hold_order.v1", held) == APPLIED
    assert other.say("floor.resume_task.v1", ResumeTask(task=task, expects=epoch))[0] == "refused"
    seen = ShipTo(country="GB", city="Leeds", street="1 Mill Lane", postcode="LS1")
    moved = msgspec.structs.replace(seen, street="2 Mill Lane")
    elsewhere = ChangeAddress(order=order_id, seen=seen, ship_to=moved, reason="Wrong number")
    assert chief.say("orders.change_address.v1", elsewhere) == APPLIED
    noted = AddNote(order=order_id, note="Paid by cheque")
    assert chief.say("orders.add_note.v1", noted) == APPLIED
    assert chief.say("orders.resume_order.v1", ResumeOrder(order=order_id)) == APPLIED
    assert picker.say("floor.resume_task.v1", ResumeTask(task=task, expects=epoch)) == APPLIED
    _acts(store, chief, task)


def _acts(store: Store, chief: Handheld, task: str) -> None:
    """On hold and let go; split, and the split undone. What the chief knows of the picker."""

    def seen() -> dict[str, Any]:
        found = "SELECT id AS task, epoch AS expects, revision AS seen FROM task WHERE id = :t"
        return table(store, found, t=task)[0]

    halt = HaltTask(**seen(), reason="Spill")
    assert chief.say("floor.halt_task.v1", halt) == APPLIED
    assert chief.say("floor.let_task_go.v1", LetTaskGo(**seen())) == APPLIED
    can = SetAbilities(person="picker", skills=["pick"], zones=["A"])
    assert chief.say("floor.set_abilities.v1", can) == APPLIED
    fresh = order(store, "V-22", MUG=1, TEE=1)
    good(release_wave(store))
    task = _task_of(store, fresh)
    assert chief.say("picking.split_task.v1", SplitTask(**seen())) == APPLIED
    assert chief.say("picking.join_tasks.v1", JoinTasks(**seen())) == APPLIED


def _task_of(store: Store, order_id: str) -> str:
    return str(table(store, "SELECT id FROM task WHERE ref = :r", r=order_id)[0]["id"])
