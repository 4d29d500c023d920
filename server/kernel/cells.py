"""Text as the cell of a CSV file that somebody will open in a spreadsheet."""

import re

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""OWASP's list, and the wide forms of the first four, which some spreadsheets read as the same."""


def begins_a_formula(cell: str) -> bool:
    return cell.startswith(_BEGINS)


def harmless(cell: str) -> str:
    """A cell that would begin a formula gets an apostrophe in front (OWASP, CSV injection); plain
    numbers stay as they are."""
    if begins_a_formula(cell) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell
