"""Ends of the audit chain, signed with the site's key and kept outside of the database.

Whoever cuts the newest rows off the database leaves a chain that holds, but that ends before what
was signed here. One line of JSON each in `audit.heads`, in the folder of the site's keys; a copy of
that file in other hands shows even what somebody with the whole machine has done.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec
import rfc8785

from server.store.audit import Head
from server.store.site_keys import SiteKey

FILE = "audit.heads"


class Told(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`head`: the chain reached this. `restored`: a backup that ends here was put back, and what
    had followed is gone with the store that was lost. `at` in ms."""

    what: Literal["head", "restored"]
    site: str
    ver: int
    link: str
    at: int

    def body(self) -> bytes:
        return rfc8785.dumps(msgspec.structs.asdict(self))


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    told: Told
    key: str
    signature: str


def write(
    folder: Path, heads: Iterable[Head], what: Literal["head", "restored"], at: int, key: SiteKey
) -> None:
    """Append and reach the disk. Raises OSError where it cannot."""
    lines = []
    for head in heads:
        told = Told(what=what, site=head.site, ver=head.ver, link=head.link, at=at)
        line = Line(told=told, key=key.kid, signature=key.sign(told.body()))
        lines.append(msgspec.json.encode(line) + b"\n")
    with (folder / FILE).open("ab") as file:
        file.write(b"".join(lines))
        file.flush()
        os.fsync(file.fileno())


def lines(folder: Path) -> Iterator[Line | None]:
    """As they were written; None for one that cannot be read. Nobody has checked them yet."""
    path = folder / FILE
    for text in path.read_bytes().splitlines() if path.exists() else ():
        try:
            yield msgspec.json.decode(text, type=Line)
        except msgspec.DecodeError:
            yield None
