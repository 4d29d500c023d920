"""A board is told of devices once a second at most: of each the latest word, none too late."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from server.kernel.errors import Unavailable
from server.kernel.wire import Beat
from server.store.store import Store
from server.sync.presence import TOGETHER_S, Presence, PresenceRow
from tests.floor_site import scalar, table
from tests.stores import open_store

DEVICES = 50


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store("sqlite", tmp_path) as opened:
        yield opened


def shown(store: Store) -> dict[str, PresenceRow]:
    found = table(store, "SELECT key, body FROM feed WHERE kind = 'presence'")
    return {r["key"]: msgspec.json.decode(r["body"], type=PresenceRow) for r in found}


def test_a_busy_floor_is_written_down_together(store: Store) -> None:
    async def scenario() -> None:
        presence = Presence(store)
        for unsent in range(5):
            for device in range(DEVICES):
                presence.heard("main", f"k{device}", None, Beat(unsent=unsent))
                await asyncio.sleep(0)
            await asyncio.sleep(0.05)
        await asyncio.sleep(TOGETHER_S * 1.5)

    asyncio.run(scenario())
    assert {r.unsent for r in shown(store).values()} == {4}
    assert len(shown(store)) == DEVICES
    assert scalar(store, "SELECT ver FROM site_clock") <= 2


def test_who_has_left_is_shown_as_gone_also_when_the_node_stops(store: Store) -> None:
    async def scenario() -> None:
        presence = Presence(store)
        presence.came("main", "k1", "p1")
        await asyncio.sleep(0.1)
        presence.left("main", "k1")
        await presence.stop()

    asyncio.run(scenario())
    assert (shown(store)["k1"].online, shown(store)["k1"].person) == (False, "p1")


def test_what_could_not_be_written_is_written_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.presence.TOGETHER_S", 0.05)

    async def scenario() -> None:
        presence = Presence(store)
        with monkeypatch.context() as broken:
            broken.setattr(store, "run", _unavailable)
            presence.came("main", "k1", "p1")
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.2)

    asyncio.run(scenario())
    assert shown(store)["k1"].online


async def _unavailable(_job: object) -> None:
    raise Unavailable("locked")


def test_a_driver_on_the_road_is_shown_where_the_device_is_and_forgotten_with_the_run(
    store: Store,
) -> None:
    van = Beat(lat_e7=525_000_000, lon_e7=134_000_000)

    async def scenario() -> None:
        presence = Presence(store)
        presence.heard("main", "van", "driver", van)
        await presence._write()
        placed.append(shown(store)["van"])
        presence.heard("main", "van", "driver", Beat())
        await presence.stop()
        placed.append(shown(store)["van"])

    placed: list[PresenceRow] = []
    asyncio.run(scenario())
    assert [(row.lat_e7, row.lon_e7) for row in placed] == [(van.lat_e7, van.lon_e7), (None, None)]
