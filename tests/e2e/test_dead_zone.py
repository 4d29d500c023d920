"""The handheld may lose its network, its tab, its browser or its server at any moment; what was
beeped is kept, arrives once, and is on the supervisor's board."""

import threading
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site, installed, scan
from tests.e2e.proxy import FINE, Weather
from tests.floor_site import scalar, table

LINES = 22


def take_next(page: Page) -> None:
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("where")).to_be_visible()


def pick(page: Page, line: dict[str, str]) -> None:
    """Two scans: the place, the piece. One piece is confirmed at once."""
    expect(page.get_by_test_id("where")).to_contain_text(line["bin"])
    scan(page, f"L-{line['bin']}")
    expect(page.get_by_test_id("what")).to_be_visible()
    scan(page, line["code"][1:])


def report_short(page: Page, line: dict[str, str]) -> None:
    expect(page.get_by_test_id("where")).to_contain_text(line["bin"])
    page.get_by_test_id("problem").click()
    page.get_by_text("Too few, or none").click()
    page.get_by_test_id("short-next").click()
    page.get_by_role("button", name="0", exact=True).click()
    page.get_by_role("button", name="Next").click()
    page.get_by_test_id("send-short").click()


def all_sent(page: Page) -> None:
    expect(page.get_by_text("All sent")).to_be_visible(timeout=60_000)


def assert_all_arrived_once(site: Site, order: str) -> None:
    picks = table(site.store, "SELECT * FROM movement WHERE why = 'pick'")
    assert len(picks) == len({(m["sku"], m["from_bin"]) for m in picks}) == 20
    assert scalar(site.store, "SELECT COUNT(*) FROM pick_line WHERE state = 'short'") == 1
    ops = table(site.store, "SELECT device, n, outcome FROM op WHERE kind LIKE 'picking.c%'")
    assert {o["outcome"] for o in ops} == {"applied"}
    numbers = [o["n"] for o in table(site.store, "SELECT n FROM op WHERE person = 'picker'")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert scalar(site.store, "SELECT state FROM orders WHERE id = :o", o=order) == "picking"


def test_a_shift_in_a_dead_zone_loses_nothing_and_doubles_nothing(
    site: Site, devices: Callable[..., Device]
) -> None:
    order = site.long_order(LINES)
    number = scalar(site.store, "SELECT number FROM orders WHERE id = :o", o=order)
    hand, desk = devices(), devices(handheld=False, direct=True)
    board = desk.ready("supervisor")
    page = hand.ready("picker")
    installed(page)
    take_next(page)
    walk = site.walk()
    hand.offline(True)
    site.proxy.set(Weather(refuse=True))
    site.proxy.cut()
    for line in walk[:20]:
        pick(page, line)
    report_short(page, walk[20])
    expect(page.get_by_test_id("where")).to_contain_text(walk[21]["bin"])

    page.close()
    assert hand.context is not None
    page = hand.context.new_page()
    page.goto(hand.url)
    expect(page.get_by_text("21 unsent")).to_be_visible()
    hand.kill()

    page = hand.open()
    hand.offline(True)
    page.goto(hand.url)
    expect(page.get_by_text("21 unsent")).to_be_visible()
    page.get_by_test_id("continue").click()
    expect(page.get_by_text("21 / 22")).to_be_visible()
    expect(page.get_by_test_id("where")).to_contain_text(walk[21]["bin"])
    assert scalar(site.store, "SELECT COUNT(*) FROM op WHERE kind = 'picking.confirm_pick'") == 0

    site.proxy.set(FINE)
    hand.offline(False)
    all_sent(page)
    expect(board.get_by_test_id(f"picked-{number}")).to_contain_text("21")
    assert_all_arrived_once(site, order)


def test_a_server_killed_in_mid_push_loses_nothing_and_doubles_nothing(
    site: Site, devices: Callable[..., Device]
) -> None:
    order = site.long_order(LINES)
    hand = devices()
    page = hand.ready("picker")
    installed(page)
    take_next(page)
    walk = site.walk()
    stop = threading.Event()

    def keep_killing() -> None:
        while not stop.wait(1.5):
            site.server.kill()
            time.sleep(0.5)
            site.server.start()

    killer = threading.Thread(target=keep_killing)
    killer.start()
    try:
        for line in walk[:20]:
            pick(page, line)
        report_short(page, walk[20])
    finally:
        stop.set()
        killer.join()
    all_sent(page)
    expect(page.get_by_test_id("where")).to_contain_text(walk[21]["bin"])
    assert_all_arrived_once(site, order)
