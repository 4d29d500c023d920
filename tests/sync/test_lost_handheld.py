"""A handheld that is lost: it sees nothing more, its work from before counts, what is scanned on it
afterwards waits for a supervisor, and its task goes to somebody else."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import server.modules  # noqa: F401  registers operations and tables
from server.auth.people import COMMAND, do_revoke_device
from server.floor.ops import ReassignTask
from server.kernel.errors import ProtocolError
from server.kernel.ops import Envelope
from server.picking.ops import ConfirmPick
from server.store.store import Store
from server.store.writer import now_ms
from server.sync.exchange import exchange
from tests.floor_site import SITE, Handheld, build, good, order, release_wave, scalar, table
from tests.floor_work import APPLIED, assert_stock_adds_up, lines, take
from tests.stores import sqlite_url

MINUTE = 60_000


class Clock:
    def __init__(self) -> None:
        self.now = now_ms()

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = Store(sqlite_url(tmp_path), tmp_path / "blobs", clock)
    build(opened)
    order(opened, "R-1", MUG=3, TEE=2)
    good(release_wave(opened))
    yield opened
    opened.close()


def picks(handheld: Handheld, task: str) -> Callable[[int], Envelope]:
    """Make the pick of one line, and hand nothing in."""
    found = lines(handheld.store, task)

    def pick(no: int) -> Envelope:
        line: dict[str, Any] = found[no]
        picked = ConfirmPick(
            task=task, line=line["no"], bin=line["bin"], sku=line["sku"], qty=line["qty"]
        )
        return handheld.envelope("picking.confirm_pick.v1", picked)

    return pick


def test_its_work_arrives_and_only_what_was_made_after_the_loss_waits(
    store: Store, clock: Clock
) -> None:
    picker = Handheld(store, "picker")
    task = take(picker, "pick")
    pick = picks(picker, task)
    before = pick(0)
    clock.now += MINUTE
    store.run_sync(lambda tx: do_revoke_device(tx, SITE, picker.id, COMMAND))
    clock.now += MINUTE
    after = pick(1)
    clock.now += MINUTE
    with pytest.raises(ProtocolError, match="revoked"):
        asyncio.run(exchange(store, picker.id, picker.frame(before, after)))

    outcomes = "SELECT outcome, code FROM op WHERE kind = 'picking.confirm_pick' ORDER BY n"
    assert [tuple(r.values()) for r in table(store, outcomes)] == [
        ("applied", None),
        ("quarantined", "made_after_revocation"),
    ]
    waiting = table(store, "SELECT kind, device, state FROM discrepancy")
    assert waiting == [{"kind": "made_after_revocation", "device": picker.id, "state": "open"}]
    assert_stock_adds_up(store)


def test_its_task_goes_to_somebody_else_who_finishes_it(store: Store) -> None:
    picker, other = Handheld(store, "picker"), Handheld(store, "picker2")
    task = take(picker, "pick")
    store.run_sync(lambda tx: do_revoke_device(tx, SITE, picker.id, COMMAND))
    epoch = scalar(store, "SELECT epoch FROM task WHERE id = :t", t=task)
    given = ReassignTask(task=task, expects=epoch, person="picker2")
    assert Handheld(store, "supervisor").say("floor.reassign_task.v1", given) == APPLIED
    pick = picks(other, task)
    other.push(pick(0), pick(1))
    picked = "SELECT COUNT(*) FROM pick_line WHERE state = 'picked'"
    assert scalar(store, picked) == 2
