"""What everybody sees before they are signed in: a device is enrolled, a badge, a PIN; and what
stands in the way."""

from playwright.sync_api import expect

from server.auth.people import By, do_revoke_device
from server.kernel.values import Role
from tests.e2e.tour.camera import forbid, look
from tests.e2e.tour.floor import STRANGE
from tests.e2e.tour.stop import Reach, Stop, Visit, digits, scan, tap, then, type_in, wait
from tests.floor_site import SITE


def no_network(on: Visit) -> None:
    on.page.context.set_offline(True)


def network(on: Visit) -> None:
    on.page.context.set_offline(False)


def enrol_page(on: Visit) -> None:
    on.page.goto("about:blank")  # or else only the fragment would change
    on.page.goto(f"{on.site.server.base}/#enrol={on.site.code()}")


def other_tab(on: Visit) -> None:
    """The same device, opened a second time."""
    base = on.page.url.partition("#")[0]
    on.page = on.page.context.new_page()
    on.page.goto(base)


def own_tab(on: Visit) -> None:
    other = on.page
    on.page = on.page.context.pages[0]
    other.close()


def elsewhere(script: str, path: str = "") -> Reach:
    """In a new page, with something about its browser as `script` makes it."""

    def reach(on: Visit) -> None:
        old = on.page
        on.page = old.context.new_page()
        on.page.add_init_script(script)
        on.page.goto(f"{on.site.server.base}/{path}")
        old.close()

    return reach


def wait_for_the_lock(on: Visit) -> None:
    """Wrong again and again, until the device must wait."""
    told, typed = on.page.get_by_text(on.word("auth.waitSeconds")), on.page.locator(".keypad input")
    for wrong in range(12):
        digits(f"11223{wrong % 10}")(on)
        expect(typed).to_be_enabled()
        expect(typed).to_have_value("")
        if told.count():
            return
    raise AssertionError("nobody has to wait")


def throw_storage_away(on: Visit) -> None:
    """As a browser does that runs out of room: the device is known by its cookie alone."""
    on.page.goto(f"{on.site.server.base}/health")
    on.page.evaluate(FORGET)
    on.page.goto(on.site.server.base)


def revoke(on: Visit) -> None:
    """The device that was enrolled last is not trusted any more."""
    newest = "SELECT id FROM device WHERE public_key <> '' ORDER BY enrolled_at DESC LIMIT 1"
    device, by = on.site.ask(newest), By("tour", Role.ADMIN)
    on.site.store.run_sync(lambda tx: do_revoke_device(tx, SITE, device, by))
    on.page.reload()


FORGET = """() => new Promise(done => {
  indexedDB.deleteDatabase("dockhand").onsuccess = done;
})"""
NO_DISK = """IDBFactory.prototype.open = () => { throw new DOMException("no", "UnknownError"); };"""
NEWER = """(() => {
  const real = ServiceWorkerContainer.prototype.register;
  ServiceWorkerContainer.prototype.register = async function (...asked) {
    const made = await real.apply(this, asked);
    Object.defineProperty(made, "waiting", { value: { postMessage() {} } });
    return made;
  };
})()"""

DOOR = (
    Stop("enrol", "auth", enrol_page, "input[name=code]"),
    Stop("enrol-camera", "auth", look("auth.scanCode"), ".camera .frame"),
    Stop("enrol-wrong", "auth", then(type_in("WRONG-CODE"), tap("auth.enrolDo")), ".error"),
    Stop("enrol-blocked", "auth", then(forbid, enrol_page, tap("auth.scanCode")), ".camera svg"),
    Stop("enrol-offline", "auth", then(no_network, tap("auth.enrolDo")), ".error"),
    Stop("badge", "auth", then(network, enrol_page, tap("auth.enrolDo")), "input[name=badge]"),
    Stop("badge-wrong", "auth", scan(STRANGE), ".error"),
    Stop("badge-camera", "auth", look("auth.useCamera"), ".camera .frame"),
    Stop("pin", "auth", then(forbid, scan("B-NOBODY")), ".keypad"),
    Stop("pin-wrong", "auth", digits("112233"), "[role=alert]"),
    Stop("pin-wait", "auth", wait_for_the_lock, "[role=alert]"),
    Stop("badge-offline", "auth", then(tap("common.back"), no_network), "input[name=badge]"),
    Stop("pin-offline", "auth", then(scan("B-NOBODY"), digits("112233")), "[role=alert]"),
    Stop("other-tab", "auth", then(network, other_tab), "h1"),
    Stop("cleared", "auth", then(own_tab, throw_storage_away), ".card"),
    Stop(
        "revoked",
        "auth",
        then(enrol_page, tap("auth.enrolDo"), wait("input[name=badge]"), revoke),
        ".stopped",
    ),
    Stop("update", "auth", elsewhere(NEWER), ".offer"),
    Stop("no-disk", "auth", elsewhere(NO_DISK), "[role=alert]"),
)
