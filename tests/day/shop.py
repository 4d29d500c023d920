"""One real day of the shop's export, brought into a house of its own: its layout, items and orders,
stock for all of them and some more, and who works there."""

import csv
import gzip
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import sqlalchemy as sa

from server.auth.tables import person
from server.catalog.ops import PutSetting
from server.demo import site as demo_site
from server.imports.command import Wish, run
from server.inventory.ops import PutBin, ReceiveStock
from server.store.store import Store
from server.store.submit import submit
from server.store.tx import Tx
from tests.data import data
from tests.floor_site import ANYBODY_CANCELS, SITE, good, people, table

Row = dict[str, str]
RESERVE_EVERY = 4
"""So many articles share one that has a reserve in another bin, or in bulk."""


@dataclass
class Opening:
    """What the file says, read without the importer: `ordered` pieces by invoice and article.
    `received`: pieces by article, of all deliveries."""

    ordered: dict[str, Counter[str]] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)


def rows_of(day: str, most_orders: int, most_lines: int) -> list[Row]:
    """The day's first invoices of at most so many lines each, and all its cancellations."""
    source = data("orders_uci_online_retail", "online_retail_2010-12_2011-01.csv.gz")
    with gzip.open(source, "rt", encoding="utf-8", newline="") as f:
        rows = [r for r in csv.DictReader(f) if r["InvoiceDate"].startswith(day)]
    lines = Counter(r["InvoiceNo"] for r in rows)
    fit = [i for i in dict.fromkeys(r["InvoiceNo"] for r in rows) if lines[i] <= most_lines]
    chosen = {i for i in fit if i.startswith("C")}
    chosen |= set([i for i in fit if not i.startswith("C") and _is_whole(i, rows)][:most_orders])
    return [r for r in rows if r["InvoiceNo"] in chosen]


def _is_whole(invoice: str, rows: list[Row]) -> bool:
    """Of somebody, with goods on it, and no correction."""
    mine = [r for r in rows if r["InvoiceNo"] == invoice]
    goods = [r for r in mine if _is_goods(r)]
    return bool(goods) and all(r["CustomerID"] and int(r["Quantity"]) > 0 for r in mine)


def _is_goods(row: Row) -> bool:
    return row["StockCode"][0].isdigit() or row["StockCode"].startswith("DCGS")


def open_shop(store: Store, folder: Path, rows: list[Row], chance: random.Random) -> Opening:
    people(store)
    export, layout = folder / "export.csv", folder / "layout.json"
    with export.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    layout.write_bytes(msgspec.json.encode(demo_site.layout()))
    told = io.StringIO()
    assert run(Wish("layout", layout), store, told) == 0, told.getvalue()
    for what in ("items", "stock", "orders"):
        run(Wish(what, export, map_name=f"uci-{what}", reject=folder / what), store, told)
    opening = Opening()
    for row in rows:
        if not row["InvoiceNo"].startswith("C") and _is_goods(row):
            sku, pieces = row["StockCode"].upper(), int(row["Quantity"])
            opening.ordered.setdefault(row["InvoiceNo"], Counter())[sku] += pieces
            opening.received[sku] += pieces
    store.run_sync(lambda tx: _more(tx, opening, chance))
    return opening


def _more(tx: Tx, opening: Opening, chance: random.Random) -> None:
    """Places for what is damaged and for bulk, and a reserve of some articles, so that what lacks
    in one bin can be had from another."""

    def say(name: str, op: msgspec.Struct) -> None:
        good(submit(tx, SITE, "test", name, op))  # type: ignore[arg-type]

    anybody = PutSetting(key="cancelling", value={"may": ANYBODY_CANCELS})
    say("catalog.put_setting.v1", anybody)
    say("inventory.put_bin.v1", PutBin(code="Q-1", kind="quarantine"))
    say("inventory.put_bin.v1", PutBin(code="BULK-1", kind="bulk", aisle=7, offset_dm=100))
    bins = tx.conn.execute(sa.text("SELECT code FROM bin WHERE kind = 'pick' ORDER BY code"))
    shelves = list(bins.scalars())
    for sku in sorted(opening.received):
        if chance.randrange(RESERVE_EVERY) == 0:
            qty = max(3, opening.received[sku] // 3)
            where = "BULK-1" if chance.random() < 0.3 else chance.choice(shelves)
            say("inventory.receive_stock.v1", ReceiveStock(bin=where, sku=sku, qty=qty))
            opening.received[sku] += qty


def hire(store: Store, names: list[str], pin_hash: str) -> None:
    """Pickers, who sign in with one PIN."""
    made = [
        {"id": n, "site": SITE, "name": n.title(), "badge": f"B-{n}", "role": "picker"}
        for n in names
    ]
    rows = [one | {"pin_hash": pin_hash} for one in made]
    store.run_sync(lambda tx: tx.conn.execute(sa.insert(person), rows))
    store.run_sync(lambda tx: tx.conn.execute(person.update().values(pin_hash=pin_hash)))


def codes(store: Store) -> dict[str, str]:
    """By SKU, the code on the goods as a scanner gives it."""
    return {r["sku"]: r["code"][1:] for r in table(store, "SELECT sku, code FROM item_code")}
