"""The app's catalogues, read from their sources: what stands on its buttons in each language."""

import json
import re
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parents[3] / "pwa" / "src" / "i18n"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
_ENTRY = re.compile(r'^  (?:"([^"]+)"|(\w+)):\s*("(?:[^"\\]|\\.)*")', re.MULTILINE)
PLACEHOLDER = re.compile(r"\{(\w+)(?::([^}]*))?\}")


@cache
def words(language: str) -> dict[str, str]:
    """`area.key` -> message, with its placeholders."""
    found: dict[str, str] = {}
    for path in sorted((CATALOGUES / language).glob("*.ts")):
        for quoted, bare, message in _ENTRY.findall(path.read_text("utf-8")):
            found[f"{path.stem}.{quoted or bare}"] = json.loads(message)
    return found


def pattern(message: str) -> re.Pattern[str]:
    """What a message may look like once it is filled."""
    at, made = 0, ""
    for hole in PLACEHOLDER.finditer(message):
        forms = hole.group(2)
        made += re.escape(message[at : hole.start()])
        made += "(?:" + "|".join(map(re.escape, forms.split("|"))) + ")" if forms else ".+?"
        at = hole.end()
    return re.compile(made + re.escape(message[at:]))
