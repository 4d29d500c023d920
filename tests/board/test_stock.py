"""The stock screen: what is there, promised and free, by item and by place."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.inventory.holds import HoldLot
from server.inventory.ops import PutBin, PutLevel, ReceiveStock
from tests.asked import Asked, Browser, asking
from tests.floor_site import ITEMS, Handheld, build, good, system
from tests.floor_work import APPLIED
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        good(system(store, "inventory.put_bin.v1", PutBin(code="DOCK", kind="stage")))
        lot = ReceiveStock(bin="DOCK", sku="MUG", qty=8, lot="B7", expiry="2030-01-01")
        good(system(store, "inventory.receive_stock.v1", lot))
        async with asking(store, tmp_path) as asked:
            yield asked


async def stock(who: Browser, words: str = "") -> list[dict[str, Any]]:
    answer = await who.ask("GET", f"/api/stock?q={words}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_goods_at_the_dock_are_there_but_promised_to_their_putaway(site: Asked) -> None:
    (mug,) = await stock(site.browser("supervisor"), "MUG")
    assert (mug["qty"], mug["allocated"], mug["available"]) == (58, 8, 50)
    dock = next(p for p in mug["places"] if p["bin"] == "DOCK")
    assert dock == {
        "bin": "DOCK",
        "kind": "stage",
        "lot": "B7",
        "expiry": "2030-01-01",
        "qty": 8,
        "allocated": 8,
        "held": "",
    }


async def test_a_lot_on_hold_is_there_but_not_available(site: Asked) -> None:
    kept = ReceiveStock(bin="A01-2-1", sku="MUG", qty=5, lot="B9")
    good(system(site.store, "inventory.receive_stock.v1", kept))
    desk = site.browser("supervisor")
    (before,) = await stock(desk, "MUG")
    hold = HoldLot(sku="MUG", lot="B9", reason="Recall 7")
    chief = Handheld(site.store, "supervisor", "dev-hold")
    assert chief.say("inventory.hold_lot.v1", hold) == APPLIED
    (after,) = await stock(desk, "MUG")
    assert (after["qty"], after["available"]) == (before["qty"], before["available"] - 5)
    assert [p["held"] for p in after["places"] if p["lot"] == "B9"] == ["Recall 7"]


async def test_stock_is_found_by_scan_name_and_bin(site: Asked) -> None:
    desk = site.browser("service")
    for words in (ITEMS["MUG"], ITEMS["MUG"][1:], "mug", "A01-1"):
        assert [each["sku"] for each in await stock(desk, words)] == ["MUG"]
    assert [each["sku"] for each in await stock(desk)] == ["LAMP", "MUG", "TEE"]


async def test_an_item_below_the_least_of_its_pick_faces_is_low(site: Asked) -> None:
    level = PutLevel(bin="A01-2-1", sku="TEE", least=50, most=60)
    good(system(site.store, "inventory.put_level.v1", level))
    supply = {each["sku"]: each["supply"] for each in await stock(site.browser("admin"))}
    assert supply == {"LAMP": "plenty", "MUG": "plenty", "TEE": "low"}


async def test_stock_is_for_desks(site: Asked) -> None:
    answer = await site.browser("picker").ask("GET", "/api/stock")
    assert answer.status_code == 403
