"""Labels for label printers: parsed back, drawn and scanned; nothing of an address is a command."""

from __future__ import annotations

import re

import msgspec
import pytest
from PIL import Image, ImageFont

from server.documents import fonts
from server.documents.errors import PrintError
from server.documents.label_zpl import pallet_label_zpl, parcel_label_zpl
from server.documents.labels import ParcelLabel, dots, parcel_label_picture
from server.documents.zpl import code128_code, escaped, field, graphic, width_of, wrapped
from tests.documents.reading import scanned, symbologies
from tests.documents.test_labels import PALLET, SHENZHEN, URL, WIDEST
from tests.documents.test_waybill_label import CARRIED, NUMBER
from tests.documents.zpl_reader import Label, code128_values, picture_of, read, unhex

WAYBILL = CARRIED.waybill
LATIN = msgspec.structs.replace(
    CARRIED,
    name="Zoë Straße GmbH & Co. KG",
    address=["Große Bleichen 12", "20354 Hamburg", "DE"],
    phone="+49 40 1234",
    weight_g=12_345,
)
BOTH = pytest.mark.parametrize("dpi", [203, 300])
NASTY = '^XA^FO0,0^GB800,800,800^FS^XZ~JR~DG_5E_7E\\&\x1b\x00\r\n^FN1"#>;>8'


def labels_of(dpi: int) -> list[Label]:
    latin_pallet = msgspec.structs.replace(PALLET, to=["Zoë Straße GmbH", "20354 Hamburg"])
    return [
        *(read(parcel_label_zpl(each, dpi=dpi)) for each in (LATIN, CARRIED, WIDEST)),
        *(read(pallet_label_zpl(each, dpi=dpi)) for each in (latin_pallet, PALLET)),
    ]


@BOTH
def test_a_latin_address_is_text_and_its_bars_are_the_printer_s_own(dpi: int) -> None:
    label = read(parcel_label_zpl(LATIN, dpi=dpi))
    texts = label.texts()
    for part in (LATIN.name, *LATIN.address, "Phone +49 40 1234", "12.345 kg", "1 / 3"):
        assert part in texts
    assert f"(00) {NUMBER}" in texts
    assert f"Waybill {WAYBILL}" in texts
    image = label.drawn()
    assert scanned(image)[WAYBILL] == "Code 128"
    assert URL in scanned(image)
    assert symbologies(image)[f"00{NUMBER}"] == "]C1", "without FNC1 it is no GS1-128"


@BOTH
def test_a_chinese_address_is_a_picture_whose_codes_are_read_back(dpi: int) -> None:
    label = read(parcel_label_zpl(CARRIED, dpi=dpi))
    (one,) = label.fields
    assert (one.x, one.y, list(one.commands)) == (0, 0, ["GF"])
    image = label.drawn()
    assert scanned(image)[WAYBILL] == "Code 128"
    assert symbologies(image)[f"00{NUMBER}"] == "]C1"
    typeset = parcel_label_picture(CARRIED, dpi={203: 203.2, 300: 300}[dpi])
    assert image.tobytes() == typeset.convert("L").crop((0, 0, *image.size)).tobytes()


@pytest.mark.parametrize("word", ["Łódź", "Москва", "서울", "القاهرة", "กรุงเทพ"])
def test_letters_that_not_every_printer_has_make_a_picture(word: str) -> None:
    label = read(parcel_label_zpl(msgspec.structs.replace(LATIN, address=[word])))
    assert label.texts() == []


@BOTH
def test_nothing_reaches_beyond_the_label(dpi: int) -> None:
    width, height = dots(100, {203: 203.2, 300: 300}[dpi]), dots(150, {203: 203.2, 300: 300}[dpi])
    for label in labels_of(dpi):
        assert (label.width, label.height) == (width, height)
        assert width <= 100 / 25.4 * dpi * 1.01
        for f in label.fields:
            right, bottom = extent(label, f)
            assert 0 <= f.x < right <= width
            assert 0 <= f.y < bottom <= height


def extent(label: Label, f: object) -> tuple[float, float]:
    """Where a field ends, in dots."""
    x, y, data, said = f.x, f.y, f.data, f.commands  # type: ignore[attr-defined]
    if "A0" in said:
        letter = int(said["A0"].split(",")[1])
        wide = width_of(data) * letter
        return (label.width if "FB" in said and wide <= label.width else x + wide), y + letter
    if "GB" in said:
        across, down, _ = map(int, said["GB"].split(","))
        return x + across, y + down
    if "GF" in said:
        across = int(said["GF"].split(",")[3])
        rows = int(said["GF"].split(",")[1]) // across
        return x + min(across * 8, label.width - x), y + rows
    quiet, height = 10, int(said["BC"].split(",")[1])
    signs = code128_values(data, said["BC"])
    modules = 11 * len(signs) + 13 + quiet
    assert x >= quiet * f.module, "the bars need white on their left"  # type: ignore[attr-defined]
    return x + modules * f.module, y + height  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text", ["Große Bleichen 12, 20354 Hamburg", "WAREHOUSE MANAGEMENT", "2026-EC-000123", "Müller"]
)
def test_no_line_is_reckoned_narrower_than_in_a_wider_font(text: str) -> None:
    font = ImageFont.truetype(str(fonts.CJK_COLLECTION), 1000, index=0)
    assert width_of(text) * 1000 >= font.getlength(text)


@pytest.mark.parametrize("where", ["name", "address", "service", "sender", "phone", "order_number"])
def test_no_address_injects_a_command(where: str) -> None:
    value: object = [NASTY] if where == "address" else NASTY[:32]
    nasty = msgspec.structs.replace(LATIN, **{where: value})
    plain = msgspec.structs.replace(LATIN, **{where: ["x"] if where == "address" else "x"})
    zpl = parcel_label_zpl(nasty)
    names = re.findall(rb"\^[A-Z0-9]{2}|~", zpl)
    assert set(names) == set(re.findall(rb"\^[A-Z0-9]{2}|~", parcel_label_zpl(plain)))
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f-\xff]", zpl)
    assert "^XA" in " ".join(read(zpl).texts())


def test_the_reader_finds_what_is_not_escaped() -> None:
    """The twin of the test above: an address written as it comes is found out."""
    zpl = parcel_label_zpl(LATIN)
    for sabotage in (b"^FDZo^XZ^XA", b"^FDZo~JR", b"^FDZo^JUS"):
        with pytest.raises(AssertionError):
            read(zpl.replace(b"^FDZo", sabotage, 1))


@pytest.mark.parametrize("text", ["", "plain 12/3", NASTY, "鬱 é €", "a_b__5E", "\\&"])
def test_field_data_is_what_was_meant(text: str) -> None:
    assert not set(escaped(text)) & set("^~\\\x00\r\n")
    assert unhex(escaped(text)) == text
    assert field(text) == f"^FH_^FD{escaped(text)}^FS"


@pytest.mark.parametrize(
    "text", ["P-00000017", "2025-EC-123456-P1", "SW100000005", "12345678", "A>B^C~D_5E", "a1234567"]
)
def test_house_numbers_are_as_wide_as_reckoned_and_say_what_they_should(text: str) -> None:
    how, data, modules = code128_code(text)
    command = how.format(height=10).removeprefix("^BC")
    assert 11 * len(code128_values(data, command)) + 13 == modules
    label = msgspec.structs.replace(LATIN, parcel_number=text)
    assert scanned(read(parcel_label_zpl(label)).drawn())[text] == "Code 128"


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (8, 2), (800, 40), (1181, 9)])
def test_a_picture_survives_its_run_lengths(size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 200).convert("1")
    for image in (noise, Image.new("1", size, 0), Image.new("1", size, 1)):
        back = picture_of(graphic(image).removeprefix("^GF").removesuffix("^FS"))
        assert back.crop((0, 0, *size)).tobytes() == image.tobytes()


def test_long_words_are_broken_and_no_letter_is_lost() -> None:
    assert wrapped("W" * 40 + " b", 10) == ["W" * 10, "W" * 10, "W" * 10, "W" * 10, "b"]
    text = "Große Bleichen 12 Hinterhaus links zweite Etage"
    assert " ".join(wrapped(text, 12)) == text
    assert all(width_of(line) <= 12 for line in wrapped(text, 12))
    assert wrapped("", 10) == wrapped("  ", 10) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [({"parcel_index": 9}, "label.parcel_index"), ({"waybill": "运"}, "barcode.character")],
)
@BOTH
def test_what_is_refused_on_paper_is_refused_here(
    change: dict[str, object], code: str, dpi: int
) -> None:
    label: ParcelLabel = msgspec.structs.replace(LATIN, **change)
    with pytest.raises(PrintError) as refused:
        parcel_label_zpl(label, dpi=dpi)
    assert refused.value.code == code


def test_what_does_not_fit_in_the_printer_s_own_font_is_typeset_whole() -> None:
    long = msgspec.structs.replace(LATIN, name="N" * 100, address=["W" * 100] * 6)
    assert read(parcel_label_zpl(long)).texts() == []
    fits = msgspec.structs.replace(LATIN, name="N" * 100, address=["W" * 100] * 3)
    letters = [f for f in read(parcel_label_zpl(fits)).fields if set(f.data) == {"W"}]
    assert sum(len(f.data) for f in letters) == 300
    last = max(f.y + int(f.commands["A0"].split(",")[1]) for f in letters)
    assert last <= dots(63.5, 203.2), "it is printed over the bars"


def test_both_forms_have_the_same_barcodes() -> None:
    text, picture = (read(parcel_label_zpl(each)).drawn() for each in (LATIN, CARRIED))
    assert symbologies(text) == symbologies(picture)
    assert set(scanned(picture)) >= {WAYBILL}
    assert SHENZHEN.order_number in " ".join(read(parcel_label_zpl(LATIN)).texts())
