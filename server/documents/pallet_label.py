"""The label of a pallet: 100 x 150 mm, with its number as bars and what stands on it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta
from PIL import Image

from server.documents import typesetting
from server.documents.barcodes import bars_svg
from server.documents.labels import (
    BARS_HEIGHT_MM,
    BARS_TOP_MM,
    DOTS_PER_MM,
    DPI,
    drawn_dots,
    number_bars,
    paste_bars,
    weight_text,
)
from server.documents.words import WORDS, Language

MOST_ORDERS = 24
"""Order numbers that fit on the label; how many more there are is told."""


class PalletLabel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`to`: where all of it goes; empty where its cartons go to several places. Grams."""

    number: Annotated[str, Meta(min_length=1, max_length=48)]
    cartons: Annotated[int, Meta(ge=0, le=999)]
    orders: Annotated[list[Annotated[str, Meta(max_length=48)]], Meta(max_length=999)]
    weight_g: Annotated[int, Meta(ge=0, le=99_999_999)] = 0
    to: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=7)] = []
    sender: Annotated[str, Meta(max_length=120)] = ""
    language: Language = "en"


def pallet_label_pdf(label: PalletLabel) -> bytes:
    label = typesetting.checked(label)
    bars, module_dots = number_bars(label.number)
    drawn = bars_svg(
        bars,
        module_mm=module_dots / DOTS_PER_MM,
        height_mm=BARS_HEIGHT_MM,
        human_readable=False,
    )
    return typesetting.pdf(
        "pallet_label", _fields(label, bars=drawn, number=bars.text), language=label.language
    )


def pallet_label_picture(label: PalletLabel, *, dpi: float = DPI) -> Image.Image:
    """The label as 1-bit dots, for a printer of ``dpi``."""
    label = typesetting.checked(label)
    bars, module_dots = number_bars(label.number, dpi=dpi)
    picture = drawn_dots(
        "pallet_label", _fields(label, bars="", number=bars.text), label.language, dpi
    )
    place = {"top_mm": BARS_TOP_MM, "height_mm": BARS_HEIGHT_MM}
    paste_bars(picture, bars, module_dots, **place, dpi=dpi)
    return picture


def told_orders(label: PalletLabel) -> tuple[list[str], str]:
    """The order numbers that fit, and how many more there are."""
    more = len(label.orders) - MOST_ORDERS
    return label.orders[:MOST_ORDERS], f"+ {more}" if more > 0 else ""


def _fields(label: PalletLabel, *, bars: str, number: str) -> dict[str, Any]:
    orders, more = told_orders(label)
    return {
        "words": WORDS[label.language],
        "cartons": str(label.cartons),
        "weight": weight_text(label.weight_g) if label.weight_g else "",
        "to": [typesetting.breakable(line) for line in label.to],
        "orders": orders,
        "more": more,
        "sender": typesetting.breakable(label.sender),
        "bars": bars,
        "number": number,
    }
