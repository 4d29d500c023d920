"""How the words of a settled case are written down to be found: pure. A resolution is longer than a
name, so it is taken in pieces that overlap."""

from collections.abc import Iterable

from server.board.rules import TERM, fold, parts

PART = 24
"""Characters of a beginning that are kept: nobody types more of one word."""
_STEP = TERM - PART


def beginnings(texts: Iterable[str]) -> set[str]:
    """Each place where a word begins, with what follows it there."""
    return {part[:PART] for text in texts for piece in _pieces(text) for part in parts(piece)}


def wanted(text: str) -> list[str]:
    """The words of a question, each a beginning; the longest first, as it finds the fewest."""
    return sorted({word[:PART] for word in fold(text).split()}, key=lambda w: (-len(w), w))


def _pieces(text: str) -> list[str]:
    """Words whole where there are spaces; where there are none, no beginning is cut short."""
    found: list[str] = []
    for word in text.split():
        found += [fold(word[at : at + TERM]) for at in range(0, max(1, len(word) - PART), _STEP)]
    return found
