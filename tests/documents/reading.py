"""Reading printed things back the way a scanner or a person would."""

from __future__ import annotations

from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]
import typst
import zxingcpp
from PIL import Image


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")


def symbologies(image: Image.Image) -> dict[str, str]:
    """Text of every code in the picture, with what a scanner sends before it (ISO/IEC 15424)."""
    read = zxingcpp.read_barcodes(image.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    return {code.text: code.symbology_identifier for code in read}


def scanned(image: Image.Image) -> dict[str, str]:
    """Text of every code in the picture, with the name of its symbology."""
    return {code.text: str(code.format) for code in zxingcpp.read_barcodes(image.convert("L"))}


def pages(pdf: bytes, dpi: int = 200) -> list[Image.Image]:
    return [page.render(scale=dpi / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def text_of(pdf: bytes) -> str:
    return "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)
    ).replace("\r", "")


def text_box(pdf: bytes) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in mm of all text of the first page, also where it is clipped."""
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(at) for at in range(text.count_chars())]
    left, bottom, right, top = zip(*boxes, strict=True)
    height = page.get_height()
    edges = (min(left), height - max(top), max(right), height - min(bottom))
    return tuple(edge / 72 * 25.4 for edge in edges)


def svg_picture(svg: str) -> Image.Image:
    """Rasterise through the typesetter, which draws SVG as a printer would."""
    page = (
        b"#set page(width: auto, height: auto, margin: 0pt)\n"
        b"#image(bytes(sys.inputs.svg), width: 80mm)"
    )
    png = typst.Compiler(page, sys_inputs={"svg": svg}, ignore_system_fonts=True).compile(
        format="png", ppi=300
    )
    assert isinstance(png, bytes)
    return picture(png)
