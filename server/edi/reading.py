"""Interchanges as others write them (ISO 9735, syntax versions 1 to 4).

The envelope is checked: whoever counts wrong has lost something on the way. What the segments mean
is the reader's.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

CHARSETS = {
    "UNOA": "iso8859-1",
    "UNOB": "iso8859-1",
    "UNOC": "iso8859-1",
    "UNOD": "iso8859-2",
    "UNOE": "iso8859-5",
    "UNOF": "iso8859-7",
    "UNOG": "iso8859-3",
    "UNOH": "iso8859-4",
    "UNOI": "iso8859-6",
    "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9",
    "UNOW": "utf-8",
    "UNOY": "utf-8",
}
"""Of data element 0001. UNOA and UNOB are less than Latin-1, but many say them who write more; of
UNOY (UCS) only what is written as UTF-8 is read."""
_BOM = b"\xef\xbb\xbf"
_NAMED = re.compile(rb"UNB.(UNO[A-Z])")


class BadEdifact(ValueError):
    """`why`: a word; `at`: which segment, from 1, 0: the whole; `found`: what stands there."""

    def __init__(self, why: str, at: int = 0, found: str = "") -> None:
        super().__init__(f"{why} at segment {at}: {found[:60]!r}")
        self.why, self.at, self.found = why, at, found


class Segment(NamedTuple):
    """`elements`: each as its components. `at`: the how-manieth of its interchange, from 1."""

    tag: str
    elements: tuple[tuple[str, ...], ...]
    at: int = 0

    def value(self, element: int, component: int = 0) -> str:
        """From 0, behind the tag; empty where it is left out."""
        if element >= len(self.elements) or component >= len(self.elements[element]):
            return ""
        return self.elements[element][component]


class Message(NamedTuple):
    """`kind`: ORDERS; `segments`: without UNH and UNT."""

    kind: str
    reference: str
    segments: tuple[Segment, ...]

    def of(self, tag: str) -> Iterator[Segment]:
        return (s for s in self.segments if s.tag == tag)


class Interchange(NamedTuple):
    sender: str
    recipient: str
    reference: str
    messages: tuple[Message, ...]
    head: Segment


class Signs(NamedTuple):
    """What separates, as UNA says; `release` of a space: none."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    end: str = "'"


def read(data: bytes) -> Interchange:
    """Raises BadEdifact, whatever was given."""
    return assembled(segments(text_of(data)))


def text_of(data: bytes) -> str:
    """By its byte order mark, else as its UNB says."""
    if data.startswith(_BOM):
        charset, data = "utf-8", data[len(_BOM) :]
    else:
        named = _NAMED.search(data[:200])
        charset = CHARSETS.get(named[1].decode() if named else "", "iso8859-1")
    try:
        return data.decode(charset)
    except UnicodeDecodeError as wrong:
        raise BadEdifact("characters", found=f"byte {wrong.start} is not {charset}") from None


def segments(text: str) -> list[Segment]:
    """Where somebody broke lines means nothing, unless lines end segments."""
    text = text.lstrip()
    signs = Signs()
    if text.startswith("UNA"):
        if len(text) < 9:
            raise BadEdifact("no_interchange", found=text)
        signs = Signs(text[3], text[4], text[6], text[8])
        text = text[9:]
    if signs.end not in "\r\n":
        text = text.replace("\r", "").replace("\n", "")
    parts = _split(text, signs.end, signs.release)
    if parts.pop().strip():
        raise BadEdifact("cut_short", len(parts) + 1, text[-60:])
    told = (part.strip("\r\n\t ") for part in parts)
    return [_segment(part, signs, at) for at, part in enumerate(filter(None, told), 1)]


def _segment(text: str, signs: Signs, at: int) -> Segment:
    tag, *elements = _split(text, signs.element, signs.release)
    tag = tag.partition(signs.component)[0]
    if not re.fullmatch("[A-Z][A-Z0-9]{2}", tag):
        raise BadEdifact("no_segment", at, text)
    return Segment(tag, tuple(_components(each, signs) for each in elements), at)


def _components(text: str, signs: Signs) -> tuple[str, ...]:
    parts = _split(text, signs.component, signs.release)
    if signs.release == " ":
        return tuple(parts)
    released = re.compile(re.escape(signs.release) + "(.)", re.DOTALL)
    return tuple(released.sub(r"\1", part) for part in parts)


def _split(text: str, separator: str, release: str) -> list[str]:
    """Where the separator is not released."""
    at_separator = re.escape(separator)
    if release != " ":
        at_separator = f"{re.escape(release)}.|{at_separator}"
    parts, start = [], 0
    for found in re.finditer(at_separator, text, re.DOTALL):
        if found[0] == separator:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


def assembled(found: list[Segment]) -> Interchange:
    """Raises BadEdifact where the envelope and what is in it do not agree."""
    if not found or found[0].tag != "UNB":
        raise BadEdifact("no_interchange", 1, found[0].tag if found else "")
    head, tail = found[0], found[-1]
    if tail.tag != "UNZ":
        raise BadEdifact("cut_short", tail.at, tail.tag)
    messages, groups = _messages(found[1:-1])
    _agrees(tail, groups or len(messages), head.value(4))
    return Interchange(head.value(1), head.value(2), head.value(4), tuple(messages), head)


def _messages(found: list[Segment]) -> tuple[list[Message], int]:
    """And how many groups they are in."""
    messages: list[Message] = []
    groups, group_from = 0, 0
    opened: Segment | None = None
    inside: list[Segment] = []
    for s in found:
        if s.tag == "UNH" and opened is None:
            opened, inside = s, []
        elif s.tag == "UNT" and opened is not None:
            _agrees(s, len(inside) + 2, opened.value(0))
            messages.append(Message(opened.value(1), opened.value(0), tuple(inside)))
            opened = None
        elif s.tag == "UNG" and opened is None:
            groups, group_from = groups + 1, len(messages)
        elif s.tag == "UNE" and opened is None:
            _agrees(s, len(messages) - group_from)
        elif opened is not None and (not s.tag.startswith("UN") or s.tag == "UNS"):
            inside.append(s)
        else:
            raise BadEdifact("out_of_place", s.at, s.tag)
    if opened is not None:
        raise BadEdifact("cut_short", opened.at, opened.value(0))
    return messages, groups


def _agrees(tail: Segment, count: int, reference: str | None = None) -> None:
    said = tail.value(0)
    if not said.isdigit() or int(said) != count:
        raise BadEdifact("wrong_count", tail.at, f"{said}, not {count}")
    if reference is not None and tail.value(1) != reference:
        raise BadEdifact("wrong_reference", tail.at, tail.value(1))
