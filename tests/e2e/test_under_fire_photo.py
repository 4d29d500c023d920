"""A photo on a slow link that breaks: it goes on where it stopped, whoever sends it on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import sabotage
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    assert_at_rest,
    begin,
    disk,
    make_photo,
    red,
    report_short,
    serve_without,
    take_next,
    twin,
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


@twin
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


def closed_in_mid_upload(site: Site, device: Device, folder: Path) -> None:
    site.orders(1)
    first = begin(device)
    take_next(first)
    assert device.context is not None
    second = device.context.new_page()
    second.on("pageerror", lambda error: device.errors.append(str(error)))
    second.goto(device.url)
    expect(second.get_by_role("heading", name="open in another tab")).to_be_visible()
    size = take_photo(site, first, folder)
    before = site.proxy.sent
    site.proxy.set(SLOW)
    wait_until(first, lambda: site.proxy.sent > before + size // 2, "half the photo is on its way")
    first.close()
    wait_until(second, lambda: is_sent(second), "the photo is at the server", seconds=60)
    site.proxy.set(FINE)
    assert site.proxy.sent - before <= OVERHEAD * size
    expect(second.get_by_test_id("continue")).to_be_visible()
    assert_at_rest(site, second)


def test_a_tab_closed_in_mid_upload_leaves_the_rest_to_the_tab_that_waits(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    closed_in_mid_upload(site, devices(), tmp_path)


@twin
def test_without_a_lock_the_second_tab_works_on_the_same_numbers(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    device = devices()
    device.take_out(sabotage.NO_LOCKS)
    with red("open in another tab"):
        closed_in_mid_upload(site, device, tmp_path)


def cut_after_each_piece(site: Site, page: Page, folder: Path, patience_s: float) -> None:
    """Each piece reaches the server whole, and its answer never comes."""
    site.proxy.set(Weather(up=False))
    report_short(page, site.walk()[0], make_photo(folder, 720, 540))
    size = int(disk(page).blobs[0]["size"])
    site.proxy.cut_after(b"PATCH /blobs/")
    site.proxy.set(FINE)
    wait_until(page, lambda: is_sent(page), "the photo is at the server", seconds=patience_s)
    site.proxy.cut_after(b"")
    assert site.proxy.cut_ends >= 4
    assert table(site.store, "SELECT state, size FROM blob") == [
        {"state": "complete", "size": size}
    ]
    assert_at_rest(site, page)


def test_a_photo_that_is_cut_off_at_the_end_of_each_piece_arrives(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.orders(1)
    page = begin(devices())
    take_next(page)
    cut_after_each_piece(site, page, tmp_path, patience_s=60)


@twin
def test_a_server_that_forgets_parts_never_has_a_photo_that_is_cut_at_each_piece(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    serve_without(site, "resume")
    site.orders(1)
    page = begin(devices())
    take_next(page)
    with red("not within"):
        cut_after_each_piece(site, page, tmp_path, patience_s=8)
