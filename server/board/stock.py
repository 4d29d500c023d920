"""Stock as it stands: by item, and by bin within it; what is there, promised, and still free."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from server.catalog.queries import find_sku
from server.catalog.tables import item
from server.inventory.tables import bin_, bin_level, lot, stock
from server.store.feed import version

Supply = Literal["plenty", "low", "short"]


class Place(msgspec.Struct, frozen=True):
    """One lot in one place. `kind` is empty where the place is no bin (a tote, a van). `held`: why
    the lot may not leave, or nothing."""

    bin: str
    kind: str
    lot: str
    expiry: str
    qty: int
    allocated: int
    held: str


class StockItem(msgspec.Struct, frozen=True):
    """`available`: in bins, promised to nobody and not on hold. `supply`: short with none available
    in a pick bin, low below what its pick faces are kept at."""

    sku: str
    name: str
    qty: int
    allocated: int
    available: int
    supply: Supply
    places: list[Place]


class FoundStock(msgspec.Struct, frozen=True):
    ver: int
    items: list[StockItem]


def stock_of(conn: Any, site: str, words: str, limit: int) -> FoundStock:
    """`words`: a SKU, anything that may be scanned for an item, a part of its name, or the
    beginning of a bin. Empty: the first items."""
    ver = version(conn, site)
    skus = _skus(conn, site, words, limit)
    least = _least(conn, site, skus)
    found: dict[str, tuple[str, list[Place]]] = {}
    for r in conn.execute(_PLACES, {"site": site, "skus": skus or [""]}):
        pieces = (int(r.qty), int(r.allocated))
        place = Place(r.bin, r.kind or "", r.lot, r.expiry or "", *pieces, r.held or "")
        found.setdefault(r.sku, (r.name, []))[1].append(place)
    items = [_item(sku, *found[sku], least.get(sku, 0)) for sku in skus if sku in found]
    return FoundStock(ver, items)


_PLACES = (
    sa.select(
        item.c.sku,
        item.c.name,
        stock.c.bin,
        bin_.c.kind,
        stock.c.lot,
        lot.c.expiry,
        lot.c.held,
        stock.c.qty,
        stock.c.allocated,
    )
    .join(stock, stock.c.sku == item.c.sku)
    .outerjoin(bin_, sa.and_(bin_.c.site == stock.c.site, bin_.c.code == stock.c.bin))
    .outerjoin(
        lot,
        sa.and_(lot.c.site == stock.c.site, lot.c.sku == stock.c.sku, lot.c.lot == stock.c.lot),
    )
    .where(
        stock.c.site == sa.bindparam("site"),
        stock.c.sku.in_(sa.bindparam("skus", expanding=True)),
        stock.c.qty != 0,
    )
    .order_by(item.c.sku, stock.c.bin, stock.c.lot)
)


def _skus(conn: Any, site: str, words: str, limit: int) -> list[str]:
    if words and (known := find_sku(conn, words)):
        return [known]
    found = sa.select(stock.c.sku).where(stock.c.site == site, stock.c.qty != 0).distinct()
    if words:
        named = sa.select(item.c.sku).where(
            sa.func.lower(item.c.name).contains(words.lower(), autoescape=True)
        )
        in_bin = stock.c.bin.startswith(words.upper(), autoescape=True)
        found = found.where(sa.or_(in_bin, stock.c.sku.in_(named)))
    return [str(sku) for sku in conn.execute(found.order_by(stock.c.sku).limit(limit)).scalars()]


def _least(conn: Any, site: str, skus: Iterable[str]) -> dict[str, int]:
    level = bin_level.c
    found = (
        sa.select(level.sku, sa.func.sum(level.least))
        .where(level.site == site, level.sku.in_(list(skus)))
        .group_by(level.sku)
    )
    return {sku: int(n) for sku, n in conn.execute(found)}


def _item(sku: str, name: str, places: list[Place], least: int) -> StockItem:
    shelves = [p for p in places if p.kind in ("pick", "bulk") and not p.held]
    faces = [p for p in shelves if p.kind == "pick"]
    at_hand = sum(p.qty - p.allocated for p in faces)
    supply: Supply = "short" if at_hand <= 0 else "low" if _pieces(faces) < least else "plenty"
    return StockItem(
        sku,
        name,
        _pieces(p for p in places if p.qty > 0),
        sum(p.allocated for p in places),
        sum(p.qty - p.allocated for p in shelves),
        supply,
        places,
    )


def _pieces(places: Iterable[Place]) -> int:
    return sum(p.qty for p in places)
