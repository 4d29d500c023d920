"""The evidence record: canonical JSON (RFC 8785), hashed, signed by the device's key.

Integers and strings only, so that every language writes the same bytes. The server does not let a
device grade itself: it checks hash, signature and clock here and stores what it found.
"""

import base64
import hashlib
from typing import Annotated, Any, Literal

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from msgspec import Meta

from server.kernel.values import SHA256_HEX, BlobRef, Code, Id, LineNo, Moment, Qty, Text

OUTCOMES = Literal["full", "partial", "refused", "failed"]
LATE_MS = 15 * 60_000
"""A device clock further than this from the server's estimate is named in the verdicts."""


class Position(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Degrees × 10⁷, centimetres, ms between the fix and the tap."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Annotated[int, Meta(ge=0, le=10**9)]
    age_ms: Annotated[int, Meta(ge=0, le=10**12)]


class DeliveredLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    no: LineNo
    sku: Code
    qty: Qty
    delivered: Qty
    reason: Annotated[str, Meta(max_length=32)] = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the device signs. `prev`: hash of this device's record before, or 64 zeros.

    `position` or, where there is none, `no_position`: denied, unavailable, timeout."""

    v: Annotated[int, Meta(ge=1, le=1)]
    device: Id
    seq: Annotated[int, Meta(ge=1)]
    prev: SHA256_HEX
    person: Id
    run: Id
    stop: Id
    order: Id
    outcome: OUTCOMES
    reason: Annotated[str, Meta(max_length=32)]
    receiver: Text
    lines: Annotated[list[DeliveredLine], Meta(max_length=1000)]
    signature: BlobRef | None
    photos: Annotated[list[BlobRef], Meta(max_length=12)]
    position: Position | None
    no_position: Annotated[str, Meta(max_length=32)]
    at: Moment
    boot: Annotated[str, Meta(max_length=64)]
    mono_ms: Annotated[int, Meta(ge=0)]
    server_seen: Moment


def canonical(record: dict[str, Any]) -> bytes:
    """RFC 8785 bytes of the record exactly as the device sent it."""
    return rfc8785.dumps(record)


def record_hash(record: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()


def signature_holds(public_key: ec.EllipticCurvePublicKey, record: bytes, raw: bytes) -> bool:
    """ES256 over the canonical bytes; WebCrypto gives r‖s, 32 bytes each."""
    if len(raw) != 64:
        return False
    pair = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        public_key.verify(utils.encode_dss_signature(*pair), record, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def public_key_of(jwk_text: str | None) -> ec.EllipticCurvePublicKey | None:
    """The key in a JWK, or None when there is none or it is no P-256 point."""
    try:
        jwk = msgspec.json.decode(jwk_text or "null")
        x, y = (int.from_bytes(unb64(jwk[c]), "big") for c in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (TypeError, KeyError, ValueError, msgspec.DecodeError):
        return None


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verdicts(
    record: dict[str, Any],
    claimed: str,
    signature: str,
    jwk: str | None,
    at_est: int,
    chain_head: str,
) -> dict[str, str]:
    """What the server found, in codes: each of hash, signature, clock, chain, place."""
    evidence = msgspec.convert(record, Evidence)
    key = public_key_of(jwk)
    body = canonical(record)
    signed = key is not None and signature_holds(key, body, _raw(signature))
    return {
        "hash": "ok" if hashlib.sha256(body).hexdigest() == claimed else "differs",
        "signature": "ok" if signed else ("no_key" if key is None else "invalid"),
        "clock": "ok" if abs(evidence.at - at_est) <= LATE_MS else "off",
        "chain": "ok" if evidence.prev == chain_head else "gap",
        "place": "ok" if evidence.position else (evidence.no_position or "missing"),
    }


def _raw(signature: str) -> bytes:
    try:
        return unb64(signature)
    except ValueError:
        return b""
