"""The server's answer to a record: countersigned when it arrives, in the site's own order.

What is signed says which record it was, of which device and key, what that device had handed in
before, what the server found, and when. It goes back to the device, which then holds a proof that
does not depend on this database.
"""

from typing import Annotated, Any, Literal

import msgspec
import rfc8785
import sqlalchemy as sa
from msgspec import Meta

from server.kernel.feeds import Row, device_scope, row
from server.kernel.ops import OpContext, Signer
from server.kernel.values import SHA256_HEX
from server.pod.evidence import record_hash
from server.pod.tables import evidence_head, proof_receipt
from server.store.site_keys import sha256_hex, thumbprint_of
from server.store.tables import device as device_table

CHAIN_START = "0" * 64
COUNTER = "receipt"
KEPT_ON_DEVICE = 50
"""A device holds the receipts of its last so many records."""
Count = Annotated[int, Meta(ge=0)]


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last record that a device has handed in; `seq` is 0 before its first."""

    seq: Count = 0
    hash: SHA256_HEX = CHAIN_START


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the server signs, as canonical JSON. `record`: the hash it made itself, `claimed`: the
    device's; `head`: that device's before; `device_key`, `key`: fingerprints, the former empty for
    a device without a key; `prev`: hash of the site's receipt before; `recv_at` in ms."""

    v: Literal[1] = 1
    site: str
    n: Count
    prev: SHA256_HEX
    record: SHA256_HEX
    claimed: SHA256_HEX
    device: str
    device_key: str
    seq: Count
    head: Head
    verdicts: dict[str, str]
    recv_at: Count
    key: str

    def canonical(self) -> bytes:
        return rfc8785.dumps(msgspec.to_builtins(self))


@row("countersign")
class CountersignRow(Row):
    """Key: the record's number modulo KEPT_ON_DEVICE. `record`: the hash that the device gave;
    `receipt`: the bytes that were signed."""

    stop: str
    record: str
    n: int
    recv_at: int
    receipt: str
    signature: str


def countersign(
    ctx: OpContext, proof_id: str, record: dict[str, Any], claimed: str, found: dict[str, str]
) -> None:
    """Sign for a record that was just kept, and note it as its device's newest.

    A replay finds the receipt of back then, and signs nothing: `ctx.tx.signer` is None there.
    """
    head = head_of(ctx.conn, ctx.device)
    _move_head(ctx, proof_id, Head(record["seq"], claimed))
    kept = _kept(ctx, proof_id)
    if ctx.tx.signer is None and not kept:
        return
    n = ctx.next_number(COUNTER)
    if kept or ctx.tx.signer is None:
        return
    signer = ctx.tx.signer()
    receipt = Receipt(
        site=ctx.site,
        n=n,
        prev=_last_hash(ctx),
        record=record_hash(record),
        claimed=claimed,
        device=ctx.device,
        device_key=_key_of(ctx),
        seq=record["seq"],
        head=head,
        verdicts=found,
        recv_at=ctx.now,
        key=signer.kid,
    )
    _keep(ctx, proof_id, receipt, signer, record["stop"])


def _keep(ctx: OpContext, proof_id: str, receipt: Receipt, signer: Signer, stop_id: str) -> None:
    body = receipt.canonical()
    signature, text = signer.sign(body), body.decode()
    ctx.conn.execute(
        sa.insert(proof_receipt).values(
            proof=proof_id,
            site=receipt.site,
            n=receipt.n,
            body=text,
            hash=sha256_hex(body),
            key=receipt.key,
            signature=signature,
        )
    )
    shown = CountersignRow(
        stop=stop_id,
        record=receipt.claimed,
        n=receipt.n,
        recv_at=receipt.recv_at,
        receipt=text,
        signature=signature,
    )
    key = str(receipt.seq % KEPT_ON_DEVICE)
    ctx.put(device_scope(ctx.device), "countersign", key, shown)


def head_of(conn: sa.Connection, device: str) -> Head:
    """The newest record of a device, as it was handed in."""
    found = sa.select(evidence_head).where(evidence_head.c.device == device)
    at = conn.execute(found).first()
    return Head(at.seq, at.hash) if at else Head()


def _move_head(ctx: OpContext, proof_id: str, head: Head) -> None:
    here = evidence_head.c.device == ctx.device
    told = {"seq": head.seq, "hash": head.hash, "proof": proof_id}
    moved = ctx.conn.execute(sa.update(evidence_head).where(here).values(told))
    if not moved.rowcount:
        told |= {"device": ctx.device, "site": ctx.site}
        ctx.conn.execute(sa.insert(evidence_head).values(told))


def _kept(ctx: OpContext, proof_id: str) -> bool:
    found = sa.select(proof_receipt.c.n).where(proof_receipt.c.proof == proof_id)
    return ctx.conn.execute(found).first() is not None


def _last_hash(ctx: OpContext) -> str:
    last = sa.select(proof_receipt.c.hash).where(proof_receipt.c.site == ctx.site)
    found = ctx.conn.execute(last.order_by(proof_receipt.c.n.desc()).limit(1)).scalar()
    return str(found or CHAIN_START)


def _key_of(ctx: OpContext) -> str:
    found = sa.select(device_table.c.public_key).where(device_table.c.id == ctx.device)
    return thumbprint_of(ctx.conn.execute(found).scalar())
