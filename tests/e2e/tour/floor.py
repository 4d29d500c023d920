"""The door, and what pickers see: the walk with its stops and questions, carts, other work."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    choose,
    digits,
    dismiss,
    escape,
    go,
    press,
    scan,
    stay,
    tap,
    then,
    type_in,
    view,
    wait,
)
from tests.floor_site import table

TASK, MOVE, COUNT = "picker/task/:id", "stock/move/:id", "stock/count/:id"
LINES = """SELECT p.bin, p.sku, p.slot, c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku
  WHERE p.task = :t AND p.state = 'open' ORDER BY p.no"""
MOVES = """SELECT m.from_bin, m.to_bin, c.code FROM move_line m JOIN item_code c ON c.sku = m.sku
  WHERE m.task = :t ORDER BY m.no"""


def task_id(on: Visit) -> str:
    found = re.search(r"/(?:task|move|count)/([^/?]+)", on.page.url)
    assert found, on.page.url
    return found.group(1)


def line(on: Visit) -> dict[str, str]:
    """The line on show: of several that are open, the one whose place and item it names."""
    step = on.page.locator("[data-testid=where], [data-testid=what], [data-testid=quantity]").first
    told = step.inner_text()
    rows = table(on.site.store, LINES, t=task_id(on))
    return next(row for row in rows if row["bin"] in told and row["sku"] in told)


def scan_where(on: Visit) -> None:
    scan_text(on.page, f"L-{line(on)['bin']}")
    expect(on.page.get_by_test_id("where")).to_be_hidden()


def scan_what(on: Visit) -> None:
    scan_text(on.page, line(on)["code"][1:])
    expect(on.page.get_by_test_id("what")).to_be_hidden()


def take(kind: str, mode: str = "") -> Reach:
    """A task of this kind, from the worker's list."""

    def reach(on: Visit) -> None:
        go("/")(on)
        wanted = "SELECT title FROM task WHERE kind = :k AND mode = :m AND state = 'open'"
        title = on.site.ask(f"{wanted} ORDER BY lines DESC, title", k=kind, m=mode)
        on.page.get_by_test_id(f"task-{title}").click()
        expect(on.page).to_have_url(re.compile(r"/(task|move|count)/"))

    return reach


def to_a_quantity(on: Visit) -> None:
    """Lines of one piece are picked on the way to one of several."""
    while True:
        scan_where(on)
        scan_text(on.page, line(on)["code"][1:])
        again = on.page.get_by_test_id("quantity").or_(on.page.get_by_test_id("where"))
        expect(again.first).to_be_visible()
        if on.page.get_by_test_id("quantity").is_visible():
            return


def pick_lines(on: Visit) -> None:
    """All of a small task, until something else is asked for."""
    where, quantity = on.page.get_by_test_id("where"), on.page.get_by_test_id("quantity")
    over = on.page.get_by_test_id("finish").or_(on.page.get_by_text(on.word("picker.sortScan")))
    over = over.or_(on.page.get_by_text(on.word("picker.handOver"), exact=True))
    put = on.page.get_by_test_id("slot")
    next_one = where.or_(quantity).or_(put).or_(over).first
    while not over.first.is_visible():
        expect(next_one).to_be_visible()
        if put.is_visible():
            put_away(on)
        elif quantity.is_visible():
            wanted = re.search(r"/\s*(\d+)", quantity.inner_text())
            assert wanted
            on.page.get_by_test_id("type-quantity").click()
            digits(wanted.group(1))(on)
            expect(quantity).to_be_hidden()
        elif where.is_visible():
            scan_where(on)
            scan_text(on.page, line(on)["code"][1:])
            expect(next_one).to_be_visible()


def slot(on: Visit) -> str:
    found = re.search(r"\d+", on.page.get_by_test_id("slot").inner_text())
    assert found
    return found.group()


def put_away(on: Visit) -> None:
    """Every cart has totes of its own."""
    before = on.page.get_by_test_id("slot").inner_text()
    scan_text(on.page, f"T-{int(task_id(on)[:3], 16)}{slot(on)}")
    expect(
        on.page.get_by_test_id("slot").filter(has_text=re.compile(re.escape(before)))
    ).to_be_hidden()


def load_cart(on: Visit) -> None:
    """A tote for each slot."""
    where = on.page.get_by_test_id("where")
    while not where.is_visible():
        expect(on.page.get_by_test_id("slot").or_(where)).to_be_visible()
        if on.page.get_by_test_id("slot").is_visible():
            put_away(on)


def to_put(on: Visit) -> None:
    """Until a piece of the cart goes into its tote."""
    put, quantity = on.page.get_by_test_id("slot"), on.page.get_by_test_id("quantity")
    scan_where(on)
    scan_text(on.page, line(on)["code"][1:])
    expect(put.or_(quantity).first).to_be_visible()
    if quantity.is_visible():
        wanted = re.search(r"/\s*(\d+)", quantity.inner_text())
        assert wanted
        on.page.get_by_test_id("type-quantity").click()
        digits(wanted.group(1))(on)


def scan_batch_item(on: Visit) -> None:
    """Any that waits to be sorted."""
    sql = """SELECT c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku
      WHERE p.task = :t AND p.picked > 0 ORDER BY p.no"""
    scan_text(on.page, on.site.ask(sql, t=task_id(on))[1:])


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


def enrol_page(on: Visit) -> None:
    on.page.goto("about:blank")  # or else only the fragment would change
    on.page.goto(f"{on.site.server.base}/#enrol={on.site.code()}")


DOOR = (
    Stop("enrol", "auth", enrol_page, "input[name=code]"),
    Stop("enrol-wrong", "auth", then(type_in("WRONG-CODE"), tap("auth.enrolDo")), ".error"),
    Stop(
        "badge",
        "auth",
        then(enrol_page, tap("auth.enrolDo")),
        "input[name=badge]",
    ),
    Stop("badge-wrong", "auth", scan("4006381333931"), ".error"),
    Stop("pin", "auth", scan("B-NOBODY"), ".keypad"),
    Stop("pin-wrong", "auth", digits("1234"), "[role=alert]"),
)

WALK = (
    Stop("home", "picker", stay, "[data-testid=take-next]"),
    Stop("walk-where", TASK, press("take-next"), "[data-testid=where]"),
    Stop("walk-map", TASK, press("map-toggle"), "[data-testid=reroute]"),
    Stop(
        "walk-wrong-place",
        TASK,
        then(press("map-toggle"), wait("[data-testid=where]"), scan("L-A08-16-3")),
        ".full-stop",
    ),
    Stop("walk-what", TASK, scan_where, "[data-testid=what]"),
    Stop("walk-wrong-item", TASK, scan("4006381333931"), ".full-stop"),
    Stop(
        "walk-type-code",
        TASK,
        then(dismiss, tap("ui.typeCode")),
        "dialog",
    ),
    Stop(
        "walk-quantity",
        TASK,
        then(escape, press("undo"), wait("[data-testid=where]"), to_a_quantity),
        "[data-testid=quantity]",
    ),
    Stop("walk-type-quantity", TASK, press("type-quantity"), ".keypad"),
    Stop("walk-too-many", TASK, digits("99"), "[data-testid=too-many]"),
    Stop(
        "walk-fewer",
        TASK,
        then(tap("ui.delete"), tap("ui.delete"), digits("1")),
        "dialog",
    ),
    Stop(
        "short-reason",
        "picker/task/:id/short/:no",
        press("report-short"),
        "[data-testid=short-next]",
    ),
    Stop(
        "short-found",
        "picker/task/:id/short/:no",
        then(choose(1), press("short-next")),
        ".keypad",
    ),
    Stop(
        "short-evidence",
        "picker/task/:id/short/:no",
        digits(""),
        "[data-testid=send-short]",
    ),
    Stop(
        "short-cures",
        "picker/task/:id/short/:no",
        then(type_in("The box is open"), press("send-short")),
        "[data-testid=cure-none]",
    ),
    Stop(
        "undo",
        TASK,
        then(press("cure-none"), wait("[data-testid=where]"), press("undo")),
        "dialog",
    ),
    Stop("pause", TASK, then(escape, tap("picker.pause")), "dialog"),
    Stop("parked", TASK, then(choose(0), press("pause-yes")), "[data-testid=parked]"),
    Stop("give-back", "picker", then(go("/picker"), press("give-back-*")), "dialog"),
    Stop("messages", "floor/messages", then(press("give-back-yes"), press("tray")), "h1"),
    Stop("gone", TASK, go("/picker/task/none"), "[data-testid=gone]"),
)

CARTS = (
    Stop("cart-load", TASK, take("pick", "cluster"), "[data-testid=slot]"),
    Stop("cart-put", TASK, then(load_cart, to_put), "[data-testid=slot]"),
    Stop("cart-wrong-tote", TASK, scan("T-999"), ".full-stop"),
    Stop("cart-full-tote", TASK, then(dismiss, press("tote-full")), ".keypad"),
    Stop("batch-sort", TASK, then(take("pick", "batch"), pick_lines), "h1"),
    Stop("batch-sort-tote", TASK, scan_batch_item, "[data-testid=slot]"),
    Stop("zone-hand-over", TASK, then(take("pick", "zone"), load_cart, pick_lines), "h1"),
    Stop("check", "check/task/:id", take("check"), "[data-testid=prompt]"),
    Stop(
        "check-how-many",
        "check/task/:id",
        lambda on: on.page.locator("[data-testid^=check-]").first.click(),
        ".keypad",
    ),
)


def offline(on: Visit) -> None:
    on.page.context.set_offline(True)


STOCK = (
    Stop("move-from", MOVE, take("putaway"), "[data-testid=from]"),
    Stop("move-wrong-place", MOVE, scan("L-A08-16-3"), ".full-stop"),
    Stop("move-problem", MOVE, then(dismiss, press("problem")), "h1"),
    Stop(
        "move-quantity",
        MOVE,
        then(tap("common.back"), scan_move_from, scan_move_item, press("type-quantity")),
        ".keypad",
    ),
    Stop("move-to", MOVE, digits("2"), "[data-testid=to]"),
    Stop("count-where", COUNT, take("count"), "[data-testid=prompt]"),
    Stop("count-items", COUNT, scan_counted_bin, "h1"),
    Stop(
        "count-not-listed",
        COUNT,
        scan("4006381333931"),
        ".full-stop",
    ),
    Stop("count-how-many", COUNT, press("count-too"), ".keypad"),
    view("transfer", "stock/transfer", "[data-testid=prompt]"),
    view("receive", "stock/receive", "[data-testid=prompt]"),
    Stop(
        "receive-quantity", "stock/receive", then(scan("L-A01-01-1"), scan("4006381333931")), "h1"
    ),
    view("settings", "settings"),
    Stop("not-found", "", go("/picker/nothing"), "footer button"),
    Stop("not-allowed", "", go("/supervisor"), "footer button"),
    Stop("offline", "picker", then(go("/picker"), offline), ".status-bar.offline"),
)
