"""The demo's page: everybody's badge, nobody's PIN, and a code for a browser on this machine."""

import re

import httpx
import pytest
import sqlalchemy as sa

from server.auth.enrol import do_enrol
from server.auth.tables import person
from server.demo.seed import Seeded
from server.demo.words import WORDS
from server.store.store import Store
from server.web.languages import language
from tests.documents.reading import text_of

pytestmark = pytest.mark.anyio
Opened = tuple[Store, Seeded]


async def test_it_shows_every_badge_and_no_pin(browser: httpx.AsyncClient, opened: Opened) -> None:
    answer = await browser.get("/demo")
    assert answer.status_code == 200
    for someone in opened[1].people:
        assert someone.name in answer.text
        assert f">{someone.badge}</text>" in answer.text
        assert someone.pin not in answer.text


async def test_it_keeps_the_content_security_policy(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/demo")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", answer.text)
    sheet = await browser.get("/demo/style.css")
    assert sheet.headers["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("", "zh-TW", "zh-Hant"),
        ("", "zh-Hant-HK", "zh-Hant"),
        ("", "de,fr", "en"),
        ("zh-Hant", "en", "zh-Hant"),
        ("xx", "zh-CN", "zh-Hans"),
        ('"><script>', "", "en"),
    ],
)
async def test_it_speaks_the_readers_language(
    browser: httpx.AsyncClient, query: str, header: str, expected: str
) -> None:
    answer = await browser.get("/demo", params={"lang": query}, headers={"accept-language": header})
    assert f'<html lang="{expected}">' in answer.text
    assert language(query, header) == expected


def test_all_languages_say_the_same_things() -> None:
    assert len({frozenset(words) for words in WORDS.values()}) == 1


async def test_a_browser_on_this_machine_gets_a_code_that_enrols(
    browser: httpx.AsyncClient, opened: Opened
) -> None:
    answer = await browser.get("/demo/enrol")
    assert answer.status_code == 303
    code = answer.headers["location"].removeprefix("/#enrol=")
    store = opened[0]
    _, site = store.run_sync(lambda tx: do_enrol(tx, code=code, name="desk", key="{}"))
    assert site == "main"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "rebound.example:8000"},
        {"host": "localhost:9999"},
    ],
)
async def test_no_other_site_gets_a_code(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await browser.get("/demo/enrol", headers=headers)
    assert answer.status_code == 403
    assert "location" not in answer.headers


async def test_another_machine_gets_no_code_and_no_link(browser: httpx.AsyncClient) -> None:
    transport = browser._transport
    assert isinstance(transport, httpx.ASGITransport)
    transport.client = ("192.168.1.44", 50000)
    assert (await browser.get("/demo/enrol")).status_code == 403
    assert "/demo/enrol" not in (await browser.get("/demo")).text


async def test_the_sheet_holds_badges_locations_and_items(
    browser: httpx.AsyncClient, opened: Opened
) -> None:
    answer = await browser.get("/demo/sheet.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    text = text_of(answer.content)
    for someone in opened[1].people:
        assert someone.badge in text
        assert someone.pin not in text
    assert "L-A01-01-1" in text
    assert "Enamel mug" in text


async def test_who_left_is_not_shown(browser: httpx.AsyncClient, opened: Opened) -> None:
    store, made = opened
    gone = made.people[0]
    store.run_sync(
        lambda tx: tx.conn.execute(
            sa.update(person).where(person.c.id == gone.id).values(active=False)
        )
    )
    assert gone.badge not in (await browser.get("/demo")).text
