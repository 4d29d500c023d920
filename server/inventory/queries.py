"""Looking places up, inside a transaction."""

import sqlalchemy as sa

from server.inventory.tables import bin_
from server.kernel.ops import OpContext


def bin_kind(ctx: OpContext, bin_code: str) -> str | None:
    """`pick`, `bulk`, `stage`, `quarantine`; None where there is no such bin."""
    found = sa.select(bin_.c.kind).where(bin_.c.site == ctx.site, bin_.c.code == bin_code)
    kind = ctx.conn.execute(found).scalar()
    return str(kind) if kind is not None else None
