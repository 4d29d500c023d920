"""What a setting's value must look like, said by the domain that reads it."""

import re
from typing import Any

import msgspec

from server.kernel.errors import Refusal

_SHAPES: dict[str, Any] = {}
_PATH = re.compile(r"`\$(.*?)`")


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
        place = _PATH.search(str(wrong))
        mend = str(wrong).partition(" - at ")[0]
        field = f"value{place.group(1) if place else ''}"
        raise Refusal("malformed", field=field, value=key, mend=mend) from wrong
