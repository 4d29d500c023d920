from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO

import msgspec
import pytest
from PIL import Image

from server.documents.errors import PrintError
from server.documents.labels import ParcelLabel, parcel_label_pdf, parcel_label_png, weight_text
from server.documents.pallet_label import PalletLabel, pallet_label_pdf
from server.documents.words import WORDS, Language, said
from server.kernel.sscc import sscc
from server.returns.rules import USUAL
from tests.documents.reading import (
    pages,
    picture,
    scanned,
    symbologies,
    text_box,
    text_of,
)

URL = "https://dock.example/t/7hJk2LmN9pQrStUv"
SHENZHEN = ParcelLabel(
    parcel_number="2025-EC-123456-P1",
    order_number="2025-EC-123456",
    name="王小明",
    address=["深圳市南山区科技园", "高新南七道 12 号 A 座 1503 室", "广东省 518057"],
    parcel_index=1,
    parcel_count=3,
    weight_g=1250,
    service="Standard",
    sender="Dockhand, 1 Quay Road",
    tracking_url=URL,
    address_language="zh-Hans",
)
WIDEST = msgspec.structs.replace(
    SHENZHEN,
    parcel_number="P-2025-EC-123456-000000001",
    order_number="W" * 48,
    name="鬱" * 100,
    address=["W" * 100, "鬱" * 100, "国" * 100, "مرحبا بالعالم " * 7, "鬱 " * 50, "W" * 100],
    parcel_index=999,
    parcel_count=999,
    weight_g=99_999_999,
    service="鬱" * 40,
    phone="9" * 40,
    sender="鬱" * 120,
)


def ink(image: Image.Image, left: float, top: float, right: float, bottom: float) -> int:
    """Dark dots in a box given in millimetres of the label."""
    scale = image.width / 100
    box = (left * scale, top * scale, right * scale, bottom * scale)
    return sum(image.convert("L").crop(box).histogram()[:128])


def test_label_is_800_by_1200_black_or_white_dots() -> None:
    image = Image.open(BytesIO(parcel_label_png(SHENZHEN)))
    assert (image.size, image.mode) == ((800, 1200), "1")
    assert image.info["dpi"] == pytest.approx((203.2, 203.2), abs=0.1)


@pytest.mark.parametrize("label", [SHENZHEN, WIDEST], ids=["usual", "widest"])
def test_parcel_number_and_tracking_link_are_read_back_from_png_and_pdf(label: ParcelLabel) -> None:
    expected = {label.parcel_number: "Code 128", URL: "QR Code"}
    assert scanned(picture(parcel_label_png(label))) == expected
    assert scanned(pages(parcel_label_pdf(label), dpi=300)[0]) == expected


def test_label_without_link_has_no_qr_code() -> None:
    label = msgspec.structs.replace(SHENZHEN, tracking_url=None)
    assert scanned(picture(parcel_label_png(label))) == {label.parcel_number: "Code 128"}


def test_pdf_text_keeps_chinese_address_name_and_numbers() -> None:
    text = text_of(parcel_label_pdf(SHENZHEN))
    for part in (
        "王小明",
        "深圳市南山区科技园",
        "高新南七道 12 号 A 座 1503 室",
        "1.25 kg",
        "1 / 3",
        "2025-EC-123456",
    ):
        assert part in text


@pytest.mark.parametrize(
    "image",
    [picture(parcel_label_png(WIDEST)), pages(parcel_label_pdf(WIDEST))[0]],
    ids=["png", "pdf"],
)
def test_longest_address_wraps_inside_its_box_and_touches_nothing(image: Image.Image) -> None:
    assert ink(image, 0, 85, 100, 87.9) == 0, "last line of the address is cut or on the rule"
    assert ink(image, 0, 0, 3.9, 119) == 0, "left margin"
    assert ink(image, 96.2, 0, 100, 119) == 0, "right margin"
    assert ink(image, 0, 116.3, 100, 116.9) == 0, "sender runs into the bars"
    assert ink(image, 60.5, 4, 61.5, 18) == 0, "service runs into the count"


def test_longest_address_is_printed_whole() -> None:
    left, top, right, bottom = text_box(parcel_label_pdf(WIDEST))
    assert left >= 3.9
    assert top >= 3.9
    assert right <= 96.1
    assert bottom <= 149
    text = text_of(parcel_label_pdf(WIDEST))
    assert text.count("鬱") == 100 + 100 + 50 + 40 + 120
    assert text.count("国") == 100
    assert text.replace("Weight", "").count("W") == 48 + 200


def test_han_shapes_follow_the_language_of_the_address() -> None:
    drawn = {
        tag: parcel_label_png(
            msgspec.structs.replace(SHENZHEN, address=["直骨海角"], address_language=tag)
        )
        for tag in ("zh-Hans", "zh-Hant", "ja")
    }
    assert len(set(drawn.values())) == 3


@pytest.mark.parametrize(
    ("word", "font"),
    [
        ("北京", b"NotoSansCJKsc"),
        ("서울", b"NotoSansCJKsc"),
        ("東京都", b"NotoSansCJKsc"),
        ("Москва", b"NotoSansCJKsc"),
        ("Łódź", b"NotoSans-"),
        ("Đà Nẵng", b"NotoSansCJKsc"),
        ("القاهرة", b"NotoSansArabic"),
        ("กรุงเทพ", b"NotoSansThai"),
        ("दिल्ली", b"NotoSans-"),
    ],
)
def test_every_writing_is_set_in_a_font_that_has_it(word: str, font: bytes) -> None:
    pdf = parcel_label_pdf(msgspec.structs.replace(SHENZHEN, address=[word]))
    assert set(word) <= set(text_of(pdf))
    assert font in b" ".join(re.findall(rb"/FontName/[A-Z]{6}\+(\S+)", pdf))


def test_a_name_is_never_markup() -> None:
    name = '#panic("x") *b* $1$ \\ `c`'
    label = msgspec.structs.replace(SHENZHEN, name=name)
    assert name in text_of(parcel_label_pdf(label))


def test_control_and_reordering_characters_do_not_reach_the_paper() -> None:
    label = msgspec.structs.replace(SHENZHEN, name="A\x00\x1b[2J\u202eB\ud800C")
    clean = msgspec.structs.replace(SHENZHEN, name="A  [2JB\ufffdC")
    assert parcel_label_png(label) == parcel_label_png(clean)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"parcel_number": "包裹-1"}, "barcode.character", "parcel_number"),
        ({"parcel_number": "AbCdEfGhIj" * 4}, "label.too_wide", "parcel_number"),
        ({"parcel_index": 4}, "label.parcel_index", "parcel_index"),
        ({"name": ""}, "document.field", "name"),
        ({"name": "x" * 101}, "document.field", "name"),
        ({"address": ["x"] * 7}, "document.field", "address"),
        ({"address": ["x", "y" * 101]}, "document.field", "address[1]"),
        ({"weight_g": -1}, "document.field", "weight_g"),
        ({"language": "fr"}, "document.field", "language"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    change: dict[str, object], code: str, field: str
) -> None:
    label = msgspec.structs.replace(SHENZHEN, **change)
    for render in (parcel_label_png, parcel_label_pdf):
        with pytest.raises(PrintError) as refused:
            render(label)
        assert (refused.value.code, refused.value.field) == (code, field)


def test_refusal_shows_the_value_shortened() -> None:
    label = msgspec.structs.replace(SHENZHEN, address=["x", "y" * 10_000])
    with pytest.raises(PrintError) as refused:
        parcel_label_pdf(label)
    assert refused.value.value == "y" * 80


def test_labels_printed_at_once_are_the_same_as_one_by_one() -> None:
    labels = [msgspec.structs.replace(SHENZHEN, name=f"{n} 王小明") for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(parcel_label_pdf, labels))
    assert together == [parcel_label_pdf(label) for label in labels]


def test_same_label_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from tests.documents.test_labels import *;"
        "print(hashlib.sha256(parcel_label_png(SHENZHEN)+parcel_label_pdf(SHENZHEN)).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    here = sha256(parcel_label_png(SHENZHEN) + parcel_label_pdf(SHENZHEN))
    assert other.stdout.strip() == here.hexdigest()


@pytest.mark.parametrize(
    ("grams", "text"), [(0, "0 kg"), (5, "0.005 kg"), (1250, "1.25 kg"), (20_000, "20 kg")]
)
def test_weight_is_kilograms_exact_to_the_gram(grams: int, text: str) -> None:
    assert weight_text(grams) == text


def test_every_language_has_the_same_words() -> None:
    keys = {language: set(words) for language, words in WORDS.items()}
    assert keys["en"] == keys["zh-Hans"] == keys["zh-Hant"]
    assert all(text.strip() for words in WORDS.values() for text in words.values())


@pytest.mark.parametrize("language", list(WORDS))
def test_each_reason_of_a_driver_has_a_word_on_paper(language: Language) -> None:
    for code in (*USUAL, "other"):
        assert said(language, "why", code) != code
    for code in ("denied", "unavailable", "timeout", "desk"):
        assert said(language, "place", code) != code
    assert said(language, "why", "") == ""


def test_an_sscc_is_printed_as_gs1_128_with_its_identifier() -> None:
    number = sscc("9521234", 3_000_000_001)
    label = msgspec.structs.replace(SHENZHEN, parcel_number=number)
    read = symbologies(picture(parcel_label_png(label)))
    assert read[f"00{number}"] == "]C1"
    assert f"(00) {number}" in text_of(parcel_label_pdf(label))
    house = symbologies(picture(parcel_label_png(SHENZHEN)))
    assert house[SHENZHEN.parcel_number] == "]C0"


PALLET = PalletLabel(
    number=sscc("9521234", 3_000_000_002),
    cartons=31,
    orders=[f"2026-EC-{n:06d}" for n in range(30)],
    weight_g=184_500,
    to=["王小明", "深圳市南山区科技园"],
    sender="Dockhand, 1 Quay Road",
)


@pytest.mark.parametrize("language", list(WORDS))
def test_a_pallet_label_says_its_number_and_what_stands_on_it(language: Language) -> None:
    pdf = pallet_label_pdf(msgspec.structs.replace(PALLET, language=language))
    (page,) = pages(pdf)
    assert symbologies(page)[f"00{PALLET.number}"] == "]C1"
    text = text_of(pdf)
    for word in (WORDS[language]["pallet"], "31", "184.5 kg", "王小明", "2026-EC-000023", "+ 6"):
        assert word in text
    left, top, right, bottom = text_box(pdf)
    assert (left >= 3.5, top >= 3.5, right <= 96.5, bottom <= 149.5) == (True,) * 4


def test_a_pallet_that_was_not_weighed_and_goes_to_several_places_says_neither() -> None:
    bare = msgspec.structs.replace(PALLET, weight_g=0, to=[], orders=["A"])
    text = text_of(pallet_label_pdf(bare))
    assert "kg" not in text
    assert "+" not in text
