"""GS1 element strings: cut into application identifiers and checked, each and all together.

Source: GS1 General Specifications, section 3 (formats), 4.13 (what goes together) and 7.8
(processing); the rules come from the generated ``gs1_table.py``. Whatever is not certainly right
is refused: a wrong scan would be booked.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import msgspec

from server.kernel.gs1_checks import CHECKS, check_digit, has_check_digit, iso_date
from server.kernel.gs1_formats import Component, formats, matches

__all__ = ["check_digit", "has_check_digit", "iso_date"]

GS = "\x1d"

Code = Literal[
    "bad_character",
    "bad_check_digit",
    "bad_date",
    "bad_length",
    "bad_uri",
    "bad_value",
    "empty",
    "excluded_ai",
    "missing_ai",
    "no_key_in_uri",
    "repeated_ai",
    "too_long",
    "unknown_ai",
    "unknown_symbology",
]
"""Why a scan is refused; what a person reads about each is in the app's catalogues."""

_CODES: dict[str, Code] = {
    **dict.fromkeys(("csetnumeric", "cset39", "cset64", "cset82"), "bad_character"),
    **dict.fromkeys(("csum", "csumalpha"), "bad_check_digit"),
    **dict.fromkeys(("yymmd0", "yymmdd", "yyyymmd0", "yyyymmdd"), "bad_date"),
}
_KEY_PARTS = {"02", "21", "22", "37", "250", "254", "8011", "8019", "8026", "8030"}
_SERIALISED = {"253": 13, "255": 13, "8003": 14}
_NO_TIME = {("4324", "9999"), ("4325", "9999")}
"""A day of delivery without a time of day: the dictionary's check knows it not."""
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)((?:\\.|[^(\\])*)", re.DOTALL)


class Element(msgspec.Struct, frozen=True):
    """One application identifier with its value, as sent: digits and dates untouched."""

    ai: str
    value: str


class Gs1Error(ValueError):
    """The text breaks a GS1 rule; ``code`` says which, ``ai`` where (empty: before any)."""

    def __init__(self, code: Code, ai: str = "") -> None:
        super().__init__(code, ai)
        self.code: Code = code
        self.ai = ai


def parse_element_string(text: str, year: int) -> list[Element]:
    """Elements of a raw message with GS between them; raises ``Gs1Error``."""
    elements: list[Element] = []
    at = 1 if text.startswith(GS) else 0
    while at < len(text):
        ai = identifier_at(text, at)
        at += len(ai)
        shape = formats()[ai]
        end = at + shape.length if shape.predefined else text.find(GS, at)
        end = min(len(text) if end < 0 else end, len(text))
        elements.append(Element(ai, text[at:end]))
        at = end
        while text[at : at + 1] == GS:
            at += 1
    return check_message(elements, year)


def parse_bracketed(text: str, year: int) -> list[Element]:
    """Elements of the printed form, ``(01)…(10)…``; raises ``Gs1Error``.

    A value's own opening bracket is written ``\\(``: otherwise none is surely an identifier's.
    """
    parts = [*_BRACKETED.finditer(text)]
    if sum(len(part[0]) for part in parts) != len(text):
        raise Gs1Error("bad_character")
    return check_message((Element(p[1], p[2].replace("\\(", "(")) for p in parts), year)


def identifier_at(text: str, at: int) -> str:
    """The known application identifier that starts here; raises ``Gs1Error`` if none does."""
    for length in (2, 3, 4):
        if text[at : at + length] in formats():
            return text[at : at + length]
    raise Gs1Error("unknown_ai", text[at : at + 4].partition(GS)[0])


def needs_separator(ai: str) -> bool:
    """Whether only GS or the end of the text ends a value of this known identifier."""
    return not formats()[ai].predefined


def check_message(elements: Iterable[Element], year: int) -> list[Element]:
    """The same elements without repeats, when each is right and none excludes another."""
    seen: dict[str, str] = {}
    for element in elements:
        ai, value = element.ai, element.value
        if ai not in formats():
            raise Gs1Error("unknown_ai", ai)
        if seen.get(ai, value) != value:
            raise Gs1Error("repeated_ai", ai)
        _check_value(ai, value, year)
        seen[ai] = value
    if not seen:
        raise Gs1Error("empty")
    _check_exclusions(seen)
    _check_signature(seen)
    return [Element(ai, value) for ai, value in seen.items()]


def check_companions(ais: Collection[str], beside: Collection[str]) -> str | None:
    """The first of these identifiers that demands one which neither stands here nor ``beside``.

    The standard asks for them over all codes of one item, and a lot often has a code of its own.
    But what is part of a key, such as a serial number, says nothing without the rest of the key:
    alone it raises ``Gs1Error``.
    """
    known = [*ais, *beside]
    lonely = [ai for ai in ais if not all(_is_met(groups, known) for groups in _required(ai))]
    for ai in lonely:
        if ai in _KEY_PARTS:
            raise Gs1Error("missing_ai", ai)
    return lonely[0] if lonely else None


def _required(ai: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    return formats()[ai].required


def _is_met(groups: Iterable[tuple[str, ...]], present: Collection[str]) -> bool:
    return any(
        all(any(matches(ai, pattern) for ai in present) for pattern in group) for group in groups
    )


def _check_exclusions(present: Collection[str]) -> None:
    for ai in present:
        for pattern in formats()[ai].excluded:
            if any(other != ai and matches(other, pattern) for other in present):
                raise Gs1Error("excluded_ai", ai)


def _check_signature(values: Mapping[str, str]) -> None:
    """A digital signature (8030) vouches for one thing: its key must carry a serial number."""
    if "8030" not in values:
        return
    for ai, length in _SERIALISED.items():
        if len(values.get(ai, "-" * 99)) <= length:
            raise Gs1Error("missing_ai", ai)


def _check_value(ai: str, value: str, year: int) -> None:
    rest = value
    for component in formats()[ai].components:
        part, rest = rest[: component.longest], rest[component.longest :]
        if not (component.optional and not part):
            _check_part(ai, component, part, year)
    if rest:
        raise Gs1Error("bad_length", ai)


def _check_part(ai: str, component: Component, part: str, year: int) -> None:
    charset, *checks = component.checks
    if not CHECKS[charset](part, year):
        raise Gs1Error("bad_character", ai)
    if len(part) < component.shortest:
        raise Gs1Error("bad_length", ai)
    for check in checks:
        if not CHECKS[check](part, year) and (ai, part) not in _NO_TIME:
            raise Gs1Error(_CODES.get(check, "bad_value"), ai)
