"""What is wrong at the shelf, on a real handheld: off-line, with the rest of the line fetched
elsewhere on the remaining walk; undo; a hold that stops the picker with words."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from server.catalog.ops import PutSetting
from server.catalog.substitutes import PutSubstitutes
from server.inventory.ops import PutBin, ReceiveStock
from server.orders.hold import HoldOrder, ResumeOrder
from tests.e2e.conftest import Device, Site, scan
from tests.e2e.test_bench_and_walk import MUG, TEE, facts, take_next, type_digits
from tests.floor_site import Handheld, good, order, release_wave, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, pick_all, take

Devices = Callable[..., Device]


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def stock_more(site: Site) -> None:
    """The mugs lie in another bin too, bulk has more, and a lamp may go instead."""
    for code, kind, qty in (("A02-2-1", "pick", 20), ("BULK-1", "bulk", 90)):
        bin_op = PutBin(code=code, kind=kind, aisle=1, offset_dm=90)
        good(system(site.store, "inventory.put_bin.v1", bin_op))
        got = ReceiveStock(bin=code, sku="MUG", qty=qty)
        good(system(site.store, "inventory.receive_stock.v1", got))
    wanted = PutSubstitutes(sku="MUG", substitutes=["LAMP"])
    good(system(site.store, "catalog.put_substitutes.v1", wanted))


def mug_bin(site: Site) -> str:
    return str(scalar(site.store, "SELECT bin FROM pick_line WHERE sku = 'MUG'"))


def report(page: Page, reason: str, found: str) -> None:
    page.get_by_test_id("problem").click()
    page.get_by_text(reason, exact=True).click()
    shot(page, "1-reason")
    page.get_by_test_id("short-next").click()
    type_digits(page, found)
    page.get_by_test_id("send-short").click()


def test_a_short_line_is_fetched_elsewhere_without_the_network_and_may_be_undone(
    site: Site, devices: Devices
) -> None:
    stock_more(site)
    site.orders(1, lines=2)
    bin_code = mug_bin(site)
    other = "A02-2-1" if bin_code == "A01-1-1" else "A01-1-1"
    device = devices()
    page = device.ready("picker")
    take_next(page)
    device.offline(True)
    while page.get_by_test_id("where").first.inner_text().find(bin_code) < 0:
        page.get_by_test_id("skip").click()
    report(page, "Too few, or none", "1")
    shot(page, "2-cures")
    page.get_by_test_id(f"cure-{other}").click()
    shot(page, "3-walk")
    expect(page.get_by_test_id("undo")).to_be_enabled()
    page.get_by_test_id("undo").click()
    shot(page, "4-undo")
    page.get_by_test_id("undo-yes").click()
    expect(page.get_by_test_id("where")).to_contain_text(bin_code)
    report(page, "Too few, or none", "1")
    page.get_by_test_id(f"cure-{other}").click()
    expect(page.get_by_test_id("cure-none")).to_be_hidden()
    for _ in range(2):
        where = page.get_by_test_id("where").inner_text()
        is_mug = other in where
        scan(page, f"L-{other}" if is_mug else "L-A01-2-1")
        scan(page, MUG if is_mug else TEE)
    expect(page.get_by_test_id("finish")).to_be_visible()
    shot(page, "5-summary")
    device.offline(False)
    page.get_by_test_id("finish").click()
    expect(page.get_by_text("All sent")).to_be_visible()
    outcomes = {
        f["outcome"] for k in ("pick_elsewhere", "undo_pick") for f in facts(site, f"picking.{k}")
    }
    assert outcomes == {"applied"}
    assert scalar(site.store, "SELECT picked FROM order_line WHERE sku = 'MUG'") == 2
    assert scalar(site.store, "SELECT state FROM orders") == "picked"
    assert_stock_adds_up(site.store)


def test_a_hold_stops_the_picker_with_words_and_lets_them_go_on(
    site: Site, devices: Devices
) -> None:
    (made,) = site.orders(1)
    page = devices().ready("picker")
    take_next(page)
    expect(page.get_by_test_id("where")).to_be_visible()
    desk = Handheld(site.store, "supervisor")
    held = HoldOrder(order=made, reason="Payment failed")
    assert desk.say("orders.hold_order.v1", held) == APPLIED
    expect(page.get_by_test_id("stopped")).to_contain_text("Payment failed")
    shot(page, "6-stopped")
    assert desk.say("orders.resume_order.v1", ResumeOrder(order=made)) == APPLIED
    expect(page.get_by_test_id("where")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("Break", exact=True).click()
    shot(page, "7-pause")
    page.get_by_test_id("pause-yes").click()
    expect(page.get_by_test_id("parked")).to_contain_text("Break")
    shot(page, "8-parked")
    assert table(site.store, "SELECT paused FROM task WHERE kind = 'pick'") == [{"paused": "Break"}]
    page.get_by_test_id("resume").click()
    expect(page.get_by_test_id("where")).to_be_visible()


def test_a_bin_that_should_be_empty_is_asked_for(site: Site, devices: Devices) -> None:
    order(site.store, "ALL", LAMP=30)
    good(release_wave(site.store))
    page = devices().ready("picker")
    take_next(page)
    scan(page, "L-A02-1-1")
    scan(page, "5000112637922")
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "30")
    expect(page.get_by_test_id("zero-no")).to_be_visible()
    shot(page, "9-zero")
    page.get_by_test_id("zero-no").click()
    shot(page, "10-zero-how-many")
    type_digits(page, "4")
    expect(page.get_by_test_id("finish")).to_be_visible()
    page.get_by_test_id("finish").click()
    expect(page.get_by_text("All sent")).to_be_visible()
    assert scalar(site.store, "SELECT ref FROM task WHERE kind = 'count'") == "A02-1-1"


def test_somebody_else_counts_and_the_supervisor_sees_and_steers(
    site: Site, devices: Devices
) -> None:
    asks = PutSetting(key="second_check", value={"mode": "all"})
    good(system(site.store, "catalog.put_setting.v1", asks))
    site.orders(1, lines=1)
    picker = Handheld(site.store, "picker")
    pick_all(picker, take(picker, "pick"))
    page = devices().ready("packer")
    take_next(page)
    expect(page.get_by_test_id("prompt")).to_be_visible()
    shot(page, "11-check")
    scan(page, TEE)
    expect(page.get_by_text("Wrong item")).to_be_visible()
    scan(page, MUG)
    shot(page, "12-check-count")
    type_digits(page, "2")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("finish")).to_be_hidden()
    expect(page.get_by_text("All sent")).to_be_visible()
    assert scalar(site.store, "SELECT state FROM orders") == "picked"
    order(site.store, "SPLIT", MUG=1, TEE=1, LAMP=1)
    good(release_wave(site.store))
    other = Handheld(site.store, "picker2")
    task = take(other, "pick")
    desk = devices(handheld=False).ready("supervisor")
    desk.evaluate("location.hash = '/supervisor/tasks'")
    title = scalar(site.store, "SELECT title FROM task WHERE id = :t", t=task)
    desk.get_by_role("button", name=f"Split {title}").press("Enter")
    shot(desk, "13-split")
    desk.get_by_role("dialog").get_by_role("button", name="Split", exact=True).click()
    expect(desk.get_by_role("dialog")).to_be_hidden()
    desk.get_by_role("button", name=f"Hold order of {title}").first.click()
    desk.get_by_label("Reason").fill("Payment failed")
    desk.get_by_role("dialog").get_by_role("button", name="Hold order").click()
    expect(desk.get_by_text("On hold: Payment failed").first).to_be_visible()
    shot(desk, "14-tasks")
    count = "SELECT COUNT(*) FROM task WHERE kind = 'pick' AND stopped <> ''"
    assert scalar(site.store, count) == 2
