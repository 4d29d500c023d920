"""Codes read right: the published GS1 vectors in both languages, photographs of bar codes as stills
and through a fake camera of real Chromium with the app's own frames and decoder.

A wrong read is worse than none: what is read wrongly gets booked.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import sync_playwright

import server.modules  # noqa: F401  registers operations and tables
from bench.figure import Figure, at_least, at_most
from server.store.store import Store
from tests.e2e.conftest import Site
from tests.e2e.proxy import Proxy
from tests.e2e.test_camera_photos import seen
from tests.floor_site import build
from tests.rules.barcode_pictures import READ_AT_LEAST, Photo, photos
from tests.rules.gs1_cases import sample_cases, syntax_cases
from tests.rules.test_barcode_stills import read
from tests.rules.test_gs1_conformance import differing, wrong
from tests.serving import serving


def run() -> list[Figure]:
    cases = [*syntax_cases(), *sample_cases()]
    missed = wrong(cases)
    pictures = photos()
    return [
        at_least("codes: GS1 vectors agree", 100 * (1 - len(missed) / len(cases)), "%", 99),
        at_most("codes: accepted falsely", sum(not c.valid for c in missed), "vectors", 0),
        at_most("codes: read otherwise in the web app", len(differing()), "vectors", 0),
        *_photographs("stills", pictures, read(pictures)),
        *_photographs("camera", pictures, _by_camera(pictures)),
    ]


def _photographs(
    how: str, pictures: Iterable[Photo], found: Iterable[str | None]
) -> tuple[Figure, Figure]:
    verdicts = [photo.verdict(text) for photo, text in zip(pictures, found, strict=True)]
    return (
        at_least(f"codes: {how}, right of 64", verdicts.count("right"), "pictures", READ_AT_LEAST),
        at_most(f"codes: {how}, read wrongly", verdicts.count("wrong"), "pictures", 0),
    )


def _by_camera(pictures: list[Photo]) -> list[str | None]:
    proxy = Proxy().start()
    with tempfile.TemporaryDirectory(prefix="dockhand-bench-") as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'site.db'}", folder / "blobs")
        build(store)
        with serving(store.url, folder, proxy.port) as server, sync_playwright() as playwright:
            proxy.server_port = server.port
            site = Site(store, server, proxy)
            found = [seen(playwright, site, photo, folder) for photo in pictures]
        store.close()
        proxy.stop()
    return found
