"""A person with a phone can follow the steps, in three languages, from page and terminal."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from server.lan import LanTrust, make_trust
from server.lan_steps import STEPS, terminal_qr, terminal_steps, trust_page

SITE, CA = "https://192.168.77.20:8443/", "http://192.168.77.20:8080/dockhand-ca.crt?a=1&b=2"


@pytest.fixture
def trust(tmp_path: Path) -> LanTrust:
    return make_trust(tmp_path, "dockhand-demo", ["192.168.77.20"], now=datetime.now(UTC))


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(drawn: str) -> str:
    """What a camera reads from a white-on-black terminal that shows ``drawn``."""
    colour = "\x1b[30;107m" in drawn
    lines = re.sub(r"\x1b\[[\d;]*m", "", drawn).split("\n")
    image = Image.new("L", (len(lines[0]), len(lines) * 2), 0)
    for y, line in enumerate(lines):
        for x, glyph in enumerate(line):
            for half, inked in enumerate((glyph in "▀█", glyph in "▄█")):
                light = inked != colour
                image.putpixel((x, y * 2 + half), 255 if light else 0)
    large = image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST)
    codes = zxingcpp.read_barcodes(large, try_invert=False)
    return codes[0].text if codes else ""


@pytest.mark.parametrize("colour", [True, False])
@pytest.mark.parametrize("url", [SITE, "http://10.0.0.7:8080/trust/" + "x" * 60])
def test_code_in_the_terminal_is_read_dark_on_light(url: str, colour: bool) -> None:
    assert seen(terminal_qr(url, colour=colour)) == url


def test_every_language_has_the_same_steps() -> None:
    assert set(STEPS) == {"en", "zh-Hans", "zh-Hant"}
    assert len({tuple(sorted(words)) for words in STEPS.values()}) == 1
    assert all(text.strip() for words in STEPS.values() for text in words.values())


def test_page_gives_every_step_the_fingerprint_and_both_addresses(trust: LanTrust) -> None:
    page = Page(trust_page(trust, site_url=SITE, ca_url=CA))
    for words in STEPS.values():
        for key, text in words.items():
            if key not in ("limits", "terminal", "same"):
                assert text in page.text
    whole = re.sub(r"(?<=[0-9A-F]{2}) (?=[0-9A-F]{2}:)", ":", page.text)
    assert whole.count(trust.fingerprint) == len(STEPS)
    assert {link for link in page.links if not link.startswith("#")} == {SITE, CA}
    assert f"{trust.expires:%Y-%m-%d}" in page.text


def test_page_loads_nothing_and_runs_nothing(trust: LanTrust) -> None:
    html = trust_page(trust, site_url=SITE, ca_url=CA)
    assert not {"script", "style", "link", "img", "iframe", "form"} & set(Page(html).tags)
    assert not re.search(r"\sstyle=|\son\w+=|javascript:", html)


def test_page_escapes_what_it_is_given(trust: LanTrust) -> None:
    html = trust_page(trust, site_url='https://x/"><script>', ca_url='"><b>')
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "fr"])
def test_terminal_shows_code_address_and_fingerprint(trust: LanTrust, language: str) -> None:
    shown = terminal_steps(trust, page_url=SITE, language=language, colour=True)
    assert trust.fingerprint in shown
    assert SITE in shown
    assert STEPS.get(language, STEPS["en"])["same"] in shown
    assert "{" not in shown
