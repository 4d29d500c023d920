"""Checks a pack and says in eight answers whether it holds. No clock, no network, no database.

`browser/checks.js` gives the same answers in a browser; one table of tampering tests both.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import rfc8785

from server.documents.pack import shapes
from server.pod.checks import raw, refs_in
from server.pod.evidence import public_key_of, signature_holds
from server.store.site_keys import PublicKey, sha256_hex, thumbprint, thumbprint_of

MANIFEST, SEAL, KEYS = "manifest.json", "manifest.sig.json", "keys.json"
CHECKS = ("key", "contents", "unchanged", "device", "chain", "files", "countersigned", "head")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`what` is wrong, as a code that `words.py` has words for, with which part of the pack."""

    what: str
    name: str


Answers = dict[str, list[Fault]]
"""Faults by check, none where it holds; in the order of CHECKS."""


def verify(entries: Mapping[str, bytes], fingerprint: str) -> Answers:
    """`fingerprint`: of the site's key, from outside the pack; without it nothing vouches for the
    pack's own keys."""
    pack = shapes.opened(entries)
    found = (_key, _contents, _unchanged, _device, _chain, _files, _countersigned, _head)
    asked = plain_fingerprint(fingerprint)
    return {
        name: sorted(set(check(pack, asked))) for name, check in zip(CHECKS, found, strict=True)
    }


def plain_fingerprint(text: str) -> str:
    """As people copy it: groups, colons and capitals do not matter."""
    return "".join(text.replace(":", "").replace("-", "").split()).lower()


def _key(pack: shapes.Pack, fingerprint: str) -> Iterator[Fault]:
    if not fingerprint:
        yield Fault("no_fingerprint", "")
    elif pack.seal.key not in _trusted(pack, fingerprint):
        yield Fault("other_key", pack.seal.key)


def _trusted(pack: shapes.Pack, fingerprint: str) -> set[str]:
    """The key of that fingerprint, and those that followed it by its own signature."""
    known = {key.kid: key for key in pack.server_keys if thumbprint(key.jwk()) == key.kid}
    trusted = {fingerprint} & set(known)
    grown = True
    while grown:
        new = {
            key.kid
            for key in known.values()
            if key.kid not in trusted
            and key.by in trusted
            and _signed(known[key.by], key.succession(), key.voucher)
        }
        trusted |= new
        grown = bool(new)
    return trusted


def _signed(key: PublicKey | None, body: bytes, signature: str) -> bool:
    return key is not None and _holds(key.jwk(), body, signature)


def _holds(jwk: Mapping[str, str], body: bytes, signature: str) -> bool:
    key = public_key_of(msgspec.json.encode(jwk).decode())
    return key is not None and signature_holds(key, body, raw(signature))


def _contents(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    yield from (Fault("unreadable", name) for name in pack.unreadable)
    body = pack.entries.get(MANIFEST, b"")
    if not _signed(pack.key(pack.seal.key), body, pack.seal.signature):
        yield Fault("signature", MANIFEST)
    listed = {file.name: file.sha256 for file in pack.manifest.files}
    for name, wanted in listed.items():
        if name not in pack.entries:
            yield Fault("missing", name)
        elif sha256_hex(pack.entries[name]) != wanted:
            yield Fault("changed", name)
    for name in pack.entries:
        if name not in listed and name not in (MANIFEST, SEAL):
            yield Fault("extra", name)


def _unchanged(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    for file, kept in pack.records.items():
        if not kept.hash == made_hash(kept) == pack.listed_hash(file):
            yield Fault("changed", file)


def made_hash(kept: shapes.SignedRecord) -> str:
    return hashlib.sha256(rfc8785.dumps(kept.record)).hexdigest()


def _device(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    for file, kept in pack.records.items():
        jwk = pack.device_keys.get(kept.told.device)
        if jwk is None:
            yield Fault("no_key", file)
            continue
        if not _holds(jwk, rfc8785.dumps(kept.record), kept.signature):
            yield Fault("signature", file)
        receipt = pack.receipts.get(file)
        if receipt and (receipt.told.device, receipt.told.device_key) != (
            kept.told.device,
            thumbprint_of(msgspec.json.encode(jwk).decode()),
        ):
            yield Fault("other_key", file)


def _chain(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    for head in pack.manifest.heads:
        for before, link in zip(head.links, head.links[1:], strict=False):
            if (link.seq, link.prev) != (before.seq + 1, before.hash):
                yield Fault("gap", f"{head.device}/{link.seq}")
        for link in _own(head)[:-1]:
            if link.file not in pack.records:
                yield Fault("missing", f"{head.device}/{link.seq}")
    places = {
        link.file: (head.device, link.seq, link.prev, link.hash)
        for head in pack.manifest.heads
        for link in _own(head)
    }
    for file, kept in pack.records.items():
        told = kept.told
        if places.get(file) != (told.device, told.seq, told.prev, made_hash(kept)):
            yield Fault("order", file)


def _own(head: shapes.DeviceHead) -> list[shapes.ChainLink]:
    """Those of the links whose records are in the pack."""
    return [link for link in head.links if link.file]


def _files(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    for kept in pack.records.values():
        for ref in refs_in(kept.record):
            name = pack.file_of(ref)
            if name is None:
                if ref not in pack.manifest.absent:
                    yield Fault("missing", ref)
            elif f"sha256:{sha256_hex(pack.entries[name])}" != ref:
                yield Fault("changed", name)
        yield from _words(pack, kept.record)


def _words(pack: shapes.Pack, record: Mapping[str, Any]) -> Iterator[Fault]:
    """Those that were signed below: as good as a file that the record names."""
    name = shapes.shown_file(record)
    if not name or f"sha256:{record['shown']}" in pack.manifest.absent:
        return
    if name not in pack.entries:
        yield Fault("missing", name)
    elif sha256_hex(pack.entries[name]) != record["shown"]:
        yield Fault("changed", name)


def _countersigned(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    for file, kept in pack.records.items():
        receipt = pack.receipts.get(file)
        if receipt is None:
            yield Fault("missing", file)
            continue
        key = pack.key(receipt.told.key)
        if not _signed(key, rfc8785.dumps(receipt.receipt), receipt.signature):
            yield Fault("signature", file)
        if (receipt.told.record, receipt.told.seq) != (made_hash(kept), kept.told.seq):
            yield Fault("other_record", file)


def _head(pack: shapes.Pack, _: str) -> Iterator[Fault]:
    known = {head.device for head in pack.manifest.heads}
    for kept in pack.records.values():
        if kept.told.device not in known:
            yield Fault("no_head", kept.told.device)
    for head in pack.manifest.heads:
        last = head.links[-1] if head.links else None
        if last is None or (last.seq, last.hash) != (head.seq, head.hash):
            yield Fault("cut", f"{head.device}/{head.seq}")
        for link in _own(head)[-1:]:
            if link.file not in pack.records:
                yield Fault("missing", f"{head.device}/{link.seq}")


def holds(answers: Answers) -> bool:
    return not any(answers.values())


def as_builtins(answers: Answers) -> dict[str, Any]:
    return {name: [[f.what, f.name] for f in faults] for name, faults in answers.items()}
