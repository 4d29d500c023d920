"""What a customer is told and asked, in real Chromium: the survey on a small phone without script,
the desk that reads it, the notice that is sent again, the browser that asks to be told."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, Playwright, expect

from server.orders import links
from server.survey.words import WORDS
from server.track.push_words import WORDS as PUSH_WORDS
from tests.e2e.conftest import CHROMIUM, FLAGS, Device, Site
from tests.e2e.fire import wait_until
from tests.floor_site import order, scalar, table
from tests.floor_work import APPLIED
from tests.notices.post import order_for
from tests.notices.test_words import gateway
from tests.packing_work import put
from tests.pod_work import Door

Devices = Callable[..., Device]
SMALL = {"width": 320, "height": 640}


def stranger(playwright: Playwright, **more: Any) -> Page:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    return browser.new_context(viewport=SMALL, **more).new_page()  # type: ignore[arg-type]


def key(site: Site) -> bytes:
    return links.key_in(site.store.keys.folder)


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_a_customer_answers_without_script_and_thinks_again(
    playwright: Playwright, site: Site, lang: str
) -> None:
    words = WORDS[lang]  # type: ignore[index]
    door = Door(site.store)
    assert door.close("full") == APPLIED
    where = f"{site.server.base}{links.survey_path_of(key(site), door.order)}?lang={lang}"
    page = stranger(playwright, java_script_enabled=False)
    page.goto(where)
    on_time, complete = (page.get_by_role("group", name=words[n]) for n in ("on_time", "complete"))
    on_time.get_by_label(words["yes"]).check()
    complete.get_by_label(words["no"]).check()
    page.get_by_label(words["2"]).check()
    page.get_by_label(words["comment"]).fill("碎了 <b>")
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_text(words["thanks"])).to_be_visible()
    expect(page.get_by_label(words["comment"])).to_have_value("碎了 <b>")
    page.get_by_label(words["5"]).check()
    page.get_by_role("button", name=words["change"]).dblclick(no_wait_after=True)
    expect(page.get_by_label(words["5"])).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    for box in page.locator("label.choice").all():
        found = box.bounding_box()
        assert found is not None
        assert found["height"] >= 44
    page.context.browser.close()  # type: ignore[union-attr]
    assert table(site.store, "SELECT courtesy, comment FROM survey_answer") == [
        {"courtesy": 5, "comment": "碎了 <b>"}
    ]


def test_a_supervisor_reads_what_customers_say(
    playwright: Playwright, site: Site, devices: Devices
) -> None:
    door = Door(site.store)
    assert door.close("full") == APPLIED
    page = stranger(playwright, java_script_enabled=False)
    page.goto(f"{site.server.base}{links.survey_path_of(key(site), door.order)}?lang=en")
    for name, answer in (("on_time", "no"), ("complete", "yes")):
        page.locator(f"input[name={name}][value={answer}]").check()
    page.get_by_label(WORDS["en"]["1"]).check()
    page.get_by_label(WORDS["en"]["comment"]).fill("He threw it over the fence.")
    page.get_by_role("button", name=WORDS["en"]["send"]).click()
    expect(page.get_by_text(WORDS["en"]["thanks"])).to_be_visible()
    page.context.browser.close()  # type: ignore[union-attr]
    desk = devices(handheld=False).ready("supervisor")
    desk.get_by_role("link", name="Survey").click()
    expect(desk.get_by_text("He threw it over the fence.")).to_be_visible()
    expect(desk.get_by_test_id("figure-Answers")).to_have_text("1")
    expect(desk.get_by_test_id("figure-On time")).to_have_text("0%")
    expect(desk.get_by_test_id("figure-Courtesy")).to_have_text("1.0 of 5")
    expect(desk.get_by_role("cell", name="Driver")).to_be_visible()
    desk.get_by_role("link", name="Problems").click()
    expect(desk.get_by_role("button", name="The customer was not content")).to_be_visible()


def test_service_sees_what_was_told_sends_it_again_and_notes_a_wish(
    site: Site, devices: Devices
) -> None:
    with gateway() as (port, got):
        sms = {"url": f"http://127.0.0.1:{port}/sms"}
        quiet = {"quiet_from": "00:00", "quiet_to": "00:00"}
        put(site.store, "notices", {"on": True, "channels": ["sms"], "sms": sms} | quiet)
        made = order_for(site.store)
        desk = devices(handheld=False).ready("service")
        wait_until(desk, lambda: len(got) == 1, "the gateway was asked")
        desk.goto(f"{site.server.public}/#/service/order/{made}")
        notices = desk.get_by_test_id("notices")
        expect(notices.get_by_text("Confirmed · SMS …0991")).to_be_visible()
        expect(desk.get_by_text("Told “Confirmed” by SMS …0991")).to_be_visible()
        desk.get_by_test_id("resend-confirmed").click()
        wait_until(desk, lambda: len(got) == 2, "the gateway was asked again")
        expect(desk.get_by_text("“Confirmed” is sent again by SMS …0991")).to_be_visible()
        desk.get_by_test_id("wishes").click()
        dialog = desk.get_by_role("dialog")
        dialog.get_by_label("Language").select_option("zh-Hans")
        dialog.get_by_role("switch", name="Survey").click()
        desk.get_by_test_id("save-wishes").click()
        expect(desk.get_by_role("dialog")).to_have_count(0)
        told = scalar(site.store, "SELECT body FROM notice_wishes WHERE customer = 'C1'")
        wishes = msgspec.json.decode(told)
        assert (wishes["lang"], wishes["off"]) == ("zh-Hans", ["survey"])
        ids = {msgspec.json.decode(body)["reference"] for _, body in got}
        assert len(ids) == 2


SUBSCRIBES = """
Notification.requestPermission = async () => "granted";
PushManager.prototype.subscribe = async function (options) {
  if (new Uint8Array(options.applicationServerKey).length !== 65) throw new Error("no key");
  return { toJSON: () => ({
    endpoint: "https://fcm.googleapis.com/fcm/send/one",
    keys: { p256dh: "B".repeat(87), auth: "a".repeat(22) },
  }) };
};
"""
"""The push service cannot be reached from here; all else is the browser's own."""


def test_a_browser_that_asks_is_told(playwright: Playwright, site: Site) -> None:
    put(site.store, "notices", {"on": True})
    made = order(site.store, "R-1", MUG=1)
    page = stranger(playwright)
    page.context.grant_permissions(["notifications"])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.add_init_script(SUBSCRIBES)
    page.goto(f"{site.server.base}{links.path_of(key(site), made)}?lang=en")
    page.get_by_role("link", name=PUSH_WORDS["en"]["title"]).click()
    page.get_by_role("button", name=PUSH_WORDS["en"]["ask"]).click()
    expect(page.get_by_text(PUSH_WORDS["en"]["done"])).to_be_visible()
    assert errors == []
    (row,) = table(site.store, "SELECT * FROM push_subscription")
    assert (row["order_id"], row["lang"]) == (made, "en")
    _arrives(page)
    page.context.browser.close()  # type: ignore[union-attr]


def _arrives(page: Page) -> None:
    """What the push service would hand to the worker."""
    shown = {"title": "Shipped", "body": "On its way", "url": page.url, "tag": "n-1", "lang": "en"}
    cdp = page.context.new_cdp_session(page)
    found: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(each["registrationId"] for each in told["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    wait_until(page, lambda: bool(found), "the worker is registered")
    origin = page.evaluate("location.origin")
    data = msgspec.json.encode(shown).decode()
    titles = """navigator.serviceWorker.ready.then(worker => worker.getNotifications())
      .then(all => all.map(each => each.title + ": " + each.body))"""

    def arrived() -> bool:
        """Until it is shown: the tools drop one for a worker that is only starting. Those with the
        same tag are one."""
        given = {"origin": origin, "registrationId": found[-1], "data": data}
        cdp.send("ServiceWorker.deliverPushMessage", given)
        page.wait_for_timeout(200)
        return bool(page.evaluate(titles) == ["Shipped: On its way"])

    wait_until(page, arrived, "it is shown")
