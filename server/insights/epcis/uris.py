"""GS1 identifiers as web addresses in the canonical form, from whatever form they come in.

Sources: GS1 Digital Link Standard (canonical URIs at id.gs1.org), GS1 EPC Tag Data Standard 6
(the `urn:epc:` forms, whose parts are re-ordered and get their check digit back).
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from server.kernel.gs1_checks import check_digit

HOST = "https://id.gs1.org"
_KEYS = frozenset(("00", "01", "253", "255", "401", "402", "414", "417")) | frozenset(
    ("8003", "8004", "8006", "8010", "8013", "8017", "8018")
)
_LINK = re.compile(r"https?://[^/?#]+(?:/[^?#]*?)??/(?P<key>\d{2,4})/(?P<rest>[^?#]+)")
_URN = re.compile(r"urn:epc:(?P<of>id|idpat|class):(?P<scheme>[a-z]+):(?P<value>.+)")


def sscc_uri(number: str) -> str:
    return f"{HOST}/00/{number}"


def gtin_uri(gtin: str) -> str:
    """`gtin`: 8 to 14 digits."""
    return f"{HOST}/01/{gtin.zfill(14)}"


def is_sscc(number: str) -> bool:
    return (
        len(number) == 18
        and number.isascii()
        and number.isdecimal()
        and check_digit(number[:-1]) == number[-1]
    )


def canonical_uri(uri: str) -> str:
    """The same identifier at id.gs1.org without attributes; anything else as it is."""
    if found := _URN.fullmatch(uri):
        return _from_urn(found["scheme"], found["value"]) or uri
    found = _LINK.match(uri)
    if found and found["key"] in _KEYS:
        return f"{HOST}/{found['key']}/{found['rest']}"
    return uri


def _from_urn(scheme: str, value: str) -> str | None:
    make = _SCHEMES.get(scheme)
    parts = unquote(value).split(".", 2)
    return f"{HOST}{make(parts)}" if make and len(parts) >= 2 else None


def _gtin(company: str, item: str) -> str:
    body = f"{item[0]}{company}{item[1:]}"
    return f"/01/{body}{check_digit(body)}"


def _sgtin(parts: list[str]) -> str:
    serial = parts[2] if len(parts) > 2 else "*"
    return _gtin(*parts[:2]) + ("" if serial == "*" else f"/21/{serial}")


def _lgtin(parts: list[str]) -> str:
    return f"{_gtin(*parts[:2])}/10/{parts[2]}"


def _sscc(parts: list[str]) -> str:
    body = f"{parts[1][0]}{parts[0]}{parts[1][1:]}"
    return f"/00/{body}{check_digit(body)}"


def _sgln(parts: list[str]) -> str:
    extension = parts[2] if len(parts) > 2 else "0"
    gln = _checked("".join(parts[:2]))
    return f"/414/{gln}" + ("" if extension == "0" else f"/254/{extension}")


def _checked(body: str) -> str:
    return body + check_digit(body)


def _plain(key: str) -> Callable[[list[str]], str]:
    """Company prefix and reference side by side, then a check digit, then what follows."""

    def make(parts: list[str]) -> str:
        return f"/{key}/{_checked(''.join(parts[:2]))}{''.join(parts[2:])}"

    return make


def _unchecked(key: str) -> Callable[[list[str]], str]:
    def make(parts: list[str]) -> str:
        return f"/{key}/{''.join(parts)}"

    return make


_SCHEMES: dict[str, Callable[[list[str]], str]] = {
    "sgtin": _sgtin,
    "lgtin": _lgtin,
    "sscc": _sscc,
    "sgln": _sgln,
    "pgln": _plain("417"),
    "gdti": _plain("253"),
    "sgcn": _plain("255"),
    "gsrn": _plain("8018"),
    "gsrnp": _plain("8017"),
    "gsin": _plain("402"),
    "giai": _unchecked("8004"),
    "ginc": _unchecked("401"),
    "grai": lambda parts: f"/8003/0{_checked(''.join(parts[:2]))}{''.join(parts[2:])}",
}
