"""Interchanges of others: the samples, their dirt, and what is no interchange at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.edi.reading import BadEdifact, read
from tests.data import data

GOOD = b"UNB+UNOC:3+A:14+B:14+260101:0900+7'UNH+1+ORDERS:D:96A:UN'BGM+220+X?+1'UNT+3+1'UNZ+1+7'"
MISCOUNTED = {"staedi/orders-with-group.edi"}
"""Its UNT says 21 segments of 18."""


def samples() -> list[dict[str, Any]]:
    lines = data("edi", "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["family"] == "EDIFACT"]


@pytest.mark.data
def test_every_sample_that_is_valid_is_read_with_its_message_and_its_counts() -> None:
    read_ones = 0
    for row in samples():
        if row["expect"] != "valid" or row["file"] in MISCOUNTED:
            continue
        body = data("edi", row["file"]).read_bytes()
        found = read(body)
        assert row["message"] in {m.kind for m in found.messages}, row["file"]
        read_ones += 1
    assert read_ones == 7


@pytest.mark.data
def test_no_sample_ends_otherwise_than_read_or_named() -> None:
    read_ones, named = [], {}
    for row in samples():
        try:
            read(data("edi", row["file"]).read_bytes())
            read_ones.append(row["file"])
        except BadEdifact as wrong:
            named[row["file"]] = wrong.why
    assert len(read_ones) >= 11, named
    assert set(named.values()) <= {
        *("no_interchange", "cut_short", "wrong_count", "wrong_reference", "out_of_place"),
        *("no_segment", "characters"),
    }


def test_a_released_sign_is_data() -> None:
    (message,) = read(GOOD).messages
    assert message.segments[0].value(1) == "X+1"
    assert message.segments[0].value(9) == ""


@pytest.mark.parametrize(
    ("was", "made", "why"),
    [
        (b"UNT+3", b"UNT+4", "wrong_count"),
        (b"UNT+3+1", b"UNT+3+2", "wrong_reference"),
        (b"UNZ+1", b"UNZ+2", "wrong_count"),
        (b"UNZ+1+7", b"UNZ+1+8", "wrong_reference"),
        (b"UNZ+1+7'", b"", "cut_short"),
        (b"UNZ+1+7'", b"UNZ+1+7", "cut_short"),
        (b"BGM+", b"UNH+", "out_of_place"),
        (b"BGM+", b"bg+", "no_segment"),
        (b"UNB+UNOC", b"UNX+UNOC", "no_interchange"),
        (b"UNOC:3+A", b"UNOW:4+\xff", "characters"),
    ],
)
def test_what_is_wrong_is_named(was: bytes, made: bytes, why: str) -> None:
    with pytest.raises(BadEdifact) as wrong:
        read(GOOD.replace(was, made))
    assert wrong.value.why == why


@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda b: GOOD[:40] + b + GOOD[40:]))
def test_nothing_ends_otherwise_than_read_or_named(body: bytes) -> None:
    try:
        read(body)
    except BadEdifact:
        return


def test_lines_and_another_dialect_and_groups() -> None:
    wrapped = b"\r\n".join(GOOD[i : i + 20] for i in range(0, len(GOOD), 20))
    assert read(wrapped).messages == read(GOOD).messages
    plain = GOOD.replace(b"?+", b"-")
    other = b"UNA*|,! ~" + plain.translate(bytes.maketrans(b":+?'", b"*|!~"))
    assert read(other).messages == read(plain).messages
    grouped = GOOD.replace(b"UNH", b"UNG+ORDERS'UNH").replace(b"UNZ", b"UNE+1+1'UNZ")
    assert read(grouped).messages[0].kind == "ORDERS"
