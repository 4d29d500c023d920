"""A photo of 3 MB over 64 kB/s, with six cuts: the work it belongs to does not wait for it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import all_sent, disk, red, serve_without, twin, wait_until
from tests.e2e.proxy import Weather
from tests.e2e.test_driver import on_the_road, refuse, sign
from tests.floor_site import scalar, table

pytestmark = pytest.mark.faults
SLOW = Weather(bytes_per_s=64_000)
CUTS = 6
OVERHEAD = 1.15


def photo_of_3_mb(folder: Path) -> Path:
    """As a phone's camera makes it; the app redraws it before it is kept."""
    path = folder / "damage.jpg"
    Image.effect_noise((2800, 2100), 90).convert("RGB").save(path, quality=92)
    assert path.stat().st_size > 3_000_000
    return path


def refuse_at_the_door(page: Page, photo: Path) -> None:
    page.get_by_test_id("next-stop").click()
    page.get_by_test_id("arrive").click()
    refuse(page, photo)
    sign(page)
    page.get_by_test_id("next").click()
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_be_visible()


def open_story(desk: Page, order_id: str) -> None:
    desk.evaluate("id => { location.hash = `/service/order/${id}`; }", order_id)


def have(site: Site) -> int:
    """How much of the photo is at the server."""
    return int(
        scalar(site.store, "SELECT COALESCE(SUM(have), 0) FROM blob WHERE mime = 'image/jpeg'")
    )


def work_before_its_photo(site: Site, device: Device, service: Device, folder: Path) -> None:
    """`service` looks on over a link of its own."""
    desk = service.ready("service")
    page, (order_id, second) = on_the_road(site, device)
    all_sent(page)
    open_story(desk, order_id)
    site.proxy.set(SLOW)
    refuse_at_the_door(page, photo_of_3_mb(folder))
    size = next(int(b["size"]) for b in disk(page).blobs if b["use"] == "photo")
    assert size > 500_000
    expect(desk.get_by_text("Recorded", exact=True)).to_be_visible()
    expect(desk.get_by_text("Evidence still to come")).to_be_visible()
    expect(desk.get_by_text("Evidence complete")).to_be_hidden()
    assert have(site) < size, "the lines are there before the photo"
    before = site.proxy.sent
    site.proxy.cut_at([before + size // (CUTS + 2) * (i + 1) for i in range(CUTS)])
    page.get_by_test_id("onward").click()
    page.get_by_test_id("arrive").click()
    arrived = "SELECT COUNT(*) FROM op WHERE kind = 'pod.arrive'"
    wait_until(page, lambda: scalar(site.store, arrived) == 2, "the next stop goes on")
    assert have(site) < size, "work overtakes the photo"
    expect(desk.get_by_text("Evidence complete")).to_be_visible(timeout=90_000)
    expect(desk.get_by_text("Recorded", exact=True)).to_be_visible()
    assert site.proxy.cuts_left == 0
    assert site.proxy.sent - before <= OVERHEAD * size
    assert {b["state"] for b in table(site.store, "SELECT state FROM blob")} == {"complete"}
    assert scalar(site.store, "SELECT state FROM orders WHERE id = :o", o=second) != "refused"


def test_what_was_done_is_confirmed_and_shown_before_its_photo_has_come(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    work_before_its_photo(site, devices(), devices(handheld=False, direct=True), tmp_path)


@twin
def test_a_server_that_wants_the_photo_first_shows_nothing(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    serve_without(site, "evidence_later")
    with red("Recorded"):
        work_before_its_photo(site, devices(), devices(handheld=False, direct=True), tmp_path)
