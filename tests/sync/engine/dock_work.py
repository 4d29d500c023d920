"""Carriers and the loading dock, each operation once: of the recorded life."""

from server.pod.carriers.ops import BookPickup, ChooseCarrier
from server.pod.loading import Depart, LoadParcel, ReadyPapers, ReportLoad, UnloadParcel
from server.pod.ops import PlanRun
from server.pod.paperwork.ops import AttachPaper, IssuePaper, WaivePaper, WithdrawPaper
from server.store.store import Store
from tests.carrier_work import bill, packed, set_carriers, told
from tests.floor_site import Handheld, good, order, scalar, system, table
from tests.floor_work import APPLIED, take


def dock_work(store: Store, chief: Handheld) -> None:
    set_carriers(store)
    sent, late = order(store, "V-70", MUG=1), order(store, "V-71", TEE=1)
    for ref in ("V-72", "V-73"):
        order(store, ref, LAMP=1)
    packed(store, "-dock")
    _with_a_carrier(store, chief, sent)
    _onto_the_van(store, chief, late)


def _with_a_carrier(store: Store, chief: Handheld, order_id: str) -> None:
    shipment = scalar(store, "SELECT id FROM shipment WHERE order_id = :o", o=order_id)
    chosen = ChooseCarrier(shipments=[shipment], carrier="swift")
    assert chief.say("pod.choose_carrier.v1", chosen) == APPLIED
    now = store.clock()
    booked = BookPickup(carrier="swift", opens_at=now, closes_at=now + 3_600_000)
    assert chief.say("pod.book_pickup.v1", booked) == APPLIED
    number = bill(store, shipment)["number"]
    for at, text in enumerate(("Shipment picked up", "Out for delivery", "Delivered"), 1):
        good(told(store, number, text, happened_at=at))


def _onto_the_van(store: Store, chief: Handheld, late: str) -> None:
    """One parcel is aboard, one missing, one comes from outside the plan."""
    planned = table(store, "SELECT id FROM orders WHERE ref IN ('V-72', 'V-73') ORDER BY ref")
    good(system(store, "pod.plan_run.v1", PlanRun(orders=[r["id"] for r in planned])))
    driver = Handheld(store, "driver", "dev-driver-dock")
    take(driver, "drive")
    found = "SELECT s.*, l.parcel FROM stop s JOIN load l ON l.stop = s.id WHERE s.order_id = :o"
    first, second = (table(store, found, o=r["id"])[0] for r in planned)
    papers = ReadyPapers(order=first["order_id"], papers=["packing_list"])
    good(system(store, "pod.ready_papers.v1", papers))
    _papers(store, chief, second["order_id"])
    for stop in (first, second):
        loaded = LoadParcel(run=stop["run"], stop=stop["id"], parcel=stop["parcel"])
        assert driver.say("pod.load_parcel.v1", loaded) == APPLIED
    off = UnloadParcel(run=second["run"], stop=second["id"], parcel=second["parcel"])
    assert driver.say("pod.unload_parcel.v1", off) == APPLIED
    gone = ReportLoad(
        run=second["run"],
        stop=second["id"],
        parcel=second["parcel"],
        what="missing",
        reason="not_found",
    )
    assert driver.say("pod.report_load.v1", gone) == APPLIED
    number = scalar(store, "SELECT number FROM parcel WHERE order_id = :o", o=late)
    extra = ReportLoad(run=first["run"], parcel=number, what="extra", reason="late_packed")
    assert driver.say("pod.report_load.v1", extra) == APPLIED
    left = Depart(run=first["run"], vehicle="V2", signature="sha256:" + "5" * 64)
    assert driver.say("pod.depart.v1", left) == APPLIED


def _papers(store: Store, chief: Handheld, order_id: str) -> None:
    """One is issued, one attached and withdrawn, one is not needed."""
    issued = IssuePaper(
        order=order_id,
        paper="packing_list",
        version=1,
        lang="en",
        blob="sha256:" + "6" * 64,
        facts="7" * 64,
        stamp="8" * 64,
        at=store.clock(),
    )
    good(system(store, "pod.issue_paper.v1", issued))
    attached = AttachPaper(order=order_id, paper="safety_notes", blob="sha256:" + "9" * 64)
    assert chief.say("pod.attach_paper.v1", attached) == APPLIED
    paper = scalar(store, "SELECT id FROM order_paper WHERE source = 'attached'")
    wrong = WithdrawPaper(paper=paper, reason="of another order")
    assert chief.say("pod.withdraw_paper.v1", wrong) == APPLIED
    spared = WaivePaper(order=order_id, paper="safety_notes", reason="nothing dangerous")
    assert chief.say("pod.waive_paper.v1", spared) == APPLIED
