"""The parcel label: 100 x 150 mm, for a 203 dpi (8 dots a millimetre) label printer."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from PIL import Image

from server.documents import typesetting
from server.documents.barcodes import (
    Bars,
    bars_image,
    bars_svg,
    code128,
    gs1_128,
    qr_image,
    qr_svg,
)
from server.documents.errors import PrintError
from server.documents.fonts import writing
from server.documents.words import WORDS, Language
from server.kernel.gs1_checks import has_check_digit

DOTS_PER_MM = 8
DPI = DOTS_PER_MM * 25.4
WIDTH_MM, HEIGHT_MM = 100, 150
BARS_TOP_MM, BARS_HEIGHT_MM = 120, 22
QR_LEFT_MM, QR_TOP_MM, QR_SIDE_MM = 70, 90, 26
# 0.25 mm is the narrowest bar that cheap scanners read from thermal paper.
MODULE_DOTS = (4, 3, 2)

_SSCC = re.compile(r"[0-9]{18}")
Line = Annotated[str, Meta(max_length=100)]


class ParcelLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parcel says on its outside. Bounds are what fits at the smallest readable size.

    ``address_language`` is a BCP 47 tag; it chooses the national shapes of Han characters
    (a Tokyo address printed in Chinese shapes looks misspelt). ``weight_g`` is in grams.
    """

    parcel_number: Annotated[str, Meta(min_length=1, max_length=48)]
    order_number: Annotated[str, Meta(min_length=1, max_length=48)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    address: Annotated[list[Line], Meta(min_length=1, max_length=6)]
    parcel_index: Annotated[int, Meta(ge=1, le=999)] = 1
    parcel_count: Annotated[int, Meta(ge=1, le=999)] = 1
    weight_g: Annotated[int, Meta(ge=0, le=99_999_999)] | None = None
    service: Annotated[str, Meta(max_length=40)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    sender: Annotated[str, Meta(max_length=120)] = ""
    tracking_url: Annotated[str, Meta(max_length=200)] | None = None
    language: Language = "en"
    address_language: Annotated[str, Meta(max_length=20)] = ""


def parcel_label_png(label: ParcelLabel) -> bytes:
    """1-bit PNG of 800 x 1200 dots; every bar is a whole number of dots wide."""
    label = typesetting.checked(label)
    bars, module_dots = _bars(label)
    sheet = typesetting.png(
        "parcel_label", _fields(label, bars="", qr=""), language=label.language, dpi=DPI
    )
    picture = Image.open(BytesIO(sheet)).convert("L").point(_black_or_white, "1")
    height = BARS_HEIGHT_MM * DOTS_PER_MM
    code = bars_image(bars, module_dots=module_dots, height_dots=height)
    picture.paste(code, ((picture.width - code.width) // 2, BARS_TOP_MM * DOTS_PER_MM))
    if label.tracking_url:
        _paste_qr(picture, label.tracking_url)
    out = BytesIO()
    picture.save(out, "PNG", dpi=(DPI, DPI))
    return out.getvalue()


def parcel_label_pdf(label: ParcelLabel) -> bytes:
    """The same label as a PDF; text stays text, bars are drawn as shapes."""
    label = typesetting.checked(label)
    bars, module_dots = _bars(label)
    svg = bars_svg(
        bars,
        module_mm=module_dots / DOTS_PER_MM,
        height_mm=BARS_HEIGHT_MM,
        human_readable=False,
    )
    url = label.tracking_url
    qr = qr_svg(url, field="tracking_url") if url else ""
    return typesetting.pdf("parcel_label", _fields(label, bars=svg, qr=qr), language=label.language)


def weight_text(grams: int) -> str:
    """``1.25 kg``: grams to the kilogram, no digits that say nothing."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".") + " kg"


def _bars(label: ParcelLabel) -> tuple[Bars, int]:
    if label.parcel_index > label.parcel_count:
        raise PrintError(
            "label.parcel_index",
            field="parcel_index",
            value=label.parcel_index,
            mend=f"parcel i of n: i is at most {label.parcel_count}",
        )
    return number_bars(label.parcel_number)


def number_bars(number: str) -> tuple[Bars, int]:
    """GS1-128 of an SSCC, Code 128 of a number of the house, and the widest module in dots."""
    is_sscc = _SSCC.fullmatch(number) is not None and has_check_digit(number)
    field = "parcel_number"
    bars = gs1_128("00", number, field=field) if is_sscc else code128(number, field=field)
    for module_dots in MODULE_DOTS:
        if bars.width * module_dots <= WIDTH_MM * DOTS_PER_MM:
            return bars, module_dots
    raise PrintError(
        "label.too_wide",
        field=field,
        value=number,
        mend="its bars are wider than the label; use about 30 characters or fewer",
    )


def _fields(label: ParcelLabel, *, bars: str, qr: str) -> dict[str, Any]:
    return {
        "words": WORDS[label.language],
        "service": typesetting.breakable(label.service),
        "count": f"{label.parcel_index} / {label.parcel_count}",
        "name": typesetting.breakable(label.name),
        "address": [typesetting.breakable(line) for line in label.address if line.strip()],
        "address_writing": writing(label.address_language or label.language)._asdict(),
        "phone": typesetting.breakable(label.phone),
        "order": typesetting.breakable(label.order_number),
        "weight": "" if label.weight_g is None else weight_text(label.weight_g),
        "sender": typesetting.breakable(label.sender),
        "qr": qr,
        # Without bars of its own the template still leaves room for the QR code.
        "qr_room": label.tracking_url is not None,
        "bars": bars,
        "parcel_number": number_bars(label.parcel_number)[0].text,
    }


def _paste_qr(picture: Image.Image, url: str) -> None:
    room = QR_SIDE_MM * DOTS_PER_MM
    modules = qr_image(url, module_dots=1, field="tracking_url").width
    if modules * 2 > room:
        raise PrintError(
            "label.too_wide", field="tracking_url", value=url, mend="use a shorter tracking link"
        )
    code = qr_image(url, module_dots=room // modules, field="tracking_url")
    right = QR_LEFT_MM * DOTS_PER_MM + room
    picture.paste(code, (right - code.width, QR_TOP_MM * DOTS_PER_MM))


def _black_or_white(level: int) -> int:
    return 255 if level > 150 else 0
