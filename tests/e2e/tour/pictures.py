"""`python3 dev.py pictures [ROLE ...]`: takes a picture of every stop of the tour for the guides,
at the size of a handheld and of a desk, into `docs/guide/img/LANGUAGE/ROLE-STOP.SIZE.webp`."""

import io
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.tour.camera import filmed
from tests.e2e.tour.look import DESK, FLOOR, settle
from tests.e2e.tour.site import touring
from tests.e2e.tour.stop import Journey, Stop, Visit
from tests.e2e.tour.tour import TOUR, walk

GUIDE = Path(__file__).parents[3] / "docs" / "guide"
IMAGES = GUIDE / "img"
SIZES = {"handheld": FLOOR, "desktop": DESK}
LANGUAGES = ("en", "zh-Hans")
"""Those that there are guides in."""
NO_TOASTS = "off => document.documentElement.classList.toggle('no-toasts', off)"
FLAGS = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars")
COLOURS = 48
MOST_BYTES = 1_000_000


def name_of(role: str, stop: str, size: str) -> str:
    return f"{role}-{stop}.{size}.webp"


def take(page: Page, size: str) -> bytes:
    """As few bytes as a screen of plain areas needs."""
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.evaluate("document.fonts.ready.then(() => undefined)")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = shot.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    made = io.BytesIO()
    few.save(made, "WEBP", lossless=True, quality=50, method=4)
    assert made.tell() <= MOST_BYTES, size
    return made.getvalue()


def picture(journey: Journey, on: Visit, stop: Stop, folder: Path) -> None:
    usual = on.page.viewport_size
    assert usual is not None
    settle(on)
    on.page.evaluate(NO_TOASTS, ".toast" not in stop.shown)
    for size in SIZES:
        (folder / name_of(journey.role, stop.name, size)).write_bytes(take(on.page, size))
    on.page.evaluate(NO_TOASTS, False)
    on.page.set_viewport_size(usual)


def pictures(journeys: Sequence[Journey], language: str, template: Path, browser: Browser) -> int:
    """Of all stops; how many bytes they have."""
    folder = IMAGES / language
    folder.mkdir(parents=True, exist_ok=True)
    spoken = {journey.role: language for journey in TOUR}
    with tempfile.TemporaryDirectory() as at, touring(Path(at), template, spoken) as site:
        for role in {journey.role for journey in journeys}:
            for old in folder.glob(f"{role}-*.webp"):
                old.unlink()
        for journey in journeys:
            walk(
                journey,
                site,
                browser,
                language,
                lambda on, stop, _, journey=journey: picture(journey, on, stop, folder),  # type: ignore[misc]
            )
    return sum(path.stat().st_size for path in folder.iterdir())


@contextmanager
def chromium() -> Iterator[Browser]:
    with tempfile.TemporaryDirectory() as films, sync_playwright() as running:
        flags = [*FLAGS, *filmed(Path(films))]
        browser = running.chromium.launch(executable_path=os.environ["CHROMIUM"], args=flags)
        yield browser
        browser.close()


def main(roles: Iterable[str]) -> int:
    wanted = set(roles)
    if unknown := wanted - {journey.role for journey in TOUR}:
        sys.exit(f"nobody on the tour is called {', '.join(sorted(unknown))}")
    journeys = [journey for journey in TOUR if not wanted or journey.role in wanted]
    with tempfile.TemporaryDirectory() as template, chromium() as browser:
        for language in LANGUAGES:
            size = pictures(journeys, language, Path(template), browser)
            sys.stdout.write(f"{language}: {size / 1e6:.1f} MB in {IMAGES / language}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
