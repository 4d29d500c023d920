"""Bins and goods received."""

from typing import Annotated

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.queries import find_sku
from server.catalog.tables import item
from server.inventory import ledger
from server.inventory.events import StockReceived
from server.inventory.lots import put_lot
from server.inventory.queries import bin_kind
from server.inventory.tables import bin_level
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Id, Pieces, Qty, Role, Scan

UNKNOWN_ITEM = code("unknown_item")
UNKNOWN_BIN = code("unknown_bin")
LOT_UNKNOWN = code("lot_unknown")

_UPSERT_BIN = sa.text(
    "INSERT INTO bin (site, code, kind, zone, aisle, block, offset_dm, side, level, capacity)"
    " VALUES (:site, :code, :kind, :zone, :aisle, :block, :offset_dm, :side, :level, :capacity)"
    " ON CONFLICT (site, code) DO UPDATE SET kind = excluded.kind, zone = excluded.zone,"
    " aisle = excluded.aisle, block = excluded.block, offset_dm = excluded.offset_dm,"
    " side = excluded.side, level = excluded.level, capacity = excluded.capacity"
)
_UPSERT_LEVEL = sa.text(
    "INSERT INTO bin_level (site, bin, sku, least, most)"
    " VALUES (:site, :bin, :sku, :least, :most)"
    " ON CONFLICT (site, bin, sku) DO UPDATE SET least = excluded.least, most = excluded.most"
)


class PutBin(Op):
    """Where it stands: `offset_dm` decimetres from the front of its block. `capacity`: pieces,
    0 for any number."""

    code: Id
    kind: Annotated[str, Meta(pattern="^(pick|bulk|stage|quarantine)$")] = "pick"
    zone: Annotated[str, Meta(max_length=64)] = ""
    aisle: Annotated[int, Meta(ge=0, le=10_000)] = 0
    block: Annotated[int, Meta(ge=0, le=100)] = 0
    offset_dm: Annotated[int, Meta(ge=0, le=100_000)] = 0
    side: Annotated[str, Meta(pattern="^[LR]$")] = "L"
    level: Annotated[int, Meta(ge=0, le=50)] = 1
    capacity: Qty = 0


@operation("inventory.put_bin.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def put_bin(op: PutBin, ctx: OpContext) -> None:
    ctx.conn.execute(_UPSERT_BIN, {**msgspec.to_builtins(op), "site": ctx.site})


class PutLevel(Op):
    """Between how many pieces of an item a pick face is kept; `most` 0: no longer."""

    bin: Id
    sku: Code
    least: Qty
    most: Qty


@operation("inventory.put_level.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})
def put_level(op: PutLevel, ctx: OpContext) -> None:
    _check_place(ctx, op.bin, op.sku)
    if op.most and op.least > op.most:
        raise Refusal("malformed", field="least", value=op.least, mend=f"at most {op.most}")
    values = {**msgspec.to_builtins(op), "site": ctx.site}
    if op.most:
        ctx.conn.execute(_UPSERT_LEVEL, values)
        return
    of = bin_level.c
    same = (of.site == ctx.site, of.bin == op.bin, of.sku == op.sku)
    ctx.conn.execute(sa.delete(bin_level).where(*same))


class ReceiveStock(Op):
    """Goods have arrived in a bin. `sku` empty: the server knows the item by the `code` scanned.
    `expiry`: ISO date of the lot. Goods of an item that is kept by lot are booked without one
    where nobody could read it, and told."""

    bin: Id
    qty: Pieces
    sku: Annotated[str, Meta(max_length=64)] = ""
    lot: Annotated[str, Meta(max_length=64)] = ""
    expiry: Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    code: Scan = ""


@operation(
    "inventory.receive_stock.v1",
    kind=FACT,
    roles={Role.PICKER, Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM},
)
def receive_stock(op: ReceiveStock, ctx: OpContext) -> None:
    sku = find_sku(ctx.conn, op.sku or op.code)
    by_lot = _check_place(ctx, op.bin, sku or op.sku or op.code[:64])
    if sku is None:
        raise Refusal(UNKNOWN_ITEM, field="sku", value=op.sku or op.code[:64])
    if op.lot:
        put_lot(ctx, sku, op.lot, op.expiry)
    ledger.move(ctx, sku, op.qty, ledger.WORLD, op.bin, "received", lot=op.lot)
    ctx.emit(StockReceived(bin=op.bin, sku=sku, lot=op.lot, qty=op.qty))
    if by_lot and not op.lot:
        ctx.divert(LOT_UNKNOWN, sku=sku, bin=op.bin, qty=op.qty)


def _check_place(ctx: OpContext, bin_code: str, sku: str) -> bool:
    """Whether the item is kept by lot."""
    by_lot = ctx.conn.execute(sa.select(item.c.tracks_lot).where(item.c.sku == sku)).scalar()
    if by_lot is None:
        raise Refusal(UNKNOWN_ITEM, field="sku", value=sku)
    if bin_kind(ctx, bin_code) is None:
        raise Refusal(UNKNOWN_BIN, field="bin", value=bin_code)
    return bool(by_lot)
