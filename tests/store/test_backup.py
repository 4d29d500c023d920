"""A backup is one moment of a working site; after a restore the devices close its gap."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from server.kernel.errors import ProtocolError
from server.kernel.wire import Answer, Restart
from server.orders.ops import ImportOrder
from server.orders.validation import OrderLine, ShipTo
from server.picking.ops import ConfirmPick
from server.store.backup import SERIAL_GAP, BackupProblem, backup, restore
from server.store.dispatch import Verdict
from server.store.store import Store
from server.store.submit import submit
from server.sync.exchange import exchange
from tests.floor_site import Handheld, build, good, order, release_wave, scalar, table
from tests.floor_work import APPLIED, assert_stock_adds_up, take
from tests.stores import Postgres, open_store


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with open_store(request.param, tmp_path) as opened:
        build(opened)
        yield opened


def pick(handheld: Handheld, task: str) -> None:
    line = table(handheld.store, "SELECT * FROM pick_line WHERE task = :t", t=task)[0]
    picked = ConfirmPick(
        task=task, line=line["no"], bin=line["bin"], sku=line["sku"], qty=line["qty"]
    )
    assert handheld.say("picking.confirm_pick.v1", picked) == APPLIED


def reopened(store: Store, source: Path, folder: Path) -> Store:
    """The backup, restored into an empty database of the same kind."""
    url = f"sqlite:///{folder / 'new.db'}" if store.is_sqlite else Postgres.bare_database()
    restore(source, url, folder / "blobs2", store.clock())
    return Store(url, folder / "blobs2")


def test_devices_send_again_what_the_backup_lacks(store: Store, tmp_path: Path) -> None:
    """Also for a task that was made after the backup: its facts carry what is needed."""
    order(store, "R-1", MUG=3)
    good(release_wave(store))
    picker = Handheld(store, "picker")
    known = take(picker, "pick")
    backup(store.url, store.blobs, tmp_path / "backup")
    pick(picker, known)
    order(store, "R-2", TEE=2)
    good(release_wave(store))
    pick(picker, take(picker, "pick"))
    old_epoch = store.epoch

    new = reopened(store, tmp_path / "backup", tmp_path)
    try:
        assert new.epoch > old_epoch
        asyncio.run(hand_over_again(new, picker, old_epoch))
        assert scalar(new, "SELECT picked FROM pick_line WHERE task = :t", t=known) == 3
        outcomes = table(new, "SELECT outcome, code FROM op WHERE device = :d", d=picker.id)
        assert ("diverted", "task_unknown") in [(o["outcome"], o["code"]) for o in outcomes]
        assert scalar(new, "SELECT qty FROM stock WHERE bin = 'PUTBACK' AND sku = 'TEE'") == 2
        assert_stock_adds_up(new)
    finally:
        new.close()


async def hand_over_again(new: Store, picker: Handheld, old_epoch: str) -> None:
    """What a device does when it meets another life of the store."""
    frame = picker.frame()
    told, _ = await exchange(new, picker.id, msgspec.structs.replace(frame, epoch=old_epoch))
    assert isinstance(told, Restart)
    again = [e for e in picker.sent if e.n > told.last_n]
    assert again
    answer, _ = await exchange(
        new, picker.id, msgspec.structs.replace(frame, epoch=told.epoch, ops=again)
    )
    assert isinstance(answer, Answer)
    assert ("d:dev-picker", "done", "", picker.n) in [
        (scope, kind, key, int(bytes(body or b"0")))
        for scope, kind, key, _, body in answer.rows
        if kind == "done"
    ]


def test_no_serial_number_is_given_twice(store: Store, tmp_path: Path) -> None:
    order(store, "R-1", MUG=1)
    backup(store.url, store.blobs, tmp_path / "backup")
    order(store, "R-2", MUG=1)
    before = {r["number"] for r in table(store, "SELECT number FROM orders")}
    new = reopened(store, tmp_path / "backup", tmp_path)
    try:
        order(new, "R-3", MUG=1)
        number = scalar(new, "SELECT number FROM orders WHERE ref = 'R-3'")
        assert number not in before
        assert int(number.rpartition("-")[2]) > SERIAL_GAP
    finally:
        new.close()


def test_a_backup_that_is_restored_twice_gives_other_numbers_each_time(
    store: Store, tmp_path: Path
) -> None:
    order(store, "R-1", MUG=1)
    backup(store.url, store.blobs, tmp_path / "backup")
    numbers = set()
    for life in ("first", "second"):
        (tmp_path / life).mkdir()
        new = reopened(store, tmp_path / "backup", tmp_path / life)
        try:
            order(new, "R-2", MUG=1)
            numbers.add(scalar(new, "SELECT number FROM orders WHERE ref = 'R-2'"))
        finally:
            new.close()
    assert len(numbers) == 2


def test_a_backup_while_the_site_works_is_one_moment(store: Store, tmp_path: Path) -> None:
    """Orders come in all the while; in the backup each has its lines and its serial number."""
    going = [system_later(store, f"R-{i}") for i in range(40)]
    backup(store.url, store.blobs, tmp_path / "backup")
    for future in going:
        future.result(timeout=30)
    new = reopened(store, tmp_path / "backup", tmp_path)
    try:
        orders = scalar(new, "SELECT COUNT(*) FROM orders")
        assert scalar(new, "SELECT COUNT(*) FROM order_line") == orders
        assert scalar(new, "SELECT MAX(value) FROM counter WHERE name LIKE 'order%'") == (
            orders + SERIAL_GAP if orders else None
        )
    finally:
        new.close()


def system_later(store: Store, ref: str) -> "Future[Verdict]":
    made = ImportOrder(
        channel="EC",
        ref=ref,
        customer="C1",
        customer_name="Corner Shop",
        ship_to=ShipTo(country="GB"),
        currency="GBP",
        placed_at=1_700_000_000_000,
        lines=[OrderLine(sku="MUG", name="Mug", qty=1)],
    )
    return store.writer.run(lambda tx: submit(tx, "main", "test", "orders.import_order.v1", made))


def test_a_restore_into_a_database_that_is_not_empty_is_refused(
    store: Store, tmp_path: Path
) -> None:
    backup(store.url, store.blobs, tmp_path / "backup")
    with pytest.raises(BackupProblem, match="not empty"):
        restore(tmp_path / "backup", store.url, tmp_path / "b", 1)
    with pytest.raises(BackupProblem, match="exists"):
        backup(store.url, store.blobs, tmp_path / "backup")
    with pytest.raises(BackupProblem, match="holds no"):
        restore(tmp_path / "nothing", store.url, tmp_path / "b", 1)


def test_a_table_that_nobody_knows_stops_the_backup(store: Store, tmp_path: Path) -> None:
    store.run_sync(lambda tx: tx.conn.execute(sa.text("CREATE TABLE stranger (id INTEGER)")))
    with pytest.raises(BackupProblem, match="stranger"):
        backup(store.url, store.blobs, tmp_path / "backup")


def test_an_old_database_put_back_without_restore_is_noticed(store: Store) -> None:
    picker = Handheld(store, "picker")
    frame = msgspec.structs.replace(
        picker.frame(), epoch=store.epoch, cur={f"d:{picker.id}": "999999.1"}
    )
    with pytest.raises(ProtocolError, match="rewound"):
        asyncio.run(exchange(store, picker.id, frame))
