"""Which fonts print which writing.

All come from pinned packages, so a document looks the same on a bare server as on a desk.
Noto Sans CJK carries Latin, Greek, Cyrillic, Han, Kana and Hangul; Arabic, Thai and Devanagari
have a font each; the typesetter's built-in DejaVu and Libertinus fill in Hebrew and symbols.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

CJK_COLLECTION = Path(str(files("noto_cjk_sans_otc"))) / "NotoSansCJK-Regular.ttc"
MONO_INDEX = 7
"""Place of Noto Sans Mono CJK SC in the collection."""

FONT_FOLDERS = [
    CJK_COLLECTION.parent,
    *(
        Path(str(files(package))) / "files"
        for package in (
            "fontpkg_noto_sans_arabic",
            "fontpkg_noto_sans_thai",
            "fontpkg_noto_sans_devanagari",
        )
    ),
]

OTHER_WRITING = [
    "Noto Sans Arabic",
    "Noto Sans Thai",
    "Noto Sans Devanagari",
    "DejaVu Sans Mono",
    "Libertinus Serif",
    "New Computer Modern Math",
]

# One Han code point has up to five national shapes; the reader's language chooses.
_HAN_SHAPES = {
    "zh-hans": "SC",
    "zh-cn": "SC",
    "zh-sg": "SC",
    "zh-hant": "TC",
    "zh-tw": "TC",
    "zh-hk": "HK",
    "zh-mo": "HK",
    "ja": "JP",
    "ko": "KR",
}


def families(language: str) -> list[str]:
    """Font families in the order to try, for a BCP 47 language tag (default: Simplified Han)."""
    tag = language.lower()
    shape = next((s for prefix, s in _HAN_SHAPES.items() if tag.startswith(prefix)), "SC")
    return [f"Noto Sans CJK {shape}", *OTHER_WRITING]
