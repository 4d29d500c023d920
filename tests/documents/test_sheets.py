from __future__ import annotations

import time

import msgspec
import pytest

from server.documents.errors import PrintError
from server.documents.sheets import (
    Badge,
    DemoSheet,
    Item,
    Location,
    OrderPaper,
    PaperLine,
    Symbology,
    delivery_note,
    demo_sheet,
    packing_list,
    picking_list,
)
from server.documents.words import WORDS
from server.kernel.check_digits import check_digits
from tests.documents.reading import pages, scanned, text_box, text_of

ITEMS = {"4006381333931": "红色羊毛热水袋", "5901234123457": "WHITE HANGING HEART"}
SHEET = DemoSheet(
    title="Dockhand demo",
    badges=[Badge("李雷", "picker", "B-7K2M9"), Badge("#panic()", "driver", "B-9XY2Q")],
    locations=[Location(f"L-A01-0{bay}-{level}") for bay in range(1, 5) for level in range(1, 4)],
    items=[Item(name, gtin) for gtin, name in ITEMS.items()],
)
NAMES = [
    "不锈钢保温杯 500 毫升（蓝色）",
    "红色羊毛白爱心热水袋",
    "復古鉛筆盒",
    "雨伞",
    "毛巾三件套",
]
PAPER = OrderPaper(
    order_number="2025-EC-123456",
    date="2025-11-22",
    name="王小明",
    address=["深圳市南山区科技园", "高新南七道 12 号"],
    lines=[
        PaperLine(f"85{n:03}A", NAMES[n % 5], n + 1, f"L-A{n:02}-01-3", "易碎" if n == 3 else "")
        for n in range(50)
    ],
    parcels=["2025-EC-123456-P1"],
    language="zh-Hans",
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
    paper = msgspec.structs.replace(PAPER, order_number=long, address=[])
    assert scanned(pages(packing_list(paper))[0]) == {long: "QR Code"}


def test_long_list_repeats_its_head_and_numbers_its_pages() -> None:
    lines = [PaperLine(f"S{n}", "x", 1) for n in range(300)]
    paper = packing_list(msgspec.structs.replace(PAPER, lines=lines, language="en"))
    count = len(pages(paper, dpi=20))
    assert count > 3
    assert text_of(paper).count("Item") == count
    assert f"Page {count} / {count}" in text_of(paper)


def test_demo_sheet_leaves_out_empty_sections() -> None:
    text = text_of(demo_sheet(msgspec.structs.replace(SHEET, items=[])))
    assert WORDS["en"]["locations"] in text
    assert WORDS["en"]["items"] not in text


def test_wrong_check_digit_on_the_sheet_names_the_item() -> None:
    with pytest.raises(PrintError) as refused:
        demo_sheet(msgspec.structs.replace(SHEET, items=[Item("x", "4006381333932")]))
    assert (refused.value.code, refused.value.field) == ("barcode.check_digit", "items[0].gtin")


@pytest.mark.parametrize("render", [picking_list, packing_list, delivery_note])
def test_order_papers_carry_every_line_as_text_that_can_be_copied(render: object) -> None:
    assert callable(render)
    paper = render(PAPER)
    text = text_of(paper)
    for line in PAPER.lines:
        assert line.sku in text
        assert line.name in text
    for part in ("王小明", "深圳市南山区科技园", "高新南七道 12 号", "总件数 1,275", "易碎"):
        assert part in text
    assert scanned(pages(paper)[0]) == {"2025-EC-123456": "Code 128"}


def test_only_the_picking_list_shows_locations() -> None:
    assert "L-A07-01-3" in text_of(picking_list(PAPER))
    assert "L-A07-01-3" not in text_of(packing_list(PAPER)) + text_of(delivery_note(PAPER))


def test_long_sku_wraps_and_can_still_be_copied() -> None:
    line = PaperLine("SKU" + "X9" * 20, "W" * 120, 1)
    paper = packing_list(msgspec.structs.replace(PAPER, lines=[line]))
    left, _, right, _ = text_box(paper)
    assert left >= 14.9
    assert right <= 195.1
    text = text_of(paper)
    assert "\u200b" not in text
    joined = text.replace("\n", "")
    assert line.sku in joined
    assert joined.count("W") == 120


def test_an_order_without_lines_is_refused() -> None:
    with pytest.raises(PrintError, match="lines"):
        packing_list(msgspec.structs.replace(PAPER, lines=[]))


def test_papers_are_the_same_bytes_each_time() -> None:
    assert packing_list(PAPER) == packing_list(PAPER)
    assert demo_sheet(SHEET) == demo_sheet(SHEET)


def test_fifty_chinese_lines_take_at_most_fifty_milliseconds_warm() -> None:
    def once(day: int) -> float:
        paper = msgspec.structs.replace(PAPER, date=f"day {day}")  # nothing remembered helps
        start = time.perf_counter()
        packing_list(paper)
        return time.perf_counter() - start

    assert min(once(day) for day in range(8)) <= 0.05
