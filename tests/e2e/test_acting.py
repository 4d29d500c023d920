"""Supervisors act on tasks: by drag, by keys, for many at once; whoever saw an older task sees the
newer one; what was done is undone; the handhelds follow."""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from server.auth.pins import hash_pin
from server.auth.tables import person
from server.store.tx import Tx
from tests.e2e import fire
from tests.e2e.conftest import PIN, Device, Site
from tests.e2e.test_bench_and_walk import take_next
from tests.floor_site import SITE, Handheld, scalar, table
from tests.floor_work import APPLIED, lines
from tests.picking_work import pick, tasks_of

Devices = Callable[..., Device]
ONE_SECOND_MS = 1_000
TASKS = "/supervisor/tasks"


def shot(page: Page, name: str) -> None:
    """A picture for whoever wants to look: SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def touch_people(tx: Tx) -> None:
    for who in ("picker", "picker2", "packer", "driver", "supervisor"):
        tx.touch(SITE, "person", who)


def add_admin(tx: Tx) -> None:
    values = {"site": SITE, "name": "Admin", "role": "admin", "pin_hash": hash_pin(PIN)}
    tx.conn.execute(person.insert().values(id="admin", badge="B-admin", **values))


def at_the_tasks(site: Site, desk: Device) -> Page:
    site.store.run_sync(touch_people)
    page = desk.ready("supervisor")
    page.evaluate("path => { location.hash = path; }", TASKS)
    expect(page.get_by_role("checkbox").first).to_be_visible()
    return page


def lane(page: Page, name: str) -> Locator:
    return page.locator("[data-lane] strong", has_text=re.compile(f"^{name}$"))


def drag(page: Page, title: str, name: str) -> None:
    """With the mouse, as a hand does: in steps."""
    page.get_by_test_id(f"task-{title}").hover()
    page.mouse.down()
    box = lane(page, name).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5, steps=8)
    shot(page, "acting-drag")
    expect(page.locator("[data-lane].over")).to_contain_text(name)
    page.mouse.up()


def holders(site: Site) -> list[str | None]:
    return [t["assignee"] for t in tasks_of(site.store, "pick")]


def test_whoever_saw_an_older_task_is_shown_the_newer_one_and_may_ask_again(
    site: Site, devices: Devices
) -> None:
    site.orders(1)
    title = tasks_of(site.store, "pick")[0]["title"]
    first, second = (at_the_tasks(site, devices(handheld=False)) for _ in range(2))
    second.get_by_role("checkbox", name=f"Select {title}").focus()
    second.keyboard.press("r")
    second.get_by_label("Priority", exact=True).fill("90")
    drag(first, title, "Picker2")
    expect(first.get_by_role("button", name=f"Undo: {title} → Picker2")).to_be_visible()
    expect(second.get_by_role("combobox", name=f"Who does {title}")).to_have_value("picker2")
    second.get_by_role("dialog").get_by_role("button", name="Priority").click()
    told = second.get_by_role("dialog")
    expect(told.get_by_text("Changed meanwhile")).to_be_visible()
    who = told.get_by_role("row", name="Who does it")
    expect(who).to_contain_text("Nobody yet")
    expect(who).to_contain_text("Picker2")
    expect(who).to_contain_text("changed")
    shot(second, "acting-conflict")
    assert tasks_of(site.store, "pick")[0]["priority"] != 90
    told.get_by_role("button", name="Ask again").click()
    expect(told).to_be_hidden()
    task = tasks_of(site.store, "pick")[0]
    assert (task["priority"], task["assignee"]) == (90, "picker2")


def test_many_are_given_at_once_and_undone_as_far_as_nobody_has_begun(
    site: Site, devices: Devices
) -> None:
    site.orders(4)
    desk = at_the_tasks(site, devices(handheld=False))
    boxes = desk.get_by_role("checkbox")
    boxes.nth(2).click()
    boxes.nth(0).click(modifiers=["Shift"])
    boxes.nth(1).click(modifiers=["Shift"])
    expect(desk.get_by_text("3 selected")).to_be_visible()
    for n, is_in in enumerate((True, True, True, False)):
        expect(boxes.nth(n)).to_be_checked(checked=is_in)
    boxes.nth(1).click()
    expect(desk.get_by_text("2 selected")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("checkbox", checked=True)).to_have_count(0)
    boxes.nth(0).focus()
    desk.keyboard.press("x")
    expect(desk.get_by_text("1 selected")).to_be_visible()
    desk.keyboard.press("Shift+ArrowDown")
    desk.keyboard.press("Shift+ArrowDown")
    expect(desk.get_by_text("3 selected")).to_be_visible()
    shot(desk, "acting-selected")
    desk.keyboard.press("a")
    asked = desk.get_by_role("dialog")
    asked.get_by_label("Find a person").fill("picker2")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Space")
    shot(desk, "acting-assign")
    desk.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert sorted(filter(None, holders(site))) == ["picker2"] * 3
    other = Handheld(site.store, "picker2", "hand")
    begun = next(t for t in tasks_of(site.store, "pick") if t["assignee"])
    assert pick(other, lines(site.store, begun["id"])[0]) == APPLIED
    expect(desk.get_by_text("1 / 3")).to_be_visible()
    desk.get_by_role("button", name="Undo: Assign: 3 tasks").click()
    told = desk.get_by_role("dialog")
    expect(told.get_by_text("2 of 3 done")).to_be_visible()
    expect(told.get_by_text("Picker2 has begun on it already.")).to_be_visible()
    shot(desk, "acting-undo")
    told.get_by_role("button", name="Close").click()
    assert list(filter(None, holders(site))) == ["picker2"]


def test_work_is_proposed_changed_and_given_out(site: Site, devices: Devices) -> None:
    site.orders(4)
    desk = at_the_tasks(site, devices(handheld=False))
    desk.get_by_role("button", name="Auto-assign").click()
    preview = desk.get_by_role("dialog")
    expect(preview.get_by_text("Nobody of these is online.")).to_be_visible()
    for name in ("Picker", "Picker2"):
        preview.get_by_role("checkbox", name=name, exact=True).check()
    expect(preview.get_by_role("button", name="Assign 4")).to_be_enabled()
    expect(preview.get_by_text("done soonest").first).to_be_visible()
    assert holders(site) == [None] * 4
    preview.get_by_role("combobox").nth(0).select_option("picker2")
    preview.get_by_role("combobox").nth(1).select_option("picker2")
    expect(preview.get_by_text("your choice")).to_have_count(2)
    preview.get_by_role("checkbox", name="Assign").nth(3).uncheck()
    expect(preview.get_by_text("0 → 2 in hand")).to_be_visible()
    shot(desk, "acting-auto")
    preview.get_by_role("button", name="Assign 3").click()
    expect(preview).to_be_hidden()
    given = sorted(filter(None, holders(site)))
    assert given == ["picker", "picker2", "picker2"]


def test_what_people_have_learned_decides_who_is_proposed(site: Site, devices: Devices) -> None:
    site.orders(2)
    site.store.run_sync(add_admin)
    admin = devices(handheld=False).ready("admin")
    site.store.run_sync(touch_people)
    admin.get_by_role("button", name="Skills and zones of Picker2").click()
    asked = admin.get_by_role("dialog")
    asked.get_by_role("checkbox", name="Count").check()
    asked.get_by_label("Zones").fill("A, küche")
    expect(asked.get_by_role("button", name="Save")).to_be_disabled()
    asked.get_by_label("Zones").fill("A, COLD")
    shot(admin, "acting-abilities")
    asked.get_by_role("button", name="Save").click()
    expect(asked).to_be_hidden()
    desk = at_the_tasks(site, devices(handheld=False))
    desk.get_by_role("button", name="Auto-assign").click()
    preview = desk.get_by_role("dialog")
    for name in ("Picker", "Picker2"):
        preview.get_by_role("checkbox", name=name, exact=True).check()
    expect(preview.get_by_text("the only one who does this: Pick").first).to_be_visible()
    preview.get_by_role("button", name="Assign 2").click()
    expect(preview).to_be_hidden()
    assert holders(site) == ["picker", "picker"]


def test_a_handheld_follows_at_once_and_settles_when_it_was_away(
    site: Site, devices: Devices
) -> None:
    site.long_order(3)
    hand = devices()
    picker = hand.ready("picker")
    take_next(picker)
    title = tasks_of(site.store, "pick")[0]["title"]
    desk = at_the_tasks(site, devices(handheld=False, direct=True))
    act(desk, title, "Pause", "Fire drill")
    expect(picker.get_by_test_id("parked")).to_contain_text("Fire drill", timeout=ONE_SECOND_MS)
    act(desk, title, "Go on")
    expect(picker.get_by_test_id("parked")).to_be_hidden(timeout=ONE_SECOND_MS)
    act(desk, title, "Hold", "Spill in aisle 1")
    stopped = picker.get_by_test_id("stopped")
    expect(stopped).to_contain_text("Spill in aisle 1", timeout=ONE_SECOND_MS)
    shot(picker, "acting-handheld-hold")
    act(desk, title, "End hold")
    expect(stopped).to_be_hidden(timeout=ONE_SECOND_MS)
    hand.offline(True)
    expect(picker.get_by_text("Offline")).to_be_visible()
    fire.pick(picker, site.walk()[0])
    drag(desk, title, "Picker2")
    expect(desk.get_by_role("combobox", name=f"Who does {title}")).to_have_value("picker2")
    hand.offline(False)
    expect(picker.get_by_test_id("gone")).to_be_visible()
    done = "SELECT count(*) FROM pick_line WHERE state = 'picked' AND by_person = 'picker'"
    expect(desk.get_by_text("1 / 3")).to_be_visible()
    assert scalar(site.store, done) == 1
    assert table(site.store, "SELECT id FROM task WHERE kind = 'putback'") == []


def act(desk: Page, title: str, what: str, why: str | None = None) -> None:
    desk.get_by_role("button", name=f"Actions for {title}").click()
    asked = desk.get_by_role("dialog")
    asked.get_by_role("button", name=what, exact=True).click()
    if why is not None:
        asked.get_by_label("Reason").fill(why)
        asked.get_by_role("button", name=what, exact=True).click()
    expect(asked).to_be_hidden()


class Finger:
    """One finger on a page's glass."""

    def __init__(self, page: Page) -> None:
        self._send = partial(page.context.new_cdp_session(page).send, "Input.dispatchTouchEvent")
        self._at = (0.0, 0.0)

    def down(self, on: Locator) -> None:
        """Touches it and begins to move."""
        self._at = self._middle(on)
        self._say("touchStart", *self._at)
        self._say("touchMove", self._at[0], self._at[1] - 12)

    def move(self, to: Locator) -> None:
        (ax, ay), (bx, by) = self._at, self._middle(to)
        for step in range(1, 9):
            self._say("touchMove", ax + (bx - ax) * step / 8, ay + (by - ay) * step / 8)

    def up(self) -> None:
        self._send({"type": "touchEnd", "touchPoints": []})

    def _say(self, what: str, x: float, y: float) -> None:
        self._send({"type": what, "touchPoints": [{"x": x, "y": y}]})

    def _middle(self, of: Locator) -> tuple[float, float]:
        box = of.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_drags_by_the_handle_and_the_keys_are_listed(site: Site, devices: Devices) -> None:
    site.orders(2)
    page = at_the_tasks(site, devices())
    title = tasks_of(site.store, "pick")[0]["title"]
    shot(page, "acting-phone")
    handle = page.get_by_test_id(f"task-{title}").locator(".drag-handle")
    handle.scroll_into_view_if_needed()
    finger = Finger(page)
    finger.down(handle)
    expect(page.locator(".lanes.dragging")).to_be_visible()
    finger.move(lane(page, "Picker"))
    expect(page.locator("[data-lane].over")).to_contain_text("Picker")
    shot(page, "acting-phone-drag")
    finger.up()
    expect(page.get_by_role("combobox", name=f"Who does {title}")).to_have_value("picker")
    page.get_by_role("checkbox").first.focus()
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog").get_by_text("Take back")).to_be_visible()
    shot(page, "acting-keys")
