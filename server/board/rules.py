"""What somebody may say of an order, and how it is written down to be found.

A term is a text with all that people write differently taken off: case, accents, marks between the
digits of a phone. Its parts are where a reader may begin: at each of its words, at each character
of a script that writes no spaces, at each sign, and at each digit of a phone.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

TERM = 80
"""Characters of a term that are kept; nobody types more of a name or a number."""
LEAST_DIGITS = 5
"""Fewer digits than that are found in every phone number."""
PHONE_MARKS = " -()./+"
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
    }
)
"""Letters that Unicode does not take apart, as they are typed on other keyboards."""
_NO_SPACES_FROM = "\u2e80"
"""From here on (CJK, kana, hangul) a word may begin anywhere."""


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """`Åsa  ÖBERG` as `asa oberg`; Chinese stays as it is."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in apart if not unicodedata.combining(c)).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFC", bare).split())[:TERM]


def digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def is_phone(text: str) -> bool:
    """Digits enough, and nothing but digits and the marks that people put between them."""
    return len(digits(text)) >= LEAST_DIGITS and not text.strip("0123456789" + PHONE_MARKS)


@lru_cache(maxsize=10_000)
def parts(term: str) -> tuple[str, ...]:
    """The term from each place where a word begins, from its start on."""
    return tuple(dict.fromkeys(term[at:] for at in range(len(term)) if _begins(term, at)))


def _begins(term: str, at: int) -> bool:
    here = term[at]
    if here == " ":
        return False
    return at == 0 or not here.isalnum() or here >= _NO_SPACES_FROM or not term[at - 1].isalnum()


def phone_parts(dialled: str) -> tuple[str, ...]:
    """The number from each of its digits: with the country's, without, or its last few alone."""
    return tuple(dialled[at:] for at in range(max(1, len(dialled) - LEAST_DIGITS + 1)))


def number_terms(number: str) -> list[str]:
    """`2025-EC-000123` whole, without its year, and as the bare 000123 or 123."""
    term = fold(number)
    found = [part for part in parts(term) if part[0].isalnum()]
    return list(dict.fromkeys([*found, *(part.lstrip("0") or part for part in found)]))


def holds_all(term: str, words: Iterable[str]) -> bool:
    """Each of the words begins one of the term's."""
    known = parts(term)
    return all(any(part.startswith(word) for part in known) for word in words)
