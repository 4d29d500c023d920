"""At the door and after it, each once: a receiver's own phone, part deliveries, corrections, what
comes back, what is sent again: of the recorded life."""

from typing import Any

from server.catalog.ops import PutSetting
from server.picking.planner import plan_waiting
from server.pod.links import SignForStop
from server.pod.ops import Arrive
from server.returns.ops import CameLine, ReceiveReturn, StartReturn, WantedLine
from server.store.store import Store
from tests.floor_site import Handheld, good, scalar, system, table
from tests.floor_work import APPLIED, evidence, from_the_shelf_to_the_van, state
from tests.pod_work import PHOTO, SIGNATURE, Door, issued_pin, open_returns


def door_work(store: Store) -> None:
    _sent_again(store)
    _mended_at_the_door(store)


def _sent_again(store: Store) -> None:
    """Refused and broken: the same goods go out once more, and arrive. Of another that is sent
    again nothing comes: its refusal was a tap too soon."""
    door = Door(store, "V-61", people="-61", MUG=2)
    assert door.close("refused", reason="damaged") == APPLIED
    (rma,) = open_returns(store, door.order)
    again = str(scalar(store, "SELECT id FROM orders WHERE replaces = :o", o=door.order))
    assert (rma["reship"], rma["party"]) == (again, "carrier")
    plan_waiting(store)  # what is urgent asks for its own wave
    driver, stop = from_the_shelf_to_the_van(store, again, "-62")
    assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
    assert driver.say("pod.deliver.v1", evidence(driver, stop, "full")) == APPLIED
    assert state(store, again) == "delivered"
    door = Door(store, "V-63", people="-63", TEE=1)
    assert door.close("refused", reason="damaged") == APPLIED
    assert door.correct("full") == APPLIED
    (rma,) = open_returns(store, door.order)
    assert (rma["state"], state(store, rma["reship"])) == ("withdrawn", "cancelled")


def _mended_at_the_door(store: Store) -> None:
    door = Door(store, "V-60", people="-60", MUG=3, TEE=2)
    issued_pin(store, door.order)
    # From here on: an order that is sent again would wait on the floor for whoever comes next.
    only_back = PutSetting(key="returns", value={"reship": False})
    good(system(store, "catalog.put_setting.v1", only_back))
    asks = {"rules": [{"ask": {"pin": "mandatory"}}]}
    good(system(store, "catalog.put_setting.v1", PutSetting(key="pod", value=asks)))
    signed = SignForStop(
        stop=door.id,
        link="L-1",
        receiver="Ann",
        signature=SIGNATURE,
        pin="ok",
        shown="I got it",
        at=store.clock(),
    )
    good(system(store, "pod.sign_for_stop.v1", signed))
    assert door.close("refused", reason="late", pin="ok") == APPLIED
    assert door.bring_back(MUG=3) == APPLIED
    assert door.correct("partial", {"MUG": 1}, pin="ok") == APPLIED
    assert door.empty() == APPLIED
    _by_the_desk(store, door)
    _sent_back(store, door)


def _by_the_desk(store: Store, door: Door) -> None:
    clerk = Handheld(store, "service", "desk-60")
    said: dict[str, Any] = {
        "device": clerk.id,
        "person": "service",
        "corrects": door.prev,
        "slip": [PHOTO],
        "desk": {"type": "paper_slip", "actual_at": store.clock()},
    }
    sealed = door.sealed(door.record("partial", {"MUG": 2}, **said))
    del sealed["shown"]
    assert clerk.say("pod.enter_proof.v1", sealed) == APPLIED


def _sent_back(store: Store, door: Door) -> None:
    wish = StartReturn(order=door.order, reason="late", lines=[WantedLine(no=2, qty=1)])
    good(system(store, "returns.start_return.v1", wish))
    packer = Handheld(store, "packer", "bench-60")
    for rma in table(store, "SELECT id FROM rma WHERE state = 'opened' ORDER BY number"):
        lines = table(store, "SELECT * FROM rma_line WHERE rma = :r", r=rma["id"])
        came = [CameLine(no=r["no"], sku=r["sku"], qty=r["back"]) for r in lines]
        received = ReceiveReturn(rma=rma["id"], lines=came)
        assert packer.say("returns.receive_return.v1", received) == APPLIED
