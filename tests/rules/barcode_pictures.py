"""The photographs of bar codes, and how an answer to one is judged."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image

from tests.data import data

READ_AT_LEAST = 52
"""Of the 64 pictures, those without a code among them; without any wrong read."""


@dataclass(frozen=True)
class Photo:
    """`expected` is None where there is no code to be read."""

    path: Path
    expected: str | None

    @cached_property
    def image(self) -> Image.Image:
        """In colour, on white where it is transparent."""
        picture = Image.open(self.path).convert("RGBA")
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, picture)

    def verdict(self, found: str | None) -> str:
        """`right`, `none`, or `wrong`; nothing found is right where nothing is to be found."""
        if found is None or self.expected is None:
            return "right" if found == self.expected else "wrong" if found else "none"
        return "right" if _same(found, self.expected) else "wrong"


def photos() -> list[Photo]:
    folder = data("barcode_images")
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Photo(folder / row["file"], row["expect_text"]) for row in rows]


def _same(found: str, expected: str) -> bool:
    """The same text; numbers of any length the same GTIN, a short UPC-E its long form."""
    found, expected = (re.sub(r"[()\s\x1d]", "", text) for text in (found, expected))
    if found == expected or found.removeprefix("01") == expected:
        return True
    numbers = {expected.zfill(14), _upc_a(expected).zfill(14)}
    return found.isdecimal() and found.zfill(14) in numbers


def _upc_a(text: str) -> str:
    match = re.fullmatch(r"([01])([0-9]{2})([0-9]{3})([0-2])([0-9])", text)
    if match:
        return f"{match[1]}{match[2]}{match[4]}0000{match[3]}{match[5]}"
    match = re.fullmatch(r"([01])([0-9]{5})([5-9])([0-9])", text)
    return f"{match[1]}{match[2]}0000{match[3]}{match[4]}" if match else text
