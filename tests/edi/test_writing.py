"""What is written is what is read again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.edi.reading import Message, read
from server.edi.writing import Envelope, Party, Unfit, reference, segment, written

AT = dt.datetime(2026, 3, 4, 9, 5, tzinfo=dt.UTC)
OURS, THEIRS = Party("4012345000009", "14"), Party("ACME", "ZZZ")


def envelope(charset: str = "UNOC", **more: bool) -> Envelope:
    return Envelope(OURS, THEIRS, "26030400000001", AT, charset, **more)  # type: ignore[arg-type]


def one(*values: str) -> list[tuple[str, Message]]:
    said = (segment("BGM", "231", values), segment("UNS", "S"))
    return [("D:96A:UN", Message("ORDRSP", "1", said))]


def test_the_envelope_counts_and_carries_its_reference_at_both_ends() -> None:
    body = written(envelope(test=True, asks=True), one("it's 5+5:10?"))
    assert body == (
        b"UNA:+.? 'UNB+UNOC:3+4012345000009:14+ACME:ZZZ+260304:0905+26030400000001++++1++1'"
        b"UNH+1+ORDRSP:D:96A:UN'BGM+231+it?'s 5?+5?:10??'UNS+S'UNT+4+1'UNZ+1+26030400000001'"
    )
    found = read(body)
    assert (found.sender, found.recipient) == (OURS.id, THEIRS.id)
    assert found.reference == "26030400000001"


@given(st.lists(st.text(st.characters(codec="latin-1"), min_size=1, max_size=40), min_size=1))
def test_whatever_is_said_comes_back(values: list[str]) -> None:
    said = [value for value in values if value.isprintable()] or ["x"]
    for charset in ("UNOC", "UNOW"):
        (message,) = read(written(envelope(charset), one(*said))).messages
        assert message.segments[0].elements[1] == tuple(said)


def test_a_line_break_in_a_name_breaks_no_segment() -> None:
    (message,) = read(written(envelope(), one("a\r\nb\x00c"))).messages
    assert message.segments[0].value(1) == "a b c"


def test_what_a_character_set_has_not_is_not_half_written() -> None:
    with pytest.raises(Unfit, match="UNOC"):
        written(envelope(), one("货号"))
    (message,) = read(written(envelope("UNOW"), one("货号*"))).messages
    assert message.segments[0].value(1) == "货号*"
    with pytest.raises(Unfit, match="35"):
        reference("x" * 36)
