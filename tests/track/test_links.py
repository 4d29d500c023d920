"""A link is sealed under the site's secret: nothing else opens it, and nothing opens anything
else."""

import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.orders import links

KEY = bytes(range(links.KEY_BYTES))
GUESSES = 100_000


def test_a_link_leads_to_its_order_and_is_the_same_each_time() -> None:
    token = links.seal(KEY, "cb3ea132a2477cea74cf")
    assert links.unseal(KEY, token) == "cb3ea132a2477cea74cf"
    assert token == links.seal(KEY, "cb3ea132a2477cea74cf")
    assert "cb3ea132" not in token


def test_a_hundred_thousand_guesses_open_nothing() -> None:
    size = len(links.seal(KEY, "cb3ea132a2477cea74cf"))
    assert not any(links.unseal(KEY, secrets.token_urlsafe(size)[:size]) for _ in range(GUESSES))


def test_without_the_check_of_the_seal_the_same_guesses_do(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unsealed:
        def __init__(self, key: bytes) -> None: ...

        def encrypt(self, data: bytes, _: object) -> bytes:
            return data

        decrypt = encrypt

    monkeypatch.setattr(links, "AESSIV", Unsealed)
    assert any(links.unseal(KEY, secrets.token_urlsafe(3)[:4]) for _ in range(GUESSES))


@given(st.integers(0, 10**6), st.integers(1, 63))
def test_no_letter_of_a_link_can_be_changed(place: int, step: int) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = links.seal(KEY, "cb3ea132a2477cea74cf")
    at = place % len(token)
    other = letters[(letters.index(token[at]) + step) % 64]
    assert links.unseal(KEY, token[:at] + other + token[at + 1 :]) is None


@given(st.text(max_size=200))
def test_whatever_is_asked_for_is_answered(text: str) -> None:
    assert links.unseal(KEY, text) is None


def test_another_sites_secret_opens_nothing(tmp_path: Path) -> None:
    mine, other = links.key_in(tmp_path / "a"), links.key_in(tmp_path / "b")
    assert links.unseal(other, links.seal(mine, "X1")) is None
    links.key_in.cache_clear()
    assert links.key_in(tmp_path / "a") == mine
    assert (tmp_path / "a" / links.KEY_FILE).stat().st_mode & 0o077 == 0
