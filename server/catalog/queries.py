"""Looking things up in the item master and the settings, inside a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.tables import item, item_code, setting
from server.kernel.scan import ScanSettings, resolve
from server.store.prepared import Prepared


class Stowage(msgspec.Struct, frozen=True):
    """What decides how a piece is packed; sizes in mm, 0 where nobody has measured it."""

    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    upright: bool = False
    liquid: bool = False
    apart: str = ""
    temperature: str = ""
    dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    sku: str
    name: str
    weight_g: int
    weight_class: str
    codes: tuple[str, ...]
    tracks: tuple[str, ...] = ()
    """What must be scanned besides the item: `lot`, `expiry`, `serial`."""
    packs: dict[str, int] = field(default_factory=dict)
    """Of its codes those of an outer pack, with the pieces in it."""
    stowage: Stowage = field(default_factory=Stowage)


def items(conn: Any, skus: Iterable[str]) -> dict[str, Item]:
    """By SKU; what the master does not know is left out."""
    wanted = sorted(set(skus))
    found = _ITEMS.mappings(conn, {"skus": wanted}) if wanted else []
    by_sku = groupby(found, key=itemgetter("sku"))
    return {sku: _item(list(with_each_code)) for sku, with_each_code in by_sku}


def costs(conn: Any, skus: Iterable[str]) -> dict[str, int]:
    """What a piece costs the house, in minor units, 0 where nobody has said; of what the master
    knows."""
    found = sa.select(item.c.sku, item.c.cost).where(item.c.sku.in_(sorted(set(skus))))
    return {r.sku: int(r.cost) for r in conn.execute(found)}


def _item(rows: list[dict[str, Any]]) -> Item:
    """Of one row for each of its codes, or one for none."""
    r = rows[0]
    codes = {each["code"]: int(each["pieces"]) for each in rows if each["code"] is not None}
    packs = {code: pieces for code, pieces in codes.items() if pieces > 1}
    flags = {f: bool(r[f]) for f in ("upright", "liquid", "dangerous")}
    stowage = Stowage(**{f: r[f] for f in Stowage.__struct_fields__} | flags)
    tracks = tuple(f for f in _TRACKED if r[f"tracks_{f}"])
    return Item(
        r["sku"], r["name"], r["weight_g"], r["weight_class"], tuple(codes), tracks, packs, stowage
    )


_TRACKED = ("lot", "expiry", "serial")
_ITEMS = Prepared(
    sa.select(
        *(item.c[f] for f in ("sku", "name", "weight_g", "weight_class")),
        *(item.c[f"tracks_{f}"] for f in _TRACKED),
        *(item.c[f] for f in Stowage.__struct_fields__),
        item_code.c.code,
        item_code.c.pieces,
    )
    .outerjoin(item_code, item_code.c.sku == item.c.sku)
    .where(item.c.sku.in_(sa.bindparam("skus", expanding=True)))
    .order_by(item.c.sku, item_code.c.code)
)


def find_sku(conn: Any, said: str) -> str | None:
    """The item of a SKU, or of anything that may be scanned for it; None where nobody knows it."""
    known = sa.select(item.c.sku).where(item.c.sku == said)
    if sku := conn.execute(known).scalar():
        return str(sku)
    scan = resolve(said, _ANY_YEAR)
    gtin = scan.gtin or ""
    short = (gtin[n:] for n in (0, 1, 2, 6) if gtin and not gtin[:n].strip("0"))
    codes = sorted({said, scan.text, *short} - {""})
    found = sa.select(item_code.c.sku).where(item_code.c.code.in_(codes))
    sku = conn.execute(found.order_by(item_code.c.sku)).scalar()
    return str(sku) if sku else None


_ANY_YEAR = ScanSettings(year=2000)
"""Only the item of a scan is looked at, never its dates."""


def get_setting(conn: Any, site: str, key: str, default: Any) -> Any:
    found = sa.select(setting.c.value).where(setting.c.site == site, setting.c.key == key)
    value = conn.execute(found).scalar()
    return default if value is None else msgspec.json.decode(value)
