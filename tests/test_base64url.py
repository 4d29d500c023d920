"""base64url without padding: what was written is read back, and only what would be written is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel import base64url


@given(st.binary(max_size=80))
def test_bytes_come_back(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data)) == data


@given(st.text("Aaz09-_+/= \n\u00e9", max_size=9))
def test_there_is_one_text_for_the_same_bytes(text: str) -> None:
    try:
        data = base64url.decode(text)
    except ValueError:
        return
    assert base64url.encode(data) == text


@pytest.mark.parametrize("text", ["QR", "QQ==", "Q", "Q Q", "QQ\n", "+/8", "\u00e9"])
def test_what_is_not_its_own_writing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        base64url.decode(text)
