"""A shift of 2,000 operations comes back by a poor link: the work first, the photos after it."""

from collections.abc import Callable

import pytest

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import serve_without, twin
from tests.e2e.shift import Return, comes_back, worked_off_line
from tests.floor_site import table

pytestmark = pytest.mark.faults
OPERATIONS, PHOTOS, SOAK_PHOTOS = 2_000, 10, 200
OVERHEAD = 1.15


def assert_work_went_ahead(site: Site, back: Return, photos: int) -> None:
    assert back.photos_then == 0
    assert back.sent <= OVERHEAD * back.to_come
    outcomes = table(
        site.store,
        "SELECT kind, outcome, COUNT(*) AS n FROM op WHERE id LIKE 'shift-%'"
        " GROUP BY kind, outcome ORDER BY kind",
    )
    assert [(r["kind"], r["outcome"], r["n"]) for r in outcomes] == [
        ("picking.confirm_pick", "applied", OPERATIONS - photos),
        ("picking.report_short", "applied", photos),
    ]


def shift(site: Site, device: Device, photos: int) -> Return:
    return comes_back(worked_off_line(site, device, OPERATIONS, photos), device.url)


def test_a_shift_on_a_poor_link_comes_in_ahead_of_its_photos(
    site: Site, devices: Callable[..., Device]
) -> None:
    assert_work_went_ahead(site, shift(site, devices(), PHOTOS), PHOTOS)


@twin
def test_a_server_that_forgets_parts_of_photos_wastes_the_link(
    site: Site, devices: Callable[..., Device]
) -> None:
    serve_without(site, "resume")
    with pytest.raises(AssertionError, match=r"not come in|<="):
        assert_work_went_ahead(site, shift(site, devices(), PHOTOS), PHOTOS)


@pytest.mark.soak
def test_a_shift_with_two_hundred_photos_comes_in_ahead_of_them(
    site: Site, devices: Callable[..., Device]
) -> None:
    assert_work_went_ahead(site, shift(site, devices(), SOAK_PHOTOS), SOAK_PHOTOS)
