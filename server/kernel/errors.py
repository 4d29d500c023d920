"""Everything that can go wrong, by what follows from it.

DockhandError
├── Refusal          a request that may not happen, or malformed input; told with a code
├── Unavailable      trouble of the infrastructure: nothing counted, send it again (503)
└── ProtocolError    the device and the server disagree about the conversation itself
"""

from typing import Any, ClassVar

CODES: set[str] = set()
"""Every code that a person may be shown; the catalogues must have words for each."""


def code(name: str) -> str:
    """Declare a code. Declaring it makes it part of the generated enum."""
    CODES.add(name)
    return name


class DockhandError(Exception):
    pass


class Refusal(DockhandError):
    """`data` may name the `field`, the `value` and the `mend`; the words belong to the reader."""

    def __init__(self, why: str, **data: Any) -> None:
        if why not in CODES:
            raise ValueError(f"refusal code {why!r} was never declared")
        super().__init__(why)
        self.code = why
        self.data = data


class Unavailable(DockhandError):
    """Locked, full, cut off. The caller answers 503 and the device sends again."""


class ProtocolError(DockhandError):
    status: ClassVar[int] = 400

    def __init__(self, why: str, status: int = 400, **data: Any) -> None:
        super().__init__(why)
        self.code = code(why)
        self.http_status = status
        self.data = data


for _name in (
    "malformed",
    "unknown_operation",
    "not_allowed",
    "not_found",
    "stale",
    "already_done",
    "too_large",
    "too_old",
    "busy",
    "wait",
    "fork",
    "rewound",
    "revoked",
    "foreign_origin",
    "not_signed_in",
    "bad_sign_in",
    "bad_code",
    "bad_signature",
    "bad_hash",
    "bad_image",
    "wrong_device",
    "handler_failed",
    "internal",
):
    code(_name)
