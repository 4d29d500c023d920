"""Which failed tests are run again, and what counts then."""

import os
from pathlib import Path

import pytest

from tests import steadily as again


def write_failed(*names: str) -> None:
    Path(os.environ[again.FAILED]).write_text("\n".join(names))


@pytest.mark.parametrize(
    ("failed", "alone", "code", "runs"),
    [
        ([], 0, 0, 1),
        (["tests/e2e/test_a.py::test_b"], 0, 0, 2),
        (["tests/faults/test_a.py::test_b"], 1, 1, 2),
        (["tests/rules/test_a.py::test_b"], 0, 1, 1),
        (["tests/e2e/test_a.py::test_b", "tests/rules/test_a.py::test_b"], 0, 1, 1),
        ([f"tests/e2e/test_a.py::test_{n}" for n in range(again.FEW + 1)], 0, 1, 1),
    ],
)
def test_a_few_tests_of_whole_processes_are_believed_red_when_they_are_red_alone(
    failed: list[str],
    alone: int,
    code: int,
    runs: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[list[str]] = []

    def pytest_(args: list[str]) -> int:
        ran.append(args)
        if len(ran) > 1:
            return alone
        write_failed(*failed)
        return 1 if failed else 0

    monkeypatch.setattr(again, "pytest", pytest_)
    assert again.steadily(["tests"]) == code
    assert len(ran) == runs
    assert ran[1:] in ([], [["-q", "-n", "0", *failed]])
