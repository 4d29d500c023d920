"""North American coupon codes: the digits of AI 8110 and, for positive offers, of AI 8112.

Source: GS1 US, North American Coupon Application Guideline, as the GS1 syntax dictionary's checks
``couponcode`` and ``couponposoffer`` read it. Fields follow one another without separators; many
begin with a digit that tells their length.
"""

from collections.abc import Callable

Day = Callable[[str], bool]


class _Malformed(ValueError):
    pass


class _Digits:
    """Takes digits off the front of a code."""

    def __init__(self, text: str) -> None:
        if not (text.isascii() and text.isdigit()):
            raise _Malformed
        self.rest = text

    def take(self, length: int) -> str:
        if len(self.rest) < length:
            raise _Malformed
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def one_of(self, allowed: str) -> str:
        digit = self.take(1)
        if digit not in allowed:
            raise _Malformed
        return digit

    def sized(self, allowed: str, more: int = 0) -> str:
        """A field behind the digit that tells its length, less ``more``."""
        return self.take(int(self.one_of(allowed)) + more)

    def begins(self, field: str) -> bool:
        """Whether the optional field of this number comes next; takes its number."""
        if self.rest[:1] != field:
            return False
        self.take(1)
        return True


def is_coupon(text: str, is_day: Day) -> bool:
    """Whether the digits of AI 8110 are well formed; ``is_day`` judges six digits of a date."""
    try:
        _coupon(_Digits(text), is_day)
    except _Malformed:
        return False
    return True


def is_positive_offer(text: str) -> bool:
    """Whether the digits of AI 8112 are well formed."""
    try:
        digits = _Digits(text)
        digits.one_of("01")
        digits.sized("0123456", 6)
        digits.take(6)
        digits.sized("0123456789", 6)
    except _Malformed:
        return False
    return not digits.rest


def _coupon(digits: _Digits, is_day: Day) -> None:
    digits.sized("0123456", 6)
    digits.take(6)
    digits.sized("12345")
    _purchase(digits)
    if digits.begins("1"):
        digits.one_of("0123")
        _purchase(digits)
        _company(digits)
    if digits.begins("2"):
        _purchase(digits)
        _company(digits)
    _validity(digits, is_day)
    if digits.begins("5"):
        digits.sized("0123456789", 6)
    if digits.begins("6"):
        digits.sized("1234567", 6)
    if digits.begins("9"):
        _rest(digits)
    if digits.rest:
        raise _Malformed


def _purchase(digits: _Digits) -> None:
    """A purchase requirement, its kind and its family code."""
    digits.sized("12345")
    digits.one_of("012349")
    digits.take(3)


def _company(digits: _Digits) -> None:
    """A company prefix, or 9 for the first purchase's."""
    size = digits.one_of("01234569")
    digits.take(0 if size == "9" else int(size) + 6)


def _validity(digits: _Digits, is_day: Day) -> None:
    last = digits.take(6) if digits.begins("3") else None
    first = digits.take(6) if digits.begins("4") else None
    if not all(is_day(day) for day in (last, first) if day is not None):
        raise _Malformed
    if last is not None and first is not None and first > last:
        raise _Malformed


def _rest(digits: _Digits) -> None:
    """What the saving is, what it applies to, store coupon or not, may it be multiplied."""
    for allowed in ("01256", "012", "0123456789", "01"):
        digits.one_of(allowed)
