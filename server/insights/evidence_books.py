"""Does the evidence hold? Proofs that are missing, records that were changed, receipts that do not
fit; `dockhand check evidence` prints what it finds."""

from collections.abc import Iterator, Mapping

import msgspec
import sqlalchemy as sa

from server.insights.finding import Finding
from server.pod import dossier
from server.pod.checks import Kept, countersigned, eight, newest
from server.pod.countersign import COUNTER, Receipt
from server.pod.tables import evidence_head, proof, proof_receipt
from server.store.backup import SERIAL_GAP
from server.store.engines import snapshot_engine
from server.store.site_keys import PublicKey
from server.store.store import Store
from server.store.tables import counter

CHAIN_START = "0" * 64


def evidence_findings(store: Store) -> tuple[list[Finding], list[Finding]]:
    """What does not hold, and what is only to be known: records that are not the last word."""
    keys = {key.kid: key for key in store.keys.published()}
    engine = snapshot_engine(store.url)
    try:
        with engine.connect() as conn:
            bad = [
                *_unproven(conn),
                *_gaps(conn),
                *_heads(conn),
                *_records(conn, keys),
                *_receipts(conn),
            ]
            return bad, list(_mended(conn))
    finally:
        engine.dispose()


def _unproven(conn: sa.Connection) -> Iterator[Finding]:
    for r in dossier.without_proof(conn):
        yield Finding("closed_stop_has_a_proof", f"{r['order_id']}/{r['id']}", str(r["outcome"]))


def _gaps(conn: sa.Connection) -> Iterator[Finding]:
    for gap in dossier.gaps(dossier.links(conn)):
        found = f"record {gap.before}"
        yield Finding("records_follow_each_other", gap.device, found, f"record {gap.after + 1}")


def _heads(conn: sa.Connection) -> Iterator[Finding]:
    """A device's newest record is still there: its chain alone would not show that it is gone."""
    last = {link.device: link for link in dossier.links(conn)}
    for head in conn.execute(sa.select(evidence_head).order_by(evidence_head.c.device)):
        link = last.pop(head.device, None)
        if link is None or (link.seq, link.hash) != (head.seq, head.hash):
            found = f"record {link.seq}" if link else "no record"
            yield Finding("newest_record_is_kept", head.device, found, f"record {head.seq}")
    for device, link in last.items():
        yield Finding("newest_record_is_kept", device, f"record {link.seq}", "no head")


def _orders(conn: sa.Connection) -> Iterator[list[Kept]]:
    found = sa.select(proof.c.site, proof.c.order_id).distinct()
    for r in conn.execute(found.order_by(proof.c.site, proof.c.order_id)).all():
        yield dossier.proofs_of(conn, r.site, r.order_id)


def _records(conn: sa.Connection, keys: Mapping[str, PublicKey]) -> Iterator[Finding]:
    for kept in _orders(conn):
        for p in kept:
            found = eight(p, kept, [], keys)
            what = f"{p.device}/{p.record['seq']}"
            if found["unchanged"] != "ok":
                yield Finding("record_is_what_was_hashed", what, p.hash[:12])
            if found["device"] != "ok":
                yield Finding("record_is_signed_by_its_device", what, found["device"])
            if countersigned(p, keys) != "ok":
                yield Finding("record_is_countersigned", what, found["countersigned"])


def _receipts(conn: sa.Connection) -> Iterator[Finding]:
    """Each names the one before it, and the site's counter stands at the last."""
    found = sa.select(proof_receipt.c.site, proof_receipt.c.hash, proof_receipt.c.body)
    last: dict[str, tuple[int, str]] = {}
    for r in conn.execute(found.order_by(proof_receipt.c.site, proof_receipt.c.n)):
        receipt = msgspec.json.decode(r.body, type=Receipt)
        n, before = last.get(r.site, (0, CHAIN_START))
        if receipt.prev != before or not _follows(n, receipt.n):
            what = f"{r.site}/{receipt.n}"
            yield Finding("receipts_follow_each_other", what, receipt.prev[:12], before[:12])
        last[r.site] = receipt.n, r.hash
    given = sa.select(counter.c.site, counter.c.value).where(counter.c.name == COUNTER)
    for site, value in conn.execute(given):
        n, _ = last.get(site, (0, ""))
        if (value - n) % SERIAL_GAP:
            yield Finding("newest_receipt_is_kept", site, str(n), str(value))


def _follows(before: int, n: int) -> bool:
    """By one; a restore moves the site's numbers on."""
    return (n - before) % SERIAL_GAP == 1


def _mended(conn: sa.Connection) -> Iterator[Finding]:
    """Records beside which a later one of the same stop is to be read: `superseded`, `rival`."""
    for kept in _orders(conn):
        for p in kept:
            if (found := newest(p, kept)) != "ok":
                last = [o for o in kept if o.stop == p.stop][-1]
                what, by = (f"{o.device}/{o.record['seq']}" for o in (p, last))
                yield Finding(found, what, f"see {by}")
