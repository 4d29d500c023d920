"""A device that sends blobs, and pictures to send, honest and hostile."""

import base64
import hashlib
import io
import struct
import zlib

import httpx
import msgspec
from PIL import Image, PngImagePlugin

from tests.asked import Browser

CHUNK = 128 * 1024
STROKES = "application/vnd.dockhand.strokes+json"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def declare(
    who: Browser, data: bytes, mime: str = "image/jpeg", size: int | None = None
) -> httpx.Response:
    told = {"sha256": sha(data), "mime": mime}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items())
    length = str(len(data) if size is None else size)
    return await who.ask("POST", "/blobs", upload_length=length, upload_metadata=metadata)


async def add(who: Browser, name: str, offset: int, piece: bytes) -> httpx.Response:
    return await who.ask("PATCH", f"/blobs/{name}", piece, upload_offset=str(offset))


async def send(who: Browser, data: bytes, mime: str = "image/jpeg") -> httpx.Response:
    """Everything, in chunks; the first answer that is not 204, or the last."""
    answer = await declare(who, data, mime)
    if answer.status_code >= 400:
        return answer
    for offset in range(0, len(data), CHUNK):
        answer = await add(who, sha(data), offset, data[offset : offset + CHUNK])
        if answer.status_code != 204:
            return answer
    return answer


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


def jpeg(width: int = 320, height: int = 240, **how: object) -> bytes:
    return saved(noise(width, height), "JPEG", **how)


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def signature(strokes: object = None) -> bytes:
    drawn = [[{"x": 1200, "y": 900, "t": 0}, {"x": 5200, "y": 2100, "t": 40}]]
    shown = {"v": 1, "width": 10_000, "height": 5_000}
    return msgspec.json.encode(shown | {"strokes": drawn if strokes is None else strokes})


def with_position() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 30.0)})
    return jpeg(exif=exif)


def with_xmp() -> bytes:
    return jpeg(xmp=b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>52,31N</x:xmpmeta>')


def with_comment() -> bytes:
    return jpeg(comment=b"taken at 1 Mill Lane")


def from_safari(width: int = 320, orientation: int = 1) -> bytes:
    """What a canvas of Safari adds to its JPEGs: sizes in EXIF, and an empty IPTC record."""
    exif = struct.pack(">6s2sHIHHHIHH", b"Exif\0\0", b"MM", 42, 8, 2, 0x112, 3, 1, orientation, 0)
    exif += struct.pack(">HHIIIH", 0x8769, 4, 1, 38, 0, 3)
    exif += struct.pack(
        ">HHIHHHHIIHHIII", 0xA001, 3, 1, 1, 0, 0xA002, 4, 1, width, 0xA003, 4, 1, 240, 0
    )
    iptc = b"Photoshop 3.0\x008BIM\x04\x04" + bytes(6) + b"8BIM\x04\x25" + bytes(5) + b"\x10"
    iptc += hashlib.md5(b"", usedforsecurity=False).digest()
    plain = jpeg()
    added = (
        kind + struct.pack(">H", len(body) + 2) + body
        for kind, body in ((b"\xff\xe1", exif), (b"\xff\xed", iptc))
    )
    return plain[:2] + b"".join(added) + plain[2:]


def with_iptc() -> bytes:
    plain = jpeg()
    body = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x05Leeds"
    return plain[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def film() -> bytes:
    """Two pictures in one JPEG (MPO)."""
    return saved(noise(64, 64), "MPO", save_all=True, append_images=[noise(64, 64)])


def png_with_text() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Location", "1 Mill Lane")
    return saved(noise(64, 64), "PNG", pnginfo=told)


def png_bomb(side: int = 13_000) -> bytes:
    """A few thousand bytes that claim, and truly hold, 169 million pixels."""
    row = b"\0" + bytes(side // 8 + 1)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def webp_bomb() -> bytes:
    """268 million pixels of one colour."""
    return saved(Image.new("RGB", (16_383, 2_000)), "WEBP", lossless=True, quality=0, method=0)
