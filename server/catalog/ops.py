"""Keeping the item master and a site's settings."""

from typing import Annotated, Any, ClassVar

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.settings import check_setting
from server.catalog.tables import item, item_code
from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.feeds import Row, row, site_scope
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Id, Name, Role

CODE_TAKEN = code("code_belongs_to_another_item")

_MASTER = [c.name for c in item.c if c.name != "sku"]
_UPSERT_ITEM = sa.text(  # of the columns of our own table
    f"INSERT INTO item (sku, {', '.join(_MASTER)}) VALUES (:sku, :{', :'.join(_MASTER)})"  # noqa: S608
    f" ON CONFLICT (sku) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _MASTER)}"
)
_UPSERT_SETTING = sa.text(
    "INSERT INTO setting (site, key, value) VALUES (:site, :key, :value)"
    " ON CONFLICT (site, key) DO UPDATE SET value = excluded.value"
)


Millimetres = Annotated[int, Meta(ge=0, le=20_000)]


class PutItem(Op):
    """`codes`: what may be scanned for it (GTIN-14, or the shop's own). `price`, and `cost` as the
    house pays it, of a piece, in minor units; a cost of 0: not known.
    `tracks_…`: what must be scanned besides the item before a piece is booked. What needs
    another `temperature`, or is `dangerous`, travels in waves of its own.

    Sizes are of one piece as it is packed, in mm; 0: nobody has measured it. `upright`: it stands
    on its base, whatever is easier. `apart`: pieces of two classes never share a carton; what has
    none goes with either. `origin`: the country that it was made in (ISO 3166-1 alpha-2),
    `hs_code`: its heading in the Harmonized System; customs ask for both."""

    sku: Code
    name: Name
    codes: Annotated[list[Code], Meta(max_length=20)] = []
    weight_g: Annotated[int, Meta(ge=0, le=2_000_000)] = 0
    weight_class: Annotated[str, Meta(pattern="^(heavy|light|fragile)$")] = "light"
    price: Annotated[int, Meta(ge=0, le=10**12)] = 0
    cost: Annotated[int, Meta(ge=0, le=10**12)] = 0
    tracks_lot: bool = False
    tracks_expiry: bool = False
    tracks_serial: bool = False
    temperature: Annotated[str, Meta(pattern="^(|chilled|frozen)$")] = ""
    dangerous: bool = False
    length_mm: Millimetres = 0
    width_mm: Millimetres = 0
    height_mm: Millimetres = 0
    upright: bool = False
    liquid: bool = False
    apart: Annotated[str, Meta(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    origin: Annotated[str, Meta(pattern="^([A-Z]{2})?$")] = ""
    hs_code: Annotated[str, Meta(pattern="^([0-9]{4}([0-9]{2}){0,4})?$")] = ""


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
    """`value`: any JSON; what a domain reads of it was checked by that domain's own shape."""

    key: str
    value: Any


class SettingPut(Event, frozen=True, kw_only=True):
    """Whoever gave something out by the setting gives it out anew."""

    kind: ClassVar[str] = "catalog.setting_put"
    key: str


class PutSetting(Op):
    key: Id
    value: Any


@operation("catalog.put_setting.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def put_setting(op: PutSetting, ctx: OpContext) -> None:
    check_setting(op.key, op.value)
    value = msgspec.json.encode(op.value).decode()
    ctx.conn.execute(_UPSERT_SETTING, {"site": ctx.site, "key": op.key, "value": value})
    ctx.put(site_scope(ctx.site), "setting", op.key, SettingRow(key=op.key, value=op.value))
    ctx.emit(SettingPut(key=op.key))
