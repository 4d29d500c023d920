"""Serial Shipping Container Codes: the number that a carton or a pallet has in the whole world.

Source: GS1 General Specifications 3.2 (application identifier 00): an extension digit, the GS1
company prefix, a serial reference, and the modulo-10 check digit; 18 digits in all.
"""

from server.kernel.gs1_checks import check_digit, has_check_digit

DIGITS = 17
"""Of an SSCC without its check digit."""


def capacity(prefix: str) -> int:
    """How many codes a company prefix has; the extension digit counts with the serial reference."""
    return int(10 ** (DIGITS - len(prefix)))


def sscc(prefix: str, serial: int) -> str:
    """The code of a serial, from 0 to below `capacity`; ValueError past it."""
    if not 0 <= serial < capacity(prefix):
        raise ValueError(f"prefix {prefix} has no SSCC number {serial}")
    digits = f"{serial:0{DIGITS - len(prefix)}d}"
    body = f"{digits[0]}{prefix}{digits[1:]}"
    return body + check_digit(body)


def is_sscc(number: str) -> bool:
    digits = len(number) == DIGITS + 1 and number.isascii() and number.isdecimal()
    return digits and has_check_digit(number)
