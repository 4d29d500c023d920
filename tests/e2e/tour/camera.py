"""A camera that looks at a shelf, and photos of it. A page sees it once it is allowed to."""

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.tour.aftermath import shelf
from tests.e2e.tour.stop import Reach, Visit, tap

LOCATED = ["geolocation"]


def filmed(folder: Path) -> list[str]:
    """Chromium's flags for it. Without the page's leave the camera is blocked, as without them."""
    film = folder / "shelf.mjpeg"
    film.write_bytes(shelf(1280, 720) * 3)
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]


def look(key: str = "ui.cameraScan") -> Reach:
    """The camera's button, pressed by who allows it."""

    def reach(on: Visit) -> None:
        on.page.context.grant_permissions([*LOCATED, "camera"])
        tap(key)(on)
        expect(on.page.locator(".camera .frame")).to_be_visible()

    return reach


def forbid(on: Visit) -> None:
    on.page.context.clear_permissions()
    on.page.context.grant_permissions(LOCATED)


def photograph(on: Visit) -> None:
    """By the device's own camera: its picture comes as a file."""
    photo = {"name": "shelf.jpg", "mimeType": "image/jpeg", "buffer": shelf(640, 480)}
    on.page.locator("input[type=file]").last.set_input_files(photo)  # type: ignore[arg-type]
    expect(on.page.locator(".photo-strip img").first).to_be_visible()


def no_picture(on: Visit) -> None:
    """What came is no picture at all."""
    broken = {"name": "shelf.jpg", "mimeType": "image/jpeg", "buffer": b"nothing to see"}
    on.page.locator("input[type=file]").last.set_input_files(broken)  # type: ignore[arg-type]
