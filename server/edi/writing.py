"""Interchanges as we write them (ISO 9735): syntax version 3 in Latin-1, or 4 in UTF-8.

Without line breaks, which belong to no character set of the standard, and with a UNA, so that
nobody has to guess.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from server.edi.reading import CHARSETS, Message, Segment

Charset = Literal["UNOC", "UNOW"]
LONGEST_REFERENCE = 35
"""Characters of a document's number or a party's identification (an..35)."""
_UNA = {"UNOC": "UNA:+.? '", "UNOW": "UNA:+.?*'"}
_VERSION = {"UNOC": "3", "UNOW": "4"}
_SERVICE = {"UNOC": re.compile(r"[?:+']"), "UNOW": re.compile(r"[?:+'*]")}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Unfit(ValueError):
    """What cannot be said in this character set, or in that many characters."""


class Party(NamedTuple):
    """`qualifier`: whose number it is (0007): 14 a GLN, empty: as agreed."""

    id: str
    qualifier: str


class Envelope(NamedTuple):
    """`at`: local, as the sender's clock says. `test`: the receiver must not act on it.
    `asks`: the receiver is to acknowledge it."""

    sender: Party
    recipient: Party
    reference: str
    at: dt.datetime
    charset: Charset = "UNOC"
    test: bool = False
    asks: bool = False


def segment(tag: str, *elements: str | tuple[str, ...]) -> Segment:
    return Segment(tag, tuple((e,) if isinstance(e, str) else e for e in elements))


def reference(said: str) -> str:
    """Raises Unfit: half a number is another number."""
    if len(said) > LONGEST_REFERENCE:
        raise Unfit(f"{said[:12]}… has {len(said)} characters, {LONGEST_REFERENCE} fit")
    return said


def written(envelope: Envelope, messages: Sequence[tuple[str, Message]]) -> bytes:
    """`messages`: each with its type as UNH has it, without its own name: `D:96A:UN`. Raises
    Unfit."""
    charset = envelope.charset
    body = [_head(envelope)]
    for version, message in messages:
        kind = (message.kind, *version.split(":"))
        body += [segment("UNH", message.reference, kind), *message.segments]
        count = str(len(message.segments) + 2)
        body.append(segment("UNT", count, message.reference))
    body.append(segment("UNZ", str(len(messages)), envelope.reference))
    text = _UNA[charset] + "".join(_told(each, charset) for each in body)
    try:
        return text.encode(CHARSETS[charset])
    except UnicodeEncodeError as wrong:
        raise Unfit(f"{wrong.object[wrong.start]!r} is not in {charset}") from None


def _head(envelope: Envelope) -> Segment:
    day = "%Y%m%d" if envelope.charset == "UNOW" else "%y%m%d"
    return segment(
        "UNB",
        (envelope.charset, _VERSION[envelope.charset]),
        envelope.sender,
        envelope.recipient,
        (f"{envelope.at:{day}}", f"{envelope.at:%H%M}"),
        envelope.reference,
        *("", "", ""),
        "1" if envelope.asks else "",
        "",
        "1" if envelope.test else "",
    )


def _told(s: Segment, charset: Charset) -> str:
    """What is empty at the end is left out, as the standard wants it."""
    elements = [
        ":".join(_bare([_escaped(c, charset) for c in components])) for components in s.elements
    ]
    return "+".join([s.tag, *_bare(elements)]) + "'"


def _bare(values: list[str]) -> list[str]:
    while values and not values[-1]:
        values = values[:-1]
    return values


def _escaped(value: str, charset: Charset) -> str:
    return _SERVICE[charset].sub(r"?\g<0>", _CONTROL.sub(" ", value))
