"""The supervisor's map: where the bins are, how often they are picked, and who is at which."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.board.floor import DAY_MS
from server.inventory.ops import PutBin
from server.inventory.tables import movement
from server.moving.ops import Transfer
from server.store.store import Store
from tests.asked import Asked, asking, code_of
from tests.floor_site import BINS, Handheld, build, good, order, release_wave, system, table
from tests.floor_work import pick_all, take
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def places(store: Store) -> dict[str, dict[str, Any]]:
    found = table(store, "SELECT key, scope, body FROM feed WHERE kind = 'place'")
    assert {r["scope"] for r in found} <= {"b:main"}
    return {r["key"]: json.loads(r["body"]) for r in found}


async def test_the_floor_has_every_bin_at_a_shelf_and_no_dock(site: Asked) -> None:
    good(system(site.store, "inventory.put_bin.v1", PutBin(code="DOCK", kind="stage")))
    answer = (await site.browser("supervisor").ask("GET", "/api/floor")).json()
    assert {b["code"]: (b["aisle"], b["offset_dm"]) for b in answer["bins"]} == BINS
    assert answer["bins"][0]["side"] == "L"


async def test_heat_counts_the_picks_of_the_days_asked_for(site: Asked) -> None:
    order(site.store, "R-1", MUG=2, TEE=1)
    order(site.store, "R-2", MUG=1)
    release_wave(site.store)
    picker = Handheld(site.store, "picker")
    for _ in range(2):
        pick_all(picker, take(picker, "pick"))
    desk = site.browser("supervisor")
    heat = (await desk.ask("GET", "/api/floor/heat")).json()
    assert heat["picks"] == {"A01-1-1": 2, "A01-2-1": 1}
    older = sa.update(movement).values(at=movement.c.at - 3 * DAY_MS)
    site.store.run_sync(lambda tx: tx.conn.execute(older.where(movement.c.from_bin == "A01-1-1")))
    assert (await desk.ask("GET", "/api/floor/heat?days=1")).json()["picks"] == {"A01-2-1": 1}
    week = (await desk.ask("GET", "/api/floor/heat?days=7")).json()
    assert week["picks"] == {"A01-1-1": 2, "A01-2-1": 1}


async def test_only_desks_see_the_floor_and_days_are_bounded(site: Asked) -> None:
    picker, desk = site.browser("picker"), site.browser("supervisor")
    for path in ("/api/floor", "/api/floor/heat"):
        assert (await picker.ask("GET", path)).status_code == 403
    for days in ("0", "32", "x", "1e9"):
        answer = await desk.ask("GET", f"/api/floor/heat?days={days}")
        assert (answer.status_code, code_of(answer)) == (400, "malformed")


async def test_each_person_is_where_they_confirmed_last(site: Asked) -> None:
    order(site.store, "R-1", TEE=1)
    release_wave(site.store)
    picker = Handheld(site.store, "picker")
    task = take(picker, "pick")
    pick_all(picker, task)
    assert places(site.store)["picker"] | {"at": 0} == {
        "person": "picker", "bin": "A01-2-1", "task": task, "doing": "pick", "at": 0,
    }  # fmt: skip
    other = Handheld(site.store, "picker2")
    moved = Transfer(from_bin="A02-1-1", to_bin="A02-2-1", sku="LAMP", qty=1)
    other.say("moving.transfer.v1", moved)
    found = places(site.store)
    assert (found["picker2"]["bin"], found["picker2"]["doing"]) == ("A02-2-1", "move")
    assert found["picker"]["bin"] == "A01-2-1"
    assert found["picker2"]["at"] > 0


async def test_goods_that_came_by_import_put_nobody_at_a_bin(site: Asked) -> None:
    assert places(site.store) == {}
