"""The published GS1 vectors as questions to the scan resolver, each with its right answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.kernel.scan import Form, ScanSettings
from tests.data import data

YEAR = 2026


@dataclass(frozen=True)
class Case:
    """A raw scan, what it is declared to be, and whether it is right; `elements` where listed."""

    source: str
    raw: str
    settings: ScanSettings
    valid: bool
    elements: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True)
class CheckCase:
    """A part of a value and whether one of the dictionary's checks takes it."""

    check: str
    part: str
    valid: bool


_FORMS: dict[str, Form] = {
    "ai_associations": "bracketed",
    "ai_linter_errors": "bracketed",
    "bracketed_to_elementstring": "bracketed",
    "digitallink_parse": "uri",
    "elementstring_process": "element",
    "scandata_process": "auto",
}
_NUMBER = re.compile(r"[0-9]{8}|[0-9]{12,14}|[0-9]{18}", re.ASCII)


def rows(folder: str, file: str) -> list[dict[str, Any]]:
    # Some inputs hold characters at which splitlines() would cut.
    lines = data(folder, file).read_bytes().split(b"\n")
    return [json.loads(line) for line in lines if line]


def syntax_cases() -> list[Case]:
    """Every case of gs1_syntax that is about reading, with those that make codes read back."""
    cases = [
        Case(name, row["input"], _settings(row, form), row["valid"])
        for name, form in _FORMS.items()
        for row in rows("gs1_syntax", f"{name}.jsonl")
    ]
    for row in rows("gs1_syntax", "digitallink_generate.jsonl"):
        if row["valid"]:
            uri, text = _settings(row, "uri"), _settings(row, "bracketed")
            cases.append(Case("digitallink_generate", row["expect"], uri, valid=True))
            cases.append(Case("digitallink_generate", row["input"], text, valid=True))
    made = [row["expect"] for row in rows("gs1_syntax", "scandata_generate.jsonl")]
    return cases + [
        Case("scandata_generate", raw, ScanSettings(YEAR), valid=True) for raw in made if raw
    ]


def _settings(row: dict[str, Any], form: Form) -> ScanSettings:
    short = "permit_zero_suppressed_gtin" in row.get("mode", {})
    return ScanSettings(YEAR, short_gtin=short, form=form)


def check_cases() -> list[CheckCase]:
    """The check procedures' own cases, without those that need a list of company prefixes."""
    return [
        CheckCase(row["linter"], row["input"], row["valid"])
        for row in rows("gs1_syntax", "component_linters.jsonl")
        if row.get("error") != "GS1_LINTER_GCP_DATASOURCE_OFFLINE"
    ]


def sample_cases() -> list[Case]:
    """The cases of gs1_biip that are about reading: element strings, links, numbers."""
    return [*_sample_messages(), *_sample_links(), *_sample_numbers()]


def _samples(start: str) -> list[dict[str, Any]]:
    found = rows("gs1_biip", "biip_vectors.jsonl")
    return [row for row in found if row["test"].startswith(start)]


def _sample_messages() -> Iterator[Case]:
    """The source leaves open what belongs together; a code of the same item says it here."""
    for row in _samples("test_gs1_messages") + _samples("test_gs1_element_strings"):
        lax = row.get("config") or "nested_error" in row["test"]
        # The samples' one returnable asset has a wrong check digit.
        lax = lax or "7071324001022" in str(row.get("value"))
        refused = "error" in row or "bad_value" in row or "fails" in row["test"] or lax
        text = row.get("value") or _whole(row.get("ai_code", ""), row.get("bad_value", ""))
        if not isinstance(text, str):
            continue
        form: Form = (
            "bracketed" if "hri" in row["test"] and "as_hri" not in row["test"] else "element"
        )
        separators = [*row.get("separator_chars", "")]
        settings = ScanSettings(
            YEAR, separators[0] if separators else "", form=form, beside=("00", "37")
        )
        yield Case(row["test"], text, settings, not refused, _elements(row.get("expected")))


def _whole(ai: str, value: str) -> str:
    return value if value.startswith(ai) else ai + value


def _sample_links() -> Iterator[Case]:
    for row in _samples("test_gs1_digital_link_uris"):
        settings = ScanSettings(YEAR, short_gtin=True, form="uri")
        yield Case(
            row["test"], row["value"], settings, "error" not in row, _elements(row.get("expected"))
        )


def _sample_numbers() -> Iterator[Case]:
    """GTINs, in-store numbers among them, and what is tried as every kind of number."""
    for row in [*_samples("gtin/"), *_samples("upc/"), *_samples("rcn/"), *_samples("test_sscc")]:
        text = row.get("value")
        if text is not None and _NUMBER.fullmatch(text):
            yield Case(row["test"], text, ScanSettings(YEAR), valid=True)
    for row in _samples("test_parse"):
        numbers = {"gtin", "sscc", "gs1_digital_link_uri"} & row["expected"].keys()
        yield Case(row["test"], row["value"], ScanSettings(YEAR, short_gtin=True), bool(numbers))


def _elements(expected: Any) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(expected, dict):
        return None
    parts = [expected] if "ai" in expected else expected.get("element_strings", [])
    return tuple((part["ai"], part["value"]) for part in parts) or None
