"""Untyped values of a file into structs, with everything that does not fit told at once.

``msgspec.convert`` stops at the first mistake; who mends a file by hand wants to see them all.
"""

import difflib
import re
import typing
from typing import Any, NamedTuple

import msgspec
from msgspec import structs

_PLACE = re.compile(r" - at `\$(.*)`$")


class Misfit(NamedTuple):
    """What does not fit: the rule, the path of the field, its value, what would mend it."""

    code: str
    field: str
    value: object
    mend: str


def shape(kind: Any, raw: object, path: str, misfits: list[Misfit]) -> Any:
    """``raw`` as ``kind``; None, with entries in ``misfits``, where it does not fit."""
    struct = _struct(kind)
    item = _item_struct(kind)
    if struct and isinstance(raw, dict):
        return _shape_struct(struct, raw, path, misfits)
    if item and isinstance(raw, list):
        before = len(misfits)
        items = [shape(item, each, f"{path}[{at}]", misfits) for at, each in enumerate(raw)]
        return tuple(items) if len(misfits) == before else None
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        inside = _PLACE.search(message)
        mend = _PLACE.sub("", message).replace("`", "")
        field = path + (inside.group(1) if inside else "")
        if message.startswith("Invalid enum value"):
            mend = f"use {' or '.join(map(str, typing.get_args(kind)))}"
        misfits.append(Misfit("malformed", field, _inside(raw, field[len(path) :]), _lower(mend)))
        return None


def _shape_struct(
    kind: type[msgspec.Struct], raw: dict[str, object], path: str, misfits: list[Misfit]
) -> Any:
    before = len(misfits)
    fields = {field.encode_name: field for field in structs.fields(kind)}
    types = typing.get_type_hints(kind, include_extras=True)
    for name in raw:
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            mend = f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"
            misfits.append(Misfit("unknown_field", _join(path, name), None, mend))
    values = {
        field.name: shape(types[field.name], raw[name], _join(path, name), misfits)
        for name, field in fields.items()
        if name in raw
    }
    for name, field in fields.items():
        if field.required and name not in raw:
            misfits.append(Misfit("missing", _join(path, name), None, f"give {name}"))
    return kind(**values) if len(misfits) == before else None


def _struct(kind: Any) -> type[msgspec.Struct] | None:
    choices = [kind, *typing.get_args(kind)]
    return next((k for k in choices if isinstance(k, type) and issubclass(k, msgspec.Struct)), None)


def _item_struct(kind: Any) -> type[msgspec.Struct] | None:
    """Of a list of structs, the struct."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    return _struct(typing.get_args(kind)[0]) if typing.get_origin(kind) is tuple else None


def _inside(raw: object, place: str) -> object:
    """The value at a place such as `[2]`, where it is a list's item."""
    if isinstance(raw, list) and re.fullmatch(r"\[\d+\]", place):
        return raw[int(place[1:-1])]
    return raw


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
