"""The proofs of an order with what stands beside them, and what is missing among all of them."""

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from server.pod.checks import Kept, Signed
from server.pod.countersign import CHAIN_START
from server.pod.tables import proof, proof_receipt, stop
from server.store.tables import device


def proofs_of(conn: sa.Connection, site: str, order_id: str) -> list[Kept]:
    """In the order in which they came."""
    here = sa.and_(proof.c.order_id == order_id, proof.c.site == site)
    return [_kept(conn, r) for r in conn.execute(_PROOFS.where(here)).mappings().all()]


def proof_of(conn: sa.Connection, site: str, proof_id: str) -> Kept | None:
    found = conn.execute(_PROOFS.where(proof.c.id == proof_id, proof.c.site == site)).mappings()
    row = found.first()
    return _kept(conn, row) if row else None


_RECEIPT = {f: proof_receipt.c[f].label(f"r_{f}") for f in Signed.__struct_fields__}
_PROOFS = (
    sa.select(proof, device.c.public_key, *_RECEIPT.values())
    .outerjoin(device, device.c.id == proof.c.device)
    .outerjoin(proof_receipt, proof_receipt.c.proof == proof.c.id)
    .order_by(proof.c.recv_at, proof.c.n, proof.c.id)
)


def _kept(conn: sa.Connection, r: sa.RowMapping) -> Kept:
    signed = None
    if r["r_body"] is not None:
        signed = Signed(**{f: r[f"r_{f}"] for f in Signed.__struct_fields__})
    same: dict[str, Any] = {
        f: r[f] for f in ("id", "stop", "device", "n", "hash", "prev", "signature", "recv_at")
    }
    return Kept(
        **same,
        order=r["order_id"],
        record=msgspec.json.decode(r["record"]),
        verdicts=msgspec.json.decode(r["verdicts"]),
        before=_before(conn, r["device"], r["n"]),
        device_key=r["public_key"],
        receipt=signed,
        stands=bool(r["stands"]),
        superseded=r["superseded"],
        corrects=r["corrects"],
        shown=r["shown"] or "",
    )


def _before(conn: sa.Connection, of: str, n: int) -> str:
    """Hash of the device's record before; a restored site has them by their numbers as well."""
    last = sa.select(proof.c.hash).where(proof.c.device == of, proof.c.n < n)
    found = conn.execute(last.order_by(proof.c.n.desc()).limit(1)).scalar()
    return str(found or CHAIN_START)


def without_proof(conn: sa.Connection, order_id: str | None = None) -> list[sa.RowMapping]:
    """Stops that are closed and for which no record was ever handed in."""
    told = sa.select(proof.c.id).where(proof.c.stop == stop.c.id)
    found = sa.select(stop.c.id, stop.c.site, stop.c.order_id, stop.c.outcome, stop.c.closed_at)
    found = found.where(stop.c.state == "closed", ~sa.exists(told))
    if order_id is not None:
        found = found.where(stop.c.order_id == order_id)
    return list(conn.execute(found.order_by(stop.c.closed_at, stop.c.id)).mappings())


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A record as a link of its device's chain: nothing of what it says."""

    device: str
    seq: int
    hash: str
    prev: str
    proof: str


def links(conn: sa.Connection, of: str | None = None, since_n: int = 0) -> list[Link]:
    """By device, in the order in which the device made them, from its operation `since_n` on."""
    found = sa.select(proof.c.device, proof.c.id, proof.c.hash, proof.c.prev, proof.c.record)
    if of is not None:
        found = found.where(proof.c.device == of, proof.c.n >= since_n)
    return [
        Link(device=r.device, seq=_seq(r.record), hash=r.hash, prev=r.prev, proof=r.id)
        for r in conn.execute(found.order_by(proof.c.device, proof.c.n))
    ]


class _Numbered(msgspec.Struct):
    seq: int = 0


def _seq(record: str) -> int:
    return msgspec.json.decode(record, type=_Numbered).seq


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Records of a device that never came: those after `after`, before `before`. The numbers are
    the device's; `before` is not above `after` where a device began its chain anew."""

    device: str
    after: int
    before: int
    proof: str


def gaps(told: Iterable[Link]) -> list[Gap]:
    """Where a device's records do not follow on each other; `proof`: the one that shows it."""
    found: list[Gap] = []
    last: dict[str, tuple[int, str]] = {}
    for link in told:
        seq, hash_ = last.get(link.device, (0, CHAIN_START))
        if (link.seq, link.prev) != (seq + 1, hash_):
            gap = Gap(device=link.device, after=seq, before=link.seq, proof=link.proof)
            found.append(gap)
        last[link.device] = link.seq, link.hash
    return found
