"""At the door and after it, each once: a receiver's own phone, part deliveries, corrections, what
comes back, what is sent again: of the recorded life."""

from typing import Any

from server.catalog.ops import PutSetting
from server.pod.links import SignForStop
from server.returns.ops import CameLine, ReceiveReturn, StartReturn, WantedLine
from server.store.store import Store
from tests.floor_site import Handheld, good, system, table
from tests.floor_work import APPLIED
from tests.pod_work import PHOTO, SIGNATURE, Door, issued_pin


def door_work(store: Store) -> None:
    door = Door(store, "V-60", people="-60", MUG=3, TEE=2)
    issued_pin(store, door.order)
    # An order that is sent again would wait on the floor for whoever takes the next task there.
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
