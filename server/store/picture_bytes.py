"""Is a picture only a picture? A walk over the segments of a JPEG, PNG or WebP file, no decoding.

What the device signed is kept byte for byte, so nothing can be taken out of it here: a picture that
carries a position, a comment, a thumbnail or anything behind its end is refused as it stands.
Sources: ITU-T T.81 annex B, PNG (W3C, third edition) 5 and 11.3, RFC 9649 2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`field`: format, metadata or end; `value`: the segment that is at fault."""

    field: str
    value: str


_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_END, _SCAN, _JFIF, _PROFILE, _ADOBE = 0xD9, 0xDA, 0xE0, 0xE2, 0xEE
_PLAIN = frozenset(range(0xC0, 0xD0)) - {0xC8} | {0xDB, 0xDD, _SCAN, _ADOBE}
_COMMENT, _APPLICATIONS = 0xFE, range(0xE0, 0xF0)
_JFIF_WITHOUT_THUMBNAIL = 16
_WRITTEN_BY_SAFARI = re.compile(
    # EXIF with an upright orientation, colour space, width and height, and nothing else …
    rb"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x01\0\0"
    rb"\x87\x69\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0"
    rb"\0\x03\xa0\x01\0\x03\0\0\0\x01..\0\0\xa0\x02\0\x04\0\0\0\x01....\xa0\x03\0\x04\0\0\0\x01...."
    rb"\0\0\0\0"
    # … and the MD5 of an empty IPTC record. No canvas of that browser draws a JPEG without them.
    rb"|Photoshop 3\.0\x008BIM\x04\x04\0\0\0\0\0\x008BIM\x04\x25\0\0\0\0\0\x10"
    rb"\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e",
    re.DOTALL,
)


def _jpeg(data: bytes) -> Fault | None:
    at, scanning = 2, False
    while found := _MARKER.search(data, at):
        marker, at_length = found[1][0], found.end()
        if found.start() != at and not scanning:
            return Fault("format", "bytes between segments")
        if marker == _END:
            return None if at_length == len(data) else Fault("end", "bytes after the picture")
        length = int.from_bytes(data[at_length : at_length + 2])
        if fault := _segment(marker, length, data[at_length + 2 : at_length + length]):
            return fault
        at, scanning = at_length + length, marker == _SCAN
    return Fault("format", "no end")


def _segment(marker: int, length: int, body: bytes) -> Fault | None:
    if marker == _COMMENT:
        return Fault("metadata", "comment")
    if length < 2:
        return Fault("format", f"segment {marker:02X}")
    if marker == _JFIF and body.startswith(b"JFIF\0"):
        return None if length == _JFIF_WITHOUT_THUMBNAIL else Fault("metadata", "thumbnail")
    if marker in _PLAIN or (marker == _PROFILE and body.startswith(b"ICC_PROFILE\0")):
        return None
    if _WRITTEN_BY_SAFARI.fullmatch(body):
        return None
    known = marker in _APPLICATIONS
    return Fault("metadata" if known else "format", f"segment {marker:02X}")


_PNG_CHUNKS = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP")
) | {b"sBIT", b"bKGD", b"pHYs"}
_PNG_HEAD = 8


def _png(data: bytes) -> Fault | None:
    at = _PNG_HEAD
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        at += 12 + length
        if kind not in _PNG_CHUNKS:
            return Fault("metadata", kind.decode("ascii", "replace"))
        if kind == b"IEND":
            return None if at == len(data) else Fault("end", "bytes after the picture")
    return Fault("format", "no end")


_WEBP_CHUNKS = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))
_WEBP_HEAD = 12


def _webp(data: bytes) -> Fault | None:
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return Fault("end", "another length than its head says")
    at = _WEBP_HEAD
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if kind not in _WEBP_CHUNKS:
            return Fault("metadata", kind.decode("ascii", "replace").strip())
        at += 8 + length + length % 2
    return None if at == len(data) else Fault("format", "no end")


_Check = Callable[[bytes], Fault | None]
_FORMATS: dict[str, tuple[re.Pattern[bytes], _Check]] = {
    "image/jpeg": (re.compile(rb"\xff\xd8\xff"), _jpeg),
    "image/png": (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    "image/webp": (re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
}
MIMES = frozenset(_FORMATS)


def fault_of(data: bytes, mime: str) -> Fault | None:
    """The first thing that is wrong with a file that claims to be a picture of type `mime`."""
    head, check = _FORMATS[mime]
    if not head.match(data):
        return Fault("format", f"not {mime}")
    return check(data)
