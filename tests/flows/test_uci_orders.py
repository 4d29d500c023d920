"""A real shop's export comes in, and fifty of its orders go through every station of the house."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.demo import site as demo_site
from server.imports.command import Wish, run
from server.packing.ops import CheckItem, ClosePack
from server.picking.ops import ConfirmPick, FinishTask
from server.pod.ops import Depart, LoadParcel, PlanRun
from server.store.store import Store
from tests.data import data
from tests.floor_site import Handheld, good, people, release_wave, scalar, system, table
from tests.floor_work import assert_stock_adds_up, evidence
from tests.stores import open_store

pytestmark = pytest.mark.data
SHIPPED = 50
LINES_OF_THE_FILE = 12_000
"""Enough invoices, cancellations and dirt for a minute's test; the whole file is a longer one."""


def beginning(source: Path, target: Path) -> list[dict[str, str]]:
    """The first lines of the export, cut between two invoices, as a file of its own."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    cut = LINES_OF_THE_FILE
    while rows[cut]["InvoiceNo"] == rows[cut - 1]["InvoiceNo"]:
        cut += 1
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows[:cut])
    return rows[:cut]


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Store, list[dict[str, str]], Path]]:
    source = data("orders_uci_online_retail", "online_retail_2010-12_2011-01.csv.gz")
    folder = tmp_path_factory.mktemp("uci")
    export = folder / "export.csv"
    rows = beginning(source, export)
    with open_store("sqlite", folder) as store:
        people(store)
        layout = folder / "layout.json"
        layout.write_bytes(msgspec.json.encode(demo_site.layout()))
        out = io.StringIO()
        assert run(Wish("layout", layout), store, out) == 0
        for what in ("items", "stock", "orders"):
            run(Wish(what, export, map_name=f"uci-{what}", reject=folder / what), store, out)
        yield store, rows, folder / "orders"


def test_orders_cancellations_and_rejects_add_up_to_the_file(
    shop: tuple[Store, list[dict[str, str]], Path],
) -> None:
    store, rows, rejects = shop
    invoices = {r["InvoiceNo"] for r in rows}
    orders = {r["ref"] for r in table(store, "SELECT ref FROM orders")}
    cancellations = {r["ref"] for r in table(store, "SELECT ref FROM cancellation")}
    with rejects.open(encoding="utf-8", newline="") as f:
        rejected = {r["InvoiceNo"] for r in csv.DictReader(f)}
    assert orders == {i for i in orders if not i.startswith("C")}
    assert all(c.startswith("C") for c in cancellations)
    assert orders & rejected == set()
    no_goods = invoices - orders - cancellations - rejected
    by_invoice = defaultdict(list)
    for r in rows:
        by_invoice[r["InvoiceNo"]].append(r["StockCode"].upper())
    assert all(not code[0].isdigit() for i in no_goods for code in by_invoice[i]), no_goods
    without_customer = {r["InvoiceNo"] for r in rows if not r["CustomerID"]}
    assert orders & without_customer == set()


def test_an_orders_goods_are_what_its_invoice_says(
    shop: tuple[Store, list[dict[str, str]], Path],
) -> None:
    store, rows, _ = shop
    pieces: dict[str, int] = defaultdict(int)
    for r in rows:
        if r["StockCode"][0].isdigit() or r["StockCode"].startswith("DCGS"):
            pieces[r["InvoiceNo"]] += int(r["Quantity"])
    found = table(store, "SELECT ref, pieces, number FROM orders")
    assert len(found) > SHIPPED
    assert {o["ref"]: o["pieces"] for o in found} == {o["ref"]: pieces[o["ref"]] for o in found}
    assert len({o["number"] for o in found}) == len(found)


def test_importing_the_file_again_makes_no_second_order(
    shop: tuple[Store, list[dict[str, str]], Path], tmp_path: Path
) -> None:
    store, _, rejects = shop
    before = scalar(store, "SELECT COUNT(*) FROM orders")
    again = Wish(
        "orders", rejects.parent / "export.csv", map_name="uci-orders", reject=tmp_path / "r"
    )
    run(again, store, io.StringIO())
    assert scalar(store, "SELECT COUNT(*) FROM orders") == before


def test_fifty_real_orders_go_through_every_station(
    shop: tuple[Store, list[dict[str, str]], Path],
) -> None:
    store, _, _ = shop
    good(release_wave(store, max_orders=SHIPPED))
    released = [r["id"] for r in table(store, "SELECT id FROM orders WHERE state = 'released'")]
    assert len(released) >= SHIPPED * 0.9
    picker, packer = Handheld(store, "picker"), Handheld(store, "packer")
    for task in take_all(picker, "pick"):
        pick(picker, task)
    parcels = {task: pack(packer, task) for task in take_all(packer, "pack")}
    assert len(parcels) == len(released)
    good(system(store, "pod.plan_run.v1", PlanRun(max_stops=200)))
    deliver(Handheld(store, "driver"))
    states = table(
        store, "SELECT DISTINCT state FROM orders WHERE id IN (SELECT order_id FROM stop)"
    )
    assert [s["state"] for s in states] == ["delivered"]
    delivered = table(
        store,
        "SELECT order_id, SUM(qty - delivered) AS open FROM order_line"
        " WHERE order_id IN (SELECT order_id FROM stop) GROUP BY order_id",
    )
    assert len(delivered) == len(released)
    assert {d["open"] for d in delivered} == {0}
    assert scalar(store, "SELECT COUNT(*) FROM op WHERE outcome <> 'applied' AND person <> ''") == 0
    assert_stock_adds_up(store)


def take_all(handheld: Handheld, kind: str) -> list[str]:
    found = table(
        handheld.store,
        "SELECT id, epoch FROM task WHERE kind = :k AND state = 'open'",
        k=kind,
    )
    asks = [
        handheld.envelope("floor.take_task.v1", {"task": t["id"], "expects": t["epoch"]})
        for t in found
    ]
    push_all(handheld, asks)
    return [str(t["id"]) for t in found]


def push_all(handheld: Handheld, ops: list[Any]) -> None:
    for i in range(0, len(ops), 50):
        handheld.push(*ops[i : i + 50])


def pick(picker: Handheld, task: str) -> None:
    lines = table(picker.store, "SELECT * FROM pick_line WHERE task = :t ORDER BY no", t=task)
    said = [
        picker.envelope(
            "picking.confirm_pick.v1",
            ConfirmPick(task=task, line=n["no"], bin=n["bin"], sku=n["sku"], qty=n["qty"]),
        )
        for n in lines
    ]
    push_all(picker, [*said, picker.envelope("picking.finish_task.v1", FinishTask(task=task))])


def pack(packer: Handheld, task: str) -> str:
    lines = table(packer.store, "SELECT * FROM pack_line WHERE task = :t", t=task)
    parcel = scalar(
        packer.store,
        "SELECT p.number FROM parcel p JOIN task t ON t.ref = p.shipment WHERE t.id = :t",
        t=task,
    )
    said = [
        packer.envelope(
            "packing.check_item.v1",
            CheckItem(task=task, line=n["no"], sku=n["sku"], packed=n["qty"]),
        )
        for n in lines
    ]
    closed = packer.envelope("packing.close_pack.v1", ClosePack(task=task, parcel=parcel))
    push_all(packer, [*said, closed])
    return str(parcel)


def deliver(driver: Handheld) -> None:
    store = driver.store
    take_all(driver, "drive")
    stops = table(store, "SELECT s.*, l.parcel FROM stop s JOIN load l ON l.stop = s.id")
    loads = [LoadParcel(run=s["run"], stop=s["id"], parcel=s["parcel"]) for s in stops]
    push_all(driver, [driver.envelope("pod.load_parcel.v1", load) for load in loads])
    driver.push(driver.envelope("pod.depart.v1", Depart(run=stops[0]["run"], vehicle="V-1")))
    proofs = [evidence(driver, s, "full") for s in stops]
    push_all(driver, [driver.envelope("pod.deliver.v1", p) for p in proofs])
