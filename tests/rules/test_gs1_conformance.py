"""The published GS1 vectors: what must be refused is, what must be read is, in both languages."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from server.kernel import gs1_make
from server.kernel.gs1_checks import CHECKS
from server.kernel.scan import ScanSettings, resolve
from tests.data import data
from tests.rules.gs1_cases import YEAR, Case, check_cases, sample_cases, syntax_cases

ROOT = Path(__file__).parents[2]
NODE = os.environ.get("PLAYWRIGHT_NODEJS_PATH") or shutil.which("node") or "node"

LONGEST_DAMAGED, SCANS_DAMAGED = 200, 800


def wrong(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if _is_read(case) != case.valid]


def _is_read(case: Case) -> bool:
    """A number that is taken for a plain code was not read."""
    kind = resolve(case.raw, case.settings).kind
    return kind != "refused" and not (kind == "plain" and case.source.startswith("test_parse"))


def _agreement(missed: int, of: int) -> float:
    return 1 - missed / of


def test_the_table_is_what_the_generator_makes_of_the_published_dictionary() -> None:
    dictionary = data("gs1_syntax", "gs1-syntax-dictionary.txt").read_text(encoding="utf-8")
    for path, text in (
        (gs1_make.PYTHON, gs1_make.python_source(dictionary)),
        (gs1_make.TYPESCRIPT, gs1_make.typescript_source(dictionary)),
    ):
        assert path.read_bytes() == text.encode(), f"{path.name}: python -m server.kernel.gs1_make"


def test_conformance_vectors_agree() -> None:
    cases = syntax_cases()
    missed = wrong(cases)
    assert len(cases) > 300
    assert _agreement(len(missed), len(cases)) >= 0.99, missed


def test_no_conformance_vector_is_accepted_falsely() -> None:
    assert [case for case in wrong(syntax_cases()) if not case.valid] == []


def test_what_the_checks_accept_is_what_the_published_procedures_accept() -> None:
    cases = check_cases()
    missed = [case for case in cases if CHECKS[case.check](case.part, YEAR) != case.valid]
    assert len(cases) > 3_700
    # Four cases ask a service for company prefixes that were never given out.
    assert {case.check for case in missed} <= {"couponcode", "gcppos1", "gcppos2"}
    assert len(missed) <= 4


def test_samples_agree_and_none_is_accepted_falsely() -> None:
    cases = sample_cases()
    missed = wrong(cases)
    assert len(cases) > 200
    assert [case for case in missed if not case.valid] == []
    assert _agreement(len(missed), len(cases)) >= 0.99, missed


def test_samples_and_links_hold_the_elements_that_are_listed() -> None:
    listed = 0
    for case in sample_cases():
        scan = resolve(case.raw, case.settings)
        if case.elements and scan.error is None:
            assert tuple((e.ai, e.value) for e in scan.elements) == case.elements, case.raw
            listed += 1
    assert listed > 15


def _questions() -> list[dict[str, Any]]:
    """Every vector as the web app's twin is asked it."""
    vectors = json.loads((ROOT / "tests/vectors/scan.json").read_text(encoding="utf-8"))
    asked = [(v["raw"], msgspec.convert(v["settings"], ScanSettings)) for v in vectors]
    asked += [(case.raw, case.settings) for case in [*syntax_cases(), *sample_cases()]]
    scans = [{"raw": raw, "settings": msgspec.to_builtins(s)} for raw, s in asked]
    checks = [{"check": c.check, "part": c.part, "year": YEAR} for c in check_cases()]
    return scans + checks


def _damaged(questions: list[dict[str, Any]], chance: Random) -> list[dict[str, Any]]:
    """Each scan with one character dropped, doubled or changed for one that means something."""
    made = []
    for question in questions:
        raw = question.get("raw")
        if not raw or len(raw) > LONGEST_DAMAGED:
            continue
        at = chance.randrange(len(raw))
        instead = chance.choice(["", raw[at] * 2, *"0129A(%/^\\\x1d \xe4"])
        made.append(question | {"raw": raw[:at] + instead + raw[at + 1 :]})
    return made


def _twin_answers(questions: list[dict[str, Any]]) -> list[Any]:
    settings = {"short_gtin": "shortGtin"}
    lines = "".join(
        json.dumps(
            question
            if "check" in question
            else {
                "raw": question["raw"],
                "settings": {settings.get(k, k): v for k, v in question["settings"].items()},
            }
        )
        + "\n"
        for question in questions
    )
    done = subprocess.run(
        [NODE, str(ROOT / "tests/rules/scan_twin.mjs")],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _own_answer(question: dict[str, Any]) -> Any:
    if "check" in question:
        return CHECKS[question["check"]](question["part"], question["year"])
    scan = resolve(question["raw"], msgspec.convert(question["settings"], ScanSettings))
    return msgspec.to_builtins(scan)


def differing(damages: int = 5) -> list[dict[str, Any]]:
    """Questions, whole and `damages` times damaged, that the web app's twin answers otherwise."""
    questions = _questions()
    chance = Random(20260101)
    for _ in range(damages):
        questions += _damaged(questions[:SCANS_DAMAGED], chance)
    answers = _twin_answers(questions)
    assert len(answers) == len(questions) > 7_000
    pairs = zip(questions, answers, strict=True)
    return [question for question, answer in pairs if answer != _own_answer(question)]


def test_both_languages_give_the_same_answer_to_every_vector() -> None:
    assert differing() == []
