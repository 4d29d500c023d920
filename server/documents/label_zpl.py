"""Parcel and pallet labels in ZPL: as text where a printer's own font has the letters and all of
them fit, else as a picture of the typeset label. Bars are the printer's own, or in the picture dot
for dot."""

from __future__ import annotations

from PIL import Image

from server.documents import typesetting
from server.documents.barcodes import qr_image
from server.documents.labels import (
    BARS_HEIGHT_MM,
    BARS_TOP_MM,
    DPI,
    HEIGHT_MM,
    QR_LEFT_MM,
    QR_SIDE_MM,
    QR_TOP_MM,
    WAYBILL_HEIGHT_MM,
    WAYBILL_TOP_MM,
    WIDTH_MM,
    ParcelLabel,
    check_count,
    dots,
    is_sscc,
    number_bars,
    parcel_label_picture,
    waybill_bars,
    weight_text,
    widest_module,
)
from server.documents.pallet_label import PalletLabel, pallet_label_picture, told_orders
from server.documents.words import WORDS
from server.documents.zpl import (
    Paper,
    code128_code,
    graphic,
    gs1_code,
    is_latin,
    itf_code,
    zpl_label,
)

DPI_OF = {203: DPI, 300: 300.0}
"""What printers are sold as, and dots an inch: 203 is 8 dots a millimetre."""
LEFT, ROOM = 4.0, 92.0
CAPTION = 3.0
BIG = [8.0, 7.0, 6.0, 5.0, 4.0, 3.0]
SMALL = [5.0, 4.0, 3.0, 2.5, 2.0]
ADDRESS = [6.5, 5.7, 5.0, 4.3, 3.7, 3.2, 2.8, 2.4]


def parcel_label_zpl(label: ParcelLabel, *, dpi: int = 203) -> bytes:
    """For a printer of 203 or 300 dpi. Raises PrintError as the other forms of the label do."""
    label = typesetting.checked(label)
    check_count(label)
    words = WORDS[label.language]
    texts = [label.name, *label.address, label.service, label.sender, label.order_number]
    paper = Paper(DPI_OF[dpi], WIDTH_MM, HEIGHT_MM)
    if is_latin([*texts, label.phone, *words.values()]):
        _parcel(paper, label, words)
        if not paper.is_cut:
            return paper.done()
    return as_picture(parcel_label_picture(label, dpi=paper.dpi))


def _parcel(paper: Paper, label: ParcelLabel, words: dict[str, str]) -> None:
    _head(paper, words["service"], label.service, 56, words["parcel"])
    paper.block(62, 7.5, (34, 10), [f"{label.parcel_index} / {label.parcel_count}"], BIG)
    paper.rule(LEFT, 19, ROOM)
    _address(paper, label, words)
    paper.rule(LEFT, 88, ROOM)
    _details(paper, label, words)
    paper.rule(LEFT, 117, ROOM)
    _number(paper, label.parcel_number)


def _head(paper: Paper, caption: str, text: str, width: float, other: str) -> None:
    paper.text(LEFT, 4, CAPTION, caption)
    paper.block(LEFT, 7.5, (width, 10.5), [text], BIG)
    paper.text(LEFT + width + 2, 4, CAPTION, other)


def _address(paper: Paper, label: ParcelLabel, words: dict[str, str]) -> None:
    bars = waybill_bars(label.waybill, label.waybill_code)
    phone = [f"{words['phone']} {label.phone}"] if label.phone else []
    paper.text(LEFT, 21, CAPTION, words["ship_to"])
    told = [label.name, *label.address, *phone]
    paper.block(LEFT, 25, (ROOM, 38 if bars else 62), told, ADDRESS)
    if bars is None:
        return
    dot = widest_module(bars, paper.dpi, field="waybill")
    code = itf_code(bars) if label.waybill_code == "itf" else code128_code(label.waybill)
    paper.rule(LEFT, 63.5, ROOM)
    paper.bars(WAYBILL_TOP_MM, WAYBILL_HEIGHT_MM, code, dot)
    paper.middle(81.5, 4.5, f"{words['waybill']} {label.waybill}")


def _details(paper: Paper, label: ParcelLabel, words: dict[str, str]) -> None:
    room = 62.0 if label.tracking_url else ROOM
    paper.text(LEFT, 89.5, CAPTION, words["order"])
    paper.block(LEFT, 93, (room - 26, 9), [label.order_number], SMALL)
    if label.weight_g is not None:
        paper.text(LEFT + room - 24, 89.5, CAPTION, words["weight"])
        paper.block(LEFT + room - 24, 93, (24, 9), [weight_text(label.weight_g)], SMALL)
    if label.sender:
        paper.text(LEFT, 102.5, CAPTION, words["from"])
        paper.block(LEFT, 106, (room, 10.5), [label.sender], [3.5, 3.0, 2.5, 2.0])
    if label.tracking_url:
        _tracking(paper, label.tracking_url)


def _tracking(paper: Paper, url: str) -> None:
    """As a picture: printers count the QR code's place from different corners."""
    room = dots(QR_SIDE_MM, paper.dpi)
    modules = qr_image(url, module_dots=1, field="tracking_url").width
    code = qr_image(url, module_dots=max(1, room // modules), field="tracking_url")
    left = dots(QR_LEFT_MM + QR_SIDE_MM, paper.dpi) - code.width
    paper.picture(code, left, dots(QR_TOP_MM, paper.dpi))


def _number(paper: Paper, number: str) -> None:
    bars, dot = number_bars(number, dpi=paper.dpi)
    code = gs1_code("00", number) if is_sscc(number) else code128_code(number)
    paper.bars(BARS_TOP_MM, BARS_HEIGHT_MM, code, dot)
    paper.middle(143, 5, bars.text)


def pallet_label_zpl(label: PalletLabel, *, dpi: int = 203) -> bytes:
    """For a printer of 203 or 300 dpi."""
    label = typesetting.checked(label)
    words = WORDS[label.language]
    paper = Paper(DPI_OF[dpi], WIDTH_MM, HEIGHT_MM)
    if is_latin([*label.to, *label.orders, label.sender, *words.values()]):
        _pallet(paper, label, words)
        if not paper.is_cut:
            return paper.done()
    return as_picture(pallet_label_picture(label, dpi=paper.dpi))


def as_picture(picture: Image.Image) -> bytes:
    return zpl_label([f"^FO0,0{graphic(picture)}"], width=picture.width, height=picture.height)


def _pallet(paper: Paper, label: PalletLabel, words: dict[str, str]) -> None:
    paper.block(LEFT, 6, (44, 12), [words["pallet"]], BIG)
    paper.text(50, 4, CAPTION, words["parcels"])
    paper.block(50, 7.5, (22, 10), [str(label.cartons)], BIG)
    if label.weight_g:
        paper.text(74, 4, CAPTION, words["weight"])
        paper.block(74, 8.5, (22, 9), [weight_text(label.weight_g)], BIG[2:])
    paper.rule(LEFT, 21, ROOM)
    paper.text(LEFT, 23, CAPTION, words["ship_to"])
    paper.block(LEFT, 27, (ROOM, 30), list(label.to), ADDRESS)
    paper.rule(LEFT, 58, ROOM)
    _orders(paper, label, words["order"])
    paper.block(LEFT, 107, (ROOM, 9), [label.sender], [3.5, 3.0, 2.5])
    paper.rule(LEFT, 117, ROOM)
    _number(paper, label.number)


def _orders(paper: Paper, label: PalletLabel, caption: str) -> None:
    orders, more = told_orders(label)
    paper.text(LEFT, 60, CAPTION, caption)
    for nth, number in enumerate([*orders, more] if more else orders):
        x, y = LEFT + nth % 2 * 46, 64 + nth // 2 * 3.2
        paper.block(x, y, (45, 3.3), [number], [2.8, 2.4, 2.0, 1.6, 1.2])
