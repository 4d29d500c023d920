"""The supervisor's map follows the floor while it is open; it is all there without eyes, too."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import wait_until
from tests.e2e.test_desks import open_view, show_person
from tests.serving import Server
from tests.sync.wire import device, pick, take


def test_a_pick_warms_its_bin_and_puts_its_picker_on_the_map_without_a_reload(
    site: Site, devices: Callable[..., Device]
) -> None:
    site.orders(1)
    site.store.run_sync(partial(show_person, "picker"))
    desk = devices(handheld=False).ready("supervisor")
    open_view(desk, "/supervisor/floor")
    expect(desk.get_by_test_id("floor-map")).to_be_visible()
    expect(desk.get_by_test_id("aisle-1")).to_have_text("0")
    expect(desk.get_by_test_id("on-map")).to_have_count(0)
    assert isinstance(site.server, Server)
    handheld = device(site.store, site.server, "picker")
    handheld.sync()
    take(handheld)
    handheld.sync()
    line = handheld.kind("line")[0]
    handheld.sync(pick(handheld, line))
    expect(desk.get_by_test_id("on-map")).to_have_count(1)
    expect(desk.get_by_test_id("at-picker")).to_have_text(line["bin"])
    expect(desk.get_by_test_id(f"aisle-{line['aisle'] + 1}")).to_have_text("1")
    bay = desk.get_by_test_id(f"bay-{line['bin']}")
    expect(bay.locator("title")).to_have_text(f"{line['bin']}: 1 pick")
    assert "w4" in (bay.get_attribute("class") or "")


@pytest.mark.usefixtures("site")
def test_the_map_is_enlarged_and_moved_by_keyboard(devices: Callable[..., Device]) -> None:
    desk = devices(handheld=False).ready("supervisor")
    open_view(desk, "/supervisor/floor")
    frame = desk.get_by_test_id("floor-map")
    expect(frame).to_be_visible()
    before = frame.locator("svg").bounding_box()
    larger = desk.get_by_role("button", name="Larger")
    for _ in range(3):
        larger.focus()
        desk.keyboard.press("Enter")
    expect(larger).to_be_disabled()
    after = frame.locator("svg").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 2.5 * before["width"]
    frame.focus()
    desk.keyboard.press("ArrowRight")
    wait_until(desk, lambda: frame.evaluate("it => it.scrollLeft") > 0, "the map moves")
