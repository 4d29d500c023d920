"""`docs/peer_behaviours.md` answers every behaviour once, and claims nothing without a test."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.data import data

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/peer_behaviours.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (PB\d+) \| (\S+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
NAMED = sorted({name for *_, shown in ROWS for name in re.findall(r"`([^`]+)`", shown)})
VERDICTS = {"same", "better", "differs", "lacks"}
VITEST = r"\b(?:test|it)\(\s*([\"'`])(.+?)\1,"


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of the tests of a file of either language."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if not file.endswith(".py"):
        return frozenset(name for _, name in re.findall(VITEST, text))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(f.name for f in ast.parse(text).body if isinstance(f, functions))


def is_there(named: str) -> bool:
    """`file::function`, or `file > title`."""
    file, _, name = named.partition("::" if "::" in named else " > ")
    return (ROOT / file).is_file() and name in names_in(file)


def test_every_behaviour_is_answered_exactly_once() -> None:
    lines = data("peer_behaviours", "behaviours.jsonl").read_text(encoding="utf-8").splitlines()
    assert [number for number, *_ in ROWS] == [json.loads(line)["id"] for line in lines]


def test_each_answer_is_one_of_four_and_says_something() -> None:
    assert len(ROWS) > 80
    assert {verdict for _, verdict, *_ in ROWS} == VERDICTS
    assert [number for number, _, said, _ in ROWS if len(said) < 20] == []


def test_nothing_is_claimed_without_a_test_and_nothing_that_lacks_names_one() -> None:
    for number, verdict, _, shown in ROWS:
        assert ("`" in shown) == (verdict != "lacks"), number


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_is_named_is_there(named: str) -> None:
    assert is_there(named)


@pytest.mark.parametrize(
    "named",
    [
        "tests/contracts/test_peer_behaviours.py::test_that_nobody_wrote",
        "tests/contracts/test_of_nothing.py::test_every_test_that_is_named_is_there",
        "pwa/src/screens/picker/walk.test.ts > location",
        "pwa/src/screens/picker/walk.test.ts > the location's label leads",
    ],
)
def test_a_test_that_is_not_there_is_noticed(named: str) -> None:
    assert not is_there(named)


def test_no_behaviour_is_answered_in_the_words_it_was_told_in() -> None:
    file = data("peer_behaviours", "behaviours.jsonl")
    told = {d["id"]: d["behaviour"] for d in map(json.loads, file.open(encoding="utf-8"))}
    for number, _, said, _ in ROWS:
        theirs, ours = (re.findall(r"\w+", text.lower()) for text in (told[number], said))
        runs = {tuple(theirs[i : i + 7]) for i in range(len(theirs) - 6)}
        assert not runs & {tuple(ours[i : i + 7]) for i in range(len(ours) - 6)}, number
