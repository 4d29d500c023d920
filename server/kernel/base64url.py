"""RFC 4648 base64url without padding, read strictly: one text for the same bytes, and no other.

The usual decoders drop the bits that the last letter has to spare and letters they do not know.
A signature altered there would still be accepted, and a file would seem untouched that is not.
"""

import base64


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError for anything that `encode` would not have written."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (ValueError, UnicodeError) as wrong:
        raise ValueError("not base64url") from wrong
    if encode(data) != text:
        raise ValueError("not the base64url of its bytes")
    return data
