"""Text as the cell of a CSV file that somebody will open in a spreadsheet."""

import re

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)*")


def harmless(cell: str) -> str:
    """A cell that would begin a formula gets an apostrophe in front (OWASP, CSV injection); plain
    numbers stay as they are."""
    if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(cell):
        return "'" + cell
    return cell
