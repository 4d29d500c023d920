"""The link fails while a picker scans: nothing that beeped is lost, doubled or out of order."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import sabotage
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    COME_BACK,
    Line,
    all_sent,
    assert_at_rest,
    assert_picked_once,
    begin,
    pick,
    pick_all,
    red,
    scan_line,
    take_next,
    twin,
    wait_until,
    went_red,
)
from tests.e2e.proxy import FINE, Proxy, Weather
from tests.floor_site import scalar

pytestmark = pytest.mark.faults
NO_LINK = Weather(refuse=True, up=False, down=False)


class Flapping:
    """The link goes and comes as long as the block lasts."""

    def __init__(self, proxy: Proxy, period_s: float) -> None:
        self.proxy = proxy
        self.period_s = period_s
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        while not self.stop.wait(self.period_s):
            self.proxy.cut()
            self.proxy.set(NO_LINK)
            self.stop.wait(self.period_s)
            self.proxy.set(FINE)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()
        self.proxy.set(FINE)


def shift_on_a_bad_link(
    site: Site, page: Page, lines: list[Line], zone_s: float, patience_s: float = 60
) -> None:
    """A third while the link flaps, a third in a zone where it is dead but looks open, the rest
    with a link for new connections only."""
    third = len(lines) // 3
    with Flapping(site.proxy, 0.2):
        pick_all(page, lines[:third])
    all_sent(page)
    zone(site, page, lines[third:], zone_s, patience_s)
    assert_picked_once(site, lines)
    assert_at_rest(site, page)


def zone(
    site: Site, page: Page, lines: list[Line], zone_s: float = 0, patience_s: float = 25
) -> None:
    """The first half in it, the rest behind it."""
    half = len(lines) // 2
    site.proxy.mute()
    site.proxy.set(NO_LINK)
    pick_all(page, lines[:half])
    page.wait_for_timeout(zone_s * 1_000)
    site.proxy.set(FINE)
    pick_all(page, lines[half:])
    all_sent(page, patience_s)


def test_dead_zones_and_a_flapping_link_lose_double_and_disorder_nothing(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.long_order(31)
    page = begin(devices())
    take_next(page)
    shift_on_a_bad_link(site, page, site.walk()[:30], zone_s=2)


@twin
def test_without_a_limit_to_silence_a_dead_zone_never_ends(
    site: Site, devices: Callable[..., Device]
) -> None:
    """Three zones: one that finds no connection open is over as soon as it ends."""
    site.long_order(19)
    device = devices()
    device.take_out(sabotage.PATIENT_FOR_EVER)
    page = begin(device)
    take_next(page)
    lines = site.walk()[:18]
    with Flapping(site.proxy, 0.2):
        pick_all(page, lines[:3])
    all_sent(page)
    assert any(went_red(partial(zone, site, page, lines[at : at + 5])) for at in (3, 8, 13))


@pytest.mark.soak
def test_a_hundred_lines_through_ten_seconds_of_dead_zone(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.long_order(101)
    page = begin(devices())
    take_next(page)
    shift_on_a_bad_link(site, page, site.walk()[:100], zone_s=10)


def has_picks(site: Site, count: int) -> bool:
    picks = "SELECT COUNT(*) FROM op WHERE kind = 'picking.confirm_pick'"
    return bool(scalar(site.store, picks) >= count)


def lose_answers(site: Site, page: Page, lines: list[Line], patience_s: float = 60) -> None:
    """Each operation is committed; its answer is swallowed and the link cut; it is sent again."""
    for i, line in enumerate(lines):
        site.proxy.set(Weather(swallow=True))
        pick(page, line)
        wait_until(page, partial(has_picks, site, i + 1), "the operation is committed")
        expect(page.get_by_text("1 unsent")).to_be_visible()
        site.proxy.cut()
        site.proxy.set(FINE)
        expect(page.get_by_text("Offline")).to_be_visible()
        page.evaluate(COME_BACK)
        all_sent(page, patience_s)
    assert_picked_once(site, lines)
    assert_at_rest(site, page)


def test_an_answer_lost_after_the_commit_twenty_times_doubles_nothing(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.long_order(21)
    page = begin(devices())
    take_next(page)
    lose_answers(site, page, site.walk()[:20])


@twin
def test_a_server_that_forgets_what_it_took_doubles(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.server.stop()
    site.server.program = ("tests.e2e.sabotage", "dedupe")
    site.server.start()
    site.long_order(3)
    page = begin(devices())
    take_next(page)
    assert went_red(lambda: lose_answers(site, page, site.walk()[:2], patience_s=10))


def typed_ahead(site: Site, device: Device) -> None:
    """Six times slower than this machine; the scanner never waits for the screen."""
    site.long_order(13)
    page = begin(device)
    take_next(page)
    lines = site.walk()[:12]
    assert device.context is not None
    slow = device.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    for line in lines:
        scan_line(page, line)
    expect(page.get_by_text("12 / 13")).to_be_visible()
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    all_sent(page)
    assert_picked_once(site, lines)
    assert_at_rest(site, page)


def test_a_slow_handheld_misses_no_scan_that_is_typed_ahead(
    site: Site, devices: Callable[..., Device]
) -> None:
    typed_ahead(site, devices())


@twin
def test_an_app_that_is_deaf_while_it_saves_misses_scans(
    site: Site, devices: Callable[..., Device]
) -> None:
    device = devices()
    device.take_out(sabotage.DEAF_WHILE_SAVING)
    with red("12 / 13|what was beeped moved stock once"):
        typed_ahead(site, device)
