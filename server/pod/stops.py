"""Where a stop's goods are while they are aboard, and the stop itself."""

from typing import Any

import sqlalchemy as sa

from server.kernel.ops import OpContext
from server.pod.tables import stop


def van(run_id: str) -> str:
    return f"VAN/{run_id}"


def stop_of(ctx: OpContext, stop_id: str) -> Any:
    """The stop, locked until the commit, or None."""
    found = sa.select(stop).where(stop.c.id == stop_id, stop.c.site == ctx.site)
    return ctx.conn.execute(found.with_for_update()).first()
