"""The desks see the floor at once, and what they decide reaches the floor."""

import time
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, expect

from server.pod.ops import Arrive
from server.store.tx import Tx
from tests.e2e.conftest import Device, Site, scan
from tests.floor_site import SITE, order, scalar
from tests.floor_work import evidence, to_the_van
from tests.serving import WireDevice, cookie_for
from tests.sync.wire import device, pick, take

ONE_SECOND_MS = 1_000
STAMP = """selector => { const at = document.querySelector(selector);
  window.changedAt = new Promise(done =>
    new MutationObserver(() => done(Date.now())).observe(at,
      {childList: true, characterData: true, subtree: true})); }"""


def open_view(page: Page, path: str) -> None:
    page.evaluate("path => { location.hash = path; }", path)


def test_a_pick_is_on_the_board_within_a_second(site: Site, devices: Callable[..., Device]) -> None:
    order_id = site.orders(1)[0]
    number = scalar(site.store, "SELECT number FROM orders WHERE id = :o", o=order_id)
    board = devices(handheld=False).ready("supervisor")
    handheld = device(site.store, site.server, "picker")
    handheld.sync()
    take(handheld)
    handheld.sync()
    picked = f"picked-{number}"
    expect(board.get_by_test_id(picked)).to_have_text("0 / 3")
    board.evaluate(STAMP, f"[data-testid='{picked}']")
    sent = time.time() * 1000
    handheld.sync(pick(handheld, handheld.kind("line")[0]))
    seen = board.evaluate("window.changedAt")
    expect(board.get_by_test_id(picked)).to_have_text("1 / 3")
    assert seen - sent < ONE_SECOND_MS


def show_person(who: str, tx: Tx) -> None:
    tx.touch(SITE, "person", who)


def test_a_task_that_is_given_to_somebody_else_moves_at_both_desks_and_on_the_handheld(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.orders(1)
    staff = ("picker", "picker2")
    for who in staff:
        site.store.run_sync(partial(show_person, who))
    first, second = devices(handheld=False), devices(handheld=False)
    mine, theirs = first.ready("supervisor"), second.ready("supervisor")
    handheld = device(site.store, site.server, "picker")
    handheld.sync()
    take(handheld)
    title = scalar(site.store, "SELECT title FROM task")
    holder = f"Who does {title}"
    for page in (mine, theirs):
        open_view(page, "/supervisor/tasks")
        expect(page.get_by_role("combobox", name=holder)).to_have_value("picker")
    mine.get_by_role("combobox", name=holder).select_option("picker2")
    mine.get_by_role("button", name=f"Assign {title}").press("Enter")
    seen = theirs.get_by_role("combobox", name=holder)
    expect(seen).to_have_value("picker2", timeout=ONE_SECOND_MS)
    handheld.sync()
    assert handheld.kind("task") == []


def test_an_order_is_found_by_its_parcel_and_its_story_grows_by_itself(
    site: Site, devices: Callable[..., Device]
) -> None:
    order_id = order(site.store, "R-1", MUG=2)
    driver, stop = to_the_van(site.store, order_id)
    parcel = scalar(site.store, "SELECT number FROM parcel WHERE order_id = :o", o=order_id)
    desk = devices(handheld=False).ready("service")
    scan(desk, str(parcel))
    expect(desk.get_by_text("Picked: 2 × MUG from A01-1-1")).to_be_visible()
    expect(desk.get_by_text(f"Parcel {parcel} loaded")).to_be_visible()
    online = WireDevice(site.server, driver, cookie_for(site.store, driver.id))
    online.sync(driver.envelope("pod.arrive.v1", Arrive(stop=stop["id"])))
    expect(desk.get_by_text("Driver arrived")).to_be_visible()
    online.sync(driver.envelope("pod.deliver.v1", evidence(driver, stop, "full")))
    expect(desk.get_by_text("Delivered in full: 2 of 2 pieces")).to_be_visible()
    expect(desk.get_by_text("Unchanged since it was signed")).to_be_visible()
    expect(desk.get_by_text("Recorded", exact=True)).to_be_visible()
    expect(desk.get_by_text("Evidence still to come")).to_be_visible()
