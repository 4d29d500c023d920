"""What pickers see when somebody acts on their task, when there is no network, when the device has
no room; their messages and their settings."""

from playwright.sync_api import expect

from server.exceptions.ops import SettleCase
from server.floor.ops import ReassignTask, ReleaseTask
from server.kernel.ops import Op
from server.orders.hold import HoldOrder
from server.orders.ops import CancelOrder
from tests.e2e.tour.floor import STRANGE, TASK, scan_item, scan_where, task_id
from tests.e2e.tour.goods import head, supervisor
from tests.e2e.tour.shelves import take_of
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    choose,
    digits,
    escape,
    go,
    offline,
    online,
    press,
    scan,
    tap,
    then,
    wait,
)
from tests.floor_site import table
from tests.floor_work import APPLIED

MESSAGES = "floor/messages"
SETTLED = "main .badge.right"
LISTENS = """() => {
  window.SpeechRecognition = class {
    start() { window.ear = this; }
    abort() { this.onend?.(); }
  };
}"""
FULL = """() => {
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode === "readwrite") throw new DOMException("full", "QuotaExceededError");
    return real.call(this, stores, mode, options);
  };
}"""
REPORTED = """SELECT c.id, c.rev FROM exception_case c JOIN discrepancy d ON d.id = c.id
  WHERE d.kind = 'short_pick' AND d.state <> 'settled' ORDER BY d.at DESC LIMIT 1"""


def says(on: Visit, operation: str, op: Op) -> None:
    """The desk."""
    assert supervisor(on.site.store).say(operation, op) == APPLIED


def hold(on: Visit) -> None:
    order = on.site.found["stopped"]
    says(on, "orders.hold_order.v1", HoldOrder(order=order, reason="The customer calls back"))


def give_to_another(on: Visit) -> None:
    task = task_id(on)
    epoch = int(on.site.ask("SELECT epoch FROM task WHERE id = :t", t=task))
    moved = ReassignTask(task=task, expects=epoch, person="picker2")
    says(on, "floor.reassign_task.v1", moved)


def take_back(on: Visit) -> None:
    says(on, "floor.release_task.v1", ReleaseTask(task=task_id(on)))


def cancel(on: Visit) -> None:
    order = on.site.found["cancelled"]
    cancelled = CancelOrder(order=order, reason="changed mind")
    assert head(on.site.store).say("orders.cancel_order.v1", cancelled) == APPLIED


def settle_report(on: Visit) -> None:
    case = table(on.site.store, REPORTED)[0]
    note = "The rest lay one level up; it is back in its place"
    settled = SettleCase(case=case["id"], expects=case["rev"], note=note, cause="process")
    says(on, "exceptions.settle_case.v1", settled)


def all_sent(on: Visit) -> None:
    expect(on.page.get_by_text(on.word("common.allSent"))).to_be_visible()


def hears(on: Visit) -> None:
    on.page.evaluate(LISTENS)


def switch(at: int) -> Reach:
    """One of the settings' switches."""
    return lambda on: on.page.get_by_role("switch").nth(at).click()


def deaf(on: Visit) -> None:
    """The browser may not use the microphone."""
    on.page.evaluate("window.ear.onerror({ error: 'not-allowed' })")


def park(on: Visit) -> None:
    then(tap("picker.pause"), choose(0), press("pause-yes"), wait("[data-testid=parked]"))(on)


def pause_offline(on: Visit) -> None:
    then(take_of("instead"), tap("picker.pause"), choose(0), press("pause-yes"))(on)


def give_back_offline(on: Visit) -> None:
    then(escape, go("/picker"), press("give-back-*"), press("give-back-yes"))(on)


def take_offline(on: Visit) -> None:
    """One that waits."""
    on.page.get_by_role("list").last.get_by_role("button").last.click()


def full(on: Visit) -> None:
    """The device cannot write down what was pressed."""
    press("tray")(on)
    on.page.get_by_test_id("understood").first.wait_for()
    on.page.evaluate(FULL)
    press("understood")(on)


def sign_out_unsent(on: Visit) -> None:
    """With room again, without a network, and with something that nobody has been told."""
    on.page.reload()
    then(wait(".status-bar:not(.offline)"), go("/settings"), wait("h1"))(on)
    then(go("/floor/messages"), wait("[data-testid=understood]"), offline)(on)
    then(press("understood"), go("/settings"), tap("common.signOut"))(on)


ACTED = (
    Stop("on-hold", TASK, then(take_of("stopped"), hold), "[data-testid=stopped]"),
    Stop("home-on-hold", "picker", go("/picker"), ".badge.wrong"),
    Stop("gone-moved", TASK, then(take_of("moved"), give_to_another), "[data-testid=gone]"),
    Stop("gone-queue", TASK, then(take_of("queued"), take_back), "[data-testid=gone]"),
    Stop("offline", TASK, then(take_of("cancelled"), offline, scan_where), "[data-testid=what]"),
    Stop(
        "offline-unsent",
        TASK,
        then(scan_item, press("type-quantity"), digits("2"), wait("[data-testid=finish]")),
        "[data-testid=finish]",
    ),
    Stop("messages-unsent", MESSAGES, press("tray"), ".list"),
    Stop(
        "gone-cancelled",
        TASK,
        then(tap("common.back"), cancel, online, all_sent),
        "[data-testid=gone]",
    ),
    Stop("messages-told", MESSAGES, then(settle_report, press("tray")), SETTLED),
    Stop("parked-offline", TASK, then(take_of("lots"), park, offline), "[data-testid=offline]"),
    Stop("pause-offline", TASK, pause_offline, "dialog .alert"),
    Stop("give-back-offline", "picker", give_back_offline, "dialog .alert"),
    Stop("take-offline", "picker", then(escape, take_offline), "[data-testid=told]"),
    Stop("settings", "settings", then(online, go("/settings")), "h1"),
    Stop(
        "settings-voice", "settings", then(hears, switch(2), switch(3)), "[data-testid=voice-sound]"
    ),
    Stop("settings-scanner", "settings", then(choose(-1), scan(STRANGE)), "output"),
    Stop("walk-voice", TASK, take_of("numbers"), "[data-testid=hearing]"),
    Stop("walk-deaf", TASK, deaf, ".hearing.deaf"),
    Stop("not-found", "", go("/picker/nothing"), "footer button"),
    Stop("not-allowed", "", go("/supervisor"), "footer button"),
    Stop("not-saved", MESSAGES, then(go("/picker"), full), ".full-stop"),
    Stop("signed-out-unsent", "picker", sign_out_unsent, "input[name=badge]"),
)
