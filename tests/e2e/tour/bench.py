"""What packers see: the gates of the bench, labels, a pallet."""

from tests.e2e.conftest import scan as scan_text
from tests.e2e.tour.floor import take, task_id
from tests.e2e.tour.stop import (
    Stop,
    Visit,
    choose,
    digits,
    dismiss,
    go,
    press,
    scan,
    stay,
    tap,
    then,
    wait,
)
from tests.floor_site import table

TASK = "packer/task/:id"
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
    """The same code sooner than that is the same pull of the trigger."""
    for code in codes(on)[1:]:
        on.page.wait_for_timeout(350)
        scan_text(on.page, code)


def parcel(on: Visit) -> str:
    return on.site.ask("SELECT number FROM parcel WHERE state = 'packed' ORDER BY number LIMIT 1")


BENCH = (
    Stop("home", "packer", stay, "[data-testid=take-next]"),
    Stop("carton", TASK, take("pack"), "[data-testid=proposal]"),
    Stop("pieces", TASK, press("take-carton"), "[data-testid=count]"),
    Stop("wrong-piece", TASK, scan("4006381333931"), ".full-stop"),
    Stop("pieces-some", TASK, then(dismiss, scan_first), "[data-testid=count]"),
    Stop("line", TASK, press("pack-line-*"), ".keypad"),
    Stop("flaw", TASK, press("flaw"), "[data-testid=send-flaw]"),
    Stop(
        "quality",
        TASK,
        then(tap("common.back"), tap("common.back"), wait("[data-testid=count]"), scan_rest),
        "[data-testid=quality-ok]",
    ),
    Stop("weigh", TASK, press("quality-ok"), ".keypad"),
    Stop("weight-off", TASK, digits("99999"), "[data-testid=weight-off]"),
    Stop("final-check", TASK, then(choose(0), press("weight-right")), "[data-testid=close-parcel]"),
    Stop("label", "packer/label/:parcel", press("close-parcel"), "[data-testid=label]"),
    Stop("pallet", "packer/pallet", go("/packer/pallet"), "h1"),
    Stop(
        "pallet-some",
        "packer/pallet",
        lambda on: scan_text(on.page, f"]C100{parcel(on)}"),
        "[data-testid=on-pallet]",
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
)
