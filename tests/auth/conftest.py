from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.auth.house import House
from tests.stores import Postgres


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    made = House(tmp_path)
    yield made
    await made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """For races: one writer on SQLite, several on PostgreSQL."""
    url = Postgres.fresh_database() if request.param == "postgres" else None
    made = House(tmp_path, url)
    yield made
    await made.close()
