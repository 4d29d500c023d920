"""Whatever an operation or an event may say has a word on the audit screen, in every language."""

from collections.abc import Iterator

import pytest
from msgspec import inspect as mi

import server.app  # noqa: F401  registers everything
from server.gen import LANGUAGES, catalogue
from server.kernel.events import EVENTS
from server.kernel.ops import REGISTRY


def fields_of(of: mi.Type) -> Iterator[str]:
    """Names of the fields of a struct, and of those inside it."""
    match of:
        case mi.StructType(fields=fields):
            for field in fields:
                yield field.encode_name
                yield from fields_of(field.type)
        case mi.ListType(item_type=inner) | mi.VarTupleType(item_type=inner):
            yield from fields_of(inner)
        case mi.DictType(value_type=inner):
            yield from fields_of(inner)
        case mi.UnionType(types=types):
            for inner in types:
                yield from fields_of(inner)


def said() -> set[str]:
    shapes = [operation.args for operation in REGISTRY.values()] + list(EVENTS.values())
    ours = [shape for shape in shapes if shape.__module__.startswith("server.")]
    return {name for shape in ours for name in fields_of(mi.type_info(shape))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_word(language: str) -> None:
    audit, service = catalogue(language, "audit"), catalogue(language, "service")
    named = {key.removeprefix("field_") for key in (*audit, *service) if key.startswith("field_")}
    named |= {key.removeprefix("to_") for key in service if key.startswith("to_")}
    assert said() - named == set()


def test_fields_within_fields_are_seen() -> None:
    """The twin: the walk reaches into lists and structs, so that a name there can be missed."""
    assert {"sku", "minute", "postcode"} <= said()
