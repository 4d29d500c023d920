"""A customer sends something back by the page: with the postcode, once, whatever is typed."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalog.ops import PutSetting
from server.orders import links
from server.returns.offering import Offered
from server.track import api, returns
from server.track.words import WORDS
from tests.asked import ORIGIN, Asked, asking
from tests.floor_site import build, good, scalar, system, table
from tests.floor_work import APPLIED
from tests.pod_work import Door
from tests.stores import open_store

pytestmark = pytest.mark.anyio
EN = WORDS["en"]
ON_SQLITE = pytest.mark.parametrize("site", ["sqlite"], indirect=True)
"""For what the store has no part in."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def site(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def delivered(site: Asked) -> str:
    """Three mugs and two shirts have been handed over; the path of the customer's page."""
    door = Door(site.store)
    assert door.close("full") == APPLIED
    return links.path_of(links.key_in(site.store.keys.folder), door.order)


async def opened(site: Asked, path: str) -> dict[str, str]:
    """The page's form as it is filled in when it comes."""
    page = await site.http.get(path, params={"postcode": "LS1"})
    form = page.text.partition('<form method="post"')[2]
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {**dict(hidden), "qty-1": "0", "qty-2": "0", "reason": "", "note": ""}


async def press(
    site: Asked, path: str, form: dict[str, str] | bytes, **headers: str
) -> httpx.Response:
    sent = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    return await site.http.post(path, content=body, headers=sent | headers)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many presses would have to wait otherwise."""
    monkeypatch.setattr(api.Tracking, "may_try", lambda *_: True)


def returns_of(site: Asked) -> list[dict[str, object]]:
    return table(site.store, "SELECT * FROM rma ORDER BY number")


async def test_a_press_opens_a_return_and_says_what_happens_next(site: Asked) -> None:
    path = delivered(site)
    form = await opened(site, path)
    form |= {"qty-1": "2", "reason": "changed_mind", "note": "Box <b>opened</b>"}
    done = await press(site, path, form)
    assert done.status_code == 303
    assert done.headers["location"] == f"{path}?lang=en#returns"
    (made,) = returns_of(site)
    assert (made["origin"], made["state"], made["reason"]) == ("customer", "opened", "changed_mind")
    page = (await site.http.get(path)).text
    assert str(made["number"]) in page
    shown = f'<span class="no">{made["number"]}</span>'
    assert EN["rma_opened"].format(number=shown) in page
    assert 'method="post"' not in (await site.http.get(path, params={"postcode": "LS1"})).text


async def test_customer_service_sees_it_at_once(site: Asked) -> None:
    path = delivered(site)
    form = await opened(site, path) | {"qty-2": "1", "reason": "damaged", "note": "torn"}
    await press(site, path, form)
    (made,) = returns_of(site)
    row = scalar(site.store, "SELECT body FROM feed WHERE kind = 'rma' AND key = :k", k=made["id"])
    assert row is not None
    asked = table(site.store, "SELECT * FROM discrepancy WHERE kind = 'return_asked'")
    assert [a["state"] for a in asked] == ["open"]
    details = msgspec.json.decode(asked[0]["body"])
    assert (details["rma"], details["note"]) == (made["number"], "torn")
    told = (await site.browser("service").ask("GET", f"/api/orders/{made['order_id']}")).json()
    moment = next(m for m in told["story"] if m["kind"] == "returns.opened")
    assert (moment["data"]["note"], moment["data"]["origin"]) == ("torn", "customer")


@pytest.mark.usefixtures("patient")
async def test_pressed_twice_is_one_return_and_the_same_answer(site: Asked) -> None:
    """Even where the site lets several be open."""
    good(system(site.store, "catalog.put_setting.v1", PutSetting(key="returns", value=MANY)))
    path = delivered(site)
    form = await opened(site, path) | {"qty-1": "1", "reason": "late"}
    answers = [await press(site, path, form) for _ in range(4)]
    assert {a.status_code for a in answers} == {303}
    assert len(returns_of(site)) == 1
    second = await opened(site, path) | {"qty-1": "1", "reason": "late"}
    await press(site, path, second)
    assert len(returns_of(site)) == 2  # so it is the press that counts, not the order


MANY = {"most_open": 5}


@ON_SQLITE
async def test_of_a_thousand_wishes_one_is_taken(site: Asked) -> None:
    path = delivered(site)
    fresh = await opened(site, path)
    codes = []
    for at in range(1_000):
        once = f"{at:022}"
        form = fresh | {"qty-1": "1", "reason": "late", "once": once}
        codes.append((await press(site, path, form)).status_code)
    assert codes.count(303) == 1
    assert set(codes) <= {303, 409, 429}
    assert codes.count(429) > 900
    assert len(returns_of(site)) == 1


async def test_without_the_postcode_nothing_goes_back(site: Asked) -> None:
    path = delivered(site)
    assert EN["postcode_return"] in (await site.http.get(path)).text
    assert 'method="post"' not in (await site.http.get(path)).text
    form = await opened(site, path) | {"qty-1": "1", "reason": "late"}
    wrong = await press(site, path, form | {"postcode": "LS2"})
    assert wrong.status_code == 403
    assert EN["wrong"] in wrong.text
    assert (await press(site, path, form | {"postcode": ""})).status_code == 403
    assert returns_of(site) == []


async def test_a_link_that_is_none_is_answered_like_any_other(site: Asked) -> None:
    delivered(site)
    nowhere = "/t/" + "A" * 48
    form = {"once": returns.once(), "postcode": "LS1", "qty-1": "1", "reason": "late"}
    answer = await press(site, nowhere, form)
    assert (answer.status_code, answer.text) == (404, (await site.http.get(nowhere)).text)
    codes = [(await press(site, nowhere, form)).status_code for _ in range(api.MISSES)]
    assert codes[-1] == 429


@ON_SQLITE
@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"origin": "https://evil.test"}, "origin"),
        ({"origin": "null"}, "origin"),
        ({"sec-fetch-site": "cross-site"}, "sec-fetch-site"),
        ({"content-type": "text/plain"}, "content-type"),
        ({"content-type": "multipart/form-data; boundary=x"}, "content-type"),
        ({"content-type": "application/json"}, "content-type"),
    ],
)
async def test_another_page_cannot_ask_for_it(
    site: Asked, headers: dict[str, str], field: str
) -> None:
    path = delivered(site)
    form = await opened(site, path) | {"qty-1": "1", "reason": "late"}
    answer = await press(site, path, form, **headers)
    assert answer.status_code == 403
    assert answer.json()["error"] == {"code": "foreign_origin", "field": field}
    assert returns_of(site) == []
    assert (await press(site, path, form)).status_code == 303  # what our own page sends is taken


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"qty-1": "4"}, "told_too_many"),
        ({"qty-1": "-1"}, "told_bad_qty"),
        ({"qty-1": "1.5"}, "told_bad_qty"),
        ({"qty-1": "\u0661"}, "told_bad_qty"),
        ({"qty-1": "0"}, "told_nothing"),
        ({"qty-7": "1"}, "told_too_many"),
        ({"qty-1": "1", "reason": ""}, "told_no_reason"),
        ({"qty-1": "1", "reason": "<script>"}, "told_no_reason"),
        ({"qty-1": "1", "once": "x"}, "told_again"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    site: Asked, typed: dict[str, str], told: str
) -> None:
    path = delivered(site)
    form = await opened(site, path) | {"reason": "late", "note": "a </textarea><i>note"} | typed
    answer = await press(site, path, form)
    assert answer.status_code == 409
    assert EN[told] in answer.text
    assert "a &lt;/textarea&gt;&lt;i&gt;note" in answer.text
    assert "<script" not in answer.text
    assert returns_of(site) == []


@pytest.mark.usefixtures("patient")
async def test_no_body_whatever_is_an_error_of_ours(site: Asked) -> None:
    path = delivered(site)
    once = returns.once()
    start = f"once={once}&postcode=LS1&reason=late&"
    bodies = [
        b"",
        b"\xff\xfe\x00",
        b"&" * 5_000,
        b"a=1&" * 5_000,
        f"{start}qty-1={'9' * 5_000}".encode(),
        f"{start}qty-99999999999999999999=1".encode(),
        f"{start}qty-1=1&note=%00%ff%ed%a0%80".encode(),
        f"{start}qty-=1&qty-x=1&qty-1=%0a".encode(),
        b"x" * (returns.LONGEST + 1),
    ]
    for body in bodies:
        answer = await press(site, path, body)
        assert answer.status_code in (303, 403, 409, 413, 429), body[:60]


async def test_when_the_time_is_over_nothing_is_offered(site: Asked) -> None:
    path = delivered(site)
    form = await opened(site, path) | {"qty-1": "1", "reason": "late"}
    put = PutSetting(key="returns", value={"window_days": 0})
    good(system(site.store, "catalog.put_setting.v1", put))
    site.store.run_sync(
        lambda tx: tx.conn.exec_driver_sql("UPDATE stop SET closed_at = closed_at - 90000000")
    )
    assert "once" not in await opened(site, path)
    assert (await press(site, path, form)).status_code == 409
    assert returns_of(site) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_a_form(body: bytes) -> None:
    form = returns.read(body)
    assert len(form.note) <= returns.NOTE
    assert isinstance(returns.wanted(form, Offered([], [])), str)
