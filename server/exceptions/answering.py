"""Whoever told of a problem from the floor is told how it ended."""

import sqlalchemy as sa

from server.auth.tables import person
from server.floor.tables import discrepancy
from server.kernel.feeds import device_scope
from server.kernel.ops import OpContext
from server.kernel.values import FLOOR, Role
from server.kernel.wire import ResultRow
from server.store.tables import op

SETTLED = "settled"
_WORKERS = FLOOR - {Role.SUPERVISOR}


def answer(ctx: OpContext, case: str, note: str) -> None:
    """`note`, in the tray of the device that told of it. Of what was set aside its tray has told
    already, and what is to be done there must not be hidden by how it ended."""
    d, o, p = discrepancy.c, op.c, person.c
    found = (
        sa.select(d.device, d.n, o.kind, o.v)
        .join(op, (o.device == d.device) & (o.n == d.n))
        .join(person, p.id == d.person)
        .where(d.id == case, d.outcome == "applied", p.role.in_(sorted(_WORKERS)))
    )
    told = ctx.conn.execute(found).first()
    if told is None or told.device == ctx.device:
        return
    row = ResultRow(
        n=told.n, outcome=SETTLED, code="", data={"note": note}, k=told.kind, v=told.v, at=ctx.at
    )
    ctx.put(device_scope(told.device), "result", str(told.n), row)
