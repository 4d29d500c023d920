"""Pictures of a receipt as SVG: the signature, the place, the photo."""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from server.documents.errors import PrintError

PHOTO_SIDE = 1200
"""Longest side of a printed photo in pixels: 250 dpi at the width it is printed."""
MAX_PHOTO_PIXELS = 50_000_000
"""More than any phone's sensor delivers by default; a larger claim is a decompression bomb."""
PAD = 200
SKETCH = 100


@dataclass(frozen=True)
class Mark:
    """A point on the sketch, in metres from the device."""

    east: float
    north: float


def signature_svg(strokes: list[list[tuple[float, float]]], aspect: float) -> str:
    """Strokes of ``(x, y)`` as shares of the pad, drawn as round-ended lines; a dot stays a dot."""
    height = PAD / aspect
    shapes = "".join(_stroke(stroke, height) for stroke in strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{PAD}" height="{height:.2f}"'
        f' viewBox="0 0 {PAD} {height:.2f}"><g fill="none" stroke="#000" stroke-width="1.4"'
        f' stroke-linecap="round" stroke-linejoin="round">{shapes}</g></svg>'
    )


def place_svg(accuracy_m: float, planned: Mark | None) -> str:
    """North-up sketch: cross-hair at the device, its accuracy as a circle, the address as a dot.

    The scale bar is a round number of metres. No map: a tile server would learn the address.
    """
    reach = max(accuracy_m, math.hypot(planned.east, planned.north) if planned else 0, 10)
    scale = 38 / reach
    bar_m = _round_length(reach / 2)
    middle = SKETCH / 2
    dot = ""
    if planned:
        x, y = middle + planned.east * scale, middle - planned.north * scale
        dot = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="2.2" fill="#000"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SKETCH}" height="{SKETCH}"'
        f' viewBox="0 0 {SKETCH} {SKETCH}"><g fill="none" stroke="#000" stroke-width="0.6">'
        f'<rect x="0.5" y="0.5" width="99" height="99" stroke="#999"/>'
        f'<circle cx="50" cy="50" r="{max(accuracy_m * scale, 0.5):.2f}" fill="#e6e6e6"'
        ' stroke="#888"/>'
        '<path stroke-width="1" d="M42 50h6M52 50h6M50 42v6M50 52v6"/>'
        '<path d="M92 14V6l-2 3M92 6l2 3"/>'
        f'<path stroke-width="1" d="M5 95v-2v2h{bar_m * scale:.2f}v-2"/></g>'
        f'<text x="5" y="91.5" font-size="5" font-family="Noto Sans CJK SC">{bar_m:g} m</text>'
        f'<text x="90" y="20" font-size="5" font-family="Noto Sans CJK SC">N</text>{dot}</svg>'
    )


def photo_svg(jpeg: bytes, field: str) -> str:
    """The photo upright and at most 1200 pixels a side, its metadata gone.

    The original keeps its bytes in the evidence; the print must not carry a second position.
    """
    upright = _opened(jpeg, field)
    upright.thumbnail((PHOTO_SIDE, PHOTO_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=80)
    width, height = upright.size
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}"'
        f' xlink:href="data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"/></svg>'
    )


def _opened(jpeg: bytes, field: str) -> Image.Image:
    size = f"{len(jpeg)} bytes"
    try:
        photo = Image.open(BytesIO(jpeg), formats=["JPEG"])
        if photo.width * photo.height <= MAX_PHOTO_PIXELS:
            photo.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
            return ImageOps.exif_transpose(photo).convert("RGB")
    except Image.DecompressionBombError:
        pass
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        raise _unreadable(field, size, "it is not a whole JPEG photo") from None
    raise _unreadable(field, size, "take a photo of fewer pixels")


def _unreadable(field: str, value: str, mend: str) -> PrintError:
    return PrintError("receipt.photo", field=field, value=value, mend=mend)


def _stroke(stroke: list[tuple[float, float]], height: float) -> str:
    points = [(f"{x * PAD:.2f}", f"{y * height:.2f}") for x, y in stroke]
    if len(set(points)) == 1:  # renderers drop a line of no length, and a full stop is evidence too
        x, y = points[0]
        return f'<circle cx="{x}" cy="{y}" r="0.7" fill="#000" stroke="none"/>'
    return f'<path d="M{"L".join(" ".join(point) for point in points)}"/>'


def _round_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is at most ``metres``."""
    power = 10 ** math.floor(math.log10(metres))
    return float(max(step * power for step in (1, 2, 5) if step * power <= metres))
