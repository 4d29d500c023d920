"""Keeping the item master and a site's settings."""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.tables import item_code
from server.kernel.errors import Refusal, code
from server.kernel.feeds import Row, row, site_scope
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Id, Name, Role

CODE_TAKEN = code("code_belongs_to_another_item")

_UPSERT_ITEM = sa.text(
    "INSERT INTO item (sku, name, weight_g, weight_class, price,"
    " tracks_lot, tracks_expiry, tracks_serial, temperature, dangerous)"
    " VALUES (:sku, :name, :weight_g, :weight_class, :price,"
    " :tracks_lot, :tracks_expiry, :tracks_serial, :temperature, :dangerous)"
    " ON CONFLICT (sku) DO UPDATE SET name = excluded.name, weight_g = excluded.weight_g,"
    " weight_class = excluded.weight_class, price = excluded.price,"
    " tracks_lot = excluded.tracks_lot, tracks_expiry = excluded.tracks_expiry,"
    " tracks_serial = excluded.tracks_serial, temperature = excluded.temperature,"
    " dangerous = excluded.dangerous"
)
_UPSERT_SETTING = sa.text(
    "INSERT INTO setting (site, key, value) VALUES (:site, :key, :value)"
    " ON CONFLICT (site, key) DO UPDATE SET value = excluded.value"
)


class PutItem(Op):
    """`codes`: what may be scanned for it (GTIN-14, or the shop's own). `price` in minor units.
    `tracks_…`: what must be scanned besides the item before a piece is booked. What needs
    another `temperature`, or is `dangerous`, travels in waves of its own."""

    sku: Code
    name: Name
    codes: Annotated[list[Code], Meta(max_length=20)] = []
    weight_g: Annotated[int, Meta(ge=0, le=2_000_000)] = 0
    weight_class: Annotated[str, Meta(pattern="^(heavy|light|fragile)$")] = "light"
    price: Annotated[int, Meta(ge=0, le=10**12)] = 0
    tracks_lot: bool = False
    tracks_expiry: bool = False
    tracks_serial: bool = False
    temperature: Annotated[str, Meta(pattern="^(|chilled|frozen)$")] = ""
    dangerous: bool = False


@operation("catalog.put_item.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def put_item(op: PutItem, ctx: OpContext) -> None:
    ctx.conn.execute(_UPSERT_ITEM, msgspec.to_builtins(op))
    for scanned in op.codes:
        _claim(ctx, scanned, op.sku)


def _claim(ctx: OpContext, scanned: str, sku: str) -> None:
    found = sa.select(item_code.c.sku).where(item_code.c.code == scanned)
    holder = ctx.conn.execute(found).scalar()
    if holder is None:
        ctx.conn.execute(sa.insert(item_code).values(code=scanned, sku=sku))
    elif holder != sku:
        raise Refusal(CODE_TAKEN, field="codes", value=scanned, by=holder)


@row("setting")
class SettingRow(Row):
    """`value`: any JSON; known keys: `reasons`, `layout`, `shop`, `priority`, `cart`,
    `second_check`, `zero_check`."""

    key: str
    value: Any


class PutSetting(Op):
    key: Id
    value: Any


@operation("catalog.put_setting.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def put_setting(op: PutSetting, ctx: OpContext) -> None:
    value = msgspec.json.encode(op.value).decode()
    ctx.conn.execute(_UPSERT_SETTING, {"site": ctx.site, "key": op.key, "value": value})
    ctx.put(site_scope(ctx.site), "setting", op.key, SettingRow(key=op.key, value=op.value))
