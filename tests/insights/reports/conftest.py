"""A site with two orders, whose reports are asked for over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.asked import Asked, asking
from tests.floor_site import build, order
from tests.stores import open_store


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    async with _site(request.param, tmp_path) as asked:
        yield asked


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Asked]:
    """Where the database makes no difference."""
    async with _site("sqlite", tmp_path) as asked:
        yield asked


@asynccontextmanager
async def _site(kind: str, folder: Path) -> AsyncIterator[Asked]:
    with open_store(kind, folder) as store:
        build(store)
        order(store, "R-1", MUG=3, TEE=2)
        order(store, "R-2", MUG=1)
        async with asking(store, folder) as asked:
            yield asked
