"""The wall and the map of all runs: nobody touches them, and they show what happens."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from server.pod.ops import Arrive, Depart
from server.store.tx import Tx
from tests.board.conftest import on_board
from tests.e2e.conftest import HERE, Device, Site
from tests.floor_site import SITE, Handheld, scalar, table
from tests.floor_work import APPLIED
from tests.run_work import (
    DOORS,
    accept,
    hand,
    load_all,
    packed_at,
    planned,
    rules,
    runs,
    shift_to_come,
)
from tests.serving import WireDevice, cookie_for
from tests.sync.wire import device, pick, take

Devices = Callable[..., Device]
FITS = """() => {
  const wall = document.querySelector(".wall");
  const inside = [...wall.querySelectorAll("dd, .state-bar li, .late li")].every(one => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  });
  return inside && wall.scrollHeight <= wall.clientHeight + 1
    && document.documentElement.scrollHeight <= innerHeight
    && document.documentElement.scrollWidth <= innerWidth;
}"""


def late_by(site: Site, ids: list[str], minutes: int) -> None:
    """Promised for so long ago."""

    def job(tx: Tx) -> None:
        for order in ids:
            due = {"o": order, "due": tx.now - minutes * 60_000}
            tx.conn.execute(sa.text("UPDATE orders SET due_at = :due WHERE id = :o"), due)
            tx.touch(SITE, "order", order)

    site.store.run_sync(job)


def to_the_wall(page: Page) -> None:
    page.get_by_role("link", name="Wall screen").click()
    expect(page.get_by_test_id("wall")).to_be_visible()


def test_the_wall_follows_the_floor_and_has_nothing_to_touch(site: Site, devices: Devices) -> None:
    ids = site.orders(2)
    late_by(site, ids[:1], 25)
    page = devices(handheld=False).ready("supervisor")
    to_the_wall(page)
    number = scalar(site.store, "SELECT number FROM orders WHERE id = :o", o=ids[0])
    expect(page.get_by_test_id(f"late-{number}")).to_contain_text("late by 25 min")
    expect(page.get_by_test_id("wall-Late orders")).to_have_text("1")
    expect(page.get_by_test_id("wall-Lines picked")).to_have_text("0 %")
    handheld = device(site.store, site.server, "picker")
    handheld.sync()
    take(handheld)
    handheld.sync()
    handheld.sync(pick(handheld, handheld.kind("line")[0]))
    expect(page.get_by_test_id("wall-Lines picked")).to_have_text("16 %")
    wall = page.get_by_test_id("wall")
    assert wall.locator("button, a, input, select, [tabindex]").count() == 0
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Wall screen")).to_be_visible()


def test_forty_late_orders_fit_a_wall_of_any_size_and_the_rest_is_counted(
    site: Site, devices: Devices
) -> None:
    ids = site.orders(40)
    for at, order in enumerate(ids):
        late_by(site, [order], 10 + at)
    page = devices(handheld=False).ready("supervisor")
    to_the_wall(page)
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator(".late .more")).to_be_visible()
        worst = scalar(site.store, "SELECT number FROM orders ORDER BY due_at LIMIT 1")
        first = page.locator(".late li").first
        expect(first).to_contain_text(str(worst))
        page.wait_for_timeout(0)
        assert page.evaluate(FITS), (width, height)
        shown = page.locator("[data-testid^=late-]").count()
        expect(page.locator(".late .more")).to_contain_text(f"{40 - shown} more")


def test_a_wall_without_news_says_so_and_is_live_again_by_itself(
    site: Site, devices: Devices
) -> None:
    site.orders(1)
    desk = devices(handheld=False)
    page = desk.ready("supervisor")
    to_the_wall(page)
    expect(page.locator(".wall.live")).to_be_visible()
    desk.offline(True)
    expect(page.get_by_role("alert")).to_contain_text("Not up to date")
    expect(page.locator(".wall.stale")).to_be_visible()
    desk.offline(False)
    expect(page.locator(".wall.live")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.fixture
def on_the_road(site: Site) -> Handheld:
    """Three stops on one van, and the driver who has left with it."""
    rules(
        site.store,
        vehicles=[{"name": "VAN-1", **shift_to_come()}],
        hours={"opens": "00:00", "closes": "00:00"},
    )
    packed_at(site.store, dict(list(DOORS.items())[:3]))
    accept(site.store, planned(site.store, "VAN-1")["id"])
    run = runs(site.store)[0]["id"]
    load_all(site.store, run)
    driver = hand(site.store, "driver")
    assert driver.say("pod.depart.v1", Depart(run=run, vehicle="VAN-1")) == APPLIED
    return driver


def test_a_van_moves_on_the_map_when_its_driver_arrives_and_on_the_way(
    site: Site, devices: Devices, on_the_road: Handheld
) -> None:
    page = devices(handheld=False).ready("supervisor")
    page.get_by_role("link", name="Runs", exact=True).click()
    fleet = page.get_by_test_id("fleet")
    expect(fleet.get_by_test_id("run-map")).to_be_visible()
    run = runs(site.store)[0]["id"]
    online = WireDevice(site.server, on_the_road, cookie_for(site.store, on_the_road.id))
    stops = table(site.store, "SELECT * FROM stop WHERE run = :r ORDER BY seq", r=run)
    online.sync(on_the_road.envelope("pod.arrive.v1", Arrive(stop=stops[0]["id"])))
    van = fleet.get_by_test_id(f"van-{run}")
    expect(van).to_be_visible()
    first = van.get_attribute("transform")
    expect(fleet.get_by_test_id("seen-1")).to_contain_text("ago")
    online.sync(on_the_road.envelope("pod.arrive.v1", Arrive(stop=stops[2]["id"])))
    expect(van).not_to_have_attribute("transform", str(first))
    (shown,) = on_board(site.store, "run").values()
    assert (shown["lat_e7"], shown["lon_e7"]) == (stops[2]["lat_e7"], stops[2]["lon_e7"])

    second = van.get_attribute("transform")
    driver = devices().ready("driver")
    driver.evaluate("run => { location.hash = `/driver/run/${run}`; }", run)
    expect(van).not_to_have_attribute("transform", str(second))
    there = {row["lat_e7"] for row in on_board(site.store, "presence").values()}
    assert round(HERE["latitude"] * 1e7) in there
