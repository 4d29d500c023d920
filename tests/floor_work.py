"""The floor's work by real operations: take, pick, pack, load, deliver; and what must hold."""

from typing import Any

from server.floor.ops import TakeTask
from server.packing.ops import CheckItem, ClosePack
from server.picking.ops import ConfirmPick, FinishTask
from server.pod.evidence import record_hash
from server.pod.ops import Depart, LoadParcel, PlanRun
from server.store.store import Store
from tests.floor_site import Handheld, good, release_wave, scalar, system, table

APPLIED = ("applied", None)


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


def to_the_van(store: Store, order_id: str, mark: str = "") -> tuple[Handheld, dict[str, Any]]:
    """`mark`: tells the devices from those of an earlier way to a van."""
    good(release_wave(store))
    return from_the_shelf_to_the_van(store, order_id, mark)


def from_the_shelf_to_the_van(
    store: Store, order_id: str, mark: str = ""
) -> tuple[Handheld, dict[str, Any]]:
    """Of an order whose wave is on the floor already."""
    picker, packer = (Handheld(store, who, f"dev-{who}{mark}") for who in ("picker", "packer"))
    pick_all(picker, take(picker, "pick"))
    parcel = pack_all(packer, take(packer, "pack"))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver", f"dev-driver{mark}")
    take(driver, "drive")
    stop = table(store, "SELECT * FROM stop WHERE order_id = :o", o=order_id)[0]
    loaded = LoadParcel(run=stop["run"], stop=stop["id"], parcel=parcel)
    assert driver.say("pod.load_parcel.v1", loaded) == APPLIED
    assert driver.say("pod.depart.v1", Depart(run=stop["run"], vehicle="VAN-1")) == APPLIED
    return driver, stop


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
