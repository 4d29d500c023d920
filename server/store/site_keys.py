"""The site's own key: with it the server countersigns what devices hand in. ES256 (RFC 7518).

    current.pem          the private key; readable by the server's user alone
    <fingerprint>.json   a public key, of now or of earlier: what was signed stays provable

A fingerprint is the RFC 7638 thumbprint in hex. A key that follows another brings the older one's
signature along, so that whoever trusts a fingerprint on an old paper can trust the key of today.
"""

import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec
import rfc8785
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from server.kernel import base64url
from server.store.durable import sync, write_new

CURRENT = "current.pem"
ES256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
"""By RFC 6979: the same bytes get the same signature, and a pack made twice is one file."""


class PublicKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JWK and how it came to be. `made_at` in ms; `by`: the key before it, whose signature over
    `succession` is `voucher`; both empty for a site's first key."""

    kid: str
    x: str
    y: str
    made_at: int
    by: str = ""
    voucher: str = ""

    def jwk(self) -> dict[str, str]:
        return {"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y}

    def succession(self) -> bytes:
        """What the older key signs."""
        return rfc8785.dumps({"by": self.by, "made_at": self.made_at, "next": self.kid})


@dataclass(frozen=True, slots=True)
class SiteKey:
    kid: str
    private: ec.EllipticCurvePrivateKey

    def sign(self, body: bytes) -> str:
        """r‖s in base64url, as WebCrypto makes and reads it."""
        r, s = utils.decode_dss_signature(self.private.sign(body, ES256))
        return base64url.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638 in hex: 64 digits, the same in every program."""
    told = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return sha256_hex(rfc8785.dumps(told))


def thumbprint_of(jwk_text: str | None) -> str:
    """The same of a JWK as it is stored; empty when there is none or it is no JWK."""
    try:
        return thumbprint(msgspec.json.decode(jwk_text or "null"))
    except (TypeError, KeyError, msgspec.DecodeError, rfc8785.CanonicalizationError):
        return ""


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class SiteKeys:
    """The folder of a site's keys. Several nodes may share it: the first one's key counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: tuple[int, SiteKey] | None = None

    def current(self, now: int) -> SiteKey:
        """Made when there is none. Read again when another process has rotated it; a folder that
        goes away while a server runs takes no key from it."""
        try:
            stamp = (self.folder / CURRENT).stat().st_mtime_ns
        except FileNotFoundError:
            if self._loaded is not None:
                return self._loaded[1]
            self._begin(now)
            stamp = (self.folder / CURRENT).stat().st_mtime_ns
        if self._loaded is None or self._loaded[0] != stamp:
            self._loaded = stamp, _read(self.folder / CURRENT)
        return self._loaded[1]

    def published(self) -> list[PublicKey]:
        """Every key this site has signed with, oldest first."""
        found = []
        for path in self.folder.glob("*.json"):
            with contextlib.suppress(msgspec.DecodeError, FileNotFoundError):
                found.append(msgspec.json.decode(path.read_bytes(), type=PublicKey))
        return sorted(found, key=lambda key: (key.made_at, key.kid))

    def rotate(self, now: int) -> SiteKey:
        """A new key, vouched for by the old one, which signs nothing more."""
        old, (private, made) = self.current(now), _fresh(now)
        made = msgspec.structs.replace(made, by=old.kid)
        made = msgspec.structs.replace(made, voucher=old.sign(made.succession()))
        self._publish(made)
        self._private(private).replace(self.folder / CURRENT)
        sync(self.folder)
        return self.current(now)

    def _begin(self, now: int) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        private, made = _fresh(now)
        written = self._private(private)
        self._publish(made)
        try:
            os.link(written, self.folder / CURRENT)
        except FileExistsError:  # another node was first
            (self.folder / f"{made.kid}.json").unlink()
        finally:
            written.unlink()
        sync(self.folder)

    def _private(self, key: ec.EllipticCurvePrivateKey) -> Path:
        path = self.folder / f"{secrets.token_hex(8)}.new"
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_new(path, pem, 0o600)
        return path

    def _publish(self, made: PublicKey) -> None:
        write_new(self.folder / f"{made.kid}.json", msgspec.json.encode(made), 0o644)


def copy_keys(source: Path, target: Path) -> None:
    """All that is in the folder, the site's other secrets too; what `target` has stays its own, so
    that no key is lost."""
    if not source.is_dir():
        return
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(p for p in source.iterdir() if p.is_file() and p.suffix != ".new"):
        mode = 0o644 if path.suffix == ".json" else 0o600
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            write_new(target / path.name, path.read_bytes(), mode)
    sync(target)


def _fresh(now: int) -> tuple[ec.EllipticCurvePrivateKey, PublicKey]:
    private = ec.generate_private_key(ec.SECP256R1())
    x, y = _point(private)
    kid = thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    return private, PublicKey(kid=kid, x=x, y=y, made_at=now)


def _point(private: ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    at = private.public_key().public_numbers()
    return base64url.encode(at.x.to_bytes(32, "big")), base64url.encode(at.y.to_bytes(32, "big"))


def _read(path: Path) -> SiteKey:
    private = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path} holds no P-256 key")
    x, y = _point(private)
    return SiteKey(thumbprint({"kty": "EC", "crv": "P-256", "x": x, "y": y}), private)
