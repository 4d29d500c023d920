"""What packers see: the gates of the bench, labels, a pallet; what does not fit and who is
interrupted."""

import re
from typing import Any

from playwright.sync_api import expect

from server.catalog.ops import PutSetting
from server.orders.hold import HoldOrder
from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.camera import photograph
from tests.e2e.tour.floor import BROKEN, STRANGE, take, task_id
from tests.e2e.tour.goods import MATCHA, OIL, TAG, code, supervisor
from tests.e2e.tour.stop import (
    Reach,
    Stop,
    Visit,
    again,
    choose,
    digits,
    dismiss,
    go,
    offline,
    press,
    scan,
    stay,
    tap,
    then,
    wait,
)
from tests.floor_site import good, system, table
from tests.floor_work import APPLIED

TASK, LABEL = "packer/task/:id", "packer/label/:parcel"
PACKED = """SELECT t.title FROM task t JOIN shipment s ON s.id = t.ref
  WHERE s.order_id = :o AND t.kind = 'pack'"""
LINES = """SELECT c.code, l.qty FROM pack_line l JOIN item_code c ON c.sku = l.sku
  WHERE l.task = :t ORDER BY l.no"""


def codes(on: Visit) -> list[str]:
    """One scan for each piece of the task."""
    rows = table(on.site.store, LINES, t=task_id(on))
    return [row["code"][1:] for row in rows for _ in range(row["qty"])]


def scan_first(on: Visit) -> None:
    scan_text(on.page, codes(on)[0])
    wait("[data-testid=count]:has-text('1')")(on)


def scan_rest(on: Visit) -> None:
    """Twice the same is counted once if it comes too soon."""
    before = ""
    for each in codes(on)[1:]:
        (again if each == before else scan)(each)(on)
        before = each


def parcel(on: Visit) -> str:
    return on.site.ask("SELECT number FROM parcel WHERE state = 'packed' ORDER BY number LIMIT 1")


def scan_doubtful(on: Visit) -> None:
    """Two values that may have run into one."""
    scan_text(on.page, f"01{int(codes(on)[-1]):014d}10ABC12321XYZ")


def choose_flaw(on: Visit) -> None:
    on.page.get_by_role("button", name=on.word("packer.flawDamaged")).click()


def report_missing(on: Visit) -> None:
    """One piece of the first line is not there."""
    then(press("pack-line-*"), press("flaw"))(on)
    on.page.get_by_role("button", name=on.word("packer.flawMissing")).click()
    press("send-flaw")(on)


def plug_in(on: Visit) -> None:
    """A scale on the wire."""
    on.page.evaluate(SCALE)
    on.page.get_by_test_id("no-weight").wait_for()


def scale_says(text: str) -> Reach:
    return lambda on: on.page.evaluate("text => window.scaleSays(`${text}\\r\\n`)", text)


def unplug(on: Visit) -> None:
    on.page.evaluate("window.unplugScale()")
    expect(on.page.get_by_test_id("take-reading")).to_be_hidden()


def second_printer(on: Visit) -> None:
    """One that does not answer."""
    off = {"id": "dock", "name": "Dock", "kind": "network", "address": "127.0.0.1:9"}
    first = {"id": "bench-1", "name": "Bench 1", "kind": "null"}
    _set(on, "printing", {"stations": [first, off], "tries": 1, "wait_s": 1, "timeout_s": 1})


def blind(blind: bool) -> Reach:
    """The site's packers count without knowing how many there should be."""
    return lambda on: _set(on, "packing", {"blind": blind})


def _set(on: Visit, key: str, value: dict[str, Any]) -> None:
    good(system(on.site.store, "catalog.put_setting.v1", PutSetting(key=key, value=value)))


def choose_in_dialog(at: int) -> Reach:
    return lambda on: (
        on.page.locator("dialog .choices button, dialog .choices label").nth(at).click()
    )


def hold(on: Visit) -> None:
    held = HoldOrder(order=on.site.found["halted"], reason="The customer calls back")
    assert supervisor(on.site.store).say("orders.hold_order.v1", held) == APPLIED


def take_packed(key: str) -> Reach:
    """The task of one of the orders in `goods.py`, from the worker's list."""

    def reach(on: Visit) -> None:
        go("/packer")(on)
        title = on.site.ask(PACKED, o=on.site.found[key])
        on.page.get_by_test_id(f"task-{title}").click()
        expect(on.page).to_have_url(re.compile("/task/"))

    return reach


SCALE = """(() => {
  let wire;
  const port = {
    readable: new ReadableStream({ start: control => { wire = control; } }),
    open: async () => {}, close: async () => {},
  };
  const serial = { requestPort: async () => port, getPorts: async () => [] };
  Object.defineProperty(navigator, "serial", { value: serial });
  window.scaleSays = text => wire.enqueue(new TextEncoder().encode(text));
  window.unplugScale = () => wire.close();
})()"""
ITEM = code(MATCHA)[1:]
EXPIRED = f"]d201{code(MATCHA)}1724010110M-1"

BENCH = (
    Stop("home", "packer", stay, "[data-testid=take-next]"),
    Stop("home-scanned", "packer", scan(STRANGE), "[data-testid=no-task]"),
    Stop("carton", TASK, take("pack"), "[data-testid=proposal]"),
    Stop("pieces", TASK, press("take-carton"), "[data-testid=count]"),
    Stop("wrong-piece", TASK, scan(STRANGE), ".full-stop"),
    Stop("pieces-some", TASK, then(dismiss, scan_first), "[data-testid=count]"),
    Stop("no-item", TASK, scan("L-A08-16-3"), ".full-stop"),
    Stop("unreadable", TASK, scan(BROKEN), ".full-stop"),
    Stop("doubtful", TASK, then(dismiss, scan_doubtful), "[data-testid=label-right]"),
    Stop("line", TASK, then(dismiss, press("pack-line-*")), ".keypad"),
    Stop("line-too-many", TASK, digits("99"), "[data-testid=too-many]"),
    Stop("flaw", TASK, press("flaw"), "[data-testid=send-flaw]"),
    Stop("flaw-unseen", TASK, choose_flaw, "[data-testid=needs-evidence]"),
    Stop("flaw-photo", TASK, photograph, ".photo-strip img"),
    Stop(
        "quality",
        TASK,
        then(tap("common.back"), tap("common.back"), wait("[data-testid=count]"), scan_rest),
        "[data-testid=quality-ok]",
    ),
    Stop("weigh", TASK, press("quality-ok"), ".keypad"),
    Stop("scale", TASK, then(plug_in, press("connect-scale")), ".soft:nth-of-type(2), .soft"),
    Stop("scale-moving", TASK, scale_says("US,GS,+  0.310kg"), "[data-testid=take-reading]"),
    Stop("scale-rests", TASK, scale_says("ST,GS,+  0.312kg"), "[data-testid=take-reading]:enabled"),
    Stop("scale-away", TASK, unplug, "[data-testid=connect-scale]"),
    Stop("weight-light", TASK, digits("312"), "[data-testid=weight-off]"),
    Stop(
        "weight-off", TASK, then(press("weigh-again"), digits("99999")), "[data-testid=weight-off]"
    ),
    Stop("final-check", TASK, then(choose(0), press("weight-right")), "[data-testid=close-parcel]"),
    Stop("label", LABEL, press("close-parcel"), "[data-testid=label]"),
    Stop("label-wrong", LABEL, scan(STRANGE), ".full-stop"),
    Stop("label-printed", LABEL, then(dismiss, press("print")), "[data-state=printed]"),
    Stop("label-printers", LABEL, then(second_printer, press("change-station")), "dialog"),
    Stop("label-failed", LABEL, then(choose_in_dialog(1), press("print")), "[data-state=failed]"),
    Stop(
        "label-gone", LABEL, lambda on: go(f"/packer/label/{parcel(on)}")(on), "[data-testid=label]"
    ),
    Stop("pallet", "packer/pallet", go("/packer/pallet"), "h1"),
    Stop("pallet-no-carton", "packer/pallet", scan(STRANGE), ".full-stop"),
    Stop(
        "pallet-some",
        "packer/pallet",
        then(dismiss, lambda on: scan_text(on.page, f"]C100{parcel(on)}")),
        ".list li",
    ),
    Stop(
        "pallet-label",
        "packer/pallet/:number/label",
        press("pallet-built"),
        "[data-testid=label]",
    ),
    Stop("papers", "papers", go("/papers"), "[data-testid^=lacking-]"),
    Stop("papers-order", "papers/:id", press("lacking-*"), "[data-testid=papers]"),
    Stop("returns", "returns", go("/returns"), "[data-testid^=rma-]"),
    Stop("return", "returns/:rma", press("rma-*"), "[data-testid=take-in]"),
    Stop("return-photo", "returns/:rma", photograph, ".photo-strip img"),
    Stop("return-gone", "returns/:rma", go("/returns/none"), "[role=alert]"),
)

ODD = (
    Stop("carton-by-eye", TASK, take_packed("odd"), "[data-testid=carton-none]"),
    Stop("expired", TASK, then(press("carton-M"), scan(EXPIRED)), ".full-stop"),
    Stop(
        "apart",
        TASK,
        then(dismiss, scan(ITEM), wait("[data-testid=undo]"), scan(code(OIL)[1:])),
        ".full-stop",
    ),
    Stop(
        "too-many",
        TASK,
        then(dismiss, again(ITEM), wait("[data-testid=count]:has-text('2')"), again(ITEM)),
        ".full-stop",
    ),
    Stop(
        "several",
        TASK,
        then(take_packed("several"), press("carton-S"), scan(code(TAG)[1:])),
        "[data-testid=close-carton]",
    ),
    Stop(
        "more-to-come",
        TASK,
        then(press("close-carton"), press("quality-ok"), press("no-weight")),
        "[data-testid=close-parcel]",
    ),
    Stop("next-carton", LABEL, press("close-parcel"), "[data-testid=label]"),
    Stop("flawed", TASK, then(press("to-tasks"), press("carton-none"), report_missing), ".list"),
    Stop("all-sealed", TASK, report_missing, "[data-testid=finish-order]"),
    Stop(
        "nothing-left",
        TASK,
        then(take_packed("nothing"), press("carton-none"), report_missing),
        "[data-testid=finish-order]",
    ),
    Stop(
        "blind-carton", TASK, then(blind(True), take_packed("blind")), "[data-testid=carton-none]"
    ),
    Stop("blind", TASK, then(press("carton-none"), scan(code(TAG)[1:])), ".big-count"),
    Stop("blind-line", TASK, press("pack-line-*"), ".keypad"),
    Stop("blind-wrong", TASK, then(tap("common.back"), scan(STRANGE)), ".full-stop"),
    Stop("differs", TASK, then(dismiss, press("count-done")), "[data-testid=differences]"),
    Stop("on-hold", TASK, then(blind(False), take_packed("halted"), hold), "[data-testid=stopped]"),
    Stop("gone", TASK, go("/packer/task/none"), "[data-testid=gone]"),
    Stop("offline", "packer", then(go("/packer"), offline), ".status-bar.offline"),
    Stop(
        "label-offline",
        LABEL,
        lambda on: go(f"/packer/label/{parcel(on)}")(on),
        "[data-testid=label]",
    ),
)
