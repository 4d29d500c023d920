"""GS1 element strings: cut into application identifiers and checked value by value.

Source: GS1 General Specifications, section 3 (formats), 7.8 (processing) and 7.12 (century of
a two-digit year). Whatever is not certainly right is refused: a wrong scan would be booked.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from server.kernel.gs1_table import EXCLUDES, FORMATS

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
    "no_key_in_uri",
    "repeated_ai",
    "too_long",
    "unknown_ai",
    "unknown_symbology",
]
"""Why a scan is refused; what a person reads about each is in the app's catalogues."""

_SETS = {
    "N": re.compile(r"[0-9]*"),
    "X": re.compile(r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*"),
    "Y": re.compile(r"[#\-/0-9A-Z]*"),
}
_PATTERNS = {
    "hhmi": re.compile(r"([01][0-9]|2[0-3])[0-5][0-9]"),
    "hour": re.compile(r"[01][0-9]|2[0-3]"),
    "hyphen": re.compile(r"-"),
    "nonzero": re.compile(r"(?!0+$)[0-9]+"),
    "nozeroprefix": re.compile(r"0|[1-9][0-9]*"),
    "pcenc": re.compile(r"([^%]|%[0-9A-Fa-f]{2})*"),
    "sixty": re.compile(r"[0-5][0-9]"),
    "winding": re.compile(r"[019]"),
    "yesno": re.compile(r"[01]"),
    "zero": re.compile(r"0"),
}


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


class _Component(NamedTuple):
    charset: str
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


class _Format(NamedTuple):
    predefined: bool
    components: tuple[_Component, ...]

    @property
    def length(self) -> int:
        return sum(component.longest for component in self.components)


def check_digit(payload: str) -> str:
    """The modulo-10 digit after ``payload`` (ASCII digits), GS1 General Specifications 7.9.1."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last of these ASCII digits is the check digit of the others."""
    return len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def iso_date(yymmdd: str, year: int) -> str | None:
    """ISO date of six digits seen from ``year``; day 00 is the month's last. None: no such day.

    The century is the one that puts the year within 49 before and 50 after (section 7.12).
    """
    ahead = int(yymmdd[:2]) - year % 100
    full = year + ahead - (100 if ahead >= 51 else -100 if ahead <= -50 else 0)
    month, day = int(yymmdd[2:4]), int(yymmdd[4:])
    if not 1 <= month <= 12 or full < 1:
        return None
    last = monthrange(full, month)[1]
    return f"{full:04}-{month:02}-{day or last:02}" if day <= last else None


def parse_element_string(text: str, year: int) -> list[Element]:
    """Elements of a raw message with GS between them; raises ``Gs1Error``."""
    elements: list[Element] = []
    at = 1 if text.startswith(GS) else 0
    while at < len(text):
        ai = identifier_at(text, at)
        at += len(ai)
        shape = _formats()[ai]
        end = at + shape.length if shape.predefined else text.find(GS, at)
        end = min(len(text) if end < 0 else end, len(text))
        elements.append(Element(ai, text[at:end]))
        at = end
        while text[at : at + 1] == GS:
            at += 1
    return check_message(elements, year)


def parse_bracketed(text: str, year: int) -> list[Element]:
    """Elements of the printed form, ``(01)…(10)…``; raises ``Gs1Error``."""
    parts = re.split(r"\(([0-9]{2,4})\)", text)
    if parts[0]:
        raise Gs1Error("bad_character")
    return check_message(map(Element, parts[1::2], parts[2::2]), year)


def identifier_at(text: str, at: int) -> str:
    """The known application identifier that starts here; raises ``Gs1Error`` if none does."""
    for length in (2, 3, 4):
        if text[at : at + length] in _formats():
            return text[at : at + length]
    raise Gs1Error("unknown_ai", text[at : at + 4].partition(GS)[0])


def needs_separator(ai: str) -> bool:
    """Whether only GS or the end of the text ends a value of this known identifier."""
    return not _formats()[ai].predefined


def check_message(elements: Iterable[Element], year: int) -> list[Element]:
    """The same elements without repeats, when each and all together are right."""
    seen: dict[str, str] = {}
    for element in elements:
        ai, value = element.ai, element.value
        if ai not in _formats():
            raise Gs1Error("unknown_ai", ai)
        if seen.get(ai, value) != value:
            raise Gs1Error("repeated_ai", ai)
        _check_value(ai, value, year)
        seen[ai] = value
    if not seen:
        raise Gs1Error("empty")
    _check_together(seen)
    return [Element(ai, value) for ai, value in seen.items()]


def _check_together(ais: Iterable[str]) -> None:
    present = list(ais)
    measures = [ai[:3] for ai in present if len(ai) == 4 and ai[0] == "3"]
    for ai in present:
        if any(other in present for other in EXCLUDES.get(ai, ())):
            raise Gs1Error("excluded_ai", ai)
        if len(ai) == 4 and measures.count(ai[:3]) > 1:
            raise Gs1Error("excluded_ai", ai)


def _check_value(ai: str, value: str, year: int) -> None:
    rest = value
    for component in _formats()[ai].components:
        part, rest = rest[: component.longest], rest[component.longest :]
        if component.optional and not part:
            continue
        if not _SETS[component.charset].fullmatch(part):
            raise Gs1Error("bad_character", ai)
        if len(part) < component.shortest:
            raise Gs1Error("bad_length", ai)
        for check in component.checks:
            if not _passes(check, part, year):
                raise Gs1Error(_CODES.get(check, "bad_value"), ai)
    if rest:
        raise Gs1Error("bad_length", ai)


def _passes(check: str, part: str, year: int) -> bool:
    pattern = _PATTERNS.get(check)
    return bool(pattern.fullmatch(part)) if pattern else _CHECKS[check](part, year)


def _is_day(part: str, year: int) -> bool:
    return part[4:] != "00" and iso_date(part, year) is not None


def _is_piece(part: str, _year: int) -> bool:
    return 0 < int(part[:2]) <= int(part[2:])


_CHECKS: dict[str, Callable[[str, int], bool]] = {
    "csum": lambda part, _year: has_check_digit(part),
    "yymmd0": lambda part, year: iso_date(part, year) is not None,
    "yymmdd": _is_day,
    "pieces": _is_piece,
}
_CODES: dict[str, Code] = {"csum": "bad_check_digit", "yymmd0": "bad_date", "yymmdd": "bad_date"}


@cache
def _formats() -> dict[str, _Format]:
    return {ai: _format(text) for span, text in FORMATS.items() for ai in _span(span)}


def _span(text: str) -> list[str]:
    first, _, last = text.partition("-")
    return [f"{ai:0{len(first)}}" for ai in range(int(first), int(last or first) + 1)]


def _format(text: str) -> _Format:
    words = text.split()
    predefined = words[0] == "*"
    return _Format(predefined, tuple(_component(word) for word in words[predefined:]))


def _component(word: str) -> _Component:
    shape, *checks = word.split(",")
    bare = shape.strip("[]")
    longest = int(bare[1:].lstrip("."))
    shortest = 1 if ".." in bare else longest
    return _Component(bare[0], shortest, longest, shape != bare, tuple(checks))
