"""What a push service carries but cannot read (RFC 8291, RFC 8188), and who sends it (RFC 8292)."""

import hashlib
import os
import time
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from server.kernel import base64url

RECORD = 4096
LONGEST = RECORD - 17 - 86
"""Bytes of plain text in the one record that a push service takes: less a tag, the last record's
delimiter and the header."""
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
VAPID_S = 12 * 3600
"""So long a token is good; a push service takes a day at most."""


def encrypt(
    plain: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes = b"",
    private: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """A body of `content-encoding: aes128gcm` that only the browser can read. `p256dh`, `auth`: as
    it gave them, base64url. Raises ValueError for keys that are none, or a text too long. `salt`
    and `private` are new each time unless a test gives them."""
    if len(plain) > LONGEST:
        raise ValueError(f"{len(plain)} bytes, at most {LONGEST}")
    receiver = base64url.decode(p256dh)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver)
    mine = private or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    sender = _point(mine)
    shared = mine.exchange(ec.ECDH(), theirs)
    info = b"WebPush: info\0" + receiver + sender
    secret = _derived(shared, base64url.decode(auth), info, 32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4) + bytes([len(sender)]) + sender
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derived(secret: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info).derive(secret)


def vapid_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """The site's key towards push services, out of 32 random bytes."""
    number = int.from_bytes(hashlib.sha512(b"dockhand/push/1" + secret).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def public_of(key: ec.EllipticCurvePrivateKey) -> str:
    """As a browser subscribes with it."""
    return base64url.encode(_point(key))


def vapid(
    key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, now_s: float | None = None
) -> str:
    """The Authorization header for this endpoint. `contact`: `https:` or `mailto:`."""
    service = urlsplit(endpoint)
    expires = int(time.time() if now_s is None else now_s) + VAPID_S
    claims = {"aud": f"{service.scheme}://{service.netloc}", "exp": expires, "sub": contact}
    parts = [{"typ": "JWT", "alg": "ES256"}, claims]
    signed = ".".join(base64url.encode(msgspec.json.encode(part)) for part in parts)
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{base64url.encode(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={public_of(key)}"
