from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from server.documents.barcodes import (
    bars_png,
    bars_svg,
    code128,
    ean13,
    qr_image,
    qr_matrix,
    qr_png,
    qr_svg,
)
from server.documents.errors import PrintError
from tests.documents.reading import picture, scanned, svg_picture

CODES = [
    "B-7K2M9",
    "L-A01-02-3",
    "2025-EC-123456-P1",
    "P&<>\"'",
    "1234567",
    "00012345678905",
    "a1b",
]
FULL_WIDTH_DIGITS = "".join(chr(0xFF10 + int(digit)) for digit in "4006381333931")


@pytest.mark.parametrize("text", CODES)
def test_code_128_is_read_back_from_its_png(text: str) -> None:
    assert scanned(picture(bars_png(code128(text)))) == {text: "Code 128"}


@pytest.mark.parametrize("text", CODES)
def test_code_128_is_read_back_from_its_svg(text: str) -> None:
    assert scanned(svg_picture(bars_svg(code128(text)))) == {text: "Code 128"}


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=48))
def test_code_128_carries_any_printable_ascii(text: str) -> None:
    # Readers take one or two symbols for noise; no code of the house is shorter than four.
    found = scanned(picture(bars_png(code128(text), dpi=300)))
    assert text in found


@pytest.mark.parametrize("text", ["9900", "990012", "99a1", "999999", "9901-B"])
def test_a_code_that_begins_with_99_keeps_it(text: str) -> None:
    assert scanned(picture(bars_png(code128(text), dpi=300))) == {text: "Code 128"}


def test_ean_13_is_read_back_from_png_and_svg() -> None:
    gtin = "4006381333931"
    assert scanned(picture(bars_png(ean13(gtin), dpi=300, module_mm=0.33))) == {gtin: "EAN-13"}
    assert scanned(svg_picture(bars_svg(ean13(gtin)))) == {gtin: "EAN-13"}


@pytest.mark.parametrize("text", ["https://dock.example/t/a?b=1&c=2", "订单 2025", "x" * 1200])
def test_qr_is_read_back_from_png_and_svg(text: str) -> None:
    assert scanned(picture(qr_png(text))) == {text: "QR Code"}
    assert scanned(svg_picture(qr_svg(text))) == {text: "QR Code"}


def test_qr_matrix_rows_drawn_by_a_client_are_read_back() -> None:
    rows = qr_matrix("https://dock.example/enrol/ABC")
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    drawn = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            drawn.putpixel((x + 4, y + 4), 0 if dark == "1" else 255)
    large = drawn.resize((drawn.width * 5, drawn.width * 5), Image.Resampling.NEAREST)
    assert scanned(large) == {"https://dock.example/enrol/ABC": "QR Code"}


def test_every_bar_is_a_whole_number_of_dots() -> None:
    image = picture(bars_png(code128("DOCK-128"), dpi=203, module_mm=0.375, human_readable=False))
    row = [image.getpixel((x, 5)) for x in range(image.width)]
    edges = [x for x in range(1, len(row)) if row[x] != row[x - 1]]
    assert {(b - a) % 3 for a, b in pairwise(edges)} == {0}


def test_quiet_zones_are_those_of_the_standards() -> None:
    code = picture(bars_png(code128("DOCK"), module_mm=0.375, human_readable=False))
    assert code.crop((0, 0, 30, code.height)).getextrema() == (255, 255)
    assert code.crop((code.width - 30, 0, code.width, code.height)).getextrema() == (255, 255)
    gtin = ean13("4006381333931")
    assert (gtin.quiet_left, gtin.quiet_right) == (11, 7)
    qr = qr_image("DOCK", module_dots=1).convert("L")
    assert qr.crop((0, 0, qr.width, 4)).getextrema() == (255, 255)
    assert qr.getpixel((4, 4)) == 0


@pytest.mark.parametrize("svg", [bars_svg(code128("A<script>")), qr_svg("<script>")])
def test_svg_has_nothing_that_a_strict_csp_blocks(svg: str) -> None:
    assert not re.search(r"<script|style|\son\w+=|href|url\(", svg)


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: code128("订单", field="parcel_number"), "barcode.character", "parcel_number"),
        (lambda: code128("A\x1dB"), "barcode.character", "barcode"),
        (lambda: code128(""), "barcode.length", "barcode"),
        (lambda: code128(" A"), "barcode.length", "barcode"),
        (lambda: code128("A" * 10_240), "barcode.length", "barcode"),
        (lambda: ean13("4006381333932"), "barcode.check_digit", "gtin"),
        (lambda: ean13("400638133393"), "barcode.digits", "gtin"),
        (lambda: ean13(FULL_WIDTH_DIGITS), "barcode.digits", "gtin"),
        (lambda: qr_matrix("A\x00"), "barcode.character", "qr"),
        (lambda: qr_matrix("\ud800"), "barcode.character", "qr"),
        (lambda: qr_matrix("x" * 1201), "barcode.length", "qr"),
        (lambda: bars_png(code128("A"), dpi=10), "barcode.resolution", "dpi"),
    ],
)
def test_what_a_symbology_cannot_carry_is_refused_by_field_and_value(
    make: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(PrintError) as refused:
        make()
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.mend
    assert len(refused.value.value) <= 80
