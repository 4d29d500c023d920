"""Customer service finds an order by what the caller says, and reads all that happened to it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from server.kernel.ops import Op
from server.orders.ops import CancelOrder, ImportOrder
from server.orders.tables import orders
from server.orders.validation import OrderLine, ShipTo
from server.picking.ops import ConfirmPick
from server.pod.ops import Arrive
from server.store.submit import Outside
from tests.asked import Asked, Browser, asking
from tests.floor_site import ITEMS, Handheld, build, good, order, release_wave, scalar, system
from tests.floor_work import APPLIED, evidence, lines, pick_all, take, to_the_van
from tests.stores import open_store
from tests.sync.blob_wire import STROKES, jpeg, send, sha, signature

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=["sqlite", "postgres"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Asked]:
    with open_store(request.param, tmp_path) as store:
        build(store)
        async with asking(store, tmp_path) as asked:
            yield asked


def imported(asked: Asked, ref: str, name: str, customer: str, phone: str, sku: str) -> str:
    op: Op = ImportOrder(
        channel="EC",
        ref=ref,
        customer=customer,
        customer_name=name,
        ship_to=ShipTo(country="GB", city="York", phone=phone),
        currency="GBP",
        placed_at=1_700_000_000_000,
        lines=[OrderLine(sku=sku, name=sku, qty=1)],
    )
    good(system(asked.store, "orders.import_order.v1", op, Outside("test", ref)))
    return str(scalar(asked.store, "SELECT id FROM orders WHERE ref = :r", r=ref))


async def found(who: Browser, words: str, limit: int = 20) -> list[tuple[str, str]]:
    answer = await who.http.get(
        "/api/orders",
        params={"q": words, "limit": limit},
        headers={"cookie": who.cookie, "x-sid": who.sid},
    )
    assert answer.status_code == 200, answer.text
    return [(o["id"], o["why"]) for o in answer.json()["orders"]]


async def story(who: Browser, order_id: str) -> dict[str, Any]:
    answer = await who.ask("GET", f"/api/orders/{order_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_an_order_is_found_by_whatever_the_caller_says(site: Asked) -> None:
    first = imported(site, "WEB/77", "Åsa 100% Öberg", "K-9", "+46 (8) 555-01 23", "MUG")
    second = imported(site, "WEB/78", "Corner_Shop", "K-10", "", "LAMP")
    desk = site.browser("service")
    number = str(scalar(site.store, "SELECT number FROM orders WHERE id = :i", i=first))
    for words, why in (
        (number, "number"),
        (number[-6:], "number"),
        (number.lower(), "number"),
        ("web/77", "ref"),
        ("K-9", "customer"),
        ("100% ö".lower(), "name") if not site.store.is_sqlite else ("100% ", "name"),
        ("+46855501", "phone"),
        ("08 555 01", "phone"),
        ("mug", "item"),
        (ITEMS["MUG"], "item"),
        (ITEMS["MUG"].lstrip("0"), "item"),
        (f"]d201{ITEMS['MUG'].zfill(14)}10LOT7\x1d21A", "item"),
    ):
        assert await found(desk, words) == [(first, why)], words
    assert await found(desk, "corner_") == [(second, "name")]
    assert await found(desk, "%") == [(first, "name")]
    assert await found(desk, "nobody") == []
    assert len(await found(desk, "EC-", 1)) == 1


async def test_a_parcels_number_or_tracking_link_finds_its_order(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    to_the_van(site.store, made)
    number = str(scalar(site.store, "SELECT number FROM parcel"))
    desk = site.browser("service")
    for words in (number, number.lower(), f"https://shop.test/track/{number}?x=1"):
        assert await found(desk, words) == [(made, "parcel")]


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=a%00b", "q=" + "a" * 101, "q=a&limit=0", "q=a&limit=51"]
)
async def test_a_search_for_nothing_or_too_much_is_malformed(site: Asked, query: str) -> None:
    answer = await site.browser("service").ask("GET", f"/api/orders?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "malformed"
    assert answer.json()["error"]["field"] in ("q", "limit")


async def test_only_desks_search_and_read(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    for path in ("/api/orders?q=R-1", f"/api/orders/{made}"):
        assert (await site.http.get(path)).status_code == 401
        for role in ("picker", "packer", "driver"):
            assert (await site.browser(role).ask("GET", path)).status_code == 403
        for role in ("service", "supervisor", "admin"):
            assert (await site.browser(role).ask("GET", path)).status_code == 200


async def test_another_sites_order_is_as_unknown_as_none(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    stranger = site.browser("admin", "other")
    theirs = await stranger.ask("GET", f"/api/orders/{made}")
    nobody = await stranger.ask("GET", "/api/orders/none")
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.content == nobody.content
    assert await found(stranger, "R-1") == await found(stranger, "MUG") == []


async def test_what_is_picked_counts_before_the_task_is_finished(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3, TEE=2)
    good(release_wave(site.store))
    picker, desk = Handheld(site.store, "picker", "dev-picker"), site.browser("service")
    task = take(picker, "pick")

    async def picked() -> dict[str, int]:
        return {line["sku"]: line["picked"] for line in (await story(desk, made))["lines"]}

    assert await picked() == {"MUG": 0, "TEE": 0}
    line = next(line for line in lines(site.store, task) if line["sku"] == "MUG")
    where = {"task": task, "line": line["no"], "bin": line["bin"], "sku": "MUG"}
    assert picker.say("picking.confirm_pick.v1", ConfirmPick(**where, qty=3)) == APPLIED
    assert await picked() == {"MUG": 3, "TEE": 0}


async def test_the_story_tells_every_step_from_the_channel_to_the_signature(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3, TEE=2)
    driver, stop = to_the_van(site.store, made)
    driver.say("pod.arrive.v1", Arrive(stop=stop["id"]))
    photo, drawn = jpeg(), signature()
    told = evidence(driver, stop, "full")["record"]
    told |= {"signature": f"sha256:{sha(drawn)}", "photos": [f"sha256:{sha(photo)}"]}
    deliver = {"record": told, "hash": "0" * 64, "signature": ""}
    assert driver.say("pod.deliver.v1", deliver) == ("applied", None)

    desk = site.browser("service")
    shown = await story(desk, made)
    assert (shown["state"], shown["ship_to"]["city"]) == ("delivered", "Leeds")
    assert [(line["sku"], line["delivered"]) for line in shown["lines"]] == [("MUG", 3), ("TEE", 2)]
    assert [p["state"] for p in shown["parcels"]] == ["loaded"]
    assert shown["stops"][0]["outcome"] == "full"
    kinds = [m["kind"] for m in shown["story"] if m["kind"] != "orders.moved"]
    assert kinds == [
        "orders.received",
        "picking.wave_planned",
        *["picking.line_picked"] * 2,
        "picking.order_picked",
        *["packing.item_checked"] * 2,
        "packing.parcel_packed",
        "pod.run_planned",
        "pod.parcel_loaded",
        "pod.departed",
        "pod.arrived",
        "pod.stop_closed",
    ]
    assert [m["at"] for m in shown["story"]] == sorted(m["at"] for m in shown["story"])
    scan = next(m for m in shown["story"] if m["kind"] == "picking.line_picked")
    assert (scan["person_name"], scan["device_name"]) == ("Picker", "dev-picker")
    assert [d["kind"] for d in shown["discrepancies"]] == ["evidence_doubtful"]

    await check_evidence(site, desk, made, driver, (photo, drawn))


async def check_evidence(
    site: Asked, desk: Browser, made: str, driver: Handheld, sent: tuple[bytes, bytes]
) -> None:
    """Missing until its bytes are there, then complete."""
    photo, drawn = sent
    van = site.browser("driver", device=driver.id)
    before = (await story(desk, made))["story"][-1]
    assert before["kind"] == "pod.stop_closed"
    assert before["signature"]["state"] == before["photos"][0]["state"] == "missing"
    assert before["proof"]["evidence_complete"] is False
    assert before["proof"]["position"]["lat_e7"] == 525200080
    assert before["proof"]["verdicts"]["signature"] == "no_key"
    await send(van, drawn, STROKES)
    half = (await story(desk, made))["story"][-1]
    assert (half["signature"]["state"], half["proof"]["evidence_complete"]) == ("complete", False)
    shown = order_row(site, made)
    await send(van, photo)
    assert order_row(site, made)[0] > shown[0], "open screens are told to look again"
    after = (await story(desk, made))["story"][-1]
    assert after["proof"]["evidence_complete"] is True
    assert after["photos"][0]["mime"] == "image/jpeg"
    assert (await desk.ask("GET", f"/blobs/{after['photos'][0]['sha256']}")).status_code == 200


def order_row(site: Asked, made: str) -> tuple[int, str]:
    """Version and body of the order's row on the board."""
    row = "FROM feed WHERE scope = 'b:main' AND kind = 'order' AND key = :k"
    ver, body = (scalar(site.store, f"SELECT {c} {row}", k=made) for c in ("ver", "body"))
    return int(ver), str(body)


async def test_what_was_set_aside_stands_in_the_story_of_its_own_order_alone(site: Asked) -> None:
    mine = order(site.store, "R-1", MUG=3)
    to_the_van(site.store, mine)
    other = order(site.store, "R-2", MUG=3)
    late = Handheld(site.store, "picker2")
    task = str(scalar(site.store, "SELECT task FROM pick_line WHERE order_id = :o", o=mine))
    again = ConfirmPick(task=task, line=1, bin="A01-1-1", sku="MUG", qty=3)
    assert late.say("picking.confirm_pick.v1", again) == ("diverted", "already_picked")
    desk = site.browser("supervisor")
    aside = [m for m in (await story(desk, mine))["story"] if m["kind"] == "set_aside"]
    assert [(m["data"]["code"], m["data"]["outcome"]) for m in aside] == [
        ("already_picked", "diverted")
    ]
    assert (aside[0]["person_name"], aside[0]["device"]) == ("Picker2", "dev-picker2")
    assert [m["kind"] for m in (await story(desk, other))["story"]] == ["orders.received"]


async def test_a_delivery_by_somebody_who_may_not_stands_in_the_story(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    _, stop = to_the_van(site.store, made)
    stranger = Handheld(site.store, "picker2")
    told = evidence(stranger, stop, "full")
    assert stranger.say("pod.deliver.v1", told) == ("quarantined", "not_allowed")
    aside = (await story(site.browser("service"), made))["story"][-1]
    assert (aside["kind"], aside["data"]["operation"]) == ("set_aside", "pod.deliver")
    assert aside["data"]["details"]["body"]["record"]["receiver"] == "A. Receiver"


async def test_the_answer_names_the_version_it_saw(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=1)
    desk = site.browser("service")
    now = scalar(site.store, "SELECT ver FROM site_clock WHERE site = 'main'")
    assert (await story(desk, made))["ver"] == now
    assert (await desk.ask("GET", "/api/orders?q=R-1")).json()["ver"] == now
    site.store.run_sync(lambda tx: tx.conn.execute(sa.delete(orders)))
    assert (await desk.ask("GET", f"/api/orders/{made}")).status_code == 404


async def test_what_was_done_for_a_cancelled_order_stays_in_its_story(site: Asked) -> None:
    made = order(site.store, "R-1", MUG=3)
    good(release_wave(site.store))
    picker = Handheld(site.store, "picker")
    pick_all(picker, take(picker, "pick"))
    gone = CancelOrder(order=made, reason="customer asked")
    assert Handheld(site.store, "supervisor").say("orders.cancel_order.v1", gone) == APPLIED
    shown = await story(site.browser("service"), made)
    assert shown["state"] == "cancelled"
    told = [m["kind"] for m in shown["story"] if m["kind"] != "orders.moved"]
    assert told[:4] == [
        "orders.received",
        "picking.wave_planned",
        "picking.line_picked",
        "picking.order_picked",
    ]
    assert "orders.cancelled" in told
