"""What of an operation's contents a reader may see, field by field."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from server.kernel.values import Role

MOST = 300
"""Fields of one operation that are shown; an import of a thousand lines is not read through."""
_SECRET = re.compile(r"(^|_)(pin|salt|secret|password|token|key|credentials?)$")
_SECRET_OF = {"pod.put_pin": frozenset({"hash"})}
"""Beside what is secret under any name: a PIN's hash could be tried out."""
_PERSONAL = frozenset(
    {
        *("name", "street", "postcode", "phone", "email", "lat", "lon", "lat_e7", "lon_e7"),
        *("acc_cm", "customer_name", "receiver", "signature", "shown"),
    }
)
_OF_GOODS = re.compile(r"(^|\.)lines\.\d+\.name$")
"""An item's name is nobody's."""
_WHY = ("reason", "note")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """`path`: names and numbers from the outside in, between dots. `hidden`: `personal` is for the
    administrator, `secret` for nobody; then `value` is None."""

    path: str
    value: str | int | float | bool | None
    hidden: str = ""


def facts(kind: str, body: Any, role: Role | None) -> list[Fact]:
    """`body`: of an operation or event of `kind`, as it was said. Empty fields say nothing."""
    told: list[Fact] = []
    for path, value in _leaves("", body):
        if len(told) == MOST:
            break
        hidden = _hidden(kind, path, role)
        told.append(Fact(path=path, value=None if hidden else value, hidden=hidden))
    return told


def why(body: Any) -> str:
    """The reason that was given; empty where none was."""
    said = [body.get(name) for name in _WHY] if isinstance(body, dict) else []
    return next((text for text in said if isinstance(text, str) and text), "")


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        named = ((str(name), inner) for name, inner in value.items())
    elif isinstance(value, list):
        named = ((str(at), inner) for at, inner in enumerate(value, 1))
    else:
        if value not in ("", None):
            yield path, value
        return
    for name, inner in named:
        yield from _leaves(f"{path}.{name}" if path else name, inner)


def _hidden(kind: str, path: str, role: Role | None) -> str:
    names = [name for name in path.split(".") if not name.isdigit()]
    if any(_SECRET.search(n) or n in _SECRET_OF.get(kind, ()) for n in names[:1] + names[-1:]):
        return "secret" if names != ["key"] else ""
    last = names[-1] if names else ""
    if role is Role.ADMIN or last not in _PERSONAL or _OF_GOODS.search(path):
        return ""
    return "personal"
