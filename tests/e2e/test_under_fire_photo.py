"""A photo on a slow link that breaks: it goes on where it stopped, whoever sends it on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    assert_at_rest,
    begin,
    disk,
    make_photo,
    report_short,
    take_next,
    wait_until,
    went_red,
)
from tests.e2e.proxy import FINE, Weather
from tests.floor_site import table

pytestmark = pytest.mark.faults
SLOW = Weather(bytes_per_s=300_000)
OVERHEAD = 1.15
CUTS = 6


def is_sent(page: Page) -> bool:
    return [blob["state"] for blob in disk(page).blobs] == ["sent"]


def take_photo(site: Site, page: Page, folder: Path) -> int:
    """Report a line short with a photo while nothing gets through; the photo's size in bytes."""
    site.proxy.set(Weather(up=False))
    report_short(page, site.walk()[0], make_photo(folder, 1600, 1200))
    size = int(disk(page).blobs[0]["size"])
    assert 1_000_000 < size < 1_500_000
    return size


def photo_on_a_breaking_link(site: Site, page: Page, folder: Path) -> None:
    size = take_photo(site, page, folder)
    before = site.proxy.sent
    apart = size // (CUTS + 1)
    site.proxy.cut_at([before + apart * (i + 1) for i in range(CUTS)])
    site.proxy.set(SLOW)
    wait_until(page, lambda: is_sent(page), "the photo is at the server", seconds=90)
    assert site.proxy.cuts_left == 0
    assert site.proxy.sent - before <= OVERHEAD * size
    assert table(site.store, "SELECT state, size FROM blob") == [
        {"state": "complete", "size": size}
    ]
    assert_at_rest(site, page)


def test_a_photo_over_a_slow_link_with_six_cuts_is_sent_about_once(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.orders(1)
    page = begin(devices())
    take_next(page)
    photo_on_a_breaking_link(site, page, tmp_path)


def test_a_server_that_forgets_parts_has_the_photo_sent_again_and_again(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.server.stop()
    site.server.program = ("tests.e2e.sabotage", "resume")
    site.server.start()
    site.orders(1)
    page = begin(devices())
    take_next(page)
    assert went_red(lambda: photo_on_a_breaking_link(site, page, tmp_path))


def test_a_tab_closed_in_mid_upload_leaves_the_rest_to_the_tab_that_waits(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.orders(1)
    device = devices()
    first = begin(device)
    take_next(first)
    assert device.context is not None
    second = device.context.new_page()
    second.on("pageerror", lambda error: device.errors.append(str(error)))
    second.goto(device.url)
    expect(second.get_by_role("heading", name="open in another tab")).to_be_visible()
    size = take_photo(site, first, tmp_path)
    before = site.proxy.sent
    site.proxy.set(SLOW)
    wait_until(first, lambda: site.proxy.sent > before + size // 2, "half the photo is on its way")
    first.close()
    wait_until(second, lambda: is_sent(second), "the photo is at the server", seconds=60)
    site.proxy.set(FINE)
    assert site.proxy.sent - before <= OVERHEAD * size
    expect(second.get_by_test_id("continue")).to_be_visible()
    assert_at_rest(site, second)
