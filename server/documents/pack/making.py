"""Writes a pack: every file, then the list of them all, and the site's signature under that."""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
import rfc8785

from server.documents.errors import PrintError
from server.documents.pack import shapes
from server.documents.pack.gathering import Gathered, record_name
from server.documents.pack.page import verifier_page
from server.documents.pack.timeline import as_text
from server.documents.pack.words import limits_text
from server.documents.pack.zipped import write_zip
from server.documents.papers import MOST_PHOTOS, with_evidence
from server.documents.receipt import DeliveryReceipt, delivery_receipt
from server.kernel.errors import Refusal
from server.kernel.ops import Signer
from server.pod.checks import Kept
from server.store import strokes
from server.store.blob_files import BlobFile
from server.store.blobs import sha256_of
from server.store.site_keys import PublicKey, sha256_hex

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    strokes.MIME: "strokes.json",
}
_BLOCK = 1024 * 1024


def make_pack(gathered: Gathered, signer: Signer, keys: Sequence[PublicKey]) -> IO[bytes]:
    """The ZIP in a file without a name, at its beginning. Blocks; call in a thread."""
    entries = _entries(gathered, keys)
    manifest = canonical(_manifest(gathered, entries))
    seal = shapes.Seal(key=signer.kid, signature=signer.sign(manifest))
    entries |= {"manifest.json": manifest, "manifest.sig.json": canonical(seal)}
    made = tempfile.TemporaryFile(prefix="dockhand-pack-")  # noqa: SIM115  whoever sends it closes it
    write_zip(made, entries)
    made.seek(0)
    return made


def canonical(told: Any) -> bytes:
    return rfc8785.dumps(msgspec.to_builtins(told))


def _entries(gathered: Gathered, keys: Sequence[PublicKey]) -> dict[str, bytes | Path]:
    entries: dict[str, bytes | Path] = {
        "keys.json": canonical(shapes.Keys(server=list(keys), devices=_device_keys(gathered.kept))),
        "timeline.json": canonical(gathered.timeline),
        "timeline.txt": as_text(gathered.timeline, gathered.wanted.language).encode(),
        "LIMITS.txt": limits_text().encode(),
        "verify.html": verifier_page(),
    }
    for place, (kept, bare) in enumerate(gathered.proofs):
        entries |= _record(record_name(place), kept)
        if kept.words:
            entries[shapes.shown_file(kept.record)] = kept.words.encode()
        if paper := _paper(gathered, kept, bare):
            entries[f"pdf/{place + 1:04}.pdf"] = paper
    for name, blob in gathered.files.items():
        ending = ENDINGS.get(blob.mime, "bin")
        entries[f"files/{name}.{ending}"] = _file(gathered, name).whole
    return entries


def _file(gathered: Gathered, name: str) -> BlobFile:
    return BlobFile(gathered.wanted.root, gathered.wanted.site, name)


def _paper(gathered: Gathered, kept: Kept, bare: DeliveryReceipt) -> bytes:
    """Nothing, where it does not fit on paper: the records are what counts."""
    signature, photos = b"", []
    for ref in kept.refs:
        name = sha256_of(ref)
        if name in gathered.files and ref == kept.record["signature"]:
            signature = _file(gathered, name).whole.read_bytes()
        elif name in gathered.files and (shown := _file(gathered, name).shown).exists():
            photos.append(shown.read_bytes())
    try:
        return delivery_receipt(with_evidence(bare, signature, photos[:MOST_PHOTOS]))
    except (PrintError, Refusal):
        return b""


def _record(name: str, kept: Kept) -> dict[str, bytes | Path]:
    record = shapes.SignedRecord(record=kept.record, hash=kept.hash, signature=kept.signature)
    entries: dict[str, bytes | Path] = {name: canonical(record)}
    if kept.receipt is not None:
        body = msgspec.json.decode(kept.receipt.body)
        receipt = shapes.SignedReceipt(receipt=body, signature=kept.receipt.signature)
        entries[name.replace("records/", "receipts/")] = canonical(receipt)
    return entries


def _device_keys(kept: Sequence[Kept]) -> list[shapes.DeviceKey]:
    told = {p.device: p.device_key for p in kept}
    return [shapes.DeviceKey(device=d, jwk=_public(text)) for d, text in sorted(told.items())]


def _public(text: str | None) -> dict[str, str] | None:
    """Only the key itself, of what a browser wrote about it."""
    if text is None:
        return None
    jwk = msgspec.json.decode(text)
    return {name: str(jwk.get(name, "")) for name in ("crv", "kty", "x", "y")}


def _manifest(gathered: Gathered, entries: dict[str, bytes | Path]) -> shapes.Manifest:
    return shapes.Manifest(
        site=gathered.wanted.site,
        order=shapes.OrderName(id=gathered.wanted.order, number=gathered.number),
        as_of=gathered.as_of,
        records=gathered.listed,
        heads=gathered.heads,
        files=[_measured(name, entries[name]) for name in sorted(entries)],
        absent=gathered.absent,
        unproven=gathered.unproven,
    )


def _measured(name: str, content: bytes | Path) -> shapes.File:
    if isinstance(content, bytes):
        return shapes.File(name=name, sha256=sha256_hex(content), size=len(content))
    made = hashlib.sha256()
    with content.open("rb") as file:
        while block := file.read(_BLOCK):
            made.update(block)
    return shapes.File(name=name, sha256=made.hexdigest(), size=content.stat().st_size)
