"""The whole path of a camera: a video of a photograph, the app's frames, its own decoder."""

import io
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, Site
from tests.rules.barcode_pictures import READ_AT_LEAST, Photo, photos

FRAME = (1280, 720)
WALL, MARGIN = (150, 150, 150), 30
LOOKS = 9
"""A picture that was looked at so often, three times in each way, is not going to be read."""
PATIENCE_S = 30
SAMPLE = ["ean13-1__23", "code128-2__13", "gs1__gs1-figure-4.15.1-2-32x32", "falsepositives-2__05"]

# What the decoder's worker tells the camera, picture after picture.
LISTEN = """
window.looks = [];
const Plain = window.Worker;
window.Worker = class extends Plain {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => {
      if (data.codes) window.looks.push(data.codes.map(code => code.raw));
    });
  }
};
"""


def clip(photo: Photo, path: Path) -> None:
    """A video that a fake camera plays: the photograph as large as the frame allows."""
    image = photo.image.convert("RGB")
    room = [side - 4 * MARGIN for side in FRAME]
    scale = min(room[0] / image.width, room[1] / image.height)
    # Symbols of a pixel a module stay sharp; photographs are smooth.
    how = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.BICUBIC
    image = image.resize((round(image.width * scale), round(image.height * scale)), how)
    frame = Image.new("RGB", FRAME, WALL)
    at = ((FRAME[0] - image.width) // 2, (FRAME[1] - image.height) // 2)
    sheet = Image.new("RGB", (image.width + 2 * MARGIN, image.height + 2 * MARGIN), "white")
    frame.paste(sheet, (at[0] - MARGIN, at[1] - MARGIN))
    frame.paste(image, at)
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=92)
    path.write_bytes(jpeg.getvalue() * 3)


def seen(playwright: Playwright, site: Site, photo: Photo, folder: Path) -> str | None:
    """What the camera on the enrolment screen reads first, of however many looks."""
    video = folder / f"{photo.path.stem}.mjpeg"
    clip(photo, video)
    fake = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *fake])
    try:
        page = browser.new_page(locale="en-GB")
        page.add_init_script(LISTEN)
        page.goto(site.server.public)
        page.get_by_role("button", name="Scan the code with the camera").click()
        return next((codes[0] for codes in _looks(page) if codes), None)
    finally:
        browser.close()
        video.unlink()


def _looks(page: Page) -> Iterator[list[str]]:
    """The codes of each look in turn, until there were enough."""
    until = time.monotonic() + PATIENCE_S
    told = 0
    while told < LOOKS:
        assert time.monotonic() < until, f"the camera gave {told} pictures in {PATIENCE_S} s"
        page.wait_for_timeout(50)
        looks: list[list[str]] = page.evaluate("window.looks")
        yield from looks[told:LOOKS]
        told = len(looks)


def _named(names: list[str]) -> list[Photo]:
    return [photo for photo in photos() if photo.path.stem in names]


def test_the_camera_reads_photographs_and_nothing_where_there_is_no_code(
    playwright: Playwright, site: Site, tmp_path: Path
) -> None:
    sample = _named(SAMPLE)
    assert len(sample) == len(SAMPLE)
    for photo in sample:
        found = seen(playwright, site, photo, tmp_path)
        assert photo.verdict(found) == "right", (photo.path.stem, found)


@pytest.mark.soak
def test_the_camera_reads_most_photographs_and_none_wrongly(
    playwright: Playwright, site: Site, tmp_path: Path
) -> None:
    judged = []
    for photo in photos():
        found = seen(playwright, site, photo, tmp_path)
        judged.append((photo.path.stem, photo.verdict(found), found))
    verdicts = Counter(verdict for _, verdict, _ in judged)
    assert [one for one in judged if one[1] == "wrong"] == []
    assert verdicts["right"] >= READ_AT_LEAST, [one for one in judged if one[1] == "none"]
