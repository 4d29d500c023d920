"""What drivers see: the run, the dock, the door, what comes back; and the receiver's own phone."""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.test_driver import sign
from tests.e2e.tour.doors import pallet_of, paper_is_not_needed, parcels_of, pin_of
from tests.e2e.tour.eyes import camera_shows_a_label, no_camera
from tests.e2e.tour.stop import (
    TOO_SOON_MS,
    Reach,
    Stop,
    Visit,
    choose,
    digits,
    dismiss,
    escape,
    go,
    offline,
    online,
    press,
    scan,
    stay,
    tap,
    then,
    type_in,
    wait,
)

DOOR_WHAT = "[data-testid=what]"
RUN, STOP = "driver/run/:run", "driver/stop/:stop"
LOAD, CORRECT = f"{RUN}/load", f"{STOP}/correct"
NOWHERE = "P-99999999"
NOT_A_PARCEL = "4006381333931"
NO_ROOM = """() => {
  const { prototype } = IDBObjectStore;
  window.tourPut = prototype.put;
  prototype.put = function (value, ...key) {
    const bytes = JSON.stringify(value, (_, each) => each instanceof ArrayBuffer ? "bytes" : each);
    if (bytes.includes('"bytes"')) throw new DOMException("full", "QuotaExceededError");
    return window.tourPut.call(this, value, ...key);
  };
}"""
"""A phone whose disk has room for words, and for no photo more."""
ROOM = "() => { IDBObjectStore.prototype.put = window.tourPut; }"


def parcel(seq: int) -> Reach:
    """Scans the label of a parcel of this stop."""
    return lambda on: scan_text(on.page, parcels_of(on.site.store, seq)[0])


def pallet(on: Visit) -> None:
    scan_text(on.page, f"]C100{pallet_of(on.site.store)}")


def papers_come(on: Visit) -> None:
    """The office sees to them meanwhile; then the pallet once more."""
    dismiss(on)
    paper_is_not_needed(on.site.store)
    for _ in range(40):  # the news of it is on its way
        on.page.wait_for_timeout(TOO_SOON_MS)
        pallet(on)
        expect(on.page.locator(".full-stop, [data-testid=pallet-aboard]").first).to_be_visible()
        if on.page.get_by_test_id("pallet-aboard").is_visible():
            return
        dismiss(on)
    raise AssertionError("the papers did not come")


def loaded(seq: int) -> Reach:
    def reach(on: Visit) -> None:
        for each in parcels_of(on.site.store, seq):
            scan_text(on.page, each)
            expect(on.page.get_by_test_id(f"missing-{each}")).to_be_hidden()

    return reach


def not_on_the_pallet(on: Visit) -> None:
    on.page.get_by_test_id(f"pallet-{parcels_of(on.site.store, 4)[0]}").click()


def unfold(test_id: str) -> Reach:
    return lambda on: on.page.get_by_test_id(test_id).locator("summary").click()


def sign_here(on: Visit) -> None:
    on.page.locator("canvas").scroll_into_view_if_needed()
    sign(on.page)


def photograph(on: Visit) -> None:
    strip = on.page.locator(".photo-strip img")
    before = strip.count()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "door.jpg")
        Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(path)
        on.page.locator("input[type=file]").last.set_input_files(path)
        expect(strip).to_have_count(before + 1)


def less(on: Visit) -> None:
    on.page.locator("[data-testid^=less-]").first.click()
    on.page.get_by_role("combobox").first.select_option("damaged")


def answers(said: str) -> Reach:
    """The same answer to every point of the checklist."""

    def reach(on: Visit) -> None:
        for point in on.page.locator("[data-testid^=check-]").all():
            point.get_by_role("button", name=on.word(f"driver.answer_{said}")).click()

    return reach


def passed(on: Visit) -> None:
    left = on.page.locator("[data-testid^=stage-]")
    while left.count():
        left.first.click()


def pin(seq: int) -> Reach:
    return lambda on: digits(pin_of(on.site.store, seq))(on)


def own_phone(on: Visit) -> None:
    """The receiver opens the link of the code on a phone of their own."""
    on.site.found["sign-link"] = str(on.page.get_by_test_id("sign-link").get_attribute("data-url"))
    on.page = on.page.context.new_page()
    on.page.goto(on.site.found["sign-link"])


def receiver_says_the_pin(on: Visit) -> None:
    on.page.locator("input[name=pin]").fill(pin_of(on.site.store, 2))


def once_more(on: Visit) -> None:
    """The same link, which was good once."""
    on.page.goto("about:blank")
    on.page.goto(on.site.found["sign-link"])


def drivers_phone(on: Visit) -> None:
    own = on.page
    on.page = on.page.context.pages[0]
    own.close()


def finish(on: Visit) -> None:
    expect(on.page.get_by_test_id("place")).not_to_have_text(on.word("driver.placeSearching"))
    on.page.get_by_test_id("finish").click()


def script(text: str) -> Reach:
    return lambda on: on.page.evaluate(text)


def back(on: Visit) -> None:
    on.page.go_back()


def steps(*shown: str) -> Reach:
    """From step to step by "Next", until each of these has been there."""
    return then(*(step for each in shown for step in (press("next"), wait(each))))


def onward(outcome: str) -> Reach:
    return then(press("onward"), press("arrive"), press(f"outcome-{outcome}"))


def last_stop(on: Visit) -> None:
    """The one whose parcel stayed at the dock, which the office does not know of yet."""
    on.page.locator("[data-testid^=stop-]").last.click()


def nobody_home(on: Visit) -> None:
    then(press("next"), photograph, press("next"), finish)(on)


DOCK = (
    Stop("home", "driver", stay, "[data-testid=take-next]"),
    Stop("run", RUN, press("take-next"), "[data-testid=load]"),
    Stop("run-map", RUN, unfold("map"), "svg"),
    Stop("stop-before", STOP, press("stop-*"), "[data-testid=navigate]"),
    Stop("load", LOAD, then(tap("common.back"), press("load")), "[data-testid=where]"),
    Stop("load-type", LOAD, tap("ui.typeCode"), "dialog input"),
    Stop(
        "load-camera",
        LOAD,
        then(escape, camera_shows_a_label, tap("ui.cameraScan")),
        "dialog .frame",
    ),
    Stop(
        "load-no-camera",
        LOAD,
        then(escape, no_camera, tap("ui.cameraScan")),
        "dialog .word .icon",
    ),
    Stop("load-wrong", LOAD, then(escape, scan(NOWHERE)), ".full-stop"),
    Stop("load-along", LOAD, then(dismiss, press("odd")), "dialog"),
    Stop("load-not-a-parcel", LOAD, then(press("leave-at-dock"), scan(NOT_A_PARCEL)), ".full-stop"),
    Stop("load-papers", LOAD, then(dismiss, pallet), ".full-stop"),
    Stop("load-pallet", LOAD, papers_come, "[data-testid=pallet-aboard]"),
    Stop("load-missing", LOAD, not_on_the_pallet, "dialog"),
    Stop("load-differs", LOAD, then(choose(2), press("leave-out")), "[data-testid^=short-]"),
    Stop("depart-missing", f"{RUN}/depart", press("depart"), "[role=alert]"),
    Stop(
        "load-aboard",
        LOAD,
        then(tap("common.back"), loaded(1), loaded(2), unfold("aboard")),
        "[data-testid^=aboard-]",
    ),
    Stop("load-off", LOAD, press("aboard-*"), "dialog"),
    Stop("depart", f"{RUN}/depart", then(escape, press("depart")), "[data-testid=depart-now]"),
    Stop("depart-lacks", f"{RUN}/depart", press("depart-now"), "[data-testid^=lack-]"),
    Stop("depart-signed", f"{RUN}/depart", then(choose(0), sign_here, photograph), ".photo-strip"),
    Stop(
        "door-left-behind",
        STOP,
        then(offline, press("depart-now"), wait("[data-testid=next-stop]"), last_stop),
        "[data-testid=outcome-failed]",
    ),
    Stop("under-way", RUN, then(online, tap("common.back")), "[data-testid=next-stop]"),
    Stop("home-held", "driver", tap("common.back"), "[data-testid=continue]"),
)

DOORS = (
    Stop("stop", STOP, then(press("continue"), press("next-stop")), "[data-testid=arrive]"),
    Stop("door", STOP, press("arrive"), "[data-testid=outcome-full]"),
    Stop("door-wrong", STOP, scan(NOWHERE), ".full-stop"),
    Stop("door-not-a-parcel", STOP, then(dismiss, scan(NOT_A_PARCEL)), ".full-stop"),
    Stop("door-scanned", STOP, then(dismiss, parcel(1)), ".badge.right"),
    Stop("door-lines", STOP, press("outcome-partial"), "[data-testid^=line-]"),
    Stop("door-lines-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-why", STOP, less, ".photo-strip, select"),
    Stop("door-reason", STOP, then(photograph, press("next")), DOOR_WHAT),
    Stop("door-photo", STOP, press("next"), "input[type=file]"),
    Stop("door-photos", STOP, photograph, ".photo-strip img:nth-child(2)"),
    Stop("door-receiver", STOP, steps("canvas"), "canvas"),
    Stop("door-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-relax", STOP, press("relax-*"), "dialog"),
    Stop("door-own-phone", STOP, then(escape, press("own-phone")), "[data-testid=sign-link]"),
    Stop(
        "door-own-phone-off-line",
        STOP,
        then(press("sign-here"), offline),
        "[data-testid=own-phone]:disabled",
    ),
    Stop(
        "door-pin",
        STOP,
        then(online, type_in("Ann Corner"), sign_here, press("next")),
        ".keypad",
    ),
    Stop("door-pin-wrong", STOP, digits("000000"), ".prompt .icon"),
    Stop("door-pin-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-pin-right", STOP, pin(1), "[data-testid=pin-ok]"),
    Stop("door-check", STOP, press("next"), "[data-testid=finish]"),
    Stop("door-no-room", STOP, then(script(NO_ROOM), finish), "[data-testid=save-without]"),
    Stop("door-closed", STOP, then(script(ROOM), finish), "[data-testid=countersigned]"),
    Stop("correct", CORRECT, press("correct"), "[data-testid=outcome-full]"),
    Stop(
        "correct-check",
        CORRECT,
        then(
            press("outcome-full"),
            type_in("Ann Corner"),
            sign_here,
            press("next"),
            pin(1),
            wait("[data-testid=pin-ok]"),
            press("next"),
        ),
        "[data-testid=finish]",
    ),
    Stop("corrected", STOP, finish, "[data-testid=countersigned]"),
)

DEMANDING = (
    Stop("door-slip", STOP, onward("full"), "input[type=file]"),
    Stop("door-slip-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-checklist", STOP, then(photograph, press("next")), "[data-testid^=check-]"),
    Stop("door-checklist-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-checklist-note", STOP, answers("no"), "input"),
    Stop("door-stages", STOP, press("next"), "[data-testid^=stage-]"),
    Stop("door-stages-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-stages-passed", STOP, then(type_in("Bob Corner"), passed), ".badge.right"),
    Stop("receiver-phone", "", then(press("next"), press("own-phone"), own_phone), "canvas"),
    Stop("receiver-lacks", "", press("sign"), ".error"),
    Stop(
        "receiver-pin-wrong",
        "",
        then(type_in("Bob Corner"), type_in("000000", 1), sign_here, press("sign")),
        "[data-testid=sign-problem]",
    ),
    Stop(
        "receiver-signed",
        "",
        then(receiver_says_the_pin, press("sign")),
        "[data-testid=sign-done]",
    ),
    Stop("receiver-gone", "", once_more, "[data-testid=sign-gone]"),
    Stop("door-signed-there", STOP, drivers_phone, "[data-testid=signed-there]"),
    Stop(
        "door-recorded",
        STOP,
        then(press("next"), press("next"), offline, finish),
        "[data-testid=proof-state]",
    ),
)

NOBODY = (
    Stop("door-refused", STOP, then(online, onward("refused")), DOOR_WHAT),
    Stop("door-nobody", STOP, then(tap("common.back"), press("outcome-failed")), DOOR_WHAT),
    Stop("back", RUN, then(nobody_home, press("onward")), "[data-testid=returns-done]"),
    Stop("back-wrong", RUN, scan(NOWHERE), ".full-stop"),
    Stop("back-missing", RUN, then(dismiss, press("returns-done")), "dialog"),
    Stop("finished", RUN, press("returns-anyway"), "[data-testid=to-runs]"),
    Stop("home-after", "driver", press("to-runs"), "[data-testid=done-here]"),
    Stop("home-off-line", "driver", offline, ".status-bar.offline"),
    Stop("run-gone", RUN, then(online, go("/driver/run/none")), "[role=alert]"),
    Stop("stop-gone", STOP, go("/driver/stop/none"), "[data-testid=gone]"),
)
