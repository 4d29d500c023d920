"""What pickers see of other work: bringing goods to their places, counting, moving, receiving,
checking what a colleague has picked."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.floor import BROKEN, STRANGE, take, task_id
from tests.e2e.tour.goods import EARLIER, MATCHA, TAG, code
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    again,
    choose,
    digits,
    dismiss,
    go,
    press,
    scan,
    tap,
    then,
    type_digits,
    view,
    wait,
)
from tests.floor_site import table

MOVE, COUNT, CHECK = "stock/move/:id", "stock/count/:id", "check/task/:id"
TRANSFER, RECEIVE = "stock/transfer", "stock/receive"
MOVES = """SELECT m.from_bin, m.to_bin, c.code FROM move_line m JOIN item_code c ON c.sku = m.sku
  WHERE m.task = :t ORDER BY m.no"""
CHECKED = """SELECT c.code FROM check_line l JOIN item_code c ON c.sku = l.sku
  WHERE l.task = :t AND l.counted IS NULL ORDER BY l.no"""


def move_line(on: Visit, field: str) -> str:
    """Of the first line of the move on show: `from_bin`, `to_bin` or `code`."""
    return str(table(on.site.store, MOVES, t=task_id(on))[0][field])


def scan_move_from(on: Visit) -> None:
    scan_text(on.page, f"L-{move_line(on, 'from_bin')}")
    expect(on.page.get_by_test_id("item")).to_be_visible()


def scan_move_item(on: Visit) -> None:
    scan_text(on.page, move_line(on, "code")[1:])
    expect(on.page.get_by_test_id("quantity")).to_be_visible()


def scan_counted_bin(on: Visit) -> None:
    counted = on.site.ask("SELECT ref FROM task WHERE id = :t", t=task_id(on))
    scan_text(on.page, f"L-{counted}")
    expect(on.page.locator(".list li, .empty").first).to_be_visible()


def scan_counted_item(on: Visit) -> None:
    first = """SELECT c.code FROM count_line l JOIN item_code c ON c.sku = l.sku
      WHERE l.task = :t ORDER BY l.no"""
    scan_text(on.page, on.site.ask(first, t=task_id(on))[1:])


def scan_matcha(on: Visit) -> None:
    again(code(MATCHA)[1:])(on)


def bring_back(on: Visit) -> None:
    """All of it, to the place it came from."""
    scan_move_item(on)
    then(press("type-quantity"), digits("2"), wait("[data-testid=to]"))(on)
    scan_text(on.page, f"L-{move_line(on, 'to_bin')}")


def take_made(key: str) -> Reach:
    """A task that `goods.py` has made, from the worker's list."""

    def reach(on: Visit) -> None:
        go("/picker")(on)
        title = on.site.ask("SELECT title FROM task WHERE id = :t", t=on.site.found[key])
        on.page.get_by_test_id(f"task-{title}").click()
        expect(on.page).to_have_url(re.compile("/(move|count)/"))

    return reach


def count_listed(on: Visit) -> None:
    """Every line that is listed still: so many of each."""
    listed = on.page.locator(".list button")
    expect(listed.first).to_be_visible()
    while listed.count():
        before = listed.count()
        listed.first.click()
        digits("7")(on)
        expect(listed).to_have_count(before - 1)


def check_next(on: Visit) -> None:
    """Counted as one by a scan of it."""
    asked = on.site.ask(CHECKED, t=task_id(on))
    scan_text(on.page, asked[1:])
    digits("1")(on)
    expect(on.page.locator(".keypad")).to_have_count(0)


def check_all(on: Visit) -> None:
    for row in on.page.locator("[data-testid^=check-]").all():
        row.click()
        digits("2")(on)
        expect(on.page.locator(".keypad")).to_have_count(0)


STOCK = (
    Stop("check", CHECK, take("check"), "[data-testid=prompt]"),
    Stop("check-not-here", CHECK, scan(STRANGE), ".full-stop"),
    Stop(
        "check-how-many",
        CHECK,
        then(dismiss, lambda on: on.page.locator("[data-testid^=check-]").first.click()),
        ".keypad",
    ),
    Stop("check-counted", CHECK, then(tap("common.back"), check_next), ".badge.right"),
    Stop("check-finish", CHECK, check_all, "[data-testid=finish]"),
    Stop("move-from", MOVE, then(press("finish"), take("putaway")), "[data-testid=from]"),
    Stop("move-wrong-place", MOVE, scan("L-A08-16-3"), ".full-stop"),
    Stop("move-problem", MOVE, then(dismiss, press("problem")), "h1"),
    Stop("move-found", MOVE, then(choose(4), press("problem-next")), ".keypad"),
    Stop("move-found-all", MOVE, type_digits("999"), "[data-testid=found-all]"),
    Stop(
        "move-item",
        MOVE,
        then(tap("common.back"), tap("common.back"), scan_move_from),
        "[data-testid=item]",
    ),
    Stop("move-wrong-item", MOVE, scan(STRANGE), ".full-stop"),
    Stop("move-unreadable", MOVE, scan(BROKEN), ".full-stop"),
    Stop("move-count", MOVE, then(dismiss, scan_move_item), "[data-testid=quantity]"),
    Stop("move-quantity", MOVE, press("type-quantity"), ".keypad"),
    Stop("move-too-many", MOVE, digits("999"), "[data-testid=too-many]"),
    Stop("move-to", MOVE, digits("2"), "[data-testid=to]"),
    Stop("move-other-place", MOVE, scan("L-A08-16-3"), "[data-testid=put-here]"),
    Stop("move-no-place", MOVE, then(dismiss, scan(STRANGE)), ".full-stop"),
    Stop("move-back", MOVE, then(dismiss, take("putback")), "[data-testid=item]"),
    Stop("move-finish", MOVE, bring_back, "[data-testid=finish]"),
    Stop("move-refill", MOVE, take("replenish"), "[data-testid=from]"),
    Stop("move-lot", MOVE, then(take_made("lot_back"), scan_matcha), "[data-testid=lot]"),
    Stop("move-wrong-lot", MOVE, scan(EARLIER), ".full-stop"),
    Stop("count-where", COUNT, take("count"), "[data-testid=prompt]"),
    Stop("count-wrong-place", COUNT, scan("L-A08-16-3"), ".full-stop"),
    Stop("count-items", COUNT, then(dismiss, scan_counted_bin), "h1"),
    Stop("count-not-listed", COUNT, scan(STRANGE), ".full-stop"),
    Stop("count-unreadable", COUNT, scan(BROKEN), ".full-stop"),
    Stop("count-how-many", COUNT, then(scan(STRANGE), press("count-too")), ".keypad"),
    Stop("count-counted", COUNT, then(digits("3"), count_listed), "[data-testid=finish]"),
    Stop("count-twice", COUNT, scan_counted_item, ".full-stop"),
    Stop("count-empty", COUNT, then(take_made("empty"), scan_counted_bin), "[data-testid=finish]"),
    view("transfer", TRANSFER, "[data-testid=prompt]"),
    Stop("transfer-no-place", TRANSFER, scan(STRANGE), ".full-stop"),
    Stop("transfer-item", TRANSFER, then(dismiss, scan("L-A01-05-2")), "dd"),
    Stop("transfer-no-item", TRANSFER, again("L-A01-05-2"), ".full-stop"),
    Stop("transfer-quantity", TRANSFER, then(dismiss, scan(code(TAG)[1:])), ".keypad"),
    Stop("transfer-type-it", TRANSFER, again("L-A01-05-2"), ".full-stop"),
    Stop("transfer-to", TRANSFER, then(dismiss, digits("3")), "[data-testid=prompt]"),
    Stop("transfer-same-place", TRANSFER, again("L-A01-05-2"), ".full-stop"),
    Stop("transfer-done", TRANSFER, then(dismiss, scan("L-A01-05-3")), ".toast"),
    view("receive", RECEIVE, "[data-testid=prompt]"),
    Stop("receive-item", RECEIVE, scan("L-A01-06-3"), "dd"),
    Stop("receive-lot", RECEIVE, scan(code(MATCHA)[1:]), "[data-testid=no-lot]"),
    Stop("receive-expiry", RECEIVE, scan("M-2701"), "[data-testid=no-expiry]"),
    Stop("receive-no-expiry", RECEIVE, scan("M-2701X"), ".full-stop"),
    Stop("receive-quantity", RECEIVE, then(dismiss, press("no-expiry")), ".keypad"),
    Stop("receive-done", RECEIVE, digits("5"), ".toast"),
)
