"""A house at work: two supervisors and somebody of service at their desks, two pickers and a driver
with handhelds, each in a browser of their own; and what one does that the others see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from playwright.sync_api import Page, expect

from server.store.submit import Outside
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import Line, begin
from tests.e2e.fire import pick as pick_line
from tests.e2e.test_acting import touch_people
from tests.floor_site import good, order_of, release_wave, scalar, system, table
from tests.notices.post import PHONE
from tests.packing_work import put

GOODS = {"WALKED": {"MUG": 1, "TEE": 1, "LAMP": 1}, "BROKEN": {"MUG": 1, "TEE": 1}}
"""By the reference of the order, the most urgent first."""


@dataclass
class House:
    """Who is at work. Each opens their browser when they are first asked for."""

    site: Site
    devices: Callable[..., Device]
    second_without: str = ""
    """What of `sabotage.py` the second supervisor's browser lacks."""
    orders: dict[str, str] = field(default_factory=dict)
    """Reference -> id."""
    hand: Device = field(init=False)
    """The first picker's."""

    def __post_init__(self) -> None:
        self.hand = self.devices()

    def open(self, port: int) -> "House":
        """Orders on the floor whose customer is told by SMS, through the gateway at `port`."""
        told = {"on": True, "channels": ["sms"], "sms": {"url": f"http://127.0.0.1:{port}/sms"}}
        always = {"quiet_from": "00:00", "quiet_to": "00:00"}
        good(put(self.site.store, "notices", told | always))
        for at, (ref, goods) in enumerate(GOODS.items()):
            made = order_of(ref, **goods)
            to = msgspec.structs.replace(made.ship_to, name="Mia Brown", phone=PHONE)
            made = msgspec.structs.replace(made, ship_to=to, placed_at=made.placed_at + at)
            good(system(self.site.store, "orders.import_order.v1", made, Outside("test", ref)))
        good(release_wave(self.site.store))
        found = table(self.site.store, "SELECT id, ref FROM orders")
        self.orders = {row["ref"]: row["id"] for row in found}
        self.site.store.run_sync(touch_people)
        return self

    @cached_property
    def lead(self) -> Page:
        return self.devices(handheld=False).ready("supervisor")

    @cached_property
    def second(self) -> Page:
        desk = self.devices(handheld=False)
        if self.second_without:
            desk.take_out(self.second_without)
        return desk.ready("supervisor")

    @cached_property
    def service(self) -> Page:
        return self.devices(handheld=False).ready("service")

    @cached_property
    def picker(self) -> Page:
        return begin(self.hand)

    @cached_property
    def other(self) -> Page:
        return begin(self.devices(), "picker2")

    def number(self, ref: str) -> str:
        found = "SELECT number FROM orders WHERE id = :o"
        return str(scalar(self.site.store, found, o=self.orders[ref]))

    def task(self, ref: str) -> dict[str, Any]:
        """Its picking task."""
        found = "SELECT * FROM task WHERE kind = 'pick' AND ref = :o"
        return table(self.site.store, found, o=self.orders[ref])[0]

    def walk(self, ref: str) -> list[Line]:
        """The lines of its picking task, in walking order: bin, item and code to scan."""
        found = (
            "SELECT p.bin, p.sku, c.code FROM pick_line p JOIN item_code c ON c.sku = p.sku"
            " WHERE p.task = :t ORDER BY p.no"
        )
        return table(self.site.store, found, t=self.task(ref)["id"])


def look_at(page: Page, path: str) -> None:
    page.evaluate("path => { location.hash = path; }", path)


def pick_and_finish(page: Page, lines: list[Line]) -> None:
    for line in lines:
        pick_line(page, line)
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("finish")).to_be_hidden()
