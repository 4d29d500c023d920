"""Putaway, counts and pieces with numbers, on a real handheld; most of it without a network."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.catalog.ops import PutItem
from server.counting.ops import PlanCounts
from server.inventory.ops import PutBin, ReceiveStock
from tests.e2e.conftest import Device, Site, scan
from tests.floor_site import ITEMS, good, order, release_wave, scalar, system, table
from tests.floor_work import assert_stock_adds_up

Devices = Callable[..., Device]
MUG = ITEMS["MUG"][1:]
CLOCK = "05012345678900"


def type_digits(page: Page, digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name=digit, exact=True).click()
    page.locator(".keypad button[type=submit]").click()


def open_task(page: Page, site: Site, kind: str) -> None:
    title = scalar(site.store, "SELECT title FROM task WHERE kind = :k", k=kind)
    page.get_by_test_id(f"task-{title}").click()


def scan_again(page: Page, text: str) -> None:
    """The same code within 300 ms counts once."""
    page.wait_for_timeout(400)
    scan(page, text)


def finish(device: Device, page: Page) -> None:
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("finish")).to_be_hidden()
    device.offline(False)
    expect(page.get_by_text("All sent")).to_be_visible()


def test_goods_are_put_away_without_a_network_also_where_nobody_proposed(
    site: Site, devices: Devices
) -> None:
    good(system(site.store, "inventory.put_bin.v1", PutBin(code="DOCK", kind="stage")))
    got = ReceiveStock(bin="DOCK", sku="MUG", qty=5)
    good(system(site.store, "inventory.receive_stock.v1", got))
    device = devices()
    page = device.ready("picker")
    open_task(page, site, "putaway")
    expect(page.get_by_test_id("from")).to_be_visible()
    device.offline(True)
    scan(page, "L-A01-1-1")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "from")
    scan(page, "L-DOCK")
    scan(page, MUG)
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "3")
    expect(page.get_by_test_id("to")).to_contain_text("A01-1-1")
    scan(page, "L-A02-2-1")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "other_place")
    scan_again(page, "L-A02-2-1")
    expect(page.get_by_test_id("stop")).to_be_hidden()
    scan(page, "L-DOCK")
    scan(page, MUG)
    scan_again(page, MUG)
    scan(page, "L-A01-1-1")
    finish(device, page)
    where = "SELECT bin, qty FROM stock WHERE sku = 'MUG' AND qty <> 0 ORDER BY bin"
    assert table(site.store, where) == [
        {"bin": "A01-1-1", "qty": 52},
        {"bin": "A02-2-1", "qty": 3},
    ]
    assert scalar(site.store, "SELECT state FROM task WHERE kind = 'putaway'") == "done"
    assert_stock_adds_up(site.store)


def test_a_bin_is_counted_blind_and_what_else_lies_there_too(site: Site, devices: Devices) -> None:
    good(system(site.store, "counting.plan_counts.v1", PlanCounts(bins=["A01-1-1"])))
    device = devices()
    page = device.ready("picker")
    open_task(page, site, "count")
    expect(page.get_by_test_id("prompt")).to_be_visible()
    device.offline(True)
    scan(page, "L-A01-1-1")
    assert "50" not in page.locator("main").inner_text()
    scan(page, MUG)
    expect(page.get_by_test_id("what")).to_have_text("MUG")
    type_digits(page, "49")
    scan(page, ITEMS["LAMP"][1:])
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "not_listed")
    page.get_by_test_id("count-too").click()
    type_digits(page, "2")
    finish(device, page)
    assert scalar(site.store, "SELECT qty FROM stock WHERE bin = 'A01-1-1' AND sku = 'MUG'") == 49
    second = "SELECT sku FROM count_line WHERE first_count = 2 AND state = 'open'"
    assert scalar(site.store, second) == "LAMP"
    assert_stock_adds_up(site.store)


def test_each_piece_is_booked_with_its_number_and_no_number_twice(
    site: Site, devices: Devices
) -> None:
    item = PutItem(sku="CLOCK", name="Clock", codes=[CLOCK], tracks_serial=True)
    good(system(site.store, "catalog.put_item.v1", item))
    got = ReceiveStock(bin="A02-2-1", sku="CLOCK", qty=5)
    good(system(site.store, "inventory.receive_stock.v1", got))
    order(site.store, "R-1", CLOCK=2)
    good(release_wave(site.store))
    device = devices()
    page = device.ready("picker")
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("where")).to_be_visible()
    device.offline(True)
    scan(page, "L-A02-2-1")
    scan(page, f"]d201{CLOCK}21N1")
    scan_again(page, f"]d201{CLOCK}21N1")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "serial_repeated")
    scan(page, CLOCK[1:])
    expect(page.get_by_test_id("serial")).to_be_visible()
    scan(page, "N-2002")
    finish(device, page)
    taken = table(site.store, "SELECT serial FROM serial ORDER BY serial")
    assert [r["serial"] for r in taken] == ["N-2002", "N1"]
