"""The handheld's disk fails: full, cleared, shut. What is not kept is never beeped over."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e import sabotage
from tests.e2e.conftest import Device, Site, installed
from tests.e2e.fire import (
    all_sent,
    assert_at_rest,
    assert_picked_once,
    begin,
    pick,
    pick_all,
    picked,
    red,
    scan_line,
    take_next,
    twin,
)

pytestmark = pytest.mark.faults
FILL = """quota => new Promise(done => {
  const asked = indexedDB.open("filler", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("junk", {autoIncrement: true});
  asked.onsuccess = () => {
    const db = asked.result;
    const more = size => {
      if (size < 64) { db.close(); return done(true); }
      const junk = new Uint8Array(size);
      crypto.getRandomValues(junk);
      const tx = db.transaction("junk", "readwrite");
      tx.objectStore("junk").add(junk);
      tx.oncomplete = () => more(size);
      tx.onabort = () => more(size / 2 | 0);
    };
    more(32768);
  };
})"""
USAGE = "() => navigator.storage.estimate().then(estimate => estimate.usage)"


def cdp(device: Device, page: Page) -> CDPSession:
    assert device.context is not None
    return device.context.new_cdp_session(page)


def set_quota(session: CDPSession, origin: str, size: int) -> None:
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


def full_in_mid_walk(site: Site, device: Device) -> None:
    site.long_order(12)
    page = device.open()
    quota = cdp(device, page)
    # At once: the browser remembers for half a minute how much room there is.
    set_quota(quota, device.url, 12_000_000)
    device.enrol(page)
    device.sign_in(page, "picker")
    installed(page)
    take_next(page)
    lines = site.walk()
    pick(page, lines[0])
    all_sent(page)
    device.offline(True)
    page.evaluate(FILL)
    # What it remembers may be too much by now: exactly what is taken is all there is.
    set_quota(quota, device.url, page.evaluate(USAGE))
    pick(page, lines[1])  # into the reserve
    page.evaluate(FILL)
    before = picked(page)
    scan_line(page, lines[2])
    expect(page.get_by_role("alertdialog")).to_contain_text("NOT SAVED")
    assert picked(page) == before == 2
    set_quota(quota, device.url, 100_000_000)
    scan_line(page, lines[2])
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_test_id("where")).to_contain_text(lines[3]["bin"])
    device.offline(False)
    all_sent(page)
    assert_picked_once(site, lines[:3])
    assert_at_rest(site, page)


def test_a_full_disk_says_not_saved_and_beeps_nothing_that_is_not_kept(
    site: Site, devices: Callable[..., Device]
) -> None:
    full_in_mid_walk(site, devices())


@twin
def test_an_app_that_takes_every_write_for_done_beeps_over_a_full_disk(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.take_out(sabotage.FAILURE_IS_DONE)
    with red("alertdialog"):
        full_in_mid_walk(site, device)


def cleared_in_mid_walk(site: Site, device: Device) -> None:
    site.long_order(6)
    page = begin(device)
    take_next(page)
    lines = site.walk()
    device.offline(True)
    pick_all(page, lines[:2])
    cdp(device, page).send(
        "Storage.clearDataForOrigin", {"origin": device.url, "storageTypes": "indexeddb"}
    )
    scan_line(page, lines[2])
    expect(page.get_by_role("alertdialog")).to_contain_text("NOT SAVED")
    device.offline(False)
    expect(page.get_by_text("Online")).to_be_visible()
    page.wait_for_timeout(1_000)
    assert_picked_once(site, lines[:2])  # they were still in the tab's memory
    page.reload()
    expect(page.get_by_text("Storage was cleared")).to_be_visible()
    expect(page.get_by_text("Tell a supervisor which work was not sent.")).to_be_visible()


def test_storage_that_is_cleared_in_mid_shift_is_said_and_never_beeped_over(
    site: Site, devices: Callable[..., Device]
) -> None:
    cleared_in_mid_walk(site, devices())


@twin
def test_an_app_that_takes_an_empty_disk_for_a_new_one_beeps_over_what_was_lost(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.take_out(sabotage.NUMBERS_BEGIN_AGAIN)
    with red("alertdialog"):
        cleared_in_mid_walk(site, device)


def unopened_in_mid_walk(site: Site, device: Device) -> None:
    """The app starts while the browser cannot open its database, and once more when it can."""
    site.long_order(6)
    page = begin(device)
    take_next(page)
    lines = site.walk()
    device.offline(True)
    pick_all(page, lines[:3])
    page.evaluate("localStorage.setItem('broken', 'yes')")
    page.reload()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Restart the app. If it happens again, free some space")
    expect(page.get_by_role("heading")).to_contain_text("storage cannot be opened")
    expect(page.get_by_test_id("where")).to_be_hidden()
    device.offline(False)
    scan_line(page, lines[3])
    page.get_by_role("button", name="Try again").click()
    expect(told).to_contain_text("Restart the app")
    page.evaluate("localStorage.removeItem('broken')")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("where")).to_contain_text(lines[3]["bin"])
    all_sent(page)
    assert_picked_once(site, lines[:3])
    assert_at_rest(site, page)


def test_a_database_that_does_not_open_is_said_and_all_is_there_when_it_does(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.scripts.append(sabotage.STORAGE_IS_BROKEN)
    unopened_in_mid_walk(site, device)


@twin
def test_an_app_that_makes_a_broken_database_anew_loses_the_walk(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.scripts.append(sabotage.STORAGE_IS_BROKEN)
    device.take_out(sabotage.BROKEN_IS_NEW)
    with red("Restart the app"):
        unopened_in_mid_walk(site, device)
