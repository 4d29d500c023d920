"""Opening stock: rows of bin, SKU and pieces, or enough for all order lines of a file.

A delivery is named (`ref`, "opening" unless told otherwise); running the same again adds nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from server.catalog.tables import item
from server.imports.derived import Article, articles
from server.imports.fields import BadField, bounded, cell, needed, pieces, sku_of
from server.imports.maps import ColumnMap
from server.imports.reading import Row
from server.imports.report import Desk
from server.imports.submitting import Wanted
from server.imports.taking import Good, take
from server.inventory.ops import ReceiveStock
from server.inventory.tables import bin_
from server.orders.validation import Problem
from server.store.store import Store
from server.store.submit import Outside

TWO_BINS_EVERY = 5
"""Every fifth article lies in two bins, as reserve and overflow do."""
Receipt = tuple[Row, int, str, ReceiveStock]
"""The row it comes from, how many rows say so, what makes it one and the same, and the goods."""


def import_stock(
    rows: Iterable[Row], columns: ColumnMap, store: Store, site: str, desk: Desk, ref: str
) -> None:
    """Articles that the item master does not know, bins that are not there, and goods without
    the lot that their item asks for, are rejected: no lot is ever guessed."""
    skus, lotted, bins = _known(store, site)
    if columns.derive_from_orders:
        made = _derived(articles(rows, columns, desk), list(bins))
    else:
        made = _direct(rows, columns, desk)
    sound = _Sound(skus, lotted, bins)
    take(_good(made, sound, f"stock:{site}:{ref}"[:64], desk), "receipts", store, site, desk)


@dataclass(frozen=True, slots=True)
class _Sound:
    """What the site knows: its items, those that are kept by lot, its pick bins."""

    skus: frozenset[str]
    lotted: frozenset[str]
    bins: Mapping[str, None]


def _good(made: Iterable[Receipt], sound: _Sound, source: str, desk: Desk) -> Iterator[Good]:
    for row, count, key, op in made:
        if problem := _problem(op, sound):
            desk.reject(row, problem, count)
            desk.report.rejected_things["receipts"] += 1
        else:
            outside = Outside(source, key)
            yield Good(row, count, Wanted("inventory.receive_stock.v1", op, outside))


def _known(store: Store, site: str) -> tuple[frozenset[str], frozenset[str], dict[str, None]]:
    by_lot = sa.select(item.c.sku).where(item.c.tracks_lot)
    places = sa.select(bin_.c.code).where(bin_.c.site == site).order_by(bin_.c.code)
    return store.run_sync(
        lambda tx: (
            frozenset(tx.conn.execute(sa.select(item.c.sku)).scalars()),
            frozenset(tx.conn.execute(by_lot).scalars()),
            dict.fromkeys(tx.conn.execute(places.where(bin_.c.kind == "pick")).scalars()),
        )
    )


def _problem(op: ReceiveStock, sound: _Sound) -> Problem | None:
    if op.sku not in sound.skus:
        return Problem("sku", op.sku, "unknown_item", "import the item first")
    if op.bin not in sound.bins:
        return Problem("bin", op.bin, "unknown_bin", "import the layout first")
    if op.sku in sound.lotted and not op.lot:
        return Problem("lot", "", "lot_missing", "read the lot off the goods and write it")
    return None


def _derived(found: Mapping[str, Article], places: Sequence[str]) -> Iterator[Receipt]:
    for at, (sku, each) in enumerate(sorted(found.items())):
        for part, (bin_code, qty) in enumerate(spread(at, each.pieces, places), 1):
            op = ReceiveStock(bin=bin_code, sku=sku, qty=qty)
            yield each.row, each.rows if part == 1 else 0, f"{sku}#{part}", op


def spread(at: int, qty: int, places: Sequence[str]) -> list[tuple[str, int]]:
    """Where the `at`-th article lies: the next bin, or that and one half the floor away."""
    if not places:
        return [("NO-BIN", qty)]
    first, second = places[at % len(places)], places[(at + len(places) // 2) % len(places)]
    reserve = 0 if at % TWO_BINS_EVERY or first == second else qty // 3
    return [(first, qty - reserve), *([(second, reserve)] if reserve else [])]


def _direct(rows: Iterable[Row], columns: ColumnMap, desk: Desk) -> Iterator[Receipt]:
    for row in rows:
        desk.read()
        try:
            op = _read(row, columns)
        except BadField as bad:
            desk.reject(row, bad.problem)
            continue
        yield row, 1, f"{op.bin}/{op.sku}/{op.lot}"[:128], op


def _read(row: Row, columns: ColumnMap) -> ReceiveStock:
    if row.problem is not None:
        p = row.problem
        raise BadField(p.field, p.value, p.rule, p.mend)
    return ReceiveStock(
        bin=needed(row, columns, "bin", 39),
        sku=sku_of(row, columns),
        qty=pieces(row, columns, "qty"),
        lot=bounded("lot", cell(row, columns, "lot"), 64),
        expiry=_day(row, columns),
    )


def _day(row: Row, columns: ColumnMap) -> str:
    text = cell(row, columns, "expiry")
    try:
        return dt.date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise BadField("expiry", text, "not_a_date", "write it as 2027-03-31") from None
