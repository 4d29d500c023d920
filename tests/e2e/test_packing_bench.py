"""The packing bench in a real browser: cartons, gates, a scale on the wire, pallets, no network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server.catalog.ops import PutItem, PutSetting
from server.orders.ops import CancelOrder
from tests.documents.reading import pages, symbologies
from tests.e2e.conftest import Device, Site, installed, scan
from tests.e2e.fire import all_sent, make_photo, wait_until
from tests.floor_site import ITEMS, Handheld, good, order, release_wave, scalar, system, table
from tests.floor_work import APPLIED, assert_stock_adds_up, kinds, pick_all, take

Devices = Callable[..., Device]
MUG, TEE, LAMP = (ITEMS[sku][1:] for sku in ("MUG", "TEE", "LAMP"))
SETTINGS: dict[str, Any] = {
    "gs1": {"prefix": "9521234"},
    "cartons": [
        {"code": code, "name": name, "length_mm": mm, "width_mm": mm, "height_mm": mm}
        | {"max_g": grams, "tare_g": tare, "fill": 100}
        for code, name, mm, grams, tare in (
            ("S", "Small box", 210, 2_000, 100),
            ("M", "Middle box", 400, 9_000, 300),
        )
    ],
    "packing_guide": [
        {"when": {"fragile": True}, "filler": "air_cushions", "advice": ["wrap_each"]},
        {"material": "single_wall"},
    ],
}
ITEM: dict[str, dict[str, Any]] = {
    "MUG": {"length_mm": 100, "width_mm": 100, "height_mm": 100, "weight_g": 400},
    "TEE": {"length_mm": 200, "width_mm": 150, "height_mm": 30, "weight_g": 200},
    "LAMP": {"length_mm": 150, "width_mm": 150, "height_mm": 350, "weight_g": 1_500}
    | {"weight_class": "fragile"},
}
SCALE = """(() => {
  let out;
  const port = {
    readable: new ReadableStream({ start: control => { out = control; } }),
    open: async () => {}, close: async () => {},
  };
  Object.defineProperty(navigator, "serial", {
    value: { requestPort: async () => port, getPorts: async () => [] },
  });
  window.scaleSays = text => out.enqueue(new TextEncoder().encode(text));
})()"""


def furnish(site: Site, **more: Any) -> None:
    """Sizes, weights, cartons and a guide, as a site of its own would set them."""
    for key, value in (SETTINGS | more).items():
        good(system(site.store, "catalog.put_setting.v1", PutSetting(key=key, value=value)))
    for sku, fields in ITEM.items():
        item = PutItem(sku=sku, name=sku.title(), codes=[ITEMS[sku]], **fields)
        good(system(site.store, "catalog.put_item.v1", item))


def to_the_bench(site: Site, **goods: int) -> str:
    made = order(site.store, "R-1", **goods)
    good(release_wave(site.store))
    picker = Handheld(site.store, "picker")
    pick_all(picker, take(picker, "pick"))
    return made


def start(device: Device) -> Page:
    page = device.ready("packer")
    page.get_by_test_id("take-next").click()
    expect(page.get_by_test_id("take-next")).to_be_hidden()
    return page


def again(page: Page, code: str) -> None:
    """The same code sooner is the same pull of the trigger."""
    page.wait_for_timeout(350)
    scan(page, code)


def press(page: Page, test_id: str) -> None:
    page.get_by_test_id(test_id).click()


def type_weight(page: Page, grams: int) -> None:
    for digit in str(grams):
        page.get_by_role("button", name=digit, exact=True).click()
    page.locator(".keypad button[type=submit]").click()


def printed(page: Page) -> dict[str, str]:
    """What a scanner reads from the label as it comes out of the printer."""
    (paper,) = pages(page.pdf(prefer_css_page_size=True))
    return symbologies(paper)


def count_is(page: Page, text: str) -> None:
    expect(page.get_by_test_id("count")).to_contain_text(text)


def numbers(site: Site) -> list[str]:
    return [r["number"] for r in table(site.store, "SELECT number FROM parcel ORDER BY no")]


def fill_the_small_box(page: Page) -> None:
    """Two mugs by scan, the second of them taken back once; then a third."""
    press(page, "carton-S")
    scan(page, MUG)
    again(page, MUG)
    count_is(page, "2 / 4")
    press(page, "undo")
    count_is(page, "1 / 4")
    again(page, MUG)
    again(page, MUG)
    count_is(page, "3 / 4")
    press(page, "close-carton")


def report_one_damaged(page: Page, photo: Path) -> None:
    press(page, "look-MUG")
    press(page, "flaw")
    page.get_by_role("button", name="Damaged").click()
    expect(page.get_by_test_id("send-flaw")).to_be_disabled()
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".photo-strip img")).to_be_visible()
    press(page, "send-flaw")
    press(page, "quality-ok")


def test_two_cartons_a_flawed_piece_and_a_doubtful_weight_without_a_network(
    site: Site, devices: Devices, tmp_path: Path
) -> None:
    furnish(site)
    made = to_the_bench(site, MUG=3, LAMP=1)
    device = devices()
    page = start(device)
    expect(page.get_by_test_id("proposal")).to_contain_text("Middle box")
    expect(page.get_by_test_id("guide")).to_contain_text("Air cushions")
    device.offline(True)
    fill_the_small_box(page)
    report_one_damaged(page, make_photo(tmp_path, 200, 150))
    type_weight(page, 1_300)
    expect(page.get_by_test_id("weight-off")).to_contain_text("900")
    press(page, "weigh-again")
    type_weight(page, 930)
    expect(page.get_by_text("Is everything in, filled up, and sealed?")).to_be_visible()
    press(page, "close-parcel")
    label = page.get_by_test_id("label")
    expect(label).to_contain_text("1 Mill Lane")
    first = str(scalar(site.store, "SELECT number FROM parcel"))
    expect(label).to_contain_text(f"(00) {first}")
    scan(page, f"]C100{first}")
    press(page, "take-carton")
    scan(page, LAMP)
    press(page, "quality-ok")
    type_weight(page, 1_400)
    page.get_by_role("button", name="The item's weight is wrong").click()
    press(page, "weight-right")
    press(page, "close-parcel")
    expect(label).to_contain_text("2 / 2")
    device.offline(False)
    press(page, "to-tasks")
    all_sent(page)
    assert_packed_in_two(site, made)
    blobs = "SELECT COUNT(*) FROM blob WHERE state = 'complete'"
    wait_until(page, lambda: scalar(site.store, blobs) == 1, "the photo has arrived")


def assert_packed_in_two(site: Site, order_id: str) -> None:
    boxes = table(site.store, "SELECT state, carton, weight_g, packed_by FROM parcel ORDER BY no")
    assert [tuple(b.values()) for b in boxes] == [
        ("packed", "S", 930, "packer"),
        ("packed", "M", 1_400, "packer"),
    ]
    assert kinds(site.store) == ["flawed_item", "weight_off"]
    assert scalar(site.store, "SELECT state FROM orders WHERE id = :o", o=order_id) == "packed"
    assert scalar(site.store, "SELECT SUM(picked) FROM order_line") == 3
    assert len(set(numbers(site))) == 2
    assert_stock_adds_up(site.store)


def test_a_blind_count_tells_the_difference_only_afterwards(site: Site, devices: Devices) -> None:
    furnish(site, packing={"blind": True, "quality": False, "weigh": False}, cartons=[])
    to_the_bench(site, MUG=2, TEE=1)
    page = start(devices())
    for _ in range(3):
        again(page, MUG)
    count_is(page, "3 counted")
    expect(page.get_by_text("/ 2")).to_have_count(0)
    press(page, "count-done")
    differences = page.get_by_test_id("differences")
    expect(differences).to_contain_text("1 too many")
    expect(differences).to_contain_text("1 missing")
    press(page, "differs-seen")
    page.get_by_text("Mug", exact=True).click()
    press(page, "take-out")
    scan(page, TEE)
    press(page, "close-parcel")
    expect(page.get_by_test_id("label")).to_be_visible()
    all_sent(page)
    assert kinds(site.store) == ["blind_count_off", "blind_count_off"]
    assert scalar(site.store, "SELECT state FROM parcel") == "packed"


def test_the_scale_on_the_wire_says_the_weight(site: Site, devices: Devices) -> None:
    furnish(site, packing={"quality": False})
    to_the_bench(site, MUG=1)
    device = devices()
    device.scripts.append(SCALE)
    page = start(device)
    press(page, "take-carton")
    scan(page, MUG)
    press(page, "connect-scale")
    page.evaluate("scaleSays('US,GS,+  0.3')")
    page.evaluate("scaleSays('10kg\\r\\n')")
    expect(page.get_by_test_id("take-reading")).to_be_disabled()
    page.evaluate("scaleSays('ST,GS,+  0.512kg\\r\\n')")
    press(page, "take-reading")
    expect(page.get_by_text("512 g")).to_be_visible()
    press(page, "close-parcel")
    expect(page.get_by_test_id("label")).to_be_visible()
    all_sent(page)
    assert scalar(site.store, "SELECT weight_g FROM parcel") == 512
    told = str(scalar(site.store, "SELECT body FROM event WHERE kind = 'packing.parcel_packed'"))
    assert '"scale":"port"' in told


def test_a_pallet_is_built_without_a_network(site: Site, devices: Devices) -> None:
    furnish(site, packing={"quality": False, "weigh": False}, cartons=[])
    to_the_bench(site, MUG=1)
    device = devices()
    page = start(device)
    device.offline(True)
    scan(page, MUG)
    press(page, "close-parcel")
    (parcel,) = numbers(site)
    expect(page.get_by_test_id("label")).to_be_visible()
    assert printed(page)[f"00{parcel}"] == "]C1"
    scan(page, f"]C100{parcel}")
    press(page, "pallet")
    scan(page, MUG)
    expect(page.get_by_text("This is not a carton")).to_be_visible()
    page.get_by_role("button", name="Back").last.click()
    scan(page, f"]C100{parcel}")
    again(page, f"]C100{parcel}")
    expect(page.get_by_test_id("on-pallet")).to_contain_text("1 carton")
    press(page, "pallet-built")
    expect(page.get_by_test_id("label")).to_contain_text("(00)")
    label = printed(page)
    device.offline(False)
    press(page, "to-tasks")
    all_sent(page)
    built = scalar(site.store, "SELECT number FROM pallet WHERE state = 'built'")
    assert scalar(site.store, "SELECT pallet FROM parcel") == built
    assert label == {f"00{built}": "]C1"}


def test_the_app_is_loaded_again_without_a_network_and_goes_on_with_its_carton(
    site: Site, devices: Devices
) -> None:
    furnish(site, packing={"quality": False, "weigh": False})
    to_the_bench(site, MUG=2)
    device = devices()
    page = start(device)
    press(page, "take-carton")
    installed(page)
    device.offline(True)
    scan(page, MUG)
    count_is(page, "1 / 2")
    page.reload()
    count_is(page, "1 / 2")
    scan(page, MUG)
    press(page, "close-parcel")
    expect(page.get_by_test_id("label")).to_be_visible()
    device.offline(False)
    all_sent(page)
    assert scalar(site.store, "SELECT SUM(qty) FROM pack_piece") == 2
    assert scalar(site.store, "SELECT state FROM parcel") == "packed"


def test_a_cancelled_order_leaves_the_bench_and_its_cartons_are_void(
    site: Site, devices: Devices
) -> None:
    furnish(site)
    made = to_the_bench(site, MUG=2)
    page = start(devices())
    press(page, "take-carton")
    scan(page, MUG)
    count_is(page, "1 / 2")
    desk = Handheld(site.store, "supervisor")
    cancel = CancelOrder(order=made, reason="customer asked")
    assert desk.say("orders.cancel_order.v1", cancel) == APPLIED
    expect(page.get_by_test_id("gone")).to_be_visible()
    assert scalar(site.store, "SELECT state FROM parcel") == "void"


@pytest.mark.parametrize("size", [(360, 720), (1280, 800)])
def test_each_screen_fits(site: Site, devices: Devices, size: tuple[int, int]) -> None:
    """Nothing sticks out sideways, at the smallest and at a desk's width."""
    furnish(site)
    to_the_bench(site, MUG=2, LAMP=1)
    page = start(devices(handheld=size[0] < 500))

    def fits() -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.evaluate("innerWidth")

    expect(page.get_by_test_id("proposal")).to_be_visible()
    fits()
    press(page, "take-carton")
    scan(page, MUG)
    count_is(page, "1 / 3")
    fits()
    page.get_by_text("Mug", exact=True).click()
    press(page, "flaw")
    fits()
