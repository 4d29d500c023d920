"""An order goes elsewhere while its goods are here: what follows at each stage, and when it is too
late. And notes that the house keeps to itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.board.search import search
from server.board.story import tell
from server.documents.papers import label_of
from server.orders.address import ChangeAddress
from server.orders.hold import HoldOrder
from server.orders.notes import AddNote
from server.orders.ops import CancelOrder
from server.orders.validation import ShipTo
from server.packing.printing import PrintLabel
from server.pod.carriers.ops import ChooseCarrier
from server.pod.loading import LoadParcel
from server.pod.ops import Depart, PlanRun
from server.pod.paperwork.packed import stamps
from server.store.store import Store
from server.track.shown import look
from tests.carrier_work import bill, packed, set_carriers
from tests.floor_site import SITE, Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, kinds, take
from tests.packing_work import put
from tests.stores import open_store

OLD = ShipTo(country="GB", city="Leeds", street="1 Mill Lane", postcode="LS1")
NEW = ShipTo(country="GB", city="York", street="9 High Street", postcode="YO1", name="Ann Other")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


@pytest.fixture
def desk(store: Store) -> Handheld:
    return Handheld(store, "service")


def change(desk: Handheld, order_id: str, to: ShipTo = NEW, seen: ShipTo = OLD) -> Any:
    op = ChangeAddress(order=order_id, seen=seen, ship_to=to, reason="Moved house")
    return desk.say("orders.change_address.v1", op)


def goes_to(store: Store, order_id: str) -> ShipTo:
    kept = scalar(store, "SELECT ship_to FROM orders WHERE id = :o", o=order_id)
    return msgspec.json.decode(kept, type=ShipTo)


def to_make_again(store: Store) -> list[dict[str, str]]:
    found = table(store, "SELECT body FROM discrepancy WHERE kind = 'address_changed'")
    return [msgspec.json.decode(r["body"]) for r in found]


def parcel_of(store: Store, order_id: str) -> str:
    return str(scalar(store, "SELECT number FROM parcel WHERE order_id = :o", o=order_id))


def test_an_order_that_nobody_packed_goes_elsewhere_and_its_story_keeps_both(
    store: Store, desk: Handheld
) -> None:
    made = order(store, "R-1", MUG=1)
    assert change(desk, made) == APPLIED
    assert goes_to(store, made) == NEW
    story = store.run_sync(lambda tx: tell(tx.conn, store.blobs, SITE, made))
    (told,) = [m for m in story.story if m.kind == "orders.address_changed"]
    assert told.data["before"] == msgspec.to_builtins(OLD)
    assert told.data["after"] == msgspec.to_builtins(NEW)
    assert (told.data["reason"], told.person_name) == ("Moved house", "Service")
    assert kinds(store) == [], "nothing was made that says the former address"
    found = store.run_sync(lambda tx: search(tx.conn, SITE, "ann other", 5))
    assert [o.id for o in found.orders] == [made]


def test_an_address_that_has_changed_since_it_was_seen_is_not_written_over(
    store: Store, desk: Handheld
) -> None:
    made = order(store, "R-1", MUG=1)
    chief = Handheld(store, "supervisor")
    assert change(chief, made) == APPLIED
    other = msgspec.structs.replace(NEW, street="10 High Street")
    assert change(desk, made, other) == ("refused", "stale")
    assert change(desk, made, NEW, seen=NEW) == ("refused", "already_done")
    assert goes_to(store, made) == NEW
    assert change(desk, made, other, seen=NEW) == APPLIED


def test_an_address_is_looked_at_as_at_the_intake(store: Store, desk: Handheld) -> None:
    made = order(store, "R-1", MUG=1)
    for bad, field in (
        (ShipTo(country=" "), "ship_to.country"),
        (ShipTo(country="GB", lat="1"), "ship_to.lat"),
    ):
        assert change(desk, made, bad) == ("refused", "invalid_order")
        data = scalar(store, "SELECT data FROM op WHERE code = 'invalid_order' ORDER BY n DESC")
        assert msgspec.json.decode(data)["field"] == field
    assert change(desk, "nobody-s") == ("refused", "not_found")
    assert goes_to(store, made) == OLD


def test_who_works_on_the_floor_changes_no_address(store: Store) -> None:
    made = order(store, "R-1", MUG=1)
    assert change(Handheld(store, "picker"), made) == ("refused", "not_allowed")


def test_goods_that_have_left_go_where_they_were_sent(store: Store, desk: Handheld) -> None:
    made, gone = order(store, "R-1", MUG=1), order(store, "R-2", TEE=1)
    cancelled = CancelOrder(order=gone, reason="twice")
    assert desk.say("orders.cancel_order.v1", cancelled) == APPLIED
    assert change(desk, gone) == ("refused", "address_too_late")
    packed(store)
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver")
    take(driver, "drive")
    stop = table(store, "SELECT id, run FROM stop")[0]
    load = LoadParcel(run=stop["run"], stop=stop["id"], parcel=parcel_of(store, made))
    assert driver.say("pod.load_parcel.v1", load) == APPLIED
    assert driver.say("pod.depart.v1", Depart(run=stop["run"], vehicle="V")) == APPLIED
    assert change(desk, made) == ("refused", "address_too_late")
    assert goes_to(store, made) == OLD


def test_a_held_order_may_go_elsewhere(store: Store, desk: Handheld) -> None:
    made = order(store, "R-1", MUG=1)
    assert desk.say("orders.hold_order.v1", HoldOrder(order=made, reason="address?")) == APPLIED
    assert change(desk, made) == APPLIED


def test_a_sealed_carton_s_label_is_printed_again_and_the_desk_is_told(
    store: Store, desk: Handheld
) -> None:
    made = order(store, "R-1", MUG=1)
    packed(store)
    number = parcel_of(store, made)
    good(put(store, "printing", {"stations": [{"id": "b1", "name": "Bench 1", "kind": "null"}]}))
    before = store.run_sync(lambda tx: stamps(tx.conn, [made]))
    packer = Handheld(store, "packer", "bench-1")
    printed = PrintLabel(number=number, station="b1", lang="zh-Hans")
    assert packer.say("packing.print_label.v1", printed) == APPLIED
    assert change(desk, made) == APPLIED
    jobs = table(store, "SELECT number, station, lang FROM print_job")
    assert jobs == [{"number": number, "station": "b1", "lang": "zh-Hans"}] * 2
    label = store.run_sync(lambda tx: label_of(tx.conn, SITE, number, "en"))
    assert label.name == "Ann Other"
    assert to_make_again(store) == [{"parcel": number}]
    after = store.run_sync(lambda tx: stamps(tx.conn, [made]))
    assert before != after, "papers that were issued are old"


def test_a_stop_that_is_not_loaded_waits_for_the_next_plan(store: Store, desk: Handheld) -> None:
    made = order(store, "R-1", MUG=1)
    packed(store)
    good(system(store, "pod.plan_run.v1", PlanRun()))
    assert change(desk, made) == APPLIED
    assert table(store, "SELECT id FROM stop") == []
    assert scalar(store, "SELECT state FROM shipment") == "packed"
    good(system(store, "pod.plan_run.v1", PlanRun()))
    assert len(table(store, "SELECT id FROM stop")) == 1


def test_a_stop_that_is_loaded_stays_on_its_van_and_the_driver_sees_the_new_door(
    store: Store, desk: Handheld
) -> None:
    made = order(store, "R-1", MUG=1)
    packed(store)
    good(put(store, "places", {"GB": {"YO1": [53.96, -1.08]}}))
    good(system(store, "pod.plan_run.v1", PlanRun()))
    driver = Handheld(store, "driver")
    take(driver, "drive")
    stop = table(store, "SELECT id, run FROM stop")[0]
    load = LoadParcel(run=stop["run"], stop=stop["id"], parcel=parcel_of(store, made))
    assert driver.say("pod.load_parcel.v1", load) == APPLIED
    assert change(desk, made) == APPLIED
    placed = table(store, "SELECT lat_e7, lon_e7, placed_by FROM stop")
    assert placed == [{"lat_e7": 539600000, "lon_e7": -10800000, "placed_by": "postcode"}]
    seen = scalar(store, "SELECT body FROM feed WHERE kind = 'stop' AND scope = 'u:driver'")
    assert "9 High Street" in seen
    (told,) = to_make_again(store)
    assert told["run"].startswith("#")


def test_another_house_s_waybill_is_void_and_one_is_chosen_anew(
    store: Store, desk: Handheld
) -> None:
    set_carriers(store, by_itself=True)
    made = order(store, "R-1", MUG=1)
    (one,) = packed(store)
    chosen = ChooseCarrier(shipments=[one], carrier="swift")
    good(system(store, "pod.choose_carrier.v1", chosen))
    first = bill(store, one)["number"]
    assert change(desk, made) == APPLIED
    assert scalar(store, "SELECT state FROM waybill WHERE number = :n", n=first) == "void"
    second = bill(store, one)["number"]
    assert second not in ("", first)
    assert to_make_again(store)[0]["waybill"] == first


def test_a_note_is_in_the_story_with_who_wrote_it_and_no_customer_sees_it(
    store: Store, desk: Handheld
) -> None:
    made = order(store, "R-1", MUG=1)
    note = AddNote(order=made, note="Rings twice\n张先生 is deaf")
    assert desk.say("orders.add_note.v1", note) == APPLIED
    story = store.run_sync(lambda tx: tell(tx.conn, store.blobs, SITE, made))
    told = story.story[-1]
    assert (told.kind, told.data["note"], told.person) == (
        "orders.note_added",
        note.note,
        "service",
    )
    shown = store.run_sync(lambda tx: look(tx.conn, made, "LS1", store.clock(), b"k" * 32))
    assert "deaf" not in msgspec.json.encode(shown).decode()


def test_a_note_on_an_order_that_is_not_here_is_kept_for_the_desk(
    store: Store, desk: Handheld
) -> None:
    lost = AddNote(order="gone", note="Call back")
    assert desk.say("orders.add_note.v1", lost) == ("diverted", "note_order_unknown")
    assert kinds(store) == ["note_order_unknown"]
    blank = AddNote(order="gone", note=" ")
    assert desk.say("orders.add_note.v1", blank) == ("refused", "malformed")
    picker = Handheld(store, "picker")
    assert picker.say("orders.add_note.v1", lost) == ("quarantined", "not_allowed")
