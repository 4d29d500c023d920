"""What people outside the house see: the customer's pages, and the page that checks a proof."""

import json
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from server.documents.pack.page import verifier_page
from tests.e2e.tour.stop import Reach, Stop, Visit, then
from tests.evidence_work import pack_of

NO_LINK = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
ALLOWED = """() => {
  Notification.requestPermission = async () => "granted";
  window.subscribed = async () => { throw new Error("no push service"); };
}"""
SUBSCRIBED = """() => {
  const keys = { p256dh: "B".repeat(87), auth: "A".repeat(22) };
  const endpoint = "https://fcm.googleapis.com/fcm/send/tour";
  window.subscribed = async () => ({ toJSON: () => ({ endpoint, keys }) });
}"""
"""A browser whose maker's push service answers, which none on a tour reaches."""
NO_PUSH = "() => { delete window.PushManager; delete window.Notification; }"


def _open(on: Visit, path: str) -> None:
    on.page.goto(f"{on.site.server.base}{path}?lang={on.language}")


def track(order: str) -> Reach:
    """`order`: one of those that the site was made with."""
    return lambda on: _open(on, on.site.track_path(order))


def page(path: str) -> Reach:
    return lambda on: _open(on, path)


def postcode(on: Visit, text: str) -> None:
    on.page.locator("#postcode").fill(text)
    on.page.locator("form button").click()


def wrong_postcode(on: Visit) -> None:
    postcode(on, "XX1 1XX")


def right_postcode(order: str) -> Reach:
    def reach(on: Visit) -> None:
        asked = "SELECT ship_to FROM orders WHERE id = :o"
        to = json.loads(on.site.ask(asked, o=on.site.found[order]))
        postcode(on, to["postcode"])
        on.page.locator("#return").scroll_into_view_if_needed()

    return reach


def send_nothing_back(on: Visit) -> None:
    on.page.locator("#reason").select_option(index=1)
    on.page.locator("#return button").click()


def send_back(on: Visit) -> None:
    on.page.locator("#return input[type=number]").first.fill("1")
    on.page.locator("#reason").select_option(index=1)
    on.page.locator("#return button").click()


def survey(order: str) -> Reach:
    return lambda on: _open(on, on.site.survey_path(order))


def answer(on: Visit) -> None:
    for name in ("on_time", "complete", "courtesy"):
        on.page.locator(f"input[name={name}]").first.check()
    on.page.locator("form button").click()


def push(on: Visit) -> None:
    _open(on, on.site.push_path())


def ask_push(told: str) -> Reach:
    def reach(on: Visit) -> None:
        on.page.locator("#ask").click()
        expect(on.page.locator(f"#{told}")).to_be_visible()

    return reach


def verifier(on: Visit) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "verify.html")
        path.write_bytes(verifier_page())
        on.page.goto(path.as_uri())
        on.page.locator("#language").select_option(on.language)


def pack(order: str, change: str = "") -> Reach:
    """The pack of an order, as a stranger gets it. `change`: what somebody wrote into it."""

    def reach(on: Visit) -> None:
        store, found = on.site.store, on.site.found
        made = pack_of(store, found[order])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "evidence.zip")
            path.write_bytes(made)
            on.page.locator("#pack").set_input_files(path)
            on.page.locator("#key").fill(change or store.signer().kid)
            on.page.locator("#ask button").click()
            expect(on.page.locator("[data-state]")).to_be_visible()
            on.page.locator("#result").scroll_into_view_if_needed()

    return reach


CUSTOMER = (
    Stop("track-waiting", "", track("waiting"), "#postcode"),
    Stop("track-coming", "", track("coming"), "#postcode"),
    Stop("track", "", track("delivered"), "#postcode"),
    Stop("track-wrong-postcode", "", wrong_postcode, ".wrong"),
    Stop("track-more", "", right_postcode("delivered"), "#return"),
    Stop("track-return-lacks", "", send_nothing_back, ".wrong"),
    Stop("track-returned", "", send_back, "#returns"),
    Stop("track-refused", "", track("refused"), ".now.bad"),
    Stop("track-nothing", "", page(f"/t/{NO_LINK}"), "h1"),
    Stop("survey", "", survey("unasked"), "textarea"),
    Stop("survey-thanks", "", answer, ".now"),
    Stop("survey-nothing", "", page(f"/s/{NO_LINK}"), "h1"),
    Stop("push", "", push, "#ask"),
    Stop("push-denied", "", ask_push("denied"), "#denied"),
    Stop(
        "push-failed",
        "",
        then(lambda on: on.page.evaluate(ALLOWED), ask_push("failed")),
        "#failed",
    ),
    Stop(
        "push-done",
        "",
        then(lambda on: on.page.evaluate(SUBSCRIBED), ask_push("done")),
        "#done",
    ),
    Stop(
        "push-unsupported",
        "",
        then(push, lambda on: on.page.evaluate(NO_PUSH), ask_push("unsupported")),
        "#unsupported",
    ),
    Stop("verify", "", verifier),
    Stop("verify-holds", "", pack("delivered"), "[data-state]"),
    Stop("verify-other-key", "", pack("delivered", "0" * 64), "[data-state=fails]"),
)
