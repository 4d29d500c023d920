"""Looking things up in the item master and the settings, inside a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.tables import item, item_code, setting
from server.kernel.scan import ScanSettings, resolve


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
    wanted = sorted(set(skus))
    codes: dict[str, dict[str, int]] = {}
    for r in conn.execute(_CODES.where(item_code.c.sku.in_(wanted))):
        codes.setdefault(r.sku, {})[r.code] = int(r.pieces)
    return {
        r.sku: _item(r, codes.get(r.sku, {}))
        for r in conn.execute(_MASTER.where(item.c.sku.in_(wanted)))
    }


def _item(r: Any, codes: dict[str, int]) -> Item:
    packs = {code: pieces for code, pieces in codes.items() if pieces > 1}
    stowage = Stowage(*(getattr(r, f) for f in Stowage.__struct_fields__))
    return Item(r.sku, r.name, r.weight_g, r.weight_class, tuple(codes), _tracks(r), packs, stowage)


_CODES = sa.select(item_code).order_by(item_code.c.code)
_MASTER = sa.select(
    *(item.c[f] for f in ("sku", "name", "weight_g", "weight_class")),
    *(item.c[f"tracks_{f}"] for f in ("lot", "expiry", "serial")),
    *(item.c[f] for f in Stowage.__struct_fields__),
)


def _tracks(r: Any) -> tuple[str, ...]:
    asked = (("lot", r.tracks_lot), ("expiry", r.tracks_expiry), ("serial", r.tracks_serial))
    return tuple(name for name, is_asked in asked if is_asked)


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
