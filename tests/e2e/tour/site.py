"""The site of the tour: the demo's, with work of every kind begun, so that every screen has what it
is for. People speak the languages that the tour asks for."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from server.auth.enrol import make_code
from server.auth.tables import person
from server.catalog.ops import PutSetting
from server.demo.people import SeededPerson
from server.demo.seed import seed
from server.inventory.ops import ReceiveStock
from server.orders import links
from server.picking.ops import ConfirmPick, FinishTask, ReportShort
from server.picking.planner import plan_waiting
from server.picking.waves import PlanWave
from server.pod.evidence import canonical, record_hash
from server.pod.loading import Depart
from server.pod.ops import Arrive, LoadParcel, PlanRun
from server.store.store import Store
from server.store.tx import Tx
from tests.e2e.tour.aftermath import begin_to_tell, empty_shelf, follow
from tests.e2e.tour.annex import ANNEX, staff_of_the_annex
from tests.e2e.tour.doors import ask_much_at_the_doors, lacking_at
from tests.e2e.tour.goods import put_goods, take
from tests.floor_site import Handheld, good, people, scalar, system, table
from tests.floor_work import APPLIED, evidence, lines, pick_all
from tests.pod_work import Key
from tests.serving import Server, serving
from tests.stores import open_store

SITE, PIN = "main", "493027"
STAFF = {
    "picker": "Wen Zhao",
    "packer": "Edda Holm",
    "driver": "Gil Santos",
    "picker2": "Ada Brink",
    "supervisor": "Rosa Ilves",
    "service": "Milo Haas",
}
"""Colleagues who have worked before the tour begins; nobody signs in as one of them."""
PAPERS = {
    "papers": ["commercial_invoice", "export_declaration"],
    "countries": ["JP", "DE", "NO"],
    "why": "Customs",
}
SECOND = "A08-08-3"
"""A place that holds what is short elsewhere."""
LATITUDE, LONGITUDE = 51.4545, -2.5879
"""In the middle of the town where the demo's customers are."""
IN_TOWN = {
    "lat_e7": round(LATITUDE * 1e7),
    "lon_e7": round(LONGITUDE * 1e7),
    "acc_cm": 1200,
    "age_ms": 300,
}
STOPS_BEFORE, ON_A_CART = 4, 3
PACKED = """SELECT s.order_id FROM shipment s JOIN orders o ON o.id = s.order_id
  WHERE o.state = 'packed' AND s.id NOT IN (SELECT shipment FROM stop)
  AND o.ship_to LIKE '%GB%' ORDER BY o.number"""
SMALL = """SELECT id FROM task WHERE kind = 'pick' AND state = 'open' AND lines BETWEEN 2 AND 4
  ORDER BY title"""
FREE = """SELECT o.id FROM orders o WHERE o.state = 'confirmed' AND o.number NOT LIKE '%/R%'
  AND (SELECT COUNT(*) FROM order_line l WHERE l.order_id = o.id) BETWEEN 2 AND 6
  ORDER BY o.channel, o.number"""
LONG = """SELECT DISTINCT p.sku FROM pick_line p JOIN task t ON t.id = p.task
  JOIN item i ON i.sku = p.sku WHERE t.lines > 20 AND p.lot = '' AND NOT i.tracks_lot"""


People = dict[tuple[str, str], SeededPerson]


@dataclass
class TourSite:
    """`people`: one of each role, who signs in, by site and role. `found`: what the making of the
    site knows."""

    store: Store
    server: Server
    people: People
    found: dict[str, str] = field(default_factory=dict)

    def code(self, at: str = SITE) -> str:
        return self.store.run_sync(lambda tx: make_code(tx, site=at, made_by="tour"))[0]

    def person(self, role: str, at: str = SITE) -> SeededPerson:
        return self.people[at, role]

    def ask(self, statement: str, **values: Any) -> str:
        """The first value of the first row, as text."""
        return str(scalar(self.store, statement, **values))

    def track_path(self, order: str) -> str:
        """The page of a customer. `order`: a name in `found`."""
        return links.path_of(self._key(), self.found[order])

    def survey_path(self, order: str) -> str:
        """Where the same one is asked."""
        return links.survey_path_of(self._key(), self.found[order])

    def push_path(self) -> str:
        """Where somebody who waits may ask to be told."""
        return links.push_path_of(self._key(), self.found["coming"])

    def _key(self) -> bytes:
        return links.key_in(self.store.keys.folder)


def make(store: Store) -> tuple[People, dict[str, str]]:
    """People who sign in, by site and role, and the ids of what was made for the tour."""
    made = seed(store, people_pins=lambda: PIN)
    people(store)
    for who, name in STAFF.items():
        store.run_sync(lambda tx, w=who, n=name: _rename(tx, w, n))  # type: ignore[misc]
    papers = PutSetting(key="paperwork", value={"rules": [PAPERS, lacking_at(store)]})
    good(system(store, "catalog.put_setting.v1", papers))
    begin_to_tell(store)
    ask_much_at_the_doors(store)
    found = _on_the_road(store)
    _picked(store)
    _carts(store)
    _elsewhere(store)
    still = "SELECT id FROM orders WHERE state = 'released' ORDER BY number LIMIT 1"
    found["waiting"] = str(scalar(store, still))
    put_goods(store, found)
    follow(store, found)
    signing_in: People = {}
    for at, people_of in ((SITE, made.people), (ANNEX, staff_of_the_annex(store, PIN))):
        for each in people_of:
            signing_in.setdefault((at, str(each.role)), each)
    return signing_in, found


def _rename(tx: Tx, who: str, name: str) -> None:
    tx.conn.execute(sa.update(person).where(person.c.id == who).values(name=name))
    tx.touch(SITE, "person", who)


def speak(store: Store, languages: Mapping[str, str]) -> None:
    """`languages`: by role."""
    for role, lang in languages.items():
        spoken = sa.update(person).where(person.c.role == role).values(lang=lang)
        store.run_sync(lambda tx, spoken=spoken: tx.conn.execute(spoken))  # type: ignore[misc]


def _on_the_road(store: Store) -> dict[str, str]:
    """Another van is under way: two orders delivered, one refused, one still to come."""
    key = Key()
    driver = Handheld(store, "driver", public_key=key.jwk)
    stops = _departed(driver)
    prev = "0" * 64
    for seq, (stop, outcome) in enumerate(zip(stops, ("full", "refused", "full"), strict=False), 1):
        assert driver.say("pod.arrive.v1", Arrive(stop=stop["id"])) == APPLIED
        said = evidence(driver, stop, outcome)
        record = said["record"] | {"seq": seq, "prev": prev, "position": IN_TOWN}
        prev = record_hash(record)
        signed = {"record": record, "hash": prev, "signature": key.sign(canonical(record))}
        assert driver.say("pod.deliver.v1", signed) == APPLIED
    done, refused, unasked, coming = stops
    return {
        "delivered": done["order_id"],
        "refused": refused["order_id"],
        "unasked": unasked["order_id"],
        "coming": coming["order_id"],
        "stop": coming["id"],
    }


def _departed(driver: Handheld) -> list[dict[str, Any]]:
    """The stops of a run of packed orders that has left the dock."""
    store = driver.store
    orders = [row["order_id"] for row in table(store, PACKED)][:STOPS_BEFORE]
    good(system(store, "pod.plan_run.v1", PlanRun(orders=orders, vehicle="VAN-2")))
    run = str(scalar(store, "SELECT run FROM stop WHERE order_id = :o", o=orders[0]))
    take(driver, str(scalar(store, "SELECT task FROM run WHERE id = :r", r=run)))
    stops = table(store, "SELECT * FROM stop WHERE run = :r ORDER BY seq", r=run)
    for stop in stops:
        for row in table(store, "SELECT parcel FROM load WHERE stop = :s", s=stop["id"]):
            loaded = LoadParcel(run=run, stop=stop["id"], parcel=row["parcel"])
            assert driver.say("pod.load_parcel.v1", loaded) == APPLIED
    assert driver.say("pod.depart.v1", Depart(run=run, vehicle="VAN-2")) == APPLIED
    return stops


def _picked(store: Store) -> None:
    """Some orders wait at the bench; of two a line was short, and one is counted twice."""
    picker = Handheld(store, "picker")
    before, short, *whole, twice = [row["id"] for row in table(store, SMALL)][:5]
    _pick_short(picker, before, [])
    _pick_short(picker, short, [empty_shelf(picker)])
    for each in whole:
        take(picker, each)
        pick_all(picker, each)
    for setting, task in (({"mode": "all"}, twice), ({}, "")):
        counted = PutSetting(key="second_check", value=setting)
        good(system(store, "catalog.put_setting.v1", counted))
        if task:
            take(picker, task)
            pick_all(picker, task)


def _pick_short(picker: Handheld, task: str, photos: list[str]) -> None:
    """The first line of the task is not there."""
    take(picker, task)
    first, *others = lines(picker.store, task)
    place = {"task": task, "line": first["no"], "bin": first["bin"], "sku": first["sku"]}
    note = "Behind it is nothing either"
    short = ReportShort(**place, found=0, reason="missing", note=note, photos=photos)
    assert picker.say("picking.report_short.v1", short) == APPLIED
    for line in others:
        place = {"task": task, "line": line["no"], "bin": line["bin"], "sku": line["sku"]}
        picked = ConfirmPick(**place, qty=line["qty"])
        assert picker.say("picking.confirm_pick.v1", picked) == APPLIED
    assert picker.say("picking.finish_task.v1", FinishTask(task=task)) == APPLIED


def _elsewhere(store: Store) -> None:
    """What the longest task asks for lies in a second place too, so that a short has a cure."""
    for row in table(store, LONG):
        more = ReceiveStock(bin=SECOND, sku=row["sku"], qty=12)
        good(system(store, "inventory.receive_stock.v1", more))


def _carts(store: Store) -> None:
    """A cluster, a batch and a zone wave on the floor."""
    orders = [row["id"] for row in table(store, FREE)]
    for mode in ("cluster", "batch", "zone"):
        some, orders = orders[:ON_A_CART], orders[ON_A_CART:]
        good(system(store, "picking.plan_wave.v1", PlanWave(orders=some, mode=mode)))
        plan_waiting(store)


@contextmanager
def touring(folder: Path, template: Path, languages: Mapping[str, str]) -> Iterator[TourSite]:
    """A site served from `folder`, a copy of the one in `template`, which is made if it is not
    there."""
    made = _template(template)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    with open_store("sqlite", folder) as store:
        speak(store, languages)
        with serving(store.url, folder) as server:
            yield TourSite(store, server, *made)


_MADE: dict[Path, tuple[People, dict[str, str]]] = {}


def _template(folder: Path) -> tuple[People, dict[str, str]]:
    if folder not in _MADE:
        folder.mkdir(parents=True, exist_ok=True)
        with open_store("sqlite", folder) as store:
            _MADE[folder] = make(store)
    return _MADE[folder]
