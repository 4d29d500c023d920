"""What the doors of the first run ask for, so that every step of a hand-over is met on it: a PIN at
the first, a slip, a checklist and stages at the second, papers that lack for the third. Of the last
two one pallet brings the parcels."""

from typing import Any

import msgspec
import sqlalchemy as sa

from server.auth.tables import grant
from server.catalog.ops import PutSetting
from server.orders.links import key_in
from server.packing.ops import BuildPallet
from server.pod import pins
from server.pod.paperwork.ops import WaivePaper
from server.pod.rules import Outcome, PodSettings, PolicyRule, Question
from server.store.store import Store
from tests.floor_site import SITE, Handheld, good, scalar, system, table
from tests.floor_work import APPLIED

PAPER = "safety_notes"
STOPS = """SELECT s.id, s.order_id, o.customer FROM stop s JOIN run r ON r.id = s.run
  JOIN orders o ON o.id = s.order_id WHERE r.number = 1 ORDER BY s.seq"""
PARCELS = """SELECT l.parcel FROM load l JOIN stop s ON s.id = l.stop JOIN run r ON r.id = s.run
  WHERE r.number = 1 AND s.seq = :seq ORDER BY l.parcel"""
POD = "SELECT value FROM setting WHERE key = 'pod' AND site = 'main'"
CHECKLIST = [
    Question(code="dry", text="All cartons dry and closed"),
    Question(code="glass", text="Glass looked at with the receiver"),
]
STAGES = [
    Question(code="unpacked", text="Unpacked and set up"),
    Question(code="tried", text="Switched on and tried out"),
]


def ask_much_at_the_doors(store: Store) -> None:
    stops = table(store, STOPS)
    first, second, *_ = [stop["customer"] for stop in stops]
    asked = msgspec.json.decode(str(scalar(store, POD)), type=PodSettings)
    handed: list[Outcome] = ["full", "partial"]
    pin = PolicyRule(customers=[first, second], outcomes=handed, ask={"pin": "mandatory"})
    much = PolicyRule(
        customers=[second],
        outcomes=handed,
        ask={"slip": "mandatory", "inspection": "mandatory", "stages": "mandatory"},
        checklist="set-up",
        stages="set-up",
    )
    wanted = msgspec.structs.replace(
        asked,
        rules=[*asked.rules, pin, much],
        checklists=asked.checklists | {"set-up": CHECKLIST},
        stages=asked.stages | {"set-up": STAGES},
    )
    put = PutSetting(key="pod", value=msgspec.to_builtins(wanted))
    good(system(store, "catalog.put_setting.v1", put))
    for seq in (1, 2):  # sooner than by itself, which a driver on the tour may be faster than
        pin_of(store, seq)
    _on_one_pallet(store, [_parcels(store, seq)[0] for seq in (3, 4)])


def lacking_at(store: Store) -> dict[str, Any]:
    """The rule of the paper that the third stop lacks."""
    return {
        "papers": [PAPER],
        "customers": [table(store, STOPS)[2]["customer"]],
        "why": "Glass",
    }


def paper_is_not_needed(store: Store) -> None:
    order = table(store, STOPS)[2]["order_id"]
    waived = WaivePaper(order=order, paper=PAPER, reason="The receiver has them")
    assert Handheld(store, "supervisor", "dev-papers").say("pod.waive_paper.v1", waived) == APPLIED


def pin_of(store: Store, seq: int) -> str:
    """The PIN that the receiver at this stop was told."""
    order, key = table(store, STOPS)[seq - 1]["order_id"], key_in(store.keys.folder)
    told = store.run_sync(lambda tx: pins.shown(tx.conn, key, order))
    return told or store.run_sync(lambda tx: pins.issue(tx, key, SITE, order))


def parcels_of(store: Store, seq: int) -> list[str]:
    return _parcels(store, seq)


def pallet_of(store: Store) -> str:
    """The number of the pallet that the last two stops' parcels stand on."""
    on_it = "SELECT pallet FROM parcel WHERE number = :p"
    return str(scalar(store, on_it, p=_parcels(store, 4)[0]))


def _parcels(store: Store, seq: int) -> list[str]:
    return [row["parcel"] for row in table(store, PARCELS, seq=seq)]


def _on_one_pallet(store: Store, parcels: list[str]) -> None:
    free = table(store, "SELECT number, person FROM pallet ORDER BY number DESC")[0]
    packer = Handheld(store, free["person"], "dev-pallets")
    mine = sa.update(grant).where(grant.c.device == packer.id).values(role="packer")
    store.run_sync(lambda tx: tx.conn.execute(mine))
    built = BuildPallet(pallet=free["number"], parcels=parcels, built=True)
    said = packer.say("packing.build_pallet.v1", built)
    assert said == APPLIED, said
