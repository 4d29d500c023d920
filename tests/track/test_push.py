"""The page on which a browser asks to be told: who may, with what, and what guessing costs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from server.notices.ops import MOST_BROWSERS
from server.orders import links
from server.orders.ops import CancelOrder
from server.track import api
from server.track.push_words import WORDS
from tests.asked import ORIGIN, Asked, asking, code_of
from tests.floor_site import Handheld, build, order, table
from tests.packing_work import put
from tests.stores import open_store

pytestmark = pytest.mark.anyio
BROWSER = {
    "endpoint": "https://fcm.googleapis.com/fcm/send/one",
    "p256dh": "B" * 87,
    "auth": "a" * 22,
    "lang": "zh-Hans",
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        put(store, "notices", {"on": True})
        async with asking(store, tmp_path) as asked:
            yield asked


def path(site: Asked, order_id: str) -> str:
    return links.push_path_of(links.key_in(site.store.keys.folder), order_id)


async def say(site: Asked, where: str, origin: str = ORIGIN, **changes: Any) -> httpx.Response:
    headers = {"origin": origin, "content-type": "application/json", "x-dockhand": "1"}
    body = msgspec.json.encode(BROWSER | changes)
    return await site.http.post(where, content=body, headers=headers)


async def test_the_page_runs_its_own_script_and_nothing_else(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    page = await site.http.get(path(site, made), params={"lang": "zh-Hant"})
    assert page.status_code == 200
    assert WORDS["zh-Hant"]["ask"] in page.text
    assert page.text.count("<script") == 1
    policies = page.headers.get_list("content-security-policy")
    assert any("default-src 'none'; script-src 'self'" in policy for policy in policies)
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    worker = await site.http.get("/n/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")


async def test_a_browser_is_subscribed_once_however_often_it_asks(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    for _ in range(2):
        assert (await say(site, path(site, made))).status_code == 204
    (row,) = table(site.store, "SELECT * FROM push_subscription")
    assert (row["order_id"], row["lang"], row["endpoint"]) == (made, "zh-Hans", BROWSER["endpoint"])
    other = order(site.store, "R-2", MUG=1)
    assert (await say(site, path(site, other))).status_code == 204, "of each order by itself"


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "https://127.0.0.1/x"},
        {"endpoint": "https://evil.example/?https://fcm.googleapis.com/"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com/\r\nx"},
        {"p256dh": "short"},
        {"auth": "!" * 22},
        {"lang": "fr"},
        {"order": "another"},
    ],
)
async def test_what_no_browser_would_say_is_refused(site: Asked, changes: dict[str, str]) -> None:
    made = order(site.store, "R-1", MUG=1)
    told = await say(site, path(site, made), **changes)
    assert (told.status_code, code_of(told)) == (400, "malformed")
    assert table(site.store, "SELECT * FROM push_subscription") == []


async def test_no_other_page_and_no_crowd(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    foreign = await say(site, path(site, made), origin="https://evil.example")
    assert (foreign.status_code, code_of(foreign)) == (403, "foreign_origin")
    for at in range(MOST_BROWSERS):
        endpoint = f"{BROWSER['endpoint']}{at}"
        assert (await say(site, path(site, made), endpoint=endpoint)).status_code == 204
    crowd = await say(site, path(site, made), endpoint=f"{BROWSER['endpoint']}-x")
    assert code_of(crowd) == "too_many_subscriptions"


async def test_there_is_nothing_to_ask_for_under_a_wrong_link_or_once_it_is_over(
    site: Asked,
) -> None:
    made = order(site.store, "R-1", MUG=1)
    where = path(site, made)
    cancel = CancelOrder(order=made, reason="asked")
    Handheld(site.store, "supervisor").say("orders.cancel_order.v1", cancel)
    wrong = "/n/" + "A" * 48
    gone, never = await site.http.get(where), await site.http.get(wrong)
    assert (gone.status_code, gone.text) == (404, never.text)
    assert code_of(await say(site, where)) == "not_found"
    for _ in range(api.MISSES):
        await say(site, wrong)
    assert (await site.http.get(wrong)).status_code == 429


async def test_a_site_that_sends_nothing_offers_nothing(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    track = links.path_of(links.key_in(site.store.keys.folder), made)
    assert "/n/" in (await site.http.get(track)).text
    put(site.store, "notices", {"on": False})
    assert "/n/" not in (await site.http.get(track)).text
    assert (await site.http.get(path(site, made))).status_code == 404
