"""What the web app's core is held against is what the model does, and it meets everything rare."""

from typing import Any

import pytest

from tests.sync.model.golden import PATH, as_json, traces

LIMIT = 300_000


def test_the_traces_on_disk_are_what_the_model_does() -> None:
    """Made anew by `python -m tests.sync.model.golden`."""
    assert PATH.read_text() == as_json()
    assert PATH.stat().st_size < LIMIT


@pytest.fixture(scope="module")
def steps() -> list[dict[str, Any]]:
    return [step for one in traces().values() for step in one["steps"]]


def test_the_traces_meet_what_is_rare(steps: list[dict[str, Any]]) -> None:
    assert {s["do"] for s in steps} == {
        *("scan", "start", "person", "ask", "lose", "answer", "revoked", "push"),
    }
    answers = [s for s in steps if s["do"] == "answer"]
    lives = [s for s in answers if "restart" in s["answer"]]
    pages = [s for s in answers if "restart" not in s["answer"]]
    pushes = [s for s in steps if s["do"] == "push"]
    for met in (answers, lives, pages, pushes):
        assert {s["taken"] for s in met} == {True, False}
    assert {s["mine"] for s in answers} == {True, False}
    assert {s["answer"]["more"] for s in pages} == {True, False}
    assert any(s["answer"]["reset"] for s in pages)
    assert any(s["then"].get("seen", 0) and "done" not in s["then"] for s in pages)
    assert any(None in s["then"].get("rows", {}).values() for s in pages)
