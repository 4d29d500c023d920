"""A stop is closed by its proof: the record that a device signed, at the door or at a desk.

The first proof of a stop counts, and later the newest that corrects it; every other one is kept.
"""

from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
from msgspec import Meta

from server.floor import discrepancies
from server.kernel.errors import code
from server.kernel.ops import FACT, Op, OpContext, operation, upcast
from server.kernel.values import SHA256_HEX, Role
from server.pod import corrections, deliveries, fences, policies
from server.pod.countersign import countersign
from server.pod.departures import ship
from server.pod.events import StopClosed
from server.pod.evidence import (
    SHOWN_LENGTH,
    AnyEvidence,
    Evidence,
    EvidenceV1,
    blob_refs,
    policy_verdicts,
    verdicts,
)
from server.pod.loading import DRIVERS, STOP_UNKNOWN
from server.pod.stops import stop_of, van
from server.pod.tables import proof, stop
from server.store.tables import device

STOP_CLOSED = code("stop_already_closed")
EVIDENCE_DOUBTFUL = code("evidence_doubtful")
CHAIN_START = "0" * 64
CLERKS = frozenset({Role.SERVICE, Role.SUPERVISOR})
Signature = Annotated[str, Meta(max_length=200)]
Shown = Annotated[str, Meta(max_length=SHOWN_LENGTH)]


class Deliver(Op):
    """The evidence record, its hash, and the device's signature over its canonical bytes.

    `shown`: the words that stood above the receiver's signature; the record has their hash.
    """

    record: EvidenceV1 | Evidence
    hash: SHA256_HEX
    signature: Signature
    shown: Shown = ""


@upcast("pod.deliver", 1)
def deliver_as_it_came(body: dict[str, Any]) -> dict[str, Any]:
    """A signed record is never rewritten: its own `v` tells how to read it."""
    return body


@operation("pod.deliver.v2", kind=FACT, roles=DRIVERS)
def deliver(op: Deliver, ctx: OpContext) -> None:
    _take(ctx, op.record, op.hash, op.signature, op.shown)


class EnterProof(Op):
    """A proof that came on paper, entered at a desk: a record like the driver's with `desk` in it,
    signed by the desk's own device."""

    record: Evidence
    hash: SHA256_HEX
    signature: Signature


@operation("pod.enter_proof.v1", kind=FACT, roles=CLERKS)
def enter_proof(op: EnterProof, ctx: OpContext) -> None:
    _take(ctx, op.record, op.hash, op.signature, "")


def _take(ctx: OpContext, e: AnyEvidence, claimed: str, signature: str, shown: str) -> None:
    record: dict[str, Any] = msgspec.to_builtins(e)
    s = stop_of(ctx, e.stop)
    beside = _fence(ctx, e, s)
    made, found = _keep(ctx, record, claimed, signature, shown, beside)
    if s is None:
        return ctx.divert(STOP_UNKNOWN, stop=e.stop, proof=made)
    why, about = _apply(ctx, s, e, made, claimed)
    _tell(ctx, s, e, made, claimed, found, stands=why is None, discrepancy=about)
    if why is not None:
        return ctx.divert(why, stop=s.id, order=s.order_id, proof=made)
    return None


def _apply(
    ctx: OpContext, s: Any, e: AnyEvidence, made: str, claimed: str
) -> tuple[str | None, str]:
    """Why the proof is only kept, if so, and what customer service was told with."""
    replaces = e.corrects if isinstance(e, Evidence) else None
    if replaces:
        why, about = corrections.correct(ctx, s, e, replaces, claimed)
    elif s.state == "closed":
        why, about = STOP_CLOSED, ""
    else:
        why, about = None, _close(ctx, s, e)
    if why is None:
        ctx.conn.execute(sa.update(stop).where(stop.c.id == s.id).values(proof=claimed))
    else:
        ctx.conn.execute(sa.update(proof).where(proof.c.id == made).values(stands=False))
    return why, about


def _close(ctx: OpContext, s: Any, e: AnyEvidence) -> str:
    if not deliveries.is_aboard(ctx, s.shipment):
        if e.outcome == "failed":
            deliveries.leave_at_dock(ctx, s, e)
            return ""
        ship(ctx, s)  # it was at the customer's door, so it was aboard, whatever was scanned
    return deliveries.close(ctx, s, e, van(s.run))


def _fence(ctx: OpContext, e: AnyEvidence, s: Any) -> dict[str, str]:
    door = fences.door_of(s)
    if e.position is None or door is None:
        return {}
    within = policies.settings_of(ctx.conn, ctx.site).door_m
    return {"fence": fences.fence(e.position, door, within)}


def _keep(
    ctx: OpContext,
    record: dict[str, Any],
    claimed: str,
    signature: str,
    shown: str,
    beside: dict[str, str],
) -> tuple[str, dict[str, str]]:
    """Always recorded, whatever is wrong with it; the verdicts say what. `beside`: more of them."""
    made = ctx.new_id()
    jwk = ctx.conn.execute(sa.select(device.c.public_key).where(device.c.id == ctx.device)).scalar()
    policy = policies.policy_of(ctx.conn, ctx.site, record.get("policy", ""))
    found = verdicts(record, claimed, signature, jwk, ctx.at, _head(ctx))
    found |= policy_verdicts(record, policy, shown) | beside
    ctx.conn.execute(
        sa.insert(proof).values(
            id=made,
            site=ctx.site,
            stop=record["stop"],
            order_id=record["order"],
            device=ctx.device,
            n=ctx.n,
            record=msgspec.json.encode(record).decode(),
            hash=claimed,
            prev=record["prev"],
            signature=signature,
            verdicts=msgspec.json.encode(found).decode(),
            recv_at=ctx.now,
            shown=shown,
            corrects=record.get("corrects"),
        )
    )
    countersign(ctx, made, record, claimed, found)
    return made, found


def _head(ctx: OpContext) -> str:
    last = sa.select(proof.c.hash).where(proof.c.device == ctx.device).order_by(proof.c.n.desc())
    return str(ctx.conn.execute(last.limit(1)).scalar() or CHAIN_START)


def _tell(
    ctx: OpContext,
    s: Any,
    e: AnyEvidence,
    made: str,
    claimed: str,
    found: dict[str, str],
    *,
    stands: bool,
    discrepancy: str,
) -> None:
    at = e.position
    refs = blob_refs(msgspec.to_builtins(e))
    ctx.emit(
        StopClosed(
            order=s.order_id,
            run=s.run,
            stop=s.id,
            outcome=e.outcome,
            reason=e.reason,
            receiver=e.receiver,
            proof=made,
            hash=claimed,
            signature=e.signature or "",
            photos=[ref for ref in refs if ref != e.signature],
            lat_e7=at.lat_e7 if at else None,
            lon_e7=at.lon_e7 if at else None,
            acc_cm=at.acc_cm if at else None,
            delivered=sum(line.delivered for line in e.lines),
            ordered=sum(line.qty for line in e.lines),
            verdicts=found,
            signed_on=e.signed_on if isinstance(e, Evidence) else "",
            corrects=(e.corrects or "") if isinstance(e, Evidence) else "",
            stands=stands,
            discrepancy=discrepancy,
        )
    )
    if bad := {k: v for k, v in found.items() if v in _DOUBTFUL.get(k, ())}:
        discrepancies.open_one(
            ctx, EVIDENCE_DOUBTFUL, operation="pod.deliver", order=s.order_id, details=bad
        )


_DOUBTFUL = {
    "hash": ("differs",),
    "signature": ("no_key", "invalid"),
    "chain": ("gap",),
    "policy": ("lacking", "unknown_policy"),
    "shown": ("differs",),
    "fence": ("far",),
}
"""By verdict, what customer service has to look at."""
