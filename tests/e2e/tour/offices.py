"""What customer service and administrators see."""

import tempfile
from pathlib import Path

from playwright.sync_api import expect

from server.catalog.ops import PutSetting
from tests.e2e.tour.aftermath import readdress
from tests.e2e.tour.desks import READY, answer, field, to
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    escape,
    go,
    press,
    stay,
    tap,
    then,
    type_in,
    view,
    wait,
)
from tests.floor_site import good, system

STORY, SETTINGS = "service/order/:id", "admin/settings"
PAPER = "export_declaration"


def write_note(on: Visit) -> None:
    on.page.locator("textarea[name=note]").fill("Ring at the back door, the bell is broken")


def file_of(name: str, text: str) -> Reach:
    """The file that is chosen in the dialog on show."""

    def reach(on: Visit) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_text(text)
            on.page.locator("dialog input[type=file]").set_input_files(path)
            expect(on.page.locator("dialog .error, [data-testid=file]")).to_be_visible()

    return reach


def held(on: Visit) -> None:
    expect(on.button("supervisor.letGo")).to_be_visible()


def moved_meanwhile(on: Visit) -> None:
    """Somebody else writes another address while this desk does."""
    readdress(on.site.store, on.site.found["waiting"])


def desk_may_cancel(on: Visit) -> None:
    """In this house what is confirmed, too; the story asks again once it is opened again."""
    rule = PutSetting(key="cancelling", value={"may": {"confirmed": "service"}})
    good(system(on.site.store, "catalog.put_setting.v1", rule))
    then(go("/service"), wait("input[type=search]"), to("/service/order/{waiting}"))(on)
    tap("service.cancel")(on)


SERVICE = (
    Stop("find", "service", stay, "input[type=search]"),
    Stop("found", "service", type_in("quarry"), "[data-testid=found]"),
    Stop("nothing-found", "service", type_in("nobody at all"), "search .empty"),
    Stop("story", STORY, to("/service/order/{delivered}"), "[data-testid=notices] li"),
    Stop("wishes", STORY, press("wishes"), "dialog"),
    Stop("open-return", STORY, then(escape, press("open-return")), "dialog"),
    Stop(
        "story-refused", STORY, then(escape, to("/service/order/{refused}")), "[data-testid^=rma-]"
    ),
    Stop("story-waiting", STORY, to("/service/order/{waiting}"), "[data-testid=change-address]"),
    Stop("hold", STORY, tap("supervisor.hold"), "dialog"),
    Stop("cancel-not-here", STORY, then(escape, tap("service.cancel")), "dialog [role=alert]"),
    Stop("cancel", STORY, then(escape, desk_may_cancel), "dialog input"),
    Stop("cancel-lacks", STORY, answer("service.cancel"), "dialog .error"),
    Stop("address", STORY, then(escape, press("change-address")), "dialog"),
    Stop("address-newer", STORY, moved_meanwhile, "[data-testid=newer-address]"),
    Stop("note", STORY, then(escape, write_note), "[data-testid=add-note]:enabled"),
    Stop(
        "story-held",
        STORY,
        then(tap("supervisor.hold"), type_in("Waits for a call"), answer("supervisor.hold"), held),
        "[data-testid=state]",
    ),
    view("problems", "service/problems", ".problem"),
    Stop("case", "service/problems/:id", to("/service/problems/{open}"), ".case img"),
    view("known", "service/problems/known", ".known-cases li"),
    view("reports", "reports", "[data-testid^=report-]"),
    view("insight", "insight", "[data-testid=figures]"),
    view("papers", "papers", "[data-testid^=lacking-]"),
    Stop("papers-order", STORY, to("/service/order/{abroad}"), "[data-testid=papers] .papers"),
    Stop("papers-attach", STORY, press(f"attach-{PAPER}"), "dialog"),
    Stop("papers-attach-lacks", STORY, press("attach-save"), "dialog .error"),
    Stop("papers-attach-wrong", STORY, file_of("notes.txt", "no picture"), "dialog .error"),
    Stop(
        "papers-attach-file",
        STORY,
        then(file_of("declaration.pdf", "%PDF-1.7 declared %%EOF"), field("number", "EX-2026-17")),
        "[data-testid=file]",
    ),
    Stop("papers-attached", STORY, press("attach-save"), f"[data-testid=withdraw-{PAPER}]"),
    Stop("papers-withdraw", STORY, press(f"withdraw-{PAPER}"), "dialog input"),
    Stop("papers-waive", STORY, then(escape, press("waive-commercial_invoice")), "dialog input"),
    Stop(
        "papers-ready",
        STORY,
        then(escape, press("issue-commercial_invoice")),
        "[data-testid=wanted-commercial_invoice] .badge.right",
    ),
    view("stock", "stock", "[data-testid^=stock-]"),
)

ADMIN = (
    Stop("people", "admin", stay, "table"),
    Stop("add-person", "admin", tap("admin.addPerson"), "dialog"),
    Stop(
        "person-added",
        "admin",
        then(field("person", "Noor Haddad"), answer("admin.add")),
        ".big-code",
    ),
    Stop("new-pin", "admin", then(answer("admin.written"), tap("admin.setPinOf")), "dialog"),
    Stop("pin-made", "admin", answer("admin.setPin"), ".big-code"),
    Stop("end-access", "admin", then(answer("admin.written"), tap("admin.endAccessOf")), "dialog"),
    Stop("skills", "admin", then(escape, tap("acting.abilitiesOf")), "dialog"),
    Stop("skills-wrong", "admin", field("zones", "heavy; {light}"), "dialog .error"),
    Stop("add-device", "admin/enrol", then(escape, go("/admin/enrol")), "h1"),
    view("settings", SETTINGS, "table"),
    Stop("printer", SETTINGS, press("add-bench"), "dialog"),
    Stop("printer-wrong", SETTINGS, field("address", "not an address"), "dialog .error"),
    Stop("own-settings", "settings", then(escape, go("/settings")), "h1"),
    view("problems", "admin/problems", ".problem"),
    Stop("case", "admin/problems/:id", to("/admin/problems/{open}"), ".case img"),
    view("known", "admin/problems/known", ".known-cases li"),
    Stop("report", "reports/:id", go(f"/reports/{READY}?period=all"), "[data-testid=report-table]"),
    view("uses", "reports/uses", "tbody tr"),
    view("audit", "audit", "[data-testid=chain]"),
)
