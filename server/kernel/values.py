"""The words every module shares: bounded identifiers, quantities, moments and money.

Bounds live in the types, so that no handler has to check a length again.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9:._/-]+$")]
Code = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
Scan = Annotated[str, Meta(max_length=4296)]
Qty = Annotated[int, Meta(ge=0, le=1_000_000)]
Pieces = Annotated[int, Meta(ge=1, le=1_000_000)]
LineNo = Annotated[int, Meta(ge=1, le=100_000)]
Epoch = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Moment = Annotated[int, Meta(ge=0, le=9_999_999_999_999)]
"""Milliseconds since 1970, UTC."""
Minor = Annotated[int, Meta(ge=-(10**15), le=10**15)]
"""Money in the currency's smallest unit."""
BlobRef = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
SHA256_HEX = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Role(StrEnum):
    PICKER = "picker"
    PACKER = "packer"
    DRIVER = "driver"
    SUPERVISOR = "supervisor"
    SERVICE = "service"
    ADMIN = "admin"
    SYSTEM = "system"


FLOOR = frozenset({Role.PICKER, Role.PACKER, Role.DRIVER, Role.SUPERVISOR})
DESK = frozenset({Role.SUPERVISOR, Role.SERVICE, Role.ADMIN})
