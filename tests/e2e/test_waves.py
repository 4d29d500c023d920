"""A wave from the supervisor's decision to the totes on a picker's cart, on the real screens."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site, scan
from tests.e2e.fire import wait_until
from tests.floor_site import ITEMS, order, scalar, table

Devices = Callable[..., Device]
TWICE_MS = 400
"""Sooner than that the same code counts once."""
MUG, TEE = (ITEMS[sku][1:] for sku in ("MUG", "TEE"))


def release_as(page: Page, mode: str) -> None:
    """Plan a wave on the board, look at its modes, and release it as this one."""
    page.get_by_role("button", name="Release wave").click()
    page.get_by_role("button", name="Plan", exact=True).click()
    decision = page.get_by_test_id("wave-1")
    expect(decision).to_have_attribute("data-state", "proposed")
    for shown in ("single", "cluster", "batch"):
        expect(page.get_by_test_id(f"mode-{shown}")).to_be_visible()
    page.get_by_test_id(f"mode-{mode}").check()
    page.get_by_test_id("release-wave").click()
    expect(decision).to_have_attribute("data-state", "released")


def take_cart(page: Page) -> None:
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("take-next")).to_be_hidden()


def test_a_cluster_is_planned_by_the_server_released_and_put_into_its_totes(
    site: Site, devices: Devices
) -> None:
    made = [order(site.store, "W-1", MUG=1), order(site.store, "W-2", MUG=1)]
    desk = devices(handheld=False).ready("supervisor")
    release_as(desk, "cluster")
    picker = devices().ready("picker")
    take_cart(picker)
    expect(picker.get_by_test_id("slot")).to_contain_text("Slot 1")
    scan(picker, "L-A01-1-1")
    expect(picker.get_by_test_id("stop")).to_have_attribute("data-why", "not_a_tote")
    scan(picker, "T-101")
    expect(picker.get_by_test_id("slot")).to_contain_text("Slot 2")
    picker.wait_for_timeout(TWICE_MS)
    scan(picker, "T-101")
    expect(picker.get_by_test_id("stop")).to_have_attribute("data-why", "tote_taken")
    scan(picker, "T-102")
    expect(picker.get_by_test_id("where")).to_contain_text("A01-1-1")
    scan(picker, "L-A01-1-1")
    for slot in (1, 2):
        scan(picker, MUG)
        expect(picker.get_by_test_id("slot")).to_contain_text(f"Slot {slot}")
        scan(picker, f"T-10{3 - slot}")
        expect(picker.get_by_test_id("stop")).to_have_attribute("data-why", "other_tote")
        scan(picker, f"T-10{slot}")
    picker.get_by_test_id("finish").click()
    expect(picker.get_by_test_id("finish")).to_be_hidden()
    expect(picker.get_by_text("All sent")).to_be_visible()
    states = {scalar(site.store, "SELECT state FROM orders WHERE id = :o", o=o) for o in made}
    assert states == {"picked"}
    held = table(site.store, "SELECT qty FROM stock WHERE bin LIKE 'TOTE/%/_' AND qty > 0")
    assert [h["qty"] for h in held] == [1, 1]


TOTE_OF_TEE = (
    "SELECT t.code FROM pick_line p JOIN pick_tote t ON t.task = p.task AND t.order_id = p.order_id"
    " WHERE p.sku = 'TEE'"
)


def test_a_batch_is_picked_in_one_grip_and_sorted_afterwards(site: Site, devices: Devices) -> None:
    order(site.store, "W-1", MUG=1, TEE=1)
    order(site.store, "W-2", MUG=1)
    desk = devices(handheld=False).ready("supervisor")
    release_as(desk, "batch")
    picker = devices().ready("picker")
    take_cart(picker)
    scan(picker, "L-A01-1-1")
    scan(picker, MUG)
    expect(picker.get_by_test_id("quantity")).to_contain_text("1 / 2")
    picker.wait_for_timeout(TWICE_MS)
    for code in (MUG, "L-A01-2-1", TEE):
        scan(picker, code)
    expect(picker.get_by_text("Scan an item to sort")).to_be_visible()
    for item, tote in ((MUG, "T-1"), (MUG, "T-2")):
        picker.wait_for_timeout(TWICE_MS)
        scan(picker, item)
        expect(picker.get_by_test_id("slot")).to_be_visible()
        scan(picker, tote)
        expect(picker.get_by_test_id("slot")).to_be_hidden()
    scan(picker, TEE)
    expect(picker.get_by_test_id("slot")).to_be_visible()
    expect(picker.get_by_text("All sent")).to_be_visible()
    wait_until(picker, lambda: bool(scalar(site.store, TOTE_OF_TEE)), "tote of the TEE's order")
    mine = scalar(site.store, TOTE_OF_TEE)
    scan(picker, "T-2" if mine == "1" else "T-1")
    expect(picker.get_by_test_id("stop")).to_have_attribute("data-why", "other_tote")
    scan(picker, f"T-{mine}")
    picker.get_by_test_id("finish").click()
    expect(picker.get_by_test_id("finish")).to_be_hidden()
    expect(picker.get_by_text("All sent")).to_be_visible()
    assert scalar(site.store, "SELECT count(*) FROM pick_line WHERE sorted") == 3
