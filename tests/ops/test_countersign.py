"""The server signs for each record in the transaction that keeps it, and tells the device."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.pod.checks import signed_by
from server.pod.countersign import KEPT_ON_DEVICE, Receipt
from server.pod.evidence import record_hash
from server.store.replay import check_replay
from server.store.store import Store
from server.sync.caller import look_up
from server.sync.exchange import pull
from tests.evidence_work import SigningDriver, disputed, on_the_road
from tests.floor_site import Handheld, build, order, table
from tests.stores import open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def receipts(store: Store) -> list[dict[str, Any]]:
    return table(store, "SELECT * FROM proof_receipt ORDER BY n")


def read(row: dict[str, Any]) -> Receipt:
    return msgspec.json.decode(row["body"], type=Receipt)


def test_each_record_gets_a_receipt_that_follows_the_one_before(store: Store) -> None:
    made = disputed(store)
    rows, (key,) = receipts(store), store.keys.published()
    told = [read(r) for r in rows]
    assert [t.n for t in told] == [t.seq for t in told] == [1, 2, 3, 4, 5]
    assert [t.prev for t in told] == ["0" * 64, *[r["hash"] for r in rows[:-1]]]
    assert [t.head.seq for t in told] == [0, 1, 2, 3, 4]
    assert [t.head.hash for t in told[1:]] == [t.record for t in told[:-1]]
    assert {t.device_key for t in told} == {made.driver.key.kid}
    assert {(t.site, t.device, t.key) for t in told} == {("main", "dev-driver", key.kid)}
    assert all(signed_by(key, r["body"].encode(), r["signature"]) for r in rows)
    assert set(told[0].verdicts) >= {"hash", "signature", "clock", "chain", "place"}


def test_the_head_of_a_device_is_its_newest_record(store: Store) -> None:
    made = disputed(store)
    (head,) = table(store, "SELECT * FROM evidence_head")
    assert (head["device"], head["seq"], head["hash"]) == ("dev-driver", 5, made.driver.prev)


def test_the_device_gets_the_receipt_back(store: Store) -> None:
    driver, (stop,) = on_the_road(store, order(store, "R-1", MUG=1))
    record = driver.deliver(stop, "full")
    (row,) = countersigned_rows(store, driver.handheld)
    assert (row["stop"], row["record"], row["n"]) == (stop["id"], record_hash(record), 1)
    receipt = msgspec.json.decode(row["receipt"], type=Receipt)
    assert receipt.record == row["record"]
    (key,) = store.keys.published()
    assert signed_by(key, row["receipt"].encode(), row["signature"])


def countersigned_rows(store: Store, handheld: Handheld) -> list[dict[str, Any]]:
    """What the device holds after it has asked for everything."""

    def asked(tx: Any) -> Any:
        session = look_up(tx.conn, handheld.id, f"sid-{handheld.id}", tx.now)
        return msgspec.json.decode(msgspec.json.encode(pull(tx.conn, store, session, {})))

    rows = store.run_sync(asked)["rows"]
    return [r[4] for r in rows if r[1] == "countersign"]


def test_a_device_holds_no_more_than_its_last_receipts(store: Store) -> None:
    driver, (stop,) = on_the_road(store, order(store, "R-1", MUG=1))
    for _ in range(KEPT_ON_DEVICE + 2):
        driver.deliver(stop, "full")
    held = countersigned_rows(store, driver.handheld)
    assert sorted(r["n"] for r in held) == list(range(3, KEPT_ON_DEVICE + 3))


def test_a_record_that_is_wrong_is_signed_for_as_what_it_is(store: Store) -> None:
    """The receipt names the hash that the server made, beside the one that was claimed."""
    driver, (stop,) = on_the_road(store, order(store, "R-1", MUG=1))
    record = driver.record(stop, "full")
    body = {"record": record, "hash": "ab" * 32, "signature": ""}
    assert driver.handheld.say("pod.deliver.v1", body) == ("applied", None)
    told = read(receipts(store)[0])
    assert (told.claimed, told.record) == ("ab" * 32, record_hash(record))
    assert (told.verdicts["hash"], told.verdicts["signature"]) == ("differs", "invalid")


def test_a_device_without_a_key_is_signed_for_without_one(store: Store) -> None:
    driver, (stop,) = on_the_road(store, order(store, "R-1", MUG=1))
    driver.handheld.store.run_sync(
        lambda tx: tx.conn.exec_driver_sql("UPDATE device SET public_key = NULL")
    )
    driver.deliver(stop, "full")
    assert read(receipts(store)[0]).device_key == ""


def test_the_same_record_sent_again_is_signed_for_once(store: Store) -> None:
    driver, (stop,) = on_the_road(store, order(store, "R-1", MUG=1))
    driver.deliver(stop, "full")
    driver.handheld.push(driver.handheld.sent[-1])
    assert len(receipts(store)) == 1


def test_the_log_replayed_gives_the_same_books_also_after_a_rotation(store: Store) -> None:
    first = disputed(store)
    store.keys.rotate(store.clock())
    first.driver.deliver(first.stops[0], "full")
    assert len({r["key"] for r in receipts(store)}) == 2
    assert check_replay(store.url).differences == []


def test_what_a_key_signs_is_what_stands_in_the_books(store: Store) -> None:
    driver: SigningDriver = disputed(store).driver
    for row in table(store, "SELECT record, hash FROM proof"):
        assert record_hash(json.loads(row["record"])) == row["hash"]
    assert driver.seq == 5
