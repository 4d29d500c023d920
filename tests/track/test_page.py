"""The customer's page over HTTP: what a stranger sees, what the postcode adds, what guessing
costs."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.orders.ops import CancelOrder
from server.store.strokes import MIME
from server.track import api
from server.track.shown import masked, same_postcode
from server.track.words import WORDS
from tests.asked import Asked, asking
from tests.floor_site import Handheld, build, order, scalar
from tests.floor_work import evidence, to_the_van
from tests.stores import open_store
from tests.sync.blob_wire import send, sha, signature

pytestmark = pytest.mark.anyio
DRAWN = signature([[{"x": 250 * i, "y": 4_900 if i % 2 else 100, "t": i} for i in range(40)]])
PRIVATE = ("Mill Lane", "Corner Shop", "MUG", "LS1")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


async def link(site: Asked, made: str) -> str:
    told = await site.browser("service").ask("GET", f"/api/orders/{made}")
    return str(told.json()["track"])


async def look(site: Asked, path: str, **query: str) -> httpx.Response:
    return await site.http.get(path, params=query)


async def test_a_stranger_sees_how_far_it_is_but_not_whose_it_is(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3, TEE=2)
    page = await look(site, await link(site, made))
    assert page.status_code == 200
    assert "C. S." in page.text
    assert "Leeds" in page.text
    assert "Order received" in page.text
    assert not [word for word in PRIVATE if word in page.text]
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text


async def test_the_right_postcode_shows_address_and_goods(site: Asked) -> None:
    path = await link(site, order(site.store, "R-1", MUG=3))
    for said in ("LS1", "ls 1"):
        page = await look(site, path, postcode=said)
        assert all(word in page.text for word in PRIVATE)
    wrong = await look(site, path, postcode="LS2")
    assert wrong.status_code == 200
    assert WORDS["en"]["wrong"] in wrong.text
    assert "Mill Lane" not in wrong.text


async def test_after_a_few_tries_the_right_postcode_has_to_wait_too(site: Asked) -> None:
    path = await link(site, order(site.store, "R-1", MUG=3))
    for at in range(api.POSTCODES):
        assert (await look(site, path, postcode=f"X{at}")).status_code == 200
    late = await look(site, path, postcode="LS1")
    assert late.status_code == 429
    assert WORDS["en"]["often"] in late.text
    assert "Mill Lane" not in late.text
    assert (await look(site, path)).status_code == 200


async def test_once_delivered_the_proof_is_there_and_the_signature_for_who_knows(
    site: Asked,
) -> None:
    made = order(site.store, "R-1", MUG=3, TEE=2)
    driver, stop = to_the_van(site.store, made)
    told = evidence(driver, stop, "full")["record"]
    told |= {"signature": f"sha256:{sha(DRAWN)}", "receiver": "Jo Bloggs"}
    path = await link(site, made)
    on_the_way = await look(site, path)
    assert "On its way to you" in on_the_way.text
    said = driver.say("pod.deliver.v1", {"record": told, "hash": "ab" * 32, "signature": ""})
    assert said == ("applied", None)
    page = await look(site, path)
    assert "Delivered in full" in page.text
    assert "J. B." in page.text
    assert "Bloggs" not in page.text
    assert "<svg" not in page.text
    assert "<svg" not in (await look(site, path, postcode="LS1")).text  # it has not arrived yet
    phone = site.browser("driver", device=driver.id)
    await send(phone, DRAWN, MIME)
    full = await look(site, path, postcode="LS1")
    assert "Jo Bloggs" in full.text
    assert re.search(r"<svg[^>]*><path d=\"M[0-9ML ]+\"", full.text)


async def test_a_cancelled_order_says_so(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    Handheld(site.store, "supervisor").say(
        "orders.cancel_order.v1", CancelOrder(order=made, reason="asked")
    )
    page = await look(site, await link(site, made))
    assert WORDS["en"]["cancelled"] in page.text
    assert "Expected by" not in page.text


async def test_a_link_ends_some_time_after_its_order(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    path = await link(site, made)
    scalar_set(site, "UPDATE orders SET state = 'delivered', changed_at = 1 WHERE id = :id", made)
    gone, never = await look(site, path), await look(site, "/t/" + "A" * 48)
    assert (gone.status_code, gone.text) == (404, never.text)


def scalar_set(site: Asked, statement: str, made: str) -> None:
    from sqlalchemy import text

    site.store.run_sync(lambda tx: tx.conn.execute(text(statement), {"id": made}))


async def test_an_orders_number_is_no_link(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    number = scalar(site.store, "SELECT number FROM orders WHERE id = :id", id=made)
    for guess in (number, made, "x" * 2_000, "%00", "..%2f..%2fetc", "ü" * 40):
        assert (await look(site, f"/t/{guess}")).status_code == 404


async def test_guessing_is_slowed_down_and_keeps_nobody_else_out(site: Asked) -> None:
    path = await link(site, order(site.store, "R-1", MUG=3))
    codes = [(await look(site, f"/t/{at:048}")).status_code for at in range(api.MISSES + 30)]
    assert codes[: api.MISSES] == [404] * api.MISSES
    assert set(codes[api.MISSES :]) == {429}
    assert (await look(site, path)).status_code == 429  # from the address that guesses
    other: Any = httpx.ASGITransport(site.app, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=other, base_url=str(site.http.base_url)) as somebody:
        assert (await somebody.get(path)).status_code == 200


async def test_what_a_customer_wrote_is_text(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    scalar_set(
        site,
        "UPDATE orders SET customer_name = '<b>x</b>', ship_to ="
        ' \'{"city":"<script>","postcode":"LS1","street":"<img src=x>"}\' WHERE id = :id',
        made,
    )
    page = await look(site, await link(site, made), postcode="LS1")
    assert not re.search(r"<(script|img|b>x)", page.text)


async def test_it_speaks_the_readers_language(site: Asked) -> None:
    path = await link(site, order(site.store, "R-1", MUG=3))
    taiwan = await site.http.get(path, headers={"accept-language": "zh-TW,en;q=0.5"})
    assert WORDS["zh-Hant"]["title"] in taiwan.text
    assert '<html lang="zh-Hans">' in (await look(site, path, lang="zh-Hans")).text


def test_the_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["zh-Hans"].keys() == WORDS["zh-Hant"].keys()


def test_names_are_masked_and_postcodes_compared_as_people_write_them() -> None:
    assert masked("Maria Schmidt") == "M. S."
    assert masked("王小明") == "王**"
    assert masked("") == ""
    assert same_postcode("sw1a 2aa", "SW1A2AA")
    assert not same_postcode("", "")
    assert not same_postcode("100000", "200000")
