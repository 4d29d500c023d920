"""What is kept as a photo is a photo and nothing besides; what is shown of it was drawn here."""

import io
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from server.store import blobs, redraw
from tests.asked import Asked, asking, code_of
from tests.stores import open_store
from tests.sync import blob_wire as wire
from tests.sync.blob_wire import declare, jpeg, noise, saved, send, sha

pytestmark = pytest.mark.anyio
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
SCRIPT = b"<html><script>alert(1)</script></html>"
PLAIN = jpeg()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        async with asking(store, tmp_path) as asked:
            yield asked


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "position in EXIF": (wire.with_position, JPEG, "metadata"),
    "position in XMP": (wire.with_xmp, JPEG, "metadata"),
    "comment": (wire.with_comment, JPEG, "metadata"),
    "place in IPTC": (wire.with_iptc, JPEG, "metadata"),
    "Safari's, turned": (lambda: wire.from_safari(orientation=6), JPEG, "metadata"),
    "Safari's, with more": (
        lambda: wire.from_safari().replace(b"Exif\0\0MM", b"Exif\0\0II"),
        JPEG,
        "metadata",
    ),
    "two pictures in one": (wire.film, JPEG, "metadata"),
    "text in a PNG": (wire.png_with_text, PNG, "metadata"),
    "EXIF in a WebP": (lambda: saved(noise(64, 64), "WEBP", exif=b"Exif\0\0MM"), WEBP, "metadata"),
    "film as WebP": (
        lambda: saved(noise(64, 64), "WEBP", save_all=True, append_images=[noise(64, 64)]),
        WEBP,
        "metadata",
    ),
    "page behind a JPEG": (lambda: PLAIN + SCRIPT, JPEG, "end"),
    "page behind a PNG": (lambda: saved(noise(64, 64), "PNG") + SCRIPT, PNG, "end"),
    "page behind a WebP": (lambda: saved(noise(64, 64), "WEBP") + SCRIPT, WEBP, "end"),
    "page": (lambda: SCRIPT, PNG, "format"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', JPEG, "format"),
    "GIF": (lambda: saved(noise(64, 64), "GIF"), JPEG, "format"),
    "GIF bomb": (lambda: saved(Image.new("P", (20_000, 20_000)), "GIF"), WEBP, "format"),
    "PNG said to be JPEG": (lambda: saved(noise(64, 64), "PNG"), JPEG, "format"),
    "half a JPEG": (lambda: PLAIN[: len(PLAIN) // 2], JPEG, "format"),
    "half a PNG": (lambda: saved(noise(64, 64), "PNG")[:2_000], PNG, "format"),
    "only a head": (lambda: b"\xff\xd8\xff\xd9", JPEG, "decode"),
    "PNG bomb": (wire.png_bomb, PNG, "pixels"),
    "WebP bomb": (wire.webp_bomb, WEBP, "pixels"),
    "markers without end": (lambda: b"\xff\xd8\xff\xda\0\2" + b"\xff\0" * 500_000, JPEG, "format"),
}


def spent_s() -> float:
    """CPU time of this process and its children: what a busy machine does not stretch."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, whose))


@pytest.mark.parametrize("name", list(HOSTILE))
async def test_what_is_no_plain_picture_is_refused_at_once_and_not_kept(
    site: Asked, name: str
) -> None:
    make, mime, field = HOSTILE[name]
    data, driver = make(), site.browser("driver")
    assert (await declare(driver, data, mime)).status_code == 201
    began = spent_s()
    answer = await wire.add(driver, sha(data), 0, data)
    took = spent_s() - began
    assert (answer.status_code, code_of(answer)) == (400, "bad_image"), answer.text
    assert answer.json()["error"]["field"] == field, answer.text
    assert answer.json()["error"]["mend"]
    assert took <= 1
    assert [p for p in site.store.blobs.rglob("*") if p.is_file()] == []
    assert (await driver.ask("HEAD", f"/blobs/{sha(data)}")).status_code == 404
    assert code_of(await declare(driver, data, mime)) == "bad_image"


async def test_bombs_burst_a_process_of_their_own(site: Asked) -> None:
    driver = site.browser("driver")
    await send(driver, wire.png_bomb(12_000), PNG)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for side in (13_000, 14_000, 15_000):
        assert (await send(driver, wire.png_bomb(side), PNG)).status_code == 400
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb <= 100 * 1024


DRAW = """
import pathlib, re, sys; sys.path.insert(0, sys.argv[1])
import redraw
if sys.argv[5] == "unlimited":
    redraw.MAX_PIXELS, redraw.MEMORY = 10**9, 8 << 30
redraw.limit()
ended = redraw.redraw(*sys.argv[2:5])
used = redraw.resource.getrusage(redraw.resource.RUSAGE_SELF)
peak = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1]
print("", ended, used.ru_utime + used.ru_stime, peak)
"""


def drawn(folder: Path, data: bytes, kind: str, limits: str) -> tuple[int, float, int]:
    """The program that draws pictures, on this one: how it ended, s of CPU, peak memory in KB."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    told = [str(Path(redraw.__file__).parent), str(source), str(target), kind, limits]
    command = [sys.executable, "-c", DRAW, *told]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    _, ended, seconds, kilobytes = said.rsplit(" ", 3)
    return int(ended), float(seconds), int(kilobytes)


@pytest.mark.parametrize(("bomb", "kind"), [(wire.png_bomb, "PNG"), (wire.webp_bomb, "WEBP")])
def test_a_bomb_takes_no_more_than_a_second_and_a_hundred_megabytes(
    tmp_path: Path, bomb: Callable[[], bytes], kind: str
) -> None:
    ended, seconds, kilobytes = drawn(tmp_path, bomb(), kind, "limited")
    assert ended == redraw.PICTURE
    assert seconds <= 1
    assert kilobytes <= 100 * 1024
    assert not (tmp_path / "target").exists()


def test_without_the_limits_a_bomb_would_burst_them(tmp_path: Path) -> None:
    ended, _, kilobytes = drawn(tmp_path, wire.png_bomb(), "PNG", "unlimited")
    assert (ended, kilobytes > 100 * 1024) == (0, True)


async def test_a_picture_announced_wrongly_may_be_announced_rightly(site: Asked) -> None:
    driver, data = site.browser("driver"), saved(noise(64, 64), "PNG")
    assert (await send(driver, data, JPEG)).status_code == 400
    assert (await send(driver, data, PNG)).status_code == 204


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (jpeg(3000, 2000, quality=60), JPEG),
        (jpeg(progressive=True), JPEG),
        (wire.from_safari(), JPEG),
        (jpeg(icc_profile=b"\0" * 300), JPEG),
        (saved(Image.new("L", (40, 30)), "JPEG"), JPEG),
        (saved(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG"), PNG),
        (saved(noise(40, 30).quantize(16), "PNG"), PNG),
        (saved(noise(300, 200), "WEBP", quality=80), WEBP),
        (saved(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "WEBP", lossless=True), WEBP),
    ],
)
async def test_a_plain_picture_is_shown_as_drawn_here(site: Asked, data: bytes, mime: str) -> None:
    driver = site.browser("driver")
    assert (await send(driver, data, mime)).status_code == 204
    answer = await driver.ask("GET", f"/blobs/{sha(data)}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox; default-src 'none'" in answer.headers.get_list("content-security-policy")
    assert answer.headers["content-disposition"] == f'inline; filename="{sha(data)[:16]}.jpg"'
    sent, shown = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(answer.content))
    assert max(shown.size) == min(max(sent.size), 1600)
    assert abs(shown.width / shown.height - sent.width / sent.height) < 0.01
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(shown.info)
    assert blobs.file_of(site.store, "main", sha(data)).whole.read_bytes() == data


async def test_what_is_transparent_is_shown_on_white(site: Asked) -> None:
    driver = site.browser("driver")
    data = saved(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG")
    await send(driver, data, PNG)
    shown = Image.open(io.BytesIO((await driver.ask("GET", f"/blobs/{sha(data)}")).content))
    assert shown.getpixel((20, 15)) == (255, 255, 255)
