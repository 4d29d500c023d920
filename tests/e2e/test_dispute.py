"""From the driver's tap to a stranger's verdict: the pack that customer service downloads holds, on
the command line and in a browser that has never seen the site."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from server.cli import main
from server.pod.checks import CHECKS
from tests.e2e.conftest import CHROMIUM, FLAGS, Device, Site
from tests.e2e.test_driver import on_the_road, photo, refuse, sign
from tests.evidence_work import unpacked

__all__ = ["photo"]
Devices = Callable[..., Device]


def delivered(site: Site, device: Device, picture: Path) -> str:
    """An order that was refused at the door with photo and signature; its id."""
    page, (order_id, _) = on_the_road(site, device)
    page.get_by_test_id("next-stop").click()
    page.get_by_test_id("arrive").click()
    refuse(page, picture)
    sign(page)
    page.get_by_test_id("next").click()
    expect(page.get_by_test_id("place")).to_have_text("Within 12 m")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("proof-state")).to_contain_text("Sent with all evidence")
    expect(page.get_by_test_id("countersigned")).to_contain_text("Countersigned by the server")
    return order_id


def test_a_delivery_is_disputed_and_the_pack_decides(
    site: Site,
    devices: Devices,
    photo: Path,
    playwright: Playwright,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    order_id = delivered(site, devices(), photo)
    desk = devices(handheld=False).ready("service")
    desk.goto(f"{site.server.public}/#/orders/{order_id}")
    for name in CHECKS:
        expect(desk.locator(f"[data-check='{name}.ok']")).to_be_visible()
    fingerprint = desk.get_by_test_id("fingerprint").inner_text()
    pack, page = tmp_path / "evidence.zip", tmp_path / "verify.html"
    for link, path in (("dispute-pack", pack), ("verifier", page)):
        with desk.expect_download() as download:
            desk.get_by_test_id(link).click()
        download.value.save_as(path)

    assert main(["pod", "verify", str(pack), "--key", fingerprint, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is True
    assert told["absent"] == []
    assert unpacked(pack.read_bytes())["verify.html"] == page.read_bytes()
    in_a_browser(playwright, page, pack, fingerprint)


def in_a_browser(playwright: Playwright, page: Path, pack: Path, fingerprint: str) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    try:
        stranger: Page = browser.new_page(locale="en-GB", offline=True)
        stranger.goto(page.as_uri())
        stranger.locator("#pack").set_input_files(pack)
        stranger.locator("#key").fill(fingerprint)
        stranger.locator("#ask button").click()
        expect(stranger.locator("[data-state=holds]")).to_be_visible()
        expect(stranger.locator(".record")).to_contain_text("Refused")
        expect(stranger.locator(".record img")).to_be_visible()
    finally:
        browser.close()
