"""Looking things up in the item master and the settings, inside a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from server.catalog.tables import item, item_code, setting


@dataclass(frozen=True, slots=True)
class Item:
    sku: str
    name: str
    weight_g: int
    weight_class: str
    codes: tuple[str, ...]


def items(conn: Any, skus: Iterable[str]) -> dict[str, Item]:
    wanted = sorted(set(skus))
    codes: dict[str, list[str]] = {}
    found = sa.select(item_code.c.sku, item_code.c.code).where(item_code.c.sku.in_(wanted))
    for r in conn.execute(found.order_by(item_code.c.code)):
        codes.setdefault(r.sku, []).append(r.code)
    masters = sa.select(item.c.sku, item.c.name, item.c.weight_g, item.c.weight_class)
    return {
        r.sku: Item(r.sku, r.name, r.weight_g, r.weight_class, tuple(codes.get(r.sku, ())))
        for r in conn.execute(masters.where(item.c.sku.in_(wanted)))
    }


def get_setting(conn: Any, site: str, key: str, default: Any) -> Any:
    found = sa.select(setting.c.value).where(setting.c.site == site, setting.c.key == key)
    value = conn.execute(found).scalar()
    return default if value is None else msgspec.json.decode(value)
