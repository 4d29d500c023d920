"""Cancelling at three desks in real Chromium: the fee before anything happens, who may, a waiver;
and the partner whose software is told."""

from collections.abc import Callable

import msgspec
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Device, Site
from tests.e2e.fire import wait_until
from tests.e2e.test_acting import add_admin
from tests.floor_site import good, scalar, table
from tests.notices.post import order_for
from tests.packing_work import put
from tests.picking_work import in_hand

Devices = Callable[..., Device]


def open_cancel(desk: Page, site: Site, path: str) -> Page:
    desk.goto(f"{site.server.public}/#{path}")
    desk.get_by_role("button", name="Cancel order").click()
    return desk


def test_service_sees_what_it_costs_and_a_supervisor_waives_it(
    site: Site, devices: Devices
) -> None:
    good(put(site.store, "cancelling", {"often": 2}))
    made = order_for(site.store)
    desk = open_cancel(devices(handheld=True).ready("service"), site, f"/service/order/{made}")
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_test_id("fee")).to_have_text("£0.15")
    expect(dialog.get_by_role("alert")).to_contain_text("A supervisor may cancel it")
    expect(dialog.get_by_role("button", name="Cancel order")).to_have_count(0)
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    chief = open_cancel(devices(handheld=False).ready("supervisor"), site, f"/orders/{made}")
    dialog = chief.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("wrong size")
    dialog.get_by_role("switch", name="Waive the fee").click()
    expect(dialog.get_by_test_id("fee")).to_have_text("None, instead of £0.15")
    dialog.get_by_role("button", name="Cancel order").click()
    expect(dialog.get_by_text("Enter why the fee is waived.")).to_be_visible()
    dialog.get_by_label("Why it is waived").fill("our own slip")
    dialog.get_by_role("button", name="Cancel order").click()
    expect(chief.get_by_role("dialog")).to_have_count(0)
    expect(chief.get_by_text("Fee of £0.15 waived: our own slip")).to_be_visible()
    other = order_for(site.store, "R-2")
    open_cancel(chief, site, f"/orders/{other}")
    told = chief.get_by_text("This customer cancelled 1 order in the last 90 days.")
    expect(told).to_be_visible()
    chief.get_by_label("Reason").fill("again")
    chief.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    expect(chief.get_by_text("Cancels often: 2 lately")).to_be_visible()
    assert table(site.store, "SELECT fee, waived FROM order_cancelled ORDER BY at") == [
        {"fee": 0, "waived": 15},
        {"fee": 15, "waived": 0},
    ]


def test_once_goods_are_picked_the_head_of_the_department_cancels(
    site: Site, devices: Devices
) -> None:
    good(put(site.store, "cancelling", {}))
    _, _, made = in_hand(site.store, "R-3", "picker", MUG=2)
    chief = open_cancel(devices(handheld=False).ready("supervisor"), site, f"/orders/{made}")
    alert = chief.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_contain_text("the head of the department (administrator) may cancel it")


def test_service_names_a_partner_whose_software_is_told(site: Site, devices: Devices) -> None:
    good(put(site.store, "notices", {"on": True, "edi": {"id": "4012345000009"}}))
    made = order_for(site.store)
    desk = devices(handheld=True).ready("service")
    desk.goto(f"{site.server.public}/#/service/order/{made}")
    desk.get_by_test_id("wishes").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("By", exact=True).select_option("edi")
    desk.get_by_test_id("save-wishes").click()
    expect(dialog.get_by_text("Enter the partner's identification.")).to_be_visible()
    dialog.get_by_label("Identification", exact=True).fill("ACME/1")
    desk.get_by_test_id("save-wishes").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Identification", exact=True).fill("9521234000006")
    dialog.get_by_role("switch", name="IFTSTA").click()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360
    desk.get_by_test_id("save-wishes").click()
    expect(desk.get_by_role("dialog")).to_have_count(0)
    said = msgspec.json.decode(scalar(site.store, "SELECT body FROM notice_wishes"))
    assert said["edi"]["messages"] == ["ORDRSP", "DESADV"]
    order_for(site.store, "R-2")
    sent = "SELECT target, state FROM notice WHERE channel = 'edi'"
    wait_until(
        desk,
        lambda: [r["state"] for r in table(site.store, sent)] == ["sent"],
        "the interchange is in the folder",
    )


def test_an_administrator_forgets_a_customer(site: Site, devices: Devices) -> None:
    good(put(site.store, "notices", {"on": True, "day_before_at": "00:00"}))
    made = order_for(site.store)
    site.store.run_sync(add_admin)
    head = devices(handheld=False).ready("admin")
    head.goto(f"{site.server.public}/#/orders/{made}")
    head.get_by_test_id("forget").click()
    head.get_by_test_id("forget-now").click()
    expect(head.get_by_role("dialog")).to_have_count(0)
    wait_until(
        head,
        lambda: {r["target"] for r in table(site.store, "SELECT target FROM notice")} == {""},
        "no address is left",
    )
