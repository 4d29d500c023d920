"""A device's key: ECDSA P-256 as WebCrypto makes it (JWK: RFC 7517; signatures: RFC 7518, 3.4)."""

from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta

from server.kernel import base64url
from server.kernel.errors import Refusal

_COORDINATE = 32
_Coordinate = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]


class PublicKey(msgspec.Struct, frozen=True, kw_only=True):
    """The members of a JWK that count; browsers add `ext` and `key_ops`, which do not."""

    kty: Annotated[str, Meta(pattern=r"^EC$")]
    crv: Annotated[str, Meta(pattern=r"^P-256$")]
    x: _Coordinate
    y: _Coordinate
    d: None = None
    """The private part. A key that brought it could have been copied: malformed."""

    def stored(self) -> str:
        return msgspec.json.encode(
            {"crv": self.crv, "kty": self.kty, "x": self.x, "y": self.y}
        ).decode()


def check_key(key: PublicKey) -> str:
    """The key as it is stored; refuses `malformed` when the point is not on the curve."""
    try:
        _public(key)
    except ValueError as wrong:
        raise Refusal("malformed", field="key", mend="a public P-256 key as JWK") from wrong
    return key.stored()


def signed(stored_key: str, message: str, signature: str) -> bool:
    """Did the key's holder sign `message`? `signature`: base64url of r and s, 32 bytes each."""
    try:
        raw = base64url.decode(signature)
        if len(raw) != 2 * _COORDINATE:
            return False
        r, s = (int.from_bytes(part) for part in (raw[:_COORDINATE], raw[_COORDINATE:]))
        public = _public(msgspec.json.decode(stored_key, type=PublicKey))
        public.verify(utils.encode_dss_signature(r, s), message.encode(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _public(key: PublicKey) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(base64url.decode(part)) for part in (key.x, key.y))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
