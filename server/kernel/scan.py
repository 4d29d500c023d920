"""The one scan resolver: raw scanner text in, a typed ``Scan`` out; it never raises.

What arrives is typed by a keyboard wedge or read by a camera, with or without a symbology
identifier (ISO/IEC 15424), with FNC1 as GS or as a printable substitute. One rule decides each
text, the strictest first; what breaks its rule is refused with a code, and only what claims to
be nothing else is ``plain``. ``pwa/src/scan/resolve.ts`` is the twin of this module, held to it
by ``tests/vectors/scan.json``.
"""

import re
import unicodedata
from typing import Literal

import msgspec

from server.kernel.digital_link import parse_digital_link
from server.kernel.epc import parse_sgtin
from server.kernel.gs1 import (
    GS,
    Code,
    Element,
    Gs1Error,
    check_companions,
    check_message,
    has_check_digit,
    iso_date,
    needs_separator,
    parse_bracketed,
    parse_element_string,
)

Form = Literal["auto", "element", "bracketed", "uri"]
Kind = Literal["gtin", "gs1", "sscc", "location", "badge", "parcel", "tote", "plain", "refused"]

LONGEST = 4296
"""Characters in the largest QR code (ISO/IEC 18004, alphanumeric); more is no scan."""

_KEPT_OF_REFUSED = 80
_CONTROL = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f]")
_SYMBOLOGY = re.compile(r"\]([A-Za-z][0-9A-F])(.*)", re.DOTALL)
_GS1_CARRIERS = {"C1", "d2", "e0", "e1", "e2", "J1", "Q3"}
_EAN = {
    "E0": re.compile(r"([0-9]{13})(?:\|\]e0(.+))?", re.DOTALL),
    "E3": re.compile(r"([0-9]{13})[0-9]{2}(?:[0-9]{3})?()"),
    "E4": re.compile(r"([0-9]{8})(?:\|\]e0(.+))?", re.DOTALL),
}
_LINK = re.compile(r"https?://", re.IGNORECASE | re.ASCII)
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_UPC_E = re.compile(r"([01])([0-9]{5})([0-9])([0-9])")
_SSCC = re.compile(r"[0-9]{18}")
_ELEMENT_STRING = re.compile(r"(00[0-9]{18}|0[12][0-9]{14})")
_WRITTEN_FNC1 = re.compile(r"\^[0-9]{2}")
_BRACKETED = re.compile(r"\([0-9]{2,4}\)")
_INTERNAL = re.compile(r"([BLPT])-([0-9A-Za-z][0-9A-Za-z-]{0,38})")
_INTERNAL_KINDS: dict[str, Kind] = {"B": "badge", "L": "location", "P": "parcel", "T": "tote"}
_MAY_BE_SWALLOWED = re.compile(r"0[12]|1[013567]|21|3[07]|310[0-9]")


class ScanSettings(msgspec.Struct, frozen=True):
    """What the resolver must be told: it knows no clock and no device.

    ``year``: the current one, for two-digit years. ``separator``: the printable text that the
    scanner sends for FNC1, if it cannot send GS. ``short_gtin``: links may carry unpadded GTINs.
    ``form``: what the text must be; ``auto`` takes whatever it is. ``beside``: identifiers that
    other codes on the same item have given already; a serial number needs its item's.
    """

    year: int
    separator: str = ""
    short_gtin: bool = False
    form: Form = "auto"
    beside: tuple[str, ...] = ()


class ScanError(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a text was refused, and at which AI, if at one."""

    code: Code
    ai: str = ""


class Scan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a scan says.

    ``text`` is the cleaned text behind the symbology identifier; ``code`` what follows the
    prefix of an internal code (the bin of a location); ``gtin`` has 14 digits; ``expiry`` is the
    ISO date of AI 17. ``unterminated`` names the AI of a value that may have swallowed others,
    because no separator came: whoever books must ask first. ``incomplete`` names an AI that the
    standard wants with others which this code lacks: they must come from another on the item.
    """

    kind: Kind
    text: str
    symbology: str | None = None
    code: str | None = None
    gtin: str | None = None
    lot: str | None = None
    expiry: str | None = None
    serial: str | None = None
    sscc: str | None = None
    elements: list[Element] = []
    unterminated: str | None = None
    incomplete: str | None = None
    error: ScanError | None = None


def resolve(raw: str, settings: ScanSettings) -> Scan:
    """The meaning of one scan, whatever the text; kind ``refused`` says what is wrong with it."""
    if len(raw) > LONGEST:
        return _refused(raw, "too_long")
    text = _cleaned(raw)
    symbology = _SYMBOLOGY.fullmatch(text)
    content = symbology[2] if symbology else text
    mark = symbology[1] if symbology else None
    if not content:
        return _refused(text, "empty")
    if text.startswith("]") and not symbology:
        return _refused(text, "unknown_symbology")
    try:
        scan = _resolve(content, mark, settings)
    except Gs1Error as error:
        scan = _refused(content, error.code, error.ai)
    return msgspec.structs.replace(scan, symbology=mark)


def _cleaned(raw: str) -> str:
    return unicodedata.normalize("NFC", _CONTROL.sub("", raw)).strip(" ")


def _refused(text: str, code: Code, ai: str = "") -> Scan:
    return Scan("refused", text[:_KEPT_OF_REFUSED], error=ScanError(code, ai))


def _resolve(text: str, mark: str | None, settings: ScanSettings) -> Scan:
    if settings.form != "auto":
        return _declared(text, mark, settings)
    if mark and mark.startswith("E"):
        return _ean(text, mark, settings)
    if _LINK.match(text):
        return _link(text, settings)
    if mark is None and _WRITTEN_FNC1.match(text):
        return _declared(text, mark, msgspec.structs.replace(settings, form="element"))
    if mark in _GS1_CARRIERS or GS in text or _ELEMENT_STRING.match(text):
        return _element_string(text, settings)
    if _BRACKETED.match(text):
        return _message(text, parse_bracketed(text, settings.year), settings)
    tag = parse_sgtin(text)
    return _message(text, tag, settings) if tag else _bare(text)


def _declared(text: str, mark: str | None, settings: ScanSettings) -> Scan:
    """A text of which the form is known beforehand: nothing else is tried."""
    if settings.form == "uri":
        return _link(text, settings)
    if settings.form == "bracketed":
        return _message(text, parse_bracketed(text, settings.year), settings)
    # Documents write FNC1 as ^, which is in no GS1 character set.
    content = text.replace("^", GS) if text.startswith("^") else text
    if mark not in _GS1_CARRIERS and not content.startswith(GS) and content.startswith("9"):
        # Without FNC1 in front only what stands in other companies' codes too is presumed GS1.
        raise Gs1Error("unknown_symbology")
    return _element_string(content, settings)


def _link(text: str, settings: ScanSettings) -> Scan:
    link = parse_digital_link(text, settings.year, short_gtin=settings.short_gtin)
    return _message(text, link, settings)


def _bare(text: str) -> Scan:
    """A text that no standard's mark announces.

    Digits as many as a GTIN has are one or are refused, though an element string could begin
    with them; 18 digits with a wrong check digit may still be a carrier's number.
    """
    if _GTIN.fullmatch(text):
        return _gtin(text)
    if _SSCC.fullmatch(text) and has_check_digit(text):
        return Scan("sscc", text, sscc=text)
    internal = _INTERNAL.fullmatch(text)
    if internal:
        return Scan(_INTERNAL_KINDS[internal[1]], text, code=internal[2])
    return Scan("plain", text)


def _gtin(digits: str) -> Scan:
    whole = digits if has_check_digit(digits) else _upc_a(digits)
    if whole is None:
        raise Gs1Error("bad_check_digit")
    return Scan("gtin", digits, gtin=whole.zfill(14))


def _upc_a(digits: str) -> str | None:
    """The 12 digits of a UPC-E with its number system and check digit; None when it is none.

    Source: GS1 General Specifications, 5.2.2.4.2, zero suppression.
    """
    match = _UPC_E.fullmatch(digits)
    if not match:
        return None
    system, body, last, check = match.groups()
    zeros = {"0": 2, "1": 2, "2": 2, "3": 3, "4": 4}.get(last, 5)
    middle = last + "0000" if zeros == 2 else "00000" if zeros < 5 else "0000" + last
    whole = system + body[:zeros] + middle + body[zeros:] + check
    return whole if has_check_digit(whole) else None


def _ean(text: str, mark: str, settings: ScanSettings) -> Scan:
    """EAN-13 (alone, with an add-on, or with a composite component) and EAN-8."""
    if mark not in _EAN:
        raise Gs1Error("unknown_symbology")
    match = _EAN[mark].fullmatch(text)
    if not match:
        raise Gs1Error("bad_length")
    scan = _gtin(match[1])
    if not match[2]:
        return scan
    composite = [Element("01", match[1].zfill(14)), *parse_element_string(match[2], settings.year)]
    return _message(text, check_message(composite, settings.year), settings)


def _element_string(text: str, settings: ScanSettings) -> Scan:
    if settings.separator:
        text = text.replace(settings.separator, GS)
    elements = parse_element_string(text, settings.year)
    scan = _message(text, elements, settings)
    if GS in text[1:]:
        return scan
    return msgspec.structs.replace(scan, unterminated=_unterminated(elements, settings.year))


def _message(text: str, elements: list[Element], settings: ScanSettings) -> Scan:
    values = {element.ai: element.value for element in elements}
    return Scan(
        kind="sscc" if "00" in values else "gs1",
        text=text,
        gtin=values.get("01"),
        lot=values.get("10"),
        expiry=iso_date(values["17"], settings.year) if "17" in values else None,
        serial=values.get("21"),
        sscc=values.get("00"),
        elements=elements,
        incomplete=check_companions(values, settings.beside),
    )


def _unterminated(elements: list[Element], year: int) -> str | None:
    """The last AI, if its value ends in something that reads as elements not yet in the message.

    A scanner that drops FNC1 makes lot ABC1 and serial XYZ one lot, ``ABC121XYZ``. Nothing in
    the text proves it, so the question goes to the person who holds the box.
    """
    last = elements[-1]
    if not needs_separator(last.ai):
        return None
    present = {element.ai for element in elements}
    for at in range(1, len(last.value)):
        try:
            tail = parse_element_string(last.value[at:], year)
        except Gs1Error:
            continue
        found = {element.ai for element in tail}
        if all(map(_MAY_BE_SWALLOWED.fullmatch, found)) and not found & present:
            return last.ai
    return None
