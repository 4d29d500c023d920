"""A paper out of its facts and a template; the same facts give the same bytes on every machine."""

import math
from typing import Any

import msgspec

from server.documents import typesetting
from server.documents.barcodes import FINEST_MODULE_MM, Bars, bars_svg, code128, qr_svg
from server.documents.errors import PrintError
from server.documents.fonts import writing
from server.documents.trade.kinds import Facts, day_in
from server.documents.trade.templates import Template
from server.documents.trade.words import TRADE_WORDS
from server.documents.words import Language

HEAD_MM, WAYBILL_MM = 58, 70
WIDEST_MODULE_MM = 0.35
"""Of the bars in the head; as wide as there is room for."""


class Sheet(msgspec.Struct, frozen=True):
    """What is printed. `issued_at` in ms: the only date on it that is not one of the order's."""

    paper: str
    number: str
    issued_at: int
    facts: Facts
    language: Language = "en"


class Drawn(msgspec.Struct, frozen=True):
    """`fault`: why the site's own template was not used."""

    pdf: bytes
    fault: str = ""


def draw(sheet: Sheet, own: Template | None = None) -> Drawn:
    """By the site's `own` template where there is one that works, else by the built-in one.

    Raises PrintError where the facts cannot be printed at all.
    """
    data = _data(sheet)
    if own is not None:
        if own.fault:
            return Drawn(_built_in(sheet, data), own.fault)
        try:
            return Drawn(_pdf(sheet, data, own.source))
        except typesetting.TemplateFault as fault:
            return Drawn(_built_in(sheet, data), f"{own.name}: {fault}")
    return Drawn(_built_in(sheet, data))


def _built_in(sheet: Sheet, data: dict[str, Any]) -> bytes:
    return _pdf(sheet, data, None)


def _pdf(sheet: Sheet, data: dict[str, Any], source: bytes | None) -> bytes:
    return typesetting.pdf(sheet.paper, data, language=sheet.language, source=source)


def _data(sheet: Sheet) -> dict[str, Any]:
    words = TRADE_WORDS[sheet.language]
    number = str(sheet.facts.get("carriage", {}).get("number", ""))
    return {
        "words": words,
        "title": words[sheet.paper],
        "number": sheet.number,
        "date": day_in(sheet.facts.get("timezone", "UTC"), sheet.issued_at),
        "bars": _bars(sheet.number, HEAD_MM),
        "waybill_bars": _bars(number, WAYBILL_MM) if number else "",
        "writings": {tag: writing(tag)._asdict() for tag in _languages(sheet.facts)},
        "facts": _printable(sheet.facts),
    }


def _bars(text: str, room_mm: float) -> str:
    """A QR code where bars would be too fine to scan; nothing where neither can hold it."""
    try:
        bars = code128(text, field="number")
    except PrintError:
        return ""
    module_mm = min(WIDEST_MODULE_MM, math.floor(1000 * room_mm / bars.width) / 1000)
    return _fitting(bars, module_mm)


def _fitting(bars: Bars, module_mm: float) -> str:
    if module_mm < FINEST_MODULE_MM:
        return qr_svg(bars.text, module_mm=0.6)
    return bars_svg(bars, module_mm=module_mm, height_mm=11, human_readable=False)


def _languages(facts: Facts) -> list[str]:
    parties = (facts["seller"], facts["ship_to"])
    return sorted({party["language"] for party in parties if party["language"]})


def _printable(value: Any) -> Any:
    """Every text fit for paper, and long words able to break."""
    if isinstance(value, str):
        return typesetting.breakable(typesetting.printable_text(value))
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return value
