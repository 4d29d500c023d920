"""A small warehouse whose clock the test moves, on SQLite and on PostgreSQL."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.board.sweep import sweep
from server.store.store import Store
from tests.floor_site import build, table
from tests.stores import open_store

MINUTE = 60_000
HOUR = 60 * MINUTE
NOON = 1_800_000_000_000 - 1_800_000_000_000 % (24 * HOUR) + 12 * HOUR


@dataclass
class Clock:
    now: int = NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path: Path, time: Clock) -> Iterator[Store]:
    with open_store(request.param, tmp_path, time) as opened:
        build(opened)
        yield opened


def swept(store: Store) -> None:
    """The board's house-keeping, once."""
    asyncio.run(sweep(store))


def on_board(store: Store, kind: str) -> dict[str, dict[str, Any]]:
    """Rows of the board by their keys."""
    found = table(
        store,
        "SELECT key, body FROM feed WHERE scope = 'b:main' AND kind = :k AND body IS NOT NULL",
        k=kind,
    )
    return {r["key"]: json.loads(r["body"]) for r in found}
