"""Codes for goods that bring none: the numbers GS1 leaves to a house's own use."""

import hashlib
from collections.abc import Container

from server.kernel.gs1 import check_digit

_RANGE = 10**11


def own_ean13(sku: str, taken: Container[str] = ()) -> str:
    """An EAN-13 of the restricted range 20-29 (GS1 General Specifications 1.4.2), the same for the
    same SKU every time, unless `taken` holds it already: then the next that is free."""
    salt = 0
    while True:
        digest = hashlib.sha256(f"{sku}/{salt}".encode()).digest()
        payload = f"2{int.from_bytes(digest[:8]) % _RANGE:011d}"
        code = payload + check_digit(payload)
        if code not in taken:
            return code
        salt += 1


def gtin14(ean13: str) -> str:
    """As scans are resolved: fourteen digits."""
    return ean13.zfill(14)
