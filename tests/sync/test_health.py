"""`GET /health` is green while a node can do its work, and names the part that cannot."""

import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from server.app import create_app
from server.inventory.ops import ReceiveStock as Receive
from server.kernel.errors import ProtocolError
from server.settings import Settings
from server.store.backup import backup, restore
from server.store.store import Store
from server.sync import health
from server.sync.exchange import exchange
from server.web import local_origins
from tests.floor_site import Handheld, build, system
from tests.stores import open_store
from tests.web.site import ORIGIN, PORT

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def watching(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(store.url, store.blobs, local_origins(PORT))
    app: Any = create_app(settings, store)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        yield client


async def seen(store: Store) -> tuple[int, str, str]:
    async with watching(store) as http:
        got = await http.get("/health")
    said = got.json()
    assert said["ok"] is (got.status_code == 200)
    assert said["epoch"] == store.epoch
    return got.status_code, said["store"], said["disk"]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        yield opened


async def test_a_site_that_works_is_green(store: Store) -> None:
    assert await seen(store) == (200, "ok", "ok")


async def test_a_disk_without_room_for_photos_is_red(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEADROOM", 2**62)
    assert await seen(small) == (503, "ok", "full")


@contextmanager
def held_by_another_program(store: Store) -> Iterator[None]:
    other = sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def test_a_database_that_takes_no_commit_is_red_and_green_again_afterwards(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "PATIENCE_S", 0.2)
    with held_by_another_program(small):
        assert await seen(small) == (503, "cannot_write", "ok")
    monkeypatch.setattr(health, "PATIENCE_S", 10)
    assert await seen(small) == (200, "ok", "ok")


async def test_a_damaged_database_is_red(small: Store) -> None:
    small.run_sync(lambda tx: tx.conn.exec_driver_sql("DROP TABLE site_clock"))
    assert await seen(small) == (503, "cannot_read", "ok")


async def test_many_who_ask_cost_one_commit(small: Store) -> None:
    commits: list[int] = []
    original = small.run

    async def counted(job: Any) -> Any:
        commits.append(1)
        return await original(job)

    small.run = counted  # type: ignore[method-assign]
    async with watching(small) as http:
        for _ in range(20):
            await http.get("/health")
    assert len(commits) == 1


async def meets(store: Store, picker: Handheld, cur: dict[str, str], epoch: str) -> Any:
    """What the device does with this database, having seen what it has seen."""
    frame = msgspec.structs.replace(picker.frame(), cur=cur, epoch=epoch)
    with contextlib.suppress(ProtocolError):
        return (await exchange(store, picker.id, frame))[0]


async def test_an_old_database_put_back_without_restore_is_red_until_it_is_restored(
    tmp_path: Path,
) -> None:
    """One device is refused; the others work on."""
    now, old = tmp_path / "now", tmp_path / "old"
    now.mkdir()
    with open_store("sqlite", now) as store:
        build(store)
        picker, other = Handheld(store, "picker"), Handheld(store, "packer")
        backup(store.url, store.blobs, tmp_path / "backup")
        copy = _copied(now, old)
        system(store, "inventory.receive_stock.v1", Receive(bin="A01-1-1", sku="MUG", qty=1))
        answer = await meets(store, picker, {}, "")
        assert await seen(store) == (200, "ok", "ok")
    with contextlib.closing(Store(copy, old / "blobs")) as store:
        assert await meets(store, picker, answer.cur, answer.epoch) is None
        assert await seen(store) == (503, "rewound", "ok")
        assert await meets(store, other, {}, "") is not None
        store.rewound[picker.id] -= health.REWOUND_MS
        assert await seen(store) == (200, "ok", "ok")
    new = f"sqlite:///{tmp_path / 'new.db'}"
    restore(tmp_path / "backup", new, tmp_path / "blobs", store.clock())
    with contextlib.closing(Store(new, tmp_path / "blobs")) as store:
        restarted = await meets(store, picker, answer.cur, answer.epoch)
        assert restarted.epoch == store.epoch > answer.epoch
        assert await seen(store) == (200, "ok", "ok")


def _copied(source: Path, target: Path) -> str:
    """The files as somebody would copy them, the write-ahead log included."""
    shutil.copytree(source, target)
    return f"sqlite:///{target / 'site.db'}"
