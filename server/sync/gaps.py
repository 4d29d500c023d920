"""A device that counts past a number: what comes behind cannot be taken, and somebody must know.

Numbers are consecutive (I4), so the queue of such a device stands still for ever. The house says so
once, by an operation of its own: to the device's tray, and to the supervisor's problems.
"""

import sqlalchemy as sa

from server.kernel.errors import code
from server.kernel.feeds import device_scope
from server.kernel.ops import FACT, Envelope, Op, OpContext, Outcome, operation
from server.kernel.values import Id, Moment, Role
from server.kernel.wire import ResultRow
from server.store import tables as t
from server.store.dispatch import OperationSetAside
from server.store.submit import submit
from server.store.tx import Tx

MISSING = code("numbers_missing")


class ReportGap(Op):
    """`missing` is the first number that `device` lacks, `n` the one that came in its place at
    `at`, an operation `k` of version `v` with its `body`."""

    device: Id
    name: str
    missing: int
    n: int
    k: Id
    v: int
    at: Moment
    body: dict[str, object]


@operation("sync.report_gap.v1", kind=FACT, roles={Role.SYSTEM})
def report_gap(op: ReportGap, ctx: OpContext) -> None:
    last = op.n - 1
    missing = str(op.missing) if last == op.missing else f"{op.missing}–{last}"
    told = {"device": op.name, "missing": missing}
    row = ResultRow(n=op.n, outcome=Outcome.HELD, code=MISSING, data=told, k=op.k, v=op.v, at=op.at)
    ctx.put(device_scope(op.device), "result", str(op.n), row)
    ctx.emit(
        OperationSetAside(
            device=op.device,
            n=op.n,
            outcome=Outcome.HELD,
            code=MISSING,
            operation=op.k,
            person=None,
            at=op.at,
            body=op.body,
            details=told,
        )
    )


def tell(tx: Tx, site: str, device: str, expected: int, e: Envelope) -> None:
    """Say that `e` came where `expected` was due, unless it has been said."""
    key = {"site": site, "scope": device_scope(device), "key": str(e.n)}
    if tx.conn.execute(_TOLD, key).scalar() is not None:
        return
    name = tx.conn.execute(_NAME, {"device": device}).scalar_one()
    gap = ReportGap(
        device=device, name=name, missing=expected, n=e.n, k=e.k, v=e.v, at=tx.now, body=e.body
    )
    submit(tx, site, "sync", "sync.report_gap.v1", gap)


_TOLD = sa.select(t.feed.c.body).where(
    t.feed.c.site == sa.bindparam("site"),
    t.feed.c.scope == sa.bindparam("scope"),
    t.feed.c.kind == "result",
    t.feed.c.key == sa.bindparam("key"),
)
_NAME = sa.select(t.device.c.name).where(t.device.c.id == sa.bindparam("device"))
