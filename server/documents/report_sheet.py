"""A report as a PDF: a wide page, its head again on each, figures at the end of their columns."""

from typing import Protocol

from server.documents import typesetting
from server.documents.typesetting import breakable, printable_text
from server.documents.words import Language


class Sheet(Protocol):
    """`facts`: name and value above the table. `ends`: which columns hold figures. `sums`: rows
    that are sub-totals. `page`: the word for it."""

    @property
    def title(self) -> str: ...
    @property
    def facts(self) -> list[tuple[str, str]]: ...
    @property
    def heads(self) -> list[str]: ...
    @property
    def ends(self) -> list[bool]: ...
    @property
    def rows(self) -> list[list[str]]: ...
    @property
    def sums(self) -> list[int]: ...
    @property
    def note(self) -> str: ...
    @property
    def page(self) -> str: ...
    @property
    def lang(self) -> Language: ...


def report_sheet(sheet: Sheet) -> bytes:
    """Names of customers and items are set as they are spelt: text, never markup."""
    data = {
        "title": _plain(sheet.title),
        "facts": [[_plain(name), _plain(value)] for name, value in sheet.facts],
        "heads": [_plain(head) for head in sheet.heads],
        "ends": sheet.ends,
        "rows": [[_plain(cell) for cell in row] for row in sheet.rows],
        "sums": sheet.sums,
        "note": _plain(sheet.note),
        "words": {"page": sheet.page},
    }
    return typesetting.pdf("report_sheet", data, language=sheet.lang)


def _plain(text: str) -> str:
    return breakable(printable_text(text))
