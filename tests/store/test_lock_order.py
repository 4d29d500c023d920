"""Two nodes on one PostgreSQL work on the same orders and goods in opposite orders: nobody hears of
a deadlock, and no piece is lost or made."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from server.kernel.ops import Envelope
from server.orders.ops import CancelOrder
from server.packing.ops import CheckItem
from server.picking.ops import ConfirmPick
from server.store import engines, writer
from server.store.store import Store
from server.store.tx import Tx
from server.sync.exchange import push
from tests.floor_site import Handheld, build, order, release_wave, scalar, table
from tests.floor_work import assert_stock_adds_up, evidence, lines, pick_all, take, to_the_van
from tests.stores import Postgres

pytestmark = pytest.mark.postgres

MEET_S = 1.0


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    url = Postgres.fresh_database()
    a, b = Store(url, tmp_path / "a"), Store(url, tmp_path / "b")
    build(a)
    yield a, b
    b.close()
    a.close()


@pytest.fixture
def conflicts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What PostgreSQL broke off; the writer tries that again."""
    found: list[str] = []
    decide = writer._worth_another_try

    def watched(trouble: DBAPIError) -> bool:
        found.append(str(trouble.orig))
        return decide(trouble)

    monkeypatch.setattr(writer, "_worth_another_try", watched)
    return found


def at_once(*works: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(len(works), timeout=10)

    def begin(work: Callable[[], Any]) -> Any:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [f.result(timeout=60) for f in [pool.submit(begin, w) for w in works]]


def picks(picker: Handheld, task: str) -> list[Envelope]:
    return [
        picker.envelope(
            "picking.confirm_pick.v1",
            ConfirmPick(task=task, line=r["no"], bin=r["bin"], sku=r["sku"], qty=r["qty"]),
        )
        for r in lines(picker.store, task)
    ]


def pieces(store: Store) -> dict[str, int]:
    found = table(store, "SELECT sku, CAST(SUM(qty) AS BIGINT) AS n FROM stock GROUP BY sku")
    return {r["sku"]: r["n"] for r in found}


def test_picking_packing_cancelling_and_delivering_at_once_conserve_stock(
    nodes: tuple[Store, Store], conflicts: list[str]
) -> None:
    a, b = nodes
    delivered = order(a, "R-0", MUG=1, TEE=1, LAMP=1)
    driver, stop = to_the_van(a, delivered)
    order(a, "R-1", MUG=2, TEE=2, LAMP=2)
    release_wave(a)
    picker, picker2 = Handheld(a, "picker", "dev-p1"), Handheld(b, "picker2")
    pick_all(picker, take(picker, "pick"))
    packer = Handheld(b, "packer", "dev-k1")
    to_pack = take(packer, "pack")
    wanted = [order(a, ref, MUG=3, TEE=3, LAMP=3) for ref in ("R-2", "R-3")]
    release_wave(a)
    first, second = picks(picker, take(picker, "pick")), picks(picker2, take(picker2, "pick"))
    checks = table(b, "SELECT * FROM pack_line WHERE task = :t", t=to_pack)
    before, clerk = pieces(a), Handheld(b, "service")

    def pack() -> None:
        for r in checks:
            checked = CheckItem(task=to_pack, line=r["no"], sku=r["sku"], packed=r["qty"])
            packer.say("packing.check_item.v1", checked)

    def cancel() -> None:
        for one in wanted:
            clerk.say("orders.cancel_order.v1", CancelOrder(order=one, reason="changed mind"))

    at_once(
        lambda: [picker.push(e) for e in first],
        lambda: picker2.push(*second),
        pack,
        cancel,
        lambda: driver.say("pod.deliver.v1", evidence(driver, stop, "full")),
    )
    assert conflicts == []
    assert_stock_adds_up(a)
    gone = dict.fromkeys(("MUG", "TEE", "LAMP"), 1)
    assert {s: before[s] - n for s, n in pieces(a).items()} == gone
    assert scalar(a, "SELECT COUNT(*) FROM stock WHERE qty < 0") == 0
    assert scalar(a, "SELECT COUNT(*) FROM op WHERE outcome = 'held'") == 0


def pick_crosswise(nodes: tuple[Store, Store]) -> None:
    """One commit picks MUG, then TEE; the other, between these two, TEE and then MUG."""
    a, b = nodes
    for ref in ("R-1", "R-2"):
        order(a, ref, MUG=2, TEE=2)
    release_wave(a)
    here, there = Handheld(a, "picker"), Handheld(b, "picker2")
    both = threading.Barrier(2)

    def work(picker: Handheld, sku: str) -> Callable[[], Any]:
        ops = picks(picker, take(picker, "pick"))
        ops = sorted(ops, key=lambda e: e.body["sku"] != sku)
        frames = [picker.frame(_as(e, i)) for i, e in enumerate(ops, 2)]

        def job(tx: Tx) -> None:
            push(tx, picker.id, frames[0])
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(MEET_S)
            push(tx, picker.id, frames[1])

        return lambda: picker.store.run_sync(job)

    at_once(work(here, "MUG"), work(there, "TEE"))


def _as(e: Envelope, n: int) -> Envelope:
    return Envelope(n=n, id=e.id, k=e.k, v=e.v, sid=e.sid, at=e.at, body=e.body)


def test_picks_of_the_same_shelves_crosswise_do_not_lock_each_other(
    nodes: tuple[Store, Store], conflicts: list[str]
) -> None:
    pick_crosswise(nodes)
    assert conflicts == []
    assert_stock_adds_up(nodes[0])
    assert scalar(nodes[0], "SELECT COUNT(*) FROM movement WHERE why = 'pick'") == 4


def test_without_the_write_lock_they_would_and_are_run_again(
    nodes: tuple[Store, Store], conflicts: list[str]
) -> None:
    for node in nodes:
        sa.event.remove(node.write_engine, "begin", engines._one_writer)
    pick_crosswise(nodes)
    assert any("deadlock" in c for c in conflicts)
    assert_stock_adds_up(nodes[0])
    assert scalar(nodes[0], "SELECT COUNT(*) FROM movement WHERE why = 'pick'") == 4
