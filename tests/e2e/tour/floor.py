"""What pickers see: the walk with its stops and questions, carts, other work."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.fire import wait_until
from tests.e2e.tour.camera import forbid, look, no_picture, photograph
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    again,
    choose,
    digits,
    dismiss,
    escape,
    go,
    offline,
    online,
    press,
    scan,
    stay,
    tap,
    then,
    type_digits,
    type_in,
    wait,
)
from tests.floor_site import table

TASK, SHORT = "picker/task/:id", "picker/task/:id/short/:no"
STRANGE = "4006381333931"
"""An item that nobody here has heard of."""
BROKEN = "4006381333932"
"""The same with a wrong check digit."""
LINES = """SELECT p.bin, p.sku, p.slot, c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku
  WHERE p.task = :t AND p.state = 'open' ORDER BY p.no"""


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


def scan_item(on: Visit) -> None:
    """Sooner than its place."""
    scan_text(on.page, line(on)["code"][1:])


def scan_place_again(on: Visit) -> None:
    """Harmless: the step stays what it is."""
    before = on.page.get_by_test_id("prompt").inner_text()
    again(f"L-{line(on)['bin']}")(on)
    expect(on.page.get_by_test_id("prompt")).not_to_have_text(before)


def scan_doubtful(on: Visit) -> None:
    """Two values that may have run into one: the sign between them is lost."""
    scan_text(on.page, f"01{line(on)['code']}10ABC12321XYZ")


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


def scan_same_tote(on: Visit) -> None:
    """The one that stands in the first slot already."""
    code = "SELECT code FROM pick_tote WHERE task = :t AND code IS NOT NULL"
    wait_until(on.page, lambda: on.site.ask(code, t=task_id(on)) != "None", "the tote is known")
    again(f"T-{on.site.ask(code, t=task_id(on))}")(on)


def short_of_a_cart(on: Visit) -> None:
    """Of a line of several pieces one was found: it goes into its tote."""
    several = "SELECT no FROM pick_line WHERE task = :t AND state = 'open' AND qty > 1 ORDER BY no"
    no, task = on.site.ask(several, t=task_id(on)), task_id(on)
    go(f"/picker/task/{task}/short/{no}")(on)
    then(choose(0), press("short-next"), digits("1"))(on)


def scan_batch_item(on: Visit) -> None:
    """Any that waits to be sorted."""
    sql = """SELECT c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku
      WHERE p.task = :t AND p.picked > 0 ORDER BY p.no"""
    scan_text(on.page, on.site.ask(sql, t=task_id(on))[1:])


WALK = (
    Stop("home", "picker", stay, "[data-testid=take-next]"),
    Stop("home-scanned", "picker", scan(STRANGE), "[data-testid=no-task]"),
    Stop("home-offline", "picker", offline, "footer .prompt"),
    Stop("walk-where", TASK, then(online, press("take-next")), "[data-testid=where]"),
    Stop("walk-camera", TASK, look(), "dialog .camera .frame"),
    Stop(
        "walk-camera-blocked",
        TASK,
        then(escape, forbid, tap("ui.cameraScan")),
        "dialog .camera .word svg",
    ),
    Stop("walk-place-first", TASK, then(escape, scan_item), ".full-stop"),
    Stop("walk-skipped", TASK, then(dismiss, press("skip")), ".toast"),
    Stop("walk-map", TASK, press("map-toggle"), "[data-testid=reroute]"),
    Stop(
        "walk-wrong-place",
        TASK,
        then(press("map-toggle"), wait("[data-testid=where]"), scan("L-A08-16-3")),
        ".full-stop",
    ),
    Stop("walk-what", TASK, scan_where, "[data-testid=what]"),
    Stop("walk-again", TASK, scan_place_again, "[data-testid=what]"),
    Stop("walk-wrong-item", TASK, scan(STRANGE), ".full-stop"),
    Stop("walk-unreadable", TASK, scan(BROKEN), ".full-stop"),
    Stop("walk-doubtful", TASK, scan_doubtful, "[data-testid=label-right]"),
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
        SHORT,
        press("report-short"),
        "[data-testid=short-next]",
    ),
    Stop("short-other-item", SHORT, choose(2), "[data-testid=other-item]"),
    Stop("short-other-scanned", SHORT, scan(STRANGE), "[data-testid=other-item]"),
    Stop("short-blocked", SHORT, choose(3), "[data-testid=short-next]:enabled"),
    Stop("short-unreadable", SHORT, choose(4), "[data-testid=ask-label]"),
    Stop("short-label-asked", TASK, press("ask-label"), ".toast.right"),
    Stop("short-found", SHORT, then(press("problem"), choose(1), press("short-next")), ".keypad"),
    Stop("short-found-all", SHORT, type_digits("99"), "[data-testid=found-all]"),
    Stop(
        "short-evidence",
        SHORT,
        then(tap("ui.delete"), tap("ui.delete"), digits("1")),
        "[data-testid=send-short]",
    ),
    Stop("short-photo", SHORT, photograph, ".photo-strip img"),
    Stop("short-photo-failed", SHORT, no_picture, ".toast.wrong"),
    Stop(
        "short-cures",
        SHORT,
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
    Stop("cart-no-tote", TASK, scan("L-A08-16-3"), ".full-stop"),
    Stop("cart-tote-taken", TASK, then(put_away, scan_same_tote), ".full-stop"),
    Stop("cart-put", TASK, then(dismiss, load_cart, to_put), "[data-testid=slot]"),
    Stop("cart-wrong-tote", TASK, scan("T-999"), ".full-stop"),
    Stop("cart-full-tote", TASK, then(dismiss, press("tote-full")), ".keypad"),
    Stop("cart-other-tote", TASK, digits("0"), ".prompt"),
    Stop("cart-short-tote", SHORT, short_of_a_cart, "[data-testid=slot]"),
    Stop("batch-sort", TASK, then(take("pick", "batch"), pick_lines), "h1"),
    Stop("batch-not-on-cart", TASK, scan(STRANGE), ".full-stop"),
    Stop("batch-sort-tote", TASK, then(dismiss, scan_batch_item), "[data-testid=slot]"),
    Stop("zone-hand-over", TASK, then(take("pick", "zone"), load_cart, pick_lines), "h1"),
    Stop("cart-handed-over", "picker", scan("L-ZONE-B"), ".toast"),
    Stop("cart-fetch", TASK, take("pick", "zone"), "[data-testid=where]"),
    Stop("cart-fetch-wrong", TASK, scan("T-999"), ".full-stop"),
)
