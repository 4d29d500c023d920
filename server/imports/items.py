"""The item master from a file of items, or one item a SKU from a file of order lines."""

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from server.catalog.ops import PutItem
from server.catalog.tables import item, item_code
from server.imports.derived import Article, articles
from server.imports.fields import BadField, bounded, cell, minor, needed, sku_of, whole
from server.imports.gtin import gtin14, own_ean13
from server.imports.maps import ColumnMap
from server.imports.reading import Row
from server.imports.report import Desk
from server.imports.submitting import Wanted
from server.imports.taking import Good, take
from server.kernel.gs1 import has_check_digit
from server.store.store import Store

HEAVIEST_G = 2_000_000
LONGEST_MM = 20_000
NAME_LENGTH = 120
APART_LENGTH = 32
Made = tuple[Row, int, PutItem]
"""The row it comes from, how many rows say so, and the item."""


def import_items(
    rows: Iterable[Row], columns: ColumnMap, store: Store, site: str, desk: Desk
) -> None:
    """Items that are there already, just as the file has them, are not written again."""
    derive = columns.derive_from_orders
    made = _derived(rows, columns, desk) if derive else _direct(rows, columns, desk)
    take(_new(made, _there(store), desk), "items", store, site, desk)


def _new(made: Iterable[Made], there: dict[str, PutItem], desk: Desk) -> Iterator[Good]:
    for row, count, op in made:
        if there.get(op.sku) == op:
            desk.take("items", count, repeat=True)
        else:
            there[op.sku] = op
            yield Good(row, count, Wanted("catalog.put_item.v1", op))


def _there(store: Store) -> dict[str, PutItem]:
    codes: dict[str, list[str]] = {}
    of_piece = sa.select(item_code.c.sku, item_code.c.code).where(item_code.c.pieces == 1)
    by_sku = of_piece.order_by(item_code.c.code)
    for sku, code in store.run_sync(lambda tx: list(tx.conn.execute(by_sku))):
        codes.setdefault(sku, []).append(code)
    columns = [item.c[f] for f in PutItem.__struct_fields__ if f != "codes"]
    found = store.run_sync(lambda tx: list(tx.conn.execute(sa.select(*columns)).mappings()))
    return {r["sku"]: PutItem(**r, codes=codes.get(r["sku"], [])) for r in found}


def _derived(rows: Iterable[Row], columns: ColumnMap, desk: Desk) -> Iterator[Made]:
    taken: set[str] = set()
    for _, each in sorted(articles(rows, columns, desk).items()):
        ean13 = own_ean13(each.sku, taken)
        taken.add(ean13)
        yield each.row, each.rows, _item_of(each, ean13)


def _item_of(each: Article, ean13: str) -> PutItem:
    name = (each.name or each.sku)[:NAME_LENGTH]
    return PutItem(sku=each.sku, name=name, codes=[gtin14(ean13)], price=each.price)


def _direct(rows: Iterable[Row], columns: ColumnMap, desk: Desk) -> Iterator[Made]:
    for row in rows:
        desk.read()
        try:
            yield row, 1, _read(row, columns)
        except BadField as bad:
            desk.reject(row, bad.problem)


def _read(row: Row, columns: ColumnMap) -> PutItem:
    if row.problem is not None:
        p = row.problem
        raise BadField(p.field, p.value, p.rule, p.mend)
    sku = sku_of(row, columns)
    return PutItem(
        sku=sku,
        name=needed(row, columns, "name", NAME_LENGTH),
        codes=[_code(row, columns, sku)],
        weight_g=_within(row, columns, "weight_g", HEAVIEST_G),
        weight_class=_weight_class(row, columns),
        price=minor(row, columns, "price"),
        cost=minor(row, columns, "cost"),
        tracks_lot=_yes(row, columns, "tracks_lot"),
        tracks_expiry=_yes(row, columns, "tracks_expiry"),
        tracks_serial=_yes(row, columns, "tracks_serial"),
        temperature=_temperature(row, columns),
        dangerous=_yes(row, columns, "dangerous"),
        length_mm=_within(row, columns, "length_mm", LONGEST_MM),
        width_mm=_within(row, columns, "width_mm", LONGEST_MM),
        height_mm=_within(row, columns, "height_mm", LONGEST_MM),
        upright=_yes(row, columns, "upright"),
        liquid=_yes(row, columns, "liquid"),
        apart=bounded("apart", cell(row, columns, "apart"), APART_LENGTH),
    )


_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def _yes(row: Row, columns: ColumnMap, field: str) -> bool:
    text = cell(row, columns, field).lower()
    if text not in _YES:
        raise BadField(field, text, "unknown", "write yes or no")
    return _YES[text]


def _code(row: Row, columns: ColumnMap, sku: str) -> str:
    """A GTIN as scans resolve it; an item without one gets a code of the house."""
    text = bounded("code", cell(row, columns, "code"), 64)
    if not text:
        return gtin14(own_ean13(sku))
    if text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14):
        if not has_check_digit(text):
            raise BadField("code", text, "bad_check_digit", "compare the number with the product")
        return text.zfill(14)
    return text


def _within(row: Row, columns: ColumnMap, field: str, most: int) -> int:
    """Grams or millimetres; an empty cell is 0, which means that nobody has measured it."""
    if not cell(row, columns, field):
        return 0
    number = whole(row, columns, field)
    if not 0 <= number <= most:
        unit = "grams" if field == "weight_g" else "mm"
        raise BadField(field, str(number), "out_of_range", f"use 0 to {most} {unit}")
    return number


def _temperature(row: Row, columns: ColumnMap) -> str:
    text = cell(row, columns, "temperature").lower()
    if text not in ("", "chilled", "frozen"):
        raise BadField("temperature", text, "unknown", "use chilled, frozen or nothing")
    return text


def _weight_class(row: Row, columns: ColumnMap) -> str:
    text = cell(row, columns, "weight_class").lower() or "light"
    if text not in ("heavy", "light", "fragile"):
        raise BadField("weight_class", text, "unknown", "use heavy, light or fragile")
    return text
