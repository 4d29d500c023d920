"""What a driver does at customers' doors, by the app's own screens: always up to the last tap,
which `finish` makes."""

import json
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import disk, wait_until
from tests.e2e.test_driver import proofs, sign

HOME = b"1 Mill Lane, where the driver lives"
"""What a phone writes into its photos, and nobody must ever read again."""
UPRIGHT, ACROSS = {"width": 360, "height": 720}, {"width": 720, "height": 360}
INK = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  let left = 0, right = 0;
  for (let i = 3; i < data.length; i += 4)
    if (data[i] > 0) (((i - 3) / 4) % width < width / 2 ? left++ : right++);
  return { left, right };
}"""


def make_photo(folder: Path) -> Path:
    """As a phone's camera makes it: with the place, a description and a comment."""
    path = folder / "door.jpg"
    exif = Image.Exif()
    exif[0x010E] = HOME.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 30.0)})
    Image.effect_noise((800, 600), 60).convert("RGB").save(
        path, exif=exif, xmp=b"<x:xmpmeta>" + HOME + b"</x:xmpmeta>", comment=HOME
    )
    assert path.read_bytes().count(HOME) == 3
    return path


def arrive(page: Page) -> None:
    page.get_by_test_id("next-stop").or_(page.get_by_test_id("onward")).click()
    page.get_by_test_id("arrive").click()
    expect(page.get_by_test_id("outcome-failed")).to_be_visible()


def go_on(page: Page) -> None:
    page.get_by_test_id("next").click()


def take_photo(page: Page, photo: Path) -> None:
    page.locator("input[type=file]").last.set_input_files(photo)
    expect(page.locator(".photo-strip img").first).to_be_visible()


def finish(page: Page) -> None:
    expect(page.get_by_test_id("place")).not_to_have_text("Searching…")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_contain_text("Recorded on this device")


def stroke(page: Page, at: float) -> None:
    """A line of ink in the left or the right half of the pad."""
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * at, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 9):
        page.mouse.move(x + box["width"] * 0.02 * i, y + (12 if i % 2 else -12))
    page.mouse.up()


def ink(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.locator("canvas").evaluate(INK)
    return found


def sign_on_a_rotating_phone(page: Page) -> None:
    """One stroke upright, one across; both are there, and drawn, when it is upright again."""
    stroke(page, 0.1)
    expect(page.get_by_text("Signature recorded")).to_be_visible()
    page.set_viewport_size(ACROSS)  # type: ignore[arg-type]
    expect(page.get_by_text("Signature recorded")).to_be_visible()
    wait_until(page, lambda: ink(page)["left"] > 0, "the first stroke is drawn again")
    stroke(page, 0.7)
    page.set_viewport_size(UPRIGHT)  # type: ignore[arg-type]
    wait_until(page, lambda: min(ink(page).values()) > 0, "both strokes are drawn")


def delivered_with_a_rotated_phone(page: Page) -> None:
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_label("Receiver's name").fill("Ann Corner")
    sign_on_a_rotating_phone(page)
    go_on(page)


def delivered(page: Page, receiver: str = "Ann Corner") -> None:
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    sign_for_it(page, receiver)


def sign_for_it(page: Page, receiver: str) -> None:
    page.get_by_label("Receiver's name").fill(receiver)
    sign(page)
    go_on(page)


def delivered_in_part(page: Page, photo: Path, why: str = "damaged") -> None:
    """Of two mugs one is broken: the line has its own reason and photo."""
    arrive(page)
    page.get_by_test_id("outcome-partial").click()
    one_mug_stays(page, photo, why)


def one_mug_stays(page: Page, photo: Path, why: str) -> None:
    page.get_by_test_id("less-MUG").click()
    expect(page.get_by_test_id("kept-MUG")).to_contain_text("1")
    page.get_by_test_id("line-MUG").get_by_role("combobox").select_option(why)
    take_photo(page, photo)
    go_on(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_test_id("sign-words")).to_contain_text("1 × MUG; 1 ×")
    sign_for_it(page, "Bob Corner")


def refused(page: Page, why: str, photo: Path) -> None:
    """With a photo, and the signature of whoever refuses it."""
    arrive(page)
    page.get_by_test_id("outcome-refused").click()
    page.get_by_role("button", name=why).click()
    go_on(page)
    take_photo(page, photo)
    go_on(page)
    sign(page)
    go_on(page)


def refused_without_a_camera(page: Page) -> None:
    """Neither photo nor signature: only with a reason, which is recorded."""
    arrive(page)
    page.get_by_test_id("outcome-refused").click()
    page.get_by_role("button", name="Does not want it any more").click()
    go_on(page)
    go_on(page)
    go_on(page)
    expect(page.get_by_test_id("lack-one_of")).to_be_visible()
    page.get_by_test_id("relax-one_of").click()
    page.get_by_role("button", name="The camera does not work").click()
    page.get_by_test_id("relax-yes").click()


def nobody_home(page: Page, photo: Path, why: str = "Nobody home") -> None:
    arrive(page)
    page.get_by_test_id("outcome-failed").click()
    expect(page.get_by_role("button", name="Nobody home")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=why).click()
    go_on(page)
    go_on(page)
    expect(page.get_by_test_id("lack-photo")).to_be_visible()
    take_photo(page, photo)
    go_on(page)
    expect(page.get_by_test_id("finish")).to_be_visible()


def has_pin(page: Page, salt: str) -> bool:
    """What the newest PIN is checked against: the house may have made one before it."""
    return any(row[1] == "stop" and salt in str(row[4]) for row in disk(page).rows)


def say_pin(page: Page, pin: str) -> None:
    page.get_by_role("textbox", name="PIN").fill(pin)
    page.keyboard.press("Enter")


def open_again(device: Device, offline: bool = False) -> Page:
    """The app after its processes died, with whoever was signed in."""
    page = device.open()
    device.offline(offline)
    page.goto(device.url)
    expect(page.get_by_test_id("continue").or_(page.get_by_label("Badge"))).to_be_visible()
    if page.get_by_label("Badge").is_visible():
        device.sign_in(page, "driver")
    return page


def records(site: Site) -> list[dict[str, Any]]:
    return [json.loads(p["record"]) for p in proofs(site)]


def verdicts(site: Site) -> list[dict[str, str]]:
    return [json.loads(p["verdicts"]) for p in proofs(site)]
