"""What pickers see of goods that ask for more: lots, dates, numbers, packs, an empty bin, another
item instead."""

import re

from playwright.sync_api import expect

from server.inventory.holds import HoldLot
from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.floor import SHORT, TASK, scan_where, task_id
from tests.e2e.tour.goods import (
    CASE,
    EARLIER,
    LATER,
    LOT,
    MATCHA,
    TIMER,
    WAX,
    code,
    expiry,
    supervisor,
)
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
    then,
    wait,
)
from tests.floor_work import APPLIED


def take_of(key: str) -> Reach:
    """The task of one of the orders in `goods.py`, from the worker's list."""

    def reach(on: Visit) -> None:
        go("/picker")(on)
        mine = "SELECT title FROM task WHERE id = (SELECT task FROM pick_line WHERE order_id = :o)"
        title = on.site.ask(mine, o=on.site.found[key])
        on.page.get_by_test_id(f"task-{title}").click()
        expect(on.page).to_have_url(re.compile("/task/"))

    return reach


def scan_label(lot: str) -> Reach:
    """A package's own label: item, date and lot in one."""

    def reach(on: Visit) -> None:
        day = expiry(on.site.store, lot).replace("-", "")[2:]
        scan_text(on.page, f"]d201{code(MATCHA)}17{day}10{lot}")

    return reach


def hold_lot(on: Visit) -> None:
    """By the desk, while the picker stands before it."""
    hold = HoldLot(sku=MATCHA, lot=LOT, reason="Recall 7")
    assert supervisor(on.site.store).say("inventory.hold_lot.v1", hold) == APPLIED
    wait(".instruction .badge.wrong")(on)


def closed_line(on: Visit) -> None:
    """Somebody reports what is accounted for already."""
    no = "SELECT no FROM pick_line WHERE task = :t AND state <> 'open'"
    task = task_id(on)
    go(f"/picker/task/{task}/short/{on.site.ask(no, t=task)}")(on)


REPORT = then(press("problem"), choose(0), press("short-next"), digits("0"), press("send-short"))
ITEM = code(MATCHA)[1:]

SHELVES = (
    Stop("lot-where", TASK, take_of("lots"), "[data-testid=where]"),
    Stop("lot", TASK, then(scan_where, scan(ITEM)), "[data-testid=lot]"),
    Stop("lot-wrong", TASK, scan_label(EARLIER), ".full-stop"),
    Stop("lot-other", TASK, then(dismiss, scan_label(LATER)), "[data-testid=take-lot]"),
    Stop(
        "lot-expired", TASK, then(dismiss, scan(f"]d201{code(MATCHA)}1724010110M-1")), ".full-stop"
    ),
    Stop("expiry", TASK, then(dismiss, scan("M-2777")), "[data-testid=expiry]"),
    Stop("expiry-missing", TASK, scan(ITEM), ".full-stop"),
    Stop(
        "lot-counted",
        TASK,
        then(
            dismiss,
            press("undo"),
            wait("[data-testid=what]"),
            again(f"]d201{CASE}10{LOT}"),
        ),
        "[data-testid=quantity]",
    ),
    Stop("pack-too-large", TASK, again(f"]d201{CASE}10{LOT}"), ".full-stop"),
    Stop(
        "number",
        TASK,
        then(take_of("numbers"), scan_where, scan(code(TIMER)[1:])),
        "[data-testid=serial]",
    ),
    Stop("number-missing", TASK, again(code(TIMER)[1:]), ".full-stop"),
    Stop("number-each", TASK, then(dismiss, scan("KT-A")), "[data-testid=quantity]"),
    Stop("number-twice", TASK, scan(f"]d201{code(TIMER)}21KT-A"), ".full-stop"),
    Stop(
        "bin-empty",
        TASK,
        then(
            take_of("last"),
            scan_where,
            scan(code(WAX)[1:]),
            press("type-quantity"),
            digits("2"),
        ),
        "dialog",
    ),
    Stop("bin-left", TASK, press("zero-no"), "dialog .keypad"),
    Stop("summary", TASK, then(digits("1"), wait("[data-testid=finish]")), "[data-testid=finish]"),
    Stop("summary-undo", TASK, press("undo"), "dialog"),
    Stop("cures", SHORT, then(take_of("instead"), REPORT), "[data-testid=cure-replenish]"),
    Stop("waits", TASK, press("cure-replenish"), ".badge.warn"),
    Stop("summary-short", TASK, then(take_of("short"), REPORT), "[data-testid=finish]"),
    Stop("short-closed", SHORT, closed_line, "footer button"),
    Stop(
        "finished",
        "picker",
        then(take_of("short"), press("finish"), wait("[data-testid=continue]")),
        ".toast",
    ),
    Stop("lot-held", TASK, then(take_of("held_lot"), hold_lot), ".badge.wrong"),
    Stop("lot-held-scanned", TASK, then(scan_where, scan_label(LOT)), ".full-stop"),
    Stop(
        "short-held",
        SHORT,
        lambda on: on.page.locator(".full-stop .actions button").first.click(),
        ".choices",
    ),
)
