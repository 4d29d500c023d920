"""One resolver in two languages: the vectors both must meet, and what holds for any text."""

import json
import os
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.gs1 import Code, check_digit, has_check_digit
from server.kernel.gs1_table import EXCLUDES, FORMATS, LINK_QUALIFIERS
from server.kernel.scan import Kind, Scan, ScanSettings, resolve

ROOT = Path(__file__).parents[2]
VECTORS = json.loads((ROOT / "tests/vectors/scan.json").read_text(encoding="utf-8"))
DATA = Path(os.environ.get("DOCKHAND_DATA", ROOT / "../shared/data"))
SETTINGS = ScanSettings(year=2026)
BOOKED = {"00", "01", "02", "10", "11", "13", "15", "16", "17", "21", "30", "37"}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["rule"] for vector in VECTORS])
def test_vector(vector: dict[str, Any]) -> None:
    scan = resolve(vector["raw"], msgspec.convert(vector["settings"], ScanSettings))
    assert json.loads(msgspec.json.encode(scan)) == vector["scan"]


def test_vectors_cover_every_kind_and_every_code() -> None:
    kinds = {vector["scan"]["kind"] for vector in VECTORS}
    codes = {vector["scan"]["error"]["code"] for vector in VECTORS if "error" in vector["scan"]}
    assert kinds == set(get_args(Kind))
    assert codes == set(get_args(Code))


def test_both_languages_hold_the_same_table() -> None:
    source = (ROOT / "pwa/src/scan/gs1-table.ts").read_text(encoding="utf-8")
    tables = [
        # The literals are JSON but for bare keys and trailing commas.
        json.loads(re.sub(r",(\s*[}\]])", r"\1", re.sub(r'(?m)^  "?(\w[\w-]*)"?:', r'"\1":', body)))
        for body in re.findall(r"(?s)= (\{.*?\n\});", source)
    ]
    assert tables == json.loads(json.dumps([FORMATS, EXCLUDES, LINK_QUALIFIERS]))


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


def _rows(folder: str, file: str) -> list[dict[str, Any]]:
    path = DATA / folder / file
    if not path.exists():
        pytest.skip(f"shared/data/{folder} is missing")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _conformance() -> list[tuple[dict[str, Any], str, ScanSettings]]:
    """Every case of the conformance vectors that judges a whole scan, with its raw text."""
    cases = []
    for row in _rows("gs1_syntax", "elementstring_process.jsonl"):
        fnc1 = row["input"].startswith("^")
        cases.append((row, "]d2" + (row["input"][1:].replace("^", "\x1d") if fnc1 else "?")))
    cases += [
        (row, row["input"])
        for row in _rows("gs1_syntax", "ai_associations.jsonl")
        if row["rule"] in {"validateAIrepeats", "validateAImutex"} and "(89)" not in row["input"]
    ]
    for file in ("scandata_process.jsonl", "ai_linter_errors.jsonl"):
        cases += [(row, row["input"]) for row in _rows("gs1_syntax", file)]
    for row in _rows("gs1_syntax", "digitallink_parse.jsonl"):
        # An address is only a link by its scheme; alphas and unknown AIs are never permitted.
        if row["input"].lower().startswith("http") and not (
            {"permit_convenience_alphas", "permit_unknown_ais"} & row.get("mode", {}).keys()
        ):
            cases.append((row, row["input"]))
    short = "permit_zero_suppressed_gtin"
    return [(row, raw, ScanSettings(2022, "", short in row.get("mode", {}))) for row, raw in cases]


def test_conformance_vectors_agree_and_no_booked_identifier_is_accepted_falsely() -> None:
    cases = _conformance()
    wrong = [
        (row["input"], scan.kind)
        for row, raw, settings in cases
        if ((scan := resolve(raw, settings)).kind != "refused") != row["valid"]
    ]
    false_accepts = [text for text, kind in wrong if kind != "refused"]
    agreement = 1 - len(wrong) / len(cases)
    print(f"agreement {agreement:.1%} of {len(cases)}: {wrong}")  # noqa: T201
    assert len(cases) > 200
    assert agreement >= 0.96
    assert not [text for text in false_accepts if BOOKED & set(re.findall(r"\((\d+)\)", text))]


def test_links_of_the_conformance_vectors_hold_the_same_elements() -> None:
    checked = 0
    for row, raw, settings in _conformance():
        expected = row.get("expect", "")
        if row["valid"] and expected.startswith("^"):
            message = resolve("]d2" + expected[1:].replace("^", "\x1d"), settings)
            assert resolve(raw, settings).elements == message.elements, raw
            checked += 1
    assert checked > 30


def _parsed(row: dict[str, Any]) -> Scan:
    """The scan of a parse case whose expected elements are listed."""
    marked = re.match(r"https?://|\]|\(", row["value"])
    mark = "" if marked else "]C1"
    return resolve(mark + row["value"], ScanSettings(2026, short_gtin=True))


def test_parse_samples_give_the_same_elements_and_dates() -> None:
    checked = 0
    for row in _rows("gs1_biip", "biip_vectors.jsonl"):
        expected = row.get("expected")
        if not isinstance(expected, dict) or not isinstance(row["value"], str):
            continue
        found = [expected] if "ai" in expected else expected.get("element_strings", [])
        unproven = any(key.endswith("_error") for part in found for key in part)
        if not found or unproven or row.get("config"):
            continue
        checked += 1
        scan = _parsed(row)
        if scan.error:
            # The samples' one returnable asset, 7071324001022, has a wrong check digit.
            assert (scan.error.code, scan.error.ai) == ("bad_check_digit", "8003"), row
            continue
        assert [(part["ai"], part["value"]) for part in found] == [
            (element.ai, element.value) for element in scan.elements
        ], row
        assert scan.expiry in {None, *(part.get("date") for part in found)}
    assert checked >= 20


def test_parse_samples_with_a_nested_error_are_refused() -> None:
    rows = _rows("gs1_biip", "biip_vectors.jsonl")
    nested = [row for row in rows if "nested_error" in row["test"]]
    assert nested
    for row in nested:
        assert resolve("]C1" + row["value"], SETTINGS).kind == "refused"
    for row in rows:
        if "invalid_date" in row["test"] or "not_matching_pattern" in row["test"]:
            ai = "" if row["bad_value"].startswith(row["ai_code"]) else row["ai_code"]
            assert resolve("]C1" + ai + row["bad_value"], SETTINGS).kind == "refused"
