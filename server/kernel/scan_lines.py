"""What `dockhand scan` does: a JSON string a line in, the meaning of that scan a line out.

Each answer has `ok`, `kind`, `elements`, `gtin`, `lot`, `expiry`, `serial`, `sscc` and `error`
(`code`, `ai`), null or empty where there is none; `unterminated` and `incomplete` as in ``Scan``
when whoever books must ask. A line that is no JSON string is answered too: nothing stops the rest.
"""

import json
from collections.abc import Iterable, Iterator

from server.kernel.scan import Scan, ScanSettings, resolve

_FIELDS = ("gtin", "lot", "expiry", "serial", "sscc")


def answer_lines(lines: Iterable[bytes], settings: ScanSettings) -> Iterator[str]:
    """One JSON object, in ASCII, for each line."""
    for line in lines:
        yield json.dumps(_answer(line, settings))


def _answer(line: bytes, settings: ScanSettings) -> dict[str, object]:
    try:
        raw = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return _refusal("bad_json")
    if not isinstance(raw, str):
        return _refusal("not_a_string")
    return _meaning(resolve(raw, settings))


def _meaning(scan: Scan) -> dict[str, object]:
    answer = _refusal(scan.error.code, scan.error.ai) if scan.error else _empty(scan.kind)
    answer |= {field: getattr(scan, field) for field in _FIELDS}
    answer["elements"] = [{"ai": element.ai, "value": element.value} for element in scan.elements]
    doubts = {"unterminated": scan.unterminated, "incomplete": scan.incomplete}
    return answer | {name: ai for name, ai in doubts.items() if ai is not None}


def _refusal(code: str, ai: str = "") -> dict[str, object]:
    return _empty("refused") | {"ok": False, "error": {"code": code, "ai": ai or None}}


def _empty(kind: str) -> dict[str, object]:
    fields = dict.fromkeys(_FIELDS)
    return {"ok": True, "kind": kind, "elements": [], **fields, "error": None}
