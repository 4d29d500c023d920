"""Customer service types what the caller says, or scans what the caller sent a picture of."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Device, Site, scan
from tests.e2e.fire import wait_until
from tests.floor_site import ITEMS, good, order_of, scalar, system


def customers(site: Site, *names: str) -> None:
    for at, name in enumerate(names):
        made = order_of(f"CALL-{at}", MUG=1)
        made.customer_name, made.customer = name, f"C-{at}"
        good(system(site.store, "orders.import_order.v1", made))


def test_results_come_as_one_types_and_the_keyboard_reaches_them(
    site: Site, devices: Callable[..., Device]
) -> None:
    customers(site, "Åsa Öberg", "张伟", "Anna Ober", "Nobody")
    desk = devices(handheld=False).ready("service")
    box, found = desk.get_by_role("searchbox"), desk.get_by_role("list", name="Orders found")
    expect(desk.get_by_text("Type what the caller knows")).to_be_visible()
    box.press_sequentially("obe")
    expect(found.get_by_role("button")).to_have_count(2)
    expect(found.get_by_role("button").filter(has_text="Åsa Öberg")).to_contain_text("name")
    box.press("ArrowDown")
    expect(found.get_by_role("button").first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(found.get_by_role("button").last).to_be_focused()
    desk.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    box.fill("张")
    expect(found.get_by_role("button")).to_have_count(1)
    box.press("Enter")
    expect(desk.get_by_role("heading", name="What happened")).to_be_visible()


def test_a_scan_that_means_one_order_opens_it_and_one_of_many_lists_them(
    site: Site, devices: Callable[..., Device]
) -> None:
    customers(site, "One", "Two")
    desk = devices(handheld=False).ready("service")
    expect(desk.get_by_text("Type what the caller knows")).to_be_visible()
    scan(desk, ITEMS["MUG"])
    expect(desk.get_by_test_id("found")).to_have_text("2 orders found")
    number = str(scalar(site.store, "SELECT number FROM orders WHERE ref = 'CALL-1'"))
    scan(desk, number)
    expect(desk.get_by_role("heading", name="What happened")).to_be_visible()
    expect(desk.get_by_text("CALL-1").first).to_be_visible()


def test_an_older_question_is_given_up_and_a_failed_one_can_be_asked_again(
    site: Site, devices: Callable[..., Device]
) -> None:
    customers(site, "Slow Answer", "Quick Answer")
    desk = devices(handheld=False).ready("service")
    asked, given_up = re.compile(r"/api/orders\?q=slow"), list[str]()
    desk.on("requestfailed", lambda request: given_up.append(request.url))
    desk.route(asked, lambda _: None)  # an answer that does not come
    box = desk.get_by_role("searchbox")
    with desk.expect_request(asked):
        box.fill("slow")
    box.fill("quick")
    expect(desk.get_by_text("Quick Answer")).to_be_visible()
    wait_until(desk, lambda: any(map(asked.search, given_up)), "the first question is given up")

    desk.route(re.compile(r"/api/orders\?q=answer"), lambda route: route.abort())
    box.fill("answer")
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.unroute(re.compile(r"/api/orders\?q=answer"))
    desk.get_by_role("button", name="Search again").click()
    expect(desk.get_by_test_id("found")).to_have_text("2 orders found")
    box.fill("nobody at all")
    expect(desk.get_by_text("Nothing fits “nobody at all”.")).to_be_visible()
