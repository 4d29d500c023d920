"""The checks that the GS1 syntax dictionary names, one function each.

Source: the check procedures described with the dictionary, and GS1 General Specifications 7.9
(check digits) and 7.12 (century of a two-digit year). Each takes a part of a value and the
current year, and tells whether the part is right. ``pwa/src/scan/gs1-checks.ts`` is the twin.
"""

import re
from calendar import monthrange
from collections.abc import Callable

from server.kernel import gs1_codes
from server.kernel.gs1_coupons import is_coupon, is_positive_offer

CSET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_PATTERNS = {
    "cset39": r"[#\-/0-9A-Z]*",
    "cset82": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*",
    "csetnumeric": r"[0-9]*",
    # A private company prefix is looked up nowhere: the shortest has four digits.
    "gcppos1": r"[0-9]{4}.*",
    "gcppos2": r".[0-9]{4}.*",
    "hasnondigit": r".*[^0-9].*",
    "hh": r"[01][0-9]|2[0-3]",
    "hhmi": r"([01][0-9]|2[0-3])[0-5][0-9]",
    "hyphen": r"-",
    "importeridx": r"[\-0-9A-Z_a-z]",
    "iso5218": r"[0129]",
    "latitude": r"0[0-9]{9}|1[0-7][0-9]{8}|180{8}",
    "longitude": r"[0-2][0-9]{9}|3[0-5][0-9]{8}|360{8}",
    "mi": r"[0-5][0-9]",
    "nonzero": r"(?=.*[1-9])[0-9]*",
    "nozeroprefix": r"(?!0)[0-9]*",
    "pcenc": r"([^%]|%[0-9A-Fa-f]{2})*",
    "ss": r"[0-5][0-9]",
    "winding": r"[019]",
    "yesno": r"[01]",
    "zero": r"0+",
}
_LISTS = {
    "iso3166": gs1_codes.COUNTRIES,
    "iso3166999": gs1_codes.COUNTRIES | {"999"},
    "iso3166alpha2": gs1_codes.COUNTRIES_ALPHA2,
    "iso4217": gs1_codes.CURRENCIES,
    "mediatype": gs1_codes.MEDIA,
    "packagetype": gs1_codes.PACKAGES,
}
_IBAN = re.compile(r"[0-9A-Z]{11,34}")
_PADDED_64 = re.compile(r"([\-0-9A-Z_a-z]*)(={0,2})")
_POSITION = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")


def check_digit(payload: str) -> str:
    """The modulo-10 digit after ``payload`` (ASCII digits), GS1 General Specifications 7.9.1."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last of these ASCII digits is the check digit of the others."""
    return len(digits) > 1 and check_digit(digits[:-1]) == digits[-1]


def check_pair(payload: str) -> str | None:
    """The two check characters after ``payload``, section 7.9.5; None outside set 82.

    Values of the characters, weighted by rising primes from the right, modulo 1021.
    """
    if not set(payload) <= set(CSET_82):
        return None
    total = sum(
        CSET_82.index(character) * prime
        for character, prime in zip(reversed(payload), _primes(len(payload)), strict=True)
    )
    return CSET_32[total % 1021 >> 5] + CSET_32[total % 1021 & 31]


def iso_date(yymmdd: str, year: int) -> str | None:
    """ISO date of six digits seen from ``year``; day 00 is the month's last. None: no such day.

    The century is the one that puts the year within 49 before and 50 after (section 7.12).
    """
    ahead = int(yymmdd[:2]) - year % 100
    full = year + ahead - (100 if ahead >= 51 else -100 if ahead <= -50 else 0)
    return _iso(full, int(yymmdd[2:4]), int(yymmdd[4:]))


def _iso(year: int, month: int, day: int) -> str | None:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    last = monthrange(year, month)[1]
    return f"{year:04}-{month:02}-{day or last:02}" if day <= last else None


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def _is_digits(part: str, length: int) -> bool:
    return len(part) == length and part.isascii() and part.isdigit()


def _yymmd0(part: str, year: int) -> bool:
    return _is_digits(part, 6) and iso_date(part, year) is not None


def _yymmdd(part: str, year: int) -> bool:
    return part[4:] != "00" and _yymmd0(part, year)


def _yyyymmd0(part: str, _year: int) -> bool:
    if not _is_digits(part, 8):
        return False
    # The year 0000 is a leap year of the Gregorian calendar, as 2000 is.
    return _iso(int(part[:4]) or 2000, int(part[4:6]), int(part[6:])) is not None


def _yyyymmdd(part: str, year: int) -> bool:
    return part[6:] != "00" and _yyyymmd0(part, year)


def _csum(part: str, _year: int) -> bool:
    return part.isascii() and part.isdigit() and has_check_digit(part)


def _csumalpha(part: str, _year: int) -> bool:
    return 2 <= len(part) <= 99 and check_pair(part[:-2]) == part[-2:]


def _cset64(part: str, _year: int) -> bool:
    match = _PADDED_64.fullmatch(part)
    return match is not None and (not match[2] or len(part) % 3 == 0)


def _iban(part: str, _year: int) -> bool:
    """ISO 13616: the country first, and modulo 97 with letters as two digits leaves 1."""
    if not _IBAN.fullmatch(part) or part[:2] not in gs1_codes.COUNTRIES_ALPHA2:
        return False
    return int("".join(str(int(c, 36)) for c in part[4:] + part[:4])) % 97 == 1


def _pieceoftotal(part: str, _year: int) -> bool:
    half = len(part) // 2
    if not part or not _is_digits(part, 2 * half):
        return False
    return 0 < int(part[:half]) <= int(part[half:])


def _posinseqslash(part: str, _year: int) -> bool:
    match = _POSITION.fullmatch(part)
    return match is not None and int(match[1]) <= int(match[2])


def _pattern(text: str) -> Callable[[str, int], bool]:
    pattern = re.compile(text, re.DOTALL)
    return lambda part, _year: bool(pattern.fullmatch(part))


def _list(codes: frozenset[str]) -> Callable[[str, int], bool]:
    return lambda part, _year: part in codes


CHECKS: dict[str, Callable[[str, int], bool]] = {
    **{name: _pattern(text) for name, text in _PATTERNS.items()},
    **{name: _list(codes) for name, codes in _LISTS.items()},
    "couponcode": lambda part, year: is_coupon(part, lambda day: _yymmdd(day, year)),
    "couponposoffer": lambda part, _year: is_positive_offer(part),
    "cset64": _cset64,
    "csum": _csum,
    "csumalpha": _csumalpha,
    "iban": _iban,
    "pieceoftotal": _pieceoftotal,
    "posinseqslash": _posinseqslash,
    "yymmd0": _yymmd0,
    "yymmdd": _yymmdd,
    "yyyymmd0": _yyyymmd0,
    "yyyymmdd": _yyyymmdd,
}
"""By the dictionary's names; ``(part, current year) -> right``."""
