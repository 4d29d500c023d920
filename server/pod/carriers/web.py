"""Where a parcel is, asked of a server over HTTP: the carrier's own behind a bridge of the site's.

`{"events": [{"ref": "…", "code": "…", "text": "…", "at": 1790661600000, "seq": 0, "place": "…"}]}`
"""

import urllib.request
from http.client import HTTPException
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import Meta

from server.pod.carriers.shapes import Reported

LONGEST = 1_000_000
"""Bytes of an answer."""


class Silent(Exception):
    """It did not answer, or nothing that can be read."""


class _Event(msgspec.Struct, frozen=True):
    ref: Annotated[str, Meta(max_length=64)] = ""
    code: Annotated[str, Meta(max_length=64)] = ""
    text: str = ""
    at: Annotated[int, Meta(ge=0, le=10**14)] = 0
    seq: Annotated[int, Meta(ge=0, le=10**9)] = 0
    place: str = ""


class _Answer(msgspec.Struct, frozen=True):
    events: Annotated[list[_Event], Meta(max_length=1_000)] = []


def told(url: str, number: str, timeout_s: int) -> list[Reported]:
    """`url` with `{number}`. Raises `Silent`."""
    asked = url.replace("{number}", quote(number, safe=""))
    try:
        with urllib.request.urlopen(asked, timeout=timeout_s) as answer:  # noqa: S310  http(s) by the setting's pattern
            body = answer.read(LONGEST + 1)
        if len(body) > LONGEST:
            raise Silent(f"more than {LONGEST} bytes")
        found = msgspec.json.decode(body, type=_Answer)
    except (OSError, HTTPException, ValueError, msgspec.MsgspecError) as error:
        raise Silent(str(error)[:200]) from error
    return [Reported(number=number, **msgspec.structs.asdict(event)) for event in found.events]
