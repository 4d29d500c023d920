"""What the office and the server do while a handheld is off-line: it learns, in words, and what it
did counts or waits for somebody."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.auth.people import COMMAND, do_revoke_device
from server.floor.ops import ReassignTask
from server.kernel.ops import Op
from server.orders.ops import CancelOrder
from server.store.backup import backup, restore
from server.store.store import Store
from tests.e2e.conftest import Device, Site
from tests.e2e.fire import (
    COME_BACK,
    Line,
    all_sent,
    assert_at_rest,
    assert_picked_once,
    begin,
    disk,
    make_photo,
    pick,
    pick_all,
    picked,
    red,
    report_short,
    serve_without,
    take_next,
    twin,
    wait_until,
    went_red,
)
from tests.floor_site import SITE, Handheld, scalar, table

pytestmark = pytest.mark.faults
Restoring = Callable[[Site, Path, Path], None]


def put_back(site: Site, source: Path, folder: Path) -> None:
    """Serve the backup from a new folder, as another life of the store."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'site.db'}"
    restore(source, url, folder / "blobs", site.store.clock())
    move_to(site, url, folder)


def put_back_as_it_was(site: Site, source: Path, folder: Path) -> None:
    """Serve the old files themselves, without `restore`."""
    shutil.copytree(source, folder)
    move_to(site, f"sqlite:///{folder / 'site.db'}", folder)


def move_to(site: Site, url: str, folder: Path) -> None:
    site.store.close()
    site.store = Store(url, folder / "blobs")
    site.server.url, site.server.folder = url, folder
    site.server.start()


def has_taken(site: Site, n: int) -> bool:
    return bool(scalar(site.store, "SELECT MAX(last_n) FROM device WHERE state = 'active'") >= n)


def work_across_a_backup(
    site: Site, page: Page, folder: Path, back: Restoring, patience_s: float = 60
) -> None:
    """Lines before the backup, after it, and a photo that was at the server already."""
    lines = site.walk()
    pick_all(page, lines[:3])
    all_sent(page)
    kept = backup(site.store.url, site.store.blobs, folder / "backup")
    pick_all(page, lines[3:6])
    report_short(page, lines[6], make_photo(folder, 300, 200))
    wait_until(page, lambda: disk(page).blobs[0]["state"] == "sent", "the photo is sent")
    site.server.kill()
    back(site, kept, folder / "restored")
    page.evaluate(COME_BACK)
    # The screen is drawn anew from the restored rows before the walk goes on.
    wait_until(
        page, partial(has_taken, site, disk(page).next_n - 1), "the gap is closed", patience_s
    )
    all_sent(page)
    pick(page, lines[7])
    all_sent(page, patience_s)
    assert_picked_once(site, [*lines[:6], lines[7]])
    assert scalar(site.store, "SELECT COUNT(*) FROM pick_line WHERE state = 'short'") == 1
    complete = "SELECT COUNT(*) FROM blob WHERE state = 'complete'"
    wait_until(page, lambda: scalar(site.store, complete) == 1, "the photo is there again")
    assert_at_rest(site, page)


def test_after_a_restore_the_handheld_closes_the_gap_of_the_backup(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.long_order(9)
    page = begin(devices())
    take_next(page)
    work_across_a_backup(site, page, tmp_path, put_back)


@twin
def test_an_old_database_put_back_without_restore_leaves_the_gap_open(
    site: Site, devices: Callable[..., Device], tmp_path: Path
) -> None:
    site.long_order(9)
    device = devices()
    device.sabotaged = True
    page = begin(device)
    take_next(page)
    assert went_red(lambda: work_across_a_backup(site, page, tmp_path, put_back_as_it_was, 5))


def go_offline(site: Site, device: Device) -> tuple[Page, str, list[Line]]:
    """A picker off-line on the one task there is: its page, the task, its lines."""
    page = begin(device)
    take_next(page)
    all_sent(page)
    device.offline(True)
    expect(page.get_by_text("Offline").first).to_be_visible()
    return page, str(scalar(site.store, "SELECT id FROM task")), site.walk()


def decide(site: Site, name: str, op: Op) -> None:
    """What a supervisor says at a desk."""
    assert Handheld(site.store, "supervisor").say(name, op) == ("applied", None)


def given_away(site: Site, device: Device) -> None:
    site.long_order(3)
    page, task, lines = go_offline(site, device)
    epoch = scalar(site.store, "SELECT epoch FROM task")
    given = ReassignTask(task=task, expects=epoch, person="picker2")
    decide(site, "floor.reassign_task.v1", given)
    pick(page, lines[0])
    device.offline(False)
    expect(page.get_by_test_id("gone")).to_have_text(
        "A supervisor moved it, or its order was cancelled. What you did is kept."
        " If you hold goods of it, ask a supervisor where they go."
    )
    assert_picked_once(site, lines[:1])
    found = assert_at_rest(site, page)
    assert not any(scope == "u:picker" and kind == "line" for scope, kind, _ in found.replica)
    done = table(site.store, "SELECT state, by_person FROM pick_line ORDER BY no")
    assert [(d["state"], d["by_person"]) for d in done] == [
        ("picked", "picker"),
        ("open", None),
        ("open", None),
    ]


def test_a_pick_on_a_task_that_was_given_to_somebody_else_counts_and_is_told(
    site: Site, devices: Callable[..., Device]
) -> None:
    given_away(site, devices())


def cancelled(site: Site, device: Device) -> None:
    order = site.long_order(3)
    page, _, lines = go_offline(site, device)
    decide(site, "orders.cancel_order.v1", CancelOrder(order=order, reason="asked"))
    pick(page, lines[0])
    device.offline(False)
    expect(page.get_by_test_id("gone")).to_be_visible()
    found = assert_at_rest(site, page)
    n = found.next_n - 1
    result = found.replica.get((f"d:{found.device}", "result", str(n)))
    assert result is not None, "the worker is told"
    assert (result["outcome"], result["code"]) == ("diverted", "order_cancelled")
    page.goto(f"{device.url}/#/floor/messages")
    message = page.get_by_test_id(f"message-{n}")
    expect(message).to_contain_text("This order was cancelled. Put the goods back.")
    moved = table(site.store, "SELECT sku, to_bin, why FROM movement WHERE why <> 'receive'")
    assert {(m["sku"], m["to_bin"], m["why"]) for m in moved} >= {
        (lines[0]["sku"], "PUTBACK", "astray")
    }
    message.get_by_test_id("understood").click()
    expect(message).to_be_hidden()
    assert_at_rest(site, page)


def test_a_pick_of_an_order_that_was_cancelled_becomes_a_put_back_and_is_told(
    site: Site, devices: Callable[..., Device]
) -> None:
    cancelled(site, devices())


def short(site: Site, device: Device) -> None:
    site.long_order(2)
    page, task, lines = go_offline(site, device)
    report_short(page, lines[0])
    pick(page, lines[1])
    page.get_by_test_id("finish").click()
    device.offline(False)
    found = assert_at_rest(site, page)
    assert not any(kind == "result" for _, kind, _ in found.replica)
    done = table(site.store, "SELECT state, picked, reason FROM pick_line ORDER BY no")
    assert [(d["state"], d["picked"], d["reason"]) for d in done] == [
        ("short", 0, "missing"),
        ("picked", 1, None),
    ]
    problem = scalar(site.store, "SELECT kind FROM discrepancy")
    assert problem == "short_pick", "the short is on the board"
    assert scalar(site.store, "SELECT state FROM task WHERE id = :t", t=task) == "done"


def test_a_short_reported_offline_stands_as_it_was_said(
    site: Site, devices: Callable[..., Device]
) -> None:
    short(site, devices())


def revoked(site: Site, device: Device) -> None:
    site.long_order(5)
    page, _, lines = go_offline(site, device)
    pick_all(page, lines[:2])
    mine = disk(page).device
    page.wait_for_timeout(1_500)  # by what a frame takes to travel, work seems to be done later
    site.store.run_sync(lambda tx: do_revoke_device(tx, SITE, mine, COMMAND))
    pick_all(page, lines[2:4])
    device.offline(False)
    told = page.get_by_role("alert").filter(has_text="This access was taken away.")
    expect(told).to_have_text(
        "This access was taken away. Work on this device is kept; see a supervisor."
    )
    outcomes = "SELECT outcome FROM op WHERE kind = 'picking.confirm_pick' ORDER BY n"
    wait_until(page, lambda: len(table(site.store, outcomes)) == 4, "all is handed in")
    became = [o["outcome"] for o in table(site.store, outcomes)]
    assert became == ["applied"] * 2 + ["quarantined"] * 2, "what was done after it waits"
    assert picked(page) == 4


def test_work_on_a_handheld_that_was_revoked_offline_waits_for_a_supervisor_and_is_told(
    site: Site, devices: Callable[..., Device]
) -> None:
    revoked(site, devices())


@twin
@pytest.mark.parametrize(
    ("scenario", "protection", "seen"),
    [
        (given_away, "facts", "moved stock once"),
        (cancelled, "words", "the worker is told"),
        (short, "words", "the short is on the board"),
        (revoked, "quarantine", "what was done after it waits"),
    ],
)
def test_without_the_rule_the_same_work_ends_otherwise(
    site: Site,
    devices: Callable[..., Device],
    scenario: Callable[[Site, Device], None],
    protection: str,
    seen: str,
) -> None:
    serve_without(site, protection)
    with red(seen):
        scenario(site, devices())
