"""What a setting's value must look like, said by the domain that reads it."""

from typing import Any

import msgspec

from server.kernel.errors import Refusal

_SHAPES: dict[str, Any] = {}


def shaped(key: str, shape: Any) -> None:
    """Settings of this key are taken only if they can be read as `shape`, a msgspec type."""
    _SHAPES[key] = shape


def check_setting(key: str, value: Any) -> None:
    """Refuses `malformed` with the place in the value and what is wrong with it there."""
    if key not in _SHAPES:
        return
    try:
        msgspec.convert(value, _SHAPES[key])
    except msgspec.ValidationError as wrong:
        raise Refusal("malformed", field="value", value=key, mend=str(wrong)) from wrong
