"""A4 sheets of scannable codes: a demo's, and the labels of an aisle's bins."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from server.documents import typesetting
from server.documents.barcodes import FINEST_MODULE_MM, Bars, bars_svg, code128, ean13, qr_svg
from server.documents.words import WORDS, Language
from server.kernel.check_digits import check_digits

Short = Annotated[str, Meta(max_length=48)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Symbology = Literal["code128", "qr"]

MOST_CODES = 500
"""Of one kind on a sheet: more take the typesetter too long for somebody who waits."""
CELL_MM = 48
WIDEST_MODULE_MM = 0.4


class Badge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person's badge: ``code`` such as ``B-7K2M9``. Never a PIN."""

    name: Name
    role: Short
    code: Short


class Location(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bin: ``code`` such as ``L-A01-02-3``; ``zone`` in words. Its check digits are printed
    beside it."""

    code: Short
    zone: Short = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item by its EAN-13."""

    name: Name
    gtin: Short
    sku: Short = ""


class DemoSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the printable sheet shows, in three sections; empty ones are left out."""

    title: Name
    badges: Annotated[list[Badge], Meta(max_length=MOST_CODES)] = []
    locations: Annotated[list[Location], Meta(max_length=MOST_CODES)] = []
    items: Annotated[list[Item], Meta(max_length=MOST_CODES)] = []
    symbology: Symbology = "code128"
    language: Language = "en"


def demo_sheet(sheet: DemoSheet) -> bytes:
    """PDF with a cell for each code, spaced so that a camera frames one at a time."""
    sheet = typesetting.checked(sheet)
    words = WORDS[sheet.language]
    sections = [
        (words["badges"], [_badge(badge, at, sheet) for at, badge in enumerate(sheet.badges)]),
        (
            words["locations"],
            [_place(place, at, sheet) for at, place in enumerate(sheet.locations)],
        ),
        (words["items"], [_item(item, at) for at, item in enumerate(sheet.items)]),
    ]
    data = {
        "words": words,
        "title": sheet.title,
        "cell_mm": 62 if sheet.symbology == "qr" else 52,
        "sections": [{"title": title, "cells": cells} for title, cells in sections if cells],
    }
    return typesetting.pdf("demo_sheet", data, language=sheet.language)


def _cell(title: str, subtitle: str, code: str, text: str) -> dict[str, str]:
    title, subtitle = typesetting.breakable(title), typesetting.breakable(subtitle)
    return {"title": title, "subtitle": subtitle, "code": code, "text": text}


def _own_code(text: str, field: str, symbology: Symbology) -> str:
    bars = code128(text, field=field)
    return qr_svg(text, field=field) if symbology == "qr" else _fitting(bars, CELL_MM, 18)


def _fitting(bars: Bars, room_mm: float, height_mm: float) -> str:
    """Bars as wide as there is room for; a QR code where they would be too fine to scan."""
    module_mm = min(WIDEST_MODULE_MM, math.floor(1000 * room_mm / bars.width) / 1000)
    if module_mm < FINEST_MODULE_MM:
        return qr_svg(bars.text, module_mm=0.6)
    return bars_svg(bars, module_mm=module_mm, height_mm=height_mm, human_readable=False)


def _badge(badge: Badge, at: int, sheet: DemoSheet) -> dict[str, str]:
    code = _own_code(badge.code, f"badges[{at}].code", sheet.symbology)
    return _cell(badge.name, badge.role, code, badge.code)


def _place(place: Location, at: int, sheet: DemoSheet) -> dict[str, str]:
    code = _own_code(place.code, f"locations[{at}].code", sheet.symbology)
    digits = check_digits(place.code.removeprefix("L-"))
    return {**_cell(place.code, place.zone, code, ""), "digits": digits}


def _item(item: Item, at: int) -> dict[str, str]:
    bars = ean13(item.gtin, field=f"items[{at}].gtin")
    return _cell(item.name, item.sku, _fitting(bars, CELL_MM, 18), item.gtin)
