"""The link under which a customer follows an order: sealed, not stored.

A token is the order's id encrypted and authenticated (AES-SIV, RFC 5297) under a secret of the
site: 128 bits that nobody guesses, nothing to steal from the database or a backup's rows, the same
link whenever it is asked for.
"""

from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from server.kernel import base64url
from server.store.secrets import secret

KEY_FILE = "track.key"
KEY_BYTES = 32
LONGEST = 160
_PURPOSE = b"dockhand/track/1"
SURVEY = b"dockhand/survey/1"
"""What a link is for: one of another purpose opens nothing."""


@lru_cache(maxsize=8)
def key_in(folder: Path) -> bytes:
    """The site's secret, out of the folder of its keys."""
    return secret(folder, KEY_FILE, KEY_BYTES)


def seal(key: bytes, order_id: str, purpose: bytes = _PURPOSE) -> str:
    """URL-safe, without padding. `key`: `KEY_BYTES` from a random source."""
    sealed = AESSIV(key).encrypt(order_id.encode(), [purpose])
    return base64url.encode(sealed)


def unseal(key: bytes, token: str, purpose: bytes = _PURPOSE) -> str | None:
    """The order's id; None for anything that was not sealed with this key."""
    if not token.isascii() or len(token) > LONGEST:
        return None
    try:
        sealed = base64url.decode(token)
        order_id = AESSIV(key).decrypt(sealed, [purpose]).decode()
    except (InvalidTag, ValueError):
        return None
    return order_id if seal(key, order_id, purpose) == token else None


def path_of(key: bytes, order_id: str) -> str:
    """Where the page stands, below the site's origin."""
    return f"/t/{seal(key, order_id)}"


def push_path_of(key: bytes, order_id: str) -> str:
    """Where a browser asks to be told; whoever may follow the order may."""
    return f"/n/{seal(key, order_id)}"


def survey_path_of(key: bytes, order_id: str) -> str:
    """Where the customer says how the delivery was."""
    return f"/s/{seal(key, order_id, SURVEY)}"
