"""One resolver in two languages: the vectors both must meet, and what holds for any text."""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.gs1 import Code, check_digit, has_check_digit
from server.kernel.scan import Kind, ScanSettings, resolve

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/scan.json").read_text(encoding="utf-8"))
SETTINGS = ScanSettings(year=2026)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["rule"] for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    scan = resolve(vector["raw"], msgspec.convert(vector["settings"], ScanSettings))
    assert json.loads(msgspec.json.encode(scan)) == vector["scan"]


def test_vectors_cover_every_kind_and_every_code() -> None:
    kinds = {vector["scan"]["kind"] for vector in VECTORS}
    codes = {vector["scan"]["error"]["code"] for vector in VECTORS if "error" in vector["scan"]}
    assert kinds == set(get_args(Kind))
    assert codes == set(get_args(Code))


_ai = st.sampled_from(["00", "01", "02", "10", "11", "13", "15", "17", "21", "30", "3103", "37"])
_digits = st.text("0123456789", max_size=20)
_messages = st.lists(st.tuples(_ai, _digits | st.text(max_size=6), st.sampled_from(["", "\x1d"])))
_raw = (
    st.text(max_size=60)
    | _digits
    | st.text("]CdQEe0123\x1d()LBPT-/https:%", max_size=40)
    | st.builds(
        lambda mark, parts: mark + "".join(map("".join, parts)),
        st.sampled_from(["", "]C1", "]d2", "]E0", "\x1d", "https://a/"]),
        _messages,
    )
)


@given(_raw)
def test_any_text_is_resolved_and_no_gtin_has_a_wrong_check_digit(raw: str) -> None:
    scan = resolve(raw, SETTINGS)
    assert (scan.kind == "refused") == (scan.error is not None)
    if scan.gtin is not None:
        assert len(scan.gtin) == 14
        assert has_check_digit(scan.gtin)
    if scan.sscc is not None:
        assert has_check_digit(scan.sscc)


@given(st.text("0123456789", min_size=13, max_size=13), st.sampled_from("123456789"))
def test_one_wrong_digit_is_always_refused(payload: str, shift: str) -> None:
    wrong = str((int(check_digit(payload)) + int(shift)) % 10)
    for raw in (payload + wrong, f"01{payload}{wrong}", f"]d201{payload}{wrong}"):
        assert resolve(raw, SETTINGS).error is not None


@given(_messages)
def test_a_message_with_fnc1_means_the_same_with_a_substitute(
    parts: list[tuple[str, str, str]],
) -> None:
    raw = "]d2" + "".join(map("".join, parts)).replace("~", "")
    substituted = resolve(raw.replace("\x1d", "~"), ScanSettings(year=2026, separator="~"))
    plain = resolve(raw, SETTINGS)
    assert (substituted.kind, substituted.elements) == (plain.kind, plain.elements)
