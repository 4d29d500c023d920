"""`dockhand scan`: every line has its answer, whatever is in it."""

import io
import json
import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.kernel.scan import ScanSettings
from server.kernel.scan_lines import answer_lines

SETTINGS = ScanSettings(2026)
COMMAND = "from server.cli import main; raise SystemExit(main())"
KEYS = {"ok", "kind", "elements", "gtin", "lot", "expiry", "serial", "sscc", "error"}


def _answers(text: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer_lines(io.BytesIO(text), SETTINGS)]


def test_a_scan_is_answered_with_what_it_says() -> None:
    [answer] = _answers(b'"]d201095060001343521726123110ABC\\u001d21X"\n')
    elements = [("01", "09506000134352"), ("17", "261231"), ("10", "ABC"), ("21", "X")]
    assert answer == {
        "ok": True,
        "kind": "gs1",
        "elements": [{"ai": ai, "value": value} for ai, value in elements],
        "gtin": "09506000134352",
        "lot": "ABC",
        "expiry": "2026-12-31",
        "serial": "X",
        "sscc": None,
        "error": None,
    }


def test_a_refusal_names_its_code_and_its_identifier() -> None:
    [answer] = _answers(b'"(01)09506000134353"\n')
    assert (answer["ok"], answer["error"]) == (False, {"code": "bad_check_digit", "ai": "01"})


def test_a_value_that_may_have_swallowed_another_is_marked() -> None:
    [answer] = _answers(b'"010950600013435210ABC12321XYZ"')
    assert (answer["ok"], answer["unterminated"]) == (True, "10")


def test_what_is_no_json_string_is_answered_and_stops_nothing() -> None:
    lines = [b"nope", b"3", b"", b"[" * 100_000, b"\xff\xfe", b'"' + b"9" * 5_000 + b'"', b'"A"']
    codes = [(a["error"] or {}).get("code") for a in _answers(b"\n".join(lines))]
    bad = "bad_json"
    assert codes == [bad, "not_a_string", bad, bad, bad, "too_long", None]


_lines = st.binary(max_size=40) | st.text(max_size=40).map(lambda text: json.dumps(text).encode())


@given(st.lists(_lines))
def test_each_line_has_one_answer_in_ascii(lines: list[bytes]) -> None:
    text = [line.replace(b"\n", b" ") for line in lines]
    answers = list(answer_lines(text, SETTINGS))
    assert len(answers) == len(lines)
    for answer in answers:
        found = json.loads(answer)
        assert answer.isascii()
        assert found.keys() >= KEYS
        assert found["ok"] == (found["error"] is None)


def test_the_command_reads_the_form_that_it_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "scan", "--format", "uri"],
        input='"https://a/gtin/09506000134352/lot/A1"\n"9506000134352"\n',
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["gtin"], first["lot"]) == ("09506000134352", "A1")
    assert second["error"] == {"code": "bad_uri", "ai": None}
