"""Eight questions about one proof, each answered in a code that people are told in plain words.

unchanged      are the bytes still those that were hashed?           ok, differs
device         did the device's enrolled key sign them?              ok, no_key, invalid
chain          does it name the record that the device sent before?  ok, gap
files          are its photos and its signature here, as sealed?     ok, none, coming, refused
countersigned  did the server sign for it when it came?              ok, none, invalid, differs
clock, place   what the server found of both when it came
newest         is there no later record of the same stop?            ok, superseded, rival
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from server.kernel import base64url
from server.pod.countersign import Receipt
from server.pod.evidence import canonical, public_key_of, signature_holds
from server.store.site_keys import PublicKey, sha256_hex

CHECKS = ("unchanged", "device", "chain", "files", "countersigned", "clock", "place", "newest")
FILE_STATES = {"complete": "ok", "refused": "refused"}
"""Of a blob; any other is `coming`."""


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """The server's receipt as it is stored. `body`: the bytes that were signed, as text."""

    n: int
    body: str
    hash: str
    key: str
    signature: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A proof and what stands beside it. `before`: hash of the record that came before it from the
    same device; `device_key`: that device's JWK as text; `shown`: the words that were signed
    below."""

    id: str
    stop: str
    order: str
    device: str
    n: int
    record: dict[str, Any]
    hash: str
    prev: str
    signature: str
    verdicts: dict[str, str]
    recv_at: int
    before: str
    device_key: str | None
    receipt: Signed | None = None
    stands: bool = True
    superseded: str | None = None
    corrects: str | None = None
    shown: str = ""

    @property
    def refs(self) -> list[str]:
        return refs_in(self.record)

    @property
    def words(self) -> str:
        """What was signed below, if these are the words that the record names by their hash."""
        is_signed = sha256_hex(self.shown.encode()) == self.record.get("shown")
        return self.shown if is_signed else ""


_REF = re.compile(r"sha256:[0-9a-f]{64}")


def refs_in(told: Any) -> list[str]:
    """Every photo and signature that a record names, wherever a version of it does; each once."""
    if isinstance(told, str):
        return [told] if _REF.fullmatch(told) else []
    parts = told.values() if isinstance(told, dict) else told if isinstance(told, list) else ()
    return list(dict.fromkeys(ref for part in parts for ref in refs_in(part)))


def eight(
    proof: Kept, others: Iterable[Kept], files: Sequence[str], keys: Mapping[str, PublicKey]
) -> dict[str, str]:
    """`others`: the proofs of the same order; `files`: states of what it names; `keys`: the
    site's own by fingerprint."""
    body = canonical(proof.record)
    return {
        "unchanged": "ok" if sha256_hex(body) == proof.hash else "differs",
        "device": _device(proof, body),
        "chain": "ok" if proof.prev == proof.record["prev"] == proof.before else "gap",
        "files": _files(files),
        "countersigned": countersigned(proof, keys),
        "clock": proof.verdicts.get("clock", "missing"),
        "place": proof.verdicts.get("place", "missing"),
        "newest": newest(proof, others),
    }


def _device(proof: Kept, body: bytes) -> str:
    key = public_key_of(proof.device_key)
    if key is None:
        return "no_key"
    own = proof.record["device"] == proof.device
    return "ok" if own and signature_holds(key, body, raw(proof.signature)) else "invalid"


def raw(signature: str) -> bytes:
    """The bytes of a signature as it travels; none when it is no base64url."""
    try:
        return base64url.decode(signature)
    except ValueError:
        return b""


def _files(states: Sequence[str]) -> str:
    found = {FILE_STATES.get(state, "coming") for state in states} or {"none"}
    return next(code for code in ("refused", "coming", "none", "ok") if code in found)


def countersigned(proof: Kept, keys: Mapping[str, PublicKey]) -> str:
    told = proof.receipt
    if told is None:
        return "none"
    body = told.body.encode()
    if told.hash != sha256_hex(body) or not signed_by(keys.get(told.key), body, told.signature):
        return "invalid"
    receipt = msgspec.json.decode(body, type=Receipt)
    of = (receipt.record, receipt.claimed, receipt.device, receipt.key)
    made = (sha256_hex(canonical(proof.record)), proof.hash, proof.device, told.key)
    return "ok" if of == made else "differs"


def signed_by(key: PublicKey | None, body: bytes, signature: str) -> bool:
    found = public_key_of(msgspec.json.encode(key.jwk()).decode()) if key else None
    return found is not None and signature_holds(found, body, raw(signature))


def newest(proof: Kept, others: Iterable[Kept]) -> str:
    later = [o for o in others if o.stop == proof.stop and _came(o) > _came(proof)]
    if any(supersedes(o, proof) for o in later):
        return "superseded"
    return "rival" if later else "ok"


def supersedes(later: Kept, earlier: Kept) -> bool:
    """A correction names the record that it mends, whatever its version calls that; every record
    names the one before it as well."""
    named = [value for name, value in later.record.items() if name != "prev"]
    return later.stop == earlier.stop and earlier.hash in named


def _came(proof: Kept) -> tuple[int, int, str]:
    return proof.recv_at, proof.n, proof.id
