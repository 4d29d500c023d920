"""`dockhand check evidence` says what is missing among the proofs, and what was changed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.cli import main
from server.insights.evidence_books import evidence_findings
from server.store.store import Store
from tests.evidence_work import Disputed, disputed
from tests.floor_site import build, table
from tests.stores import open_store


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Disputed]:
    with open_store("sqlite", tmp_path) as store:
        build(store)
        yield disputed(store)


def rules(store: Store) -> set[tuple[str, str]]:
    bad, _ = evidence_findings(store)
    return {(f.rule, f.what) for f in bad}


def test_sound_evidence_has_no_findings_and_lists_what_was_mended(
    site: Disputed, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKHAND_BLOBS", str(site.store.blobs))
    assert evidence_findings(site.store)[0] == []
    assert main(["check", "evidence", "--db", site.store.url]) == 0
    said = capsys.readouterr().out
    assert "rival: dev-driver/1: see dev-driver/4" in said
    assert "rival: dev-driver/2: see dev-driver/5" in said
    assert "dev-driver/4: " not in said
    assert "the evidence holds" in said


def do(store: Store, statement: str, **values: Any) -> None:
    def job(tx: Any) -> None:
        tx.conn.exec_driver_sql(statement, values)

    store.run_sync(job)


def _proof(store: Store, seq: int) -> dict[str, Any]:
    return table(store, "SELECT * FROM proof ORDER BY n")[seq - 1]


DAMAGE: dict[str, tuple[Callable[[Store], None], set[tuple[str, str]]]] = {
    "record edited": (
        lambda s: do(
            s,
            "UPDATE proof SET record = replace(record, 'B. Receiver', 'C.') WHERE id = :i",
            i=_proof(s, 3)["id"],
        ),
        {
            ("record_is_what_was_hashed", "dev-driver/3"),
            ("record_is_signed_by_its_device", "dev-driver/3"),
            ("record_is_countersigned", "dev-driver/3"),
        },
    ),
    "record deleted in the middle": (
        lambda s: do(s, "DELETE FROM proof WHERE id = :i", i=_proof(s, 3)["id"]),
        {("records_follow_each_other", "dev-driver")},
    ),
    "last record deleted": (
        lambda s: do(s, "DELETE FROM proof WHERE id = :i", i=_proof(s, 5)["id"]),
        {("newest_record_is_kept", "dev-driver")},
    ),
    "proofs of a stop deleted": (
        lambda s: do(s, "DELETE FROM proof WHERE stop = :p", p=_proof(s, 1)["stop"]),
        {
            ("records_follow_each_other", "dev-driver"),
            ("closed_stop_has_a_proof", "<stop>"),
        },
    ),
    "receipt edited": (
        lambda s: do(
            s,
            'UPDATE proof_receipt SET body = replace(body, \'"clock":"ok"\', \'"clock":"off"\')'
            " WHERE n = 2",
        ),
        {("record_is_countersigned", "dev-driver/2")},
    ),
    "receipt deleted": (
        lambda s: do(s, "DELETE FROM proof_receipt WHERE n = 2"),
        {("record_is_countersigned", "dev-driver/2"), ("receipts_follow_each_other", "main/3")},
    ),
    "last receipt deleted": (
        lambda s: do(s, "DELETE FROM proof_receipt WHERE n = 5"),
        {("record_is_countersigned", "dev-driver/5"), ("newest_receipt_is_kept", "main")},
    ),
    "another device's key": (
        lambda s: do(s, "UPDATE device SET public_key = NULL WHERE id = 'dev-driver'"),
        {("record_is_signed_by_its_device", f"dev-driver/{n}") for n in range(1, 6)},
    ),
}


@pytest.mark.parametrize("name", list(DAMAGE))
def test_damage_to_the_evidence_is_named(site: Disputed, name: str) -> None:
    harm, expected = DAMAGE[name]
    stop = f"{site.order}/{site.stops[0]['id']}"
    harm(site.store)
    assert rules(site.store) == {(r, stop if w == "<stop>" else w) for r, w in expected}


def test_numbers_that_a_restore_has_left_out_are_no_damage(site: Disputed) -> None:
    do(site.store, "UPDATE counter SET value = value + 200000")
    assert rules(site.store) == set()
    site.driver.deliver(site.stops[0], "full")
    assert rules(site.store) == set()
