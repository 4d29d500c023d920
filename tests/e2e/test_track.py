"""The customer's page in real Chromium with script switched off, on a phone: a return from the
form to the number, pressed twice in a row."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from server.orders import links
from server.track.words import WORDS
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.floor_site import build, table
from tests.floor_work import APPLIED
from tests.pod_work import Door
from tests.serving import serving
from tests.stores import open_store

PHONE = {"width": 320, "height": 640}


def opened(browser: Browser, url: str, lang: str = "en-GB") -> Page:
    page = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        java_script_enabled=False,
        locale=lang,
    ).new_page()
    page.goto(url)
    return page


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_a_customer_sends_something_back_without_any_script(
    playwright: Playwright, tmp_path: Path, lang: str
) -> None:
    words = WORDS[lang]  # type: ignore[index]
    with open_store("sqlite", tmp_path) as store:
        build(store)
        door = Door(store)
        assert door.close("full") == APPLIED
        path = links.path_of(links.key_in(store.keys.folder), door.order)
        with serving(store.url, tmp_path) as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = opened(browser, f"{server.base}{path}?lang={lang}")
            page.get_by_label(words["postcode"]).fill("ls1")
            page.get_by_role("button", name=words["show"]).click()
            mugs = page.get_by_label(words["return_line"].format(name="MUG", n=3))
            mugs.fill("2")
            send = page.get_by_role("button", name=words["return_send"])
            page.locator("#reason").select_option("damaged")
            page.get_by_label(words["return_note"]).fill("碎了 <b>")
            send.dblclick(no_wait_after=True)
            expect(page.get_by_text("RMA-000001").first).to_be_visible()
            assert page.url.endswith(f"{path}?lang={lang}#returns")
            page.go_back()
            expect(page.get_by_text("RMA-000001").first).to_be_visible()
            expect(page.get_by_role("button", name=words["return_send"])).to_have_count(0)
            box = page.locator("body").bounding_box()
            assert box is not None
            assert box["width"] <= PHONE["width"]
            browser.close()
        made = table(store, "SELECT number, reason FROM rma")
    assert made == [{"number": "RMA-000001", "reason": "damaged"}]
