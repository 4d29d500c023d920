"""A carrier that is asked and does not answer is told to the desk once, and goes from it by itself
when it answers again."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.floor import discrepancies
from server.floor.tables import discrepancy
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation
from server.kernel.values import Id, Qty, Role
from server.pod.carriers.polls import Round
from server.store.submit import submit
from server.store.tx import Tx

SILENT = code("carrier_silent")


class ReportSilence(Op):
    """`failed`: how many times in a row; `waiting`: waybills that nobody answers for."""

    carrier: Id
    name: str
    failed: Qty
    waiting: Qty


@operation("pod.report_silence.v1", kind=FACT, roles={Role.SYSTEM})
def report_silence(op: ReportSilence, ctx: OpContext) -> None:
    if _told(ctx.conn, ctx.site, op.carrier):
        return
    details = {f: getattr(op, f) for f in ("carrier", "name", "failed", "waiting")}
    discrepancies.open_one(ctx, SILENT, operation="pod.report_silence", details=details)


class ReportAnswer(Op):
    carrier: Id


@operation("pod.report_answer.v1", kind=FACT, roles={Role.SYSTEM})
def report_answer(op: ReportAnswer, ctx: OpContext) -> None:
    for name in _told(ctx.conn, ctx.site, op.carrier):
        discrepancies.settle(ctx, name)


def watch(tx: Tx, done: Round, *, failed: bool) -> None:
    """After each round. Says only what is news: what a person has settled is told again with the
    next failure."""
    carrier, times = done.carrier.id, done.failed + 1 if failed else 0
    on_desk = _told(tx.conn, done.site, carrier)
    if times >= done.rules.silent_after and not on_desk:
        op = ReportSilence(
            carrier=carrier, name=done.carrier.name, failed=times, waiting=len(done.numbers)
        )
        submit(tx, done.site, f"carrier-{carrier}", "pod.report_silence.v1", op)
    elif on_desk and not failed:
        op_back = ReportAnswer(carrier=carrier)
        submit(tx, done.site, f"carrier-{carrier}", "pod.report_answer.v1", op_back)


def _told(conn: Any, site: str, carrier: str) -> list[str]:
    """Open problems that say so."""
    d = discrepancy.c
    found = sa.select(d.id, d.body).where(d.site == site, d.state == "open", d.kind == SILENT)
    return [
        r.id
        for r in conn.execute(found.order_by(d.id)).all()
        if msgspec.json.decode(r.body)["carrier"] == carrier
    ]
