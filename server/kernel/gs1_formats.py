"""The rule of each GS1 application identifier, read from the generated table.

Notation of the GS1 syntax dictionary: ``*`` marks a predefined length (the value needs no FNC1
after it), ``?`` an identifier that may stand in the query of a GS1 Digital Link. Then the value's
components: a character set (``N`` digits, ``X`` set 82, ``Y`` set 39, ``Z`` set 64), a length or
``..`` and the longest length, and the checks it must pass; brackets mark a component that may be
missing. ``req`` names identifiers of which one (or one with another, ``+``) must come along,
``ex`` those that must not, ``dlpkey`` makes it the key of a link with these qualifiers.
"""

import re
from functools import cache
from typing import NamedTuple

from server.kernel.gs1_table import TABLE

_SETS = {"N": "csetnumeric", "X": "cset82", "Y": "cset39", "Z": "cset64"}


class Component(NamedTuple):
    """A part of a value: how long in characters, and the checks it must pass in turn."""

    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


class Format(NamedTuple):
    """The rule of one identifier.

    ``required``: each entry must be met, by any one of its groups, by all patterns of a group.
    ``qualifiers``: alternative orders of a link's qualifiers; None when it is no link's key.
    """

    predefined: bool
    attribute: bool
    components: tuple[Component, ...]
    required: tuple[tuple[tuple[str, ...], ...], ...]
    excluded: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None

    @property
    def length(self) -> int:
        """Characters of the longest value."""
        return sum(component.longest for component in self.components)


@cache
def formats() -> dict[str, Format]:
    """Every known identifier with its rule."""
    found: dict[str, Format] = {}
    for line in TABLE.replace("\n ", " ").splitlines():
        rule, _, spans = line.rpartition(": ")
        for span in spans.split():
            for ai in _span(span):
                found[ai] = _format(rule.replace("~", ai[:3]).split())
    return found


def matches(ai: str, pattern: str) -> bool:
    """Whether an identifier is the one named, ``n`` standing for any digit: 3103 is ``31nn``."""
    return len(ai) == len(pattern) and ai.startswith(pattern.rstrip("n"))


def _span(text: str) -> list[str]:
    first, _, last = text.partition("-")
    return [f"{ai:0{len(first)}}" for ai in range(int(first), int(last or first) + 1)]


def _format(words: list[str]) -> Format:
    flags = words[0] if words[0][0] in "*?" else ""
    attributes = [word.partition("=") for word in words if re.match("req=|ex=|dlpkey", word)]
    components = [word for word in words if re.match(r"\[?[NXYZ][0-9.]", word)]
    orders = [order for name, _, order in attributes if name == "dlpkey"]
    return Format(
        predefined="*" in flags,
        attribute="?" in flags,
        components=tuple(_component(word) for word in components),
        required=tuple(_groups(names) for name, _, names in attributes if name == "req"),
        excluded=tuple(p for name, _, names in attributes if name == "ex" for p in _list(names)),
        qualifiers=tuple(_list(order) for order in orders[0].split("|")) if orders else None,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _groups(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group.split("+")) for group in text.split(","))


def _component(word: str) -> Component:
    shape, *checks = word.split(",")
    bare = shape.strip("[]")
    longest = int(bare[1:].lstrip("."))
    shortest = 1 if ".." in bare else longest
    return Component(shortest, longest, shape != bare, (_SETS[bare[0]], *checks))
