"""What did not go as meant reaches the worker's tray and the supervisor's desk, in words, with what
was scanned, and stays there until somebody settles it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from server.auth.people import COMMAND, do_revoke_person
from server.orders.ops import CancelOrder
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    COME_BACK,
    Line,
    all_sent,
    begin,
    disk,
    pick,
    pick_all,
    picked,
    red,
    serve_without,
    take_next,
    twin,
    wait_until,
)
from tests.floor_site import SITE, Handheld, scalar, table

pytestmark = pytest.mark.faults
Devices = Callable[..., Device]

ON_THE_DISK = """change => new Promise((done, fail) => {
  const asked = indexedDB.open("dockhand");
  asked.onsuccess = () => {
    const db = asked.result, tx = db.transaction(["meta", "ops"], "readwrite");
    const meta = tx.objectStore("meta"), ops = tx.objectStore("ops");
    if (change.drop) ops.delete(change.drop);
    if (change.spoil) ops.get(change.spoil).onsuccess = ({target}) => {
      const op = target.result;
      ops.put({...op, body: {...op.body, qty: -1}}, change.spoil);
    };
    tx.oncomplete = () => { db.close(); done(); };
    tx.onabort = () => fail(tx.error);
  };
})"""


def change_disk(page: Page, **change: int) -> None:
    """As no build of ours does: an operation is gone, or says what nobody can read. Then the app
    starts again on that disk."""
    page.evaluate(ON_THE_DISK, change)
    page.reload()
    expect(page.get_by_test_id("where").or_(page.get_by_test_id("continue"))).to_be_visible()


def off_line_on_a_walk(site: Site, device: Device) -> tuple[Page, list[Line]]:
    site.long_order(4)
    page = begin(device)
    take_next(page)
    all_sent(page)
    device.offline(True)
    expect(page.get_by_text("Offline").first).to_be_visible()
    return page, site.walk()


def open_problems(devices: Devices) -> Page:
    desk = devices(handheld=False).ready("supervisor")
    desk.evaluate("location.hash = '/supervisor/problems'")
    return desk


def expect_told(place: Locator, words: str, line: Line) -> None:
    """In words, and with what was scanned."""
    for text in (words, line["bin"], line["sku"]):
        expect(place).to_contain_text(text)


def expect_in_tray(page: Page, device: Device, n: int, words: str, line: Line) -> Locator:
    page.goto(f"{device.url}/#/floor/messages")
    message = page.get_by_test_id(f"message-{n}")
    expect_told(message, words, line)
    return message


def expect_on_desk(desk: Page, words: str, line: Line) -> Locator:
    card = desk.locator(".problem").filter(has_text=words)
    expect_told(card, words, line)
    return card


def settle(desk: Page, card: Locator) -> None:
    """It is there when the desk is opened anew, and goes when somebody says what became of it."""
    desk.reload()
    expect(card).to_be_visible()
    card.click()
    desk.get_by_role("button", name="Settle", exact=True).click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Looked at it together")
    dialog.get_by_role("button", name="Human slip").click()
    dialog.get_by_role("button", name="Settle", exact=True).click()
    expect(dialog).to_be_hidden()
    desk.go_back()
    expect(desk.get_by_role("heading", name="Problems")).to_be_visible()
    expect(card).to_be_hidden()


def settled_by_both(desk: Page, card: Locator, page: Page, message: Locator) -> None:
    page.reload()
    expect(message).to_be_visible()
    message.get_by_test_id("understood").click()
    expect(message).to_be_hidden()
    all_sent(page)
    expect(card).to_be_visible()
    settle(desk, card)


def last_n(page: Page) -> int:
    return disk(page).next_n - 1


def diverted(site: Site, devices: Devices) -> None:
    device, desk = devices(), open_problems(devices)
    page, lines = off_line_on_a_walk(site, device)
    cancel = CancelOrder(order=str(scalar(site.store, "SELECT id FROM orders")), reason="asked")
    said = Handheld(site.store, "supervisor").say("orders.cancel_order.v1", cancel)
    assert said == ("applied", None)
    pick(page, lines[0])
    n = last_n(page)
    device.offline(False)
    words = "This order was cancelled. Put the goods back."
    card = expect_on_desk(desk, words, lines[0])
    message = expect_in_tray(page, device, n, words, lines[0])
    settled_by_both(desk, card, page, message)


def test_diverted_is_told_to_both_until_it_is_settled(site: Site, devices: Devices) -> None:
    diverted(site, devices)


@twin
def test_a_server_without_words_leaves_the_desk_empty(site: Site, devices: Devices) -> None:
    serve_without(site, "words")
    with red("This order was cancelled"):
        diverted(site, devices)


def test_refused_as_unreadable_is_told_to_both_until_it_is_settled(
    site: Site, devices: Devices
) -> None:
    device, desk = devices(), open_problems(devices)
    page, lines = off_line_on_a_walk(site, device)
    pick(page, lines[0])
    n = last_n(page)
    change_disk(page, spoil=n)
    device.offline(False)
    words = "The server could not read this. It is kept; show it to a supervisor."
    card = expect_on_desk(desk, words, lines[0])
    message = expect_in_tray(page, device, n, words, lines[0])
    settled_by_both(desk, card, page, message)


def test_held_is_told_to_both_until_it_is_settled(site: Site, devices: Devices) -> None:
    serve_without(site, "broken_handler")
    site.long_order(4)
    device, desk = devices(), open_problems(devices)
    page = begin(device)
    take_next(page)
    line = site.walk()[0]
    pick(page, line)
    n = last_n(page)

    def is_held() -> bool:
        page.evaluate(COME_BACK)  # the device waits some seconds before each try
        return bool(scalar(site.store, "SELECT COUNT(*) FROM op WHERE outcome = 'held'"))

    wait_until(page, is_held, "the fifth try is the last")
    words = "The server could not work this out. It is kept, and support is told."
    card = expect_on_desk(desk, words, line)
    message = expect_in_tray(page, device, n, words, line)
    settled_by_both(desk, card, page, message)


def test_quarantined_is_told_to_both_until_it_is_settled(site: Site, devices: Devices) -> None:
    """Of whoever may no longer work here: the next person on the handheld finds it in the tray."""
    device, desk = devices(), open_problems(devices)
    page, lines = off_line_on_a_walk(site, device)
    site.store.run_sync(lambda tx: do_revoke_person(tx, SITE, "picker", COMMAND))
    page.wait_for_timeout(1_500)  # by what a frame takes to travel, work seems to be done earlier
    pick(page, lines[0])
    n = last_n(page)
    device.offline(False)
    words = "Made after access was taken away. A supervisor decides."
    card = expect_on_desk(desk, words, lines[0])
    device.sign_in(page, "picker2")
    message = expect_in_tray(page, device, n, words, lines[0])
    settled_by_both(desk, card, page, message)


def number_lost(site: Site, devices: Devices) -> None:
    device, desk = devices(), open_problems(devices)
    page, lines = off_line_on_a_walk(site, device)
    pick_all(page, lines[:3])
    n = last_n(page)
    change_disk(page, drop=n - 1)
    device.offline(False)
    words = "Actions of a handheld never arrived; what follows waits. A supervisor looks"
    card = expect_on_desk(desk, words, lines[2])
    expect(card).to_contain_text("Kept for support")
    card.click()
    for text in ("Missing", str(n - 1), "Device", "Handheld"):
        expect(desk.locator(".case")).to_contain_text(text)
    desk.go_back()
    expect_in_tray(page, device, n, words, lines[2])
    settle(desk, card)
    expect(page.get_by_text("1 unsent")).to_be_visible()
    taken: list[dict[str, Any]] = table(site.store, "SELECT sku FROM movement WHERE why = 'pick'")
    assert taken == [{"sku": lines[0]["sku"]}]
    assert picked(page) == 2


def test_a_number_that_never_came_is_told_to_both_and_nothing_behind_it_is_taken(
    site: Site, devices: Devices
) -> None:
    number_lost(site, devices)


@twin
def test_a_server_that_waits_in_silence_for_a_number_tells_nobody(
    site: Site, devices: Devices
) -> None:
    serve_without(site, "gaps")
    with red("never arrived"):
        number_lost(site, devices)
