"""SGTIN-96: the GTIN and serial number an RFID tag holds, as a reader types it in hexadecimal.

Source: GS1 EPC Tag Data Standard, SGTIN-96 (header 30).
"""

import re

from server.kernel.gs1 import Element, check_digit

_SGTIN_96 = re.compile(r"(?![0-9]+$)30[0-9A-Fa-f]{22}")
_COMPANY_BITS = (40, 37, 34, 30, 27, 24, 20)
_BOTH_BITS, _SERIAL_BITS = 44, 38


def parse_sgtin(text: str) -> list[Element] | None:
    """AIs 01 and 21 of 24 hexadecimal digits; None when they are no SGTIN-96.

    Digits without a letter are left to the carriers, whose numbers may look alike.
    """
    if not _SGTIN_96.fullmatch(text):
        return None
    bits = int(text, 16)
    partition = bits >> (_BOTH_BITS + _SERIAL_BITS) & 7
    if partition >= len(_COMPANY_BITS):
        return None
    item_bits = _BOTH_BITS - _COMPANY_BITS[partition]
    both = bits >> _SERIAL_BITS & (1 << _BOTH_BITS) - 1
    company = f"{both >> item_bits:0{12 - partition}}"
    item = f"{both & (1 << item_bits) - 1:0{partition + 1}}"
    if len(company) + len(item) != 13:
        return None
    payload = item[0] + company + item[1:]
    serial = str(bits & (1 << _SERIAL_BITS) - 1)
    return [Element("01", payload + check_digit(payload)), Element("21", serial)]
