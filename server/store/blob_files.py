"""Photos and signatures as files: `<root>/<site>/<ab>/<sha256>.part`, then `.bin` and `.jpg`.

The length of the `.part` says how much has arrived; only the hash says that it arrived right. Names
are made here from checked parts, never from what somebody sent.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

from server.kernel.errors import ProtocolError, Unavailable, code
from server.store.durable import sync

WRONG_OFFSET = code("wrong_offset")
_BLOCK = 256 * 1024
HEADROOM = 100 * 1024 * 1024
"""Bytes of the disk that photos leave free."""


@dataclass(frozen=True, slots=True)
class BlobFile:
    """Where one blob of one site lies. `sha256`: 64 hex digits, checked by the caller."""

    root: Path
    site: str
    sha256: str

    @property
    def _base(self) -> Path:
        # A dot is no more special in a site's id than a slash is, and both are allowed there.
        site = quote(self.site, safe="").replace(".", "%2E")
        return self.root / site / self.sha256[:2] / self.sha256

    @property
    def part(self) -> Path:
        return self._base.with_suffix(".part")

    @property
    def whole(self) -> Path:
        return self._base.with_suffix(".bin")

    @property
    def shown(self) -> Path:
        """The picture drawn anew; signatures have none."""
        return self._base.with_suffix(".jpg")


def check_room(root: Path) -> None:
    """Raises Unavailable while the disk is nearly full: what is left is for operations."""
    if shutil.disk_usage(root).free < HEADROOM:
        raise Unavailable("the disk is nearly full")


def begin(blob: BlobFile) -> None:
    """An empty part, whatever was there."""
    check_room(blob.root)
    blob.part.parent.mkdir(parents=True, exist_ok=True)
    with blob.part.open("ab") as part, _locked(part):
        part.truncate(0)


def arrived(blob: BlobFile) -> int:
    """Bytes of the part so far."""
    try:
        return blob.part.stat().st_size
    except FileNotFoundError:
        return 0


def append(blob: BlobFile, offset: int, data: bytes) -> int:
    """Bytes of the part afterwards. Raises ProtocolError `wrong_offset` (409): two senders, or one
    that repeats itself, cannot write over each other."""
    check_room(blob.root)
    try:
        with open_part(blob) as part:
            have = part.seek(0, os.SEEK_END)
            if have != offset:
                raise wrong(offset, have=have)
            part.write(data)
            return have + len(data)
    except FileNotFoundError as gone:  # another sender ended it while this one waited
        raise wrong(offset) from gone


def wrong(offset: int, **more: int) -> ProtocolError:
    mend = "HEAD says how much is here"
    return ProtocolError(WRONG_OFFSET, 409, field="upload-offset", value=offset, mend=mend, **more)


@contextmanager
def open_part(blob: BlobFile) -> Iterator[BinaryIO]:
    """The part, held against every other process and thread. Raises FileNotFoundError when it is
    gone: sealed or forgotten, maybe while this waited for it."""
    with blob.part.open("r+b") as part, _locked(part):
        if not os.path.samestat(os.fstat(part.fileno()), blob.part.stat()):
            raise FileNotFoundError(blob.part)
        yield part


@contextmanager
def _locked(file: BinaryIO) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)


def holds_its_hash(blob: BlobFile, part: BinaryIO) -> bool:
    part.seek(0)
    made = hashlib.sha256()
    while block := part.read(_BLOCK):
        made.update(block)
    return made.hexdigest() == blob.sha256


def seal(blob: BlobFile, part: BinaryIO) -> None:
    """The part becomes the whole, on disk for good when this returns."""
    os.fsync(part.fileno())
    if blob.shown.exists():
        sync(blob.shown)
    blob.part.rename(blob.whole)
    for folder in (blob.whole.parent, blob.whole.parent.parent, blob.root):
        sync(folder)


def put(blob: BlobFile, data: bytes) -> None:
    """The whole at once, on disk for good when this returns; nobody ever sees a half of it."""
    check_room(blob.root)
    blob.whole.parent.mkdir(parents=True, exist_ok=True)
    # Swept away with the other parts, should this end in the middle.
    new = blob.part.with_stem(f"{blob.sha256}-{secrets.token_hex(8)}")
    with new.open("xb") as part:
        part.write(data)
        part.flush()
        os.fsync(part.fileno())
    new.rename(blob.whole)
    for folder in (blob.whole.parent, blob.whole.parent.parent, blob.root):
        sync(folder)


def forget_old(root: Path, before_s: float) -> list[tuple[str, str]]:
    """Remove parts that nobody has added to since; their (site, sha256)."""
    gone = []
    for part in root.glob("*/*/*.part"):
        if part.stat().st_mtime < before_s:
            part.unlink(missing_ok=True)
            gone.append((unquote(part.parent.parent.name), part.stem))
    return gone


def forget(blob: BlobFile) -> None:
    for path in (blob.part, blob.shown):
        path.unlink(missing_ok=True)
