from __future__ import annotations

from io import BytesIO

import msgspec
import pytest
from PIL import Image, ImageDraw

from server.documents.checked import checked
from server.documents.drawings import Mark, photo_svg, place_svg, signature_svg
from server.documents.errors import PrintError
from server.documents.receipt import (
    DeliveryReceipt,
    Outcome,
    Point,
    Position,
    ReceiptLine,
    delivery_receipt,
    metres_between,
)
from server.documents.words import WORDS, Language
from server.pod.rules import METHODS, Question, StopPolicy
from tests.documents.reading import pages, scanned, svg_picture, text_box, text_of

RED, BLUE = (200, 30, 30), (30, 60, 200)


def jpeg(size: tuple[int, int] = (400, 300), orientation: int = 1) -> bytes:
    """Left half red, right half blue, with a position in its metadata."""
    photo = Image.new("RGB", size, BLUE)
    ImageDraw.Draw(photo).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill=RED)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "home of the receiver"
    out = BytesIO()
    photo.save(out, "JPEG", exif=exif)
    return out.getvalue()


RECEIPT = DeliveryReceipt(
    order_number="2025-EC-123456",
    run="RUN-20251122-03",
    stop="7 / 18",
    outcome="partial",
    reason="一件破损",
    lines=[
        ReceiptLine("85123A", "红色羊毛热水袋", 6, 5, "破损"),
        ReceiptLine("84029G", "WHITE HANGING HEART", 2, 2),
    ],
    name="王小明",
    receiver="王大明",
    signed_text="本人确认收到上述商品。",
    strokes=[[Point(0.1, 0.5), Point(0.5, 0.1, 40), Point(0.9, 0.5, 80)], [Point(0.5, 0.9)]],
    photos=[jpeg()],
    position=Position(22_5400000, 113_9500000, 850, "gps"),
    planned=Position(22_5409000, 113_9500000),
    device_time="2025-11-22T14:03:22+08:00",
    server_time="2025-11-22T14:09:01+08:00",
    record_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    server_key="60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    verify_url="https://dock.example/v/9f86d081884c7d65",
    language="zh-Hans",
)


POLICY = StopPolicy(
    clauses=[],
    checklist=[Question(code="seal", text="Siegel 完好"), Question(code="temp", text="Below 8 °C")],
    stages=[Question(code="set_up", text="Set up and tried out")],
    correct_ms=0,
)
RECORD = {
    "pin": "wrong",
    "pin_tries": 3,
    "inspection": [
        {"code": "seal", "answer": "yes", "note": ""},
        {"code": "temp", "answer": "no", "note": "11 °C at the door"},
        {"code": "gone", "answer": "not_applicable", "note": ""},
    ],
    "stages": [{"code": "set_up", "by": "Ann Corner", "at": 1_764_150_000_000}],
    "relaxed": [{"method": "photo", "reason": "no_camera"}],
}


def test_the_receipt_says_what_was_checked_at_the_door() -> None:
    points = checked(RECORD, POLICY, "en")
    text = text_of(
        delivery_receipt(msgspec.structs.replace(RECEIPT, checked=points, language="en"))
    )
    for said in (
        "Checked at the door",
        "wrong",
        "attempts: 3",
        "Siegel 完好",
        "11 °C at the door",
        "does not apply",
        "gone",
        "Set up and tried out",
        "Ann Corner",
        "2025-11-26 09:40Z",
        "left out",
        "the camera did not work",
    ):
        assert said in text
    assert "Checked at the door" not in text_of(delivery_receipt(RECEIPT))


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_word_that_a_record_may_use_is_in_every_language(language: Language) -> None:
    record = {
        "pin": "not_issued",
        "pin_tries": 1,
        "inspection": [],
        "relaxed": [{"method": m, "reason": "other"} for m in (*METHODS, "one_of")],
    }
    told = [text for point in checked(record, None, language) for text in (point.what, point.note)]
    assert not {*METHODS, "one_of", "other", "tries"} & {*told}


def test_a_record_of_the_first_version_has_nothing_to_say_of_it() -> None:
    assert checked({"reason": ""}, None, "en") == []


def dark(image: Image.Image, x: float, y: float) -> bool:
    """Is there ink within 1 % of a place given as shares of the picture?"""
    w, h = image.size
    box = (x * w - w / 100, y * h - h / 100, x * w + w / 100, y * h + h / 100)
    return image.convert("L").crop(box).getextrema()[0] < 100  # type: ignore[operator]


def test_receipt_says_what_happened_where_and_when() -> None:
    text = text_of(delivery_receipt(RECEIPT))
    for part in (
        WORDS["zh-Hans"]["partial"],
        "2025-EC-123456",
        "7 / 18",
        "红色羊毛热水袋",
        "破损",
        "王大明",
        "本人确认收到上述商品。",
        "22.540000, 113.950000",
        "8.5 m gps",
        "100 m",
        "2025-11-22T14:03:22+08:00",
        "2025-11-22T14:09:01+08:00",
        "9f86 d081 884c 7d65",
        "6030 3ae2",
    ):
        assert part in text


def test_usual_receipt_is_one_page_and_its_verify_link_is_read_back() -> None:
    sheets = pages(delivery_receipt(RECEIPT))
    assert len(sheets) == 1
    assert scanned(sheets[0]) == {RECEIPT.verify_url: "QR Code"}


def test_photo_is_on_the_paper() -> None:
    colours = pages(delivery_receipt(RECEIPT), dpi=50)[0].convert("RGB").getcolors(1 << 20)
    assert colours is not None
    near_red = sum(n for n, (r, g, b) in colours if r > 150 and g < 80 and b < 80)  # type: ignore[misc]
    without = msgspec.structs.replace(RECEIPT, photos=[])
    assert near_red > 500
    assert len(delivery_receipt(without)) < len(delivery_receipt(RECEIPT))


@pytest.mark.parametrize("outcome", ["full", "partial", "refused", "failed"])
def test_each_outcome_is_named(outcome: Outcome) -> None:
    receipt = msgspec.structs.replace(RECEIPT, outcome=outcome, language="en")
    assert WORDS["en"][outcome] in text_of(delivery_receipt(receipt))


def test_missing_signature_and_position_are_said_not_left_blank() -> None:
    receipt = msgspec.structs.replace(
        RECEIPT, strokes=[], position=None, position_missing="permission_denied", language="en"
    )
    text = text_of(delivery_receipt(receipt))
    for part in ("No signature was taken", "Position not recorded", "permission_denied"):
        assert part in text


def test_long_words_wrap_inside_the_margins() -> None:
    long = "W" * 80
    line = ReceiptLine(long, long * 2, 1, 1, long * 2)
    pdf = delivery_receipt(
        msgspec.structs.replace(
            RECEIPT,
            lines=[line],
            name=long,
            receiver=long * 2,
            reason=long,
            run=long,
            signed_text=long * 4,
            position_missing=long,
            position=None,
        )
    )
    left, _, right, _ = text_box(pdf)
    assert left >= 15.9
    assert right <= 194.1


def test_barest_and_fullest_receipts_print() -> None:
    bare = msgspec.structs.replace(
        RECEIPT, lines=[], strokes=[], photos=[], position=None, planned=None, name="", receiver=""
    )
    assert scanned(pages(delivery_receipt(bare))[0]) == {RECEIPT.verify_url: "QR Code"}
    full = msgspec.structs.replace(RECEIPT, lines=list(RECEIPT.lines) * 60, photos=[jpeg()] * 6)
    assert text_of(delivery_receipt(full)).count("WHITE HANGING HEART") == 60


def test_signature_is_drawn_where_the_pen_went() -> None:
    strokes = [[(0.1, 0.5), (0.5, 0.1), (0.9, 0.5)], [(0.5, 0.9)]]
    image = svg_picture(signature_svg(strokes, aspect=2))
    assert image.width == pytest.approx(image.height * 2, abs=2)
    for x, y in ((0.1, 0.5), (0.3, 0.3), (0.5, 0.1), (0.7, 0.3), (0.9, 0.5), (0.5, 0.9)):
        assert dark(image, x, y), f"no ink at {x}, {y}"
    assert not dark(image, 0.5, 0.5)


def test_sketch_puts_north_up_and_keeps_far_address_inside() -> None:
    near = svg_picture(place_svg(accuracy_m=5, planned=Mark(east=30, north=40)))
    assert dark(near, 0.5 + 0.38 * 0.6, 0.5 - 0.38 * 0.8)
    far = svg_picture(place_svg(accuracy_m=5, planned=Mark(east=-90_000, north=0)))
    assert dark(far, 0.5 - 0.38, 0.5)
    assert "50000 m" not in place_svg(5, None)


def test_distance_agrees_with_a_degree_of_latitude() -> None:
    equator, north = Position(0, 0), Position(1_0000000, 0)
    assert metres_between(equator, north) == pytest.approx(111_195, abs=1)
    assert metres_between(Position(0, 179_9999999), Position(0, -179_9999999)) < 0.1


def test_printed_photo_is_upright_and_has_lost_its_metadata() -> None:
    svg = photo_svg(jpeg(orientation=6), "photos[0]")
    assert 'width="300" height="400"' in svg
    top, bottom = (svg_picture(svg).getpixel((400, y)) for y in (100, 1000))
    assert top != bottom
    assert b"home of the receiver" in jpeg()
    assert b"home of the receiver" not in delivery_receipt(RECEIPT)


@pytest.mark.parametrize(
    "photo",
    [b"", b"GIF89a", jpeg()[:2000], b"\x89PNG\r\n\x1a\n", jpeg()[:20] + b"\0" * 100],
    ids=["empty", "gif", "cut", "png", "header"],
)
def test_photo_that_is_not_a_whole_jpeg_is_refused_by_its_place(photo: bytes) -> None:
    with pytest.raises(PrintError) as refused:
        delivery_receipt(msgspec.structs.replace(RECEIPT, photos=[jpeg(), photo]))
    assert (refused.value.code, refused.value.field) == ("receipt.photo", "photos[1]")


def test_picture_that_claims_a_huge_size_is_refused_unread() -> None:
    bomb = bytearray(jpeg())
    start = bomb.index(b"\xff\xc0")
    bomb[start + 5 : start + 9] = b"\xff\x00\xff\x00"
    with pytest.raises(PrintError, match="fewer pixels"):
        photo_svg(bytes(bomb), "photos[0]")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"strokes": [[Point(1.2, 0.5)]]}, "strokes[0][0].x"),
        ({"strokes": [[]]}, "strokes[0]"),
        ({"position": Position(2**31, 0)}, "position.lat_e7"),
        ({"outcome": "delayed"}, "outcome"),
        ({"record_hash": ""}, "record_hash"),
    ],
)
def test_field_out_of_bounds_is_refused_by_name(change: dict[str, object], field: str) -> None:
    with pytest.raises(PrintError) as refused:
        delivery_receipt(msgspec.structs.replace(RECEIPT, **change))
    assert (refused.value.code, refused.value.field) == ("document.field", field)


def test_receipt_is_the_same_bytes_each_time() -> None:
    assert delivery_receipt(RECEIPT) == delivery_receipt(RECEIPT)


@pytest.mark.parametrize(
    ("standing", "words"),
    [("counts", None), ("superseded", "Replaced by a later record"), ("kept", "does not count")],
)
def test_a_receipt_says_whether_its_record_still_counts(standing: str, words: str | None) -> None:
    shown = msgspec.structs.replace(RECEIPT, standing=standing, language="en")
    text = text_of(delivery_receipt(shown))
    assert ("Replaced by" in text or "does not count" in text) is (words is not None)
    assert words is None or words in text
