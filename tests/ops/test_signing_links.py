"""The receiver signs on a phone of their own: a link that is secret, short-lived and used once."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.catalog.ops import PutSetting
from server.pod import links
from tests.asked import ORIGIN, Asked, asking
from tests.floor_site import build, good, scalar, system, table
from tests.floor_work import APPLIED, kinds
from tests.pod_work import Door, newest
from tests.stores import open_store
from tests.sync.blob_wire import signature

pytestmark = pytest.mark.anyio
DOT = json.dumps({"v": 1, "width": 10000, "height": 5000, "strokes": [[{"x": 1, "y": 1, "t": 0}]]})
WITH_PIN = {"rules": [{"ask": {"signature": "mandatory", "pin": "mandatory"}}]}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


class Phone:
    """A receiver's: no cookie, no sign-in, only what the QR code said."""

    def __init__(self, site: Asked, url: str) -> None:
        self.http, self.token = site.http, url.rpartition("#")[2]

    async def post(self, path: str, **body: Any) -> httpx.Response:
        headers = {"origin": ORIGIN, "x-dockhand": "1"}
        return await self.http.post(path, json={"token": self.token} | body, headers=headers)

    async def look(self) -> httpx.Response:
        return await self.post("/pod/signing/look")

    async def sign(self, **said: Any) -> httpx.Response:
        drawn = {"receiver": "Ann Corner", "strokes": signature().decode(), "shown": "I got it"}
        return await self.post("/pod/signing/done", **(drawn | said))


async def link(site: Asked, door: Door, **delivered: int) -> Phone:
    van = site.browser("driver", device=door.driver.id)
    body = json.dumps({"stop": door.id, "delivered": delivered}).encode()
    answer = await van.ask("POST", "/pod/sign-links", body, content_type="application/json")
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert made["url"].startswith(f"{ORIGIN}/sign.html#")
    assert len(made["qr"]) == len(made["qr"][0])
    return Phone(site, made["url"])


async def test_the_receiver_signs_and_the_driver_has_it(site: Asked) -> None:
    door = Door(site.store)
    phone = await link(site, door, **{"1": 2})
    shown = (await phone.look()).json()
    assert shown["lines"][0] == {"name": "MUG", "qty": 3, "delivered": 2}
    assert (shown["parcels"], shown["asks_pin"]) == (1, False)
    assert (await phone.sign()).status_code == 200
    row = json.loads(
        scalar(
            site.store,
            "SELECT body FROM feed WHERE scope = 'u:driver' AND kind = 'stop' AND key = :k",
            k=door.id,
        )
    )
    signed = row["signed"]
    assert (signed["receiver"], signed["shown"]) == ("Ann Corner", "I got it")
    blob = table(site.store, "SELECT state, mime FROM blob")
    assert [b["state"] for b in blob] == ["complete"]
    assert "pod.receiver_signed" in [r["kind"] for r in table(site.store, "SELECT kind FROM event")]


async def test_the_proof_says_whose_phone_it_was(site: Asked) -> None:
    door = Door(site.store)
    await (await link(site, door)).sign()
    signed = table(site.store, "SELECT * FROM receiver_sign")[0]
    said = {"signed_on": "receiver", "link": signed["link"], "signature": signed["signature"]}
    assert door.close("full", **said) == APPLIED
    assert json.loads(newest(site.store, door.id)["record"])["signed_on"] == "receiver"


async def test_what_the_page_is_told_holds_nobodys_data(site: Asked) -> None:
    door = Door(site.store)
    told = (await (await link(site, door)).look()).text
    for secret in ("Corner Shop", "Mill Lane", "LS1", "Leeds", "C1", door.id, door.order):
        assert secret not in told


async def test_a_link_is_used_once(site: Asked) -> None:
    door = Door(site.store)
    phone = await link(site, door)
    assert (await phone.sign()).status_code == 200
    for again in (await phone.sign(receiver="Eve"), await phone.look()):
        assert (again.status_code, again.json()["error"]["code"]) == (404, "sign_link_gone")
    assert table(site.store, "SELECT receiver FROM receiver_sign") == [{"receiver": "Ann Corner"}]


async def test_a_new_link_ends_the_one_before_and_time_ends_both(site: Asked) -> None:
    door = Door(site.store)
    first = await link(site, door)
    second = await link(site, door)
    assert (await first.look()).status_code == 404
    assert (await second.look()).status_code == 200
    over = "UPDATE sign_link SET expires_at = 1"
    site.store.run_sync(lambda tx: tx.conn.exec_driver_sql(over))
    assert (await second.look()).json() == (await first.look()).json()
    assert (await second.sign()).status_code == 404


async def test_a_guess_gets_the_answer_of_a_link_that_is_over(site: Asked) -> None:
    door = Door(site.store)
    used = await link(site, door)
    await used.sign()
    guess = Phone(site, "#" + "A" * 32)
    one, other = await guess.look(), await used.look()
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert one.headers["cache-control"] == "no-store"
    assert one.headers["referrer-policy"] == "no-referrer"


async def test_only_the_hash_of_a_link_is_kept(site: Asked) -> None:
    phone = await link(site, Door(site.store))
    assert phone.token not in str(table(site.store, "SELECT * FROM sign_link"))
    assert len(phone.token) == 32  # 192 bits


async def issued(site: Asked, order_id: str) -> str:
    body = json.dumps({"order": order_id}).encode()
    desk = site.browser("service")
    answer = await desk.ask("POST", "/pod/pins", body, content_type="application/json")
    assert answer.status_code == 200
    return str(answer.json()["pin"])


async def test_five_wrong_pins_end_a_link_and_the_right_one_signs(site: Asked) -> None:
    good(system(site.store, "catalog.put_setting.v1", PutSetting(key="pod", value=WITH_PIN)))
    door = Door(site.store)
    pin = await issued(site, door.order)
    wrong = "000000" if pin != "000000" else "111111"
    phone = await link(site, door)
    assert (await phone.look()).json()["asks_pin"] is True
    for left in range(links.TRIES - 1, -1, -1):
        answer = await phone.sign(pin=wrong)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "bad_pin")
        assert answer.json()["error"]["data"]["left"] == left
    assert (await phone.sign(pin=pin)).status_code == 404
    phone = await link(site, door)
    assert (await phone.sign(pin=pin)).status_code == 200
    assert table(site.store, "SELECT pin FROM receiver_sign") == [{"pin": "ok"}]


async def test_a_pin_is_in_no_table_and_no_log(site: Asked) -> None:
    door = Door(site.store)
    pin = await issued(site, door.order)
    kept = "SELECT body FROM op UNION ALL SELECT body FROM event UNION ALL SELECT body FROM feed"
    assert all(f'"{pin}"' not in str(r["body"]) for r in table(site.store, kept))
    assert pin not in [*table(site.store, "SELECT * FROM order_pin")[0].values()]


async def test_a_dot_is_no_signature(site: Asked) -> None:
    phone = await link(site, Door(site.store))
    answer = await phone.sign(strokes=DOT)
    assert answer.json()["error"]["code"] == "bad_strokes"
    assert (await phone.sign()).status_code == 200


async def test_signing_after_the_stop_was_closed_comes_too_late(site: Asked) -> None:
    door = Door(site.store)
    phone = await link(site, door)
    assert door.close("full") == APPLIED
    assert (await phone.sign()).status_code == 404
    assert kinds(site.store) == []


@pytest.mark.parametrize("role", ["picker", "packer", "service"])
async def test_links_are_for_drivers_of_their_own_stops(site: Asked, role: str) -> None:
    door = Door(site.store)
    body = json.dumps({"stop": door.id}).encode()
    other = await site.browser(role).ask(
        "POST", "/pod/sign-links", body, content_type="application/json"
    )
    assert other.status_code == 403
    stranger = await site.browser("driver").ask(
        "POST", "/pod/sign-links", body, content_type="application/json"
    )
    assert stranger.status_code == 404
    pins = await site.browser("driver").ask(
        "POST",
        "/pod/pins",
        json.dumps({"order": door.order}).encode(),
        content_type="application/json",
    )
    assert pins.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "x"},
        {"token": 7},
        {"token": "A" * 32, "more": 1},
        {"token": "A" * 31 + "\x00"},
    ],
)
async def test_what_is_malformed_is_told_and_never_an_error_of_ours(
    site: Asked, body: dict[str, Any]
) -> None:
    headers = {"origin": ORIGIN, "x-dockhand": "1"}
    answer = await site.http.post("/pod/signing/look", json=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"
