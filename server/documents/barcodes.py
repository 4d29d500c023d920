"""Linear codes and QR codes as bars, as PNG and as SVG.

Sizes: a *module* is the narrowest bar. Printers have whole dots, so a module is always a whole
number of dots: a module of 1.6 dots would print bars of uneven width that scanners misread.
Quiet zones are part of every image: Code 128 ten modules (ISO/IEC 15417), EAN-13 eleven left and
seven right (ISO/IEC 15420), QR four (ISO/IEC 18004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby

import zxingcpp
from barcode.codex import Code128, Gs1_128
from barcode.ean import EAN13
from barcode.itf import ITF
from PIL import Image, ImageDraw, ImageFont

from server.documents.errors import PrintError
from server.documents.fonts import CJK_COLLECTION, MONO_INDEX

MM_PER_INCH = 25.4
_CODE_C = 99
MAX_CODE128 = 48
"""Longest text of one Code 128 symbol; GS1-128 draws the same line."""
MAX_QR_BYTES = 1200
"""A denser QR code is beyond a phone's camera at arm's length."""
QR_QUIET = 4
FINEST_MODULE_MM = 0.19
"""7.5 mil: the finest bar that an ordinary scanner and a phone at 15 cm still part."""


@dataclass(frozen=True)
class Bars:
    """A linear code: ``modules`` of 0 and 1, quiet zones in modules, the text under it."""

    modules: str
    text: str
    quiet_left: int
    quiet_right: int

    @property
    def width(self) -> int:
        """Modules across, quiet zones included."""
        return self.quiet_left + len(self.modules) + self.quiet_right


class _Code128(Code128):  # type: ignore[misc]  # the library has no types
    """The library begins in set C and takes a pair 99 there for a change of set: it would leave the
    first two digits of 9900 out of the bars."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        return encoded if encoded[1] == _CODE_C else super()._try_to_optimize(encoded)


def code128(text: str, *, field: str = "barcode") -> Bars:
    """Encode printable ASCII (32-126), 1 to 48 characters.

    Code 128 also carries control characters, but a keyboard-wedge scanner cannot type them,
    so a code with one could be printed and never read.
    """
    wrong = [char for char in text if not " " <= char <= "~"]
    if wrong:
        raise PrintError(
            "barcode.character",
            field=field,
            value=text,
            mend=f"{wrong[0]!r} cannot be printed as Code 128; use A-Z a-z 0-9 - . / and the like",
        )
    if not 1 <= len(text) <= MAX_CODE128 or text != text.strip():
        raise PrintError(
            "barcode.length",
            field=field,
            value=text,
            mend=f"use 1 to {MAX_CODE128} characters without a space at either end",
        )
    return Bars(_Code128(text).build()[0], text, quiet_left=10, quiet_right=10)


def gs1_128(ai: str, value: str, *, field: str = "barcode") -> Bars:
    """Encode one GS1 application identifier and its value; the text has the identifier in brackets.

    FNC1 behind the start sign is what makes a Code 128 a GS1-128 (General Specifications 5.4).
    """
    bars = code128(ai + value, field=field)
    modules = Gs1_128(ai + value).build()[0]
    return Bars(modules, f"({ai}) {value}", bars.quiet_left, bars.quiet_right)


def itf(digits: str, *, field: str = "barcode") -> Bars:
    """Encode an even number of digits as Interleaved 2 of 5 (ISO/IEC 16390), wide 3 to narrow 1.

    It has no check of its own and two digits to a sign: an odd one would be read with a 0 before.
    """
    if not (digits.isascii() and digits.isdigit()) or len(digits) % 2 or len(digits) > MAX_CODE128:
        raise PrintError(
            "barcode.digits",
            field=field,
            value=digits,
            mend="Interleaved 2 of 5 takes an even number of digits and nothing else",
        )
    return Bars(ITF(digits, narrow=1, wide=3).build()[0], digits, quiet_left=10, quiet_right=10)


def ean13(gtin: str, *, field: str = "gtin") -> Bars:
    """Encode 13 digits whose last is the GS1 check digit; a wrong one is refused, not mended."""
    if len(gtin) != 13 or not (gtin.isascii() and gtin.isdigit()):
        raise PrintError(
            "barcode.digits", field=field, value=gtin, mend="an EAN-13 has exactly 13 digits"
        )
    code = EAN13(gtin)
    if code.ean != gtin:
        raise PrintError(
            "barcode.check_digit",
            field=field,
            value=gtin,
            mend=f"the last digit should be {code.ean[-1]}; compare with the product",
        )
    return Bars(code.build()[0], gtin, quiet_left=11, quiet_right=7)


@lru_cache(maxsize=256)
def _qr_rows(text: str) -> tuple[str, ...]:
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    picture = Image.fromarray(symbol.to_image(scale=1, add_quiet_zones=False))
    row = picture.width
    dots = "".join("1" if dot < 128 else "0" for dot in picture.convert("L").tobytes())
    return tuple(dots[at : at + row] for at in range(0, len(dots), row))


def qr_matrix(text: str, *, field: str = "qr") -> list[str]:
    """Rows of 0 and 1 (1 is dark) without the quiet zone; error correction level M."""
    size = len(text.encode("utf-8", "replace"))
    if not 1 <= size <= MAX_QR_BYTES:
        raise PrintError(
            "barcode.length", field=field, value=text, mend=f"use 1 to {MAX_QR_BYTES} bytes"
        )
    if any(char < " " or "\ud800" <= char <= "\udfff" for char in text):
        raise PrintError(
            "barcode.character", field=field, value=text, mend="remove the control characters"
        )
    return list(_qr_rows(text))


def bars_image(bars: Bars, *, module_dots: int, height_dots: int) -> Image.Image:
    """The bars alone as a 1-bit picture, quiet zones included, no text."""
    picture = Image.new("1", (bars.width * module_dots, height_dots), 1)
    draw = ImageDraw.Draw(picture)
    for start, length in dark_runs(bars.modules):
        left = (bars.quiet_left + start) * module_dots
        draw.rectangle((left, 0, left + length * module_dots - 1, height_dots), fill=0)
    return picture


def bars_png(
    bars: Bars,
    *,
    dpi: float = 203.2,
    module_mm: float = 0.375,
    height_mm: float = 15,
    human_readable: bool = True,
) -> bytes:
    """PNG of a linear code, its text centred under it. Module width rounds to whole dots."""
    module_dots = _whole_dots(module_mm, dpi)
    code = bars_image(bars, module_dots=module_dots, height_dots=_whole_dots(height_mm, dpi))
    if not human_readable:
        return _png(code, dpi)
    size = max(8, _whole_dots(3, dpi))
    picture = Image.new("1", (code.width, code.height + size * 3 // 2), 1)
    picture.paste(code)
    middle = (bars.quiet_left + len(bars.modules) / 2) * module_dots
    ImageDraw.Draw(picture).text(
        (middle, code.height + size * 5 // 4),
        bars.text,
        font=_mono_font(size),
        fill=0,
        anchor="ms",
    )
    return _png(picture, dpi)


def bars_svg(
    bars: Bars, *, module_mm: float = 0.375, height_mm: float = 15, human_readable: bool = True
) -> str:
    """SVG in millimetres: presentation attributes only, so a strict CSP lets it through."""
    path = "".join(
        f"M{bars.quiet_left + start} 0h{length}v1h-{length}z"
        for start, length in dark_runs(bars.modules)
    )
    width = bars.width * module_mm
    text_mm = 4.5 if human_readable else 0
    text = (
        f'<text x="{width / 2:g}" y="{height_mm + 3.5:g}" font-size="3.5" text-anchor="middle"'
        f' font-family="monospace">{_escaped(bars.text)}</text>'
    )
    return _svg(
        width,
        height_mm + text_mm,
        f'<path transform="scale({module_mm:g} {height_mm:g})" d="{path}"/>'
        + (text if human_readable else ""),
    )


def qr_image(text: str, *, module_dots: int, field: str = "qr") -> Image.Image:
    """1-bit picture with the quiet zone of four modules."""
    rows = qr_matrix(text, field=field)
    side = len(rows) + 2 * QR_QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark == "1":
                picture.putpixel((x + QR_QUIET, y + QR_QUIET), 0)
    return picture.resize((side * module_dots, side * module_dots), Image.Resampling.NEAREST)


def qr_png(text: str, *, dpi: float = 203.2, module_mm: float = 0.5) -> bytes:
    """PNG of a QR code; the module rounds to whole dots."""
    return _png(qr_image(text, module_dots=_whole_dots(module_mm, dpi)), dpi)


def qr_svg(text: str, *, module_mm: float = 1, field: str = "qr") -> str:
    """SVG of a QR code in millimetres, no script, no inline style."""
    rows = qr_matrix(text, field=field)
    path = "".join(
        f"M{start + QR_QUIET} {y + QR_QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in dark_runs(row)
    )
    side = (len(rows) + 2 * QR_QUIET) * module_mm
    return _svg(side, side, f'<path transform="scale({module_mm:g})" d="{path}"/>')


def dark_runs(modules: str) -> list[tuple[int, int]]:
    """``(start, length)`` of each run of dark modules."""
    runs, at = [], 0
    for module, run in groupby(modules):
        length = len(list(run))
        if module == "1":
            runs.append((at, length))
        at += length
    return runs


def _svg(width_mm: float, height_mm: float, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="0 0 {width_mm:g} {height_mm:g}" shape-rendering="crispEdges">'
        f'<rect width="100%" height="100%" fill="#fff"/>{body}</svg>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _whole_dots(millimetres: float, dpi: float) -> int:
    dots = round(millimetres * dpi / MM_PER_INCH)
    if dots < 1:
        raise PrintError(
            "barcode.resolution", field="dpi", value=dpi, mend="use a printer with more dots"
        )
    return dots


def _png(picture: Image.Image, dpi: float) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


@lru_cache(maxsize=8)
def _mono_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(CJK_COLLECTION), size, index=MONO_INDEX)
