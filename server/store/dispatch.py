"""The one dispatcher: every change to anything passes through `take`.

unknown or malformed -> refused; may not -> quarantined (fact) or refused (request); else the
handler, in a savepoint. Whatever comes of it is written down with the operation.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
import sqlalchemy as sa

from server.kernel.errors import Refusal, code
from server.kernel.events import Event
from server.kernel.feeds import device_scope
from server.kernel.ops import Diverted, Envelope, Kind, OpContext, Operation, Outcome, find
from server.kernel.values import Role
from server.kernel.wire import ResultRow
from server.store.prepared import INFRASTRUCTURE
from server.store.tx import Tx

TRIES = 5
"""A handler that fails this often on its own account is held, and the queue moves on."""

NOT_ALLOWED = "not_allowed"
MALFORMED = "malformed"
HANDLER_FAILED = "handler_failed"
REVOKED = "revoked"
code("made_after_revocation")


@dataclass(frozen=True, slots=True)
class Who:
    """Under whose name an operation came; `revoked`: it was made after that name was taken away."""

    person: str | None
    role: Role | None
    sid: str | None = None
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: Outcome
    code: str | None = None
    data: dict[str, Any] | None = None


class OperationSetAside(Event, frozen=True, kw_only=True):
    """An operation did not simply apply; the floor keeps it in sight until somebody settles it."""

    kind: ClassVar[str] = "store.operation_set_aside"
    device: str
    n: int
    outcome: str
    code: str
    operation: str
    person: str | None
    at: int
    body: dict[str, Any]
    details: dict[str, Any]


class HandlerFailed(Exception):
    """A handler raised what is neither a refusal nor trouble of the infrastructure."""


def take(tx: Tx, site: str, device: str, e: Envelope, who: Who, at: int) -> Verdict:
    """Apply one operation and write it down. `at`: estimated ms of its happening.

    Raises HandlerFailed when the handler broke; then nothing of it remains.
    """
    ctx = OpContext(tx, site, device, e.n, at, who.person, who.role)
    verdict = _decide(ctx, e, who)
    if verdict.outcome is not Outcome.APPLIED:
        _set_aside(ctx, e, verdict)
    _write_down(tx, ctx, e, who, verdict)
    return verdict


def hold(tx: Tx, site: str, device: str, e: Envelope, who: Who, at: int) -> Verdict:
    """Stop trying a broken operation: told, kept, and support can run it again."""
    return set_aside(tx, site, device, e, who, at, Verdict(Outcome.HELD, HANDLER_FAILED, {}))


def set_aside(
    tx: Tx, site: str, device: str, e: Envelope, who: Who, at: int, verdict: Verdict
) -> Verdict:
    """Write down an operation that has no effect, with what became of it."""
    ctx = OpContext(tx, site, device, e.n, at, who.person, who.role)
    _set_aside(ctx, e, verdict)
    _write_down(tx, ctx, e, who, verdict)
    return verdict


def _decide(ctx: OpContext, e: Envelope, who: Who) -> Verdict:
    found = find(e.k, e.v, e.body)
    if found is None:
        return Verdict(Outcome.REFUSED, "unknown_operation", {"field": "k", "value": e.k})
    operation, body = found
    try:
        args = msgspec.convert(body, operation.args)
    except msgspec.ValidationError as error:
        return Verdict(Outcome.REFUSED, MALFORMED, {"detail": str(error)[:300]})
    if who.revoked:
        return Verdict(Outcome.QUARANTINED, "made_after_revocation", {})
    if who.role not in operation.roles:
        outcome = Outcome.QUARANTINED if operation.kind is Kind.FACT else Outcome.REFUSED
        return Verdict(outcome, NOT_ALLOWED, {"role": who.role})
    return _handle(ctx, operation, args)


def _handle(ctx: OpContext, operation: Operation, args: Any) -> Verdict:
    tx: Any = ctx.tx
    try:
        with tx.operation():
            operation.handle(args, ctx)
    except Refusal as refusal:
        return Verdict(Outcome.REFUSED, refusal.code, refusal.data)
    except INFRASTRUCTURE:
        raise
    except Exception as error:
        raise HandlerFailed(f"{operation.name}: {type(error).__name__}: {error}") from error
    if isinstance(ctx.diverted, Diverted):
        return Verdict(Outcome.DIVERTED, ctx.diverted.code, ctx.diverted.data)
    return Verdict(Outcome.APPLIED)


def _set_aside(ctx: OpContext, e: Envelope, verdict: Verdict) -> None:
    row = ResultRow(
        n=e.n,
        outcome=verdict.outcome,
        code=verdict.code or "",
        data=verdict.data or {},
        k=e.k,
        v=e.v,
        at=ctx.at,
    )
    ctx.put(device_scope(ctx.device), "result", str(e.n), row)
    ctx.emit(
        OperationSetAside(
            device=ctx.device,
            n=e.n,
            outcome=verdict.outcome,
            code=verdict.code or "",
            operation=e.k,
            person=ctx.person,
            at=ctx.at,
            body=e.body,
            details=verdict.data or {},
        )
    )


def _write_down(tx: Tx, ctx: OpContext, e: Envelope, who: Who, verdict: Verdict) -> None:
    tx.ops.append(
        {
            "device": ctx.device,
            "n": e.n,
            "id": e.id,
            "hash": e.digest(),
            "site": ctx.site,
            "sid": who.sid,
            "person": who.person,
            "kind": e.k,
            "v": e.v,
            "body": msgspec.json.encode(e.body).decode(),
            "at_raw": e.at,
            "at_est": ctx.at,
            "recv_at": ctx.now,
            "outcome": verdict.outcome.value,
            "code": verdict.code,
            "data": msgspec.json.encode(verdict.data).decode() if verdict.data else None,
            "ver": 0,
            "seq": 0,
        }
    )


def note_failure(tx: Tx, device: str, n: int, error: str) -> None:
    tx.conn.execute(
        sa.text(
            "INSERT INTO op_trouble (device, n, failures, error) VALUES (:d, :n, 1, :e)"
            " ON CONFLICT (device, n)"
            " DO UPDATE SET failures = op_trouble.failures + 1, error = excluded.error"
        ),
        {"d": device, "n": n, "e": error[:2000]},
    )
