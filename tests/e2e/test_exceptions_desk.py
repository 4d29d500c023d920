"""A picker reports damage with a photo; the desk sees it at once, looks at it, settles it with its
cause, and the next case of its kind is offered what helped."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from server.store.tx import Tx
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import Line, all_sent, begin, make_photo, take_next, wait_until
from tests.exception_work import short
from tests.floor_site import SITE, scalar, table

Devices = Callable[..., Device]
HELPED = "Repacked it from the next box; the rack cuts into the cartons"
IS_DRAWN = "image => image.complete && image.naturalWidth > 0"


def show_person(who: str, tx: Tx) -> None:
    tx.touch(SITE, "person", who)


def desk_of(site: Site, devices: Devices, who: str = "supervisor") -> Page:
    for name in ("supervisor", "service"):
        site.store.run_sync(partial(show_person, name))
    desk = devices(handheld=False).ready(who)
    desk.evaluate("path => { location.hash = path; }", f"/{who}/problems")
    expect(desk.get_by_role("heading", name="Problems")).to_be_visible()
    return desk


def report_damage(page: Page, line: Line, photo: Path | None = None) -> None:
    expect(page.get_by_test_id("where")).to_contain_text(line["bin"])
    page.get_by_test_id("problem").click()
    page.get_by_text("Damaged").click()
    page.get_by_test_id("short-next").click()
    page.get_by_role("button", name="0", exact=True).click()
    page.get_by_role("button", name="Next").click()
    if photo is not None:
        page.locator("input[type=file]").set_input_files(photo)
        expect(page.locator(".photo-strip img")).to_be_visible()
    page.get_by_test_id("send-short").click()
    expect(page.get_by_test_id("send-short")).to_be_hidden()


def open_case(desk: Page, words: str) -> None:
    """By keyboard, as the rows of a table are opened."""
    row = desk.locator("tr").filter(has_text=words)
    row.get_by_role("button").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Less was found than asked")).to_be_visible()


def look_at_the_photo(desk: Page) -> None:
    desk.get_by_role("button", name="Enlarge photo 1").click()
    shown = desk.get_by_role("dialog").get_by_role("img", name="Photo 1 of 1")
    wait_until(desk, lambda: bool(shown.evaluate(IS_DRAWN)), "the photo is drawn")
    box = shown.bounding_box()
    assert box
    assert box["width"] > 400  # as large as the screen lets it be, not as small as in the case
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_be_hidden()


def settle_it(desk: Page, fill: Callable[[Locator], None]) -> None:
    desk.get_by_role("button", name="Settle", exact=True).click()
    dialog = desk.get_by_role("dialog")
    fill(dialog)
    dialog.get_by_role("button", name="Settle", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(desk.locator(".case").get_by_text("Settled.")).to_be_visible()


def by_hand(dialog: Locator) -> None:
    dialog.get_by_role("button", name="Settle", exact=True).click()
    expect(dialog.get_by_text("Write down what was done.")).to_be_visible()
    dialog.get_by_role("textbox").fill(HELPED)
    dialog.get_by_role("button", name="Settle", exact=True).click()
    expect(dialog.get_by_text("Choose the root cause.")).to_be_visible()
    dialog.get_by_role("button", name="Process").click()


def by_one_tap(dialog: Locator) -> None:
    dialog.get_by_role("button", name=f"Use these words: {HELPED}").click()
    expect(dialog.get_by_role("textbox")).to_have_value(HELPED)
    expect(dialog.get_by_role("button", name="Process")).to_have_attribute("aria-pressed", "true")


def test_what_settled_one_case_is_offered_for_the_next(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    site.orders(1, lines=1)
    number = str(scalar(site.store, "SELECT number FROM orders"))
    desk = desk_of(site, devices)
    expect(desk.get_by_text("No open problem.")).to_be_visible()
    hand = begin(devices())
    take_next(hand)
    report_damage(hand, site.walk()[0], make_photo(tmp_path, 400, 300))
    row = desk.locator(".problem")
    for words in ("Less was found than asked", "A01-1-1", "MUG"):
        expect(row).to_contain_text(words)
    expect(desk.get_by_role("link", name="Problems (1)")).to_be_visible()
    all_sent(hand)
    open_case(desk, number)
    expect(desk.locator(".case")).to_contain_text("Nothing like this was settled before.")
    look_at_the_photo(desk)
    desk.get_by_role("button", name="Take it").click()
    expect(desk.locator(".case-entries")).to_contain_text("took it")
    settle_it(desk, by_hand)
    expect(desk.get_by_role("link", name="Problems", exact=True)).to_be_visible()
    second = short(site.store, "R-9")
    desk.evaluate("path => { location.hash = path; }", f"/supervisor/problems/{second}")
    expect(desk.locator(".known-list")).to_contain_text(HELPED)
    settle_it(desk, by_one_tap)
    kept = table(site.store, "SELECT cause, reused FROM exception_case ORDER BY opened_at")
    assert [r["cause"] for r in kept] == ["process", "process"]
    assert kept[1]["reused"] is not None
    desk.evaluate("location.hash = '/supervisor/problems/known'")
    desk.get_by_label("Search what was learned").fill("rack cuts corner")
    expect(desk.locator(".known-cases > li")).to_have_count(2)
    expect(desk.locator(".known-cases")).to_contain_text("used 1 time")


def test_a_case_that_is_handed_over_is_on_the_other_desk_at_once_with_its_story(
    site: Site, devices: Devices
) -> None:
    made = short(site.store, "R-1")
    mine, theirs = desk_of(site, devices, "service"), desk_of(site, devices)
    theirs.get_by_label("Owner").select_option("me")
    expect(theirs.get_by_text("No open problem.")).to_be_visible()
    assert "owner=me" in theirs.url
    mine.evaluate("path => { location.hash = path; }", f"/service/problems/{made}")
    mine.get_by_role("button", name="Add note").click()
    mine.get_by_role("dialog").get_by_role("textbox").fill("The customer wants it today")
    mine.get_by_role("dialog").get_by_role("button", name="Add note").click()
    expect(mine.locator(".case-entries")).to_contain_text("The customer wants it today")
    mine.get_by_role("button", name="Hand over").click()
    dialog = mine.get_by_role("dialog")
    dialog.get_by_label("To whom").select_option("supervisor")
    dialog.get_by_role("button", name="Hand over").click()
    expect(dialog).to_be_hidden()
    row = theirs.locator(".problem")
    expect(row).to_be_visible()
    row.click()
    expect(theirs.locator(".case-entries")).to_contain_text("The customer wants it today")
    expect(theirs.locator(".case-entries")).to_contain_text("handed it over to Supervisor")


def test_time_alone_reminds_both_desks_and_brings_a_case_to_the_next_level(
    site: Site, devices: Devices
) -> None:
    made = short(site.store, "R-1")
    lead, service = desk_of(site, devices), desk_of(site, devices, "service")
    expect(lead.locator(".problem")).to_be_visible()
    service.evaluate("path => { location.hash = path; }", f"/service/problems/{made}")
    service.get_by_role("button", name="Take it").click()
    expect(service.locator(".case-entries")).to_contain_text("took it")
    site.store.run_sync(partial(let_pass, made, 16))
    words = "50 % of the time is over"
    expect(lead.get_by_text(f"Problem of level 1: {words}").first).to_be_visible()
    expect(service.get_by_text(f"Your problem: {words}").first).to_be_visible()
    site.store.run_sync(partial(let_pass, made, 15))
    expect(lead.locator("tr").filter(has_text="MUG")).to_contain_text("2 Supervisors")
    expect(service.locator(".case-entries")).to_contain_text("brought it to level 2")


def let_pass(case: str, minutes: int, tx: Tx) -> None:
    """As if the case had come so many minutes earlier."""
    earlier = (
        "UPDATE exception_case SET since = since - :ms, due_at = due_at - :ms,"
        " next_at = next_at - :ms WHERE id = :c"
    )
    tx.conn.execute(sa.text(earlier), {"ms": minutes * 60_000, "c": case})
