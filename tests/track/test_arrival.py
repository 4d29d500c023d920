"""The customer's page follows the van: a window by the clock of the site, in words when it is
late; the board and the story tell the same arrival."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from server.orders import links
from server.pod.carriers.ops import ChooseCarrier
from server.pod.ops import Arrive, Depart
from server.track.words import WORDS
from tests.asked import Asked, asking
from tests.carrier_work import CARRIERS, bill, set_carriers
from tests.floor_site import build, good, system, table
from tests.floor_work import APPLIED
from tests.run_work import (
    DOORS,
    HOUR,
    MIN,
    MORNING,
    Clock,
    accept,
    hand,
    load_all,
    packed_at,
    planned,
    rules,
    runs,
    stop_of,
)
from tests.stores import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def site(
    tmp_path: Path, request: pytest.FixtureRequest, clock: Clock
) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path, clock) as store:
        build(store)
        rules(store, timezone="Asia/Shanghai")
        async with asking(store, tmp_path) as asked:
            yield asked


async def look(site: Asked, order_id: str, **query: str) -> httpx.Response:
    path = links.path_of(links.key_in(site.store.keys.folder), order_id)
    return await site.http.get(path, params=query)


def due(site: Asked, at: int) -> None:
    moved = sa.text("UPDATE orders SET due_at = :at")
    site.store.run_sync(lambda tx: tx.conn.execute(moved, {"at": at}))


def clock_of(at: int) -> str:
    """Shanghai is eight hours ahead, all year."""
    minutes = at // MIN + 8 * 60
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


async def test_the_window_moves_with_the_van(site: Asked, clock: Clock) -> None:
    made = packed_at(site.store, {"N1": DOORS["N1"]}, due_at=MORNING + 12 * HOUR)["N1"]
    before = await look(site, made)
    assert "Today, 2026-09-29, by the end of the day" not in before.text  # due after midnight there
    assert "Tomorrow, 2026-09-30, by the end of the day" in before.text
    assert accept(site.store, planned(site.store, "VAN-1")["id"]) == APPLIED
    eta = stop_of(site.store, "N1")["eta"]
    wide = await look(site, made)
    step = 15 * MIN
    start, end = (eta - 90 * MIN) // step * step, -(-(eta + 90 * MIN) // step) * step
    assert f"Today, 2026-09-29<br>{clock_of(max(start, MORNING))}–{clock_of(end)}" in wide.text
    assert "Asia/Shanghai" in wide.text
    run = runs(site.store)[0]["id"]
    load_all(site.store, run)
    clock.at = MORNING + 5 * HOUR
    assert hand(site.store, "driver").say("pod.depart.v1", Depart(run=run, vehicle="V")) == APPLIED
    eta = stop_of(site.store, "N1")["eta"]
    assert eta > MORNING + 5 * HOUR
    near = await look(site, made)
    end = -(-(eta + 30 * MIN) // step) * step
    assert f"{clock_of(MORNING + 5 * HOUR)}–{clock_of(end)}" in near.text
    stop = stop_of(site.store, "N1")["id"]
    assert hand(site.store, "driver").say("pod.arrive.v1", Arrive(stop=stop)) == APPLIED
    assert WORDS["en"]["there"] in (await look(site, made)).text


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
async def test_late_is_said_in_words(site: Asked, lang: str) -> None:
    made = packed_at(site.store, {"N1": DOORS["N1"]})["N1"]
    due(site, MORNING - 48 * HOUR)
    words = WORDS[lang]  # type: ignore[index]
    nobody_knows = await look(site, made, lang=lang)
    assert words["late_open"] in nobody_knows.text
    assert words["no_day"] in nobody_knows.text
    assert "2026-09-27" not in nobody_knows.text.partition("<ol>")[0]
    assert accept(site.store, planned(site.store, "VAN-1")["id"]) == APPLIED
    late = await look(site, made, lang=lang)
    assert words["late_more"] in late.text
    assert words["today"] in late.text
    due(site, MORNING + 12 * HOUR)
    assert words["late"] not in (await look(site, made, lang=lang)).text


async def test_a_stranger_learns_nothing_of_the_van(site: Asked) -> None:
    made = packed_at(site.store, {ref: DOORS[ref] for ref in ("N1", "N2", "N3")})["N2"]
    assert accept(site.store, planned(site.store, "VAN-1")["id"]) == APPLIED
    page = (await look(site, made)).text
    stop = stop_of(site.store, "N2")
    assert not [w for w in ("VAN-1", str(stop["lat_e7"]), "52.54", "N1", "N3") if w in page]


async def test_board_and_story_tell_what_the_page_tells(site: Asked) -> None:
    made = packed_at(site.store, {"N1": DOORS["N1"]})["N1"]
    assert accept(site.store, planned(site.store, "VAN-1")["id"]) == APPLIED
    eta = stop_of(site.store, "N1")["eta"]
    row = table(site.store, "SELECT body FROM feed WHERE kind = 'order' AND key = :k", k=made)[0]
    assert f'"eta":{eta}' in row["body"]
    told = (await site.browser("service").ask("GET", f"/api/orders/{made}")).json()
    assert (told["expected"]["at"], told["expected"]["by"]) == (eta, "van")


async def test_a_carriers_day_is_told_too(site: Asked) -> None:
    set_carriers(site.store, timezone="Asia/Shanghai", by_itself=True, own=None)
    made = packed_at(site.store, {"LS1": DOORS["N1"]}, due_at=MORNING + 240 * HOUR)
    order_id = made["LS1"]
    shipment = table(site.store, "SELECT id FROM shipment")[0]["id"]
    assert bill(site.store, shipment) == {}  # Germany is in none of its zones
    zone = {"id": "de", "places": [{"country": "DE"}], "breaks": [{"to_g": 5000, "price": 400}]}
    tables = [{**CARRIERS["rate_tables"][0], "zones": [zone | {"days": {"eco": 3}}]}]
    set_carriers(site.store, timezone="Asia/Shanghai", own=None, rate_tables=tables)
    good(system(site.store, "pod.choose_carrier.v1", ChooseCarrier(shipments=[shipment])))
    by = bill(site.store, shipment)["arrives_by"]
    told = (await site.browser("service").ask("GET", f"/api/orders/{order_id}")).json()
    assert (told["expected"]["at"], told["expected"]["by"]) == (by, "carrier")
    row = table(site.store, "SELECT body FROM feed WHERE kind = 'order' AND key = :k", k=order_id)
    assert f'"eta":{by}' in row[0]["body"]
    assert "2026-10-02, by the end of the day" in (await look(site, order_id)).text
