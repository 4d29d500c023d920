"""Six people at work in six browsers, one of them out of the network for a while: whoever watches
sees what happens without asking and without a reload, and what they decide is on the floor at once.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from server.store.replay import check_replay
from tests.e2e.conftest import Device, Site
from tests.e2e.door import delivered, finish
from tests.e2e.fire import (
    all_sent,
    assert_at_rest,
    make_photo,
    pick,
    red,
    serve_without,
    take_next,
    twin,
    wait_until,
)
from tests.e2e.live_work import House, look_at, pick_and_finish
from tests.e2e.sabotage import NOTHING_BY_ITSELF
from tests.e2e.test_acting import TASKS, drag, shot
from tests.e2e.test_driver import driven_off
from tests.e2e.test_exceptions_desk import (
    HELPED,
    by_hand,
    look_at_the_photo,
    open_case,
    report_damage,
    settle_it,
)
from tests.floor_site import scalar, table
from tests.floor_work import assert_stock_adds_up
from tests.notices.test_words import gateway

Devices = Callable[..., Device]


@pytest.fixture
def sms() -> Iterator[int]:
    with gateway() as (port, _):
        yield port


def holder(house: House, title: str) -> Locator:
    """On the second supervisor's screen: who does this task."""
    return house.second.get_by_role("combobox", name=f"Who does {title}")


def reassigned_while_away(house: House) -> None:
    """The picker goes on without a network; meanwhile their task becomes somebody else's."""
    take_next(house.picker)
    all_sent(house.picker)
    title, lines = str(house.task("WALKED")["title"]), house.walk("WALKED")
    for desk in (house.lead, house.second):
        look_at(desk, TASKS)
    expect(holder(house, title)).to_have_value("picker")
    house.second.get_by_role("checkbox", name=f"Select {title}").focus()
    house.second.keyboard.press("r")
    house.second.get_by_label("Priority", exact=True).fill("90")
    expect(house.other.get_by_test_id("take-next")).to_be_visible()

    house.hand.offline(True)
    expect(house.picker.get_by_text("Offline").first).to_be_visible()
    pick(house.picker, lines[0])
    drag(house.lead, title, "Picker2")
    house.other.get_by_test_id("continue").click()
    expect(house.other.get_by_test_id("where")).to_contain_text(lines[0]["bin"])
    expect(holder(house, title)).to_have_value("picker2")
    shot(house.second, "live-second-sees")
    the_old_row_is_asked_about(house)

    house.hand.offline(False)
    expect(house.picker.get_by_test_id("gone")).to_contain_text("A supervisor moved it")
    shot(house.picker, "live-gone")
    expect(house.other.get_by_test_id("where")).to_contain_text(lines[1]["bin"])
    shot(house.other, "live-other-goes-on")
    expect(house.second.get_by_text("1 / 3")).to_be_visible()


def the_old_row_is_asked_about(house: House) -> None:
    """The second supervisor's question is of before; they see what is now beside it."""
    house.second.get_by_role("dialog").get_by_role("button", name="Priority").click()
    told = house.second.get_by_role("dialog")
    expect(told.get_by_text("Changed meanwhile")).to_be_visible()
    who = told.get_by_role("row", name="Who does it")
    for words in ("Picker", "Picker2", "changed"):
        expect(who).to_contain_text(words)
    shot(house.second, "live-conflict")
    assert house.task("WALKED")["priority"] != 90
    told.get_by_role("button", name="Ask again").click()
    expect(told).to_be_hidden()
    assert (house.task("WALKED")["priority"], house.task("WALKED")["assignee"]) == (90, "picker2")


def held_while_it_is_picked(house: House) -> None:
    """By service, at the customer's word; whoever has the goods in hand stops at once."""
    number, lines = house.number("WALKED"), house.walk("WALKED")
    look_at(house.lead, "/supervisor")
    on_board = house.lead.get_by_role("row").filter(has_text=number)
    expect(on_board).to_contain_text("Picking")
    look_at(house.service, f"/service/order/{house.orders['WALKED']}")
    house.service.get_by_role("button", name="Hold order").click()
    asked = house.service.get_by_role("dialog")
    asked.get_by_label("Reason").fill("Wants another colour")
    asked.get_by_role("button", name="Hold order").click()
    expect(house.other.get_by_test_id("stopped")).to_contain_text("Wants another colour")
    expect(on_board).to_contain_text("On hold")
    expect(house.service.get_by_test_id("state")).to_contain_text("On hold")
    shot(house.other, "live-stopped")
    shot(house.lead, "live-board-hold")
    shot(house.service, "live-story-hold")
    house.service.get_by_role("button", name="End hold").click()
    expect(house.other.get_by_test_id("stopped")).to_be_hidden()
    expect(on_board).to_contain_text("Picking")
    pick_and_finish(house.other, lines[1:])
    expect(on_board).to_contain_text("Picked")


def damage_is_settled(house: House, photo: Path) -> None:
    """Seen with the picker's own photo, and told where it matters."""
    look_at(house.service, f"/service/order/{house.orders['BROKEN']}")
    look_at(house.lead, "/supervisor/problems")
    expect(house.lead.get_by_text("No open problem.")).to_be_visible()
    house.picker.get_by_test_id("to-tasks").click()
    take_next(house.picker)
    broken, whole = house.walk("BROKEN")
    report_damage(house.picker, broken, photo)
    expect(house.lead.locator(".problem")).to_contain_text(broken["bin"])
    expect(house.second.get_by_role("link", name="Problems (1)")).to_be_visible()
    shot(house.lead, "live-problem")
    pick_and_finish(house.picker, [whole])
    all_sent(house.picker)
    open_case(house.lead, house.number("BROKEN"))
    look_at_the_photo(house.lead)
    house.lead.get_by_role("button", name="Take it").click()
    expect(house.lead.locator(".case-entries")).to_contain_text("took it")
    settle_it(house.lead, by_hand)
    shot(house.lead, "live-settled")
    expect(house.second.get_by_role("link", name="Problems", exact=True)).to_be_visible()
    expect(house.service.get_by_text("The problem was settled: Process")).to_be_visible()
    expect(house.service.get_by_text(HELPED)).to_be_visible()
    shot(house.service, "live-story-settled")
    house.picker.get_by_test_id("tray").click()
    told = house.picker.locator("[data-testid^=message-]")
    for words in ("What you reported is settled", HELPED, broken["bin"]):
        expect(told).to_contain_text(words)
    shot(house.picker, "live-tray")
    told.get_by_test_id("understood").click()
    expect(house.picker.get_by_test_id("no-messages")).to_be_visible()


def delivered_before_their_eyes(house: House) -> None:
    """Service has the order on the screen while the driver is at the door."""
    van = house.devices()
    driver, orders = driven_off(house.site, van)
    assert set(orders) == set(house.orders.values())
    look_at(house.service, f"/service/order/{orders[0]}")
    expect(house.service.get_by_text("Told “Shipped” by SMS")).to_be_visible()
    delivered(driver)
    expect(house.service.get_by_text("Driver arrived")).to_be_visible()
    house.site.proxy.cut()  # every link at once, and all come back by themselves
    finish(driver)
    expect(house.service.get_by_text("Delivered in full:")).to_be_visible()
    expect(house.service.get_by_role("img", name="Ann Corner")).to_be_visible()
    expect(house.service.get_by_text("Evidence complete")).to_be_visible()
    expect(house.service.get_by_text("Told “Delivered” by SMS")).to_be_visible()
    shot(driver, "live-driver")
    shot(house.service, "live-story-delivered")
    assert_at_rest(house.site, driver, "driver")


def shown_to_all(house: House) -> None:
    """On the wall and in the figures, which follow by themselves."""
    look_at(house.second, "/supervisor")
    house.second.get_by_role("link", name="Wall screen").click()
    expect(house.second.get_by_test_id("wall-Lines picked")).to_have_text("100 %")
    shot(house.second, "live-wall")
    counted = "SELECT coalesce(sum(n), 0) FROM measure WHERE dimension = '' AND what = 'lines'"
    store = house.site.store
    wait_until(house.lead, lambda: int(scalar(store, counted)) == 4, "the picked lines are counted")
    house.lead.get_by_role("link", name="Dashboards").click()
    expect(house.lead.get_by_test_id("figure-on_time")).to_have_text("100 %")
    shot(house.lead, "live-dashboard")


def test_six_people_see_each_other_s_work(
    site: Site, devices: Devices, sms: int, tmp_path: Path
) -> None:
    house = House(site, devices).open(sms)
    reassigned_while_away(house)
    held_while_it_is_picked(house)
    damage_is_settled(house, make_photo(tmp_path, 400, 300))
    delivered_before_their_eyes(house)
    shown_to_all(house)
    assert_at_rest(site, house.picker, "picker")
    assert_at_rest(site, house.other, "picker2")
    the_books_hold(site)


@twin
def test_a_screen_that_nothing_reaches_shows_yesterday_s_holder(
    site: Site, devices: Devices, sms: int
) -> None:
    house = House(site, devices, second_without=NOTHING_BY_ITSELF).open(sms)
    with red("'picker2'\nActual value: picker "):
        reassigned_while_away(house)


@twin
def test_a_server_that_counts_the_holder_s_work_alone_loses_what_was_done_while_away(
    site: Site, devices: Devices, sms: int
) -> None:
    serve_without(site, "facts")
    with red("A01-1-1"):
        reassigned_while_away(House(site, devices).open(sms))


def the_books_hold(site: Site) -> None:
    site.server.stop()
    moved = table(site.store, "SELECT sku, qty FROM movement WHERE why = 'pick' ORDER BY sku")
    picked = [(move["sku"], move["qty"]) for move in moved]
    assert picked == [("LAMP", 1), ("MUG", 1), ("TEE", 1), ("TEE", 1)], "each line once"
    assert_stock_adds_up(site.store)
    assert check_replay(site.store.url).differences == []
