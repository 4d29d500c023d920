"""What belongs into an order's pack, read from one snapshot of the site."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from server.documents import papers
from server.documents.pack import shapes
from server.documents.pack.timeline import Moment, timeline_of
from server.documents.receipt import DeliveryReceipt
from server.documents.words import Language
from server.kernel.errors import ProtocolError, Refusal, code
from server.orders.tables import orders
from server.pod import dossier
from server.pod.checks import Kept, newest
from server.pod.tables import evidence_head
from server.store import blobs
from server.store.blob_files import BlobFile
from server.store.feed import version

NO_EVIDENCE = code("no_evidence_yet")
MOST_BYTES = 256 * 1024 * 1024
"""Of photos and signatures in one pack."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """`url`: where the site is reached, for the codes on its papers; `own_key`: the fingerprint of
    its key; `root`: the folder of its blobs."""

    site: str
    order: str
    language: Language
    url: str
    own_key: str
    root: Path


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """`proofs` by device and in its order, each with its paper, yet without its evidence; `files`:
    what they name and what became of it, by hash."""

    wanted: Wanted
    number: str
    as_of: int
    proofs: list[tuple[Kept, DeliveryReceipt]]
    files: dict[str, blobs.Blob]
    heads: list[shapes.DeviceHead]
    listed: list[shapes.Listed]
    absent: list[str]
    unproven: list[str]
    timeline: list[Moment]

    @property
    def kept(self) -> list[Kept]:
        return [kept for kept, _ in self.proofs]


def record_name(place: int) -> str:
    """The file of the record at a place, from 0."""
    return f"records/{place + 1:04}.json"


def gather(conn: sa.Connection, wanted: Wanted) -> Gathered:
    """Refuses `not_found`, `too_large`; raises ProtocolError `no_evidence_yet` (409)."""
    number = _number(conn, wanted)
    kept = sorted(dossier.proofs_of(conn, wanted.site, wanted.order), key=lambda p: (p.device, p.n))
    if not kept:
        mend = "there is evidence once a driver has closed a stop of this order"
        raise ProtocolError(NO_EVIDENCE, 409, field="order", mend=mend)
    refs = [ref for p in kept for ref in p.refs]
    files = blobs.known(conn, wanted.root, wanted.site, map(blobs.sha256_of, refs))
    whole = {name: found for name, found in files.items() if _is_here(wanted, found)}
    if sum(found.size for found in whole.values()) > MOST_BYTES:
        raise Refusal("too_large", field="order", mend=f"up to {MOST_BYTES} bytes of photos")
    names = {p.id: record_name(place) for place, p in enumerate(kept)}
    return Gathered(
        wanted=wanted,
        number=number,
        as_of=version(conn, wanted.site),
        proofs=[(p, _paper(conn, wanted, p)) for p in kept],
        files=whole,
        heads=[_head(conn, device, kept, names) for device in _devices(kept)],
        listed=[_listed(p, kept, names) for p in kept],
        absent=sorted({ref for ref in refs if blobs.sha256_of(ref) not in whole} | _lost(kept)),
        unproven=[r["id"] for r in dossier.without_proof(conn, wanted.order)],
        timeline=timeline_of(conn, wanted.site, wanted.order),
    )


def _lost(kept: Sequence[Kept]) -> set[str]:
    """Words that were signed below and are not known here."""
    return {f"sha256:{p.record['shown']}" for p in kept if p.record.get("shown") and not p.words}


def _is_here(wanted: Wanted, found: blobs.Blob) -> bool:
    """By the books and on the disk: a site that was restored without its blobs knows of more."""
    file = BlobFile(wanted.root, wanted.site, found.sha256)
    return found.state == blobs.COMPLETE and file.whole.exists()


def _number(conn: sa.Connection, wanted: Wanted) -> str:
    found = sa.select(orders.c.number)
    here = orders.c.id == wanted.order, orders.c.site == wanted.site
    number = conn.execute(found.where(*here)).scalar()
    if number is None:
        raise Refusal("not_found", field="order")
    return str(number)


def _paper(conn: sa.Connection, wanted: Wanted, p: Kept) -> DeliveryReceipt:
    row = papers.proof_record(conn, wanted.site, p.id)
    url = papers.verify_url(wanted.url, row)
    return papers.receipt_of(conn, wanted.site, row, wanted.language, url, wanted.own_key)


def _devices(kept: Sequence[Kept]) -> list[str]:
    return sorted({p.device for p in kept})


def _head(
    conn: sa.Connection, device: str, kept: Sequence[Kept], names: Mapping[str, str]
) -> shapes.DeviceHead:
    """From the device's first record in the pack to its newest one of all."""
    since = min(p.n for p in kept if p.device == device)
    at = conn.execute(sa.select(evidence_head).where(evidence_head.c.device == device)).first()
    return shapes.DeviceHead(
        device=device,
        seq=at.seq if at else 0,
        hash=at.hash if at else "",
        links=[
            shapes.ChainLink(
                seq=link.seq, hash=link.hash, prev=link.prev, file=names.get(link.proof, "")
            )
            for link in dossier.links(conn, device, since)
        ],
    )


def _listed(p: Kept, kept: Sequence[Kept], names: Mapping[str, str]) -> shapes.Listed:
    return shapes.Listed(
        file=names[p.id],
        device=p.device,
        seq=p.record["seq"],
        hash=p.hash,
        stop=p.stop,
        newest=newest(p, kept),
    )
