"""Plain data and a template in; PDF or PNG bytes out.

Data reaches a template as JSON text, never as markup, so a product called ``#panic()`` prints as
it is spelt. No date is written into the file: the same input gives the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import msgspec
import typst

from server.documents.errors import PrintError
from server.documents.fonts import FONT_FOLDERS, writing

TEMPLATES = Path(__file__).parent / "templates"
_Document = TypeVar("_Document", bound=msgspec.Struct)
# The compiler keeps parsed fonts and templates between calls and is not re-entrant.
_one_at_a_time = Lock()
_LINE = re.compile(r"__typst_py_bytes__\.typ:(\d+)")
"""Where a diagnostic points to in a template that came as bytes."""
_WORD = re.compile("[!-\u02ff\u0370-\u052f]+")


def checked(document: _Document) -> _Document:
    """A copy whose text is printable and whose fields keep their bounds.

    Raises PrintError ``document.field`` that names the first field that does not.
    """
    plain = _printable(msgspec.to_builtins(document, builtin_types=(bytes,)))
    try:
        return msgspec.convert(plain, type(document))
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        field = where.strip("`$.")
        raise PrintError(
            "document.field", field=field or "document", value=_value_at(plain, field), mend=what
        ) from None


class TemplateFault(ValueError):
    """A template that somebody else wrote does not work; the text says where and why."""


def pdf(
    template: str, data: dict[str, Any], *, language: str, source: bytes | None = None
) -> bytes:
    """Typeset ``templates/<template>.typ`` with ``data``; Han shapes follow ``language``.

    ``source``: a template to use in its place. Raises TemplateFault where it does not work.
    """
    if source is None:
        return _compile(template, data, language, format="pdf")
    try:
        return _compile(template, data, language, source=source, format="pdf")
    except typst.TypstError as error:
        line = _LINE.search(error.diagnostic)
        where = f"line {line[1]}: " if line else ""
        raise TemplateFault(f"{where}{error.message}"[:300]) from None


def png(template: str, data: dict[str, Any], *, language: str, dpi: float) -> bytes:
    """The first and only page as a PNG of ``dpi`` dots an inch."""
    return _compile(template, data, language, format="png", ppi=dpi)


def breakable(text: str, longest: int = 18) -> str:
    """Let words longer than ``longest`` letters break anywhere (zero-width spaces).

    Without it a 100-letter word would run over the edge of the paper. Only for Latin, Greek and
    Cyrillic: Han breaks anywhere as it is, Arabic and Indic letters join and must not be parted.
    """
    return _WORD.sub(
        lambda word: "\u200b".join(word[0]) if len(word[0]) > longest else word[0], text
    )


def _compile(
    template: str, data: dict[str, Any], language: str, *, source: bytes | None = None, **how: Any
) -> bytes:
    inputs = {
        "data": msgspec.json.encode(data).decode(),
        "writing": msgspec.json.encode(writing(language)._asdict()).decode(),
    }
    main = str(TEMPLATES / f"{template}.typ") if source is None else source
    with _one_at_a_time:
        out = _compiler().compile(main, sys_inputs=inputs, timestamp=0, **how)
    if not isinstance(out, bytes):
        raise TypeError(f"{template} has more than one page and cannot be a single picture")
    return out


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(at) for at in FONT_FOLDERS])
    return typst.Compiler(b"", root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)


def _value_at(plain: Any, path: str) -> Any:
    """What stands at a path such as ``lines[3].name``."""
    for key, index in re.findall(r"(\w+)|\[(\d+)\]", path):
        plain = plain[int(index)] if index else plain.get(key, "")
    return plain


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable_text(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item) for item in value]
    return value


def printable_text(text: str) -> str:
    """NFC; control characters become spaces; marks that reorder a line (CVE-2021-42574) go."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _REPLACED.get(unicodedata.category(char), char)
        for char in unicodedata.normalize("NFC", text)
        if char not in _REORDERING
    )


_REPLACED = {"Cc": " ", "Cs": "\ufffd", "Zl": " ", "Zp": " "}
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
