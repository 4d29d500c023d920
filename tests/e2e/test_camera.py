"""A phone without a scanner: its camera reads a badge, by a decoder that the site itself serves."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from server.documents.barcodes import qr_png
from tests.e2e import conftest
from tests.e2e.conftest import Device


def clip(text: str, path: Path) -> None:
    """A video that a fake camera plays: JPEGs one after another, the code on a grey wall."""
    code = Image.open(io.BytesIO(qr_png(text, module_mm=1.5))).convert("L")
    wall = Image.new("L", (1280, 720), 150)
    white = Image.new("L", (code.width + 80, code.height + 80), 255)
    white.paste(code, (40, 40))
    wall.paste(white, ((1280 - white.width) // 2, (720 - white.height) // 2))
    frame = io.BytesIO()
    wall.convert("RGB").save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * 3)


def test_the_camera_reads_a_badge_with_a_decoder_that_is_loaded_only_then(
    devices: Callable[..., Device], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip("B-picker", tmp_path / "badge.mjpeg")
    fake = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'badge.mjpeg'}",
    ]
    monkeypatch.setattr(conftest, "FLAGS", [*conftest.FLAGS, *fake])
    device = devices()
    page = device.open()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    device.enrol(page)
    assert not [url for url in asked if url.endswith(".wasm")]
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_role("textbox", name="PIN")).to_be_visible()
    expect(page.get_by_text("B-picker")).to_be_visible()
    assert all(url.startswith((device.url, "blob:", "data:")) for url in asked)
