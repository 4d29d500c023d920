"""A round of twelve stops: what each customer ordered, what the site asks for, and what becomes of
it at each door, by the driver's own screens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Page, expect

from server.catalog.ops import PutSetting
from server.orders.validation import ShipTo
from server.pod.rules import PodSettings
from server.store.store import Store
from server.store.submit import Outside
from tests.e2e.conftest import Device, Site, scan
from tests.e2e.door import (
    arrive,
    delivered,
    delivered_in_part,
    delivered_with_a_rotated_phone,
    finish,
    go_on,
    has_pin,
    make_photo,
    nobody_home,
    one_mug_stays,
    refused,
    refused_without_a_camera,
    say_pin,
    sign_for_it,
)
from tests.e2e.fire import all_sent, wait_until
from tests.e2e.test_driver import driven_off
from tests.floor_site import good, order_of, release_wave, scalar, system, table
from tests.pod_work import issued_pin

GOODS = {
    "TURNED": {"MUG": 2, "TEE": 1},
    "BROKEN": {"MUG": 2, "TEE": 1},
    "DAMAGED": {"MUG": 1},
    "AWAY": {"MUG": 1},
    "PIN": {"MUG": 2, "LAMP": 1},
    "LOOKED-AT": {"TEE": 8},
    "UNWANTED": {"MUG": 1},
    "LOCKED": {"TEE": 1},
    "LACKING": {"MUG": 2, "TEE": 1},
    "WRONG": {"MUG": 1},
    "SCANNED": {"TEE": 1},
    "LAST": {"TEE": 2},
}
"""By the reference of the order, in the order they are asked for."""
VALUABLE = 2_000
"""In pence: eight T-shirts."""
EAST = 13.404954


def ask_for_proofs(store: Store) -> None:
    """The usual rules; a PIN for lamps, a look at every point for what is valuable."""
    usual = msgspec.to_builtins(PodSettings())["rules"]
    mine = [
        {"skus": ["LAMP"], "ask": {"pin": "mandatory"}},
        {
            "from_value": VALUABLE,
            "checklist": "cloth",
            "stages": "shop",
            "ask": {"inspection": "mandatory", "stages": "mandatory"},
        },
    ]
    value = {
        "rules": mine + usual,
        "checklists": {
            "cloth": [
                {"code": "dry", "text": "Is it dry?"},
                {"code": "count", "text": "Are all sizes there?"},
            ]
        },
        "stages": {"shop": [{"code": "unpacked", "text": "Unpacked and on the rail"}]},
    }
    good(system(store, "catalog.put_setting.v1", PutSetting(key="pod", value=value)))


def north(seq: int) -> float:
    """Each door's latitude."""
    return round(52.52 + seq / 1_000, 7)


def order_twelve(store: Store) -> dict[str, str]:
    """Order id -> reference."""
    for at, (ref, goods) in enumerate(GOODS.items(), 1):
        to = ShipTo(
            country="GB",
            city="Leeds",
            name=f"{ref.title()} Shop",
            street=f"{at} Mill Lane",
            postcode="LS1",
            phone="+44 113 496 0000",
        )
        made = msgspec.structs.replace(order_of(ref, **goods), ship_to=to)
        good(system(store, "orders.import_order.v1", made, Outside("test", ref)))
    good(release_wave(store))
    return {r["id"]: r["ref"] for r in table(store, "SELECT id, ref FROM orders")}


@dataclass
class Round:
    """The driver on the road with twelve orders, on a phone that then has no network."""

    site: Site
    device: Device
    page: Page
    photo: Path
    refs: dict[str, str]
    orders: list[str]
    """Ids, in stop order."""
    pin: str
    at: int = 0
    done: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, site: Site, device: Device, folder: Path) -> "Round":
        ask_for_proofs(site.store)
        refs = order_twelve(site.store)
        page, orders = driven_off(site, device)
        owner = next(order_id for order_id, ref in refs.items() if ref == "PIN")
        pin = issued_pin(site.store, owner)
        salt = str(scalar(site.store, "SELECT salt FROM order_pin WHERE order_id = :o", o=owner))
        wait_until(page, lambda: has_pin(page, salt), "what the PIN is checked against is here")
        all_sent(page)
        device.offline(True)
        return cls(site, device, page, make_photo(folder), refs, orders, pin)

    def drive(self, stops: int = len(GOODS)) -> None:
        """To so many doors; before the last tap at the last of the round."""
        for order_id in self.orders[self.at : self.at + stops]:
            self.at += 1
            self.stand_at_the_door()
            ref = self.refs[order_id]
            DOORS[ref](self)
            if self.at < len(GOODS):
                finish(self.page)
            self.done.append(ref)

    def stand_at_the_door(self) -> None:
        assert self.device.context is not None
        here = {"latitude": north(self.at), "longitude": EAST, "accuracy": 8}
        self.device.context.set_geolocation(here)  # type: ignore[arg-type]

    def order(self, ref: str) -> str:
        return next(order_id for order_id, named in self.refs.items() if named == ref)

    def number(self, ref: str) -> str:
        found = scalar(
            self.site.store, "SELECT number FROM orders WHERE id = :i", i=self.order(ref)
        )
        return str(found)


def _by_pin_and_then_in_part(on: Round) -> None:
    """A tap too soon: the receiver finds a mug that is not theirs, and signs again."""
    page = on.page
    delivered(page)
    say_pin(page, on.pin[::-1] + "7")
    expect(page.get_by_text("That is not the PIN")).to_be_visible()
    say_pin(page, on.pin)
    expect(page.get_by_test_id("pin-ok")).to_be_visible()
    go_on(page)
    finish(page)
    page.get_by_test_id("correct").click()
    page.get_by_test_id("outcome-partial").click()
    one_mug_stays(page, on.photo, "wrong_goods")
    say_pin(page, on.pin)
    expect(page.get_by_test_id("pin-ok")).to_be_visible()
    go_on(page)
    expect(page.get_by_role("heading", name="Check the correction")).to_be_visible()


def _point_by_point(on: Round) -> None:
    page = on.page
    arrive(page)
    page.get_by_test_id("outcome-full").click()
    page.get_by_test_id("check-dry").get_by_role("button", name="Yes").click()
    page.get_by_test_id("check-count").get_by_role("button", name="No", exact=True).click()
    page.get_by_label("What is wrong").fill("One size too small")
    go_on(page)
    page.get_by_label("Accepted by").fill("Cleo Corner")
    page.get_by_test_id("stage-unpacked").click()
    go_on(page)
    sign_for_it(page, "Cleo Corner")


def _scanned_off(on: Round) -> None:
    """A parcel of another door is told; then the right one."""
    page, labels = on.page, "SELECT l.parcel FROM stop s JOIN load l ON l.stop = s.id"
    mine, other = (
        str(scalar(on.site.store, f"{labels} WHERE s.order_id = :o", o=on.order(ref)))
        for ref in ("SCANNED", "AWAY")
    )
    arrive(page)
    scan(page, other)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.get_by_role("alertdialog").get_by_role("button", name="Back").click()
    scan(page, mine)
    expect(page.get_by_text("Handed over")).to_be_visible()
    page.get_by_test_id("outcome-full").click()
    sign_for_it(page, "Dan Corner")


DOORS: dict[str, Callable[[Round], Any]] = {
    "TURNED": lambda on: delivered_with_a_rotated_phone(on.page),
    "BROKEN": lambda on: delivered_in_part(on.page, on.photo),
    "DAMAGED": lambda on: refused(on.page, "Damaged", on.photo),
    "AWAY": lambda on: nobody_home(on.page, on.photo),
    "PIN": _by_pin_and_then_in_part,
    "LOOKED-AT": _point_by_point,
    "UNWANTED": lambda on: refused_without_a_camera(on.page),
    "LOCKED": lambda on: nobody_home(on.page, on.photo, "No way in"),
    "LACKING": lambda on: delivered_in_part(on.page, on.photo, "missing"),
    "WRONG": lambda on: refused(on.page, "Wrong goods", on.photo),
    "SCANNED": _scanned_off,
    "LAST": lambda on: delivered(on.page, "Eve Corner"),
}
