"""What drivers see: the run, the dock, the door, what comes back; and the receiver's own phone."""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.e2e.conftest import scan as scan_text
from tests.e2e.test_driver import sign
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    choose,
    dismiss,
    escape,
    press,
    scan,
    stay,
    tap,
    then,
    type_in,
    wait,
)
from tests.e2e.tour.words import words
from tests.floor_site import table

DOOR_WHAT = "[data-testid=what]"
RUN, STOP = "driver/run/:run", "driver/stop/:stop"
PARCELS = """SELECT l.parcel FROM load l JOIN stop s ON s.id = l.stop JOIN run r ON r.id = s.run
  WHERE r.vehicle = 'VAN-1' ORDER BY s.seq, l.parcel"""


def parcels(on: Visit) -> list[str]:
    return [row["parcel"] for row in table(on.site.store, PARCELS)]


def load(some: slice) -> Reach:
    def reach(on: Visit) -> None:
        for parcel in parcels(on)[some]:
            scan_text(on.page, parcel)
            expect(on.page.get_by_test_id(f"missing-{parcel}")).to_be_hidden()

    return reach


def sign_here(on: Visit) -> None:
    on.page.locator("canvas").scroll_into_view_if_needed()
    sign(on.page)


def photograph(on: Visit) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "door.jpg")
        Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(path)
        on.page.locator("input[type=file]").last.set_input_files(path)
        expect(on.page.locator(".photo-strip img").first).to_be_visible()


def less(on: Visit) -> None:
    on.page.locator("[data-testid^=less-]").first.click()
    on.page.get_by_role("combobox").first.select_option("damaged")


def own_phone(on: Visit) -> None:
    """The receiver opens the link of the code on a phone of their own."""
    url = on.page.get_by_test_id("sign-link").get_attribute("data-url")
    on.page = on.page.context.new_page()
    on.page.goto(str(url))


def drivers_phone(on: Visit) -> None:
    own = on.page
    on.page = on.page.context.pages[0]
    own.close()
    press("sign-here")(on)


def finish(on: Visit) -> None:
    expect(on.page.get_by_test_id("place")).not_to_have_text(on.word("driver.placeSearching"))
    on.page.get_by_test_id("finish").click()


def back(on: Visit) -> None:
    on.page.go_back()


def onward(outcome: str) -> Reach:
    return then(press("onward"), press("arrive"), press(f"outcome-{outcome}"))


def nobody_home(on: Visit) -> None:
    """At this door and at all others, until nothing is left but the way back."""
    last = False
    while not last:
        press("next")(on)
        photograph(on)
        press("next")(on)
        finish(on)
        onward = on.page.get_by_test_id("onward")
        last = onward.inner_text().strip() == words(on.language)["driver.summary"]
        onward.click()
        if not last:
            then(press("arrive"), press("outcome-failed"))(on)


DOCK = (
    Stop("home", "driver", stay, "[data-testid=take-next]"),
    Stop("run", RUN, press("take-next"), "[data-testid=load]"),
    Stop(
        "run-map", RUN, lambda on: on.page.get_by_test_id("map").locator("summary").click(), "svg"
    ),
    Stop("load", f"{RUN}/load", press("load"), "[data-testid=where]"),
    Stop("load-wrong", f"{RUN}/load", scan("P-99999999"), ".full-stop"),
    Stop("load-along", f"{RUN}/load", then(dismiss, press("odd")), "dialog"),
    Stop("load-missing", f"{RUN}/load", then(press("leave-at-dock"), press("missing-*")), "dialog"),
    Stop(
        "load-off",
        f"{RUN}/load",
        then(
            escape,
            load(slice(0, None)),
            lambda on: on.page.get_by_test_id("aboard").locator("summary").click(),
            press("aboard-*"),
        ),
        "dialog",
    ),
    Stop("depart", f"{RUN}/depart", then(escape, press("depart")), "[data-testid=depart-now]"),
    Stop("depart-lacks", f"{RUN}/depart", press("depart-now"), "[data-testid^=lack-]"),
    Stop(
        "under-way",
        RUN,
        then(choose(0), sign_here, press("depart-now")),
        "[data-testid=next-stop]",
    ),
)

DOORS = (
    Stop("stop", STOP, press("next-stop"), "[data-testid=arrive]"),
    Stop("door", STOP, press("arrive"), "[data-testid=outcome-full]"),
    Stop("door-lines", STOP, press("outcome-partial"), "[data-testid^=line-]"),
    Stop("door-why", STOP, less, ".photo-strip, select"),
    Stop("door-photo", STOP, then(photograph, press("next"), press("next")), "input[type=file]"),
    Stop("door-receiver", STOP, then(press("next"), wait("canvas")), "canvas"),
    Stop("door-lacks", STOP, press("next"), "[data-testid^=lack-]"),
    Stop("door-relax", STOP, press("relax-*"), "dialog"),
    Stop("door-own-phone", STOP, then(escape, press("own-phone")), "[data-testid=sign-link]"),
    Stop("receiver-phone", "", own_phone, "canvas"),
    Stop(
        "door-check",
        STOP,
        then(drivers_phone, type_in("Ann Corner"), sign_here, press("next")),
        "[data-testid=finish]",
    ),
    Stop("door-closed", STOP, finish, "[data-testid=proof-state]"),
    Stop("correct", f"{STOP}/correct", press("correct"), "[data-testid=outcome-full]"),
    Stop(
        "door-refused",
        STOP,
        then(back, onward("refused")),
        DOOR_WHAT,
    ),
    Stop("door-nobody", STOP, then(tap("common.back"), press("outcome-failed")), DOOR_WHAT),
    Stop("back", RUN, nobody_home, "[data-testid=returns-done]"),
    Stop("back-missing", RUN, press("returns-done"), "dialog"),
    Stop("finished", RUN, press("returns-anyway"), "[data-testid=to-runs]"),
)
