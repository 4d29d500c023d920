"""The PIN that is said at the door: on the page on the day, for who knows the postcode."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from server.catalog.ops import PutSetting
from server.orders import links
from server.pod import pins
from server.pod.ops import Depart
from server.store.store import Store
from tests.asked import Asked, asking
from tests.floor_site import SITE, build, good, scalar, system, table
from tests.floor_work import APPLIED
from tests.run_work import (
    DOORS,
    HOUR,
    MORNING,
    Clock,
    accept,
    hand,
    load_all,
    packed_at,
    planned,
    rules,
    runs,
)
from tests.stores import open_store

pytestmark = pytest.mark.anyio
ASKS = {"rules": [{"ask": {"pin": "mandatory"}}]}


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
        rules(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def asks_pin(store: Store) -> None:
    good(system(store, "catalog.put_setting.v1", PutSetting(key="pod", value=ASKS)))


def key(store: Store) -> bytes:
    return links.key_in(store.keys.folder)


def on_a_run(store: Store) -> str:
    made = packed_at(store, {"N1": DOORS["N1"]}, due_at=MORNING + 12 * HOUR)["N1"]
    assert accept(store, planned(store, "VAN-1")["id"]) == APPLIED
    return made


async def page(site: Asked, order_id: str, postcode: str = "N1") -> str:
    path = links.path_of(key(site.store), order_id)
    return (await site.http.get(path, params={"postcode": postcode})).text


def pin_on(text: str) -> str:
    return text.partition('<p class="pin">')[2].partition("<")[0]


async def test_the_one_who_knows_the_postcode_sees_on_the_day_what_the_driver_will_take(
    site: Asked, clock: Clock
) -> None:
    asks_pin(site.store)
    made = on_a_run(site.store)
    assert site.store.run_sync(lambda tx: pins.issue_lacking(tx, key(site.store))) == 1
    shown = pin_on(await page(site, made))
    kept = table(site.store, "SELECT * FROM order_pin")[0]
    assert pins.fits(shown, kept["salt"], kept["hash"], kept["rounds"])
    assert shown not in str(table(site.store, "SELECT * FROM op"))
    assert pin_on(await page(site, made, "N2")) == ""
    clock.at = MORNING - 24 * HOUR
    assert pin_on(await page(site, made)) == ""  # not today yet


async def test_once_it_is_handed_over_there_is_none(site: Asked) -> None:
    asks_pin(site.store)
    made = on_a_run(site.store)
    site.store.run_sync(lambda tx: pins.issue_lacking(tx, key(site.store)))
    run = runs(site.store)[0]["id"]
    load_all(site.store, run)
    gone = Depart(run=run, vehicle="V")
    assert hand(site.store, "driver").say("pod.depart.v1", gone) == APPLIED
    assert pin_on(await page(site, made)) != ""
    closed = sa.text("UPDATE stop SET state = 'closed'")
    site.store.run_sync(lambda tx: tx.conn.execute(closed))
    assert pin_on(await page(site, made)) == ""


async def test_a_delivery_that_asks_for_none_gets_none(site: Asked) -> None:
    made = on_a_run(site.store)
    assert site.store.run_sync(lambda tx: pins.issue_lacking(tx, key(site.store))) == 0
    site.store.run_sync(lambda tx: pins.issue(tx, key(site.store), SITE, made))
    assert pin_on(await page(site, made)) == ""


async def test_a_new_one_takes_the_place_of_the_old_one_on_the_page_too(site: Asked) -> None:
    asks_pin(site.store)
    made = on_a_run(site.store)
    first = site.store.run_sync(lambda tx: pins.issue(tx, key(site.store), SITE, made))
    second = site.store.run_sync(lambda tx: pins.issue(tx, key(site.store), SITE, made))
    assert pin_on(await page(site, made)) == second != first
    assert site.store.run_sync(lambda tx: pins.issue_lacking(tx, key(site.store))) == 0


async def test_what_a_device_holds_does_not_give_the_pin_without_the_sites_secret(
    site: Asked,
) -> None:
    asks_pin(site.store)
    made = on_a_run(site.store)
    pin = site.store.run_sync(lambda tx: pins.issue(tx, key(site.store), SITE, made))
    salt = str(scalar(site.store, "SELECT salt FROM order_pin"))
    assert pins.pin_of(key(site.store), made, salt) == pin
    assert pins.pin_of(bytes(32), made, salt) != pin
    load_all(site.store, runs(site.store)[0]["id"])
    row = str(scalar(site.store, "SELECT body FROM feed WHERE kind = 'stop'"))
    assert salt in row
    assert f'"{pin}"' not in row
    assert links.path_of(key(site.store), made) not in row
