import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from server.app import create_app
from server.demo.api import HANDLERS
from server.demo.opening import open_site, open_store
from server.demo.seed import Seeded
from server.settings import Settings
from server.store.store import Store
from server.web import local_origins

ORIGIN = "http://localhost:8000"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def seeded_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seeded]:
    """A demo's folder right after its first start; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("seeded") / "demo"
    store = open_store(folder, fresh=False)
    made = open_site(store)
    store.close()
    return folder, made


@pytest.fixture
def opened(seeded_once: tuple[Path, Seeded], tmp_path: Path) -> Iterator[tuple[Store, Seeded]]:
    folder, made = seeded_once
    shutil.copytree(folder, tmp_path / "demo")
    store = open_store(tmp_path / "demo", fresh=False)
    yield store, made
    store.close()


@pytest.fixture
async def browser(opened: tuple[Store, Seeded]) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on this machine; `client` of the transport is its address."""
    store, _ = opened
    settings = Settings(
        url=store.url,
        blobs=store.blobs,
        origins=local_origins(8000),
        static=Path("none"),
        demo=True,
    )
    transport = httpx.ASGITransport(create_app(settings, store, HANDLERS))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client
