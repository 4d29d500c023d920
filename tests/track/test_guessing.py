"""Guessing links at a served node over HTTP. The last figures stand in `docs/soak.md`."""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.orders import links
from server.track import api
from tests.floor_site import build, order
from tests.serving import Server, serving
from tests.stores import open_store
from tests.track.guessing import guess_all, guesses

GUESSES, EACH = 100_000, 100


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A node, and the link of its one order."""
    with open_store("sqlite", tmp_path) as store:
        build(store)
        made = order(store, "R-1", MUG=3)
        with serving(store.url, tmp_path) as server:
            yield server, links.path_of(links.key_in(store.keys.folder), made)


def test_guesses_find_nothing_and_the_one_that_is_right_is_seen(
    served: tuple[Server, str],
) -> None:
    server, path = served
    tried = guesses(300)
    heard = asyncio.run(guess_all(server.port, tried, 30))
    assert heard.hits == []
    assert heard.codes[429] >= 10 * (30 - api.MISSES - 1)
    right = path.removeprefix("/t/")
    told = asyncio.run(guess_all(server.port, [*tried[:5], right], 6, first=10))
    assert told.hits == [right]  # so whoever had guessed one would have been seen above


@pytest.mark.soak
def test_a_hundred_thousand_guesses_over_http(
    served: tuple[Server, str], capsys: pytest.CaptureFixture[str]
) -> None:
    server, path = served
    heard = asyncio.run(guess_all(server.port, guesses(GUESSES), EACH))
    began = time.perf_counter()
    kept = httpx.get(f"{server.base}{path}", timeout=30)
    took_ms = (time.perf_counter() - began) * 1000
    with capsys.disabled():
        told = f"{dict(heard.codes)} in {heard.seconds:.0f} s; the customer: {took_ms:.0f} ms"
        sys.stderr.write(f"guesses: {told}\n")
    assert heard.hits == []
    assert heard.codes[404] + heard.codes[429] == GUESSES
    assert heard.codes[404] < GUESSES * 2 * api.MISSES / EACH
    assert kept.status_code == 200
