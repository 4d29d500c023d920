"""A lot on hold, cases, and a tote that is full, on the real screens; most of it off-line."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.catalog.ops import PutItem
from server.catalog.packs import PutPacks
from server.inventory.ops import ReceiveStock
from tests.e2e.conftest import Device, Site, scan
from tests.e2e.test_bench_and_walk import MUG, take_next, type_digits
from tests.e2e.test_shelf import shot
from tests.floor_site import good, order, release_wave, scalar, system, table
from tests.floor_work import assert_stock_adds_up

Devices = Callable[..., Device]
TEA, CASE = "05012345678900", "15012345678907"


def tea(site: Site) -> None:
    """Two lots in two bins; a case holds twelve."""
    item = PutItem(sku="TEA", name="Green tea 茶", codes=[TEA], tracks_lot=True)
    good(system(site.store, "catalog.put_item.v1", item))
    good(system(site.store, "catalog.put_packs.v1", PutPacks(sku="TEA", packs={CASE: 12})))
    for bin_code, lot, expiry in (("A02-2-1", "B7", "2090-01-01"), ("A01-1-1", "B8", "2091-01-01")):
        got = ReceiveStock(bin=bin_code, sku="TEA", qty=40, lot=lot, expiry=expiry)
        good(system(site.store, "inventory.receive_stock.v1", got))


def sent(page: Page) -> None:
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("finish")).to_be_hidden()
    expect(page.get_by_text("All sent")).to_be_visible()


def test_a_lot_that_the_desk_holds_stops_at_the_shelf_and_another_is_fetched(
    site: Site, devices: Devices
) -> None:
    tea(site)
    order(site.store, "H-1", TEA=2)
    good(release_wave(site.store))
    page = devices().ready("picker")
    take_next(page)
    expect(page.get_by_test_id("where")).to_contain_text("A02-2-1")
    desk = devices(handheld=False).ready("supervisor")
    desk.evaluate("location.hash = '/stock'")
    desk.get_by_role("button", name="Places of Green tea 茶").click()
    desk.get_by_role("button", name="Hold lot B7 of Green tea 茶").click()
    desk.get_by_label("Reason").fill("Recall 7")
    shot(desk, "hold-1-dialog")
    desk.get_by_role("dialog").get_by_role("button", name="Hold lot").click()
    expect(desk.get_by_test_id("places")).to_contain_text("Recall 7")
    shot(desk, "hold-2-stock")
    expect(page.get_by_text("On hold: Recall 7")).to_be_visible()
    shot(page, "hold-3-walk")
    scan(page, "L-A02-2-1")
    scan(page, f"]d201{TEA}10B7")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "lot_held")
    shot(page, "hold-4-stop")
    page.get_by_test_id("stop").get_by_role("button", name="Problem").click()
    expect(page.get_by_text("Lot is on hold", exact=True)).to_be_visible()
    shot(page, "hold-5-report")
    page.get_by_test_id("short-next").click()
    type_digits(page, "0")
    page.get_by_test_id("send-short").click()
    shot(page, "hold-6-cures")
    page.get_by_test_id("cure-A01-1-1B8").click()
    expect(page.get_by_test_id("where")).to_contain_text("A01-1-1")
    scan(page, "L-A01-1-1")
    scan(page, f"]d201{TEA}10B8")
    expect(page.get_by_test_id("quantity")).to_contain_text("1 / 2")
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "2")
    sent(page)
    assert scalar(site.store, "SELECT qty FROM stock WHERE lot = 'B7'") == 40
    assert scalar(site.store, "SELECT state FROM orders") == "picked"
    desk.get_by_role("button", name="Let go of lot B7 of Green tea 茶").click()
    expect(desk.get_by_role("button", name="Hold lot B7 of Green tea 茶")).to_be_visible()
    assert scalar(site.store, "SELECT held FROM lot WHERE lot = 'B7'") == ""
    assert_stock_adds_up(site.store)


def test_a_case_counts_its_pieces_and_one_too_large_stops(site: Site, devices: Devices) -> None:
    tea(site)
    order(site.store, "K-1", TEA=14)
    good(release_wave(site.store))
    page = devices().ready("picker")
    take_next(page)
    expect(page.get_by_text("1 pack of 12 and 2 single")).to_be_visible()
    scan(page, "L-A02-2-1")
    scan(page, f"]d201{CASE}10B7")
    expect(page.get_by_test_id("quantity")).to_contain_text("12 / 14")
    shot(page, "pack-1-counted")
    page.wait_for_timeout(350)  # the same code sooner is the same pull of the trigger
    scan(page, f"]d201{CASE}10B7")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "pack_too_large")
    shot(page, "pack-2-stop")
    scan(page, TEA[1:])
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "14")
    sent(page)
    assert scalar(site.store, "SELECT picked FROM order_line") == 14


def two_of_three_fit(page: Page) -> None:
    """The third goes into another tote."""
    page.get_by_test_id("type-quantity").click()
    type_digits(page, "3")
    page.get_by_test_id("tote-full").click()
    shot(page, "tote-1-how-many")
    type_digits(page, "2")
    shot(page, "tote-2-other")
    scan(page, "T-109")


def test_a_full_tote_is_followed_by_another_off_line_and_a_short_one_is_put_into_its_own(
    site: Site, devices: Devices
) -> None:
    made = [order(site.store, "W-1", MUG=3, TEE=2), order(site.store, "W-2", MUG=1)]
    good(release_wave(site.store, mode="cluster"))
    device = devices()
    page = device.ready("picker")
    take_next(page)
    first = table(site.store, "SELECT slot, order_id FROM pick_tote ORDER BY slot")
    for tote in first:
        expect(page.get_by_test_id("slot")).to_contain_text(f"Slot {tote['slot']}")
        scan(page, f"T-10{tote['slot']}")
    expect(page.get_by_test_id("where")).to_be_visible()
    device.offline(True)
    mugs = "SELECT slot, qty FROM pick_line WHERE sku = 'MUG' ORDER BY no"
    slots = [
        scalar(site.store, "SELECT slot FROM pick_tote WHERE order_id = :o", o=o) for o in made
    ]
    scan(page, "L-A01-1-1")
    expect(page.get_by_test_id("what")).to_be_visible()
    for line in table(site.store, mugs):
        scan(page, MUG)
        if line["qty"] == 3:
            two_of_three_fit(page)
        else:
            expect(page.get_by_test_id("slot")).to_be_visible()
            shot(page, "tote-0-put")
            scan(page, f"T-10{line['slot']}")
        page.wait_for_timeout(350)
    expect(page.get_by_test_id("where")).to_contain_text("A01-2-1")
    page.get_by_test_id("problem").click()
    page.get_by_text("Too few, or none", exact=True).click()
    page.get_by_test_id("short-next").click()
    type_digits(page, "1")
    expect(page.get_by_test_id("slot")).to_contain_text("tote 109")
    shot(page, "tote-3-short")
    scan(page, "T-101")
    expect(page.get_by_test_id("stop")).to_have_attribute("data-why", "other_tote")
    scan(page, "T-109")
    page.get_by_test_id("send-short").click()
    expect(page.get_by_test_id("finish")).to_be_visible()
    shot(page, "tote-4-summary")
    device.offline(False)
    sent(page)
    held = table(
        site.store,
        "SELECT t.code, SUM(p.picked) AS n FROM pick_line p JOIN pick_tote t"
        " ON t.task = p.task AND t.slot = p.slot GROUP BY t.code ORDER BY t.code",
    )
    three, one = (f"10{slot}" for slot in slots)
    assert {(r["code"], int(r["n"])) for r in held} == {(three, 2), (one, 1), ("109", 2)}
    said = table(site.store, "SELECT body FROM op WHERE kind = 'picking.report_short'")
    assert '"tote":"109"' in said[0]["body"]
    assert {r["outcome"] for r in table(site.store, "SELECT outcome FROM op")} == {"applied"}
    assert_stock_adds_up(site.store)
