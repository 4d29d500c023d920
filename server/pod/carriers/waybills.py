"""Waybill numbers: taken from a carrier's range, told from a mistyped one by a check digit.

Sources: GS1 General Specifications 7.9 (modulo 10), UPU S10-12 (modulo 11); modulo 7 is the
remainder that airlines and express carriers print.
"""

from collections.abc import Callable
from itertools import cycle

from server.pod.carriers.tariffs import Numbers

_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def _gs1(digits: str) -> str:
    total = sum(w * int(d) for w, d in zip(cycle((3, 1)), reversed(digits), strict=False))
    return str(-total % 10)


def _s10(digits: str) -> str:
    total = sum(w * int(d) for w, d in zip(_S10, digits.zfill(8)[-8:], strict=True))
    return {10: "0", 11: "5"}.get(11 - total % 11) or str(11 - total % 11)


def _mod7(digits: str) -> str:
    return str(int(digits) % 7)


_CHECKS: dict[str, Callable[[str], str]] = {
    "gs1": _gs1,
    "s10": _s10,
    "mod7": _mod7,
    "none": lambda _: "",
}


def waybill_number(numbers: Numbers, nth: int) -> str | None:
    """The `nth` (from 1) of the range; None where the range is used up."""
    serial = numbers.first + nth - 1
    if serial > numbers.last:
        return None
    digits = str(serial).zfill(_width(numbers))
    return f"{numbers.prefix}{digits}{_CHECKS[numbers.check](digits)}{numbers.suffix}"


def is_waybill(numbers: Numbers, text: str) -> bool:
    """Whether the form fits: prefix, a serial of the range, check digit, suffix."""
    number = "".join(text.upper().split())
    if not (number.startswith(numbers.prefix) and number.endswith(numbers.suffix)):
        return False
    middle = number[len(numbers.prefix) : len(number) - len(numbers.suffix)]
    width = _width(numbers)
    digits, check = middle[:width], middle[width:]
    if not (middle.isascii() and middle.isdigit()) or len(digits) != width:
        return False
    return numbers.first <= int(digits) <= numbers.last and check == _CHECKS[numbers.check](digits)


def _width(numbers: Numbers) -> int:
    return len(str(numbers.last))
