"""Bins and goods received."""

from typing import Annotated

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.catalog.tables import item
from server.inventory import ledger
from server.inventory.tables import bin_
from server.kernel.errors import Refusal, code
from server.kernel.ops import FACT, REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Id, Pieces, Role

UNKNOWN_ITEM = code("unknown_item")
UNKNOWN_BIN = code("unknown_bin")

_UPSERT_BIN = sa.text(
    "INSERT INTO bin (site, code, kind, zone, aisle, block, offset_dm, side, level)"
    " VALUES (:site, :code, :kind, :zone, :aisle, :block, :offset_dm, :side, :level)"
    " ON CONFLICT (site, code) DO UPDATE SET kind = excluded.kind, zone = excluded.zone,"
    " aisle = excluded.aisle, block = excluded.block, offset_dm = excluded.offset_dm,"
    " side = excluded.side, level = excluded.level"
)


class PutBin(Op):
    """Where it stands: `offset_dm` decimetres from the front of its block."""

    code: Id
    kind: Annotated[str, Meta(pattern="^(pick|bulk|stage|quarantine)$")] = "pick"
    zone: Annotated[str, Meta(max_length=64)] = ""
    aisle: Annotated[int, Meta(ge=0, le=10_000)] = 0
    block: Annotated[int, Meta(ge=0, le=100)] = 0
    offset_dm: Annotated[int, Meta(ge=0, le=100_000)] = 0
    side: Annotated[str, Meta(pattern="^[LR]$")] = "L"
    level: Annotated[int, Meta(ge=0, le=50)] = 1


@operation("inventory.put_bin.v1", kind=REQUEST, roles={Role.ADMIN, Role.SYSTEM})
def put_bin(op: PutBin, ctx: OpContext) -> None:
    ctx.conn.execute(_UPSERT_BIN, {**msgspec.to_builtins(op), "site": ctx.site})


class ReceiveStock(Op):
    """Goods have arrived in a bin."""

    bin: Id
    sku: Code
    qty: Pieces
    lot: Annotated[str, Meta(max_length=64)] = ""


@operation(
    "inventory.receive_stock.v1", kind=FACT, roles={Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM}
)
def receive_stock(op: ReceiveStock, ctx: OpContext) -> None:
    known = ctx.conn.execute(sa.select(item.c.sku).where(item.c.sku == op.sku)).first()
    if known is None:
        raise Refusal(UNKNOWN_ITEM, field="sku", value=op.sku)
    place = sa.select(bin_.c.code).where(bin_.c.site == ctx.site, bin_.c.code == op.bin)
    if ctx.conn.execute(place).first() is None:
        raise Refusal(UNKNOWN_BIN, field="bin", value=op.bin)
    ledger.move(ctx, op.sku, op.qty, ledger.WORLD, op.bin, "received", lot=op.lot)
