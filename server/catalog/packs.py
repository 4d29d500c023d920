"""Outer packs of an item: their own codes, and how many pieces a scan of one stands for."""

from typing import Annotated

import sqlalchemy as sa
from msgspec import Meta

from server.catalog.tables import item, item_code
from server.kernel.errors import Refusal, code
from server.kernel.ops import REQUEST, Op, OpContext, operation
from server.kernel.values import Code, Role

CODE_TAKEN = code("code_belongs_to_another_item")
code("unknown_item")
PackSize = Annotated[int, Meta(ge=2, le=100_000)]


class PutPacks(Op):
    """Exactly these: the code on the pack (GTIN-14, or the shop's own), and the pieces in it. A
    code that is no pack any more names the item no longer."""

    sku: Code
    packs: Annotated[dict[Code, PackSize], Meta(max_length=20)]


@operation("catalog.put_packs.v1", kind=REQUEST, roles={Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})
def put_packs(op: PutPacks, ctx: OpContext) -> None:
    if ctx.conn.execute(sa.select(item.c.sku).where(item.c.sku == op.sku)).first() is None:
        raise Refusal("unknown_item", field="sku", value=op.sku)
    found = sa.select(item_code.c.code, item_code.c.sku).where(item_code.c.code.in_(op.packs))
    for scanned, holder in ctx.conn.execute(found.order_by(item_code.c.code)):
        if holder != op.sku:
            raise Refusal(CODE_TAKEN, field="packs", value=scanned, by=holder)
    c = item_code.c
    was_pack = sa.and_(c.sku == op.sku, sa.or_(c.pieces > 1, c.code.in_(op.packs)))
    ctx.conn.execute(sa.delete(item_code).where(was_pack))
    if op.packs:
        rows = [{"code": k, "sku": op.sku, "pieces": n} for k, n in sorted(op.packs.items())]
        ctx.conn.execute(sa.insert(item_code), rows)
