"""The parcel label: 100 x 150 mm, for a label printer of 203 dpi (8 dots a millimetre) or 300."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Annotated, Any, Literal

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
    itf,
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
WAYBILL_TOP_MM, WAYBILL_HEIGHT_MM = 66, 14
QR_LEFT_MM, QR_TOP_MM, QR_SIDE_MM = 70, 90, 26
# 0.25 mm is the narrowest bar that cheap scanners read from thermal paper.
WIDEST_MM, NARROWEST_MM = 0.5, 0.25

_SSCC = re.compile(r"[0-9]{18}")
Line = Annotated[str, Meta(max_length=100)]
Carried = Literal["code128", "itf", "none"]


class ParcelLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a parcel says on its outside. Bounds are what fits at the smallest readable size.

    ``address_language`` is a BCP 47 tag; it chooses the national shapes of Han characters
    (a Tokyo address printed in Chinese shapes looks misspelt). ``weight_g`` is in grams.
    ``waybill``: the carrier's number, with bars of its own as ``waybill_code`` says.
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
    waybill: Annotated[str, Meta(max_length=40)] = ""
    waybill_code: Carried = "none"


def parcel_label_png(label: ParcelLabel, *, dpi: float = DPI) -> bytes:
    """1-bit PNG, 800 x 1200 dots at 203 dpi; every bar is a whole number of dots wide."""
    out = BytesIO()
    parcel_label_picture(label, dpi=dpi).save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def parcel_label_picture(label: ParcelLabel, *, dpi: float = DPI) -> Image.Image:
    """The label as 1-bit dots, for a printer of ``dpi``."""
    label = typesetting.checked(label)
    drawn = _bars(label, dpi)
    picture = drawn_dots("parcel_label", _fields(label, {}, qr=""), label.language, dpi)
    for top_mm, height_mm, (bars, module_dots) in drawn.values():
        paste_bars(picture, bars, module_dots, top_mm=top_mm, height_mm=height_mm, dpi=dpi)
    if label.tracking_url:
        _paste_qr(picture, label.tracking_url, dpi)
    return picture


def parcel_label_pdf(label: ParcelLabel) -> bytes:
    """The same label as a PDF; text stays text, bars are drawn as shapes."""
    label = typesetting.checked(label)
    svgs = {
        name: bars_svg(
            bars, module_mm=module_dots / DOTS_PER_MM, height_mm=height_mm, human_readable=False
        )
        for name, (_, height_mm, (bars, module_dots)) in _bars(label, DPI).items()
    }
    url = label.tracking_url
    qr = qr_svg(url, field="tracking_url") if url else ""
    return typesetting.pdf("parcel_label", _fields(label, svgs, qr=qr), language=label.language)


def drawn_dots(template: str, data: dict[str, Any], language: str, dpi: float) -> Image.Image:
    """A template as a printer of ``dpi`` would: black or white, nothing between."""
    sheet = typesetting.png(template, data, language=language, dpi=dpi)
    return Image.open(BytesIO(sheet)).convert("L").point(_black_or_white, "1")


def dots(mm: float, dpi: float) -> int:
    """Whole dots of a length."""
    return round(mm * dpi / 25.4)


def weight_text(grams: int) -> str:
    """``1.25 kg``: grams to the kilogram, no digits that say nothing."""
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".") + " kg"


Drawn = tuple[float, float, tuple[Bars, int]]
"""Millimetres from the top, height in millimetres, bars and the dots of their module."""


def check_count(label: ParcelLabel) -> None:
    if label.parcel_index > label.parcel_count:
        raise PrintError(
            "label.parcel_index",
            field="parcel_index",
            value=label.parcel_index,
            mend=f"parcel i of n: i is at most {label.parcel_count}",
        )


def _bars(label: ParcelLabel, dpi: float) -> dict[str, Drawn]:
    check_count(label)
    drawn: dict[str, Drawn] = {
        "bars": (BARS_TOP_MM, BARS_HEIGHT_MM, number_bars(label.parcel_number, dpi=dpi))
    }
    if carried := waybill_bars(label.waybill, label.waybill_code):
        fitted = carried, widest_module(carried, dpi, field="waybill")
        drawn["waybill_bars"] = (WAYBILL_TOP_MM, WAYBILL_HEIGHT_MM, fitted)
    return drawn


def waybill_bars(number: str, how: Carried) -> Bars | None:
    """None where there is no number, or its carrier scans none."""
    if not number or how == "none":
        return None
    return itf(number, field="waybill") if how == "itf" else code128(number, field="waybill")


def is_sscc(number: str) -> bool:
    return _SSCC.fullmatch(number) is not None and has_check_digit(number)


def number_bars(number: str, *, dpi: float = DPI) -> tuple[Bars, int]:
    """GS1-128 of an SSCC, Code 128 of a number of the house, and the widest module in dots."""
    field = "parcel_number"
    bars = gs1_128("00", number, field=field) if is_sscc(number) else code128(number, field=field)
    return bars, widest_module(bars, dpi, field=field)


def widest_module(bars: Bars, dpi: float, *, field: str) -> int:
    """Whole dots of the narrowest bar, so that all of them fit across the label."""
    for module_dots in range(dots(WIDEST_MM, dpi), dots(NARROWEST_MM, dpi) - 1, -1):
        if bars.width * module_dots <= dots(WIDTH_MM, dpi):
            return module_dots
    raise PrintError(
        "label.too_wide",
        field=field,
        value=bars.text,
        mend="its bars are wider than the label; use about 30 characters or fewer",
    )


def paste_bars(
    picture: Image.Image,
    bars: Bars,
    module_dots: int,
    *,
    top_mm: float,
    height_mm: float,
    dpi: float,
) -> None:
    """In the middle, dot for dot."""
    code = bars_image(bars, module_dots=module_dots, height_dots=dots(height_mm, dpi))
    picture.paste(code, ((picture.width - code.width) // 2, dots(top_mm, dpi)))


def _fields(label: ParcelLabel, svgs: dict[str, str], *, qr: str) -> dict[str, Any]:
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
        "bars": svgs.get("bars", ""),
        "waybill": label.waybill,
        "waybill_room": waybill_bars(label.waybill, label.waybill_code) is not None,
        "waybill_bars": svgs.get("waybill_bars", ""),
        "parcel_number": number_bars(label.parcel_number)[0].text,
    }


def _paste_qr(picture: Image.Image, url: str, dpi: float) -> None:
    room = dots(QR_SIDE_MM, dpi)
    modules = qr_image(url, module_dots=1, field="tracking_url").width
    if modules * 2 > room:
        raise PrintError(
            "label.too_wide", field="tracking_url", value=url, mend="use a shorter tracking link"
        )
    code = qr_image(url, module_dots=room // modules, field="tracking_url")
    right = dots(QR_LEFT_MM, dpi) + room
    picture.paste(code, (right - code.width, dots(QR_TOP_MM, dpi)))


def _black_or_white(level: int) -> int:
    return 255 if level > 150 else 0
