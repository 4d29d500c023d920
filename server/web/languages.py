"""The languages of pages that the server writes itself, and which of them a reader wants."""

from typing import Literal

Language = Literal["en", "zh-Hans", "zh-Hant"]
LANGUAGES: dict[Language, str] = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


def language(wanted: str, accepted: str) -> Language:
    """`wanted` from the address wins over the browser's `Accept-Language`; else English."""
    for tag in [wanted, *(part.partition(";")[0] for part in accepted.split(","))]:
        if (found := _known(tag.strip().lower())) is not None:
            return found
    return "en"


def _known(tag: str) -> Language | None:
    if tag.startswith("zh"):
        traditional = any(mark in tag for mark in ("hant", "-tw", "-hk", "-mo"))
        return "zh-Hant" if traditional else "zh-Hans"
    return "en" if tag.startswith("en") else None
