"""A paper that somebody sends as PDF: whole, and what it says it is.

What it may do besides (scripts, links) is not looked into: it is only ever handed on as a file,
never opened within our own pages.
"""

import re

from server.kernel.errors import Refusal, code

MIME = "application/pdf"
BAD_PDF = code("bad_pdf")
_HEAD = re.compile(rb"%PDF-[12]\.[0-9]")
_END = b"%%EOF"
_END_WITHIN = 1024
"""Bytes; ISO 32000-1, Annex H, implementation note 18."""


def check(data: bytes) -> None:
    """Refuses `bad_pdf`: another kind of file under its name, or one that was cut off."""
    if not _HEAD.match(data):
        raise Refusal(BAD_PDF, field="format", mend="send the PDF itself, or a photo of the paper")
    if _END not in data[-_END_WITHIN:]:
        raise Refusal(BAD_PDF, field="end", mend="it was cut off: export it again")
