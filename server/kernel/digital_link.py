"""GS1 Digital Link URIs: a web address that carries a primary key and its attributes.

Source: GS1 Digital Link Standard, URI syntax. Any host and any path before the key are
accepted, because the address on a pack belongs to the brand.
"""

import re

from server.kernel.gs1 import Element, Gs1Error, check_message
from server.kernel.gs1_formats import formats

_URI = re.compile(
    r"https?://[0-9A-Za-z.\-]+(?::[0-9]+)?(/[^?#]*)(?:\?([^#]*))?(?:#.*)?",
    re.IGNORECASE | re.ASCII,
)
_LEGAL = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_GTIN = ("01", "02")
ALPHAS = {
    "cpid": "8010",
    "cpsn": "8011",
    "cpv": "22",
    "gcn": "255",
    "gdti": "253",
    "giai": "8004",
    "ginc": "401",
    "gln": "414",
    "glnx": "254",
    "gmn": "8013",
    "grai": "8003",
    "gsin": "402",
    "gsrn": "8018",
    "gsrnp": "8017",
    "gtin": "01",
    "itip": "8006",
    "lot": "10",
    "party": "417",
    "refno": "8020",
    "ser": "21",
    "srin": "8019",
    "sscc": "00",
}
"""Words that links of before 2021 have in their path in place of an identifier."""


def parse_digital_link(text: str, year: int, *, short_gtin: bool = False) -> list[Element]:
    """Elements of a link, key first, then qualifiers, then attributes; raises ``Gs1Error``.

    ``short_gtin`` pads GTINs of 8, 12 and 13 digits, as links of before 2021 wrote them.
    """
    uri = _URI.fullmatch(text)
    if not uri or not _LEGAL.fullmatch(text):
        raise Gs1Error("bad_uri")
    path = _key_and_qualifiers(uri[1])
    attributes = _attributes(uri[2] or "")
    _check_attributes([part.ai for part in path], [part.ai for part in attributes])
    elements = [_decoded(element) for element in path + attributes]
    return check_message([_padded(element, short_gtin) for element in elements], year)


def _key_and_qualifiers(path: str) -> list[Element]:
    segments = path.split("/")[1:]
    pairs: list[Element] = []
    for at in range(len(segments) - 2, -1, -2):
        ai = ALPHAS.get(segments[at], segments[at])
        pairs.insert(0, Element(ai, segments[at + 1]))
        if _orders(ai) is not None:
            _check_order(ai, [pair.ai for pair in pairs[1:]])
            return pairs
    raise Gs1Error("no_key_in_uri")


def _orders(ai: str) -> tuple[tuple[str, ...], ...] | None:
    return formats()[ai].qualifiers if ai in formats() else None


def _check_order(key: str, qualifiers: list[str]) -> None:
    for allowed in _orders(key) or ():
        if qualifiers == [ai for ai in allowed if ai in qualifiers]:
            return
    raise Gs1Error("bad_uri", key)


def _attributes(query: str) -> list[Element]:
    pairs = [part.partition("=") for part in re.split("[&;]", query)]
    return [Element(name, value.replace("+", " ")) for name, _, value in pairs if name.isdecimal()]


def _check_attributes(path: list[str], attributes: list[str]) -> None:
    key, *qualifiers = path
    taken = list(path)
    for ai in attributes:
        if ai in taken:
            raise Gs1Error("repeated_ai", ai)
        taken.append(ai)
        if ai in formats() and not formats()[ai].attribute:
            raise Gs1Error("bad_uri", ai)
        for allowed in _orders(key) or ():
            if ai in allowed and all(qualifier in allowed for qualifier in qualifiers):
                raise Gs1Error("bad_uri", ai)


def _decoded(element: Element) -> Element:
    if element.value.count("%") != len(_ESCAPE.findall(element.value)):
        raise Gs1Error("bad_uri", element.ai)
    value = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), element.value)
    return Element(element.ai, value)


def _padded(element: Element, short_gtin: bool) -> Element:
    if short_gtin and element.ai in _GTIN and len(element.value) in (8, 12, 13):
        return Element(element.ai, element.value.zfill(14))
    return element
