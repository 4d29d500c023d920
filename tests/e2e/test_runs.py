"""A supervisor plans two vans, changes them by hand and plans again; a driver sees the list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Device, Site
from tests.floor_site import scalar, table
from tests.run_work import (
    DOORS,
    order_at,
    pack_everything,
    packed_at,
    refs,
    rules,
    runs,
    shift_to_come,
)

Devices = Callable[..., Device]


@pytest.fixture
def desk(site: Site, devices: Devices) -> Page:
    """Six packed orders, two vans with room for four each, and the supervisor before the runs."""
    vans = [{"name": name, **shift_to_come()} for name in ("VAN-1", "VAN-2")]
    rules(site.store, vehicles=vans, hours={"opens": "00:00", "closes": "00:00"})
    packed_at(site.store, DOORS)
    page = devices(handheld=False).ready("supervisor")
    page.get_by_role("link", name="Runs", exact=True).click()
    return page


def numbers(site: Site) -> dict[str, str]:
    """Reference -> order number."""
    return {r["ref"]: r["number"] for r in table(site.store, "SELECT ref, number FROM orders")}


def plan(page: Page) -> None:
    page.get_by_test_id("ask-plan").click()
    expect(page.get_by_role("switch", name="VAN-1")).to_be_visible()
    page.get_by_test_id("plan-runs").click()
    decided(page, "plan-1")
    expect(page.get_by_test_id("run-1")).to_be_visible()
    expect(page.get_by_test_id("run-2")).to_be_visible()


def decided(page: Page, name: str) -> None:
    shown = page.get_by_test_id(name)
    expect(shown).to_have_attribute("data-state", "proposed")
    expect(shown.get_by_test_id("run-map")).to_be_visible()
    shown.get_by_test_id("accept-plan").click()
    expect(shown).to_have_attribute("data-state", "accepted")


def listed(run: Locator) -> list[str]:
    return [text.strip() for text in run.locator(".stops .main > a").all_inner_texts()]


def test_two_vans_are_planned_changed_by_hand_and_planned_again(
    site: Site, devices: Devices, desk: Page
) -> None:
    plan(desk)
    ids = [r["id"] for r in runs(site.store)]
    lists = [refs(site.store, each) for each in ids]
    assert sorted(len(each) for each in lists) in ([2, 4], [3, 3])
    number = numbers(site)
    first = desk.get_by_test_id("run-1")
    assert listed(first) == [number[ref] for ref in lists[0]]
    expect(first.get_by_test_id("eta").first).to_contain_text("expected")

    later = first.get_by_role("button", name=f"Later: {number[lists[0][0]]}")
    later.focus()
    desk.keyboard.press("Enter")
    changed = [lists[0][1], lists[0][0], *lists[0][2:]]
    expect(first.locator(".stops .main > a").first).to_have_text(number[lists[0][1]])
    assert refs(site.store, ids[0]) == changed
    desk.get_by_test_id("undo-plan").first.click()
    expect(first.locator(".stops .main > a").first).to_have_text(number[lists[0][0]])
    assert refs(site.store, ids[0]) == lists[0]

    smaller = min(range(2), key=lambda at: len(lists[at]))
    order_at(site.store, "MORE", spot=(52.50, 13.42))
    pack_everything(site.store)
    desk.get_by_test_id(f"add-{smaller + 1}").click()
    proposed = desk.locator("[data-state=proposed]")
    expect(proposed.get_by_test_id("moved")).to_have_text("0")
    expect(proposed.get_by_text("new", exact=True)).to_have_count(1)
    proposed.get_by_test_id("accept-plan").click()
    expect(proposed).to_have_count(0)
    after = refs(site.store, ids[smaller])
    assert [ref for ref in after if ref != "MORE"] == lists[smaller]
    assert "MORE" in after

    driver = devices().ready("driver")
    driver.get_by_test_id("take-next").click()
    expect(driver.get_by_test_id("eta").first).to_be_visible()
    driver.get_by_test_id("map").locator("summary").click()
    expect(driver.get_by_test_id("run-map")).to_be_visible()
    held = scalar(
        site.store, "SELECT r.id FROM run r JOIN task t ON t.id = r.task WHERE t.state = 'held'"
    )
    shown = driver.locator("[data-testid^=stop-]").all_inner_texts()
    assert [text.strip() for text in shown] == refs(site.store, held)


def test_who_does_not_fit_is_said_with_the_reason(site: Site, desk: Page) -> None:
    one = [{"name": "VAN-1", **shift_to_come()}]
    rules(site.store, vehicles=one, hours={"opens": "00:00", "closes": "00:00"})
    desk.get_by_test_id("ask-plan").click()
    expect(desk.get_by_role("switch")).to_have_count(1)
    desk.get_by_test_id("plan-runs").click()
    left = desk.get_by_test_id("left-out")
    expect(left.get_by_text("the vans are full")).to_have_count(2)
    desk.get_by_test_id("drop-plan").click()
    expect(left).to_be_hidden()
    assert runs(site.store) == []
