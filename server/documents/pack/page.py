"""`verify.html`: one file with everything in it; a browser opens it from a disk, off-line.

Its own policy lets it run the one script whose hash it names, and load or send nothing at all.
"""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from server.documents.pack.words import PACK_WORDS

BROWSER = Path(__file__).parent / "browser"
SCRIPTS = ("canonical.js", "zip.js", "keys.js", "shapes.js", "checks.js", "page.js")


@lru_cache(maxsize=1)
def verifier_page() -> bytes:
    """UTF-8; the same bytes for the same version of the program."""
    style, script = _source("page.css"), _script()
    page = _source("page.html")
    filled = {"%STYLE%": style, "%SCRIPT%": script}
    filled |= {"%STYLE_HASH%": _hash(style), "%SCRIPT_HASH%": _hash(script)}
    for name, text in filled.items():
        page = page.replace(name, text)
    return page.encode()


def _source(name: str) -> str:
    return (BROWSER / name).read_text(encoding="utf-8")


def _script() -> str:
    words = msgspec.json.encode(PACK_WORDS).decode().replace("<", "\\u003c")
    parts = [f"const WORDS = {words};\n", *map(_source, SCRIPTS)]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
