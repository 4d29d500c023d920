"""Which fonts print which writing.

All come from pinned packages, so a document looks the same on a bare server as on a desk.
Noto Sans CJK carries basic Latin, Greek, Cyrillic, Han, Kana and Hangul; Noto Sans the accented
letters it lacks (as in Łódź) and Devanagari; Arabic and Thai have a font each;
the typesetter's built-in DejaVu and Libertinus fill in Hebrew and symbols.
"""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

CJK_COLLECTION = Path(str(files("noto_cjk_sans_otc"))) / "NotoSansCJK-Regular.ttc"
MONO_INDEX = 7
"""Place of Noto Sans Mono CJK SC in the collection."""

FONT_FOLDERS = [
    CJK_COLLECTION.parent,
    *(
        Path(str(files(package))) / "files"
        for package in (
            "fontpkg_noto_sans",
            "fontpkg_noto_sans_arabic",
            "fontpkg_noto_sans_thai",
        )
    ),
]

OTHER_WRITING = [
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Thai",
    "DejaVu Sans Mono",
    "Libertinus Serif",
    "New Computer Modern Math",
]

# One Han code point has up to five national shapes; the reader's language chooses. The region
# matters as much as the font: shaping plain "zh" swaps a Traditional font's shapes for Simplified.
_HAN_SHAPES = {
    "zh-hant": ("TC", "TW"),
    "zh-tw": ("TC", "TW"),
    "zh-hk": ("HK", "HK"),
    "zh-mo": ("HK", "HK"),
    "zh": ("SC", "CN"),
    "ja": ("JP", "JP"),
    "ko": ("KR", "KR"),
}


class Writing(NamedTuple):
    """How to shape text of one language: BCP 47 parts and font families in order of trial."""

    lang: str
    region: str | None
    fonts: list[str]


def writing(language: str) -> Writing:
    """Shaping for a BCP 47 tag; Han in a language that has none is shaped as in Beijing."""
    tag = language.lower()
    lang = re.match(r"[a-z]{2,3}(?=-|$)", tag)
    shape, region = next(
        (entry for prefix, entry in _HAN_SHAPES.items() if tag.startswith(prefix)), ("SC", None)
    )
    return Writing(
        lang.group() if lang else "en", region, [f"Noto Sans CJK {shape}", *OTHER_WRITING]
    )
