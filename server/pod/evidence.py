"""The evidence record: canonical JSON (RFC 8785), hashed, signed by the device's key.

Integers and strings only, so that every language writes the same bytes. The server does not let a
device grade itself: it checks hash, signature, clock and policy here and stores what it found.

A record of version 1 stays readable for ever: `v` tells which one it is.
"""

import hashlib
from typing import Annotated, Any, Literal

import msgspec
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from msgspec import Meta

from server.kernel import base64url
from server.kernel.values import SHA256_HEX, BlobRef, Code, Id, LineNo, Moment, Qty, Text
from server.pod.rules import Method, StopPolicy, Wish, Word, judge

OUTCOMES = Literal["full", "partial", "refused", "failed"]
LATE_MS = 15 * 60_000
"""A device clock further than this from the server's estimate is named in the verdicts."""
Reason = Annotated[str, Meta(max_length=32)]
Photos = Annotated[list[BlobRef], Meta(max_length=12)]
SHOWN_LENGTH = 2_000


class PositionV1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Degrees × 10⁷, centimetres, ms between the fix and the tap."""

    lat_e7: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon_e7: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]
    acc_cm: Annotated[int, Meta(ge=0, le=10**9)]
    age_ms: Annotated[int, Meta(ge=0, le=10**12)]


class Position(PositionV1, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`source`: `device` measured within the last 30 s, `device_last` the last that it knew."""

    source: Literal["device", "device_last"]


class DeliveredLineV1(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    no: LineNo
    sku: Code
    qty: Qty
    delivered: Qty
    reason: Reason = ""


class DeliveredLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one line, why, and the photos that show it."""

    no: LineNo
    sku: Code
    qty: Qty
    delivered: Qty
    outcome: OUTCOMES
    reason: Reason
    photos: Photos


class Relaxed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mandatory method that was left out, and why: `no_camera`, `no_space`, `pin_not_issued` …"""

    method: Literal[Method, "one_of"]
    reason: Word


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: Word
    answer: Literal["yes", "no", "not_applicable"]
    note: Annotated[str, Meta(max_length=200)]


class StagePassed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One stage of an acceptance: who accepted it, and when."""

    code: Word
    by: Annotated[str, Meta(max_length=120)]
    at: Moment


class DeskEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A proof that came on paper. `actual_at`: when it was signed, by the slip."""

    type: Literal["paper_slip", "e_mail", "phone", "carrier"]
    actual_at: Moment


class EvidenceV1(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="v", tag=1
):
    """What devices signed first. `prev`: hash of this device's record before, or 64 zeros.

    `position` or, where there is none, `no_position`: denied, unavailable, timeout."""

    device: Id
    seq: Annotated[int, Meta(ge=1)]
    prev: SHA256_HEX
    person: Id
    run: Id
    stop: Id
    order: Id
    outcome: OUTCOMES
    reason: Reason
    receiver: Text
    lines: Annotated[list[DeliveredLineV1], Meta(max_length=1000)]
    signature: BlobRef | None
    photos: Photos
    position: PositionV1 | None
    no_position: Annotated[str, Meta(max_length=32)]
    at: Moment
    boot: Annotated[str, Meta(max_length=64)]
    mono_ms: Annotated[int, Meta(ge=0)]
    server_seen: Moment


class Evidence(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="v", tag=2
):
    """What a device signs.

    `parcels`: scanned off at the door. `signed_on`: whose phone the receiver signed on; `link`: the
    one-time link, for their own. `shown`: hash of the words that stood above the signature, or
    nothing. `policy`: its revision, `ask` what it wanted here. `pin`: what checking it gave, after
    `pin_tries`. `corrects`: hash of an earlier record of the same stop, which this one replaces.
    `no_position` may also be `desk`. The rest as in version 1.
    """

    device: Id
    seq: Annotated[int, Meta(ge=1)]
    prev: SHA256_HEX
    person: Id
    run: Id
    stop: Id
    order: Id
    outcome: OUTCOMES
    reason: Reason
    receiver: Text
    lines: Annotated[list[DeliveredLine], Meta(max_length=1000)]
    parcels: Annotated[list[Id], Meta(max_length=500)]
    signature: BlobRef | None
    signed_on: Literal["", "driver", "receiver"]
    link: Annotated[str, Meta(max_length=64)]
    shown: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
    photos: Photos
    slip: Photos
    policy: Annotated[str, Meta(max_length=64)]
    ask: dict[Method, Wish]
    relaxed: Annotated[list[Relaxed], Meta(max_length=8)]
    pin: Literal["", "ok", "wrong", "not_issued"]
    pin_tries: Annotated[int, Meta(ge=0, le=99)]
    inspection: Annotated[list[Answer], Meta(max_length=60)]
    stages: Annotated[list[StagePassed], Meta(max_length=20)]
    corrects: SHA256_HEX | None
    desk: DeskEntry | None
    position: Position | None
    no_position: Annotated[str, Meta(max_length=32)]
    at: Moment
    boot: Annotated[str, Meta(max_length=64)]
    mono_ms: Annotated[int, Meta(ge=0)]
    server_seen: Moment


AnyEvidence = EvidenceV1 | Evidence


def read(record: dict[str, Any]) -> AnyEvidence:
    """A kept record of any version. Raises msgspec.ValidationError."""
    return msgspec.convert(record, AnyEvidence)  # type: ignore[no-any-return]


def canonical(record: dict[str, Any]) -> bytes:
    """RFC 8785 bytes of the record exactly as the device sent it."""
    return rfc8785.dumps(record)


def record_hash(record: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()


def blob_refs(record: dict[str, Any]) -> list[str]:
    """Every signature and photo that a record names, each once, in the order of the record."""
    lines = [ref for line in record["lines"] for ref in line.get("photos", [])]
    named = [record["signature"], *record["photos"], *record.get("slip", []), *lines]
    return list(dict.fromkeys(ref for ref in named if ref))


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
        x, y = (int.from_bytes(base64url.decode(jwk[c]), "big") for c in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (TypeError, KeyError, ValueError, msgspec.DecodeError):
        return None


def verdicts(
    record: dict[str, Any],
    claimed: str,
    signature: str,
    jwk: str | None,
    at_est: int,
    chain_head: str,
) -> dict[str, str]:
    """What the server found, in codes: each of hash, signature, clock, chain, place."""
    evidence = read(record)
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


def policy_verdicts(
    record: dict[str, Any], policy: StopPolicy | None, shown: str
) -> dict[str, str]:
    """`policy` and, where the receiver signed below words, `shown`; of version 1 nothing."""
    if record["v"] == 1:
        return {}
    found = {"policy": judge(record, policy)}
    if record["shown"]:
        same = hashlib.sha256(shown.encode()).hexdigest() == record["shown"]
        found["shown"] = "ok" if same else "differs"
    return found


def _raw(signature: str) -> bytes:
    try:
        return base64url.decode(signature)
    except ValueError:
        return b""
