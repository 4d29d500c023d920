"""The gate at the dock: which papers an order lacks, and what makes them ready."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from server.catalog.ops import PutItem, PutSetting
from server.pod.loading import LoadParcel, ReadyPapers
from server.pod.ops import PlanRun
from server.pod.papers import papers_lacking
from server.pod.paperwork.ops import AttachPaper, IssuePaper, WaivePaper, WithdrawPaper
from server.pod.paperwork.packed import stamps
from server.store import blobs
from server.store.store import Store
from server.store.tables import blob
from server.store.tx import Tx
from tests.carrier_work import packed
from tests.floor_site import SITE, Handheld, build, good, order, scalar, system, table
from tests.floor_work import APPLIED, kinds, take
from tests.stores import open_store

RULES: list[dict[str, Any]] = [
    {"papers": ["certificate_of_origin"], "countries": ["GB"], "why": "customs"},
    {"papers": ["certificate_of_origin", "packing_list"], "skus": ["MUG"]},
    {"papers": ["safety_notes"], "classes": ["dangerous"]},
    {"papers": ["export_declaration"], "countries": ["US"]},
]
CERTIFICATE = b"%PDF-1.7 the certificate %%EOF"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


class Dock:
    """One packed order on a run, and people who see to its papers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.order = order(store, "R-1", MUG=3)
        packed(store)
        good(system(store, "pod.plan_run.v1", PlanRun()))
        self.driver = Handheld(store, "driver")
        take(self.driver, "drive")
        self.packer = Handheld(store, "packer", "bench-9")
        self.service = Handheld(store, "service")

    def lacking(self) -> list[str]:
        found = self.store.run_sync(lambda tx: papers_lacking(tx.conn, SITE, [self.order]))
        return found.get(self.order, [])

    def shown(self) -> list[str]:
        """On the driver's handheld."""
        stop = scalar(self.store, "SELECT id FROM stop WHERE order_id = :o", o=self.order)
        body = scalar(self.store, "SELECT body FROM feed WHERE kind = 'stop' AND key = :k", k=stop)
        return list(msgspec.json.decode(body)["papers"])

    def attach(self, paper: str, data: bytes = CERTIFICATE) -> str:
        """The paper's id."""
        op = AttachPaper(order=self.order, paper=paper, blob=ref(data), number="CO-77", note="x")
        assert self.packer.say("pod.attach_paper.v1", op) == APPLIED
        found = "SELECT id FROM order_paper WHERE source = 'attached' ORDER BY version DESC"
        return str(scalar(self.store, found))

    def issue(self, paper: str, **said: Any) -> Any:
        stamp = self.store.run_sync(lambda tx: stamps(tx.conn, [self.order])[self.order])
        op = {"order": self.order, "paper": paper, "version": 1, "lang": "en", "blob": ref(b"1")}
        op |= {"facts": "a" * 64, "stamp": stamp, "at": self.store.clock()}
        made = msgspec.convert(op | said, IssuePaper)
        return system(self.store, "pod.issue_paper.v1", made)

    def load(self) -> Any:
        stop = table(self.store, "SELECT s.*, l.parcel FROM stop s JOIN load l ON l.stop = s.id")[0]
        op = LoadParcel(run=stop["run"], stop=stop["id"], parcel=stop["parcel"])
        return self.driver.say("pod.load_parcel.v1", op)


@pytest.fixture
def dock(store: Store) -> Dock:
    return Dock(store)


def ref(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def rules(store: Store, found: list[dict[str, Any]] | None = None) -> None:
    value = {"rules": RULES if found is None else found}
    good(system(store, "catalog.put_setting.v1", PutSetting(key="paperwork", value=value)))


def arrive(store: Store, data: bytes, state: str = blobs.COMPLETE) -> None:
    """As the last byte does it."""
    sha256 = hashlib.sha256(data).hexdigest()

    def job(tx: Tx) -> None:
        row = {"site": SITE, "sha256": sha256, "device": "d", "size": len(data), "have": len(data)}
        row |= {"state": state, "mime": "application/pdf", "at": tx.now}
        tx.conn.execute(sa.insert(blob).values(row))
        for tell in blobs._ON_COMPLETE if state == blobs.COMPLETE else ():
            tell(tx, SITE, sha256)

    store.run_sync(job)


def test_nothing_is_asked_for_without_a_rule(dock: Dock) -> None:
    assert dock.lacking() == []
    assert dock.load() == APPLIED
    assert kinds(dock.store) == []


def test_rules_that_fit_ask_once_and_the_driver_sees_it_at_once(dock: Dock) -> None:
    rules(dock.store)
    assert dock.lacking() == ["certificate_of_origin", "packing_list"]
    assert dock.shown() == dock.lacking()
    rules(dock.store, [])
    assert dock.shown() == dock.lacking() == []


def test_a_rule_of_the_goods_follows_what_was_picked(dock: Dock) -> None:
    item = PutItem(sku="MUG", name="Mug", dangerous=True)
    good(system(dock.store, "catalog.put_item.v1", item))
    rules(dock.store, RULES[2:])
    assert dock.lacking() == ["safety_notes"]


def test_an_attached_paper_counts_when_its_bytes_are_here(dock: Dock) -> None:
    rules(dock.store, RULES[:1])
    dock.attach("certificate_of_origin")
    assert dock.shown() == ["certificate_of_origin"]
    arrive(dock.store, CERTIFICATE)
    assert dock.shown() == dock.lacking() == []
    assert dock.load() == APPLIED
    assert kinds(dock.store) == []


def test_bytes_that_were_refused_are_no_paper(dock: Dock) -> None:
    rules(dock.store, RULES[:1])
    dock.attach("certificate_of_origin")
    arrive(dock.store, CERTIFICATE, blobs.REFUSED)
    assert dock.lacking() == ["certificate_of_origin"]


def test_loading_without_them_is_told(dock: Dock) -> None:
    rules(dock.store, RULES[:1])
    assert dock.load() == APPLIED
    assert kinds(dock.store) == ["papers_incomplete"]


def test_one_that_was_wrong_is_withdrawn_and_asked_for_again(dock: Dock) -> None:
    rules(dock.store, RULES[:1])
    paper = dock.attach("certificate_of_origin")
    arrive(dock.store, CERTIFICATE)
    op = WithdrawPaper(paper=paper, reason="of another order")
    assert dock.service.say("pod.withdraw_paper.v1", op) == APPLIED
    assert dock.shown() == ["certificate_of_origin"]
    assert dock.service.say("pod.withdraw_paper.v1", op) == APPLIED  # twice is once
    unknown = WithdrawPaper(paper="nobody", reason="x")
    assert dock.service.say("pod.withdraw_paper.v1", unknown) == ("refused", "not_found")
    told = table(dock.store, "SELECT kind FROM event WHERE kind LIKE 'pod.paper_%' ORDER BY ver")
    assert [r["kind"] for r in told] == ["pod.paper_attached", "pod.paper_withdrawn"]


def test_what_a_rule_asks_for_too_much_is_waived_with_a_reason_by_who_answers_for_it(
    dock: Dock,
) -> None:
    rules(dock.store, RULES[:1])
    op = WaivePaper(order=dock.order, paper="certificate_of_origin", reason="a gift")
    assert dock.packer.say("pod.waive_paper.v1", op) == ("refused", "not_allowed")
    assert dock.lacking() == ["certificate_of_origin"]
    assert dock.service.say("pod.waive_paper.v1", op) == APPLIED
    assert dock.shown() == dock.lacking() == []
    elsewhere = WaivePaper(order="nobody", paper="safety_notes", reason="x")
    assert dock.service.say("pod.waive_paper.v1", elsewhere) == ("refused", "not_found")


def test_an_issued_paper_counts_until_something_else_is_packed(dock: Dock) -> None:
    rules(dock.store, [{"papers": ["packing_list", "order_confirmation"]}])
    good(dock.issue("packing_list"))
    good(dock.issue("order_confirmation"))
    assert dock.shown() == []

    def repack(tx: Tx) -> None:
        tx.conn.execute(sa.text("UPDATE pack_piece SET qty = 2"))

    dock.store.run_sync(repack)
    assert dock.lacking() == ["packing_list"]  # what was confirmed stays confirmed
    good(dock.issue("packing_list", version=2, facts="b" * 64))
    assert dock.lacking() == []


def test_versions_follow_one_another_and_a_language_is_no_new_version(dock: Dock) -> None:
    good(dock.issue("packing_list"))
    good(dock.issue("packing_list"))  # again: it is there
    good(dock.issue("packing_list", lang="zh-Hans", blob=ref(b"2")))
    for said in ({"version": 3}, {"facts": "c" * 64}, {"lang": "zh-Hant", "facts": "c" * 64}):
        assert dock.issue("packing_list", **said).code == "paper_version_taken"
    good(dock.issue("packing_list", version=2, facts="c" * 64, blob=ref(b"3")))
    assert dock.issue("packing_list").code == "paper_version_taken"  # who read an older one
    found = "SELECT number, lang FROM order_paper ORDER BY version, lang"
    assert [(r["number"][-4:], r["lang"]) for r in table(dock.store, found)] == [
        ("PL-1", "en"),
        ("PL-1", "zh-Hans"),
        ("PL-2", "en"),
    ]
    assert dock.issue("safety_notes").code == "not_found"
    assert dock.issue("packing_list", order="nobody").code == "not_found"


def test_a_paper_of_an_order_that_is_not_here_is_kept_in_sight(dock: Dock) -> None:
    op = AttachPaper(order="nobody", paper="safety_notes", blob=ref(b"x"))
    said = dock.packer.say("pod.attach_paper.v1", op)
    assert said == ("diverted", "paper_order_unknown")


def test_said_by_hand_that_they_are_complete_they_are(dock: Dock) -> None:
    rules(dock.store)
    op = ReadyPapers(order=dock.order, papers=["certificate_of_origin"])
    assert dock.packer.say("pod.ready_papers.v1", op) == APPLIED
    assert dock.shown() == ["packing_list"]


def test_a_table_that_cannot_be_read_is_refused(store: Store) -> None:
    wrong = PutSetting(key="paperwork", value={"rules": [{"papers": ["x"], "country": "US"}]})
    verdict = system(store, "catalog.put_setting.v1", wrong)
    assert (verdict.outcome, verdict.code) == ("refused", "malformed")
