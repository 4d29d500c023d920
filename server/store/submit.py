"""Operations of the house itself: imports, jobs, webhooks.

Each comes from a system device `sys:<site>:<name>`, whose `n` is given under its row's lock, so one
node at a time runs a job.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from server.kernel.ops import Envelope, Op, Outcome
from server.kernel.values import Role
from server.store import tables as t
from server.store.dispatch import Verdict, Who, take
from server.store.tx import Tx

_LOCK_SYSTEM_DEVICE = sa.text(
    "INSERT INTO device (id, site, name, state, last_n, last_at, enrolled_at, seen_at)"
    " VALUES (:id, :site, :name, 'system', :by, 0, :now, 0)"
    " ON CONFLICT (id) DO UPDATE SET last_n = device.last_n + :by RETURNING last_n"
)


@dataclass(frozen=True, slots=True)
class Outside:
    """Where a thing came from; the pair is unique, so a repeat makes nothing twice."""

    source: str
    ref: str


SYSTEM = Who(person=None, role=Role.SYSTEM)


def submit(
    tx: Tx,
    site: str,
    name: str,
    operation: str,
    op: Op,
    outside: Outside | None = None,
    *,
    by: str | None = None,
) -> Verdict:
    """Run one operation of system device `name` inside `tx`. `operation` as `orders.import.v1`.
    `by`: the person who asked for it, where one did.

    A repeat of `outside` answers `refused already_done` and changes nothing.
    """
    if outside and _seen(tx, outside):
        return Verdict(Outcome.REFUSED, "already_done", {"value": outside.ref})
    device = f"sys:{site}:{name}"
    values = {"id": device, "site": site, "name": name, "now": tx.now, "by": 1}
    n = int(tx.conn.execute(_LOCK_SYSTEM_DEVICE, values).scalar_one())
    base, _, version = operation.rpartition(".v")
    body: dict[str, Any] = msgspec.to_builtins(op)
    e = Envelope(n=n, id=f"{device}/{n}", k=base, v=int(version), at=tx.now, body=body)
    who = Who(person=by, role=Role.SYSTEM) if by else SYSTEM
    verdict = take(tx, site, device, e, who, tx.now)
    if outside and verdict.outcome is not Outcome.REFUSED:
        _remember(tx, outside, device, n)
    return verdict


def _seen(tx: Tx, o: Outside) -> bool:
    found = sa.select(t.outside.c.n).where(t.outside.c.source == o.source, t.outside.c.ref == o.ref)
    return tx.conn.execute(found).first() is not None


def _remember(tx: Tx, o: Outside, device: str, n: int) -> None:
    tx.conn.execute(
        sa.insert(t.outside), {"source": o.source, "ref": o.ref, "device": device, "n": n}
    )
