from __future__ import annotations

import msgspec
import pytest

from server.documents.errors import PrintError
from server.documents.sheets import (
    Badge,
    DemoSheet,
    Item,
    Location,
    Symbology,
    demo_sheet,
)
from server.documents.words import WORDS
from server.kernel.check_digits import check_digits
from tests.documents.reading import pages, scanned, text_of

ITEMS = {"4006381333931": "红色羊毛热水袋", "5901234123457": "WHITE HANGING HEART"}
SHEET = DemoSheet(
    title="Dockhand demo",
    badges=[Badge("李雷", "picker", "B-7K2M9"), Badge("#panic()", "driver", "B-9XY2Q")],
    locations=[Location(f"L-A01-0{bay}-{level}") for bay in range(1, 5) for level in range(1, 4)],
    items=[Item(name, gtin) for gtin, name in ITEMS.items()],
)


@pytest.mark.parametrize("symbology", ["code128", "qr"])
def test_every_code_on_the_demo_sheet_is_read_back(symbology: Symbology) -> None:
    sheet = msgspec.structs.replace(SHEET, symbology=symbology)
    found: dict[str, str] = {}
    for page in pages(demo_sheet(sheet)):
        found |= scanned(page)
    own = {badge.code for badge in SHEET.badges} | {place.code for place in SHEET.locations}
    assert set(found) == own | set(ITEMS)
    assert {found[gtin] for gtin in ITEMS} == {"EAN-13"}
    assert {found[code] for code in own} == {"Code 128" if symbology == "code128" else "QR Code"}


def test_demo_sheet_names_people_and_items_as_they_are_spelt() -> None:
    text = text_of(demo_sheet(SHEET))
    for part in ("李雷", "#panic()", "B-7K2M9", "红色羊毛热水袋", "4006381333931"):
        assert part in text


def test_each_location_shows_its_check_digits() -> None:
    text = text_of(demo_sheet(SHEET))
    for place in SHEET.locations:
        assert check_digits(place.code.removeprefix("L-")) in text
    assert text.count(WORDS["en"]["check_digits"]) == len(SHEET.locations)


def test_code_too_long_for_bars_becomes_a_qr_code() -> None:
    long = "B-" + "aZ9/" * 11
    sheet = DemoSheet(title="x", badges=[Badge("W" * 120, "W" * 48, long)])
    assert scanned(pages(demo_sheet(sheet))[0]) == {long: "QR Code"}


def test_demo_sheet_leaves_out_empty_sections() -> None:
    text = text_of(demo_sheet(msgspec.structs.replace(SHEET, items=[])))
    assert WORDS["en"]["locations"] in text
    assert WORDS["en"]["items"] not in text


def test_wrong_check_digit_on_the_sheet_names_the_item() -> None:
    with pytest.raises(PrintError) as refused:
        demo_sheet(msgspec.structs.replace(SHEET, items=[Item("x", "4006381333932")]))
    assert (refused.value.code, refused.value.field) == ("barcode.check_digit", "items[0].gtin")


def test_a_sheet_is_the_same_bytes_each_time() -> None:
    assert demo_sheet(SHEET) == demo_sheet(SHEET)
